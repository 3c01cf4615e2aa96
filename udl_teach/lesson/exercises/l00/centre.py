"""Centre the data."""

import numpy as np

from udl_teach.lesson.exercise import mistake


def centre(x):
    """The table x with the mean of each feature subtracted; both have the shape (samples, features)."""
    ### BEGIN SOLUTION
    return x - x.mean(axis=0)
    ### END SOLUTION


def arguments(rng):
    n_samples, n_features = rng.integers(5, 20), rng.integers(2, 5)
    return (rng.normal(rng.normal(0, 5, n_features), rng.uniform(0.2, 4, n_features), (n_samples, n_features)),)


HINTS = (
    "After centring, the mean of every feature is zero. What do you have to subtract from each column?",
    "x has the shape (samples, features). x.mean(axis=0) averages over the samples and leaves one number per feature.",
    "NumPy broadcasts a row over a table: x - row, with a row of shape (features,), subtracts the row from every row.",
    "return x - x.mean(axis=...), where the axis is the one that runs over the samples.",
)


@mistake
def one_grand_mean(x):
    """You subtracted one mean over the whole table. Every feature has its own mean: average down each column, with
    axis=0.
    """
    return x - np.mean(x)


@mistake
def mean_over_the_wrong_axis(x):
    """You subtracted from every sample the mean of its row. Subtract from every feature the mean of its column: the
    axis that runs over the samples is axis 0.
    """
    return x - x.mean(axis=1, keepdims=True)


@mistake
def mean_over_the_wrong_axis_shapes_do_not_fit(x):
    """x.mean(axis=1) gives one number per sample, but you need one number per feature. Average over axis 0, and the
    shapes fit, too.
    """
    return x - x.mean(axis=1)


@mistake
def divides_by_the_standard_deviation_as_well(x):
    """You also divided by the standard deviation. That is standardizing, which is one step more than centring: here,
    only subtract the mean.
    """
    return (x - x.mean(axis=0)) / x.std(axis=0)


@mistake
def adds_instead_of_subtracting(x):
    """You added the mean. Subtract it, so that the new mean of every feature is zero."""
    return x + x.mean(axis=0)


@mistake
def returns_the_mean(x):
    """You returned the means themselves. Subtract them from x and return the difference."""
    return x.mean(axis=0)
