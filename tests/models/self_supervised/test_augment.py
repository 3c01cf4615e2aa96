"""Augmentation: each kind does what it says and nothing else, each image by its own amount."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from udl_teach import data
from udl_teach.models import Augment
from udl_teach.models.self_supervised.augment import blurred, erased, moved

IMAGES = data.glyphs(40, characters="FGJR", slant=0, position=0, size=14).images
ONE_KIND = {
    "rotation": 30,
    "shift": 0.2,
    "scale": 0.3,
    "shear": 20,
    "crop": 0.4,
    "blur": 1.5,
    "noise": 0.2,
    "erasing": 0.5,
}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("kind", ONE_KIND)
def test_each_kind_is_seen_seeded_and_leaves_the_global_generator_alone(kind):
    augment = Augment(**{kind: ONE_KIND[kind]})
    before = torch.get_rng_state()
    views = augment(IMAGES, seeded())
    assert torch.equal(torch.get_rng_state(), before)
    np.testing.assert_array_equal(augment(IMAGES, seeded()), views)
    assert not np.array_equal(augment(IMAGES, seeded(1)), views)
    assert views.shape == IMAGES.shape and views.dtype == np.float32 and 0 <= views.min() and views.max() <= 1
    changes = np.abs(views - IMAGES).reshape(40, -1).sum(axis=1)
    # A narrow blur, or a rectangle that falls on the ground, changes nothing.
    assert changes.mean() > 3 and len(np.unique(changes)) >= (10 if kind == "erasing" else 30)
    assert repr(augment) == f"Augment({kind}={ONE_KIND[kind]:g})"


def test_nothing_switched_on_changes_nothing():
    np.testing.assert_array_equal(Augment()(IMAGES), IMAGES)
    np.testing.assert_array_equal(Augment(blur=None, rotation=0)(IMAGES), IMAGES)


def test_tensors_stay_tensors_and_flat_images_are_refused():
    views = Augment(rotation=10)(torch.tensor(IMAGES), seeded())
    np.testing.assert_array_equal(views.numpy(), Augment(rotation=10)(IMAGES, seeded()))
    with pytest.raises(ValueError, match="images must be"):
        Augment(rotation=10)(IMAGES.reshape(40, -1))


def places(corners, matrix):
    return corners @ matrix[:, :2].T + matrix[:, 2]


def test_matrices_are_the_maps_that_they_say():
    # In pixels from the middle, of an image twice as wide as high: what a result's corners show.
    corners = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    wide = torch.zeros(200, 1, 10, 20)
    half = np.array([10.0, 5.0])

    def shown(**kinds):
        return [places(corners, m) * half for m in Augment(**kinds).matrices(wide, seeded()).numpy()]

    def angle(vector):
        return np.degrees(np.arctan2(vector[1], vector[0]))

    for right, down, middle in shown(rotation=30):
        assert np.hypot(*right) == pytest.approx(10, rel=1e-5) and np.hypot(*down) == pytest.approx(5, rel=1e-5)
        assert right @ down == pytest.approx(0, abs=1e-4) and abs(angle(right)) <= 30 and np.all(middle == 0)
    for right, down, middle in shown(shift=0.1):
        np.testing.assert_allclose(right - middle, [10, 0], atol=1e-5)
        np.testing.assert_allclose(down - middle, [0, 5], atol=1e-5)
        assert abs(middle[0]) <= 2 and abs(middle[1]) <= 1  # a tenth of the sides of 20 and 10
    for right, down, _ in shown(scale=0.5):
        assert right[1] == down[0] == 0 and 10 / 1.5 <= right[0] <= 15.01 and 5 / 1.5 <= down[1] <= 7.51
    for right, down, _ in shown(shear=45):
        np.testing.assert_allclose(right, [10, 0], atol=1e-5)
        assert down[1] == pytest.approx(5, abs=1e-5) and abs(down[0]) <= 5.01
    for right, down, middle in shown(crop=0.5):
        sides = right[0] - middle[0], down[1] - middle[1]
        assert sides[0] / 10 == pytest.approx(sides[1] / 5, rel=1e-5) and 5 <= sides[0] <= 10
        assert abs(middle[0]) + sides[0] <= 10.001 and abs(middle[1]) + sides[1] <= 5.001
    amounts = np.array([angle(right) for right, *_ in shown(rotation=30)])
    assert amounts.min() < -25 and amounts.max() > 25 and abs(np.median(amounts)) < 6


def test_a_quarter_turn_and_a_shift_move_pixels():
    x = torch.tensor(IMAGES[:3])
    turned = moved(x, torch.tensor([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]).expand(3, 2, 3))
    torch.testing.assert_close(turned, x.rot90(1, (2, 3)), atol=1e-4, rtol=0)
    shifted = moved(x, torch.tensor([[1.0, 0.0, 4 / 28], [0.0, 1.0, 0.0]]).expand(3, 2, 3))  # shows what is 2 px right
    torch.testing.assert_close(shifted[..., :-2], x[..., 2:], atol=1e-4, rtol=0)


def test_the_blur_is_scipys_gaussian_away_from_the_border():
    x = np.zeros((3, 1, 28, 28), dtype=np.float32)
    x[:, :, 10:18, 12:15] = 1
    sigma = torch.tensor([0.0, 0.8, 1.7])
    for image, before, width in zip(blurred(torch.tensor(x), sigma).numpy(), x, sigma, strict=True):
        wanted = gaussian_filter(before[0], float(width), truncate=8) if width else before[0]
        np.testing.assert_allclose(image[0], wanted, atol=2e-4)


def test_erasing_takes_a_rectangle():
    x = torch.ones(50, 1, 20, 10)
    ground = erased(x, torch.rand(50, 4, generator=seeded()), 0.5)[:, 0] == 0
    for image in ground.numpy():
        rows, columns = image.any(axis=1), image.any(axis=0)
        np.testing.assert_array_equal(image, rows[:, None] & columns)
        for taken in (rows, columns):
            places = np.flatnonzero(taken)
            assert len(places) <= len(taken) / 2 + 1 and (len(places) == 0 or np.all(np.diff(places) == 1))
    assert 0.04 < ground.float().mean() < 0.09  # a quarter of 0.5 * 0.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"rotation": -1}, "rotation was -1"),
        ({"shift": "far"}, "shift was 'far'"),
        ({"crop": 1}, "crop was 1"),
        ({"erasing": 1.5}, "erasing was 1.5"),
        ({"shear": 90}, "shear was 90"),
    ],
)
def test_augment_says_what_is_wrong(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        Augment(**arguments)
