"""Each metric against an independent implementation or a case with a known answer."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.metrics import peak_signal_noise_ratio
from sklearn.metrics import (
    adjusted_rand_score,
    confusion_matrix,
    mean_squared_error,
    normalized_mutual_info_score,
    r2_score,
)

from udl_teach import data, metrics

pairs = st.integers(1, 40).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n) for _ in range(2)])
)


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    return rng.random((6, 1, 5, 7)), rng.random((6, 1, 5, 7))


def test_errors_and_their_reductions(images):
    x, x_hat = images
    assert metrics.mean_squared_error(x, x_hat) == pytest.approx(mean_squared_error(x.ravel(), x_hat.ravel()), rel=1e-5)
    each = metrics.reconstruction_error(x, x_hat)
    assert each.shape == (6,) and each.mean() / 35 == pytest.approx(metrics.mean_squared_error(x, x_hat))


def test_psnr_is_skimages(images):
    x, x_hat = images
    assert metrics.psnr(x, x_hat) == pytest.approx(peak_signal_noise_ratio(x, x_hat, data_range=1.0), rel=1e-5)
    assert metrics.psnr(255 * x, 255 * x_hat, data_range=255) == pytest.approx(metrics.psnr(x, x_hat), rel=1e-5)
    assert metrics.psnr(x, x) == math.inf


def test_explained_variance_is_r2_weighted_by_variance():
    rng = np.random.default_rng(0)
    x = rng.random((50, 4)) * [1, 5, 2, 9]
    x_hat = x + rng.normal(size=x.shape) * 0.3
    assert metrics.explained_variance(x, x_hat) == pytest.approx(
        r2_score(x, x_hat, multioutput="variance_weighted"), rel=1e-5
    )
    assert metrics.explained_variance(x, np.tile(x.mean(0), (50, 1))) == pytest.approx(0, abs=1e-6)


PLACES = [0.0, 1.7e9, -4.2e6, 1e12]  # Unix times, map coordinates, times in milliseconds


@pytest.mark.parametrize("place", PLACES)
def test_numbers_far_from_zero_lose_nothing(images, place):
    x, x_hat = images
    x, x_hat = x.round(3) + place, x_hat.round(3) + place
    near, near_hat = x - place, x_hat - place
    for metric in (metrics.mean_squared_error, metrics.explained_variance, metrics.psnr, metrics.reconstruction_error):
        np.testing.assert_allclose(metric(x, x_hat), metric(near, near_hat), rtol=1e-3)
        np.testing.assert_allclose(metric(torch.from_numpy(x), x_hat.tolist()), metric(x, x_hat), rtol=1e-12)


def test_small_errors_far_from_zero_are_seen():
    x = np.array([[1e9, 2e9], [1e9, 2e9]])
    assert metrics.mean_squared_error(x, x + 0.3) == pytest.approx(0.09, rel=1e-5)
    whole = np.array([[1_700_000_000], [1_700_000_002]])
    assert metrics.mean_squared_error(whole, whole + 1) == 1
    assert metrics.explained_variance(whole, whole) == 1 and metrics.explained_variance(whole, whole + 1) == 0
    assert metrics.mean_squared_error([[1e300]], [[1e300]]) == 0
    with pytest.raises(ValueError, match="does not vary"):
        metrics.explained_variance(np.full((3, 1), 1e9 + 0.1), np.zeros((3, 1)))


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, (5, 3), elements=st.floats(-1e12, 1e12)), st.floats(0.01, 100))
def test_the_error_of_a_shift_is_its_square(x, shift):
    moved = x + shift
    assert metrics.mean_squared_error(x, moved) == np.square(moved - x).mean()


def test_a_probe_reads_codes_far_from_zero():
    labels = np.arange(200) % 2
    codes = 1.7e9 + labels[:, None] + 0.1 * np.random.default_rng(0).normal(size=(200, 1))
    assert metrics.linear_probe(codes[:100], labels[:100], codes[100:], labels[100:]) > 0.95


@given(pairs)
@settings(max_examples=25, deadline=None)
def test_purity_is_the_sum_of_the_majorities(pair):
    labels, clusters = map(np.array, pair)
    majorities = [np.bincount(labels[clusters == c]).max() for c in set(clusters.tolist())]
    assert metrics.purity(labels, clusters) == pytest.approx(sum(majorities) / len(labels))


@given(pairs)
@settings(max_examples=25, deadline=None)
def test_clustering_accuracy_is_the_best_of_all_matchings(pair):
    labels, clusters = pair
    table = confusion_matrix(labels, clusters, labels=range(5))
    best = max(sum(table[p[j], j] for j in range(5)) for p in itertools.permutations(range(5)))
    accuracy = metrics.clustering_accuracy(labels, clusters)
    assert accuracy == pytest.approx(best / len(labels))
    assert accuracy <= metrics.purity(labels, clusters) + 1e-12


@given(pairs)
@settings(max_examples=25, deadline=None)
def test_nmi_and_ari_are_scikit_learns_and_do_not_mind_names(pair):
    labels, clusters = map(np.array, pair)
    renamed = 7 - clusters
    for ours, theirs in ((metrics.nmi, normalized_mutual_info_score), (metrics.ari, adjusted_rand_score)):
        assert ours(labels, renamed) == pytest.approx(theirs(labels, clusters))


def test_a_probe_reads_what_is_linear_and_not_what_is_not():
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 2
    plain = np.column_stack([labels * 4 + rng.normal(size=400), rng.normal(size=400)])
    xor = rng.choice([-1, 1], size=(400, 2))
    hidden = xor + 0.1 * rng.normal(size=(400, 2))
    assert metrics.linear_probe(plain[:200], labels[:200], plain[200:], labels[200:]) > 0.93
    classes = (xor.prod(1) > 0).astype(int)
    assert metrics.linear_probe(hidden[:200], classes[:200], hidden[200:], classes[200:]) < 0.75


def test_a_probe_uses_only_so_many_labels():
    train, test = data.digits().split(seed=0)
    few, many = (
        metrics.linear_probe(train.x, train.labels, test.x, test.labels, per_class=n, draws=2) for n in (2, 60)
    )
    assert few < many - 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.mean_squared_error(np.ones((3, 2)), np.ones((3, 3))), "x_hat has shape"),
        (lambda: metrics.psnr(np.ones((3, 2)), np.ones((3, 2)), data_range=0), "data_range was 0"),
        (lambda: metrics.psnr(np.full((3, 2), np.nan), np.ones((3, 2))), "x holds a missing value"),
        (lambda: metrics.explained_variance(np.ones((3, 2)), np.ones((3, 2))), "does not vary"),
        (lambda: metrics.purity([0, 1], [0, 1, 2]), "clusters has 3 labels for 2 samples"),
        (lambda: metrics.nmi([], []), "labels is empty"),
        (lambda: metrics.ari([0.5, 1], [0, 1]), "whole numbers"),
        (lambda: metrics.linear_probe(np.ones((4, 2)), [0] * 4, np.ones((4, 2)), [0] * 4), "single class"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
