"""Clusters of one's own, the centres of ring and grid, and stacked digits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 300), st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any), st.integers(0, 99))
def test_clusters_get_points_by_their_weight_as_nearly_as_whole_numbers_can(n, weights, seed):
    centres = np.random.default_rng(seed).normal(size=(len(weights), 2))
    made = data.clusters(centres, n, sd=0, weights=weights, seed=seed)
    counts = np.bincount(made.labels, minlength=len(weights))
    wanted = n * np.array(weights) / sum(weights)
    assert abs(counts - wanted).max() <= 1 and counts.sum() == n
    np.testing.assert_allclose(made.x, centres[made.labels], atol=1e-6)


def test_a_single_point_goes_to_the_heaviest_cluster():
    assert data.clusters([[0, 0], [1, 1]], 1, weights=[1, 3]).labels.tolist() == [1]
    assert data.clusters([[0, 0], [1, 1], [2, 2]], 1, weights=[1, 5, 2]).labels.tolist() == [1]


@pytest.mark.parametrize(
    "made",
    [data.ring(400), data.grid(400), data.two_clusters(400), data.clusters([[0, 0], [1, 1]], 400, weights=[1, 2])],
)
def test_points_come_in_no_order(made):
    # Neighbours in the list are of one blob as often as any two: of sorted ones nearly always, of dealt ones never.
    shares = np.bincount(made.labels) / len(made)
    alike = (made.labels[1:] == made.labels[:-1]).mean()
    assert alike == pytest.approx((shares**2).sum(), abs=0.12) and alike > 0


def test_each_cluster_has_its_own_place_and_spread():
    made = data.clusters([[0, 0], [5, 1], [-3, 2]], 6000, sd=[0.1, 0.5, 1.0], seed=1)
    for mode, (centre, sd) in enumerate(zip([[0, 0], [5, 1], [-3, 2]], [0.1, 0.5, 1.0], strict=True)):
        blob = made.x[made.labels == mode]
        assert len(blob) == 2000
        np.testing.assert_allclose(blob.mean(axis=0), centre, atol=0.06)
        np.testing.assert_allclose(blob.std(axis=0), sd, rtol=0.06)
    np.testing.assert_array_equal(made.extras["mode"], made.labels)
    np.testing.assert_array_equal(made.extras["centre"][made.labels == 1], np.tile([5, 1], (2000, 1)))


def test_two_clusters_stand_left_and_right():
    made = data.two_clusters(2000, distance=4, sd=0.1, share=0.25, seed=2)
    left, right = (made.x[made.labels == label] for label in (0, 1))
    assert len(left) == 500 and len(right) == 1500
    np.testing.assert_allclose(left.mean(axis=0), [-2, 0], atol=0.02)
    np.testing.assert_allclose(right.mean(axis=0), [2, 0], atol=0.02)


def test_the_same_seed_gives_the_same_points():
    for make in (data.two_clusters, lambda n, seed: data.clusters([[0, 0], [1, 1]], n, seed=seed)):
        np.testing.assert_array_equal(make(50, seed=3).x, make(50, seed=3).x)
        assert not np.array_equal(make(50, seed=3).x, make(50, seed=4).x)


def test_the_centres_are_those_that_the_points_were_drawn_around():
    for made, centres in (
        (data.ring(64, modes=5, radius=3, sd=0), data.ring_centres(modes=5, radius=3)),
        (data.grid(64, side=3, spacing=2, sd=0), data.grid_centres(side=3, spacing=2)),
        (data.ring(64, sd=0), data.ring_centres()),
        (data.grid(64, sd=0), data.grid_centres()),
    ):
        assert centres.dtype == np.float32
        np.testing.assert_array_equal(made.x, centres[made.labels])


def test_stacked_digits_spell_their_label():
    stacked, digits = data.stacked_digits(500, seed=1), data.digits()
    assert stacked.images.shape == (500, 3, 8, 8) and stacked.label_names[7] == "007"
    rows = stacked.extras["rows"]
    for channel in range(3):
        np.testing.assert_array_equal(stacked.images[:, channel], digits.images[rows[:, channel], 0])
    spelled = ["".join(str(digits.labels[row]) for row in three) for three in rows]
    assert [stacked.label_names[label] for label in stacked.labels] == spelled


def test_no_digit_is_stacked_for_learning_and_for_judging():
    train, test = data.digits().split(seed=0)
    whole = data.digits().x
    for split, part in (("train", train), ("test", test)):
        rows = np.unique(data.stacked_digits(5000, split=split, seed=4).extras["rows"])
        assert len(rows) == len(part)
        np.testing.assert_array_equal(np.unique(whole[rows], axis=0), np.unique(part.x, axis=0))
    train_rows, test_rows = (np.unique(data.stacked_digits(3000, split=s).extras["rows"]) for s in ("train", "test"))
    assert not set(train_rows) & set(test_rows)


def test_stacked_digits_follow_from_the_seed_and_reach_all_modes():
    np.testing.assert_array_equal(data.stacked_digits(50, seed=3).x, data.stacked_digits(50, seed=3).x)
    assert not np.array_equal(data.stacked_digits(50, seed=3).x, data.stacked_digits(50, seed=4).x)
    assert len(np.unique(data.stacked_digits(20_000).labels)) == 1000


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: data.clusters([0, 0]), r"centres has shape \(2,\)"),
        (lambda: data.clusters([[0, 0, 0]]), "centres has 3 columns; it must have 2"),
        (lambda: data.clusters([[0, 0]], sd=[0.1, 0.2]), "sd was .* or 1 of them"),
        (lambda: data.clusters([[0, 0]], sd=-0.1), "sd was -0.1"),
        (lambda: data.clusters([[0, 0]], sd="wide"), "sd was 'wide'"),
        (lambda: data.clusters([[0, 0], [1, 1]], weights=[0, 0]), "weights was all 0"),
        (lambda: data.clusters([[0, 0], [1, 1]], weights=[1, -1]), "weights was -1"),
        (lambda: data.clusters([[0, 0], [1, 1]], weights=[1, np.nan]), "weights was nan"),
        (lambda: data.clusters([[0, 0]], 0), "n was 0"),
        (lambda: data.two_clusters(share=1), "share was 1"),
        (lambda: data.two_clusters(distance=0), "distance was 0"),
        (lambda: data.ring_centres(modes=0), "modes was 0"),
        (lambda: data.grid_centres(spacing=-1), "spacing was -1"),
        (lambda: data.stacked_digits(0), "n was 0"),
        (lambda: data.stacked_digits(split="validation"), "split was 'validation'; it must be one of 'train', 'test'"),
        (lambda: data.stacked_digits(seed=-1), "seed was -1"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
