"""Fidelity and usefulness of synthetic tables, against scipy, scikit-learn and what must come out."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression, LogisticRegression

from udl_teach import data, metrics


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    group = rng.choice(["a", "b", "c"], 600, p=[0.5, 0.3, 0.2])
    size = rng.normal(size=600) + (group == "a")
    weight = np.where(rng.random(600) < 0.1, np.nan, 3 * size + 0.3 * rng.normal(size=600))
    same = np.char.upper(group)
    return pd.DataFrame({"group": group, "same": same, "size": size, "weight": weight, "one": 1.0})


def shuffled(frame, seed=0):
    return pd.DataFrame({c: frame[c].sample(frac=1.0, random_state=seed + k).to_numpy() for k, c in enumerate(frame)})


def test_marginal_distances_are_those_of_scipy(table):
    other = table.assign(size=table["size"] * 2, group="a")
    found = metrics.marginal_distances(table, other)
    assert found["size"] == pytest.approx(stats.ks_2samp(table["size"], other["size"]).statistic)
    assert found["group"] == pytest.approx(1 - (table["group"] == "a").mean()) and found["weight"] == found["one"] == 0
    gone = metrics.marginal_distances(table, table.assign(weight=np.nan))
    assert gone["weight"] == 1.0
    assert set(metrics.marginal_distances(table, shuffled(table)).values()) == {0.0}


def test_associations_are_those_of_scipy_and_vanish_in_a_shuffled_table(table):
    found = metrics.associations(table)
    kept = table.dropna()
    expected = stats.spearmanr(kept["size"], kept["weight"]).statistic
    assert found.loc["size", "weight"] == pytest.approx(expected, abs=2e-3)
    assert found.loc["group", "same"] == pytest.approx(1.0) and found.loc["one", "size"] == 0.0
    counts = pd.crosstab(table["group"], table["size"] > 0).to_numpy()
    coarse = table.assign(size=np.where(table["size"] > 0, "large", "small"))
    cramer = stats.contingency.association(counts, method="cramer")
    assert metrics.associations(coarse).loc["group", "size"] == pytest.approx(cramer)
    assert metrics.association_difference(table, table) == 0.0
    assert metrics.association_difference(table, shuffled(table)) > 0.2


def test_a_classifier_tells_a_shuffled_table_and_no_real_one(table):
    halves = table.iloc[:300], table.iloc[300:]
    assert metrics.detection_auc(*halves) < 0.6 < 0.85 < metrics.detection_auc(table, shuffled(table))


def test_transfer_scores_of_numbers_and_categories(table):
    train, test = table.iloc[:400], table.iloc[400:]
    assert metrics.transfer_score(train, test, "same") == 1.0
    assert (
        metrics.transfer_score(train, test, "weight")
        > 0.8
        > 0.3
        > metrics.transfer_score(shuffled(train), test, "weight")
    )
    assert metrics.transfer_score(train, test, "size", learner=LinearRegression()) > 0.7
    wine = data.wine()
    frame = pd.DataFrame(wine.x).assign(label=wine.labels)
    learner = LogisticRegression(max_iter=200)
    half = frame.sample(89, random_state=0)
    assert metrics.transfer_score(half, frame.drop(half.index).astype({"label": float}), "label", learner=learner) > 0.9


def test_rule_violations():
    diamonds = data.diamonds().sample(2000, random_state=0)
    assert max(metrics.rule_violations(diamonds, data.diamond_rules()).values()) < 0.01
    assert min(metrics.rule_violations(shuffled(diamonds), data.diamond_rules()).values()) > 0.8


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda t: metrics.marginal_distances(t, t.to_numpy()), TypeError, "synthetic was ndarray"),
        (lambda t: metrics.marginal_distances(t, t.drop(columns="one")), ValueError, "differ in the columns 'one'"),
        (lambda t: metrics.detection_auc(t, t[:1]), ValueError, "the smaller table has 1 rows"),
        (lambda t: metrics.transfer_score(t, t, "price"), ValueError, "label was 'price'; it must be one of 'group'"),
        (lambda t: metrics.transfer_score(t, t, "one"), ValueError, "label 'one' has one class in train"),
        (lambda t: metrics.association_difference(t[["one"]], t[["one"]]), ValueError, "real has one column"),
        (lambda t: metrics.rule_violations(t, {"odd": lambda frame: True}), ValueError, r"rules\['odd'\] gave shape"),
    ],
)
def test_what_cannot_be_is_told(table, ask, error, message):
    with pytest.raises(error, match=message):
        ask(table)
