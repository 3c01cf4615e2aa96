"""PSNR."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def psnr(x, x_hat, data_range):
    """Peak signal-to-noise ratio in decibels, all images together as one."""
    ### BEGIN SOLUTION
    squared_error = ((x_hat - x) ** 2).mean()
    return 10 * np.log10(data_range**2 / squared_error)
    ### END SOLUTION


HINTS = (
    "First the mean squared error, one number for all images together; then a fraction; then a logarithm.",
    "((x_hat - x) ** 2).mean() is the mean squared error. Above it in the fraction stands the squared range.",
    "The logarithm is the one to base 10, np.log10, and in front of it stands 10.",
    "return 10 * np.log10(data_range**2 / ...)",
)


def arguments(rng):
    # Never a range of 1; images that do not use all of it, and are spoilt very differently.
    n, height, width = int(rng.integers(3, 6)), int(rng.integers(6, 9)), int(rng.integers(10, 14))
    data_range = float(rng.choice([255.0, rng.uniform(2.0, 4.0)]))
    x = data_range * rng.uniform(0.1, 0.8, size=(n, height, width))
    spoilt = np.geomspace(0.01, 0.3, n)[:, None, None] * rng.normal(0.3, 1.0, size=x.shape)
    return x, x + data_range * rng.permutation(spoilt), data_range


natural_logarithm = difference(
    psnr,
    {"np.log10": "np.log"},
    """np.log is the natural logarithm. Decibels are counted with the logarithm to base 10, np.log10; yours is 2.3 times
    too large.""",
)

logarithm_to_base_2 = difference(
    psnr,
    {"np.log10": "np.log2"},
    "You took the logarithm to base 2, which counts bits. Decibels want base 10, np.log10.",
)

number_255_written_into_it = difference(
    psnr,
    {"data_range**2": "255**2"},
    """You wrote 255 into your function. That is right for bytes alone: for values in [0, 1] it would add 48 decibels to
    any picture. Use data_range.""",
)

range_of_1_taken_for_granted = difference(
    psnr,
    {"data_range**2": "1"},
    "You took a range of 1 for granted. For bytes it is 255: put data_range ** 2 over the squared error.",
)

range_not_squared = difference(
    psnr,
    {"data_range**2": "data_range"},
    "The range is not squared: below it stands a squared error, so a squared range must stand above. data_range ** 2.",
)

root_too_many = difference(
    psnr,
    {"/ squared_error": "/ np.sqrt(squared_error)"},
    """You took the root of the squared error and left the range squared. Either both are squared, with 10 in front, or
    neither is, with 20 in front.""",
)

root_forgotten = difference(
    psnr,
    {"10 * np.log10(data_range**2": "20 * np.log10(data_range"},
    """20 in front is right for amplitudes, data_range over the root of the squared error; your squared error has no
    root. Take the root, or write 10 and square the range.""",
)

factor_20_with_squares = difference(
    psnr,
    {"10 * np": "20 * np"},
    "Yours is twice too large: 20 stands in front of plain amplitudes, 10 in front of their squares.",
)

factor_10_without_squares = difference(
    psnr,
    {"data_range**2 / squared_error": "data_range / np.sqrt(squared_error)"},
    "Yours is half of what it must be: with the root taken and the range not squared, the factor is 20.",
)

no_factor_of_10 = difference(
    psnr,
    {"10 * np": "np"},
    "That is in bels. A bel has ten decibels: multiply by 10.",
)

fraction_upside_down = difference(
    psnr,
    {"data_range**2 / squared_error": "squared_error / data_range**2"},
    "Your fraction stands upside down, so good pictures get a low number: the range is above, the error below.",
)


@mistake
def mean_after_the_logarithm(x, x_hat, data_range):
    """You took the PSNR of every image and averaged these. That is another number, and never a lower one, because the
    logarithm makes little of one bad picture. Here the squared error is averaged over all images first.
    """
    return np.mean([psnr(one, other, data_range) for one, other in zip(x, x_hat)])


@mistake
def one_number_per_image(x, x_hat, data_range):
    """You have one number per image. Average the squared error over everything, .mean() without an axis, before the
    logarithm.
    """
    return np.array([psnr(one, other, data_range) for one, other in zip(x, x_hat)])


sum_of_the_squares = difference(
    psnr,
    {".mean()": ".sum()"},
    "You summed the squared differences. Then a larger picture is a worse one: average them, .mean().",
)

absolute_differences = difference(
    psnr,
    {"((x_hat - x) ** 2).mean()": "np.abs(x_hat - x).mean()"},
    "You averaged absolute differences. Square each difference: mean squared error.",
)

squared_after_the_mean = difference(
    psnr,
    {"((x_hat - x) ** 2).mean()": "(x_hat - x).mean() ** 2"},
    "You averaged the differences and squared the mean: too bright and too dark have cancelled by then. Square first.",
)

brightest_pixel_for_the_range = difference(
    psnr,
    {"data_range**2": "x.max() ** 2"},
    """You took the brightest pixel that happens to be there. The peak is the brightest that is possible: data_range.
    Otherwise a dark picture would be judged by another measure than a bright one.""",
)

range_of_the_picture_for_the_range = difference(
    psnr,
    {"data_range**2": "(x.max() - x.min()) ** 2"},
    """You took the range that the pictures happen to fill. What counts is the range that is possible: data_range.
    Otherwise a pale picture would be judged by another measure than a rich one.""",
)

power_of_the_picture_for_the_range = difference(
    psnr,
    {"data_range**2": "(x**2).mean()"},
    """You put the picture's own mean square over the error: the signal-to-noise ratio without its P for peak. Above
    stands data_range ** 2.""",
)

no_logarithm = difference(
    psnr,
    {"10 * np.log10(data_range**2 / squared_error)": "data_range**2 / squared_error"},
    "That is the fraction alone. Decibels are ten times its logarithm: 10 * np.log10(...).",
)

variance_of_the_differences = difference(
    psnr,
    {"((x_hat - x) ** 2).mean()": "(x_hat - x).var()"},
    """You took the variance of the differences, which forgives a picture that is too bright all over: it takes the mean
    away first. Average the squares themselves, ((x_hat - x) ** 2).mean().""",
)

divided_by_the_number_of_images = difference(
    psnr,
    {".mean()": ".sum() / len(x)"},
    """You divided the sum of squares by len(x), the number of images. Divide by the number of pixels in all of them,
    x.size, or take .mean().""",
)

caret_for_a_power_in_an_array = difference(
    psnr,
    {"(x_hat - x) ** 2": "(x_hat - x) ^ 2"},
    "In Python ^ is not a power but compares bits; a square is ** 2.",
)


@mistake
def caret_for_a_power_in_a_number(x, x_hat, data_range):
    """In Python a square is ** 2; ^ is not a power but compares bits."""
    return data_range ^ 2


variance_of_the_picture_for_the_range = difference(
    psnr,
    {"data_range**2": "x.var()"},
    """You put the picture's own variance over the error: the signal-to-noise ratio without its P for peak. Above stands
    data_range ** 2.""",
)
