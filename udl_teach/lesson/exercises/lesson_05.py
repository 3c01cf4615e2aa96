"""Exercises of lesson 05: best unit, neighbourhood, the online and the batch update, topographic error."""

import numpy as np

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import as_array, close

# -- 05.1 --


def best_unit(weights, sample):
    """Row and column of the unit nearest to a sample (n_features,); weights (rows, columns, n_features)."""
    distances = ((weights - sample) ** 2).sum(axis=2)
    row, column = np.unravel_index(distances.argmin(), distances.shape)
    return row, column


def _map_and_sample(rng):
    # More columns than rows, and a best unit below the first row, off the diagonal: a swap and a flat index show.
    while True:
        rows = int(rng.integers(3, 6))
        columns = rows + int(rng.integers(1, 4))
        weights = rng.normal(size=(rows, columns, int(rng.integers(2, 6)))) + rng.normal()
        sample = weights.mean(axis=(0, 1)) + rng.normal(size=weights.shape[2])
        right = best_unit(weights, sample)
        wrong = [_nearest_sum, _nearest_absolute_sum, _city_block, _largest_product, _one_feature, _farthest]
        wrong += [_over_the_rows, _over_the_columns, _largest_difference]
        row, column = right
        if 0 < row != column and all(each(weights, sample) != right for each in wrong):
            return weights, sample


def _unravelled(number, weights):
    return tuple(np.unravel_index(number, weights.shape[:2]))


def _squares(weights, sample):
    return ((weights - sample) ** 2).sum(axis=2)


def _nearest_sum(weights, sample):
    return _unravelled((weights - sample).sum(axis=2).argmin(), weights)


def _nearest_absolute_sum(weights, sample):
    return _unravelled(np.abs((weights - sample).sum(axis=2)).argmin(), weights)


def _city_block(weights, sample):
    return _unravelled(np.abs(weights - sample).sum(axis=2).argmin(), weights)


def _largest_difference(weights, sample):
    return _unravelled(np.abs(weights - sample).max(axis=2).argmin(), weights)


def _largest_product(weights, sample):
    return _unravelled((weights * sample).sum(axis=2).argmax(), weights)


def _one_feature(weights, sample):
    return tuple(np.unravel_index(((weights - sample) ** 2).argmin(), weights.shape)[:2])


def _over_the_rows(weights, sample):
    distances = ((weights - sample) ** 2).sum(axis=0)
    return tuple(np.unravel_index(distances.argmin(), distances.shape))


def _over_the_columns(weights, sample):
    distances = ((weights - sample) ** 2).sum(axis=1)
    return tuple(np.unravel_index(distances.argmin(), distances.shape))


def _farthest(weights, sample):
    return _unravelled(_squares(weights, sample).argmax(), weights)


def _same_place(got, wanted):
    # An array or a list of the two numbers says the same as a tuple of them.
    array = as_array(got)
    return array is not None and array.shape == (2,) and close(tuple(array.tolist()), wanted) or close(got, wanted)


def _whole_numbers(answer, rng):
    # 2.0 equals 2, but no array can be asked for its row 2.0: the next cells would stop.
    weights, sample = _map_and_sample(rng)
    try:
        array = as_array(answer(weights, sample))
    except Exception:
        return
    if array is not None and array.dtype.kind == "f" and _same_place(array, best_unit(weights, sample)):
        raise Wrong(
            "Row and column are right, but as numbers with a decimal point: NumPy refuses weights[2.0, 1.0]. Return "
            "whole numbers, int(row) and int(column)."
        )


_BEST_UNIT = Exercise(
    number="05.1",
    title="The best unit",
    solution=best_unit,
    arguments=_map_and_sample,
    compare=_same_place,
    judge=_whole_numbers,
    mistakes=(
        Mistake(
            "differences not squared",
            _nearest_sum,
            "You summed the differences without squaring them, so a unit that is far too low wins: the more negative, "
            "the smaller. Square each difference before you sum over the features.",
        ),
        Mistake(
            "absolute value after the sum",
            _nearest_absolute_sum,
            "You summed the differences first and took their size afterwards: by then a feature that is too high has "
            "cancelled one that is too low. Square each difference first, then sum over the features.",
        ),
        Mistake(
            "absolute differences",
            _city_block,
            "You summed absolute differences. That is a distance too (the way a taxi drives), and it chooses other "
            "units: here the differences are squared.",
        ),
        Mistake(
            "largest difference",
            _largest_difference,
            "You compared the units by their largest difference in one feature. All features count: square each "
            "difference, then sum over the features.",
        ),
        Mistake(
            "summed over everything",
            lambda weights, sample: (0, 0),
            "Your answer is always row 0, column 0. Did you sum over everything, .sum() without an axis? Then one "
            "number is left for the whole sheet. One a unit is wanted: .sum(axis=2).",
        ),
        Mistake(
            "farthest unit",
            _farthest,
            "You found the unit that is farthest away: argmax of a distance. The best unit has the smallest distance, "
            "argmin.",
        ),
        Mistake(
            "largest product",
            _largest_product,
            "You chose the unit with the largest product of weights and sample, as a neuron in a network would. A long "
            "weight vector then wins everywhere; a map asks who is nearest.",
        ),
        Mistake(
            "best single feature",
            _one_feature,
            "You took the smallest of all squared differences, so a unit wins that agrees in a single feature. Sum "
            "over the features first, .sum(axis=2), then look for the smallest.",
        ),
        Mistake(
            "summed over the rows",
            _over_the_rows,
            "You summed over axis 0, the rows of the sheet, and mixed all units of a column. A unit's distance is a "
            "sum over its features: axis=2.",
        ),
        Mistake(
            "summed over the columns",
            _over_the_columns,
            "You summed over axis 1, the columns of the sheet, and mixed all units of a row. A unit's distance is a "
            "sum over its features: axis=2.",
        ),
        Mistake(
            "unravelled in the shape of the weights",
            lambda weights, sample: tuple(np.unravel_index(_squares(weights, sample).argmin(), weights.shape)),
            "You unravelled the number in the shape of the weights, which has the features as a third axis. It was "
            "counted in the table of distances: take that table's shape, (rows, columns).",
        ),
        Mistake(
            "index not unravelled",
            lambda weights, sample: int(_squares(weights, sample).argmin()),
            "argmin counts through the whole sheet, row after row, and gives one number. Turn it into row and column: "
            "np.unravel_index(number, distances.shape).",
        ),
        Mistake(
            "unravelled by the rows",
            lambda weights, sample: tuple(divmod(int(_squares(weights, sample).argmin()), weights.shape[0])),
            "You divided by the number of rows. Counting goes along a row first, so a row is full after as many units "
            "as there are columns: divide by these.",
        ),
        Mistake(
            "column and row",
            lambda weights, sample: _unravelled(_squares(weights, sample).argmin(), weights)[::-1],
            "You returned column and row. The row comes first, as in weights[row, column].",
        ),
        Mistake(
            "smallest of every column",
            lambda weights, sample: _squares(weights, sample).argmin(axis=0),
            "You asked every column by itself for its best unit. There is one winner in the whole sheet: argmin() "
            "without an axis.",
        ),
        Mistake(
            "the distance",
            lambda weights, sample: _squares(weights, sample).min(),
            "That is how near the best unit is. Asked for is where it is: argmin in place of min, then row and column.",
        ),
        Mistake(
            "the weights",
            lambda weights, sample: weights[best_unit(weights, sample)],
            "You returned the weights of the best unit, its place in data space. Asked for is its place on the sheet: "
            "row and column.",
        ),
    ),
    hints=(
        "Measure how far every unit is from the sample, one number a unit. Then: where on the sheet is the smallest?",
        "weights - sample subtracts the sample from every unit at once. Square, and sum over the last axis, axis=2: "
        "the features. What is left has shape (rows, columns).",
        ".argmin() counts row by row; np.unravel_index(number, shape) turns that into row and column.",
        "distances = ((weights - sample) ** 2).sum(axis=2), and then "
        "return np.unravel_index(distances.argmin(), ...) with the shape of the distances.",
    ),
)

# -- 05.2 --


def neighbourhood(weights, unit, radius):
    """How strongly every unit is pulled along when unit (row, column) wins: shape (rows, columns), 1 at the winner."""
    rows, columns, _ = weights.shape
    row_gap = np.arange(rows)[:, None] - unit[0]
    column_gap = np.arange(columns)[None, :] - unit[1]
    squared_distance = row_gap**2 + column_gap**2
    return np.exp(-squared_distance / (2 * radius**2))


def _sheet_and_unit(rng):
    # A radius for which r, r^2 and 2r differ, and a unit off the diagonal; every other one sits in a corner.
    rows = int(rng.integers(3, 6))
    columns = rows + int(rng.integers(2, 5))
    weights = 2 * rng.normal(size=(rows, columns, int(rng.integers(2, 5))))
    row = int(rng.integers(rows))
    column = int(rng.choice([c for c in range(columns) if c != row]))
    if rng.random() < 0.5:
        row, column = (rows - 1) * int(rng.integers(2)), columns - 1
    radius = float(rng.choice([rng.uniform(0.6, 0.8), rng.uniform(1.3, 1.7), rng.uniform(2.4, 3.0)]))
    return weights, (row, column), radius


def _gaps(weights, unit):
    rows, columns, _ = weights.shape
    return np.abs(np.arange(rows)[:, None] - unit[0]), np.abs(np.arange(columns)[None, :] - unit[1])


def _squared(weights, unit):
    row_gap, column_gap = _gaps(weights, unit)
    return row_gap**2 + column_gap**2


_NEIGHBOURHOOD = Exercise(
    number="05.2",
    title="The neighbourhood",
    solution=neighbourhood,
    arguments=_sheet_and_unit,
    mistakes=(
        Mistake(
            "distance in data space",
            lambda weights, unit, radius: np.exp(-_squares(weights, weights[unit]) / (2 * radius**2)),
            "You measured how far the weights are apart: that is distance in data space. The neighbourhood lives on "
            "the sheet: it asks how many rows and columns lie between two units, whatever their weights are. Only so "
            "can it pull together what still lies far apart.",
        ),
        Mistake(
            "radius not squared",
            lambda weights, unit, radius: np.exp(-_squared(weights, unit) / (2 * radius)),
            "The radius is not squared: you divided by 2 r. It must be 2 r², so that twice the radius reaches twice as "
            "far.",
        ),
        Mistake(
            "factor 2 missing",
            lambda weights, unit, radius: np.exp(-_squared(weights, unit) / radius**2),
            "The factor 2 under the fraction is missing: divide by 2 r², not by r².",
        ),
        Mistake(
            "factor 2 squared as well",
            lambda weights, unit, radius: np.exp(-_squared(weights, unit) / (2 * radius) ** 2),
            "You squared the 2 along with the radius: (2 r)² is 4 r². Only the radius is squared, 2 * radius**2.",
        ),
        Mistake(
            "multiplied by the square of the radius",
            lambda weights, unit, radius: np.exp(-_squared(weights, unit) / 2 * radius**2),
            "You divided by 2 and then multiplied by r²: Python works from left to right. Put brackets around "
            "(2 * radius**2).",
        ),
        Mistake(
            "brackets around the sum missing",
            lambda weights, unit, radius: np.exp(
                -(_gaps(weights, unit)[0] ** 2) + _gaps(weights, unit)[1] ** 2 / (2 * radius**2)
            ),
            "Brackets are missing around the sum: the minus sign took the row gap alone, and the fraction the column "
            "gap alone. Write -(row_gap**2 + column_gap**2) / (2 * radius**2).",
        ),
        Mistake(
            "rows alone",
            lambda weights, unit, radius: (
                np.exp(-(_gaps(weights, unit)[0] ** 2) / (2 * radius**2)) * np.ones(weights.shape[:2])
            ),
            "Only the row gap counts in yours: all units of a row get the same. Add the squared column gap.",
        ),
        Mistake(
            "distance not squared",
            lambda weights, unit, radius: np.exp(-np.sqrt(_squared(weights, unit)) / (2 * radius**2)),
            "The distance is not squared, and so the top of your bell is a spike. Above the fraction stands the "
            "squared distance: no square root.",
        ),
        Mistake(
            "sign missing",
            lambda weights, unit, radius: np.exp(np.minimum(_squared(weights, unit) / (2 * radius**2), 600)),
            "The minus sign is missing: your neighbourhood grows with the distance. exp(-...) is 1 at the winner and "
            "falls from there.",
        ),
        Mistake(
            "rows and columns added before squaring",
            lambda weights, unit, radius: np.exp(-(sum(_gaps(weights, unit)) ** 2) / (2 * radius**2)),
            "You added the two gaps and squared the sum. Square each gap first, then add, as Pythagoras does.",
        ),
        Mistake(
            "larger of the two gaps",
            lambda weights, unit, radius: np.exp(-(np.maximum(*_gaps(weights, unit)) ** 2) / (2 * radius**2)),
            "You took the larger of the two gaps, as a king walks over a chessboard. Here the distance is the straight "
            "one: row gap squared plus column gap squared.",
        ),
        Mistake(
            "row and column of the unit swapped",
            lambda weights, unit, radius: neighbourhood(weights, (unit[1], unit[0]), radius),
            "Your bell stands over the wrong unit: row and column of the winner are swapped. unit[0] is its row and "
            "counts along axis 0.",
        ),
        Mistake(
            "rows and columns of the sheet swapped",
            lambda weights, unit, radius: neighbourhood(weights, unit, radius).T,
            "You have the sheet on its side: rows run along the second axis of your result. Let the rows be axis 0, "
            "np.arange(rows)[:, None].",
        ),
        Mistake(
            "made to sum to one",
            lambda weights, unit, radius: (h := neighbourhood(weights, unit, radius)) / h.sum(),
            "You divided by the sum. This is no probability: the winner itself must get 1, the full pull.",
        ),
        Mistake(
            "density of a Gaussian",
            lambda weights, unit, radius: neighbourhood(weights, unit, radius) / (radius * np.sqrt(2 * np.pi)),
            "You put the factor of the Gaussian's density in front. Leave it out: the winner must get 1 at every "
            "radius.",
        ),
        Mistake(
            "bubble",
            lambda weights, unit, radius: (_squared(weights, unit) <= radius**2).astype(float),
            "You made a bubble: 1 within the radius, 0 beyond. Such neighbourhoods exist (the library has them), but "
            "wanted is the bell, exp(-squared distance / (2 r²)).",
        ),
    ),
    hints=(
        "Two questions: how far is every unit from the winner on the sheet, and how strong is the pull there?",
        "On the sheet the squared distance is (row - row of the winner)² + (column - column of the winner)². "
        "The values in `weights` have no part in it, only its shape.",
        "np.arange(rows)[:, None] - unit[0] has shape (rows, 1), np.arange(columns)[None, :] - unit[1] has shape "
        "(1, columns). Their squares, added, have shape (rows, columns).",
        "return np.exp(-squared_distance / (...)) and between the brackets stands 2 times the radius squared.",
    ),
)

# -- 05.3 --


def online_update(weights, sample, h, learning_rate):
    """The weights after one sample, shape (rows, columns, n_features); h (rows, columns) is the neighbourhood."""
    return weights + learning_rate * h[:, :, None] * (sample - weights)


def _one_step(rng):
    # Three sizes that differ, none of them 1: an axis that is missing shows. The outermost units are out of reach.
    rows = int(rng.integers(2, 5))
    columns = rows + int(rng.integers(2, 4))
    weights = rng.normal(size=(rows, columns, columns + 2))
    sample = rng.normal(size=columns + 2) + 1
    unit = int(rng.integers(rows)), int(rng.integers(2))
    h = neighbourhood(weights, unit, float(rng.uniform(0.8, 1.5)))
    h[:, -1] = 0
    return weights, sample, h, float(rng.uniform(0.1, 0.6))


def _winner_alone(weights, sample, h, learning_rate):
    return online_update(weights, sample, (h == h.max()).astype(float), learning_rate)


_ONLINE = Exercise(
    number="05.3",
    title="The pull of one sample",
    solution=online_update,
    arguments=_one_step,
    mistakes=(
        Mistake(
            "winner alone",
            _winner_alone,
            "You moved the winner alone: that is competition without cooperation, and no order comes of it. Every unit "
            "moves, each as far as its h says.",
        ),
        Mistake(
            "sign turned",
            lambda weights, sample, h, learning_rate: online_update(weights, sample, h, -learning_rate),
            "Your units flee from the sample: the sign is turned. The way from a unit to the sample is "
            "sample - weights.",
        ),
        Mistake(
            "rate applied twice",
            lambda weights, sample, h, learning_rate: online_update(weights, sample, h, learning_rate**2),
            "The learning rate is in there twice, so the steps are too short. Multiply by it once.",
        ),
        Mistake(
            "rate forgotten",
            lambda weights, sample, h, learning_rate: online_update(weights, sample, h, 1.0),
            "The learning rate is missing: the winner jumps onto the sample and forgets all samples before it. "
            "Multiply the step by learning_rate.",
        ),
        Mistake(
            "neighbourhood forgotten",
            lambda weights, sample, h, learning_rate: weights + learning_rate * (sample - weights),
            "The neighbourhood h is missing: all units move alike, and the sheet shrinks to a point. Multiply each "
            "unit's step by its h.",
        ),
        Mistake(
            "neighbourhood applied twice",
            lambda weights, sample, h, learning_rate: online_update(weights, sample, h**2, learning_rate),
            "The neighbourhood is in there twice, so the neighbours follow too timidly. Multiply by h once.",
        ),
        Mistake(
            "towards the sample, without leaving",
            lambda weights, sample, h, learning_rate: weights + learning_rate * h[:, :, None] * sample,
            "You added a share of the sample itself, so the weights grow for ever. What is added is a share of the way "
            "that is left: sample - weights.",
        ),
        Mistake(
            "the step alone",
            lambda weights, sample, h, learning_rate: learning_rate * h[:, :, None] * (sample - weights),
            "That is the step. Return where the units are after it: weights plus the step.",
        ),
        Mistake(
            "axis of h missing",
            lambda weights, sample, h, learning_rate: weights + learning_rate * h * (sample - weights),
            "h has one number a unit, shape (rows, columns), and the step has a row of features for each. Give h a "
            "last axis, h[:, :, None], and NumPy uses each number for all features of its unit.",
        ),
    ),
    hints=(
        "Each unit walks a share of its way to the sample. What is the way, and what is the share?",
        "The way is sample - weights, for all units at once. The share is learning_rate times h.",
        "h has shape (rows, columns), the way (rows, columns, n_features): h[:, :, None] makes them fit.",
        "return weights + learning_rate * ... * (sample - weights)",
    ),
)

# -- 05.4 --


def batch_update(weights, x, best, h):
    """Every unit at the mean of x, weighed by neighbourhood; one that no sample reaches stays.

    weights (n_units, n_features); x (n_samples, n_features); best (n_samples,), the number of each sample's best unit;
    h (n_units, n_units), where h[c, i] is how strongly unit i is pulled when unit c wins.
    """
    pull = h[best]
    total = pull.sum(axis=0)
    reached = total > 0
    moved = weights.copy()
    moved[reached] = (pull.T @ x)[reached] / total[reached, None]
    return moved


def _all_samples(rng):
    # Winners stand in the left columns only and the neighbourhood ends at its radius: on every draw one unit wins
    # nothing but is reached from its neighbours, and the last column is reached by nobody.
    rows, columns, n_features = int(rng.integers(2, 4)), int(rng.integers(5, 7)), int(rng.integers(3, 5))
    row, column = np.divmod(np.arange(rows * columns), columns)
    squared_distance = (row[:, None] - row) ** 2 + (column[:, None] - column) ** 2
    h = np.where(squared_distance <= 2, np.exp(-squared_distance / 2), 0.0)
    winners = np.flatnonzero(column < 3)
    winners = rng.permutation(winners)[: len(winners) - 1]
    counts = rng.permutation(np.arange(len(winners)) % 4 + 1)
    best = rng.permutation(np.repeat(winners, counts))
    x = rng.normal(size=(len(best), n_features)) + 2
    return rng.normal(size=(rows * columns, n_features)) - 1, x, best, h


def _own_means(weights, x, best):
    moved = weights.copy()
    for unit in np.unique(best):
        moved[unit] = x[best == unit].mean(axis=0)
    return moved


def _unguarded(weights, x, best, h):
    with np.errstate(invalid="ignore"):
        return (h[best].T @ x) / h[best].sum(axis=0)[:, None]


def _means_weighed_alike(weights, x, best, h):
    won = np.unique(best)
    total = h[won].sum(axis=0)
    moved = weights.copy()
    reached = total > 0
    moved[reached] = (h[won].T @ _own_means(weights, x, best)[won])[reached] / total[reached, None]
    return moved


def _all_unit_means(weights, x, best, h):
    return h.T @ _own_means(weights, x, best) / h.sum(axis=0)[:, None]


def _winners_alone_move(weights, x, best, h):
    moved = weights.copy()
    won = np.unique(best)
    moved[won] = batch_update(weights, x, best, h)[won]
    return moved


def _divided_by_count(weights, x, best, h):
    counts = np.bincount(best, minlength=len(weights))
    moved = weights.copy()
    moved[counts > 0] = (h[best].T @ x)[counts > 0] / counts[counts > 0, None]
    return moved


def _one_after_the_other(weights, x, best, h):
    for sample, winner in zip(x, best, strict=True):
        weights = weights + h[winner][:, None] * (sample - weights)
    return weights


_BATCH = Exercise(
    number="05.4",
    title="All samples at once",
    solution=batch_update,
    arguments=_all_samples,
    mistakes=(
        Mistake(
            "plain mean of the own samples",
            lambda weights, x, best, h: _own_means(weights, x, best),
            "You moved each unit to the plain mean of its own samples: that is k-means, and nothing holds the sheet "
            "together. Every sample pulls every unit i, by h[c, i], where c is the sample's best unit.",
        ),
        Mistake(
            "division by zero",
            _unguarded,
            "Some units are NaN now: no sample has a winner near them, so both sums are 0, and 0 / 0 is no number. "
            "Move only units with a total above 0; the others stay where they are.",
        ),
        Mistake(
            "division by zero, refused by NumPy",
            lambda weights, x, best, h: np.array([np.average(x, axis=0, weights=pull) for pull in h[best].T]),
            "np.average refuses weights that are all zero, and here some are: no sample has a winner near that unit. "
            "Let such a unit keep its weights.",
        ),
        Mistake(
            "units out of reach at the origin",
            lambda weights, x, best, h: np.nan_to_num(_unguarded(weights, x, best, h)),
            "Units that no sample reaches have gone to zero, the origin of data space, where perhaps no data are. Let "
            "them stay where they were: start from weights.copy().",
        ),
        Mistake(
            "units without samples stay",
            _winners_alone_move,
            "Only units with samples of their own have moved. A unit that wins nothing is still pulled by its "
            "neighbours' samples; that is what brings it back to work. Only where the total pull is 0 does it stay.",
        ),
        Mistake(
            "unit means weighed alike",
            _means_weighed_alike,
            "You averaged the means of the units, each with the same weight. A unit with ten samples must pull ten "
            "times as hard as one with a single sample: sum over the samples, not over the units.",
        ),
        Mistake(
            "unit means, the old weights among them",
            _all_unit_means,
            "You smoothed over all units, and those without samples pulled with their old weights. Only samples pull: "
            "sum over the samples, with h[best].",
        ),
        Mistake(
            "divided by the number of samples",
            lambda weights, x, best, h: h[best].T @ x / len(x),
            "You divided by the number of all samples. A weighed mean is divided by the sum of its weights, one total "
            "a unit: h[best].sum(axis=0).",
        ),
        Mistake(
            "divided by the unit's samples",
            _divided_by_count,
            "You divided by the number of samples that each unit won. What was summed is weighed, so divide by the sum "
            "of the weights: h[best].sum(axis=0).",
        ),
        Mistake(
            "divided by the sum over the units",
            lambda weights, x, best, h: h[best].T @ x / h.sum(axis=0)[:, None],
            "You divided by h.sum(axis=0), in which every unit counts once. A unit counts as often as it won a sample: "
            "h[best].sum(axis=0).",
        ),
        Mistake(
            "one sample after the other",
            _one_after_the_other,
            "You moved the units after each sample: that is the online rule again, at a rate of 1, and the last sample "
            "counts most. Gather both sums over all samples first, then move once.",
        ),
        Mistake(
            "old weights in place of the samples",
            lambda weights, x, best, h: batch_update(weights, weights[best], best, h),
            "You averaged the weights of the best units. What pulls are the samples themselves: x, not weights[best].",
        ),
        Mistake(
            "not divided",
            lambda weights, x, best, h: h[best].T @ x,
            "You have the weighed sums. For means, divide each by its sum of weights, h[best].sum(axis=0).",
        ),
    ),
    hints=(
        "A weighed mean is a sum of weight times sample, divided by the sum of the weights. Here every unit has "
        "weights of its own: one for each sample.",
        "pull = h[best] has shape (n_samples, n_units): row n says how strongly sample n pulls each unit.",
        "pull.T @ x are the weighed sums, shape (n_units, n_features); pull.sum(axis=0) the totals, shape (n_units,). "
        "Where a total is 0, nothing may be divided.",
        "moved = weights.copy(), reached = total > 0, moved[reached] = (pull.T @ x)[reached] / ..., return moved",
    ),
)

# -- 05.5 --


def topographic_error(weights, x):
    """Share of samples whose best and second-best units do not touch; corners touch too."""
    rows, columns, n_features = weights.shape
    units = weights.reshape(-1, n_features)
    distances = ((x[:, None, :] - units[None, :, :]) ** 2).sum(axis=2)
    first, second = distances.argsort(axis=1)[:, :2].T
    row_gap = np.abs(first // columns - second // columns)
    column_gap = np.abs(first % columns - second % columns)
    return (np.maximum(row_gap, column_gap) > 1).mean()


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


def _crumpled_map(rng):
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


_TOPOGRAPHIC = Exercise(
    number="05.5",
    title="Topographic error",
    solution=topographic_error,
    arguments=_crumpled_map,
    mistakes=(
        Mistake(
            "first and third",
            _WRONG_SHARES["first and third"],
            "You compared the best unit with the third best. Counting starts at 0: the best two are places 0 and 1 of "
            "the order.",
        ),
        Mistake(
            "second and third",
            _WRONG_SHARES["second and third"],
            "You compared the second best with the third best. Counting starts at 0: the best two are places 0 and 1 "
            "of the order.",
        ),
        Mistake(
            "no absolute value",
            _WRONG_SHARES["no absolute value"],
            "A gap can be negative: the second best may lie below the best or right of it, and then no difference "
            "exceeds 1. Take absolute values, np.abs.",
        ),
        Mistake(
            "rows alone",
            _WRONG_SHARES["rows alone"],
            "You asked for the row gap alone. Units in one row can be far apart too: look at rows and columns.",
        ),
        Mistake(
            "columns alone",
            _WRONG_SHARES["columns alone"],
            "You asked for the column gap alone. Units in one column can be far apart too: look at rows and columns.",
        ),
        Mistake(
            "first and last",
            _WRONG_SHARES["first and last"],
            "You compared the best unit with the worst. argsort puts the smallest distance first, so the second best "
            "is place 1, not -1.",
        ),
        Mistake(
            "distance in data space",
            _WRONG_SHARES["distance in data space"],
            "You measured how far the weights of the two units are apart, in data space. Whether they are neighbours "
            "is decided on the sheet, by their rows and columns.",
        ),
        Mistake(
            "nearest in data space",
            _WRONG_SHARES["nearest in data space"],
            "You asked whether the second best is the unit nearest to the best one in data space. A neighbour here is "
            "a unit that touches on the sheet: at most one row and one column away, whatever the weights.",
        ),
        Mistake(
            "corners do not count",
            _WRONG_SHARES["corners do not count"],
            "You let units touch along an edge only. Here those that meet at a corner touch as well: eight neighbours, "
            "so it is the larger of the two gaps that must not exceed 1.",
        ),
        Mistake(
            "numbers compared",
            _WRONG_SHARES["numbers compared"],
            "You compared the numbers of the units. The last unit of a row and the first of the next have numbers that "
            "follow each other and lie far apart; the unit below is `columns` further and touches. Turn numbers into "
            "rows and columns first.",
        ),
        Mistake(
            "by the rows",
            _WRONG_SHARES["by the rows"],
            "You divided by the number of rows. Units are numbered along the rows, so number // columns is the row and "
            "number % columns the column.",
        ),
        Mistake(
            "sorted down the columns",
            _WRONG_SHARES["sorted down the columns"],
            "You sorted along axis 0, so what you compare are numbers of samples. Sort every sample's row of distances "
            "instead, axis=1: then the numbers are those of units.",
        ),
        Mistake(
            "both gaps",
            _WRONG_SHARES["both gaps"],
            "You counted a pair only when both its row gap and its column gap exceed 1. One of them is enough to be "
            "apart: or, not and.",
        ),
        Mistake(
            "at least one",
            _WRONG_SHARES["at least one"],
            "The two best units are never the same one, so a gap of at least 1 is always there. They are apart when a "
            "gap is larger than 1.",
        ),
        Mistake(
            "share that touches",
            _WRONG_SHARES["share that touches"],
            "You have the share of samples whose best two units touch. The error counts the others: 1 minus yours.",
        ),
        Mistake(
            "count",
            lambda weights, x: int((np.maximum(*_places(weights, x)) > 1).sum()),
            "You counted the samples. Asked for is their share: a mean in place of the sum.",
        ),
        Mistake(
            "one answer a sample",
            lambda weights, x: np.maximum(*_places(weights, x)) > 1,
            "You have one True or False a sample. Their mean is the share of True.",
        ),
    ),
    hints=(
        "For each sample: who wins, who comes second, and do these two touch on the sheet?",
        "With the units in one list, weights.reshape(-1, n_features), the distances have shape (n_samples, n_units), "
        "and .argsort(axis=1) puts the nearest first: columns 0 and 1 are what you need.",
        "number // columns is the row of a unit and number % columns its column. Two units touch when neither their "
        "rows nor their columns are more than 1 apart.",
        "return (np.maximum(row_gap, column_gap) > 1).mean() and each gap is the absolute difference of first and "
        "second.",
    ),
)

EXERCISES = (_BEST_UNIT, _NEIGHBOURHOOD, _ONLINE, _BATCH, _TOPOGRAPHIC)
