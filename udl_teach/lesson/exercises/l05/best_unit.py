"""The best matching unit."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array, close


def best_unit(weights, sample):
    """Row and column of the unit whose weights are nearest to the sample."""
    ### BEGIN SOLUTION
    distances = ((weights - sample) ** 2).sum(axis=2)
    row, column = np.unravel_index(distances.argmin(), distances.shape)
    return row, column
    ### END SOLUTION


HINTS = (
    "Measure how far every unit is from the sample, one number per unit. Then: where on the grid is the smallest?",
    "weights - sample subtracts the sample from every unit at once. Square, and sum over the last axis, axis=2: the "
    "features. What is left has shape (rows, columns).",
    ".argmin() counts row by row; np.unravel_index(number, shape) turns that into row and column.",
    "distances = ((weights - sample) ** 2).sum(axis=2), and then return np.unravel_index(distances.argmin(), ...) "
    "with the shape of the distances.",
)


def arguments(rng):
    # More columns than rows, and a best unit below the first row, off the diagonal: a swap and a flat index show.
    while True:
        rows = int(rng.integers(3, 6))
        columns = rows + int(rng.integers(1, 4))
        weights = rng.normal(size=(rows, columns, int(rng.integers(2, 6)))) + rng.normal()
        sample = weights.mean(axis=(0, 1)) + rng.normal(size=weights.shape[2])
        row, column = best_unit(weights, sample)
        others = (differences_not_squared, absolute_value_after_the_sum, absolute_differences, largest_difference)
        others += (farthest_unit, largest_product, best_single_feature, summed_over_the_rows, summed_over_the_columns)
        if 0 < row != column and all(each(weights, sample) != (row, column) for each in others):
            return weights, sample


def agree(got, wanted):
    # An array or a list of the two numbers says the same as a tuple of them.
    array = as_array(got)
    return array is not None and array.shape == (2,) and close(tuple(array.tolist()), wanted) or close(got, wanted)


def _smallest(table):
    return np.unravel_index(table.argmin(), table.shape)


def _squared_distances(weights, sample):
    return ((weights - sample) ** 2).sum(axis=2)


@mistake
def differences_not_squared(weights, sample):
    """You summed the differences without squaring them, so a unit whose weights are far too low wins. Square each
    difference before you sum over the features."""
    return _smallest((weights - sample).sum(axis=2))


@mistake
def absolute_value_after_the_sum(weights, sample):
    """You summed the differences first and took the absolute value afterwards: by then a feature that is too high has
    cancelled one that is too low. Square each difference first, then sum over the features.
    """
    return _smallest(np.abs((weights - sample).sum(axis=2)))


@mistake
def absolute_differences(weights, sample):
    """You summed absolute differences. That is the city-block distance, and it chooses other units: here the
    differences are squared.
    """
    return _smallest(np.abs(weights - sample).sum(axis=2))


@mistake
def largest_difference(weights, sample):
    """You compared the units by their largest difference in one feature. All features count: square each difference,
    then sum over the features.
    """
    return _smallest(np.abs(weights - sample).max(axis=2))


@mistake
def summed_over_everything(weights, sample):
    """Your answer is always row 0, column 0. Did you sum over everything, .sum() without an axis? Then one number is
    left for the whole grid. You need one per unit: .sum(axis=2).
    """
    return 0, 0


@mistake
def farthest_unit(weights, sample):
    """You found the unit that is farthest away: argmax of a distance. The best matching unit has the smallest distance:
    argmin.
    """
    return _smallest(-_squared_distances(weights, sample))


@mistake
def largest_product(weights, sample):
    """You chose the unit with the largest product of weights and sample, as a neuron in a network would. A unit with
    large weights then wins everywhere; in a map, the nearest unit wins.
    """
    return _smallest(-(weights * sample).sum(axis=2))


@mistake
def best_single_feature(weights, sample):
    """You took the smallest of all squared differences, so a unit wins if it agrees in a single feature. Sum over the
    features first, .sum(axis=2), then find the smallest.
    """
    return _smallest((weights - sample) ** 2)[:2]


@mistake
def summed_over_the_rows(weights, sample):
    """You summed over axis 0, the rows of the grid, and mixed all units of a column. A unit's distance is a sum over
    its features: axis=2.
    """
    return _smallest(((weights - sample) ** 2).sum(axis=0))


@mistake
def summed_over_the_columns(weights, sample):
    """You summed over axis 1, the columns of the grid, and mixed all units of a row. A unit's distance is a sum over
    its features: axis=2.
    """
    return _smallest(((weights - sample) ** 2).sum(axis=1))


@mistake
def unravelled_in_the_shape_of_the_weights(weights, sample):
    """You unravelled the number in the shape of the weights, whose third axis holds the features. The number counts
    entries of the table of distances: use the shape of that table, (rows, columns).
    """
    return np.unravel_index(_squared_distances(weights, sample).argmin(), weights.shape)


@mistake
def index_not_unravelled(weights, sample):
    """argmin counts through the whole grid, row after row, and returns one number. Turn it into row and column:
    np.unravel_index(number, distances.shape).
    """
    return _squared_distances(weights, sample).argmin()


@mistake
def unravelled_by_the_rows(weights, sample):
    """You divided by the number of rows. argmin counts along a row first, so a row is full after as many units as there
    are columns: divide by the number of columns.
    """
    return divmod(_squared_distances(weights, sample).argmin(), weights.shape[0])


@mistake
def column_and_row(weights, sample):
    """You returned column and row. The row comes first, as in weights[row, column]."""
    return best_unit(weights, sample)[::-1]


@mistake
def smallest_of_every_column(weights, sample):
    """You found a best matching unit for every column. The whole grid has one winner: argmin() without an axis."""
    return _squared_distances(weights, sample).argmin(axis=0)


@mistake
def the_distance(weights, sample):
    """You returned the distance of the best matching unit. The exercise asks for its place: argmin instead of min, then
    row and column."""
    return _squared_distances(weights, sample).min()


@mistake
def the_weights(weights, sample):
    """You returned the weights of the best matching unit, its place in data space. The exercise asks for its place on
    the grid: row and column.
    """
    return weights[best_unit(weights, sample)]


def judge(function, rng):
    # 2.0 equals 2, but no array can be asked for its row 2.0: the next cells would stop.
    weights, sample = arguments(rng)
    try:
        array = as_array(function(weights, sample))
    except Exception:
        return
    if array is not None and array.dtype.kind == "f" and agree(array, best_unit(weights, sample)):
        raise Wrong(
            "Row and column are right, but they are floats: NumPy refuses weights[2.0, 1.0]. Return "
            "whole numbers, int(row) and int(column)."
        )
