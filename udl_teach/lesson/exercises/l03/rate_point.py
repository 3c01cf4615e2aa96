"""A point of rate and distortion."""

import sys

import numpy as np

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l03.entropy import entropy
from udl_teach.lesson.exercises.l03.psnr import psnr
from udl_teach.lesson.exercises.l03.shared import _mse
from udl_teach.lesson.values import as_array, close


def rate_point(image, data, decoded):
    """Rate in bits per pixel and distortion as PSNR: what the bytes cost, and what came back from them."""
    ### BEGIN SOLUTION
    channels, height, width = image.shape
    return 8 * len(data) / (height * width), psnr(image, decoded, 1.0)
    ### END SOLUTION


def _ssim(image, decoded):
    from udl_teach import metrics

    return metrics.ssim(image, decoded)


def _rate(image, data):
    return 8 * len(data) / (image.shape[1] * image.shape[2])


def arguments(rng):
    # Three channels, so that a pixel is not a number; bytes of which some are frequent.
    height = int(rng.integers(12, 20))
    image = rng.uniform(0.1, 0.8, size=(3, height, height + int(rng.integers(3, 9))))
    data = bytes((rng.integers(0, 256, size=int(rng.integers(150, 400))) ** 2 // 256).astype(np.uint8))
    spoilt = np.array([0.02, 0.05, 0.1])[:, None, None] * rng.normal(size=image.shape)
    decoded = np.clip(image + spoilt, 0, 1)
    return image, data, decoded


def agree(got, wanted):
    # An array of two numbers can be unpacked like a pair, and serves as well.
    array = as_array(got)
    return close(tuple(array) if array is not None and array.shape == (2,) else got, wanted)


HINTS = (
    "Two numbers: what it costs and what you get. The cost is counted from the bytes, the quality by your psnr.",
    "A byte has 8 bits, and len(data) is the number of bytes. Pixels are places: height times width, whatever the "
    "number of channels.",
    "channels, height, width = image.shape. The values are in [0, 1]: the range is 1.0.",
    "return 8 * len(data) / (...), psnr(image, decoded, 1.0)",
)


@mistake
def bytes_for_bits(image, data, decoded):
    """Your rate is in bytes per pixel, an eighth of what it must be. A byte has 8 bits."""
    return (_rate(image, data) / 8, psnr(image, decoded, 1.0))


@mistake
def channels_counted_as_pixels(image, data, decoded):
    """You divided by image.size, which counts red, green and blue as three pixels. A pixel is a place: divide by height
    times width.
    """
    return (8 * len(data) / image.size, psnr(image, decoded, 1.0))


@mistake
def bytes_for_bits_and_channels_for_pixels(image, data, decoded):
    """That is bytes per number. A byte has 8 bits, and a pixel is a place: 8 * len(data) over height times width."""
    return (len(data) / image.size, psnr(image, decoded, 1.0))


@mistake
def divided_by_the_height(image, data, decoded):
    """You divided by the height alone, so yours is bits per row. Pixels are height times width."""
    return (8 * len(data) / image.shape[1], psnr(image, decoded, 1.0))


@mistake
def divided_by_the_number_of_channels(image, data, decoded):
    """len(image) is the number of channels, not of pixels: the image has shape (channels, height, width). Divide by
    height times width.
    """
    return (8 * len(data) / len(image), psnr(image, decoded, 1.0))


@mistake
def channels_and_height_for_pixels(image, data, decoded):
    """You took the first two axes for height and width, but the first one holds the channels: channels, height, width =
    image.shape.
    """
    return (8 * len(data) / (image.shape[0] * image.shape[1]), psnr(image, decoded, 1.0))


@mistake
def bits_in_all(image, data, decoded):
    """Those are the bits of the whole picture. Divide by its pixels, height times width, so that small and large
    pictures can be compared.
    """
    return (8 * len(data), psnr(image, decoded, 1.0))


@mistake
def rate_of_the_codes_without_header(image, data, decoded):
    """You took the entropy, which is what a perfect coder would need for the symbols if it knew their frequencies
    already. What is paid is the file, header and all: count its bytes, 8 * len(data).
    """
    return (
        entropy(np.frombuffer(data, dtype=np.uint8)) * len(data) / (image.shape[1] * image.shape[2]),
        psnr(image, decoded, 1.0),
    )


@mistake
def size_of_the_python_object(image, data, decoded):
    """sys.getsizeof counts what Python needs to look after the object as well. The file has len(data) bytes."""
    return (
        8 * sys.getsizeof(data) / (image.shape[1] * image.shape[2]),
        psnr(image, decoded, 1.0),
    )


@mistake
def compression_ratio(image, data, decoded):
    """That says how many times smaller the file has become, which depends on what it is compared with. The rate is bits
    per pixel: 8 * len(data) over height times width.
    """
    return (image.size / len(data), psnr(image, decoded, 1.0))


@mistake
def divided_by_8(image, data, decoded):
    """A byte has 8 bits, so there are more bits than bytes: multiply by 8, do not divide."""
    return (_rate(image, data) / 64, psnr(image, decoded, 1.0))


@mistake
def pixels_per_bit(image, data, decoded):
    """That is pixels per bit, the fraction upside down. The bits stand above, the pixels below."""
    return (1 / _rate(image, data), psnr(image, decoded, 1.0))


@mistake
def bits_a_byte(image, data, decoded):
    """That is the entropy of the file's bytes. What is paid is the file as it is: 8 * len(data) bits, over height times
    width.
    """
    return (entropy(np.frombuffer(data, dtype=np.uint8)), psnr(image, decoded, 1.0))


@mistake
def bytes_have_no_size(image, data, decoded):
    """data holds plain bytes and is no array: len(data) counts them."""
    return data.size


@mistake
def distortion_first(image, data, decoded):
    """Both numbers are right, in the wrong order: the rate comes first."""
    return (psnr(image, decoded, 1.0), _rate(image, data))


@mistake
def squared_error_for_psnr(image, data, decoded):
    """The rate is right. For the distortion you returned the mean squared error; asked for is the PSNR in decibels:
    psnr(image, decoded, 1.0).
    """
    return (_rate(image, data), _mse(image, decoded))


@mistake
def range_of_bytes(image, data, decoded):
    """The rate is right. The pictures hold values in [0, 1], so the range is 1.0 and not 255; yours flatters by 48
    decibels.
    """
    return (_rate(image, data), psnr(image, decoded, 255))


@mistake
def psnr_of_each_channel(image, data, decoded):
    """The rate is right. You averaged the PSNR of the three channels; take one PSNR of the whole picture: psnr(image,
    decoded, 1.0).
    """
    return (
        _rate(image, data),
        np.mean([psnr(one, other, 1.0) for one, other in zip(image, decoded, strict=True)]),
    )


@mistake
def brightest_pixel_for_the_range(image, data, decoded):
    """The rate is right. For the range you took what this picture happens to fill; values can go from 0 to 1, so it is
    1.0.
    """
    return (_rate(image, data), psnr(image, decoded, image.max()))


@mistake
def ssim_for_psnr(image, data, decoded):
    """The rate is right. For the distortion you returned SSIM; asked for is psnr(image, decoded, 1.0)."""
    return (_rate(image, data), _ssim(image, decoded))


@mistake
def the_rate_alone(image, data, decoded):
    """The rate is right; the distortion is missing. Return both: rate, psnr(image, decoded, 1.0)."""
    return _rate(image, data)
