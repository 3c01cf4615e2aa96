"""Explained variance ratio."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake
from udl_teach.lesson.exercises.l01.shared import cloud


def explained_variance_ratio(x, n_components):
    """The share of each of the first directions in the whole variance of x, shape (n_components,)."""
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    singular_values = np.linalg.svd(centred, compute_uv=False)
    variances = singular_values**2
    return variances[:n_components] / variances.sum()
    ### END SOLUTION


HINTS = (
    "Centre and decompose as before; this time the second result, the singular values, is what counts.",
    "A singular value is in the unit of the data, a variance in its square.",
    "Share number i: the square of singular value i, divided by the sum of ALL squares, kept or not.",
    "return squares[:n_components] / squares.sum()",
)


arguments = cloud


singular_values_not_squared = difference(
    explained_variance_ratio,
    {"singular_values**2": "singular_values"},
    """You took shares of the singular values themselves. They are in the unit of the data, like a standard deviation; a
    variance is their square. Square them before you divide.""",
)

squared_below_the_line_only = difference(
    explained_variance_ratio,
    {"variances[:n_components]": "singular_values[:n_components]"},
    """You squared the singular values in the sum, but not those that you divide by it. A share is variance by variance:
    square both.""",
)

squared_above_the_line_only = difference(
    explained_variance_ratio,
    {"variances.sum()": "singular_values.sum()"},
    """You squared the singular values, but divided by the sum of those that are not squared. The whole variance is the
    sum of the squares.""",
)

not_centred = difference(
    explained_variance_ratio,
    {"x - x.mean(axis=0)": "x"},
    """You did not centre: most of your first share is the distance of the cloud from the origin, which is no variance
    at all. Subtract the mean of every feature first.""",
)

not_centred_not_squared = difference(
    explained_variance_ratio,
    {"x - x.mean(axis=0)": "x", "singular_values**2": "singular_values"},
    """Two things are missing: subtract the mean of every feature before the decomposition, and square the singular
    values after it.""",
)

centred_over_the_wrong_axis = difference(
    explained_variance_ratio,
    {"axis=0": "axis=1, keepdims=True"},
    "You subtracted from every sample its own mean; centring takes the mean of every feature, over axis 0.",
)

shares_of_what_was_kept = difference(
    explained_variance_ratio,
    {"variances.sum()": "variances[:n_components].sum()"},
    """Your shares add up to 1 although some directions were left out. Divide by the variance along ALL directions, then
    cut off the first n_components.""",
)

unsorted_smallest_first = difference(
    explained_variance_ratio,
    {"variances[:n_components]": "variances[::-1][:n_components]"},
    """Your shares rise: the smallest come first. np.linalg.eigvalsh sorts that way; turn them round, or take
    np.linalg.svd, which puts the largest first.""",
)

variances_of_the_features = difference(
    explained_variance_ratio,
    {"singular_values**2": "x.var(axis=0)"},
    """These are the shares of the first features, not of the first directions. The variance along direction i is in
    singular value i.""",
)

not_divided = difference(
    explained_variance_ratio,
    {"/ variances.sum()": ""},
    "You returned the squared singular values. A ratio is a share of the whole: divide by the sum of all of them.",
)

variances_instead_of_shares = difference(
    explained_variance_ratio,
    {"variances.sum()": "(len(x) - 1)"},
    """These are the variances along the directions. The ratio is their share of the whole: divide by the sum over all
    directions (the n - 1 then cancels).""",
)


@mistake
def added_up(x, n_components):
    """You added the shares up on the way (cumsum). Wanted is the share of each direction alone."""
    return np.cumsum(explained_variance_ratio(x, n_components))


@mistake
def one_number_for_all(x, n_components):
    """You returned the sum of the shares. Wanted is one share for each of the first n_components directions."""
    return explained_variance_ratio(x, n_components).sum()


all_of_them = difference(
    explained_variance_ratio,
    {"[:n_components]": ""},
    "Your shares are right, but you returned those of all directions: cut off the first n_components.",
)
