"""Principal directions."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake
from udl_teach.lesson.exercises.l01.shared import cloud
from udl_teach.lesson.values import as_array, close


def principal_directions(x, n_components):
    """The directions of largest variance of x (n_samples, n_features), shape (n_components, n_features)."""
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    return directions[:n_components]
    ### END SOLUTION


HINTS = (
    "Two moves: bring the middle of the cloud to the origin, then decompose what is left.",
    "x - x.mean(axis=0) centres; np.linalg.svd(..., full_matrices=False) returns three things: U, S and V'.",
    "The rows of the third result are the directions, the one of largest variance first. How many are wanted?",
    "return directions[:n_components], where _, _, directions = np.linalg.svd(x - x.mean(axis=0), ...)",
)


arguments = cloud


def agree(got, wanted):
    # A direction and its opposite are equally good. There are never more directions than features, so each lies along
    # the longer axis, also in a result that is transposed.
    got, wanted = as_array(got), as_array(wanted)
    if got is None or got.shape != wanted.shape or got.ndim != 2:
        return close(got, wanted)
    along = int(got.shape[1] >= got.shape[0])
    opposite = (got * wanted).sum(axis=along, keepdims=True) < 0
    return close(np.where(opposite, -got, got), wanted)


def _svd(x):
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)


not_centred = difference(
    principal_directions,
    {"x - x.mean(axis=0)": "x"},
    """You decomposed x as it is. Then the first direction points from the origin to the middle of the cloud: it says
    where the cloud is, not how it spreads. Subtract the mean of every feature first.""",
)

centred_over_the_wrong_axis = difference(
    principal_directions,
    {"axis=0": "axis=1, keepdims=True"},
    """You subtracted from every sample its own mean. Wanted is the mean of every feature, taken down the columns:
    x.mean(axis=0).""",
)

centred_over_the_wrong_axis_shapes_do_not_fit = difference(
    principal_directions,
    {"axis=0": "axis=1"},
    "x.mean(axis=1) is one number per sample; centring needs one number per feature, x.mean(axis=0).",
)

one_grand_mean = difference(
    principal_directions,
    {"axis=0": ""},
    """You subtracted one mean over everything. Every feature has a mean of its own: give mean the axis that runs over
    the samples.""",
)

standardized_as_well = difference(
    principal_directions,
    {"x - x.mean(axis=0)": "(x - x.mean(axis=0)) / x.std(axis=0)"},
    """You also divided by the standard deviations. Sometimes that is wise (see the end of this lesson), but it is
    another question: here only subtract the mean.""",
)


@mistake
def columns_of_v_instead_of_rows(x, n_components):
    """You cut columns out of the third result. NumPy hands back V', already transposed: every ROW of it is a direction,
    so take its first n_components rows.
    """
    return _svd(x).Vh[:, :n_components]


@mistake
def v_transposed_again(x, n_components):
    """The third result of np.linalg.svd is V', already transposed; you transposed it once more, and its rows are no
    directions any longer. Leave out the .T.
    """
    return _svd(x).Vh.T[:n_components]


@mistake
def directions_as_columns(x, n_components):
    """You have the right directions as columns. Here they are wanted as rows, shape (n_components, n_features): leave
    out the last transposition.
    """
    return _svd(x).Vh[:n_components].T


@mistake
def rows_of_u(x, n_components):
    """You took the first result, U. Its rows belong to samples; the directions live in feature space and are the rows
    of the third result.
    """
    return _svd(x).U[:n_components]


@mistake
def columns_of_u(x, n_components):
    """You took columns of U, which have one number per sample. A direction has one number per feature: look in the
    third result of np.linalg.svd.
    """
    return _svd(x).U[:, :n_components].T


@mistake
def columns_of_u_not_transposed(x, n_components):
    """You returned columns of U, the first result: they say where each sample lies along a direction, not where the
    direction points. The directions are the rows of the third result, V'.
    """
    return _svd(x).U[:, :n_components]


@mistake
def all_of_u(x, n_components):
    """You returned the first result, U, which has one row per sample. The directions are the rows of the third result,
    and of these the first n_components.
    """
    return _svd(x).U


@mistake
def all_directions(x, n_components):
    """These are the right directions, but all of them: take the first n_components."""
    return _svd(x).Vh


@mistake
def unsorted_smallest_first(x, n_components):
    """Your directions come by rising variance, so the first is the one along which the data vary least. np.linalg.eigh
    sorts that way; np.linalg.svd sorts the largest first.
    """
    return _svd(x).Vh[::-1][:n_components]


@mistake
def the_last_ones(x, n_components):
    """You took the last directions, along which the data hardly vary. The largest variances come first."""
    return _svd(x).Vh[-n_components:]


@mistake
def directions_times_singular_values(x, n_components):
    """Your directions are multiplied by their singular values. A direction has length 1: return the rows of V' as they
    are.
    """
    return (_svd(x).S[:, None] * _svd(x).Vh)[:n_components]


@mistake
def codes_instead_of_directions(x, n_components):
    """You went one step further and projected the samples: these are their codes. Return the directions."""
    return (x - x.mean(axis=0)) @ _svd(x).Vh[:n_components].T
