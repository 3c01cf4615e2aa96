"""Modes found and missed, on cases counted by hand and against a plain loop."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from udl_teach import data, metrics

CENTRES = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])


def test_a_case_counted_by_hand():
    x = [[0, 0], [0, 2.9], [0, 3.1], [10, 0], [10, 0.5], [4, 4]]  # the third and the last one are of low quality
    found = metrics.mode_coverage(x, CENTRES, 1.0)
    assert found.modes == 2 and found.high_quality == pytest.approx(4 / 6)
    assert found.counts.tolist() == [4, 2, 0, 0] and found.high_quality_counts.tolist() == [2, 2, 0, 0]
    # The histogram holds all six samples, also those of low quality.
    assert found.reverse_kl == pytest.approx(2 / 3 * math.log(2 / 3 * 4) + 1 / 3 * math.log(1 / 3 * 4))


def test_three_standard_deviations_are_a_circle_and_not_a_square():
    on, corner = [[3.0, 0.0]], [[2.2, 2.2]]  # 3.11 standard deviations away, though less than 3 in each direction
    assert metrics.mode_coverage(on, CENTRES, 1.0).high_quality == 1
    assert metrics.mode_coverage(corner, CENTRES, 1.0).high_quality == 0


def test_a_mode_without_a_good_sample_is_missed_though_it_has_samples():
    found = metrics.mode_coverage([[0, 0], [10, 4], [10, -4]], CENTRES, 1.0)
    assert found.modes == 1 and found.counts.tolist() == [1, 2, 0, 0]


def test_one_mode_alone_costs_the_logarithm_of_their_number():
    found = metrics.mode_coverage(np.zeros((50, 2)), CENTRES, 1.0)
    assert found.reverse_kl == pytest.approx(math.log(4)) and found.modes == 1 and found.high_quality == 1


def test_weights_say_what_an_even_histogram_is():
    x = np.repeat(CENTRES, [1, 2, 3, 4], axis=0)
    assert metrics.mode_coverage(x, CENTRES, 1.0, weights=[1, 2, 3, 4]).reverse_kl == pytest.approx(0, abs=1e-12)
    assert metrics.mode_coverage(x, CENTRES, 1.0).reverse_kl > 0.05


def test_with_several_spreads_near_is_counted_in_standard_deviations():
    x = [[4.0, 0.0]]  # 4 from the narrow mode, 6 from the wide one
    found = metrics.mode_coverage(x, CENTRES[:2], [1.0, 3.0])
    assert found.counts.tolist() == [0, 1] and found.high_quality == 1


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.integers(1, 12), st.integers(1, 4), st.integers(0, 10**6))
def test_a_plain_loop_finds_the_same(n, n_modes, n_features, seed):
    rng = np.random.default_rng(seed)
    x, centres = (rng.normal(size=(size, n_features)).astype(np.float32) for size in (n, n_modes))
    sd = rng.uniform(0.05, 0.5, n_modes)
    counts, good = np.zeros(n_modes, int), np.zeros(n_modes, int)
    for row in x.astype(float):
        apart = [math.dist(row, centre.astype(float)) / spread for centre, spread in zip(centres, sd, strict=True)]
        counts[np.argmin(apart)] += 1
        good[np.argmin(apart)] += min(apart) <= 3
    found = metrics.mode_coverage(x, centres, sd)
    assert found.counts.tolist() == counts.tolist() and found.high_quality_counts.tolist() == good.tolist()
    assert found.modes == (good > 0).sum() and found.high_quality == pytest.approx(good.sum() / n)
    assert found.reverse_kl == pytest.approx(entropy(counts, np.ones(n_modes)), abs=1e-9)


def test_the_sets_of_the_literature_have_all_their_modes():
    for points, centres, sd in (
        (data.grid(2500, side=5, spacing=2, sd=0.05, seed=3), data.grid_centres(side=5, spacing=2), 0.05),
        (data.ring(2500, radius=1, sd=0.01, seed=3), data.ring_centres(radius=1), 0.01),
    ):
        found = metrics.mode_coverage(points.x, centres, sd)
        assert found.modes == len(centres) and found.reverse_kl < 1e-4
        assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.01)  # of a Gaussian in the plane
        np.testing.assert_array_equal(centres[points.labels], points.extras["centre"])


def test_many_samples_come_in_blocks(monkeypatch):
    x = data.grid(500, seed=1).x
    whole = metrics.mode_coverage(x, data.grid_centres(), 0.05)
    monkeypatch.setattr("udl_teach.metrics.modes.BLOCK", 60)
    for one, other in zip(
        whole, metrics.mode_coverage(torch.from_numpy(x.copy()), data.grid_centres(), 0.05), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_classes_that_a_classifier_named():
    found = metrics.class_coverage([0, 0, 2, 2, 2, 5], 8)
    assert found.modes == 3 and found.counts.tolist() == [2, 0, 3, 0, 0, 1, 0, 0] and math.isnan(found.high_quality)
    assert found.reverse_kl == pytest.approx(entropy([2, 3, 1]) * -1 + math.log(8))
    weighted = metrics.class_coverage([0, 0, 1], 2, weights=[2, 1])
    assert weighted.reverse_kl == pytest.approx(0, abs=1e-12) and weighted.modes == 2


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.mode_coverage(np.ones((3, 2)), np.ones((2, 3)), 1), "x has 2 features; .* centres, 3"),
        (lambda: metrics.mode_coverage(np.ones((3, 2)), np.ones((2, 2)), 0), "sd was 0"),
        (lambda: metrics.mode_coverage(np.ones((3, 2)), np.ones((2, 2)), -1), "sd was -1"),
        (lambda: metrics.mode_coverage(np.ones((3, 2)), np.ones((2, 2)), [1, 1, 1]), "sd was .* or 2 of them"),
        (lambda: metrics.mode_coverage(np.full((3, 2), np.nan), np.ones((2, 2)), 1), "x holds a missing value"),
        (lambda: metrics.mode_coverage(np.ones((3, 2)), CENTRES, 1, weights=[1, 0, 1, 1]), "weights holds a 0"),
        (lambda: metrics.mode_coverage(np.ones((3, 2)), CENTRES, 1, weights=[1, 1]), "weights was .* or 4 of them"),
        (lambda: metrics.class_coverage([0, 8], 8), "labels_hat holds numbers from 0 to 8"),
        (lambda: metrics.class_coverage([-1, 3], 8), "labels_hat holds numbers from -1 to 3"),
        (lambda: metrics.class_coverage([0.5], 8), "whole numbers"),
        (lambda: metrics.class_coverage([1], 0), "n_modes was 0"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
