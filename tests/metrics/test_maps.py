"""Each number about a map against MiniSom's on the same weights, a slow reference written anew, or scikit-learn's."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.metrics.cluster import contingency_matrix

from udl_teach import data, metrics

sizes = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 999))


def drawn(rows, columns, seed, *, n_samples=60, n_features=3):
    """Samples and a map that is ordered, more or less: its topographic error is neither 0 nor 1."""
    rng = np.random.default_rng(seed)
    row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    places = np.stack([row, column, *[0 * row] * (n_features - 2)], axis=-1)
    weights = places + 0.5 * rng.normal(size=(rows, columns, n_features))
    return rng.uniform(-0.5, [rows, columns, *[1] * (n_features - 2)], size=(n_samples, n_features)), weights


def minisoms(weights, topology):
    """MiniSom with our weights: it numbers units [x, y], and shifts each second row counted from the last."""
    MiniSom = pytest.importorskip("minisom").MiniSom
    rows, columns, n_features = weights.shape
    if topology == "hexagonal" and rows % 2 == 0:
        weights = weights[::-1]
    theirs = MiniSom(columns, rows, n_features, topology=topology)
    theirs._weights = weights.transpose(1, 0, 2).astype(float)
    return theirs


def touch(first, second, rows, columns, topology, wrap):
    """Whether two units, (row, column), touch: by the distance of their middles, round the edges too where wrapped."""
    height = math.sqrt(3) / 2 if topology == "hexagonal" else 1
    reach = 1.01 if topology == "hexagonal" else 1.42

    def middle(row, column):
        return column + (0.5 * (row % 2) if topology == "hexagonal" else 0), row * height

    x, y = middle(*first)
    for down in (-rows, 0, rows) if wrap else (0,):
        for right in (-columns, 0, columns) if wrap else (0,):
            u, v = middle(*second)
            if math.hypot(u + right - x, v + down * height - y) <= reach:
                return True
    return False


def slowly(x, weights, topology, wrap):
    """Both errors, sample after sample."""
    rows, columns, _ = weights.shape
    distances, torn = [], 0
    for sample in x:
        apart = np.sqrt(((weights - sample) ** 2).sum(axis=2))
        order = np.argsort(apart, axis=None)
        first, second = (np.unravel_index(number, apart.shape) for number in order[:2])
        distances.append(apart[first])
        torn += not touch(first, second, rows, columns, topology, wrap)
    return np.mean(distances), torn / len(x)


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
@pytest.mark.parametrize(("rows", "columns"), [(6, 9), (7, 4), (1, 12), (12, 1)])
def test_both_errors_are_minisoms(rows, columns, topology):
    x, weights = drawn(rows, columns, seed=rows, n_samples=500)
    theirs = minisoms(weights, topology)
    assert metrics.quantization_error(x, weights) == pytest.approx(theirs.quantization_error(x), rel=1e-5)
    ours = metrics.topographic_error(x, weights, topology=topology)
    assert ours == pytest.approx(theirs.topographic_error(x), abs=1e-9)
    assert 0.02 < ours < 0.98


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
@pytest.mark.parametrize("wrap", [False, True])
@given(size=sizes)
@settings(max_examples=20, deadline=None)
def test_both_errors_are_those_of_a_slow_reference(topology, wrap, size):
    rows, columns, seed = size
    if rows * columns == 1:
        return
    if wrap and topology == "hexagonal":
        rows += rows % 2
    x, weights = drawn(rows, columns, seed)
    error, torn = slowly(x, weights, topology, wrap)
    assert metrics.quantization_error(x, weights) == pytest.approx(error, rel=1e-5)
    assert metrics.topographic_error(x, weights, topology=topology, wrap=wrap) == pytest.approx(torn)


def test_a_torn_sample_is_counted_by_the_grid_it_is_asked_for():
    """A chain of 4 along a line, bent so that its ends are near each other: torn as a sheet, whole as a ring."""
    weights = np.array([[[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]])
    x = [[0.4, -0.2]]  # the nearest two are the ends
    assert metrics.topographic_error(x, weights) == 1
    assert metrics.topographic_error(x, weights, wrap=True) == 0
    corner = np.array([[[0.0], [5.0]], [[9.0], [1.0]]])  # 0 and 1 lie on the diagonal of a 2 x 2 map
    assert metrics.topographic_error([[0.4]], corner) == 0
    assert metrics.topographic_error([[0.4]], corner, topology="hexagonal") == 1


def test_a_single_unit_cannot_be_torn():
    assert metrics.topographic_error([[1.0, 2.0]], np.zeros((1, 1, 2))) == 0
    assert metrics.quantization_error([[3.0, 4.0]], np.zeros((1, 1, 2))) == 5


def test_errors_do_not_mind_where_the_data_lie():
    x, weights = (array.astype(np.float32) for array in drawn(5, 6, seed=0))
    for metric in (metrics.quantization_error, metrics.topographic_error):
        assert metric(x + 1024, weights + 1024) == pytest.approx(metric(x, weights), rel=1e-3)
        assert metric(torch.from_numpy(x), torch.from_numpy(weights)) == metric(x, weights)


@pytest.mark.parametrize("place", [1.7e9, -1e12])
def test_doubles_far_from_zero_lose_nothing(place):
    x, weights = drawn(5, 6, seed=0)
    x, weights = x.round(2), weights.round(2)
    for metric in (metrics.quantization_error, metrics.topographic_error):
        assert metric(x + place, weights + place) == pytest.approx(metric(x, weights), rel=1e-2)
    missing = np.where(np.arange(3) == x.argmax(axis=1)[:, None], np.nan, x)
    apart = metrics.quantization_error(missing, weights, missing="ignore")
    assert metrics.quantization_error(missing + place, weights + place, missing="ignore") == pytest.approx(
        apart, rel=1e-2
    )
    codes = np.round(x[:, :2], 2)
    assert metrics.trustworthiness(x + place, codes + place) == pytest.approx(
        metrics.trustworthiness(x, codes), abs=0.01
    )


def test_trustworthiness_is_scikit_learns():
    x = data.digits().x[:300].reshape(300, -1)
    codes = PCA(2).fit_transform(x)
    for n_neighbours in (1, 5, 12):
        ours = metrics.trustworthiness(x, codes, n_neighbours=n_neighbours)
        assert ours == pytest.approx(trustworthiness(x, codes.astype(np.float32), n_neighbors=n_neighbours))
    assert metrics.trustworthiness(x, x) == pytest.approx(1, abs=1e-4)  # two samples may be equally far
    by_chance = metrics.trustworthiness(x, np.random.default_rng(0).normal(size=(300, 2)))
    assert by_chance < 0.6 < metrics.trustworthiness(x, codes)


def test_purity_of_units_is_that_of_scikit_learns_table():
    rng = np.random.default_rng(0)
    labels, units = rng.integers(0, 10, 400), rng.integers(0, 64, 400)
    majorities = contingency_matrix(labels, units).max(axis=0)
    assert metrics.purity(labels, units) == pytest.approx(majorities.sum() / 400)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.quantization_error(np.ones((3, 2)), np.ones((4, 2))), "must be .rows, columns, features."),
        (lambda: metrics.quantization_error(np.ones((3, 2)), np.ones((4, 4, 3))), "weights has 3 features a unit"),
        (lambda: metrics.quantization_error([[np.nan, 0]], np.ones((2, 2, 2))), "x holds a missing value"),
        (lambda: metrics.topographic_error([[0, 0]], np.full((2, 2, 2), np.inf)), "weights holds an infinite value"),
        (lambda: metrics.topographic_error([[0, 0]], np.ones((2, 2, 2)), topology="square"), "topology was 'square'"),
        (lambda: metrics.topographic_error([[0, 0]], np.ones((3, 2, 2)), "hexagonal", True), "rows was 3"),
        (lambda: metrics.trustworthiness(np.ones((9, 2)), np.ones((8, 2))), "codes has 8 rows for the 9 samples"),
        (lambda: metrics.trustworthiness(np.ones((9, 2)), np.ones((9, 2))), "n_neighbours was 5; it must be below"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
