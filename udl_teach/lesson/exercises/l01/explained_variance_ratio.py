"""Explained variance ratio."""

import numpy as np

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l01.shared import _cloud


def explained_variance_ratio(x, n_components):
    """The share of each of the first directions in the whole variance of x, shape (n_components,)."""
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    singular_values = np.linalg.svd(centred, compute_uv=False)
    variances = singular_values**2
    return variances[:n_components] / variances.sum()
    ### END SOLUTION


def _values(x):
    return np.linalg.svd(x - x.mean(axis=0), compute_uv=False)


def _share(variances, k):
    return variances[:k] / variances.sum()


arguments = _cloud


HINTS = (
    "Centre and decompose as before; this time the second result, the singular values, is what counts.",
    "A singular value is in the unit of the data, a variance in its square.",
    "Share number i: the square of singular value i, divided by the sum of ALL squares, kept or not.",
    "return squares[:n_components] / squares.sum()",
)


@mistake
def singular_values_not_squared(x, k):
    """You took shares of the singular values themselves. They are in the unit of the data, like a standard deviation; a
    variance is their square. Square them before you divide.
    """
    return _share(_values(x), k)


@mistake
def squared_below_the_line_only(x, k):
    """You squared the singular values in the sum, but not those that you divide by it. A share is variance by variance:
    square both.
    """
    return _values(x)[:k] / (_values(x) ** 2).sum()


@mistake
def squared_above_the_line_only(x, k):
    """You squared the singular values, but divided by the sum of those that are not squared. The whole variance is the
    sum of the squares.
    """
    return _values(x)[:k] ** 2 / _values(x).sum()


@mistake
def not_centred(x, k):
    """You did not centre: most of your first share is the distance of the cloud from the origin, which is no variance
    at all. Subtract the mean of every feature first.
    """
    return _share(np.linalg.svd(x, compute_uv=False) ** 2, k)


@mistake
def not_centred_not_squared(x, k):
    """Two things are missing: subtract the mean of every feature before the decomposition, and square the singular
    values after it.
    """
    return _share(np.linalg.svd(x, compute_uv=False), k)


@mistake
def centred_over_the_wrong_axis(x, k):
    """You subtracted from every sample its own mean; centring takes the mean of every feature, over axis 0."""
    return _share(np.linalg.svd(x - x.mean(axis=1, keepdims=True), compute_uv=False) ** 2, k)


@mistake
def shares_of_what_was_kept(x, k):
    """Your shares add up to 1 although some directions were left out. Divide by the variance along ALL directions, then
    cut off the first n_components.
    """
    return _values(x)[:k] ** 2 / (_values(x)[:k] ** 2).sum()


@mistake
def unsorted_smallest_first(x, k):
    """Your shares rise: the smallest come first. np.linalg.eigvalsh sorts that way; turn them round, or take
    np.linalg.svd, which puts the largest first.
    """
    return _share(_values(x)[::-1] ** 2, k)


@mistake
def variances_of_the_features(x, k):
    """These are the shares of the first features, not of the first directions. The variance along direction i is in
    singular value i.
    """
    return _share(x.var(axis=0), k)


@mistake
def not_divided(x, k):
    """You returned the squared singular values. A ratio is a share of the whole: divide by the sum of all of them."""
    return _values(x)[:k] ** 2


@mistake
def variances_instead_of_shares(x, k):
    """These are the variances along the directions. The ratio is their share of the whole: divide by the sum over all
    directions (the n - 1 then cancels).
    """
    return _values(x)[:k] ** 2 / (len(x) - 1)


@mistake
def added_up(x, k):
    """You added the shares up on the way (cumsum). Wanted is the share of each direction alone."""
    return np.cumsum(_share(_values(x) ** 2, k))


@mistake
def one_number_for_all(x, k):
    """You returned the sum of the shares. Wanted is one share for each of the first n_components directions."""
    return _share(_values(x) ** 2, k).sum()


@mistake
def all_of_them(x, k):
    """Your shares are right, but you returned those of all directions: cut off the first n_components."""
    return _share(_values(x) ** 2, None)
