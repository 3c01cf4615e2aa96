"""Topographic error."""

import numpy as np

from udl_teach.lesson.exercise import mistake


def topographic_error(weights, x):
    """The share of samples whose best and second-best units do not touch; corners touch too."""
    ### BEGIN SOLUTION
    rows, columns, n_features = weights.shape
    units = weights.reshape(-1, n_features)
    distances = ((x[:, None, :] - units[None, :, :]) ** 2).sum(axis=2)
    first, second = distances.argsort(axis=1)[:, :2].T
    row_gap = np.abs(first // columns - second // columns)
    column_gap = np.abs(first % columns - second % columns)
    return (np.maximum(row_gap, column_gap) > 1).mean()
    ### END SOLUTION


def _ranked(weights, x):
    units = weights.reshape(-1, weights.shape[2])
    return ((x[:, None, :] - units) ** 2).sum(axis=2).argsort(axis=1), units


def _places(weights, x, ranks=(0, 1)):
    order, _ = _ranked(weights, x)
    first, second = order[:, ranks[0]], order[:, ranks[1]]
    columns = weights.shape[1]
    return np.abs(first // columns - second // columns), np.abs(first % columns - second % columns)


def _apart_in_data_space(weights, x):
    order, units = _ranked(weights, x)
    return (np.linalg.norm(units[order[:, 0]] - units[order[:, 1]], axis=1) > 1).mean()


def _not_nearest_in_data_space(weights, x):
    order, units = _ranked(weights, x)
    between = ((units[:, None] - units) ** 2).sum(axis=2)
    np.fill_diagonal(between, np.inf)
    return (between.argmin(axis=1)[order[:, 0]] != order[:, 1]).mean()


def _numbers_apart(weights, x):
    order, _ = _ranked(weights, x)
    return (np.abs(order[:, 0] - order[:, 1]) > 1).mean()


def _by_the_rows(weights, x):
    order, _ = _ranked(weights, x)
    gaps = [np.abs(of(order[:, 0], len(weights)) - of(order[:, 1], len(weights))) for of in (np.floor_divide, np.mod)]
    return (np.maximum(*gaps) > 1).mean()


def _sorted_down(weights, x):
    units = weights.reshape(-1, weights.shape[2])
    first, second = ((x[:, None, :] - units) ** 2).sum(axis=2).argsort(axis=0)[:, :2].T
    columns = weights.shape[1]
    return (np.maximum(abs(first // columns - second // columns), abs(first % columns - second % columns)) > 1).mean()


def _without_sign(weights, x):
    order, _ = _ranked(weights, x)
    (row, column), (other_row, other_column) = (np.divmod(order[:, rank], weights.shape[1]) for rank in (0, 1))
    return ((row - other_row > 1) | (column - other_column > 1)).mean()


_WRONG_SHARES = {
    "no absolute value": _without_sign,
    "second and third": lambda weights, x: (np.maximum(*_places(weights, x, (1, 2))) > 1).mean(),
    "rows alone": lambda weights, x: (_places(weights, x)[0] > 1).mean(),
    "columns alone": lambda weights, x: (_places(weights, x)[1] > 1).mean(),
    "first and third": lambda weights, x: (np.maximum(*_places(weights, x, (0, 2))) > 1).mean(),
    "first and last": lambda weights, x: (np.maximum(*_places(weights, x, (0, -1))) > 1).mean(),
    "distance in data space": _apart_in_data_space,
    "nearest in data space": _not_nearest_in_data_space,
    "corners do not count": lambda weights, x: (np.add(*_places(weights, x)) > 1).mean(),
    "numbers compared": _numbers_apart,
    "by the rows": _by_the_rows,
    "sorted down the columns": _sorted_down,
    "both gaps": lambda weights, x: (np.minimum(*_places(weights, x)) > 1).mean(),
    "share that touches": lambda weights, x: (np.maximum(*_places(weights, x)) <= 1).mean(),
    "at least one": lambda weights, x: (np.maximum(*_places(weights, x)) >= 1).mean(),
}


def arguments(rng):
    # A sheet that lies over the data, but crumpled: some pairs touch, some do not, and every mistake counts otherwise.
    while True:
        rows = int(rng.integers(3, 5))
        columns = rows + int(rng.integers(2, 4))
        place = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=2)
        weights = np.concatenate([0.8 * place, np.zeros((rows, columns, 1))], axis=2)
        weights += 0.75 * rng.normal(size=weights.shape)
        n = int(rng.integers(40, 60))
        x = weights.reshape(-1, 3)[rng.integers(rows * columns, size=n)] + 0.5 * rng.normal(size=(n, 3))
        shares = [wrong(weights, x) for wrong in _WRONG_SHARES.values()]
        if not np.isclose(shares, topographic_error(weights, x)).any():
            return weights, x


HINTS = (
    "For each sample: who wins, who comes second, and do these two touch on the sheet?",
    "With the units in one list, weights.reshape(-1, n_features), the distances have shape (n_samples, n_units), "
    "and .argsort(axis=1) puts the nearest first: columns 0 and 1 are what you need.",
    "number // columns is the row of a unit and number % columns its column. Two units touch when neither their "
    "rows nor their columns are more than 1 apart.",
    "return (np.maximum(row_gap, column_gap) > 1).mean() and each gap is the absolute difference of first and second.",
)


@mistake
def first_and_third(weights, x):
    """You compared the best unit with the third best. Counting starts at 0: the best two are places 0 and 1 of the
    order.
    """
    return _WRONG_SHARES["first and third"](weights, x)


@mistake
def second_and_third(weights, x):
    """You compared the second best with the third best. Counting starts at 0: the best two are places 0 and 1 of the
    order.
    """
    return _WRONG_SHARES["second and third"](weights, x)


@mistake
def no_absolute_value(weights, x):
    """A gap can be negative: the second best may lie below the best or right of it, and then no difference exceeds 1.
    Take absolute values, np.abs.
    """
    return _WRONG_SHARES["no absolute value"](weights, x)


@mistake
def rows_alone(weights, x):
    """You asked for the row gap alone. Units in one row can be far apart too: look at rows and columns."""
    return _WRONG_SHARES["rows alone"](weights, x)


@mistake
def columns_alone(weights, x):
    """You asked for the column gap alone. Units in one column can be far apart too: look at rows and columns."""
    return _WRONG_SHARES["columns alone"](weights, x)


@mistake
def first_and_last(weights, x):
    """You compared the best unit with the worst. argsort puts the smallest distance first, so the second best is place
    1, not -1.
    """
    return _WRONG_SHARES["first and last"](weights, x)


@mistake
def distance_in_data_space(weights, x):
    """You measured how far the weights of the two units are apart, in data space. Whether they are neighbours is
    decided on the sheet, by their rows and columns.
    """
    return _WRONG_SHARES["distance in data space"](weights, x)


@mistake
def nearest_in_data_space(weights, x):
    """You asked whether the second best is the unit nearest to the best one in data space. A neighbour here is a unit
    that touches on the sheet: at most one row and one column away, whatever the weights.
    """
    return _WRONG_SHARES["nearest in data space"](weights, x)


@mistake
def corners_do_not_count(weights, x):
    """You let units touch along an edge only. Here those that meet at a corner touch as well: eight neighbours, so it
    is the larger of the two gaps that must not exceed 1.
    """
    return _WRONG_SHARES["corners do not count"](weights, x)


@mistake
def numbers_compared(weights, x):
    """You compared the numbers of the units. The last unit of a row and the first of the next have numbers that follow
    each other and lie far apart; the unit below is `columns` further and touches. Turn numbers into rows and columns
    first.
    """
    return _WRONG_SHARES["numbers compared"](weights, x)


@mistake
def by_the_rows(weights, x):
    """You divided by the number of rows. Units are numbered along the rows, so number // columns is the row and number
    % columns the column.
    """
    return _WRONG_SHARES["by the rows"](weights, x)


@mistake
def sorted_down_the_columns(weights, x):
    """You sorted along axis 0, so what you compare are numbers of samples. Sort every sample's row of distances
    instead, axis=1: then the numbers are those of units.
    """
    return _WRONG_SHARES["sorted down the columns"](weights, x)


@mistake
def both_gaps(weights, x):
    """You counted a pair only when both its row gap and its column gap exceed 1. One of them is enough to be apart: or,
    not and.
    """
    return _WRONG_SHARES["both gaps"](weights, x)


@mistake
def at_least_one(weights, x):
    """The two best units are never the same one, so a gap of at least 1 is always there. They are apart when a gap is
    larger than 1.
    """
    return _WRONG_SHARES["at least one"](weights, x)


@mistake
def share_that_touches(weights, x):
    """You have the share of samples whose best two units touch. The error counts the others: 1 minus yours."""
    return _WRONG_SHARES["share that touches"](weights, x)


@mistake
def count(weights, x):
    """You counted the samples. Asked for is their share: a mean in place of the sum."""
    return int((np.maximum(*_places(weights, x)) > 1).sum())


@mistake
def one_answer_a_sample(weights, x):
    """You have one True or False a sample. Their mean is the share of True."""
    return np.maximum(*_places(weights, x)) > 1
