"""Denoising: what is spoilt, what is learned from it, and what the denoisers make of images of any size."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from udl_teach import data, fit, load, metrics, save, train
from udl_teach.models import (
    CORRUPTIONS,
    ConvDenoiser,
    DenoisingAutoencoder,
    corrupt,
    denoise_by_pca,
    noise_level,
)
from udl_teach.models.denoising.corruption import disturb
from udl_teach.pretrained import pretrained

SIGMA = 25 / 255


def images(n=4, shape=(1, 12, 10), seed=0):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (n, *shape)).astype(np.float32)


def photo(size=96):
    return data.unseen_photos()["chelsea"][:, 60 : 60 + size, 150 : 150 + size]


def dense(corruption="gaussian", **options):
    strength = 1.0 if corruption == "blur" else 0.3
    return DenoisingAutoencoder(
        64, 8, (16,), corruption=corruption, **{"strength": strength, "image_shape": (1, 8, 8)} | options
    )


def convolutional(corruption="gaussian", **options):
    strength = (0.5, 2.0) if corruption == "blur" else (0.0, 0.3)
    return ConvDenoiser(1, 8, 4, corruption=corruption, **{"strength": strength} | options)


@pytest.fixture(scope="module")
def learned():
    return pretrained("denoiser")


# What is spoilt


def test_gaussian_noise_has_its_standard_deviation_and_is_not_clipped():
    x = np.concatenate([np.zeros((50, 400)), np.ones((50, 400))])
    noise = corrupt(x, strength=0.3, seed=1) - x
    assert noise.std() == pytest.approx(0.3, rel=0.02)
    # Clipping would leave the noise on black and on white with another mean.
    assert abs(noise[:50].mean()) < 0.01 and abs(noise[50:].mean()) < 0.01


def test_masking_sets_a_share_to_zero_and_leaves_the_rest():
    x = images(20)
    spoilt = corrupt(x, "masking", 0.3)
    assert (spoilt == 0).mean() == pytest.approx(0.3, abs=0.03)
    np.testing.assert_array_equal(spoilt[spoilt != 0], x[spoilt != 0])


def test_salt_and_pepper_change_a_share_of_the_pixels_half_each_and_all_channels_together():
    x = images(20, (3, 16, 16))
    spoilt = corrupt(x, "salt-and-pepper", 0.4)
    assert (spoilt == 0).mean() == pytest.approx(0.2, abs=0.02) and (spoilt == 1).mean() == pytest.approx(0.2, abs=0.02)
    changed = spoilt != x
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
        together = disturb(x, corruption, strength.clamp(max=1.0) if corruption != "blur" else strength, None)
        change = (together - x).abs().flatten(1).mean(dim=1)
        assert change[0] < change[1], corruption
    for image, sd, spoilt in zip(x, strength, together, strict=True):  # the last is the blur
        np.testing.assert_allclose(spoilt.numpy(), corrupt(image[None].numpy(), "blur", sd.item())[0], atol=1e-4)


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


# What is learned from it


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_dense_loss_compares_what_is_made_of_spoilt_samples_with_the_clean_ones(corruption):
    model, x = dense(corruption), torch.from_numpy(images(6, (1, 8, 8)))
    spoilt = disturb(x, corruption, torch.full((6,), model.strength), torch.Generator().manual_seed(3)).flatten(1)
    wanted = ((model.denoise(spoilt) - x.flatten(1)) ** 2).sum(dim=1).mean()
    for mode in (True, False):  # in validation as in learning
        model.train(mode)
        loss = model.loss(x.flatten(1), torch.Generator().manual_seed(3))["loss"]
        assert loss.item() == pytest.approx(wanted.item(), rel=1e-5)
    clean = ((model(x.flatten(1)) - x.flatten(1)) ** 2).sum(dim=1).mean()
    assert abs(loss.item() - clean.item()) > 1e-3


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_the_convolutional_loss_compares_with_the_clean_images_and_tells_the_strengths(corruption):
    model, x = convolutional(corruption), torch.from_numpy(images(6))
    heard = []
    model.network.register_forward_pre_hook(lambda _, given: heard.append(given[0][:, -1]))
    loss = model.loss(x, torch.Generator().manual_seed(3))["loss"].item()
    generator = torch.Generator().manual_seed(3)
    lowest, highest = model.strength
    strength = lowest + (highest - lowest) * torch.rand(6, generator=generator)
    spoilt = disturb(x, corruption, strength, generator)
    cleaned = torch.cat([model.denoise(one[None], sd.item()) for one, sd in zip(spoilt, strength, strict=True)])
    assert loss == pytest.approx(((cleaned - x) ** 2).sum(dim=(1, 2, 3)).mean().item(), rel=1e-4)
    planes = heard[0].detach()
    np.testing.assert_allclose(planes[:, 0, 0], strength, rtol=1e-6)
    assert (planes == planes[:, :1, :1]).all() and len(set(strength.tolist())) == 6


@pytest.mark.parametrize("make", [dense, convolutional])
def test_the_noise_is_drawn_anew_at_every_step(make):
    model, x, seen = make(), images(3, (1, 8, 8)), []
    first = model.encoder if make is dense else model.network
    first.register_forward_pre_hook(lambda _, given: seen.append(given[0].detach().clone()))
    for _ in model.steps(x, epochs=2, batch_size=3, learning_rate=0.0):
        pass
    # The same three images in another order: had the noise stayed, some pair would agree.
    gaps = [(one - other).abs().max() for one in seen[0] for other in seen[1]]
    assert min(gaps) > 0.1


@pytest.mark.parametrize("corruption", CORRUPTIONS)
@pytest.mark.parametrize("make", [dense, convolutional])
def test_some_epochs_and_some_more_are_all_of_them_bit_for_bit(make, corruption):
    x, everywhere = images(10, (1, 8, 8)), torch.get_rng_state()
    whole, parts = make(corruption), make(corruption)
    at_once = fit(whole, x, epochs=4, batch_size=4, progress=False)
    half = fit(parts, x, epochs=2, batch_size=4, progress=False)
    both = fit(parts, x, epochs=2, batch_size=4, progress=False, resume=half)
    assert both.loss == at_once.loss
    assert torch.equal(torch.get_rng_state(), everywhere)


@pytest.mark.parametrize("make", [dense, convolutional])
def test_looking_never_changes_learning(make):
    x = images(10, (1, 8, 8))
    alone = [step.loss for step in make().steps(x, epochs=3, batch_size=4)]
    model, watched = make(), []
    for step in train(model, x if make is convolutional else x.reshape(10, -1), epochs=3, batch_size=4):
        watched.append(step.loss)
        model.eval()
        model.denoise(x)
        noise_level(x[0])
    assert watched == alone


@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_both_kinds_learn_to_undo_each_corruption(corruption):
    x = data.patches(data.photos(), size=16, n=200, seed=1).images
    strength = 2.0 if corruption == "blur" else 0.4
    spoilt = corrupt(x, corruption, strength, seed=9)
    narrow = DenoisingAutoencoder(256, 64, (), corruption=corruption, strength=strength, image_shape=(1, 16, 16))
    fit(narrow, x, epochs=15, batch_size=20, learning_rate=3e-3, progress=False)
    wide = ConvDenoiser(1, 16, 4, corruption=corruption, strength=strength)
    fit(wide, x, epochs=15, batch_size=20, learning_rate=3e-3, progress=False)
    untouched = metrics.psnr(x, spoilt)
    assert metrics.psnr(x, wide.denoise(spoilt, strength)) > untouched + (0.05 if corruption == "blur" else 6)
    # Through 64 numbers a blurred patch loses as much as it regains.
    assert corruption == "blur" or metrics.psnr(x, narrow.denoise(spoilt)) > untouched + 4


# Images of any size


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


@pytest.mark.parametrize("at_once", [1, 1500, 3000])
def test_a_large_image_cleaned_in_strips_has_no_seam(monkeypatch, at_once):
    model, x = ConvDenoiser(1, 6, 4), images(2, (1, 101, 30))
    whole = model.denoise(x, 0.2)
    monkeypatch.setattr("udl_teach.models.denoising.convolutional.AT_ONCE", at_once)
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
    spoilt = corrupt(clean[None], strength=SIGMA)[0]
    assert metrics.psnr(clean, learned.denoise(spoilt, SIGMA)) > metrics.psnr(clean, spoilt) + 7
    assert metrics.psnr(clean, learned.denoise(spoilt)) > metrics.psnr(clean, spoilt) + 7
    assert metrics.psnr(clean, learned.denoise(clean, 0.0)) > 38


def test_the_learned_denoiser_loses_when_it_is_told_another_strength(learned):
    clean = photo()
    spoilt = corrupt(clean[None], strength=SIGMA)[0]
    right, half, twice = (metrics.psnr(clean, learned.denoise(spoilt, factor * SIGMA)) for factor in (1, 0.5, 2))
    assert right > half + 4 and right > twice + 1.5


def test_eight_views_treat_all_poses_of_an_image_alike(learned):
    clean = photo(48)[:, :, :41]
    spoilt = corrupt(clean[None], strength=SIGMA)[0]
    cleaned = learned.denoise(spoilt, SIGMA, views=8)
    for pose in (
        lambda image: np.rot90(image, 1, (1, 2)),
        lambda image: image[:, ::-1],
        lambda image: image[..., ::-1],
    ):
        np.testing.assert_allclose(learned.denoise(pose(spoilt).copy(), SIGMA, views=8), pose(cleaned), atol=1e-5)
    copies = np.repeat(clean[None], 8, axis=0)  # on a single one the gain can be next to nothing
    spoilt = corrupt(copies, strength=SIGMA)
    once, eight = (metrics.psnr(copies, learned.denoise(spoilt, SIGMA, views=views)) for views in (1, 8))
    assert eight > once


def test_a_stronger_level_smooths_more(learned):
    spoilt = corrupt(photo()[None], strength=SIGMA)[0]
    roughness = [np.abs(np.diff(learned.denoise(spoilt, sd), axis=2)).mean() for sd in (0.0, 0.05, 0.1, 0.2)]
    assert roughness == sorted(roughness, reverse=True)


def test_without_a_level_each_image_gets_the_one_that_is_measured_in_it(learned):
    x = np.stack([corrupt(photo()[None], strength=sd)[0] for sd in (0.05, 0.2)])
    one_by_one = [learned.denoise(image, noise_level(image)) for image in x]
    np.testing.assert_allclose(learned.denoise(x), one_by_one, atol=1e-5)


# How noisy an image is


@pytest.mark.parametrize("name", sorted(data.unseen_photos()))
def test_the_noise_is_measured_to_a_tenth(name):
    clean = data.unseen_photos()[name][None]
    for sd in (SIGMA, 2 * SIGMA):
        assert noise_level(corrupt(clean, strength=sd)) == pytest.approx(sd, rel=0.1)


def test_the_measure_heeds_neither_a_slope_nor_an_edge_and_grows_with_the_contrast():
    slope = np.add.outer(np.linspace(0, 1, 60), np.linspace(0, 2, 80)) + (np.arange(80) > 40)
    assert noise_level(slope) == pytest.approx(0, abs=1e-6)
    x = np.random.default_rng(0).normal(0, 0.1, (3, 60, 80))
    assert noise_level(x + slope) == pytest.approx(0.1, rel=0.05)
    assert noise_level(5 * x) == pytest.approx(5 * noise_level(x), rel=1e-5)


# PCA of patches


def test_pca_of_patches_cleans_a_photograph():
    clean = photo()
    spoilt = corrupt(clean[None], strength=SIGMA)[0]
    assert metrics.psnr(clean, denoise_by_pca(spoilt, SIGMA)) > metrics.psnr(clean, spoilt) + 7


def test_pca_of_patches_keeps_all_where_there_is_no_noise_and_only_means_where_there_is_nothing_else():
    x = images(2, (3, 31, 26))
    np.testing.assert_allclose(denoise_by_pca(x, 0.0), x, atol=1e-5)
    flat = np.full((1, 40, 40), 0.5) + np.random.default_rng(0).normal(0, 0.05, (1, 40, 40))
    assert np.abs(denoise_by_pca(flat, 0.05) - 0.5).mean() < 0.18 * np.abs(flat - 0.5).mean()
    np.testing.assert_allclose(denoise_by_pca(x[0], 0.1), denoise_by_pca(x, 0.1)[0], atol=1e-6)
    assert denoise_by_pca(np.full((1, 2, 3), 0.5), 0.1).shape == (1, 2, 3)


# What is refused, and what is kept


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: corrupt(images(), "fog"), "corruption was 'fog'; it must be one of 'gaussian'"),
        (lambda: corrupt(images(), "masking", 1.5), "strength was 1.5"),
        (lambda: corrupt(images(), "gaussian", -0.1), "strength was -0.1"),
        (lambda: corrupt(images(), seed=-1), "seed was -1"),
        (lambda: corrupt(images()[:, 0], "blur"), "images must be"),
        (lambda: corrupt(np.array([[1.0, np.nan]])), "missing value"),
        (lambda: DenoisingAutoencoder(64, corruption="blur"), "without image_shape"),
        (lambda: DenoisingAutoencoder(64, image_shape=(1, 8, 9)), "image_shape was"),
        (lambda: DenoisingAutoencoder(64, image_shape=(8, 8)), "image_shape was"),
        (lambda: DenoisingAutoencoder(64, corruption="masking", strength=2), "strength was 2"),
        (lambda: DenoisingAutoencoder(64).denoise(np.ones((2, 63))), "made for 64"),
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
        (lambda: ConvDenoiser().denoise(images(), 0.1, views=4), "views was 4; it must be 1 or 8"),
        (lambda: ConvDenoiser(corruption="blur").denoise(images()), "strength was None"),
        (lambda: ConvDenoiser().steps(images(), np.zeros(4)), "y was given"),
        (lambda: noise_level(np.ones(9)), "must be an image"),
        (lambda: denoise_by_pca(images(), "0.1"), "strength was '0.1'"),
        (lambda: denoise_by_pca(images(), 0.1, window=3), "window was 3"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("make", [dense, convolutional])
@pytest.mark.parametrize("corruption", CORRUPTIONS)
def test_a_saved_model_comes_back_the_same(tmp_path, make, corruption):
    model, x = make(corruption, seed=5), images(3, (1, 8, 8))
    again = load(save(model, tmp_path / "model.npz"))
    options = {} if make is dense else {"strength": 0.2}
    np.testing.assert_array_equal(again.denoise(x, **options), model.denoise(x, **options))
    assert (again.corruption, again.strength) == (model.corruption, model.strength)
