"""Diamonds and persons: real tables of mixed columns."""

import sys

import numpy as np
import pytest

from udl_teach import data


def test_diamonds_follow_their_rules():
    frame = data.diamonds()
    assert frame.shape == (53_940, 10) and frame["cut"].cat.ordered and not frame.isna().any().any()
    assert frame.groupby("cut", observed=True)["depth"].std().idxmin() == "Ideal"  # the best cut is the most exact
    mixed = frame.copy()
    for k, name in enumerate(frame):
        mixed[name] = frame[name].sample(frac=1.0, random_state=k).to_numpy()
    for rule in data.diamond_rules().values():
        kept = rule(frame)
        assert kept.dtype == bool and kept.mean() > 0.99
        assert rule(mixed).mean() < 0.2


def test_persons_are_those_of_the_first_year_once_each():
    frame = data.persons()
    assert frame.shape == (5_638, 18) and not frame.duplicated().any()
    assert frame["general_health"].isna().sum() == 1_217 and frame["limited"].dtype == bool
    assert frame["age"].between(0, 63).all() and frame["health"].cat.categories[0] == "poor"


def test_planted_persons_are_far_from_everybody():
    frame = data.persons(rare=5)
    assert len(frame) == 5_643 and list(frame.dtypes) == list(data.persons().dtypes)
    numbers = frame.select_dtypes("number").drop(columns="general_health")
    x = ((numbers - numbers.median()) / (numbers.std())).to_numpy()
    nearest = [np.sort(np.linalg.norm(x - row, axis=1))[1] for row in np.r_[x[-5:], x[:200]]]
    assert min(nearest[:5]) > max(nearest[5:])
    with pytest.raises(ValueError, match="rare was 6; it must be at most 5"):
        data.persons(rare=6)


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(sys.modules["udl_teach.data.diamonds"], "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"data.diamonds\(\) needs the package plotnine"):
        data.diamonds()
