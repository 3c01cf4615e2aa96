"""MixedTable: every column comes back, whatever it holds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.mixture import GaussianMixture

from udl_teach import data
from udl_teach.models import MixedTable
from udl_teach.models.tabular.columns import gaussian_mixture

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


def test_blocks_say_what_each_column_became():
    frame = pd.DataFrame({"grade": ["b", "a"] * 20, "size": np.arange(40.0) ** 2, "gap": [np.nan, *range(39)]})
    kinds = {numbers: MixedTable(numbers).measure(frame).blocks for numbers in NUMBERS}
    assert kinds["quantiles"] == (("category", 2), ("number", 1), ("category", 2), ("number", 1))
    assert [kind for kind, _ in kinds["modes"]] == [
        "category",
        "category",
        "position",
        "category",
        "category",
        "position",
    ]
    assert kinds["bins"] == (("category", 2), ("category", 40), ("category", 2), ("category", 39))
    table = MixedTable("modes").measure(frame)
    assert table.column_blocks("size") == [1, 2] and table.column_blocks("gap") == [3, 4, 5]


def test_quantiles_make_a_standard_normal_of_any_column_even_where_half_of_it_is_one_value():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"money": np.where(rng.random(5000) < 0.5, 0.0, np.exp(4 * rng.normal(size=5000)).round(2))})
    table = MixedTable().measure(frame)
    z = table.to_model(frame, seed=1)[:, 0]
    assert stats.kstest(z, "norm").pvalue > 0.01
    made = table.to_frame(rng.normal(size=(5000, 1)))
    assert abs((made["money"] == 0).mean() - (frame["money"] == 0).mean()) < 0.03


def test_modes_are_those_of_a_gaussian_mixture_and_positions_lie_in_them():
    rng = np.random.default_rng(0)
    values = np.r_[rng.normal(-10, 1, 3000), rng.normal(10, 0.5, 1000)]
    weights, means, scales = gaussian_mixture(values, 2)
    theirs = GaussianMixture(2, random_state=0).fit(values[:, None])
    np.testing.assert_allclose(means, np.sort(theirs.means_[:, 0]), atol=0.05)
    np.testing.assert_allclose(weights, theirs.weights_[theirs.means_[:, 0].argsort()], atol=0.01)
    x = MixedTable("modes").measure(pd.DataFrame({"x": values})).to_model(pd.DataFrame({"x": values}))
    assert np.abs(x[:, -1]).max() < 1.3  # 4 standard deviations are 1


def test_bins_hold_as_many_and_a_frequent_value_has_its_own():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": np.where(rng.random(6400) < 0.3, 0.0, rng.normal(size=6400) + 5)})
    table = MixedTable("bins").measure(frame)
    x = table.to_model(frame)
    counts = x[:, :-1].sum(axis=0)
    assert counts.max() == (frame["x"] == 0).sum() and np.sort(counts)[-2] <= 101
    made = x.copy()
    made[:, -1] = rng.random(len(x))  # whatever the position, a row stays in its bin
    np.testing.assert_array_equal(table.to_model(table.to_frame(made))[:, :-1], x[:, :-1])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda t, f: MixedTable("ranks"),
            ValueError,
            "numbers was 'ranks'; it must be one of 'quantiles', 'modes', 'bins'",
        ),
        (lambda t, f: MixedTable().to_model(f), ValueError, r"has not seen a table yet; call measure\(frame\)"),
        (
            lambda t, f: t.to_model(f[["b", "a"]]),
            ValueError,
            r"frame has the columns 'b', 'a'; it must have those measured",
        ),
        (lambda t, f: t.to_model(f.assign(b="z")), ValueError, "column 'b' holds 'z', which did not occur"),
        (lambda t, f: t.to_model(f.assign(a=np.nan)), ValueError, "column 'a' has missing values, but had none"),
        (lambda t, f: t.to_frame(np.zeros((2, 1))), ValueError, "x has"),
        (lambda t, f: t.measure(f.to_numpy()), TypeError, "frame was ndarray; it must be a pandas DataFrame"),
        (lambda t, f: t.measure(f.assign(a=1j)), TypeError, "column 'a' holds complex numbers"),
        (lambda t, f: t.measure(f.assign(a=[[1]] * 12)), TypeError, "column 'a' holds list objects"),
    ],
)
def test_what_cannot_be_is_told(make, error, message):
    frame = pd.DataFrame({"a": np.arange(12) / 7, "b": ["x", "y"] * 6})
    with pytest.raises(error, match=message):
        make(MixedTable().measure(frame), frame)
