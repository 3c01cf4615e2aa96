"""The convolutional denoiser: images of any size, levels of noise, and photographs that it never saw."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data, metrics
from udl_teach.models import CORRUPTIONS, ConvDenoiser, corrupt, noise_level
from udl_teach.models.denoising.corruption import corrupt_batch
from udl_teach.pretrained import pretrained

SIGMA = 25 / 255


def images(n=4, shape=(1, 12, 10), seed=0):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (n, *shape)).astype(np.float32)


def photo(size=96):
    return data.unseen_photos()["chelsea"][:, 60 : 60 + size, 150 : 150 + size]


def convolutional(corruption="gaussian", **options):
    strength = (0.5, 2.0) if corruption == "blur" else (0.0, 0.3)
    return ConvDenoiser(1, 8, 4, corruption=corruption, **{"strength": strength} | options)


@pytest.fixture(scope="module")
def learned():
    return pretrained("denoiser")


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_convolutional_loss_compares_with_the_clean_images_and_tells_the_strengths(corruption):
    model, x = convolutional(corruption), torch.from_numpy(images(6))
    heard = []
    model.network.register_forward_pre_hook(lambda _, given: heard.append(given[0][:, -1]))
    loss = model.loss(x, torch.Generator().manual_seed(3))["loss"].item()
    generator = torch.Generator().manual_seed(3)
    lowest, highest = model.strength
    strength = lowest + (highest - lowest) * torch.rand(6, generator=generator)
    corrupted = corrupt_batch(x, corruption, strength, generator)
    cleaned = torch.cat([model.denoise(one[None], sd.item()) for one, sd in zip(corrupted, strength, strict=True)])
    assert loss == pytest.approx(((cleaned - x) ** 2).sum(dim=(1, 2, 3)).mean().item(), rel=1e-4)
    planes = heard[0].detach()
    np.testing.assert_allclose(planes[:, 0, 0], strength, rtol=1e-6)
    assert (planes == planes[:, :1, :1]).all() and len(set(strength.tolist())) == 6


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 19), st.integers(1, 19), st.sampled_from([1, 3]), st.integers(1, 2))
def test_an_image_of_any_size_comes_back_in_its_size(height, width, channels, n):
    model, x = ConvDenoiser(channels, 4, 2), images(n, (channels, height, width))
    cleaned = model.denoise(x, 0.1)
    assert cleaned.shape == x.shape and cleaned.dtype == np.float32 and np.isfinite(cleaned).all()
    np.testing.assert_array_equal(model.denoise(x[0], 0.1), model.denoise(x[:1], 0.1)[0])
    # What stands right and below of an image with odd sides is a copy of its edge.
    edged = np.pad(x, ((0, 0), (0, 0), (0, height % 2), (0, width % 2)), mode="edge")
    np.testing.assert_allclose(model.denoise(edged, 0.1)[:, :, :height, :width], cleaned, atol=1e-6)


@pytest.mark.parametrize("pixels", [1, 1500, 3000])
def test_a_large_image_cleaned_in_strips_has_no_seam(monkeypatch, pixels):
    model, x = ConvDenoiser(1, 6, 4), images(2, (1, 101, 30))
    whole = model.denoise(x, 0.2)
    monkeypatch.setattr("udl_teach.models.denoising.convolutional.MAX_PIXELS", pixels)
    np.testing.assert_allclose(model.denoise(x, 0.2), whole, atol=1e-6)


def test_what_is_predicted_is_the_change():
    model, x = ConvDenoiser(1, 6, 4), images()
    with torch.no_grad():
        model.network[-1].weight.zero_()
        model.network[-1].bias.zero_()
    np.testing.assert_array_equal(model(x, 0.2), x)


def test_an_array_leaves_no_graph_and_a_tensor_keeps_its_own():
    model, x = convolutional(), torch.from_numpy(images()).requires_grad_()
    model.denoise(x, 0.1).sum().backward()
    assert x.grad.shape == x.shape and x.grad.abs().sum() > 0
    array = images().astype(np.float64)[:, :, ::2]
    array.setflags(write=False)
    assert model.denoise(array, 0.1).dtype == np.float32


def test_the_learned_denoiser_cleans_a_photograph_it_never_saw(learned):
    clean = photo()
    corrupted = corrupt(clean[None], strength=SIGMA)[0]
    assert metrics.psnr(clean, learned.denoise(corrupted, SIGMA)) > metrics.psnr(clean, corrupted) + 7
    assert metrics.psnr(clean, learned.denoise(corrupted)) > metrics.psnr(clean, corrupted) + 7
    assert metrics.psnr(clean, learned.denoise(clean, 0.0)) > 38


def test_the_learned_denoiser_loses_when_it_is_told_another_strength(learned):
    clean = photo()
    corrupted = corrupt(clean[None], strength=SIGMA)[0]
    right, half, twice = (metrics.psnr(clean, learned.denoise(corrupted, factor * SIGMA)) for factor in (1, 0.5, 2))
    assert right > half + 4 and right > twice + 1.5


def test_a_self_ensemble_treats_all_rotations_and_reflections_alike(learned):
    clean = photo(48)[:, :, :41]
    corrupted = corrupt(clean[None], strength=SIGMA)[0]
    cleaned = learned.denoise(corrupted, SIGMA, self_ensemble=8)
    for move in (
        lambda image: np.rot90(image, 1, (1, 2)),
        lambda image: image[:, ::-1],
        lambda image: image[..., ::-1],
    ):
        np.testing.assert_allclose(
            learned.denoise(move(corrupted).copy(), SIGMA, self_ensemble=8), move(cleaned), atol=1e-5
        )
    copies = np.repeat(clean[None], 8, axis=0)  # on a single one the gain can be next to nothing
    corrupted = corrupt(copies, strength=SIGMA)
    once, eight = (metrics.psnr(copies, learned.denoise(corrupted, SIGMA, self_ensemble=n)) for n in (1, 8))
    assert eight > once


def test_views_is_the_old_name_of_the_self_ensemble():
    model, x = convolutional(), images()
    with pytest.warns(DeprecationWarning, match="the argument views is now called self_ensemble"):
        ensemble = model.denoise(x, 0.1, views=8)
    np.testing.assert_array_equal(ensemble, model.denoise(x, 0.1, self_ensemble=8))


def test_a_stronger_level_smooths_more(learned):
    corrupted = corrupt(photo()[None], strength=SIGMA)[0]
    roughness = [np.abs(np.diff(learned.denoise(corrupted, sd), axis=2)).mean() for sd in (0.0, 0.05, 0.1, 0.2)]
    assert roughness == sorted(roughness, reverse=True)


def test_without_a_level_each_image_gets_the_one_that_is_measured_in_it(learned):
    x = np.stack([corrupt(photo()[None], strength=sd)[0] for sd in (0.05, 0.2)])
    one_by_one = [learned.denoise(image, noise_level(image)) for image in x]
    np.testing.assert_allclose(learned.denoise(x), one_by_one, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ConvDenoiser(0), "channels was 0"),
        (lambda: ConvDenoiser(depth=5), "depth was 5"),
        (lambda: ConvDenoiser(strength=(0.3, 0.1)), "strength was"),
        (lambda: ConvDenoiser(strength=(0.1, 0.2, 0.3)), "strength was"),
        (lambda: ConvDenoiser(corruption="masking", strength=(0, 2)), r"strength\[1\] was 2"),
        (lambda: ConvDenoiser(strength="much"), "strength was 'much'"),
        (lambda: ConvDenoiser(3).denoise(images()), "channels=1"),
        (lambda: ConvDenoiser().denoise(images()[0, 0]), "images must be"),
        (lambda: ConvDenoiser().denoise(images(), -1), "strength was -1"),
        (lambda: ConvDenoiser().denoise(images(1, (1, 2, 2))), "at least 3 by 3"),
        (lambda: ConvDenoiser().denoise(images(), 0.1, self_ensemble=4), "self_ensemble was 4; it must be 1 or 8"),
        (
            lambda: ConvDenoiser().denoise(images(), 0.1, self_ensemble=True),
            "self_ensemble was True; it must be 1 or 8",
        ),
        (lambda: ConvDenoiser(corruption="blur").denoise(images()), "strength was None"),
        (lambda: ConvDenoiser().steps(images(), np.zeros(4)), "y was given"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
