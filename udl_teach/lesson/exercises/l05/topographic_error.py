"""Topographic error."""

import numpy as np

from udl_teach.lesson.exercise import difference


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


HINTS = (
    "For each sample: who wins, who comes second, and do these two touch on the grid?",
    "With the units in one list, weights.reshape(-1, n_features), the distances have shape (n_samples, n_units), "
    "and .argsort(axis=1) puts the nearest first: you need columns 0 and 1.",
    "number // columns is the row of a unit and number % columns its column. Two units touch when neither their "
    "rows nor their columns are more than 1 apart.",
    "return (np.maximum(row_gap, column_gap) > 1).mean() and each gap is the absolute difference of first and second.",
)


def arguments(rng):
    # A crumpled sheet over the data: some pairs touch, some do not, and every mistake gives another count.
    others = (first_and_third, second_and_third, no_absolute_value, rows_alone, columns_alone, first_and_last)
    others += (distance_in_data_space, nearest_in_data_space, corners_do_not_count, numbers_compared, by_the_rows)
    others += (sorted_down_the_columns, both_gaps, at_least_one, share_that_touches)
    while True:
        rows = int(rng.integers(3, 5))
        columns = rows + int(rng.integers(2, 4))
        place = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=2)
        weights = np.concatenate([0.8 * place, np.zeros((rows, columns, 1))], axis=2)
        weights += 0.75 * rng.normal(size=weights.shape)
        n = int(rng.integers(40, 60))
        x = weights.reshape(-1, 3)[rng.integers(rows * columns, size=n)] + 0.5 * rng.normal(size=(n, 3))
        if not np.isclose([each(weights, x) for each in others], topographic_error(weights, x)).any():
            return weights, x


first_and_third = difference(
    topographic_error,
    {"[:, :2].T": "[:, [0, 2]].T"},
    """You compared the best unit with the third best. Counting starts at 0: the best two are places 0 and 1 of the
    order.""",
)

second_and_third = difference(
    topographic_error,
    {"[:, :2].T": "[:, 1:3].T"},
    """You compared the second best with the third best. Counting starts at 0: the best two are places 0 and 1 of the
    order.""",
)

no_absolute_value = difference(
    topographic_error,
    {
        "np.abs(first // columns - second // columns)": "first // columns - second // columns",
        "np.abs(first % columns - second % columns)": "first % columns - second % columns",
    },
    """A gap can be negative: the second best may lie below the best or right of it, and then no difference exceeds 1.
    Take absolute values, np.abs.""",
)

rows_alone = difference(
    topographic_error,
    {"np.maximum(row_gap, column_gap)": "row_gap"},
    "You used the row gap alone. Units in the same row can be far apart too: use rows and columns.",
)

columns_alone = difference(
    topographic_error,
    {"np.maximum(row_gap, column_gap)": "column_gap"},
    "You used the column gap alone. Units in the same column can be far apart too: use rows and columns.",
)

first_and_last = difference(
    topographic_error,
    {"[:, :2].T": "[:, [0, -1]].T"},
    """You compared the best unit with the worst. argsort puts the smallest distance first, so the second best is at
    place 1, not -1.""",
)

distance_in_data_space = difference(
    topographic_error,
    {"np.maximum(row_gap, column_gap)": "np.linalg.norm(units[first] - units[second], axis=1)"},
    """You measured the distance between the weights of the two units, in data space. Whether two units touch depends on
    their rows and columns alone.""",
)

nearest_in_data_space = difference(
    topographic_error,
    {
        "return (np.maximum(row_gap, column_gap) > 1).mean()": """
        between = ((units[:, None] - units) ** 2).sum(axis=2)
        np.fill_diagonal(between, np.inf)
        return (between.argmin(axis=1)[first] != second).mean()
        """
    },
    """You checked whether the second best is the unit nearest to the best one in data space. Here two units are
    neighbours if they touch on the grid: at most one row and one column apart, whatever their weights.""",
)

corners_do_not_count = difference(
    topographic_error,
    {"np.maximum(row_gap, column_gap)": "row_gap + column_gap"},
    """You let units touch along an edge only. Here units that meet at a corner touch as well: a unit has eight
    neighbours, and the larger of the two gaps must not exceed 1.""",
)

numbers_compared = difference(
    topographic_error,
    {"np.maximum(row_gap, column_gap)": "np.abs(first - second)"},
    """You compared the numbers of the units. The last unit of a row and the first of the next have consecutive numbers
    but do not touch; a unit and the one below differ by `columns` and do. Turn numbers into rows and columns first.""",
)

by_the_rows = difference(
    topographic_error,
    {"rows, columns, n_features = weights.shape": "columns, _, n_features = weights.shape"},
    """You divided by the number of rows. Units are numbered along the rows, so number // columns is the row and number
    % columns the column.""",
)

sorted_down_the_columns = difference(
    topographic_error,
    {"argsort(axis=1)": "argsort(axis=0)"},
    """You sorted along axis 0, so you compare numbers of samples. Sort the distances of every sample, axis=1: then the
    numbers are those of units.""",
)

both_gaps = difference(
    topographic_error,
    {"np.maximum": "np.minimum"},
    """You counted a pair only when both its row gap and its column gap exceed 1. One of them is enough: use "or", not
    "and".""",
)

at_least_one = difference(
    topographic_error,
    {"> 1": ">= 1"},
    """The two best units are never the same one, so one gap is always at least 1. They do not touch when a gap is
    larger than 1.""",
)

share_that_touches = difference(
    topographic_error,
    {"> 1": "<= 1"},
    "You returned the share of samples whose best two units touch. The error is the share of the others.",
)

count = difference(
    topographic_error,
    {".mean()": ".sum()"},
    "You counted the samples. The error is their share: a mean instead of the sum.",
)

one_answer_per_sample = difference(
    topographic_error,
    {".mean()": ""},
    "You returned one True or False per sample. Their mean is the share of True.",
)
