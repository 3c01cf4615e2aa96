"""The codecs: what is compressed comes back, costs the bits that are foretold, and damage is said in one sentence."""

import math
import struct
import zlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.fft import idctn
from scipy.stats import logistic

from udl_teach import data, load, metrics, save
from udl_teach.models import LearnedCodec, PatchPCACodec
from udl_teach.models.compression import code_tables
from udl_teach.models.compression.block_transform import cosine_waves
from udl_teach.models.compression.codec import TRADE
from udl_teach.models.compression.entropy_model import EntropyModel
from udl_teach.models.compression.stream import HEAD
from udl_teach.models.compression.ycbcr import image_of, planes_of
from udl_teach.modules import arguments_of, fingerprint
from udl_teach.pretrained import WEIGHTS, pretrained
from udl_teach.weights import make_codec


@pytest.fixture(scope="module")
def trained():
    return pretrained("codec")


@pytest.fixture(scope="module")
def small():
    return LearnedCodec(hidden_size=4)


@pytest.fixture(scope="module")
def pca():
    return PatchPCACodec().fit(data.patches(data.photos(colour=False), size=8, n=3000).x)


@pytest.fixture(scope="module")
def camera():
    return data.unseen_photos()["camera"][:, 100:300, 150:350]


@pytest.fixture(params=["learned", "pca"])
def codec(request, small, pca):
    return small if request.param == "learned" else pca


def smooth_picture(channels, height, width, seed):
    """Something between noise and a photograph: random waves and a little noise."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    waves = [np.sin(rng.uniform(0, 0.3) * rows + rng.uniform(0, 0.3) * columns + c) for c in range(channels)]
    return np.clip(0.5 + 0.3 * np.stack(waves) + rng.normal(0, 0.05, (channels, height, width)), 0, 1)


# What comes back


@given(
    channels=st.sampled_from([1, 3]),
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    step=st.floats(0.002, 2.0),
    seed=st.integers(0, 99),
)
@settings(max_examples=20, deadline=None)
def test_pictures_of_any_size_come_back_as_the_codec_says(small, pca, channels, height, width, step, seed):
    picture = smooth_picture(channels, height, width, seed)
    for codec in (small, pca):
        back = codec.decompress(codec.compress(picture, step))
        np.testing.assert_array_equal(back, codec.reconstruct(picture, step))
        assert back.shape == picture.shape and back.dtype == np.float32
        assert 0 <= back.min() and back.max() <= 1


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 7, 13), (3, 9, 2)])
@pytest.mark.parametrize("value", [0.0, 0.37, 1.0])
def test_constant_pictures_come_back_in_few_bytes(trained, pca, shape, value):
    for codec in (trained, pca):
        data = codec.compress(np.full(shape, value), 0.1)
        assert np.abs(codec.decompress(data) - value).max() < 0.04
        assert len(data) < (22 + 4 + 4) + 70 * shape[0]


def test_a_fine_step_gives_the_picture_back(small, pca):
    picture = smooth_picture(1, 50, 61, 0)
    # A step of 0.002 errs by 0.001 a code at most, and the waves are orthonormal: what is lost is rounding alone.
    for codec in (small, pca):
        assert metrics.psnr(picture, codec.decompress(codec.compress(picture, 0.002))) > 60


def test_larger_steps_mean_fewer_bytes_and_more_error(trained, pca, camera):
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


def test_colours_become_jpegs_planes_and_come_back():
    picture = torch.randint(0, 256, (3, 5, 6), generator=torch.Generator().manual_seed(0)) / 255
    planes = planes_of(picture)
    pixels = (picture * 255).round().byte().permute(1, 2, 0).numpy()
    expected = np.asarray(Image.fromarray(pixels).convert("YCbCr")).transpose(2, 0, 1)
    np.testing.assert_allclose(planes[:, 0] * 255, expected, atol=1.1)
    torch.testing.assert_close(image_of(planes), picture, atol=1e-5, rtol=0)


# What it costs


def test_the_stream_is_as_long_as_the_entropy_model_says(trained, camera):
    step = 0.1
    codes = torch.from_numpy(trained.codes(camera, step)).float()
    with torch.no_grad():
        bits = trained._bits(codes, codes, torch.tensor([math.log(step)])).sum().item()
    # Head, two checksums; rounded levels; codes made 0 cost nothing.
    assert bits * 0.97 < 8 * (len(trained.compress(camera, step)) - 30) < bits * 1.02 + 16


def test_bits_are_those_of_the_logistic_distribution_even_far_out(small):
    rng = np.random.default_rng(0)
    codes = torch.from_numpy(rng.integers(-3, 4, size=(1, 64, 6, 5))).float()
    values = (codes + torch.from_numpy(rng.normal(0, 1, codes.shape)).float()).requires_grad_()
    log_step = torch.tensor([-2.0])
    bits = small._bits(values, codes, log_step)
    mean, log_scale = (value.detach().double().numpy() for value in small.entropy_model(codes, log_step))
    whole, numbers = logistic(mean, np.exp(log_scale)), values.detach().double().numpy()
    share = np.where(numbers > mean, whole.sf(numbers - 0.5) - whole.sf(numbers + 0.5), 0)
    share = np.where(numbers > mean, share, whole.cdf(numbers + 0.5) - whole.cdf(numbers - 0.5))
    np.testing.assert_allclose(bits.detach().numpy(), -np.log2(share), rtol=2e-3, atol=2e-3)
    far = small._bits(values + 50, codes, log_step)
    (slope,) = torch.autograd.grad(far.sum(), values)
    assert torch.isfinite(far).all() and (slope > 0).all()


def test_codes_are_whole_numbers_of_the_stated_shape(small, pca):
    picture = smooth_picture(3, 50, 61, 0)
    codes = small.codes(picture, 0.1)
    assert codes.shape == (3, 64, 7, 8) and codes.dtype == np.int64
    codes = pca.codes(picture, 0.1)
    assert codes.shape == (3, 64, 7 * 8) and codes.dtype == np.int64


def test_rounding_takes_what_costs_least():
    rng = np.random.default_rng(0)
    n = 400
    mean, log_scale = rng.normal(0, 2, n), rng.uniform(math.log(0.1), math.log(5), n)
    values = mean + rng.logistic(size=n) * np.exp(log_scale)
    offset, part, level = code_tables.levels(mean, log_scale)
    found = code_tables.rounded(values, offset, part, level, 0.13)
    for value, code, o, p, k in zip(values, found, offset, part, level, strict=True):
        if k == 0:
            assert code == 0
            continue
        table = code_tables.table(int(p), int(k))
        reach = (len(table) - 2) // 2 - 1
        costs = {}
        for candidate in range(math.floor(value) - 1, math.ceil(value) + 2):
            place = candidate - o + reach
            if 0 <= place < len(table) - 2:
                share = (table[place + 1] - table[place]) / table[-1]
                costs[candidate] = (value - candidate) ** 2 - 0.13 * math.log2(share)
        if code in costs:
            assert costs[code] <= min(costs.values()) + 0.02


# The entropy model


@pytest.fixture(scope="module")
def entropy_model():
    generator = torch.Generator().manual_seed(0)
    model = EntropyModel(torch.ones(6), (1, 2, 3), 8, generator)
    for parameter in model.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)
    return model.double()


@pytest.mark.parametrize("shape", [(5, 5), (6, 9), (8, 7)])
def test_every_code_is_written_in_one_pass(entropy_model, shape):
    codes = torch.zeros(1, 6, *shape)
    written = torch.zeros(6, *shape)
    for one in entropy_model.passes:
        # What was written so far is just what the pass counts as known, in the channels that it looks at.
        assert torch.equal(one.knows(codes)[: one.end], written[: one.end])
        written[one.first : one.end] += one.writes(codes)
    assert torch.equal(written, torch.ones_like(written))


def test_what_is_foretold_depends_on_earlier_passes_alone(entropy_model):
    generator = torch.Generator().manual_seed(1)
    codes = torch.randint(-4, 5, (2, 6, 7, 6), generator=generator).double()
    log_step = torch.tensor([-1.0, -2.0], dtype=torch.float64)
    mean, log_scale = entropy_model(codes, log_step)
    known = torch.zeros_like(codes)
    for one in entropy_model.passes:
        here, part = one.writes(codes).bool(), slice(one.first, one.end)
        mean_here, log_scale_here = one(known, log_step)
        torch.testing.assert_close(mean_here[:, :, here], mean[:, part][:, :, here])
        torch.testing.assert_close(log_scale_here[:, :, here], log_scale[:, part][:, :, here])
        known[:, part] = torch.where(here, codes[:, part], known[:, part])


def test_a_brighter_picture_costs_the_same(entropy_model):
    generator = torch.Generator().manual_seed(1)
    codes = torch.randint(-4, 5, (1, 6, 8, 8), generator=generator).double()
    brighter = codes.clone()
    brighter[:, 0] += 100
    log_step = torch.zeros(1, dtype=torch.float64)
    mean, log_scale = entropy_model(codes, log_step)
    mean_brighter, log_scale_brighter = entropy_model(brighter, log_step)
    first = entropy_model.passes[0].writes(codes).bool()  # the first of all know nothing to differ from
    torch.testing.assert_close(log_scale, log_scale_brighter)
    torch.testing.assert_close(mean[:, 0][:, ~first] + 100, mean_brighter[:, 0][:, ~first])
    torch.testing.assert_close(mean[:, 1:], mean_brighter[:, 1:])


def test_the_codec_starts_as_the_cosine_transform():
    waves, frequencies = cosine_waves(8)
    unit = np.zeros((8, 8))
    unit[2, 1] = 1
    wave = idctn(unit, norm="ortho")
    assert np.abs(waves.numpy() - wave).max(axis=(1, 2)).min() < 1e-6
    np.testing.assert_allclose(waves.flatten(1) @ waves.flatten(1).T, np.eye(64), atol=1e-5)
    assert (frequencies.diff() >= 0).all()


# Learning


def test_rate_and_distortion_have_the_stated_units(trained, monkeypatch):
    # At fine steps noise is as good as rounding; at coarse ones rounding sets most codes to 0.
    monkeypatch.setattr("udl_teach.models.compression.codec.TRAINED_STEPS", (0.03, 0.05))
    x = torch.from_numpy(data.photos(colour=False).images[:, :, 100:164, 200:264].copy())
    generator = torch.Generator().manual_seed(3)
    terms = trained.loss(x, generator)
    low, high = math.log(0.03), math.log(0.05)
    log_steps = low + (high - low) * torch.rand(2, generator=torch.Generator().manual_seed(3))
    rates, errors = [], []
    for picture, log_step in zip(x.numpy(), log_steps.tolist(), strict=True):
        step = math.exp(log_step)
        rates.append(metrics.bits_per_pixel(trained.compress(picture, step)[30:], picture))
        errors.append(metrics.mean_squared_error(picture, trained.reconstruct(picture, step)))
    assert terms["rate"].item() == pytest.approx(np.mean(rates), rel=0.1)
    assert terms["distortion"].item() == pytest.approx(np.mean(errors), rel=0.1)
    one = trained.loss(x[:1], torch.Generator().manual_seed(3))
    step = math.exp(low + (high - low) * torch.rand(1, generator=torch.Generator().manual_seed(3)).item())
    assert one["loss"].item() == pytest.approx(
        one["distortion"].item() / step**2 + TRADE * one["rate"].item(), rel=1e-4
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


def test_a_few_steps_of_the_recipe_follow_from_the_seed_and_end_without_noise(monkeypatch):
    monkeypatch.setattr(make_codec, "CROP", 40)
    monkeypatch.setattr(make_codec, "POOL", 2)
    everywhere = torch.get_rng_state()
    one, again, other = (make_codec.train(seed, steps=5) for seed in (3, 3, 4))
    assert torch.equal(torch.get_rng_state(), everywhere)
    assert fingerprint(one) == fingerprint(again) != fingerprint(other)
    assert not one.noise and not one.training


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


# Streams and pictures that are not right


@pytest.mark.parametrize(
    ("image", "step", "message"),
    [
        (np.zeros((8, 8)), 0.1, r"image\[None\]"),
        (np.zeros((2, 8, 8)), 0.1, "image has shape"),
        (np.zeros((1, 0, 8)), 0.1, "empty"),
        (np.full((1, 8, 8), 255.0), 0.1, "values from 0 to 1"),
        (np.full((1, 8, 8), np.nan), 0.1, "missing value"),
        (np.broadcast_to(np.float32(0), (1, 4096, 4096)), 0.1, "make it smaller"),
        (np.zeros((1, 8, 8)), 0, "step was 0"),
        (np.zeros((1, 8, 8)), 3.0, "at most 2"),
        (np.zeros((1, 8, 8)), float("nan"), "step was nan"),
    ],
)
def test_pictures_and_steps_are_checked(codec, image, step, message):
    for method in (codec.compress, codec.codes, codec.reconstruct):
        with pytest.raises(ValueError, match=message):
            method(image, step)


def test_every_cut_and_every_changed_byte_is_noticed(codec):
    whole = codec.compress(smooth_picture(1, 20, 31, 0), 0.3)
    for length in range(len(whole)):
        with pytest.raises(ValueError, match="^data is "):
            codec.decompress(whole[:length])
    for place in range(len(whole)):
        for change in (1, 128, 255):
            damaged = bytearray(whole)
            damaged[place] ^= change
            with pytest.raises(ValueError, match="^data is "):
                codec.decompress(damaged)
    with pytest.raises(ValueError, match="^data is damaged"):
        codec.decompress(whole + b"\0")


@given(noise=st.binary(max_size=120))
@settings(max_examples=25, deadline=None)
def test_noise_is_no_picture(small, pca, noise):
    for codec in (small, pca):
        with pytest.raises(ValueError, match="^data is "):
            codec.decompress(noise)
        with pytest.raises(ValueError, match="^data is damaged"):
            codec.decompress(codec.compress(np.zeros((1, 2, 2)))[:4] + noise)


def forged(codec, channels, height, width, step, message, mark=None):
    """A stream with a right checksum around whatever it says."""
    magic = codec.compress(np.zeros((1, 2, 2)))[:4]
    body = HEAD.pack(magic, 1, channels, height, width, step, fingerprint(codec) if mark is None else mark) + message
    return body + struct.pack("<I", zlib.crc32(body))


@given(message=st.binary(max_size=200), height=st.integers(1, 90), width=st.integers(1, 90))
@settings(max_examples=25, deadline=None)
def test_a_forged_message_ends_in_one_sentence(small, message, height, width):
    with pytest.raises(ValueError, match="other codes than were written|larger than any picture"):
        small.decompress(forged(small, 1, height, width, 0.1, message))


@given(message=st.binary(max_size=200))
@settings(max_examples=25, deadline=None)
def test_a_forged_message_to_pca_gives_some_picture_or_one_sentence(pca, message):
    spreads = bytes(level % 100 for level in message[:64].ljust(64, b"\7"))
    try:
        back = pca.decompress(forged(pca, 1, 20, 20, 0.1, spreads + message))
    except ValueError as error:
        assert "larger than any picture" in str(error)
    else:
        assert back.shape == (1, 20, 20)
    with pytest.raises(ValueError, match="no sensible spreads"):
        pca.decompress(forged(pca, 1, 20, 20, 0.1, message[:63]))
    with pytest.raises(ValueError, match="no sensible spreads"):
        pca.decompress(forged(pca, 1, 20, 20, 0.1, b"\xff" * 64 + message))


@pytest.mark.parametrize(
    ("channels", "height", "width", "step"),
    [(1, 65535, 65535, 0.1), (2, 8, 8, 0.1), (0, 8, 8, 0.1), (1, 0, 8, 0.1), (1, 8, 8, float("nan")), (1, 8, 8, 0.0)],
)
def test_a_head_that_no_codec_writes_is_refused_before_anything_is_made(codec, channels, height, width, step):
    with pytest.raises(ValueError, match="never writes"):
        codec.decompress(forged(codec, channels, height, width, step, b"\0" * 80))


def test_foreign_streams_are_named(small, pca, trained):
    picture = np.zeros((1, 9, 9))
    with pytest.raises(ValueError, match="not a picture compressed by PatchPCACodec"):
        pca.decompress(small.compress(picture))
    with pytest.raises(ValueError, match="not a picture compressed by LearnedCodec"):
        small.decompress(metrics.jpeg_compress(picture))
    with pytest.raises(ValueError, match="other weights"):
        small.decompress(trained.compress(picture))
    with pytest.raises(TypeError, match="data was str"):
        small.decompress("UDLc")
    later = bytearray(small.compress(picture))
    later[4] += 1
    later[-4:] = struct.pack("<I", zlib.crc32(later[:-4]))
    with pytest.raises(ValueError, match="version 2"):
        small.decompress(bytes(later))


def test_codes_that_were_read_otherwise_than_written_are_noticed(small):
    whole = small.compress(smooth_picture(1, 40, 40, 0), 0.1)
    body = bytearray(whole[:-4])
    body[-10] ^= 4  # as if the reader's frequencies differed from here on
    with pytest.raises(ValueError, match="other codes than were written"):
        small.decompress(bytes(body) + struct.pack("<I", zlib.crc32(body)))


def test_pca_must_have_seen_patches():
    with pytest.raises(ValueError, match="call fit"):
        PatchPCACodec().compress(np.zeros((1, 8, 8)))
    with pytest.raises(ValueError, match="call fit"):
        PatchPCACodec().decompress(b"UDLp")
    with pytest.raises(ValueError, match="64"):
        PatchPCACodec().fit(np.zeros((100, 49)))


def test_a_saved_codec_reads_the_streams_of_the_one_before(small, pca, tmp_path):
    picture = smooth_picture(1, 30, 30, 0)
    for codec in (small, pca):
        again = load(save(codec, tmp_path / "codec.npz"))
        stream = codec.compress(picture, 0.1)
        assert again.compress(picture, 0.1) == stream
        np.testing.assert_array_equal(again.decompress(stream), codec.decompress(stream))


def test_two_copies_of_the_trained_codec_read_each_other(trained, camera):
    stream = trained.compress(camera, 0.15)
    np.testing.assert_array_equal(pretrained("codec").decompress(stream), trained.reconstruct(camera, 0.15))


def test_the_number_of_threads_changes_no_codes(trained, camera):
    camera = camera[:, :80, :96]
    threads = torch.get_num_threads()
    stream = trained.compress(camera, 0.1)
    try:
        torch.set_num_threads(2 if threads == 1 else 1)
        np.testing.assert_allclose(trained.decompress(stream), trained.reconstruct(camera, 0.1), atol=1e-6)
    finally:
        torch.set_num_threads(threads)
