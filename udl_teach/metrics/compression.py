"""Metrics of compression: the rate of a stream in bits per pixel, and the quality of the decompressed image."""

import io
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from udl_teach import inputs
from udl_teach.metrics.reconstruction import psnr

SUBSAMPLING = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}


class RatePoint(NamedTuple):
    """One point of a rate-distortion curve: one image at one setting of a codec.

    Attributes:
        setting: of the codec: a quantization step size, or a quality.
        bits_per_pixel: of the whole stream, header included.
        psnr: peak signal-to-noise ratio in decibels, for values in [0, 1].
        ssim: structural similarity, 1 where the images are equal.
        size: bytes of the stream.
    """

    setting: float
    bits_per_pixel: float
    psnr: float
    ssim: float
    size: int


def bits_per_pixel(data: bytes, image: Any) -> float:
    """Bits of a stream per pixel (bpp) of its image (channels, height, width); the channels share a pixel."""
    _, height, width = _image(image).shape
    return 8 * len(data) / (height * width)


def entropy(codes: Any) -> float:
    """Empirical entropy: bits per symbol of the best code without context that knows how frequent each symbol is.

        H = sum p log2(1 / p),    p: relative frequency of each value among the codes

    Args:
        codes: integers, an array of any shape.

    Returns:
        Bits per symbol, from 0 (all equal) to log2 of the number of different values (all equally frequent).

    Raises:
        TypeError, ValueError: `codes` is empty or not made of integers.
    """
    numbers = inputs.labels(np.asarray(codes).reshape(-1), "codes")
    _, counts = np.unique(numbers, return_counts=True)
    p = counts / counts.sum()
    return float(abs((p * np.log2(p)).sum()))  # abs: the sum is not positive, and 0 should not be -0


def jpeg_compress(image: Any, quality: int = 75, *, progressive: bool = False, subsampling: str = "4:2:0") -> bytes:
    """An image as a JPEG file, with Huffman tables made for it (Pillow's `optimize`).

    Args:
        image: shape (1, height, width) or (3, height, width), values in [0, 1].
        quality: from 1 to 95.
        progressive: from coarse to fine; some bytes less for all but small images.
        subsampling: of the chroma planes, "4:4:4" (none), "4:2:2" or "4:2:0"; a grey image has none.
    """
    from PIL import Image

    image, quality = _image(image), inputs.whole(quality, "quality")
    if quality > 95:
        raise ValueError(f"quality was {quality}; it must be at most 95, beyond which JPEG only grows.")
    number = SUBSAMPLING[inputs.choice(subsampling, "subsampling", SUBSAMPLING)]
    pixels = np.rint(image * 255).astype(np.uint8)
    file = io.BytesIO()
    options = {} if len(pixels) == 1 else {"subsampling": number}
    of_pillow = Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))
    of_pillow.save(file, "JPEG", quality=quality, optimize=True, progressive=progressive, **options)
    return file.getvalue()


def jpeg_decompress(data: bytes) -> np.ndarray:
    """The image of a JPEG file, float32 array (channels, height, width) with values in [0, 1].

    Raises:
        ValueError: the file is damaged or not a JPEG file.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as of_pillow:
            pixels = np.asarray(of_pillow, dtype=np.float32) / 255
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"data is not a whole JPEG file ({error}); pass what jpeg_compress returned.") from None
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def ssim(x: Any, x_hat: Any) -> float:
    """Structural similarity (SSIM) of two images, computed by scikit-image; 1 where they are equal.

    Args:
        x: an image, shape (channels, height, width), values in [0, 1], at least 11 pixels per side.
        x_hat: another one of the same shape.

    Returns:
        The mean over pixels and channels, with Gaussian weights of standard deviation 1.5 (Wang et al. 2004, eq. 13).
    """
    from skimage.metrics import structural_similarity

    x, x_hat = _image(x, "x"), _image(x_hat, "x_hat")
    if x.shape != x_hat.shape:
        raise ValueError(f"x_hat has shape {x_hat.shape}; it must be that of x, {x.shape}.")
    if min(x.shape[1:]) < 11:
        raise ValueError(
            f"x has {x.shape[1]} x {x.shape[2]} pixels; SSIM needs windows of 11 x 11: pass a larger image."
        )
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(x, x_hat, data_range=1.0, channel_axis=0, **options))


def rate_distortion(
    image: Any,
    compress: Callable[[Any, Any], bytes],
    decompress: Callable[[bytes], Any],
    settings: Iterable[Any],
) -> list[RatePoint]:
    """The rate-distortion curve of a codec on one image, one point per setting.

    Args:
        image: shape (channels, height, width), values in [0, 1].
        compress: compress(image, setting) -> bytes, such as `codec.compress` or `metrics.jpeg_compress`.
        decompress: decompress(bytes) -> image.
        settings: quantization step sizes, or qualities.

    Returns:
        One point per setting, in the order of `settings`; SSIM is NaN for images smaller than 11 x 11.
    """
    image, points = _image(image), []
    for setting in settings:
        data = compress(image, setting)
        image_hat = _image(decompress(data), "the decompressed image")
        similarity = ssim(image, image_hat) if min(image.shape[1:]) >= 11 else float("nan")
        points.append(RatePoint(setting, bits_per_pixel(data, image), psnr(image, image_hat), similarity, len(data)))
    return points


def _image(image: Any, name: str = "image") -> np.ndarray:
    return inputs.picture(image, name, reader="compression").numpy()
