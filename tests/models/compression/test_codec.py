"""The codecs: what is compressed comes back, at the rate that was trained for."""

import math
import struct
import zlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data, load, metrics, save
from udl_teach.models import LearnedCodec
from udl_teach.models.compression.codec import RATE_WEIGHT
from udl_teach.modules import arguments_of, fingerprint
from udl_teach.pretrained import WEIGHTS, pretrained
from udl_teach.weights import make_codec


@given(
    channels=st.sampled_from([1, 3]),
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    step_size=st.floats(0.002, 2.0),
    seed=st.integers(0, 99),
)
@settings(max_examples=20, deadline=None)
def test_images_of_any_size_are_reconstructed(small, pca, smooth_image, channels, height, width, step_size, seed):
    image = smooth_image(channels, height, width, seed)
    for codec in (small, pca):
        back = codec.decompress(codec.compress(image, step_size))
        np.testing.assert_array_equal(back, codec.reconstruct(image, step_size))
        assert back.shape == image.shape and back.dtype == np.float32
        assert 0 <= back.min() and back.max() <= 1


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 7, 13), (3, 9, 2)])
@pytest.mark.parametrize("value", [0.0, 0.37, 1.0])
def test_constant_images_take_few_bytes(trained, pca, shape, value):
    for codec in (trained, pca):
        data = codec.compress(np.full(shape, value), 0.1)
        assert np.abs(codec.decompress(data) - value).max() < 0.04
        assert len(data) < (22 + 4 + 4) + 70 * shape[0]


def test_a_small_step_size_gives_the_image_back(small, pca, smooth_image):
    image = smooth_image(1, 50, 61, 0)
    # At a step size of 0.002 a coefficient is off by at most 0.001, and the basis is orthonormal.
    for codec in (small, pca):
        assert metrics.psnr(image, codec.decompress(codec.compress(image, 0.002))) > 60


def test_larger_step_sizes_mean_fewer_bytes_and_more_distortion(trained, pca, camera):
    for codec in (trained, pca):
        points = metrics.rate_distortion(camera, codec.compress, codec.decompress, [0.05, 0.1, 0.2, 0.4])
        assert [point.size for point in points] == sorted((point.size for point in points), reverse=True)
        assert [point.psnr for point in points] == sorted((point.psnr for point in points), reverse=True)


def test_the_trained_codec_is_better_than_jpeg_and_pca_at_equal_bytes(trained, pca, camera):
    def curve(compress, decompress, settings):
        points = metrics.rate_distortion(camera, compress, decompress, settings)
        return sorted((point.bits_per_pixel, point.psnr) for point in points)

    rates = np.array([0.3, 0.4, 0.5, 0.6])
    at_rates = [
        np.interp(rates, *np.array(points).T)
        for points in (
            curve(trained.compress, trained.decompress, [0.05, 0.07, 0.1, 0.14, 0.2, 0.3]),
            curve(metrics.jpeg_compress, metrics.jpeg_decompress, range(5, 70, 5)),
            curve(pca.compress, pca.decompress, [0.1, 0.14, 0.2, 0.3, 0.4]),
        )
    ]
    assert (at_rates[0] - at_rates[1]).min() >= 0.5
    assert (at_rates[0] - at_rates[2]).min() >= 0.5


def test_codes_are_integers_of_the_stated_shape(small, pca, smooth_image):
    image = smooth_image(3, 50, 61, 0)
    codes = small.codes(image, 0.1)
    assert codes.shape == (3, 64, 7, 8) and codes.dtype == np.int64
    codes = pca.codes(image, 0.1)
    assert codes.shape == (3, 64, 7 * 8) and codes.dtype == np.int64


@pytest.mark.parametrize(
    ("image", "step_size", "message"),
    [
        (np.zeros((8, 8)), 0.1, r"image\[None\]"),
        (np.zeros((2, 8, 8)), 0.1, "image has shape"),
        (np.zeros((1, 0, 8)), 0.1, "empty"),
        (np.full((1, 8, 8), 255.0), 0.1, "values from 0 to 1"),
        (np.full((1, 8, 8), np.nan), 0.1, "missing value"),
        (np.broadcast_to(np.float32(0), (1, 4096, 4096)), 0.1, "make it smaller"),
        (np.zeros((1, 8, 8)), 0, "step_size was 0"),
        (np.zeros((1, 8, 8)), 3.0, "at most 2"),
        (np.zeros((1, 8, 8)), float("nan"), "step_size was nan"),
    ],
)
def test_images_and_step_sizes_are_checked(codec, image, step_size, message):
    for method in (codec.compress, codec.codes, codec.reconstruct):
        with pytest.raises(ValueError, match=message):
            method(image, step_size)


def test_the_argument_step_goes_on_answering(codec):
    image = np.full((1, 8, 8), 0.3)
    for method in (codec.compress, codec.codes, codec.reconstruct):
        with pytest.warns(DeprecationWarning, match="step is now called step_size") as caught:
            np.testing.assert_array_equal(method(image, step=0.2), method(image, step_size=0.2))
        assert caught[0].filename == __file__


def test_a_saved_codec_decompresses_earlier_streams(small, pca, smooth_image, tmp_path):
    image = smooth_image(1, 30, 30, 0)
    for codec in (small, pca):
        again = load(save(codec, tmp_path / "codec.npz"))
        stream = codec.compress(image, 0.1)
        assert again.compress(image, 0.1) == stream
        np.testing.assert_array_equal(again.decompress(stream), codec.decompress(stream))


def test_two_copies_of_the_trained_codec_decompress_each_others_streams(trained, camera):
    stream = trained.compress(camera, 0.15)
    np.testing.assert_array_equal(pretrained("codec").decompress(stream), trained.reconstruct(camera, 0.15))


def test_codes_that_are_decoded_differently_are_noticed(small, smooth_image):
    whole = small.compress(smooth_image(1, 40, 40, 0), 0.1)
    body = bytearray(whole[:-4])
    body[-10] ^= 4  # as if the decoder's frequencies differed from here on
    with pytest.raises(ValueError, match="other codes than were encoded"):
        small.decompress(bytes(body) + struct.pack("<I", zlib.crc32(body)))


def test_the_number_of_threads_changes_no_codes(trained, camera):
    camera = camera[:, :80, :96]
    threads = torch.get_num_threads()
    stream = trained.compress(camera, 0.1)
    try:
        torch.set_num_threads(2 if threads == 1 else 1)
        np.testing.assert_allclose(trained.decompress(stream), trained.reconstruct(camera, 0.1), atol=1e-6)
    finally:
        torch.set_num_threads(threads)


# Learning


def test_rate_and_distortion_have_the_stated_units(trained, monkeypatch):
    # At small step sizes noise is as good as rounding; at large ones rounding sets most codes to 0.
    monkeypatch.setattr("udl_teach.models.compression.codec.TRAINED_STEP_SIZES", (0.03, 0.05))
    x = torch.from_numpy(data.photos(colour=False).images[:, :, 100:164, 200:264].copy())
    generator = torch.Generator().manual_seed(3)
    terms = trained.loss(x, generator)
    low, high = math.log(0.03), math.log(0.05)
    log_step_sizes = low + (high - low) * torch.rand(2, generator=torch.Generator().manual_seed(3))
    rates, errors = [], []
    for image, log_step_size in zip(x.numpy(), log_step_sizes.tolist(), strict=True):
        step_size = math.exp(log_step_size)
        rates.append(metrics.bits_per_pixel(trained.compress(image, step_size)[30:], image))
        errors.append(metrics.mean_squared_error(image, trained.reconstruct(image, step_size)))
    assert terms["rate"].item() == pytest.approx(np.mean(rates), rel=0.1)
    assert terms["distortion"].item() == pytest.approx(np.mean(errors), rel=0.1)
    one = trained.loss(x[:1], torch.Generator().manual_seed(3))
    step_size = math.exp(low + (high - low) * torch.rand(1, generator=torch.Generator().manual_seed(3)).item())
    assert one["loss"].item() == pytest.approx(
        one["distortion"].item() / step_size**2 + RATE_WEIGHT * one["rate"].item(), rel=1e-4
    )


def test_learning_lowers_the_loss_and_leaves_the_global_generator_alone():
    x = data.patches(data.photos(colour=False), size=48, n=64).images
    model = LearnedCodec(hidden_size=8)
    before = torch.get_rng_state()
    losses = [step.loss for step in model.steps(x, epochs=8, batch_size=16, learning_rate=2e-3)]
    assert torch.equal(before, torch.get_rng_state())
    assert np.mean(losses[-6:]) < 0.8 * np.mean(losses[:6])


def test_equal_seeds_give_equal_codecs():
    x = data.patches(data.photos(colour=False), size=40, n=16).images

    def learned(seed):
        model = LearnedCodec(hidden_size=4, seed=seed)
        for _ in model.steps(x, epochs=1, seed=seed):
            pass
        return fingerprint(model)

    assert learned(1) == learned(1) != learned(2)


def test_noise_is_said_for_each_run_and_changes_the_rate_alone():
    x = data.patches(data.photos(colour=False), size=40, n=8).images

    def first(model, **options):
        return next(model.steps(x, epochs=1, **options))

    model = LearnedCodec(hidden_size=4)
    noisy = model.steps(x, epochs=1)
    model.steps(x, noise=False)  # another run, which is not advanced
    step, with_noise, without = next(noisy), first(LearnedCodec(4)), first(LearnedCodec(4), noise=False)
    assert step.terms == with_noise.terms and with_noise.terms["distortion"] == without.terms["distortion"]
    assert with_noise.terms["rate"] != without.terms["rate"]
    with pytest.raises(TypeError, match="noise was 'no'"):
        model.steps(x, noise="no")


def test_a_few_steps_of_the_recipe_follow_from_the_seed_and_end_without_noise(monkeypatch):
    monkeypatch.setattr(make_codec, "CROP", 40)
    monkeypatch.setattr(make_codec, "POOL", 2)
    steps, noises = LearnedCodec.steps, []

    def watched(*arguments, noise, **named):
        noises.append(noise)
        return steps(*arguments, noise=noise, **named)

    monkeypatch.setattr(LearnedCodec, "steps", watched)
    everywhere = torch.get_rng_state()
    one, again, other = (make_codec.train(seed, steps=5) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), everywhere)
    assert fingerprint(one) == fingerprint(again) != fingerprint(other)
    assert noises == 3 * [True, True, False] and not one.training


def test_the_committed_weights_are_of_the_recipes_codec_and_small(trained):
    assert arguments_of(trained) == arguments_of(LearnedCodec()) and not trained.training
    assert (WEIGHTS / "codec.npz").stat().st_size <= 500_000


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((2, 3, 64, 64)), "grey"),
        (np.zeros((2, 1, 32, 64)), "at least 40"),
        (np.zeros((2, 1, 64, 65)), "multiples of 8"),
        (np.full((2, 1, 64, 64), 2.0), "values from 0 to 1"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(x, message):
    with pytest.raises(ValueError, match=message):
        LearnedCodec(hidden_size=4).steps(x)
