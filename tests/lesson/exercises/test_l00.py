"""Lesson 00: a mistake written another way gets the same hint; a right answer stays right."""

import numpy as np
import pytest

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, verdict_on


def verdict(number, function):
    return verdict_on(exercise(number), function, seed=0)


def centre_by_loop(x):
    result = np.array(x)
    for feature in range(x.shape[1]):
        result[:, feature] -= np.mean(x[:, feature])
    return result


def choose_by_min(curves):
    ends = {rate: float(np.mean(losses[-50:])) for rate, losses in curves.items()}
    return min((rate for rate in ends if np.isfinite(ends[rate])), key=ends.get)


def choose_by_argmin(curves):
    rates = np.array(list(curves))
    return rates[np.nanargmin([losses[-50:].mean() for losses in curves.values()])]


@pytest.mark.parametrize(
    ("number", "function"), [("00.1", centre_by_loop), ("00.2", choose_by_min), ("00.2", choose_by_argmin)]
)
def test_another_right_way_is_right(number, function):
    found = verdict(number, function)
    assert found.status == RIGHT, found.sentence


def argmin_of_nan(curves):
    return list(curves)[np.argmin([losses[-50:].mean() for losses in curves.values()])]


def first_fifty(curves):
    return min(curves, key=lambda rate: curves[rate][:50].mean())


def lowest_by_min(curves):
    return min(curves, key=lambda rate: min(curves[rate]))


@pytest.mark.parametrize(
    ("number", "function", "mistake"),
    [
        ("00.1", lambda x: x - x.mean(), "one grand mean"),
        ("00.1", lambda x: (x.T - x.mean(axis=1)).T, "mean over the wrong axis"),
        ("00.2", argmin_of_nan, "nan is taken for the lowest"),
        ("00.2", first_fifty, "fast beginning"),
        ("00.2", lowest_by_min, "lowest loss at any time"),
    ],
)
def test_a_mistake_in_other_words_gets_its_hint(number, function, mistake):
    found = verdict(number, function)
    assert found.mistake == mistake, found.sentence
