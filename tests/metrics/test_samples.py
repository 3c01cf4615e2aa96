"""Precision, recall, density, coverage and the distances between samples, each against an independent way."""

import math
import re
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from sklearn.metrics import pairwise_distances
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import NearestNeighbors

from udl_teach import metrics


def gaussian(n, n_features, seed=0, shift=0.0, scale=1.0):
    return (shift + scale * np.random.default_rng(seed).normal(size=(n, n_features))).astype(np.float32)


def prdc_by_scikit_learn(real, generated, k):
    def reach(points):
        return NearestNeighbors(n_neighbors=k + 1).fit(points).kneighbors(points)[0][:, -1]

    inside_real = pairwise_distances(real, generated) <= reach(real)[:, None]
    inside_generated = pairwise_distances(real, generated) <= reach(generated)
    return (
        inside_real.any(axis=0).mean(),
        inside_generated.any(axis=1).mean(),
        inside_real.sum() / (k * len(generated)),
        inside_real.any(axis=1).mean(),
    )


@pytest.mark.filterwarnings("ignore:generated has:UserWarning")
@settings(max_examples=20, deadline=None)
@given(st.integers(8, 60), st.integers(8, 60), st.integers(1, 6), st.integers(1, 7), st.integers(0, 10**6))
def test_prdc_is_that_of_full_tables(n_real, n_generated, n_features, k, seed):
    real = gaussian(n_real, n_features, seed).astype(float)
    generated = gaussian(n_generated, n_features, seed + 1, shift=0.5, scale=0.8).astype(float)
    np.testing.assert_allclose(metrics.prdc(real, generated, k), prdc_by_scikit_learn(real, generated, k), atol=1e-12)


def test_prdc_of_two_equal_gaussians_in_many_dimensions():
    # Drawn as the authors of density and coverage do, with fewer samples. For equal distributions every rank of a
    # generated sample among the real neighbours is equally likely, so density is 1 and coverage 1 - 2^-k on average.
    found = [metrics.prdc(gaussian(1500, 1000, seed), gaussian(1500, 1000, seed + 100)) for seed in range(4)]
    mean = metrics.PRDC(*np.mean(found, axis=0))
    assert mean.density == pytest.approx(1, abs=0.15)
    assert mean.coverage == pytest.approx(1 - 2**-5, abs=0.02)
    assert 0.4 < mean.precision < 0.65 and abs(mean.precision - mean.recall) < 0.1


def test_each_of_the_four_sees_its_own_fault():
    real = np.concatenate([gaussian(300, 2, 0), gaussian(300, 2, 1, shift=20)])
    half, noisy = gaussian(600, 2, 2), real + gaussian(600, 2, 3, scale=5)
    lost = metrics.prdc(real, half)
    assert lost.precision > 0.9 and lost.density > 0.9 and lost.recall < 0.55 and lost.coverage < 0.55
    blurred = metrics.prdc(real, noisy)
    assert blurred.precision < 0.5 and blurred.density < 0.5 and blurred.recall > 0.8


def test_copies_lie_in_their_balls():
    real = gaussian(200, 5) + np.float32(1000)
    found = metrics.prdc(real, real[::-1].copy())
    assert found[:2] == (1, 1) and found.coverage == 1 and found.density == pytest.approx(6 / 5)
    doubled = np.repeat(gaussian(10, 3), 10, axis=0)  # balls without extent
    assert metrics.prdc(doubled, doubled) == (1, 1, 2, 1)
    assert metrics.prdc(doubled, doubled + 0.01) == (0, 0, 0, 0)


def test_prdc_does_not_mind_where_the_data_lie():
    # Whole numbers, which 32 bits hold as well far from the origin.
    real, generated = gaussian(200, 3, scale=20).round(), gaussian(180, 3, 1, shift=10, scale=20).round()
    assert metrics.prdc(real + 2**22, generated + 2**22) == metrics.prdc(real, generated)


@pytest.mark.parametrize(("n_real", "n_generated", "k"), [(600, 60, 5), (200, 100, 3), (300, 20, 1)])
def test_too_few_generated_samples_to_cover_the_real_ones_are_said(n_real, n_generated, k):
    with pytest.warns(UserWarning, match=f"generated has {n_generated} samples beside {n_real} of real") as told:
        found = [
            metrics.prdc(gaussian(n_real, 3, seed), gaussian(n_generated, 3, seed + 9), k).coverage for seed in range(8)
        ]
    expected, enough = map(
        float, re.search(r"only ([\d.]+) on average; pass at least (\d+)", str(told[0].message)).groups()
    )
    assert np.mean(found) == pytest.approx(expected, abs=0.05)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert metrics.prdc(gaussian(n_real, 3), gaussian(int(enough) + 1, 3, 1), k).coverage > 0.8


def test_images_are_flattened_and_tensors_may_have_a_graph():
    real, generated = gaussian(60, 12).reshape(60, 3, 2, 2), gaussian(50, 12, 1).reshape(50, 3, 2, 2)
    flat = metrics.prdc(real.reshape(60, -1), generated.reshape(50, -1))
    assert metrics.prdc(torch.tensor(real), torch.tensor(generated, requires_grad=True)) == flat


def test_blocks_bound_the_memory_and_not_the_result(monkeypatch):
    real, generated = gaussian(400, 8), gaussian(300, 8, 1)
    whole = metrics.prdc(real, generated), metrics.maximum_mean_discrepancy(real, generated)
    for name in ("fidelity", "distances"):
        monkeypatch.setattr(f"udl_teach.metrics.{name}.BLOCK", 3000)
    again = metrics.prdc(real, generated), metrics.maximum_mean_discrepancy(real, generated)
    assert again[0] == whole[0] and again[1] == pytest.approx(whole[1], abs=1e-12)


def test_no_table_of_all_pairs_is_made(monkeypatch):
    largest = []
    for name in ("addmm", "cdist"):
        usual = getattr(torch, name)

        def watched(*args, usual=usual, **options):
            result = usual(*args, **options)
            largest.append(result.numel())
            return result

        monkeypatch.setattr(torch, name, watched)
    x, y = gaussian(6000, 2), gaussian(6000, 2, 1)
    metrics.prdc(x, y)
    metrics.maximum_mean_discrepancy(x, y)
    metrics.mode_coverage(x, gaussian(2000, 2, 2), 1.0)
    assert len(largest) > 30 and max(largest) <= 2**22  # 36 million pairs


# ---- maximum mean discrepancy ----------------------------------------------------------------------------------------


def mmd_by_loops(x, y, bandwidth):
    def k(a, b):
        return math.exp(-(math.dist(a, b) ** 2) / (2 * bandwidth**2))

    def mean(left, right, same):
        pairs = [(i, j) for i in range(len(left)) for j in range(len(right)) if not (same and i == j)]
        return sum(k(left[i], right[j]) for i, j in pairs) / len(pairs)

    return mean(x, x, True) + mean(y, y, True) - 2 * mean(x, y, False)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 12), st.integers(2, 12), st.integers(1, 4), st.floats(0.1, 5), st.integers(0, 10**6))
def test_mmd_is_that_of_two_loops(n_x, n_y, n_features, bandwidth, seed):
    x, y = gaussian(n_x, n_features, seed), gaussian(n_y, n_features, seed + 1, shift=0.5)
    wanted = mmd_by_loops(x.astype(float), y.astype(float), bandwidth)
    assert metrics.maximum_mean_discrepancy(x, y, bandwidth) == pytest.approx(wanted, abs=1e-9)


def test_mmd_of_several_bandwidths_is_the_mean_of_theirs():
    x, y = gaussian(40, 3), gaussian(50, 3, 1, shift=1)
    one, two = (metrics.maximum_mean_discrepancy(x, y, width) for width in (0.5, 2))
    assert metrics.maximum_mean_discrepancy(x, y, [0.5, 2]) == pytest.approx((one + two) / 2)


def test_mmd_takes_the_median_distance_of_both_sets_together():
    x, y = gaussian(30, 3), gaussian(41, 3, 1, shift=2)
    both = np.concatenate([x, y]).astype(float)
    median = np.sort(pairwise_distances(both)[np.triu_indices(71, 1)])[(71 * 70 // 2 - 1) // 2]
    wanted = metrics.maximum_mean_discrepancy(x, y, float(median))
    assert metrics.maximum_mean_discrepancy(x, y) == pytest.approx(wanted, rel=1e-6)


def test_the_median_of_many_samples_is_taken_evenly_through_both_sets():
    x, y = gaussian(1200, 2), gaussian(2400, 2, 1, scale=50)
    both = np.concatenate([x, y]).astype(float)
    median = float(np.median(pairwise_distances(both)[np.triu_indices(len(both), 1)]))
    wanted = metrics.maximum_mean_discrepancy(x, y, median)
    assert metrics.maximum_mean_discrepancy(x, y) == pytest.approx(wanted, rel=0.05)


def test_where_most_samples_are_alike_the_mean_distance_stands_in_for_the_median():
    x, y = np.zeros((30, 2)), np.concatenate([np.zeros((20, 2)), np.full((5, 2), 3.0)])
    both = np.concatenate([x, y])
    mean = float(pairwise_distances(both)[np.triu_indices(len(both), 1)].mean())
    wanted = metrics.maximum_mean_discrepancy(x, y, mean)
    assert metrics.maximum_mean_discrepancy(x, y) == pytest.approx(wanted, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 30), st.integers(2, 30), st.integers(1, 5), st.floats(0.2, 4), st.integers(0, 10**6))
def test_mmd_is_that_of_scikit_learns_kernel(n_x, n_y, n_features, bandwidth, seed):
    x, y = (gaussian(n, n_features, seed + n).astype(float) for n in (n_x, n_y))
    within = [rbf_kernel(points, gamma=1 / (2 * bandwidth**2)) for points in (x, y)]
    means = [(kernel.sum() - np.trace(kernel)) / (len(kernel) * (len(kernel) - 1)) for kernel in within]
    wanted = sum(means) - 2 * rbf_kernel(x, y, gamma=1 / (2 * bandwidth**2)).mean()
    assert metrics.maximum_mean_discrepancy(x, y, bandwidth) == pytest.approx(wanted, abs=1e-9)


def test_mmd_is_unbiased():
    # Of the same distribution it is zero on average: of a hundred pairs the mean lies within three of its errors.
    same = [metrics.maximum_mean_discrepancy(gaussian(20, 2, i), gaussian(30, 2, i + 1000), 1.0) for i in range(100)]
    assert abs(np.mean(same)) < 3 * np.std(same) / 10 and min(same) < 0
    # Of two Gaussians a shift apart, in one dimension: 2 (1 - exp(-shift^2 / (2 (w^2 + 2)))) w / sqrt(w^2 + 2).
    apart = metrics.maximum_mean_discrepancy(gaussian(4000, 1), gaussian(4000, 1, 1, shift=1.5), 1.0)
    assert apart == pytest.approx(2 * (1 - math.exp(-(1.5**2) / 6)) / math.sqrt(3), abs=0.03)


def test_mmd_does_not_mind_where_the_data_lie():
    x, y = gaussian(50, 2, scale=10).round(), gaussian(60, 2, 1, shift=10, scale=10).round()
    far = metrics.maximum_mean_discrepancy(x + 2**22, y + 2**22, 10.0)
    assert far == pytest.approx(metrics.maximum_mean_discrepancy(x, y, 10.0), abs=1e-9)
    assert metrics.maximum_mean_discrepancy(np.ones((5, 2)), np.ones((4, 2))) == pytest.approx(0, abs=1e-12)


# ---- Fréchet distance ------------------------------------------------------------------------------------------------


def covariance(n_features, seed, rank=None):
    factor = np.random.default_rng(seed).normal(size=(n_features, rank or 2 * n_features))
    return factor @ factor.T / factor.shape[1]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.integers(0, 10**6))
def test_frechet_is_that_of_scipys_matrix_root(n_features, seed):
    rng = np.random.default_rng(seed)
    mean_x, mean_y = rng.normal(size=(2, n_features))
    cov_x, cov_y = covariance(n_features, seed), covariance(n_features, seed + 1)
    wanted = ((mean_x - mean_y) ** 2).sum() + np.trace(cov_x + cov_y - 2 * np.real(sqrtm(cov_x @ cov_y)))
    assert metrics.frechet_between(mean_x, cov_x, mean_y, cov_y) == pytest.approx(wanted, rel=1e-5, abs=1e-6)


def test_frechet_of_two_gaussians_in_closed_form():
    # In one dimension (m - n)^2 + (s - t)^2; along the axes of several, the sum of those.
    assert metrics.frechet_between([1.0], [[4.0]], [3.0], [[9.0]]) == pytest.approx(5)
    mean_x, mean_y, sd_x, sd_y = gaussian(4, 6).astype(float)
    wanted = ((mean_x - mean_y) ** 2).sum() + ((abs(sd_x) - abs(sd_y)) ** 2).sum()
    found = metrics.frechet_between(mean_x, np.diag(sd_x**2), mean_y, np.diag(sd_y**2))
    assert found == pytest.approx(wanted, rel=1e-9)
    # Turned by the same rotation, nothing changes.
    turn = np.linalg.qr(gaussian(6, 6, 1).astype(float))[0]
    turned = (turn @ mean_x, turn @ np.diag(sd_x**2) @ turn.T, turn @ mean_y, turn @ np.diag(sd_y**2) @ turn.T)
    assert metrics.frechet_between(*turned) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.8, -0.5), (0.3, 0.3), (0.95, 0.0)])
def test_frechet_of_two_correlated_gaussians_in_the_plane(a, b):
    # For 2 x 2 the trace of the root has a closed form: sqrt(trace(S) + 2 sqrt(det(S))), S = cov_x cov_y.
    cov_x, cov_y = np.array([[1.0, a], [a, 1.0]]), np.array([[4.0, 2 * b], [2 * b, 1.0]])
    product = cov_x @ cov_y
    root = math.sqrt(np.trace(product) + 2 * math.sqrt(np.linalg.det(product)))
    found = metrics.frechet_between([0.0, 0.0], cov_x, [3.0, 4.0], cov_y)
    assert found == pytest.approx(25 + 2 + 5 - 2 * root, rel=1e-9)


def test_frechet_from_samples():
    x, y = gaussian(20_000, 3), gaussian(20_000, 3, 1, shift=1, scale=2)
    assert metrics.frechet_distance(x, y) == pytest.approx(3 * (1 + 1), rel=0.05)
    wanted = metrics.frechet_between(
        x.astype(float).mean(0), np.cov(x.astype(float).T), y.astype(float).mean(0), np.cov(y.astype(float).T)
    )
    assert metrics.frechet_distance(x, y) == pytest.approx(wanted, rel=1e-9)
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-7)
    assert metrics.frechet_distance(x, y) == pytest.approx(metrics.frechet_distance(y, x), rel=1e-9)
    assert metrics.frechet_distance(x[:, :1], y[:, :1]) > 1


def test_frechet_with_singular_covariances():
    line = gaussian(50, 1) * np.array([[1.0, 2.0, 0.0]])
    assert metrics.frechet_distance(line, line) == pytest.approx(0, abs=1e-7)
    assert metrics.frechet_distance(line, line + [0, 0, 3]) == pytest.approx(9, rel=1e-6)
    with pytest.warns(UserWarning, match="too few for a Fréchet distance"):
        few = metrics.frechet_distance(gaussian(10, 64), gaussian(10, 64, 1))
    many = metrics.frechet_distance(gaussian(2000, 64), gaussian(2000, 64, 1))
    assert math.isfinite(few) and few > 10 * many > 0  # fewer samples than features: mostly bias
    low = covariance(8, 0, rank=2)
    assert metrics.frechet_between(np.zeros(8), low, np.zeros(8), 4 * low) == pytest.approx(np.trace(low), rel=1e-6)


@pytest.mark.parametrize(("n", "n_features"), [(12, 64), (150, 64), (20, 2), (5, 1), (60, 16)])
@pytest.mark.parametrize("steep", [False, True])
def test_too_few_samples_for_a_frechet_distance_are_said_with_how_many_are_enough(n, n_features, steep):
    sd = np.exp(-np.arange(n_features) / 8) if steep else np.ones(n_features)
    n = n // 3 if steep and n > 6 else n
    variance = (sd**2).sum()

    def of_the_same(n, seed):
        return metrics.frechet_distance(sd * gaussian(n, n_features, seed), sd * gaussian(n, n_features, seed + 50))

    with pytest.warns(
        UserWarning, match=f"{n} samples of {n_features} features, too few for a Fréchet distance"
    ) as told:
        apart = np.mean([of_the_same(n, seed) for seed in range(8)])
    assert apart > 0.08 * variance
    enough = max(int(re.search(r"with (\d+) samples each", str(warning.message))[1]) for warning in told)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.mean([of_the_same(enough + enough // 10, seed) for seed in range(8)]) < 0.16 * variance


def test_the_share_of_a_frechet_distance_that_is_bias_is_about_right():
    x, y = gaussian(40, 6), gaussian(40, 6, 1, shift=5)
    with pytest.warns(UserWarning) as told:
        far = metrics.frechet_distance(x, y)
    stated = float(re.search(r"about ([\d.]+) would be there", str(told[0].message))[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same = np.mean([metrics.frechet_distance(gaussian(40, 6, k), gaussian(40, 6, k + 50)) for k in range(20)])
    assert far > 50 * stated and stated == pytest.approx(same, rel=0.3)


@pytest.mark.parametrize("place", [1.7e9, -1e12])
def test_doubles_far_from_zero_lose_nothing(place):
    x, y = (gaussian(200, 2, seed, shift=seed).astype(float).round(2) for seed in (0, 1))
    x[0], y[0] = y[1], y[2]
    far = x + place, y + place
    assert metrics.frechet_distance(*far) == pytest.approx(metrics.frechet_distance(x, y), rel=1e-2)
    assert metrics.maximum_mean_discrepancy(*far) == pytest.approx(metrics.maximum_mean_discrepancy(x, y), rel=1e-2)
    np.testing.assert_allclose(metrics.prdc(*far), metrics.prdc(x, y), atol=0.02)
    np.testing.assert_allclose(metrics.nearest_distances(*far), metrics.nearest_distances(x, y), rtol=1e-2, atol=1e-3)
    covered = metrics.mode_coverage(far[0], np.zeros((1, 2)) + place, 1.0)
    assert covered.high_quality == pytest.approx(metrics.mode_coverage(x, np.zeros((1, 2)), 1.0).high_quality, abs=0.01)


# ---- nearest samples -------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.integers(1, 9), st.integers(0, 10**6))
def test_nearest_distances_are_scikit_learns(n, n_train, n_features, seed):
    x, train = gaussian(n, n_features, seed), gaussian(n_train, n_features, seed + 1)
    wanted = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(x)[0][:, 0]
    found = metrics.nearest_distances(x, train)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_copies_are_at_distance_zero_and_images_are_flattened():
    train = gaussian(100, 12).reshape(100, 3, 2, 2)
    assert (metrics.nearest_distances(train[::7], train) == 0).all()
    far = metrics.nearest_distances(train[:1] + 5, train[:1])
    assert far == pytest.approx(5 * math.sqrt(12), rel=1e-5)


# ---- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.prdc(np.ones((9, 2)), np.ones((9, 3))), "generated has 3 numbers a sample; .* real, 2"),
        (
            lambda: metrics.prdc(np.ones((5, 2)), np.ones((9, 2))),
            "real has 5 samples; k = 5 neighbours need at least 6",
        ),
        (lambda: metrics.prdc(np.ones((9, 2)), np.ones((3, 2)), 3), "generated has 3 samples"),
        (lambda: metrics.prdc(np.ones((9, 2)), np.ones((9, 2)), 0), "k was 0"),
        (lambda: metrics.prdc(np.full((9, 2), np.inf), np.ones((9, 2))), "real holds an infinite value"),
        (lambda: metrics.maximum_mean_discrepancy(np.ones((1, 2)), np.ones((9, 2))), "x has 1 sample"),
        (lambda: metrics.maximum_mean_discrepancy(np.ones((9, 2)), np.ones((9, 3))), "y has 3 numbers a sample"),
        (lambda: metrics.maximum_mean_discrepancy(np.ones((9, 2)), np.ones((9, 2)), 0), "bandwidth was 0"),
        (lambda: metrics.maximum_mean_discrepancy(np.ones((9, 2)), np.ones((9, 2)), [1, -1]), "bandwidth was -1"),
        (lambda: metrics.maximum_mean_discrepancy(np.ones((9, 2)), np.ones((9, 2)), "wide"), "bandwidth was 'wide'"),
        (lambda: metrics.frechet_distance(np.ones((9, 2)), np.ones((1, 2))), "y has 1 sample"),
        (lambda: metrics.frechet_distance(np.ones((9, 2)), np.ones((9, 3))), "y has 3 numbers"),
        (lambda: metrics.frechet_between([0.0], [[1.0]], [0.0, 1.0], np.eye(2)), "mean_y has 2 features"),
        (lambda: metrics.frechet_between([0.0], np.eye(2), [0.0], [[1.0]]), r"cov_x has shape \(2, 2\)"),
        (lambda: metrics.frechet_between([0.0], [[-1.0]], [0.0], [[1.0]]), "cov_x has the negative eigenvalue -1"),
        (lambda: metrics.frechet_between([0.0, 0], [[1.0, 1], [0, 1]], [0.0, 0], np.eye(2)), "cov_x is not symmetric"),
        (lambda: metrics.frechet_between([np.nan], [[1.0]], [0.0], [[1.0]]), "mean_x .* finite"),
        (lambda: metrics.nearest_distances(np.ones((9, 2)), np.ones((9, 3))), "train has 3 numbers a sample"),
        (lambda: metrics.nearest_distances(np.ones((0, 2)), np.ones((9, 2))), "x is empty"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
