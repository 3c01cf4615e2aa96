"""Metrics of compression: bits, entropy, SSIM, JPEG and the points of a rate-distortion curve."""

import io
import math

import numpy as np
import pytest
from PIL import Image
from scipy.stats import entropy as entropy_of_scipy

from udl_teach import data, metrics


@pytest.fixture(scope="module")
def image():
    return data.photos(colour=False).images[0][:, 100:180, 200:320]


def test_bits_per_pixel_counts_the_bytes_and_not_the_colours():
    assert metrics.bits_per_pixel(b"\0" * 30, np.zeros((1, 4, 6))) == 10
    assert metrics.bits_per_pixel(b"\0" * 30, np.zeros((3, 4, 6))) == 10


def test_entropy_agrees_with_scipy():
    codes = np.random.default_rng(0).poisson(3, size=(20, 30)) - 2
    _, counts = np.unique(codes, return_counts=True)
    assert metrics.entropy(codes) == pytest.approx(entropy_of_scipy(counts, base=2))
    assert metrics.entropy(np.full(9, 4)) == 0
    assert metrics.entropy(np.arange(16)) == pytest.approx(4)
    assert math.copysign(1, metrics.entropy([7])) == 1  # not minus zero


def test_entropy_needs_integers():
    with pytest.raises(TypeError, match="codes"):
        metrics.entropy([0.5, 1.5])
    with pytest.raises(ValueError, match="codes"):
        metrics.entropy([])


def test_jpeg_is_pillows(image):
    file = io.BytesIO()
    pixels = np.rint(image[0] * 255).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=40, optimize=True)
    assert metrics.jpeg_compress(image, 40) == file.getvalue()
    expected = np.asarray(Image.open(file), dtype=np.float32)[None] / 255
    np.testing.assert_array_equal(metrics.jpeg_decompress(file.getvalue()), expected)


def test_jpeg_in_colour_keeps_shape_and_colours():
    flower = data.photos().images[1][:, 200:264, 300:380]
    for subsampling in ("4:4:4", "4:2:2", "4:2:0"):
        back = metrics.jpeg_decompress(metrics.jpeg_compress(flower, 90, subsampling=subsampling))
        assert back.shape == flower.shape and back.dtype == np.float32
        assert np.abs(back - flower).mean() < 0.03
    sizes = [len(metrics.jpeg_compress(flower, 90, subsampling=kind)) for kind in ("4:4:4", "4:2:2", "4:2:0")]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("broken", [b"", b"nonsense", None])
def test_a_damaged_jpeg_is_refused_in_one_sentence(image, broken):
    whole = metrics.jpeg_compress(image, 50)
    with pytest.raises(ValueError, match="not a whole JPEG file"):
        metrics.jpeg_decompress(whole[: len(whole) // 2] if broken is None else broken)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"quality": 0}, "quality"), ({"quality": 96}, "at most 95"), ({"subsampling": "4:1:1"}, "subsampling")],
)
def test_jpegs_options_are_checked(image, options, message):
    with pytest.raises(ValueError, match=message):
        metrics.jpeg_compress(image, **options)


def ssim_by_hand(x, x_hat):
    """Wang et al. 2004, eq. 13, with Gaussian windows, away from the rim."""
    from scipy.ndimage import gaussian_filter

    def blur(image):
        return gaussian_filter(image, 1.5, truncate=3.5)

    x, x_hat = x.astype(np.float64), x_hat.astype(np.float64)
    c1, c2 = 0.01**2, 0.03**2
    mean, mean_hat = blur(x), blur(x_hat)
    variance, variance_hat = blur(x**2) - mean**2, blur(x_hat**2) - mean_hat**2
    covariance = blur(x * x_hat) - mean * mean_hat
    luminance = (2 * mean * mean_hat + c1) / (mean**2 + mean_hat**2 + c1)
    structure = (2 * covariance + c2) / (variance + variance_hat + c2)
    return (luminance * structure)[5:-5, 5:-5].mean()


def test_ssim_is_that_of_the_paper(image):
    noisy = np.clip(image + np.random.default_rng(0).normal(0, 0.1, image.shape), 0, 1).astype(np.float32)
    assert metrics.ssim(image, noisy) == pytest.approx(ssim_by_hand(image[0], noisy[0]), abs=1e-5)
    assert metrics.ssim(image, image) == pytest.approx(1)
    colour = np.concatenate([image, image, noisy])
    expected = (2 + metrics.ssim(image, noisy)) / 3
    assert metrics.ssim(np.repeat(image, 3, axis=0), colour) == pytest.approx(expected, abs=1e-5)


def test_ssim_refuses_other_shapes_sizes_and_ranges(image):
    with pytest.raises(ValueError, match="x_hat has shape"):
        metrics.ssim(image, image[:, :-1])
    with pytest.raises(ValueError, match="11 x 11"):
        metrics.ssim(image[:, :10], image[:, :10])
    with pytest.raises(ValueError, match="values from 0 to 1"):
        metrics.ssim(image * 255, image * 255)


def test_rate_distortion_has_one_point_per_setting(image):
    points = metrics.rate_distortion(image, metrics.jpeg_compress, metrics.jpeg_decompress, [10, 90, 40])
    assert [point.setting for point in points] == [10, 90, 40]
    stream = metrics.jpeg_compress(image, 90)
    back = metrics.jpeg_decompress(stream)
    assert points[1] == (
        90,
        8 * len(stream) / (80 * 120),
        metrics.psnr(image, back),
        metrics.ssim(image, back),
        len(stream),
    )
    by_rate = sorted(points, key=lambda point: point.bits_per_pixel)
    assert [point.setting for point in by_rate] == [10, 40, 90]
    assert [point.psnr for point in by_rate] == sorted(point.psnr for point in points)


def test_rate_distortion_of_a_small_image_has_no_ssim(image):
    (point,) = metrics.rate_distortion(image[:, :8, :8], metrics.jpeg_compress, metrics.jpeg_decompress, [50])
    assert math.isnan(point.ssim) and point.psnr > 10
