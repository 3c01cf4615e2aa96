"""Dataset: what belongs together stays together, and nothing changes behind one's back."""

import copy
import pickle
from datetime import datetime

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.data import Dataset, Scaling


def numbered(n, **extras):
    """Samples that know their own number, so that any mix-up shows."""
    number = np.arange(n)
    return Dataset(np.stack([number, -number], axis=1), number % 3, extras={"number": number, **extras})


def aligned(dataset):
    number = dataset.extras["number"]
    np.testing.assert_array_equal(dataset.x, np.stack([number, -number], axis=1))
    np.testing.assert_array_equal(dataset.labels, number % 3)
    return number.tolist()


def test_x_is_a_read_only_float32_copy():
    x = np.asfortranarray(np.ones((4, 3)))
    dataset = Dataset(x, extras={"time": [0.1, 0.2, 0.3, 0.4]})
    x[:] = 7
    assert dataset.x.dtype == np.float32 and dataset.x.flags.c_contiguous and (dataset.x == 1).all()
    for array in (dataset.x, dataset.extras["time"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        dataset.x = x
    with pytest.raises(TypeError):
        dataset.extras["time"] = None


def test_a_float32_array_or_tensor_is_copied_too():
    for x in (np.ones((2, 2), dtype=np.float32), torch.ones(2, 2)):
        dataset = Dataset(x)
        x[0, 0] = 7
        assert (dataset.x == 1).all()


def test_images_are_the_rows_in_shape():
    pixels = np.random.default_rng(0).random((5, 2, 3, 4)).astype(np.float32)
    np.testing.assert_array_equal(Dataset(pixels.reshape(5, 24), image_shape=(2, 3, 4)).images, pixels)
    with pytest.raises(ValueError, match="holds no images"):
        _ = numbered(3).images


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(-n, n - 1), min_size=1))))
@settings(max_examples=25, deadline=None)
def test_an_index_array_keeps_everything_aligned(case):
    n, rows = case
    for chosen in (rows, np.array(rows), torch.tensor(rows)):
        assert aligned(numbered(n)[chosen]) == [row % n for row in rows]


@given(st.lists(st.booleans(), min_size=1).filter(any))
@settings(max_examples=20, deadline=None)
def test_a_mask_keeps_everything_aligned(mask):
    assert aligned(numbered(len(mask))[np.array(mask)]) == [i for i, chosen in enumerate(mask) if chosen]


def test_a_slice_keeps_everything_aligned():
    assert aligned(numbered(10)[8:2:-2]) == [8, 6, 4]


@pytest.mark.parametrize(
    ("chosen", "kind", "words"),
    [
        ([0, 10], IndexError, "Row 10 does not exist; the dataset has rows 0 to 9"),
        ([-11], IndexError, "Row -11"),
        (np.ones(9, dtype=bool), IndexError, "9 entries for 10 samples"),
        (np.zeros(10, dtype=bool), ValueError, "none of the 10 samples"),
        (slice(5, 5), ValueError, "none of the 10 samples"),
        ([], ValueError, "none of the 10 samples"),
        (3, TypeError, r"dataset.x\[3\]"),
        ("x", TypeError, "slice"),
        ([0.5], TypeError, "slice"),
        ([[0, 1]], TypeError, "one-dimensional"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(chosen, kind, words):
    with pytest.raises(kind, match=words):
        numbered(10)[chosen]


def test_walking_through_a_dataset_is_refused_with_advice():
    with pytest.raises(TypeError, match="for sample in dataset.x"):
        list(numbered(3))


shares = st.lists(st.floats(0.05, 1), min_size=1, max_size=4).map(lambda parts: [p / max(1, sum(parts)) for p in parts])


@given(st.integers(40, 120), shares, st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_split_parts_share_no_sample_and_have_their_sizes(n, fractions, seed):
    parts = numbered(n).split(fractions, seed=seed)
    numbers = [number for part in parts for number in aligned(part)]
    assert len(numbers) == len(set(numbers)) and set(numbers) <= set(range(n))
    assert all(abs(len(part) - share * n) <= 1 for part, share in zip(parts, fractions, strict=True))


def test_split_is_a_partition_that_the_seed_decides():
    dataset = numbered(50)
    first, again, other = (dataset.split(seed=seed) for seed in (1, 1, 2))
    assert sorted(aligned(first[0]) + aligned(first[1])) == list(range(50))
    assert aligned(first[0]) == aligned(again[0]) != aligned(other[0])
    assert aligned(first[0]) != sorted(aligned(first[0]))  # shuffled, not cut


def test_split_leaves_the_global_generators_alone():
    before = np.random.get_state()[1].copy(), torch.get_rng_state()
    numbered(20).split()
    assert np.array_equal(before[0], np.random.get_state()[1]) and torch.equal(before[1], torch.get_rng_state())


@given(st.lists(st.integers(0, 9), min_size=30, max_size=80), shares, st.integers(0, 1000), st.booleans())
@settings(max_examples=25, deadline=None)
def test_split_by_a_group_keeps_every_group_whole(groups, fractions, seed, as_text):
    groups = np.array(groups).astype(str) if as_text else np.array(groups)
    if len(set(groups)) < len(fractions):
        return
    parts = numbered(len(groups), group=groups).split(fractions, seed=seed, by="group")
    seen = [set(part.extras["group"].tolist()) for part in parts]
    assert sum(map(len, seen)) == len(set.union(*seen))  # no group in two parts
    for part, names in zip(parts, seen, strict=True):
        aligned(part)
        assert len(part) == np.isin(groups, list(names)).sum()  # and all of it in its own
    if abs(sum(fractions) - 1) < 1e-9:
        assert sum(map(len, parts)) == len(groups)


def test_split_by_many_small_groups_meets_its_fractions():
    train, test = numbered(1000, group=np.arange(1000) // 10).split((0.7, 0.2), by="group")
    assert abs(len(train) - 700) <= 10 and abs(len(test) - 200) <= 10


def test_two_large_groups_make_two_parts_whatever_the_fractions():
    for seed in range(10):
        train, test = numbered(100, photo=np.arange(100) % 2).split((0.8, 0.2), seed=seed, by="photo")
        assert len(train) == len(test) == 50


@given(st.lists(st.floats(-100, 100), min_size=20, max_size=60), st.booleans())
@settings(max_examples=20, deadline=None)
def test_split_by_an_order_puts_the_earliest_first(times, as_dates):
    order = np.array(times) if not as_dates else np.datetime64("2024-01-01") + np.round(times).astype("timedelta64[D]")
    early, middle, late = numbered(len(times), time=order).split((0.5, 0.2, 0.2), by="time")
    assert early.extras["time"].max() <= middle.extras["time"].min()
    assert middle.extras["time"].max() <= late.extras["time"].min()
    assert early.extras["time"].min() == order.min()


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"fractions": (0.8, 0.3)}, ValueError, "at most 1"),
        ({"fractions": (0.8, 0.0)}, ValueError, "above 0"),
        ({"fractions": (1.2, -0.2)}, ValueError, "above 0"),
        ({"fractions": ()}, ValueError, "add up"),
        ({"fractions": 0.8}, TypeError, r"such as \(0.8, 0.2\)"),
        ({"fractions": ("most", "rest")}, TypeError, "'most'"),
        ({"fractions": (0.99, 0.01)}, ValueError, "part 2 of 10 samples would be empty"),
        ({"by": "colour"}, ValueError, "'colour'; it must be one of the extras 'number', 'pair', 'gap', 'one'"),
        ({"by": "pair"}, ValueError, "one value a sample"),
        ({"by": "gap"}, ValueError, "missing values"),
        ({"by": "one"}, ValueError, "1 groups"),
        ({"seed": -1}, ValueError, "seed"),
    ],
)
def test_split_says_what_is_wrong(arguments, kind, words):
    gap = np.append(np.arange(9.0), np.nan)
    dataset = numbered(10, pair=np.ones((10, 2)), gap=gap, one=["a"] * 10)
    with pytest.raises(kind, match=words):
        dataset.split(**arguments)


def test_split_by_without_extras_says_so():
    with pytest.raises(ValueError, match="no extras"):
        Dataset(np.ones((4, 2))).split(by="time")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"labels": [0, 1]}, "2 labels for 4 samples"),
        ({"labels": [0, 1, 2, 3], "label_names": ("a", "b")}, "label 3"),
        ({"labels": [0, 1, -1, 0], "label_names": ("a", "b")}, "label -1"),
        ({"label_names": ("a",)}, "no labels"),
        ({"feature_names": ("a", "b")}, "2 names for 6 features"),
        ({"image_shape": (1, 2, 2)}, r"image_shape was \(1, 2, 2\)"),
        ({"image_shape": (2, 3)}, r"image_shape was \(2, 3\)"),
        ({"extras": {"time": [1.0]}}, "'time'.*each of 4 samples"),
        ({"x": np.full((4, 6), np.nan)}, "row 0, column 0"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts, words):
    with pytest.raises(ValueError, match=words):
        Dataset(**({"x": np.ones((4, 6))} | parts))


def test_extras_of_objects_become_text_or_dates_or_are_refused():
    text = Dataset(np.ones((2, 1)), extras={"word": np.array(["a", "bcd"], dtype=object)}).extras["word"]
    days = Dataset(np.ones((2, 1)), extras={"day": [datetime(2024, 1, 2), datetime(2024, 1, 1)]}).extras["day"]
    assert text.dtype.kind == "U" and days.dtype.kind == "M" and days[1] < days[0]
    with pytest.raises(TypeError, match="mixed objects"):
        Dataset(np.ones((2, 1)), extras={"odd": [{}, None]})


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda dataset: pickle.loads(pickle.dumps(dataset))])
def test_copies_and_pickles_are_whole_and_read_only(again):
    twin = again(numbered(5).scaled("minmax"))
    assert twin.extras["number"].tolist() == [0, 1, 2, 3, 4] and not twin.x.flags.writeable
    assert twin.scaling.kind == "minmax"


def test_describe_tells_what_is_there_in_text_and_html():
    dataset = Dataset(
        np.ones((3, 4)),
        [0, 1, 1],
        name="<mine>",
        source="my garden",
        license="CC0",
        label_names=("cat", "dog"),
        image_shape=(1, 2, 2),
        extras={"day": np.array(["2024-01-03", "2024-01-01", "2024-01-02"], dtype="datetime64[D]")},
        notes=("one file left out",),
    )
    text, html = repr(dataset.describe()), dataset.describe()._repr_html_()
    for words in ("my garden", "CC0", "cat (1), dog (2)", "2024-01-01 to 2024-01-03", "one file left out"):
        assert words in text and words in html
    assert "&lt;mine&gt;" in html and "<mine>" not in html
    assert "'<mine>', 3 samples of 4 features" in repr(dataset)


@pytest.mark.parametrize("kind", ["standard", "minmax"])
def test_scaling_is_remembered_applied_and_undone(kind):
    rng = np.random.default_rng(0)
    dataset = Dataset(rng.normal(5, [0.1, 10, 1000], size=(200, 3)))
    train, test = dataset.split(seed=0)
    scaled, new = train.scaled(kind), test.scaled(train.scaled(kind).scaling)
    if kind == "standard":
        np.testing.assert_allclose(scaled.x.mean(axis=0), 0, atol=1e-4)
        np.testing.assert_allclose(scaled.x.std(axis=0), 1, atol=1e-4)
    else:
        np.testing.assert_allclose([scaled.x.min(axis=0), scaled.x.max(axis=0)], [[0] * 3, [1] * 3], atol=1e-6)
    np.testing.assert_allclose(new.scaling.undo(new.x), test.x, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(scaled.scaling.apply(test.x), new.x, rtol=1e-4, atol=1e-4)
    tensor = torch.tensor(train.x, requires_grad=True)
    assert scaled.scaling.apply(tensor).requires_grad


def test_a_constant_column_scales_to_zero_and_back():
    scaling = Scaling.measure(np.full((5, 1), 0.1))
    assert scaling.apply([[0.1]]) == 0 and scaling.undo([[0.0]]) == 0.1
    np.testing.assert_allclose(scaling.apply([[0.3]]), 0.2, rtol=1e-6)  # what has no width keeps its own


SECONDS = 1_700_000_000 + np.arange(0.0, 60.0, 0.5)  # which float32 knows to 128 seconds


def test_scaling_works_in_the_precision_that_came_in():
    places = np.stack([SECONDS, 48.1371 + np.arange(120) * 1e-7], axis=1)
    scaling = Scaling.measure(places, "minmax")
    scaled = scaling.apply(places)
    np.testing.assert_allclose(scaled, np.repeat(np.arange(120) / 119, 2).reshape(120, 2), atol=1e-6)
    np.testing.assert_allclose(scaling.undo(scaled), places, rtol=0, atol=1e-6)
    np.testing.assert_allclose(scaling.undo(scaled.astype(np.float32)), places, rtol=0, atol=1e-4)
    tensor = torch.tensor(places, requires_grad=True)
    torch.testing.assert_close(scaling.undo(scaling.apply(tensor)), tensor, rtol=0, atol=1e-6)
    assert scaling.apply(places.astype(np.float32)).dtype == np.float32
    assert scaling.apply(tensor.detach().float()).dtype == torch.float32


def test_a_dataset_is_chosen_split_copied_and_scaled_before_it_is_rounded():
    dataset = Dataset(SECONDS[:, None])
    assert dataset.x.dtype == np.float32
    for part in (dataset[60:], dataset.split((0.5, 0.5))[1], pickle.loads(pickle.dumps(dataset[:60]))):
        scaled = part.scaled("standard")
        assert len(np.unique(scaled.x)) == 60 and scaled.x.dtype == np.float32
        assert set(scaled.scaling.undo(scaled.x)[:, 0].round(3)) <= set(SECONDS)
    assert " to 1700000060" in repr(dataset.describe()).replace("1700000059.5", "1700000060")


def test_what_a_dataset_keeps_beyond_float32_is_its_own_copy():
    x = SECONDS[:, None].copy()
    dataset = Dataset(x)
    x[:] = 0
    assert len(np.unique(dataset.scaled("minmax").x)) == 120


@pytest.mark.parametrize("ids", [[2**63 + 1, 2**53 + 1, 2**53 + 2], [-1, 2**63, 2**63 + 1], [10**24, 10**24 + 1, 7]])
def test_long_ids_made_by_hand_stay_exact(ids):
    extras = Dataset(np.ones((3, 1)), extras={"person": ids}).extras["person"]
    assert [str(person) for person in extras.tolist()] == [str(person) for person in ids]


def test_whole_numbers_held_as_objects_are_whole_numbers():
    extras = Dataset(np.ones((2, 1)), extras={"person": np.array([5, 2**60 + 1], dtype=object)}).extras
    assert extras["person"].dtype == np.int64 and extras["person"][1] == 2**60 + 1


def test_values_a_little_outside_the_range_can_be_held_at_its_ends():
    train, test = Dataset([[0.0, 5.0], [10.0, 7.0]]), Dataset([[-1.0, 6.0], [12.0, 7.5]])
    scaling = train.scaled("minmax").scaling
    assert test.scaled(scaling).x.min() < 0
    held = test.scaled(scaling, clip=True)
    assert held.x.tolist() == [[0, 0.5], [1, 1]] and "3 values outside the range" in repr(held.describe())
    assert torch.equal(scaling.apply(torch.tensor(test.x), clip=True), torch.tensor(held.x))
    assert train.scaled(scaling, clip=True).notes == ()
    with pytest.raises(ValueError, match="clip was True, but a 'standard' scale has no bounds"):
        test.scaled("standard", clip=True)


TIMES = {
    "years": 2000 + np.arange(40) % 20,
    "months": [202401 + k % 12 for k in range(40)],
    "days": [20240501 + k % 30 for k in range(40)],
    "seconds": 1_700_000_000 + 60 * np.arange(40),
    "milliseconds": 1_700_000_000_000 + 60 * np.arange(40),
    "dates": [f"{1 + k % 28:02d}/05/2024" for k in range(40)],
    "unclear": [f"{1 + k % 12:02d}/05/2024" for k in range(40)],
    "quarters": [f"2024Q{1 + k % 4}" for k in range(40)],
    "clock": [f"{k % 24}:30" for k in range(40)],
    "text": [str(1_700_000_000 + 60 * k) for k in range(40)],
    "start_date": [f"d{k}" for k in range(40)],
    "week": np.arange(40) % 8,
}


@pytest.mark.parametrize("name", TIMES)
def test_split_warns_of_time_that_is_dealt_out_as_groups(name):
    dataset = numbered(40, **{name: np.array(TIMES[name])})
    with pytest.warns(UserWarning, match=f"by was '{name}', which looks like time.*to split in time") as caught:
        dataset.split(by=name)
    assert caught[0].filename == __file__


def test_split_does_not_take_other_groups_for_time():
    rng = np.random.default_rng(0)
    groups = {
        "person": np.repeat(rng.integers(10**9, 2 * 10**9, 10), 4),
        "id": rng.integers(10**15, 9 * 10**18, 40),
        "photo": np.arange(40),
        "town": ["Ulm", "Bonn"] * 20,
        "plate": [f"{k}-{k + 9}" for k in range(40)],
        "true": np.arange(40) % 2 == 0,
        "code": [f"{k:05d}" for k in range(40)],
    }
    for name, values in groups.items():
        numbered(40, **{name: np.array(values)}).split(by=name)


def test_robust_scaling_follows_the_quartiles_alone():
    x = np.random.default_rng(0).normal(5, 2, (1001, 2))
    x[:, 1] = 7
    wild = x.copy()
    wild[np.argmax(x[:, 0]), 0] = 1e9
    scaling, other = (Scaling.measure(values, "robust") for values in (x, wild))
    np.testing.assert_array_equal(scaling.shift, other.shift)
    np.testing.assert_array_equal(scaling.width, other.width)
    np.testing.assert_allclose(np.sinh(scaling.apply(x)).std(axis=0), [1, 0], atol=0.05)
    assert scaling.apply(wild).max() < 25  # of a thousand million
    np.testing.assert_allclose(scaling.undo(scaling.apply(wild)), wild)
    tensor = torch.tensor(wild)
    np.testing.assert_allclose(scaling.undo(scaling.apply(tensor)), wild)
    rare = np.r_[np.zeros(90), np.arange(10)][:, None]
    assert Scaling.measure(rare, "robust").width == rare.std()


def test_scaling_says_what_is_wrong():
    with pytest.raises(ValueError, match="'standard', 'minmax'"):
        numbered(5).scaled("rank")
    with pytest.raises(ValueError, match="3 features"):
        numbered(5).scaled("minmax").scaling.undo(np.ones((2, 3)))
