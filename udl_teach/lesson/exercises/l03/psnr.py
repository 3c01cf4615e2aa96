"""PSNR."""

import numpy as np

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l03.shared import _mse


def psnr(x, x_hat, data_range):
    """Peak signal-to-noise ratio in decibels, all images together as one."""
    ### BEGIN SOLUTION
    squared_error = ((x_hat - x) ** 2).mean()
    return 10 * np.log10(data_range**2 / squared_error)
    ### END SOLUTION


def _per_image(x, x_hat, data_range):
    return 10 * np.log10(data_range**2 / ((x_hat - x) ** 2).mean(axis=(1, 2)))


def arguments(rng):
    # Never a range of 1; images that do not use all of it, and are spoilt very differently.
    n, height, width = int(rng.integers(3, 6)), int(rng.integers(6, 9)), int(rng.integers(10, 14))
    data_range = float(rng.choice([255.0, rng.uniform(2.0, 4.0)]))
    x = data_range * rng.uniform(0.1, 0.8, size=(n, height, width))
    spoilt = np.geomspace(0.01, 0.3, n)[:, None, None] * rng.normal(0.3, 1.0, size=x.shape)
    return x, x + data_range * rng.permutation(spoilt), data_range


HINTS = (
    "First the mean squared error, one number for all images together; then a fraction; then a logarithm.",
    "((x_hat - x) ** 2).mean() is the mean squared error. Above it in the fraction stands the squared range.",
    "The logarithm is the one to base 10, np.log10, and in front of it stands 10.",
    "return 10 * np.log10(data_range**2 / ...)",
)


@mistake
def natural_logarithm(x, x_hat, data_range):
    """np.log is the natural logarithm. Decibels are counted with the logarithm to base 10, np.log10; yours is 2.3 times
    too large.
    """
    return 10 * np.log(data_range**2 / _mse(x, x_hat))


@mistake
def logarithm_to_base_2(x, x_hat, data_range):
    """You took the logarithm to base 2, which counts bits. Decibels want base 10, np.log10."""
    return 10 * np.log2(data_range**2 / _mse(x, x_hat))


@mistake
def number_255_written_into_it(x, x_hat, data_range):
    """You wrote 255 into your function. That is right for bytes alone: for values in [0, 1] it would add 48 decibels to
    any picture. Use data_range.
    """
    return 10 * np.log10(255**2 / _mse(x, x_hat))


@mistake
def range_of_1_taken_for_granted(x, x_hat, data_range):
    """You took a range of 1 for granted. For bytes it is 255: put data_range ** 2 over the squared error."""
    return 10 * np.log10(1 / _mse(x, x_hat))


@mistake
def range_not_squared(x, x_hat, data_range):
    """The range is not squared: below it stands a squared error, so a squared range must stand above. data_range ** 2."""
    return 10 * np.log10(data_range / _mse(x, x_hat))


@mistake
def root_too_many(x, x_hat, data_range):
    """You took the root of the squared error and left the range squared. Either both are squared, with 10 in front, or
    neither is, with 20 in front.
    """
    return 10 * np.log10(data_range**2 / np.sqrt(_mse(x, x_hat)))


@mistake
def root_forgotten(x, x_hat, data_range):
    """20 in front is right for amplitudes, data_range over the root of the squared error; your squared error has no
    root. Take the root, or write 10 and square the range.
    """
    return 20 * np.log10(data_range / _mse(x, x_hat))


@mistake
def number_20_with_squares(x, x_hat, data_range):
    """Yours is twice too large: 20 stands in front of plain amplitudes, 10 in front of their squares."""
    return 20 * np.log10(data_range**2 / _mse(x, x_hat))


@mistake
def number_10_without_squares(x, x_hat, data_range):
    """Yours is half of what it must be: with the root taken and the range not squared, the factor is 20."""
    return 10 * np.log10(data_range / np.sqrt(_mse(x, x_hat)))


@mistake
def no_factor_of_10(x, x_hat, data_range):
    """That is in bels. A bel has ten decibels: multiply by 10."""
    return np.log10(data_range**2 / _mse(x, x_hat))


@mistake
def fraction_upside_down(x, x_hat, data_range):
    """Your fraction stands upside down, so good pictures get a low number: the range is above, the error below."""
    return 10 * np.log10(_mse(x, x_hat) / data_range**2)


@mistake
def mean_after_the_logarithm(x, x_hat, data_range):
    """You took the PSNR of every image and averaged these. That is another number, and never a lower one, because the
    logarithm makes little of one bad picture. Here the squared error is averaged over all images first.
    """
    return _per_image(x, x_hat, data_range).mean()


@mistake
def one_number_an_image(x, x_hat, data_range):
    """You have one number an image. Average the squared error over everything, .mean() without an axis, before the
    logarithm.
    """
    return _per_image(x, x_hat, data_range)


@mistake
def sum_of_the_squares(x, x_hat, data_range):
    """You summed the squared differences. Then a larger picture is a worse one: average them, .mean()."""
    return 10 * np.log10(data_range**2 / ((x_hat - x) ** 2).sum())


@mistake
def absolute_differences(x, x_hat, data_range):
    """You averaged absolute differences. Square each difference: mean squared error."""
    return 10 * np.log10(data_range**2 / np.abs(x_hat - x).mean())


@mistake
def squared_after_the_mean(x, x_hat, data_range):
    """You averaged the differences and squared the mean: too bright and too dark have cancelled by then. Square first."""
    return 10 * np.log10(data_range**2 / (x_hat - x).mean() ** 2)


@mistake
def brightest_pixel_for_the_range(x, x_hat, data_range):
    """You took the brightest pixel that happens to be there. The peak is the brightest that is possible: data_range.
    Otherwise a dark picture would be judged by another measure than a bright one.
    """
    return 10 * np.log10(x.max() ** 2 / _mse(x, x_hat))


@mistake
def range_of_the_picture_for_the_range(x, x_hat, data_range):
    """You took the range that the pictures happen to fill. What counts is the range that is possible: data_range.
    Otherwise a pale picture would be judged by another measure than a rich one.
    """
    return 10 * np.log10((x.max() - x.min()) ** 2 / _mse(x, x_hat))


@mistake
def power_of_the_picture_for_the_range(x, x_hat, data_range):
    """You put the picture's own mean square over the error: the signal-to-noise ratio without its P for peak. Above
    stands data_range ** 2.
    """
    return 10 * np.log10((x**2).mean() / _mse(x, x_hat))


@mistake
def no_logarithm(x, x_hat, data_range):
    """That is the fraction alone. Decibels are ten times its logarithm: 10 * np.log10(...)."""
    return data_range**2 / _mse(x, x_hat)


@mistake
def variance_of_the_differences(x, x_hat, data_range):
    """You took the variance of the differences, which forgives a picture that is too bright all over: it takes the mean
    away first. Average the squares themselves, ((x_hat - x) ** 2).mean().
    """
    return 10 * np.log10(data_range**2 / (x_hat - x).var())


@mistake
def divided_by_the_number_of_images(x, x_hat, data_range):
    """You divided the sum of squares by len(x), the number of images. Divide by the number of pixels in all of them,
    x.size, or take .mean().
    """
    return 10 * np.log10(data_range**2 / (((x_hat - x) ** 2).sum() / len(x)))


@mistake
def caret_for_a_power_in_an_array(x, x_hat, data_range):
    """In Python ^ is not a power but compares bits; a square is ** 2."""
    return (x_hat - x) ^ 2


@mistake
def caret_for_a_power_in_a_number(x, x_hat, data_range):
    """In Python a square is ** 2; ^ is not a power but compares bits."""
    return data_range ^ 2


@mistake
def variance_of_the_picture_for_the_range(x, x_hat, data_range):
    """You put the picture's own variance over the error: the signal-to-noise ratio without its P for peak. Above stands
    data_range ** 2.
    """
    return 10 * np.log10(x.var() / _mse(x, x_hat))
