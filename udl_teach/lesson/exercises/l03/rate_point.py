"""A point of rate and distortion."""

import sys

import numpy as np

from udl_teach.lesson.exercise import difference, mistake
from udl_teach.lesson.exercises.l03.entropy import entropy
from udl_teach.lesson.exercises.l03.psnr import psnr
from udl_teach.lesson.values import as_array, close


def rate_point(image, data, decoded):
    """Rate in bits per pixel and distortion as PSNR: what the bytes cost, and what came back from them."""
    ### BEGIN SOLUTION
    channels, height, width = image.shape
    return 8 * len(data) / (height * width), psnr(image, decoded, 1.0)
    ### END SOLUTION


HINTS = (
    "Two numbers: what it costs and what you get. The cost is counted from the bytes, the quality by your psnr.",
    "A byte has 8 bits, and len(data) is the number of bytes. Pixels are places: height times width, whatever the "
    "number of channels.",
    "channels, height, width = image.shape. The values are in [0, 1]: the range is 1.0.",
    "return 8 * len(data) / (...), psnr(image, decoded, 1.0)",
)


def arguments(rng):
    # Three channels, so that a pixel is not a number; bytes of which some are frequent.
    height = int(rng.integers(12, 20))
    image = rng.uniform(0.1, 0.8, size=(3, height, height + int(rng.integers(3, 9))))
    data = bytes((rng.integers(0, 256, size=int(rng.integers(150, 400))) ** 2 // 256).astype(np.uint8))
    spoilt = np.array([0.02, 0.05, 0.1])[:, None, None] * rng.normal(size=image.shape)
    return image, data, np.clip(image + spoilt, 0, 1)


def agree(got, wanted):
    # An array of two numbers can be unpacked like a pair, and serves as well.
    array = as_array(got)
    return close(tuple(array) if array is not None and array.shape == (2,) else got, wanted)


bytes_for_bits = difference(
    rate_point,
    {"8 * len(data)": "len(data)"},
    "Your rate is in bytes per pixel, an eighth of what it must be. A byte has 8 bits.",
)

channels_counted_as_pixels = difference(
    rate_point,
    {"(height * width)": "image.size"},
    """You divided by image.size, which counts red, green and blue as three pixels. A pixel is a place: divide by height
    times width.""",
)

bytes_for_bits_and_channels_for_pixels = difference(
    rate_point,
    {"8 * len(data) / (height * width)": "len(data) / image.size"},
    "That is bytes per number. A byte has 8 bits, and a pixel is a place: 8 * len(data) over height times width.",
)

divided_by_the_height = difference(
    rate_point,
    {"(height * width)": "height"},
    "You divided by the height alone, so yours is bits per row. Pixels are height times width.",
)

divided_by_the_number_of_channels = difference(
    rate_point,
    {"(height * width)": "len(image)"},
    """len(image) is the number of channels, not of pixels: the image has shape (channels, height, width). Divide by
    height times width.""",
)

channels_and_height_for_pixels = difference(
    rate_point,
    {"(height * width)": "(channels * height)"},
    """You took the first two axes for height and width, but the first one holds the channels: channels, height, width =
    image.shape.""",
)

bits_in_all = difference(
    rate_point,
    {"/ (height * width)": ""},
    """Those are the bits of the whole picture. Divide by its pixels, height times width, so that small and large
    pictures can be compared.""",
)


@mistake
def rate_of_the_codes_without_header(image, data, decoded):
    """You took the entropy, which is what a perfect coder would need for the symbols if it knew their frequencies
    already. What is paid is the file, header and all: count its bytes, 8 * len(data).
    """
    rate, distortion = rate_point(image, data, decoded)
    return rate / 8 * entropy(np.frombuffer(data, dtype=np.uint8)), distortion


@mistake
def size_of_the_python_object(image, data, decoded):
    """sys.getsizeof counts what Python needs to look after the object as well. The file has len(data) bytes."""
    return 8 * sys.getsizeof(data) / image[0].size, psnr(image, decoded, 1.0)


compression_ratio = difference(
    rate_point,
    {"8 * len(data) / (height * width)": "image.size / len(data)"},
    """That says how many times smaller the file has become, which depends on what it is compared with. The rate is bits
    per pixel: 8 * len(data) over height times width.""",
)

divided_by_8 = difference(
    rate_point,
    {"8 * len(data)": "len(data) / 8"},
    "A byte has 8 bits, so there are more bits than bytes: multiply by 8, do not divide.",
)

pixels_per_bit = difference(
    rate_point,
    {"8 * len(data) / (height * width)": "height * width / (8 * len(data))"},
    "That is pixels per bit, the fraction upside down. The bits stand above, the pixels below.",
)

bits_per_byte = difference(
    rate_point,
    {"8 * len(data) / (height * width)": "entropy(np.frombuffer(data, dtype=np.uint8))"},
    """That is the entropy of the file's bytes. What is paid is the file as it is: 8 * len(data) bits, over height times
    width.""",
)

bytes_have_no_size = difference(
    rate_point,
    {"len(data)": "data.size"},
    "data holds plain bytes and is no array: len(data) counts them.",
)


@mistake
def distortion_first(image, data, decoded):
    """Both numbers are right, in the wrong order: the rate comes first."""
    return rate_point(image, data, decoded)[::-1]


squared_error_for_psnr = difference(
    rate_point,
    {"psnr(image, decoded, 1.0)": "((decoded - image) ** 2).mean()"},
    """The rate is right. For the distortion you returned the mean squared error; asked for is the PSNR in decibels:
    psnr(image, decoded, 1.0).""",
)

range_of_bytes = difference(
    rate_point,
    {"1.0": "255"},
    """The rate is right. The pictures hold values in [0, 1], so the range is 1.0 and not 255; yours flatters by 48
    decibels.""",
)

psnr_of_each_channel = difference(
    rate_point,
    {"psnr(image, decoded, 1.0)": "np.mean([psnr(one, other, 1.0) for one, other in zip(image, decoded)])"},
    """The rate is right. You averaged the PSNR of the three channels; take one PSNR of the whole picture: psnr(image,
    decoded, 1.0).""",
)

brightest_pixel_for_the_range = difference(
    rate_point,
    {"1.0": "image.max()"},
    """The rate is right. For the range you took what this picture happens to fill; values can go from 0 to 1, so it is
    1.0.""",
)


@mistake
def ssim_for_psnr(image, data, decoded):
    """The rate is right. For the distortion you returned SSIM; asked for is psnr(image, decoded, 1.0)."""
    from udl_teach.metrics import ssim

    return rate_point(image, data, decoded)[0], ssim(image, decoded)


@mistake
def the_rate_alone(image, data, decoded):
    """The rate is right; the distortion is missing. Return both: rate, psnr(image, decoded, 1.0)."""
    return rate_point(image, data, decoded)[0]
