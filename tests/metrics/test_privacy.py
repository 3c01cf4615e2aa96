"""A generator that copies is caught, one that knows nothing of single rows is not."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from udl_teach import data, metrics
from udl_teach.metrics.privacy import _auc


@pytest.fixture(scope="module")
def persons():
    return data.persons(rare=5).tail(1200).reset_index(drop=True)


def copier(frame, seed):
    return frame.sample(len(frame), replace=True, random_state=seed)


def marginals(frame, seed):
    return pd.DataFrame({c: frame[c].sample(frac=1.0, random_state=seed + k).to_numpy() for k, c in enumerate(frame)})


def test_closest_records_of_a_table_in_itself_and_of_small_changes(persons):
    itself = metrics.closest_records(persons, persons)
    assert (itself.distance == 0).all() and (itself.row == np.arange(len(persons))).mean() > 0.99
    assert (itself.ratio == 0).mean() > 0.99
    nearly = metrics.closest_records(persons.assign(age=persons["age"] + 0.1), persons)
    other = metrics.closest_records(persons[:600], persons[600:])
    assert np.median(nearly.distance) < 0.1 * np.median(other.distance)
    assert np.median(nearly.ratio) < 0.1 < 0.7 < np.median(other.ratio)


def test_the_unit_of_a_column_does_not_matter(persons):
    scaled = persons.assign(income=persons["income"] * 1000)
    one, other = (metrics.closest_records(frame[:300], frame[300:]) for frame in (persons, scaled))
    np.testing.assert_allclose(one.distance, other.distance, rtol=1e-4, atol=1e-4)


def test_the_share_closer_to_training_finds_a_copier(persons):
    train, holdout = persons[::2], persons[1::2]
    copied = metrics.closer_to_training(copier(train, 0), train, holdout)
    assert copied.low > 0.95
    honest = metrics.closer_to_training(marginals(train, 0), train, holdout)
    assert honest.low < 0.55 and honest.share == pytest.approx(0.5, abs=0.06)


def test_membership_inference_finds_a_copier_and_the_interval_of_an_honest_generator_holds_chance(persons):
    caught = metrics.membership_inference(copier, persons, shadows=4, seed=0)
    assert caught.low > 0.75 and len(caught.per_shadow) == 4 and len(caught.per_target) == 500
    honest = metrics.membership_inference(marginals, persons, shadows=4, seed=0)
    assert honest.low < 0.5 < honest.high < 0.65
    rare = metrics.membership_inference(
        lambda frame, seed: frame.copy(), persons, targets=range(1195, 1200), shadows=4, seed=0
    )
    assert (rare.per_target == 1).all()


def test_the_auc_is_scikit_learns():
    rng = np.random.default_rng(0)
    scores, positive = rng.integers(0, 5, 60), rng.random(60) < 0.4
    assert _auc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda f: metrics.membership_inference(copier, f, shadows=5), "shadows was 5; it must be even"),
        (lambda f: metrics.membership_inference(copier, f, targets=[9999]), "targets holds 9999"),
        (lambda f: metrics.closest_records(f, f[:1]), "real has one row"),
    ],
)
def test_what_cannot_be_is_told(persons, ask, message):
    with pytest.raises(ValueError, match=message):
        ask(persons)
