"""Lesson 05: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on


def best_by_hand(weights, sample):
    best, place = None, None
    for row in range(weights.shape[0]):
        for column in range(weights.shape[1]):
            distance = np.linalg.norm(weights[row, column] - sample)
            if best is None or distance < best:
                best, place = distance, [row, column]
    return place


def bell_by_hand(weights, unit, radius):
    h = np.zeros(weights.shape[:2])
    for row in range(h.shape[0]):
        for column in range(h.shape[1]):
            h[row, column] = np.exp(-(np.hypot(row - unit[0], column - unit[1]) ** 2) / 2 / radius**2)
    return h


def bell_by_indices(weights, unit, radius):
    places = np.indices(weights.shape[:2]) - np.array(unit)[:, None, None]
    return np.exp(-0.5 * ((places / radius) ** 2).sum(axis=0))


def online_by_hand(weights, sample, h, learning_rate):
    moved = weights.copy()
    for row, column in np.ndindex(*h.shape):
        moved[row, column] += learning_rate * h[row, column] * (sample - moved[row, column])
    return moved


def online_in_place(weights, sample, h, learning_rate):
    weights += learning_rate * h[:, :, None] * (sample - weights)
    return weights


def batch_by_hand(weights, x, best, h):
    moved = []
    for unit in range(len(weights)):
        pull = [h[winner, unit] for winner in best]
        moved.append(np.average(x, axis=0, weights=pull) if sum(pull) else weights[unit])
    return np.array(moved)


def batch_by_divide(weights, x, best, h):
    pull = h[best]
    total = pull.sum(axis=0)[:, None]
    return np.divide(pull.T @ x, total, out=weights.copy(), where=total > 0)


def batch_by_own_means(weights, x, best, h):
    moved = weights.copy()
    for unit in range(len(weights)):
        if (best == unit).any():
            moved[unit] = x[best == unit].mean(axis=0)
    return moved


def batch_with_nothing_added(weights, x, best, h):
    pull = h[best]
    return pull.T @ x / (pull.sum(axis=0)[:, None] + 1e-12)


def pairs_by_hand(weights, x, apart):
    count = 0
    for sample in x:
        distances = ((weights - sample) ** 2).sum(axis=2).ravel()
        (r1, c1), (r2, c2) = (divmod(int(unit), weights.shape[1]) for unit in np.argsort(distances)[:2])
        count += apart((r1 - r2), (c1 - c2))
    return count / len(x)


def diagnosed_by_hand(maps, torn=0.2, idle=0.25, shrunk=0.8):
    """Distances by scipy, the spread along all features together, other thresholds."""
    names = []
    for weights, x in maps:
        rows, columns, n_features = weights.shape
        units = weights.reshape(-1, n_features)
        distances = cdist(x, units)
        won = np.isin(np.arange(len(units)), distances.argmin(axis=1))
        apart = pairs_by_hand(weights, x, lambda dr, dc: max(abs(dr), abs(dc)) > 1)
        width = np.ptp(units, axis=0).mean() / np.ptp(x, axis=0).mean()
        stiff = "stiff" if width < shrunk else "sound"
        names.append(("dead units" if 1 - won.mean() > idle else "twisted") if apart > torn else stiff)
    return names


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("05.1", best_by_hand),
        ("05.1", lambda weights, sample: divmod(int(((weights - sample) ** 2).sum(2).argmin()), weights.shape[1])),
        ("05.1", lambda weights, sample: np.argwhere((d := ((weights - sample) ** 2).sum(axis=2)) == d.min())[0]),
        ("05.2", bell_by_hand),
        ("05.2", bell_by_indices),
        ("05.3", online_by_hand),
        ("05.3", lambda weights, sample, h, rate: (1 - rate * h)[..., None] * weights + rate * h[..., None] * sample),
        ("05.4", batch_by_hand),
        ("05.4", batch_by_divide),
        ("05.5", lambda weights, x: pairs_by_hand(weights, x, lambda dr, dc: abs(dr) > 1 or abs(dc) > 1)),
        ("05.5", lambda weights, x: pairs_by_hand(weights, x, lambda dr, dc: dr**2 + dc**2 > 2)),
        ("05.6", diagnosed_by_hand),
        ("05.6", lambda maps: tuple(diagnosed_by_hand(maps, torn=0.07, idle=0.1, shrunk=0.6))),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("05.1", lambda weights, sample: np.unravel_index(np.sum(weights - sample, -1).argmin(), weights.shape[:2]),
         "differences not squared"),
        ("05.1", lambda weights, sample: np.argmin(np.linalg.norm(weights - sample, axis=2)), "index not unravelled"),
        ("05.1", lambda weights, sample: np.unravel_index(
            cdist(weights.reshape(-1, weights.shape[2]), [sample], "chebyshev").argmin(), weights.shape[:2]),
         "largest difference"),
        ("05.1", lambda weights, sample: np.unravel_index(((weights - sample) ** 2).sum().argmin(), weights.shape[:2]),
         "summed over everything"),
        ("05.2", lambda weights, unit, radius: np.exp(
            -cdist([weights[unit]], weights.reshape(-1, weights.shape[2]), "sqeuclidean").reshape(weights.shape[:2])
            / (2 * radius**2)), "distance in data space"),
        ("05.2", lambda weights, unit, radius: bell_by_hand(weights, unit, np.sqrt(radius)), "radius not squared"),
        ("05.2", lambda weights, unit, radius: bell_by_hand(weights, unit, radius / np.sqrt(2)), "factor 2 missing"),
        ("05.3", lambda weights, sample, h, rate: online_by_hand(weights, sample, h == 1, rate), "winner alone"),
        ("05.3", lambda weights, sample, h, rate: weights - rate * h[:, :, None] * (sample - weights), "sign turned"),
        ("05.3", lambda weights, sample, h, rate: online_by_hand(weights, sample, rate * h, rate),
         "rate applied twice"),
        ("05.4", batch_by_own_means, "plain mean of the own samples"),
        ("05.4", lambda weights, x, best, h: np.array([(h[best, u, None] * x).sum(0) / h[best, u].sum()
                                                       for u in range(len(h))]), "division by zero"),
        ("05.4", batch_with_nothing_added, "units out of reach at the origin"),
        ("05.5", lambda weights, x: pairs_by_hand(weights, x, lambda dr, dc: abs(dr) + abs(dc) > 1),
         "corners do not count"),
        ("05.5", lambda weights, x: pairs_by_hand(weights, x, lambda dr, dc: abs(dr) > 1 and abs(dc) > 1),
         "both gaps"),
        ("05.5", lambda weights, x: pairs_by_hand(weights, x, lambda dr, dc: max(dr, dc) > 1), "no absolute value"),
        ("05.6", lambda maps: diagnosed_by_hand(maps, idle=1.0), "topographic error alone"),
        ("05.6", lambda maps: diagnosed_by_hand(maps, shrunk=0.0), "stiff maps overlooked"),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake), verdict.sentence


def test_weights_changed_in_place_are_not_enough():
    verdict = verdict_on(exercise("05.3"), online_in_place, seed=0)
    assert verdict.status == WRONG and verdict.mistake == "changes its argument", verdict.sentence


@pytest.mark.parametrize("as_floats", [lambda place: tuple(map(float, place)), lambda place: np.array(place, float)])
def test_row_and_column_that_no_array_takes_are_refused(as_floats):
    verdict = verdict_on(exercise("05.1"), lambda weights, sample: as_floats(best_by_hand(weights, sample)), seed=0)
    assert verdict.status == WRONG and "int(row)" in verdict.sentence, verdict.sentence


@pytest.mark.parametrize("seed", range(10))
def test_every_draw_of_the_batch_update_has_its_edge_cases(seed):
    """One unit wins nothing but is reached by its neighbours, and one is reached by nobody and stays."""
    weights, x, best, h = exercise("05.4").arguments(np.random.default_rng(seed))
    total = h[best].sum(axis=0)
    won = np.bincount(best, minlength=len(weights)) > 0
    assert ((total > 0) & ~won).any() and (total == 0).any()
    moved = exercise("05.4").solution(weights, x, best, h)
    assert np.array_equal(moved[total == 0], weights[total == 0]) and np.isfinite(moved).all()


def test_the_topographic_error_agrees_with_the_librarys():
    """The exercise and the library count the same thing."""
    from udl_teach import metrics

    weights, x = exercise("05.5").arguments(np.random.default_rng(0))
    assert exercise("05.5").solution(weights, x) == pytest.approx(metrics.topographic_error(x, weights))
