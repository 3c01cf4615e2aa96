"""Compression in numbers: what a picture costs in bits, and how close to the original it comes back."""

import io
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from udl_teach import inputs
from udl_teach.metrics.reconstruction import psnr

SUBSAMPLING = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}


class RatePoint(NamedTuple):
    """One compression of one picture.

    Attributes:
        setting: what was asked of the codec: a step, a quality.
        bits_per_pixel: of the whole stream, its head included.
        psnr: decibels, for values in [0, 1].
        ssim: 1 where the pictures are equal.
        size: bytes of the stream.
    """

    setting: float
    bits_per_pixel: float
    psnr: float
    ssim: float
    size: int


def bits_per_pixel(data: bytes, image: Any) -> float:
    """Bits of a stream divided by the pixels of its picture (channels, height, width); colours share a pixel."""
    _, height, width = _image(image).shape
    return 8 * len(data) / (height * width)


def entropy(codes: Any) -> float:
    """Bits a symbol that the best code without context needs, if it knew how frequent each symbol is.

        H = sum p log2(1 / p), where p is the share of each value among the codes

    Args:
        codes: whole numbers, an array of any shape.

    Returns:
        Bits a symbol, from 0 (all equal) to log2 of the number of different values (all equally frequent).

    Raises:
        TypeError, ValueError: `codes` is empty or not made of whole numbers.
    """
    numbers = inputs.labels(np.asarray(codes).reshape(-1), "codes")
    _, counts = np.unique(numbers, return_counts=True)
    share = counts / counts.sum()
    return float(abs((share * np.log2(share)).sum()))


def jpeg_compress(image: Any, quality: int = 75, *, progressive: bool = False, subsampling: str = "4:2:0") -> bytes:
    """A picture as a JPEG file, with tables of bits made for it (Pillow's `optimize`).

    Args:
        image: shape (1, height, width) or (3, height, width), values in [0, 1].
        quality: from 1 to 95.
        progressive: from coarse to fine; for all but small pictures some bytes less.
        subsampling: how coarse colours are kept, "4:4:4", "4:2:2" or "4:2:0"; nothing to a grey picture.
    """
    from PIL import Image

    image, quality = _image(image), inputs.whole(quality, "quality")
    if quality > 95:
        raise ValueError(f"quality was {quality}; it must be at most 95, beyond which JPEG only grows.")
    coarse = SUBSAMPLING[inputs.choice(subsampling, "subsampling", SUBSAMPLING)]
    pixels = np.rint(image * 255).astype(np.uint8)
    picture = Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0))
    file = io.BytesIO()
    options = {} if len(pixels) == 1 else {"subsampling": coarse}
    picture.save(file, "JPEG", quality=quality, optimize=True, progressive=progressive, **options)
    return file.getvalue()


def jpeg_decompress(data: bytes) -> np.ndarray:
    """The picture of a JPEG file, float32 array (channels, height, width) with values in [0, 1].

    Raises:
        ValueError: the file is broken or not a JPEG file.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            pixels = np.asarray(picture, dtype=np.float32) / 255
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"data is not a whole JPEG file ({error}); pass what jpeg_compress returned.") from None
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def ssim(x: Any, x_hat: Any) -> float:
    """Structural similarity of two pictures (Wang et al. 2004), 1 where they are equal; scikit-image's.

    Args:
        x: a picture, shape (channels, height, width), values in [0, 1], at least 11 pixels a side.
        x_hat: another one of that shape.

    Returns:
        The mean over the picture and its channels, with Gaussian weights of standard deviation 1.5 as in the paper.
    """
    from skimage.metrics import structural_similarity

    x, x_hat = _image(x, "x"), _image(x_hat, "x_hat")
    if x.shape != x_hat.shape:
        raise ValueError(f"x_hat has shape {x_hat.shape}; it must have that of x, {x.shape}.")
    if min(x.shape[1:]) < 11:
        raise ValueError(
            f"x has {x.shape[1]} x {x.shape[2]} pixels; SSIM looks at windows of 11 x 11: pass a larger one."
        )
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    return float(structural_similarity(x, x_hat, data_range=1.0, channel_axis=0, **options))


def rate_distortion(
    image: Any,
    compress: Callable[[Any, Any], bytes],
    decompress: Callable[[bytes], Any],
    settings: Iterable[Any],
) -> list[RatePoint]:
    """What a codec makes of a picture at several settings: the points of its rate-distortion curve.

    Args:
        image: shape (channels, height, width), values in [0, 1].
        compress: compress(image, setting) -> bytes, such as `codec.compress` or `metrics.jpeg_compress`.
        decompress: decompress(bytes) -> picture.
        settings: steps, or qualities.

    Returns:
        A point a setting, in their order; SSIM is NaN for pictures too small for it.
    """
    image, points = _image(image), []
    for setting in settings:
        data = compress(image, setting)
        image_hat = _image(decompress(data), "the decompressed picture")
        alike = ssim(image, image_hat) if min(image.shape[1:]) >= 11 else float("nan")
        points.append(RatePoint(setting, bits_per_pixel(data, image), psnr(image, image_hat), alike, len(data)))
    return points


def _image(image: Any, name: str = "image") -> np.ndarray:
    return inputs.picture(image, name, reader="compression").numpy()
