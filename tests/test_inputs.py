"""inputs: good input becomes what the library can trust, bad input one sentence that says what to do."""

import warnings

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data, inputs
from udl_teach.models import SelfOrganizingMap

TABLE = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    "x",
    [
        TABLE,
        TABLE.astype(np.float32),
        TABLE.astype(np.int64),
        TABLE.astype(">f8"),
        TABLE.tolist(),
        np.asfortranarray(TABLE),
        np.repeat(TABLE, 2, axis=1)[:, ::2],
        TABLE[::-1][::-1],
        torch.tensor(TABLE),
        torch.tensor(TABLE.T).T,
        pd.DataFrame(TABLE),
        pd.DataFrame(TABLE).convert_dtypes(),
        pd.DataFrame(TABLE).astype({0: "float32", 1: int}),
    ],
)
def test_samples_takes_every_kind_of_table(x):
    clean = inputs.samples(x)
    assert clean.dtype == torch.float32 and clean.is_contiguous()
    np.testing.assert_array_equal(clean.numpy(), TABLE)


def test_a_read_only_array_is_copied_and_stays_what_it_was():
    x = TABLE.astype(np.float32)
    x.setflags(write=False)
    inputs.samples(x).zero_()
    np.testing.assert_array_equal(x, TABLE)


def test_one_sample_and_a_constant_column_are_fine():
    assert inputs.samples([[5.0, 5.0]]).shape == (1, 2)


def test_a_tensor_keeps_its_graph():
    x = torch.ones(2, 2, requires_grad=True)
    inputs.samples(x).sum().backward()
    assert torch.equal(x.grad, torch.ones(2, 2))


def test_large_values_whose_sum_overflows_are_still_finite():
    assert inputs.samples(np.full((3, 2), 3e38)).shape == (3, 2)


@pytest.mark.parametrize("check", [inputs.samples, inputs.numbers])
def test_the_precision_that_came_in_is_kept_on_request(check):
    for x, kept in (
        (np.array([[1.7e9 + 0.125]]), torch.float64),
        (np.array([[2**31 + 1]]), torch.float64),
        (torch.tensor([[1_700_000_001]]), torch.float64),
        ([[1e300]], torch.float64),
        (np.array([[0.5]], dtype=np.float32), torch.float32),
        (np.array([[7]], dtype=np.uint8), torch.float32),
        (torch.tensor([[0.5]], dtype=torch.bfloat16), torch.float32),
    ):
        clean = check(x, dtype=None)
        assert clean.dtype == kept and clean.item() == float(x[0][0])
        assert check(x, dtype=torch.float64).dtype == torch.float64


def test_columns_that_single_precision_cannot_tell_apart_are_named():
    steps = np.linspace(0, 1000, 50)
    with pytest.warns(
        UserWarning, match=r"column 1 of x .and 1 more columns. holds values from 1700000000 to 17000010"
    ):
        clean = inputs.samples(np.stack([steps, 1.7e9 + steps, steps / 1e9 - 1], axis=1))
    assert clean.dtype == torch.float32
    with pytest.warns(UserWarning, match="column 0 of x"):
        inputs.samples(1.7e9 + np.where(steps[:, None] == 0, np.nan, steps[:, None]), missing="ignore")
    with pytest.warns(UserWarning, match="column 0 of x"):
        SelfOrganizingMap(1, 2, 2).initialize(1.7e9 + steps[:, None])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        inputs.samples(np.stack([steps + 1e4, 0 * steps + 1.7e9], axis=1))
        inputs.samples((1.7e9 + steps[:, None]).astype(np.float32))
        inputs.samples(1.7e9 + steps[:, None], dtype=None)


@given(
    row=st.integers(0, 4),
    column=st.integers(0, 2),
    value=st.sampled_from([np.nan, np.inf, -np.inf]),
)
@settings(max_examples=20, deadline=None)
def test_the_first_value_that_is_not_finite_is_named(row, column, value):
    x = np.ones((6, 3))
    x[row, column] = value
    x[5, 2] = np.nan
    what = "missing" if np.isnan(value) else "infinite"
    with pytest.raises(ValueError, match=f"table holds .*{what} value.* row {row}, column {column};"):
        inputs.samples(x, "table")


@pytest.mark.parametrize(
    ("x", "kind", "words"),
    [
        (np.ones(3), ValueError, r"shape \(3,\).*x.reshape\(1, -1\)"),
        (np.ones((2, 2, 2)), ValueError, r"shape \(2, 2, 2\).*flatten"),
        (np.ones((0, 3)), ValueError, "empty"),
        ([[1, 2], [3]], ValueError, "different lengths"),
        ([["a", "b"]], TypeError, "text"),
        ([[None, 1]], TypeError, "mixed objects"),
        (np.ones((2, 2), dtype="datetime64[D]"), TypeError, "dates"),
        (np.ones((2, 2), dtype=complex), TypeError, "complex"),
        (torch.ones(2, 2, dtype=torch.complex64), TypeError, "complex"),
        ([[1e300, 1.0]], ValueError, "infinite value first in row 0, column 0"),
        (np.ones((2, 5)), ValueError, "5 features.*made for 3"),
    ],
)
def test_samples_says_what_is_wrong_in_one_sentence(x, kind, words):
    with pytest.raises(kind, match=words) as raised:
        inputs.samples(x, n_features=3 if isinstance(x, np.ndarray) and x.shape == (2, 5) else None)
    assert "\n" not in str(raised.value) and str(raised.value).endswith(".")


def test_a_dataframe_is_scaled_and_made_a_dataset():
    frame = pd.DataFrame({"a": [1.5, 2.0], "b": [True, False]})
    assert data.Scaling.measure(frame, "minmax").apply(frame).tolist() == [[0, 1], [1, 0]]
    assert data.Dataset(frame, frame["b"]).labels.tolist() == [1, 0]


def test_the_advice_for_values_outside_the_unit_interval_leaks_no_test_data():
    train, test = torch.tensor([[0.0], [8.0]]), torch.tensor([[9.0]])
    with pytest.raises(ValueError, match="values from 9 to 9; the codec .*training data") as raised:
        inputs.within_unit(test, "the codec")
    names = {"data": data, "train": train, "x": test}
    for start in ("scaling = data.", "scaling.apply("):  # the advice works as it is written
        line = str(raised.value).split(start)[1]
        exec((start + line[: line.index(")") + 1]).replace("scaling.apply", "x = scaling.apply"), names)
    inputs.within_unit(names["x"], "the codec")


def test_a_dataset_in_place_of_its_array_is_named():
    with pytest.raises(TypeError, match="x=dataset.x"):
        inputs.samples(data.ring(10))


def test_images_takes_stacks_and_flat_rows():
    stack = np.random.default_rng(0).random((5, 1, 2, 3))
    flat = inputs.images(stack.reshape(5, 6), shape=(1, 2, 3))
    assert torch.equal(flat, inputs.images(stack)) and flat.shape == (5, 1, 2, 3)


@pytest.mark.parametrize(
    ("x", "shape", "words"),
    [
        (np.ones((5, 2, 3)), None, r"x\[:, None\]"),
        (np.ones((5, 7)), (1, 2, 3), r"\(samples, 6\)"),
        (np.ones((5, 1, 3, 2)), (1, 2, 3), r"\(1, 3, 2\).*\(1, 2, 3\)"),
        (np.ones((0, 1, 2, 3)), None, "empty"),
    ],
)
def test_images_says_what_is_wrong(x, shape, words):
    with pytest.raises(ValueError, match=words):
        inputs.images(x, shape=shape)


@pytest.mark.parametrize("y", [[0, 1, 2], np.array([0.0, 1.0, 2.0]), torch.tensor([0, 1, 2]), np.arange(3, dtype="u1")])
def test_labels_become_whole_numbers(y):
    clean = inputs.labels(y, n=3)
    assert clean.dtype == np.int64 and clean.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("y", "kind"),
    [
        ([0.5, 1.0], TypeError),
        ([np.nan, 1.0], TypeError),
        ([np.inf, 1.0], TypeError),
        (["cat", "dog"], TypeError),
        ([[1], [2]], ValueError),
        ([], ValueError),
        ([1, 2, 3], ValueError),
    ],
)
def test_labels_refuses_what_is_not_a_label_a_sample(y, kind):
    with pytest.raises(kind, match="^target"):
        inputs.labels(y, "target", n=2)


def test_whole_takes_whole_numbers_of_any_type():
    assert [inputs.whole(value, "n") for value in (3, 3.0, np.int64(3), np.float32(3))] == [3] * 4


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (2.5, ValueError),
        (0, ValueError),
        (-1, ValueError),
        (np.nan, ValueError),
        (np.inf, ValueError),
        ("3", TypeError),
        (True, TypeError),
        (None, TypeError),
    ],
)
def test_whole_refuses_the_rest(value, kind):
    with pytest.raises(kind, match="epochs was .* whole number of at least 1"):
        inputs.whole(value, "epochs")


@pytest.mark.parametrize(
    ("value", "bounds", "words"),
    [
        (-0.1, {"minimum": 0}, "a finite number of at least 0"),
        (0, {"above": 0}, "a finite number above 0"),
        (2, {"above": 0, "maximum": 1}, "a finite number above 0 and at most 1"),
        (1, {"minimum": 0, "below": 1}, "a finite number of at least 0 and below 1"),
        (np.nan, {}, "a finite number"),
        (np.inf, {"minimum": 0}, "a finite number of at least 0"),
    ],
)
def test_real_names_its_bounds(value, bounds, words):
    with pytest.raises(ValueError, match=f"rate was .*; it must be {words}[.]"):
        inputs.real(value, "rate", **bounds)


@given(st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_real_returns_what_is_within_its_bounds(value):
    assert inputs.real(value, "share", minimum=0, maximum=1) == value


@pytest.mark.parametrize("value", ["a", None, True, [1.0]])
def test_real_refuses_what_is_no_number(value):
    with pytest.raises(TypeError, match="rate was"):
        inputs.real(value, "rate")


@pytest.mark.parametrize("value", ["tanhh", None, 3])
def test_choice_lists_the_known_names(value):
    with pytest.raises(ValueError, match="'relu', 'tanh'"):
        inputs.choice(value, "activation", ("relu", "tanh"))
    assert inputs.choice("tanh", "activation", ("relu", "tanh")) == "tanh"


def test_rate_is_a_number_or_a_function_of_the_step():
    assert inputs.rate(0.1, "rate")(7) == 0.1
    assert inputs.rate(lambda step: step / 10, "rate")(7) == 0.7
    with pytest.raises(ValueError, match="rate was -1"):
        inputs.rate(-1, "rate")
    with pytest.raises(ValueError, match=r"rate\(3\) was -3"):
        inputs.rate(lambda step: -step, "rate")(3)


def test_generator_is_reproducible_and_leaves_the_global_one_alone():
    before = torch.get_rng_state()
    first, second = (torch.rand(3, generator=inputs.generator(5)) for _ in range(2))
    assert torch.equal(first, second) and torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(("seed", "kind"), [(-1, ValueError), (2**64, ValueError), (1.5, ValueError), ("a", TypeError)])
def test_generator_refuses_what_is_no_seed(seed, kind):
    with pytest.raises(kind, match="seed was"):
        inputs.generator(seed)


def test_given_answers_in_kind():
    result = torch.ones(2, requires_grad=True) * 2
    assert inputs.given(result, torch.ones(2)) is result
    assert isinstance(inputs.given(result, np.ones(2)), np.ndarray)
    assert isinstance(inputs.given(result, [1, 2]), np.ndarray)


FRAMES = {
    "floats": pd.DataFrame(TABLE, columns=list("abc")),
    "mixed": pd.DataFrame({"a": TABLE[:, 0], "b": TABLE[:, 1].astype(int), "c": TABLE[:, 2].astype(np.float32)}),
    "own kinds": pd.DataFrame(TABLE, columns=list("abc")).convert_dtypes(),
    "same names": pd.DataFrame(TABLE, columns=list("aab")),
    "named x": pd.DataFrame(TABLE, columns=list("xyz")),
    "other rows": pd.DataFrame(TABLE, index=list("wxyz")),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_data_frame_is_a_table(frame):
    np.testing.assert_array_equal(inputs.samples(frame).numpy(), TABLE)


def test_a_data_frame_with_yes_and_no_holds_ones_and_zeros():
    frame = pd.DataFrame({"a": [0.5, 1.5], "b": [True, False]})
    assert inputs.samples(frame).tolist() == [[0.5, 1.0], [1.5, 0.0]]


@pytest.mark.parametrize("kind", ["float64", "Float64", "Int64", "boolean"])
def test_a_missing_value_in_a_data_frame_is_named(kind):
    values = [True, None] if kind == "boolean" else [1, None]
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": pd.array(values, dtype=kind)})
    with pytest.raises(ValueError, match=r"missing value \(NaN\) first in row 1, column 1"):
        inputs.samples(frame)


def test_columns_that_are_not_numbers_are_named():
    days = pd.date_range("2020-01-01", periods=2)
    frame = pd.DataFrame({"a": [1.0, 2.0], "town": ["x", "y"], "day": days, "size": pd.Categorical(["S", "L"])})
    with pytest.raises(TypeError, match=r"'town' \(.*\), 'day' \(datetime64\[.*'size' \(category\); .*drop"):
        inputs.samples(frame)
    with pytest.raises(TypeError, match="'text'"):
        inputs.samples(pd.DataFrame({"text": ["1.5", "2.5"]}))  # what looks like numbers is not taken for such


def test_a_column_of_a_data_frame_holds_labels():
    for kind in ("int64", "Int64", "float64", "boolean"):
        assert inputs.labels(pd.Series([0, 1, 1], dtype=kind)).tolist() == [0, 1, 1]
    with pytest.raises(TypeError, match="y holds mixed objects; labels must be whole numbers"):
        inputs.labels(pd.Series(["a", "b"], dtype=object))
    with pytest.raises(TypeError, match="labels must be whole numbers"):
        inputs.labels(pd.Series([1, None], dtype="Int64"))


PAIRS = torch.utils.data.TensorDataset(torch.ones(4, 3), torch.zeros(4))


class Listed(torch.utils.data.Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return torch.ones(3), 0


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (PAIRS, r"x was a TensorDataset; .* pass dataset.tensors\[0\]"),
        (
            torch.utils.data.DataLoader(PAIRS),
            r"a DataLoader; .* pass loader.dataset.tensors\[0\] \(and batch_size",
        ),
        (Listed(), r"x was a Listed; .* pass torch.stack\(\[pair\[0\] for pair in dataset\]\)"),
        (torch.utils.data.DataLoader(Listed()), "for pair in loader.dataset"),
        (torch.utils.data.Subset(PAIRS, [0, 1]), "x was a Subset"),
        ((row for row in TABLE), "x was generator; it must be an array"),
        (None, "x was NoneType; it must be an array"),
        ("table.csv", "x was str; it must be an array"),
        ({"a": 1}, "x was dict; it must be an array"),
    ],
)
def test_what_is_no_array_is_told_what_to_pass(x, words):
    for check in (inputs.samples, inputs.images, inputs.numbers, lambda x: inputs.labels(x, "x")):
        with pytest.raises(TypeError, match=words) as caught:
            check(x)
        assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_sparse_and_masked_data_say_what_they_are():
    scipy_sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match=r"sparse matrix; it must be an array: pass x.toarray\(\)"):
        inputs.samples(scipy_sparse.csr_matrix(TABLE))
    assert torch.equal(inputs.samples(torch.tensor(TABLE).to_sparse()), torch.tensor(TABLE).float())
    masked = np.ma.masked_greater(TABLE, 10)
    with pytest.raises(ValueError, match="missing value .* first in row 3, column 2"):
        inputs.samples(masked)
    np.testing.assert_array_equal(inputs.samples(np.ma.masked_greater(TABLE, 99)).numpy(), TABLE)


def test_the_last_digit_beyond_a_bound_is_rounding():
    x = torch.tensor([[0.0, 1.0000001], [-1e-8, 0.5]])
    inputs.within_unit(x, "the reader")
    with pytest.raises(ValueError, match=r"from 0 to 1.01; the reader needs values from 0 to 1: .*train.*clip"):
        inputs.within_unit(torch.tensor([[0.0, 1.01]]), "the reader")
