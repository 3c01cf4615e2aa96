"""The sets that need no network: digits, points in the plane, photographs and patches."""

import numpy as np
import pytest
import torch

from udl_teach import data


def test_digits_are_scikit_learns_scaled_to_one():
    from sklearn.datasets import load_digits

    digits = data.digits()
    np.testing.assert_array_equal(digits.x * 16, load_digits().data)
    np.testing.assert_array_equal(digits.labels, load_digits().target)
    assert digits.images.shape == (1797, 1, 8, 8) and digits.x.max() == 1


@pytest.mark.parametrize("make", [data.ring, data.grid, data.moons, data.spiral])
def test_points_follow_from_the_seed_alone(make):
    before = torch.get_rng_state()
    first, again, other = make(50, seed=3), make(50, seed=3), make(50, seed=4)
    assert first.x.shape == (50, 2) and first.x.dtype == np.float32
    np.testing.assert_array_equal(first.x, again.x)
    assert not np.array_equal(first.x, other.x)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("make", [data.ring, data.grid, data.moons, data.spiral])
@pytest.mark.parametrize("n", [0, -1, 2.5, "many"])
def test_points_refuse_a_number_that_is_none(make, n):
    with pytest.raises((TypeError, ValueError), match="^n was"):
        make(n)


def test_ring_puts_its_blobs_on_the_circle():
    ring = data.ring(4000, modes=5, radius=3, sd=0.1)
    for mode in range(5):
        blob = ring.x[ring.labels == mode]
        angle = 2 * np.pi * mode / 5
        assert len(blob) == 800
        np.testing.assert_allclose(blob.mean(axis=0), [3 * np.cos(angle), 3 * np.sin(angle)], atol=0.02)
        np.testing.assert_allclose(blob.std(axis=0), 0.1, rtol=0.1)
    assert np.linalg.norm(ring.x - ring.extras["centre"], axis=1).max() < 0.6


def test_grid_counts_its_blobs_from_the_lower_left():
    grid = data.grid(900, side=3, spacing=2, sd=0)
    corners = {mode: grid.x[grid.extras["mode"] == mode][0].tolist() for mode in (0, 1, 3, 8)}
    assert corners == {0: [-2, -2], 1: [0, -2], 3: [-2, 0], 8: [2, 2]}


def test_moons_lie_on_two_half_circles_and_know_the_place():
    moons = data.moons(500, noise=0)
    upper = moons.labels == 0
    np.testing.assert_allclose(np.linalg.norm(moons.x[upper], axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(moons.x[~upper] - [1, 0.5], axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(moons.x[upper, 0], np.cos(np.pi * moons.extras["position"][upper]), atol=1e-6)


def test_spiral_position_is_the_share_of_the_length():
    spiral = data.spiral(4000, noise=0)
    order = np.argsort(spiral.extras["position"])
    steps = np.linalg.norm(np.diff(spiral.x[order], axis=0), axis=1)
    walked = np.concatenate([[0], np.cumsum(steps)]) / steps.sum()
    np.testing.assert_allclose(walked, spiral.extras["position"][order], atol=0.01)
    assert np.linalg.norm(spiral.x, axis=1).max() <= 1 + 1e-6


def test_noise_and_spread_may_be_none_but_not_negative():
    for make, name in ((data.ring, "sd"), (data.grid, "sd"), (data.moons, "noise"), (data.spiral, "noise")):
        with pytest.raises(ValueError, match=f"{name} was -1"):
            make(10, **{name: -1})


def test_photos_in_colour_and_grey():
    colour, grey = data.photos(), data.photos(colour=False)
    assert colour.images.shape == (2, 3, 427, 640) and grey.images.shape == (2, 1, 427, 640)
    assert colour.label_names == ("china", "flower") and 0 <= grey.x.min() and grey.x.max() <= 1
    red, green, blue = colour.images[0, :, 100, 100]
    np.testing.assert_allclose(grey.images[0, 0, 100, 100], 0.299 * red + 0.587 * green + 0.114 * blue, rtol=1e-5)


@pytest.mark.parametrize("colour", [True, False])
def test_patches_are_where_they_say(colour):
    photos = data.photos(colour=colour)
    patches = data.patches(photos, size=6, n=200, colour=colour, seed=1)
    assert patches.image_shape == (3 if colour else 1, 6, 6)
    for k in range(0, 200, 20):
        photo, row, column = (int(patches.extras[name][k]) for name in ("photo", "row", "column"))
        window = photos.images[photo, :, row : row + 6, column : column + 6]
        np.testing.assert_array_equal(patches.images[k], window)
    np.testing.assert_array_equal(patches.x, data.patches(photos, size=6, n=200, colour=colour, seed=1).x)


def test_patches_split_by_photo_and_by_place():
    patches = data.patches(data.photos(), n=500)
    first, second = patches.split((0.5, 0.5), by="photo")
    assert {len(np.unique(part.extras["photo"])) for part in (first, second)} == {1}
    upper, lower = patches.split(by="row")
    assert upper.extras["row"].max() <= lower.extras["row"].min()


def test_patches_of_ones_own_images():
    stack = np.arange(2 * 16, dtype=float).reshape(2, 1, 4, 4)
    whole = data.patches(stack, size=4, n=10)
    np.testing.assert_array_equal(whole.images, stack[whole.extras["photo"]])
    with pytest.raises(ValueError, match="size was 5; it must be at most 4"):
        data.patches(stack, size=5)
    with pytest.raises(ValueError, match="images must be"):
        data.patches(np.ones((4, 4)))
