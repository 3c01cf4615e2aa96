"""Assign: the nearest centre."""

import numpy as np

from udl_teach.lesson.exercise import mistake


def assign(x, centres):
    """The number of the nearest row of centres (n_clusters, n_features) for every row of x, shape (n_samples,)."""
    ### BEGIN SOLUTION
    differences = x[:, None, :] - centres[None, :, :]
    distances = (differences**2).sum(axis=2)
    return distances.argmin(axis=1)
    ### END SOLUTION


def _differences(x, centres):
    return x[:, None, :] - centres[None, :, :]


def arguments(rng):
    n_samples, n_features, n_clusters = rng.integers(30, 45), rng.integers(3, 5), rng.integers(5, 8)
    return rng.normal(size=(n_samples, n_features)) * 2 + 1, rng.normal(size=(n_clusters, n_features)) * 2 + 1


HINTS = (
    "You need a table of squared distances first: one row a sample, one column a centre.",
    "x[:, None, :] - centres[None, :, :] has shape (samples, centres, features): every sample minus every centre.",
    "Square it and sum over the features (the last axis). What is left has shape (samples, centres).",
    "argmin along the axis of the centres says at which place the smallest stands: distances.argmin(axis=1).",
)


@mistake
def nearest_sample_of_every_centre(x, c):
    """You asked every centre for its nearest sample, and got one answer a centre. Ask every sample for its nearest
    centre: the smallest along the axis that runs over the centres.
    """
    return (_differences(x, c) ** 2).sum(axis=2).argmin(axis=0)


@mistake
def summed_over_the_centres(x, c):
    """You summed over the centres, so what you compare are features. A distance sums over the features: the differences
    have shape (samples, centres, features), and features are the last axis.
    """
    return (_differences(x, c) ** 2).sum(axis=1).argmin(axis=1)


@mistake
def summed_over_the_samples(x, c):
    """You summed over the samples (axis 0), so they are gone. A distance sums over the features, the last axis."""
    return (_differences(x, c) ** 2).sum(axis=0).argmin(axis=1)


@mistake
def farthest_centre(x, c):
    """You chose the farthest centre. The nearest is where the distance is smallest."""
    return (_differences(x, c) ** 2).sum(axis=2).argmax(axis=1)


@mistake
def differences_not_squared(x, c):
    """You added up differences with their signs, so that +3 and -3 make 0. Square them before you add."""
    return _differences(x, c).sum(axis=2).argmin(axis=1)


@mistake
def summed_before_it_was_made_positive(x, c):
    """You added up differences with their signs first, and made only the sum positive. By then +3 and -3 have become 0:
    square each difference, then add.
    """
    return np.abs(_differences(x, c).sum(axis=2)).argmin(axis=1)


@mistake
def sum_forgotten(x, c):
    """You asked for the nearest centre in every feature by itself, and got one answer a feature. Sum the squares over
    the features (the last axis) first: that is the distance.
    """
    return (_differences(x, c) ** 2).argmin(axis=1)


@mistake
def city_block_distance(x, c):
    """You added up absolute differences. That is a distance too (city-block), but the mean, to which the centres move,
    belongs to squared ones; with others Lloyd's algorithm may go round in circles.
    """
    return np.abs(_differences(x, c)).sum(axis=2).argmin(axis=1)


@mistake
def all_distances(x, c):
    """These are the squared distances, and they are right. Wanted is, for every sample, the number of the centre where
    its distance is smallest.
    """
    return (_differences(x, c) ** 2).sum(axis=2)


@mistake
def the_smallest_distance(x, c):
    """You returned the smallest distance itself. Wanted is which centre it belongs to: argmin, not min."""
    return (_differences(x, c) ** 2).sum(axis=2).min(axis=1)


@mistake
def argmin_over_everything(x, c):
    """argmin without an axis looks at the whole table and answers once. Every sample needs an answer: say along which
    axis.
    """
    return (_differences(x, c) ** 2).sum(axis=2).argmin()


@mistake
def largest_product(x, c):
    """You compared products x @ centres.T. They favour centres far from the origin; distance also needs the length of
    the centre. Square the differences instead.
    """
    return (x @ c.T).argmax(axis=1)


@mistake
def counted_from_1(x, c):
    """You counted the centres from 1. Their numbers are used to look them up, so count from 0."""
    return (_differences(x, c) ** 2).sum(axis=2).argmin(axis=1) + 1


@mistake
def samples_paired_with_centres_row_by_row(x, c):
    """x - centres pairs row with row, and there are not as many centres as samples. x[:, None, :] - centres[None, :, :]
    pairs every sample with every centre.
    """
    return ((x - c) ** 2).sum(axis=1)
