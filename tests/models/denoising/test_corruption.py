"""Corruption: what is done to clean samples, against SciPy and by its share."""

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from udl_teach.models import CORRUPTIONS, corrupt
from udl_teach.models.denoising.corruption import corrupt_batch


def images(n=4, shape=(1, 12, 10), seed=0):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (n, *shape)).astype(np.float32)


def test_gaussian_noise_has_its_standard_deviation_and_is_not_clipped():
    x = np.concatenate([np.zeros((50, 400)), np.ones((50, 400))])
    noise = corrupt(x, strength=0.3, seed=1) - x
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    # Clipping would leave the noise on black and on white with another mean.
    assert abs(noise[:50].mean()) < 0.01 and abs(noise[50:].mean()) < 0.01


def test_masking_sets_a_share_to_zero_and_leaves_the_rest():
    x = images(20)
    corrupted = corrupt(x, "masking", 0.3)
    assert (corrupted == 0).mean() == pytest.approx(0.3, abs=0.03)
    np.testing.assert_array_equal(corrupted[corrupted != 0], x[corrupted != 0])


def test_salt_and_pepper_change_a_share_of_the_pixels_half_each_and_all_channels_together():
    x = images(20, (3, 16, 16))
    corrupted = corrupt(x, "salt-and-pepper", 0.4)
    assert (corrupted == 0).mean() == pytest.approx(0.2, abs=0.02) and (corrupted == 1).mean() == pytest.approx(
        0.2, abs=0.02
    )
    changed = corrupted != x
    np.testing.assert_array_equal(changed.all(axis=1), changed.any(axis=1))
    assert corrupt(x.reshape(20, -1), "salt-and-pepper", 0.4).shape == (20, 768)


@pytest.mark.parametrize("sd", [0.4, 1.0, 2.5])
def test_blur_is_the_gaussian_filter_of_scipy(sd):
    x = images(2, (3, 30, 20))
    wanted = gaussian_filter(x, (0, 0, sd, sd), mode="nearest", radius=(0, 0, 10, 10))
    np.testing.assert_allclose(corrupt(x, "blur", sd), wanted, atol=1e-3 if sd == 2.5 else 1e-5)


def test_each_image_gets_a_strength_of_its_own():
    x = torch.from_numpy(images(3, (1, 40, 40)))
    strength = torch.tensor([0.5, 1.0, 2.0])
    for corruption in CORRUPTIONS:
        together = corrupt_batch(x, corruption, strength.clamp(max=1.0) if corruption != "blur" else strength, None)
        change = (together - x).abs().flatten(1).mean(dim=1)
        assert change[0] < change[1], corruption
    for image, sd, corrupted in zip(x, strength, together, strict=True):  # the last is the blur
        np.testing.assert_allclose(corrupted.numpy(), corrupt(image[None].numpy(), "blur", sd.item())[0], atol=1e-4)


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_seed_decides_the_samples_stay_and_strength_nought_changes_nothing(corruption):
    x = images()
    x.setflags(write=False)
    before, everywhere = x.copy(), torch.get_rng_state()
    first, again, other = (corrupt(x, corruption, 0.5, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert corruption == "blur" or not np.array_equal(first, other)
    np.testing.assert_array_equal(x, before)
    assert torch.equal(torch.get_rng_state(), everywhere)
    np.testing.assert_array_equal(corrupt(x, corruption, 0.0), x)
    assert corrupt(x.astype(np.float64)[:, :, ::2], corruption, 0.5).dtype == np.float32
    assert isinstance(corrupt(torch.from_numpy(before), corruption, 0.5), torch.Tensor)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: corrupt(images(), "fog"), "corruption was 'fog'; it must be one of 'gaussian'"),
        (lambda: corrupt(images(), "masking", 1.5), "strength was 1.5"),
        (lambda: corrupt(images(), "gaussian", -0.1), "strength was -0.1"),
        (lambda: corrupt(images(), seed=-1), "seed was -1"),
        (lambda: corrupt(images()[:, 0], "blur"), "images must be"),
        (lambda: corrupt(np.array([[1.0, np.nan]])), "missing value"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
