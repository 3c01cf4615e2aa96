"""The batch rule."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def batch_update(weights, x, best, h):
    """The weights at which all pulls cancel, shape (units, features); a unit that no sample pulls stays."""
    ### BEGIN SOLUTION
    pull = h[best]
    total = pull.sum(axis=0)
    reached = total > 0
    moved = weights.copy()
    moved[reached] = (pull.T @ x)[reached] / total[reached, None]
    return moved
    ### END SOLUTION


HINTS = (
    "Solved for w_i, the equation gives a weighted mean of all samples: the sum of weight times sample, divided by the "
    "sum of the weights. Every unit has weights of its own, one for each sample.",
    "pull = h[best] has shape (n_samples, n_units): row n says how strongly sample n pulls each unit.",
    "pull.T @ x are the weighted sums, shape (n_units, n_features); pull.sum(axis=0) the totals, shape (n_units,). "
    "Do not divide where a total is 0.",
    "moved = weights.copy(), reached = total > 0, moved[reached] = (pull.T @ x)[reached] / ..., return moved",
)


def arguments(rng):
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


@mistake
def plain_mean_of_the_own_samples(weights, x, best, h):
    """You moved each unit to the plain mean of its own samples: that is k-means, and nothing keeps neighbours together.
    Every sample pulls every unit i with the weight h[c, i], where c is its best matching unit.
    """
    moved = weights.copy()
    for unit in np.unique(best):
        moved[unit] = x[best == unit].mean(axis=0)
    return moved


@mistake
def division_by_zero(weights, x, best, h):
    """Some units are NaN: no sample pulls them, so both sums are 0, and 0 / 0 is not a number. Move only units with a
    total above 0; the others stay where they are.
    """
    return h[best].T @ x / h[best].sum(axis=0)[:, None]


@mistake
def division_by_zero_refused_by_numpy(weights, x, best, h):
    """np.average refuses weights that are all zero, and some units have such weights: no sample pulls them. Let such a
    unit keep its place.
    """
    return np.array([np.average(x, axis=0, weights=pull) for pull in h[best].T])


units_out_of_reach_at_the_origin = difference(
    batch_update,
    {"weights.copy()": "np.zeros_like(weights)"},
    """Units that no sample pulls have moved to zero, the origin of data space. Let them stay where they were: start
    from weights.copy().""",
)

units_without_samples_stay = difference(
    batch_update,
    {"total > 0": "np.unique(best)"},
    """Only units with samples of their own have moved. A unit that wins nothing is still pulled by the samples of its
    neighbours. It stays only where its total is 0.""",
)


@mistake
def unit_means_weighted_alike(weights, x, best, h):
    """You averaged the means of the units, each with the same weight. A unit with ten samples must count ten times as
    much as a unit with one sample: sum over the samples, not over the units.
    """
    won = np.unique(best)
    return batch_update(weights, plain_mean_of_the_own_samples(weights, x, best, h)[won], won, h)


@mistake
def unit_means_the_old_weights_among_them(weights, x, best, h):
    """You averaged over all units, so units without samples contribute their old weights. Only samples pull: sum over
    the samples, with h[best].
    """
    return h.T @ plain_mean_of_the_own_samples(weights, x, best, h) / h.sum(axis=0)[:, None]


@mistake
def divided_by_the_number_of_samples(weights, x, best, h):
    """You divided by the number of all samples. A weighted mean is divided by the sum of its weights, one total per
    unit: h[best].sum(axis=0).
    """
    return h[best].T @ x / len(x)


divided_by_the_samples_of_the_unit = difference(
    batch_update,
    {"pull.sum(axis=0)": "np.bincount(best, minlength=len(weights))"},
    """You divided by the number of samples that each unit won. The sum is weighted, so divide by the sum of the
    weights: h[best].sum(axis=0).""",
)


@mistake
def divided_by_the_sum_over_the_units(weights, x, best, h):
    """You divided by h.sum(axis=0), in which every unit counts once. A unit counts as often as it wins a sample:
    h[best].sum(axis=0).
    """
    return h[best].T @ x / h.sum(axis=0)[:, None]


@mistake
def one_sample_after_the_other(weights, x, best, h):
    """You moved the units after each sample: that is the online rule with a rate of 1, and the last sample counts most.
    Compute both sums over all samples first, then move once.
    """
    for sample, winner in zip(x, best):
        weights = weights + h[winner][:, None] * (sample - weights)
    return weights


@mistake
def old_weights_in_place_of_the_samples(weights, x, best, h):
    """You averaged the weights of the best matching units. Average the samples themselves: x, not weights[best]."""
    return batch_update(weights, weights[best], best, h)


@mistake
def not_divided(weights, x, best, h):
    """You returned the weighted sums. Divide each by its sum of weights, h[best].sum(axis=0)."""
    return h[best].T @ x
