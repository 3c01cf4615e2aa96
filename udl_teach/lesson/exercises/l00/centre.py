"""Centre the data."""

import numpy as np

from udl_teach.lesson.exercise import mistake


def centre(x):
    """Moves the middle of the cloud to the origin.

    x has the shape (samples, features), and so has the result.
    """
    ### BEGIN SOLUTION
    return x - x.mean(axis=0)
    ### END SOLUTION


def arguments(rng):
    n_samples, n_features = rng.integers(5, 20), rng.integers(2, 5)
    return (rng.normal(rng.normal(0, 5, n_features), rng.uniform(0.2, 4, n_features), (n_samples, n_features)),)


HINTS = (
    "After centring, the mean of every feature is zero. What do you have to take away from each column?",
    "x has shape (samples, features). x.mean(axis=0) averages over the samples: one number a feature is left.",
    "NumPy stretches a row over a whole table: x - something of shape (features,) subtracts it from each row.",
    "return x - x.mean(axis=...) and the axis is the one that runs over the samples.",
)


@mistake
def one_grand_mean(x):
    """You subtracted one mean over everything. Every feature has a mean of its own: take it down each column, with
    axis=0.
    """
    return x - np.mean(x)


@mistake
def mean_over_the_wrong_axis(x):
    """You subtracted from every sample its own mean, along the rows. Wanted is the mean of every feature, down the
    columns: the axis that runs over the samples is axis 0.
    """
    return x - x.mean(axis=1, keepdims=True)


@mistake
def mean_over_the_wrong_axis_shapes_do_not_fit(x):
    """x.mean(axis=1) is one number a sample; wanted is one number a feature. Average over axis 0, and the shapes fit as
    well.
    """
    return x - x.mean(axis=1)


@mistake
def divides_by_the_standard_deviation_as_well(x):
    """You also divided by the standard deviation. That is standardizing, one step more than centring: only subtract the
    mean here.
    """
    return (x - x.mean(axis=0)) / x.std(axis=0)


@mistake
def adds_instead_of_subtracting(x):
    """You added the mean. Subtract it: then every feature's new mean is zero."""
    return x + x.mean(axis=0)


@mistake
def returns_the_mean(x):
    """You returned the means themselves. Subtract them from x and return what is left."""
    return x.mean(axis=0)
