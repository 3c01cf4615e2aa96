"""MixedTable: every column comes back, whatever it holds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data
from udl_teach.models import MixedTable

NUMBERS = ("quantiles", "modes", "bins")
real = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda value: round(value, 3))


def column(values, **options):
    return st.lists(values, min_size=12, max_size=12).map(lambda found: pd.Series(found, **options))


COLUMNS = {
    "whole": column(st.integers(-(2**40), 2**40), dtype="int64"),
    "id": column(st.integers(2**62, 2**62 + 10**9), dtype="int64"),
    "small": column(st.integers(-3, 300), dtype="int16"),
    "heavy": column(st.sampled_from([0, 0, 0, 1, 10**12, -(10**15)]), dtype="int64"),
    "real": column(real, dtype="float64"),
    "single": column(st.floats(-1e6, 1e6, width=32, allow_subnormal=False), dtype="float32"),
    "missing": column(st.one_of(st.none(), real), dtype="float64"),
    "nullable": column(st.one_of(st.none(), st.integers(-100, 10**6)), dtype="Int64"),
    "flag": column(st.booleans(), dtype="bool"),
    "maybe": column(st.one_of(st.none(), st.booleans()), dtype="boolean"),
    "text": column(st.one_of(st.none(), st.sampled_from(["a", "b", "", "ü"])), dtype="object"),
    "string": column(st.one_of(st.none(), st.sampled_from(["a", "b"])), dtype="string"),
    "grade": column(st.sampled_from(["low", "high"]), dtype=pd.CategoricalDtype(["low", "mid", "high"], ordered=True)),
    "constant": column(st.just(7), dtype="int64"),
    "empty": column(st.none(), dtype="float64"),
}


@pytest.mark.parametrize("numbers", NUMBERS)
@settings(max_examples=15, deadline=None)
@given(frame=st.fixed_dictionaries(COLUMNS).map(pd.DataFrame), seed=st.one_of(st.none(), st.integers(0, 9)))
def test_a_table_comes_back(numbers, frame, seed):
    table = MixedTable(numbers).measure(frame)
    x = table.to_model(frame, seed=seed)
    assert x.shape == (len(frame), table.n_features) and np.isfinite(x).all()
    pd.testing.assert_frame_equal(table.to_frame(x), frame, check_exact=False, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("make", [data.diamonds, data.persons])
def test_the_real_tables_come_back_to_the_last_digit(numbers, make):
    frame = make().sample(3000, random_state=0).reset_index(drop=True)
    table = MixedTable(numbers).measure(frame)
    for seed in (None, 0):
        pd.testing.assert_frame_equal(table.to_frame(table.to_model(frame, seed=seed)), frame, check_exact=True)
