"""table: files as people have them, and a sentence that names row, column and the argument that mends it."""

import gzip
import io
import warnings

import numpy as np
import pandas as pd
import pytest

from udl_teach import data


@pytest.fixture
def csv(tmp_path):
    def write(text, encoding="utf-8", name="people.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    return write


def told(source, **arguments):
    """A table, and the warnings about it in one text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = data.table(source, **{"scale": None, **arguments})
    assert all(warning.filename == __file__ for warning in caught)
    return table, " ".join(str(warning.message) for warning in caught)


PLAIN = "height,weight\n1.5,60\n1.75,80\n2.0,70\n"
NUMBERS = [[1.5, 60], [1.75, 80], [2.0, 70]]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.rstrip("\n"),
        PLAIN.replace(",", " , "),
        "\n" + PLAIN + "\n\n",
        '"height","weight"\n"1.5","60"\n"1.75","80"\n"2.0","70"\n',
        "\ufeff" + PLAIN,
        ",height,weight\n0,1.5,60\n1,1.75,80\n2,2.0,70\n",
        "height,weight,\n1.5,60,\n1.75,80,\n2.0,70,\n",
        PLAIN.replace(",", ";") + ";\n;\n",
        "sep=;\n" + PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t").replace(".", ","),
        PLAIN.replace(",", "|").replace(".", ","),
        'height, weight\n"1,5", "60"\n"1,75", "80"\n"2,0", "70"\n',
        PLAIN.replace("\n", "\r"),
    ],
)
def test_every_kind_of_csv_file_is_read(csv, text):
    table = data.table(csv(text), scale=None)
    np.testing.assert_array_equal(table.x, NUMBERS)
    assert table.feature_names == ("height", "weight") and table.labels is None and table.name == "people"


def test_a_file_without_header_gets_names(csv):
    table = data.table(csv("1.5,60\n1.75,80\n2.0,70\n"), scale=None)
    np.testing.assert_array_equal(table.x, NUMBERS)
    assert table.feature_names == ("column 1", "column 2")


def test_open_files_compressed_files_and_dataframes_are_read(csv):
    packed = csv(gzip.compress(PLAIN.encode()), name="people.csv.gz")
    frame = pd.read_csv(io.StringIO(PLAIN))
    for source in (packed, str(packed), io.StringIO(PLAIN), io.BytesIO(PLAIN.encode()), frame, frame.convert_dtypes()):
        table = data.table(source, scale=None)
        np.testing.assert_array_equal(table.x, NUMBERS)
        assert table.feature_names == ("height", "weight")
    assert data.table(packed).name == "people"
    with csv(PLAIN).open() as file:
        assert data.table(file).name == "people"


@pytest.mark.parametrize(
    ("first", "below"),
    [
        ("region,2022,2023,2024", "north,10,20,30\nsouth,5,6,7\n"),
        ("2023,2024", "1,2\n3,5\n"),
        ("0,1,2", "0.5,1.5,2.5\n3.5,0.5,1.5\n"),
        ("region,2024-01,2024-02", "north,10,20\nsouth,5,6\n"),
        ("region,2024", "north,10\nsouth,5\n"),
        ("size,100", "3,5\n7,1\n"),
    ],
)
def test_a_header_that_looks_like_data_is_found_and_said(csv, first, below):
    file = csv(first + "\n" + below)
    table, words = told(file)
    assert table.feature_names == tuple(first.split(",")[-table.x.shape[1] :]) and len(table) == 2
    assert "header=0" in words and "header=None" in words
    assert told(file, header=0)[1] == ""
    assert len(told(file, header=None, categories="one-hot")[0]) == 3


def test_a_first_line_of_numbers_is_a_sample_and_noted(csv):
    table, words = told(csv("5.1,3.5,setosa\n4.9,3.0,virginica\n"))
    assert len(table) == 2 and words == "" and "header=0" in repr(table.describe())


def test_a_single_column_is_a_table(csv):
    assert data.table(csv("length\n1\n2\n"), scale=None).x.tolist() == [[1], [2]]


def test_columns_of_the_same_name_are_told_apart(csv):
    assert data.table(csv("a,a,b\n1,2,3\n")).feature_names == ("a", "a.1", "b")
    with pytest.raises(ValueError, match="two columns with the name 'a'"):
        data.table(pd.DataFrame(np.ones((2, 2)), columns=["a", "a"]))


def test_scaling_is_remembered_so_that_results_can_be_unscaled(csv):
    table = data.table(csv(PLAIN))
    np.testing.assert_allclose(table.x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(table.x.std(axis=0), 1, atol=1e-6)
    np.testing.assert_allclose(table.scaling.undo(table.x), NUMBERS, rtol=1e-6)
    np.testing.assert_allclose(table.scaling.apply([[1.75, 70]]), [[0, 0]], atol=1e-5)
    assert data.table(csv(PLAIN), scale="minmax").x.max() == 1
    train, test = table.split((0.5, 0.4))
    assert train.scaling is test.scaling is table.scaling


IRIS = "long,wide,kind\n5,3,setosa\n6,2,virginica\n7,2,setosa\n"


def test_a_label_of_text_is_numbered_alphabetically(csv):
    table = data.table(csv(IRIS), label="kind")
    assert table.labels.tolist() == [0, 1, 0] and table.label_names == ("setosa", "virginica")
    assert table.feature_names == ("long", "wide") and table.notes == ()


def test_a_label_of_whole_numbers_stays(csv):
    table = data.table(csv(IRIS.replace("setosa", "7").replace("virginica", "-1")), label="kind")
    assert table.labels.tolist() == [7, -1, 7] and table.label_names is None


def test_text_columns_are_kept_as_extras_and_named(csv):
    table = data.table(csv(IRIS))
    assert table.extras["kind"].tolist() == ["setosa", "virginica", "setosa"]
    assert "not numbers, so kept as extras instead of features: 'kind'" in repr(table.describe())


def test_dates_become_an_order_and_numbers_a_group(csv):
    table = data.table(csv("who,day,x\n1,2024-03-01,5\n2,2024-01-01,6\n1,2024-02-01,7\n"), extras=("who",), scale=None)
    early, late = table.split((0.7, 0.3), by="day")
    assert early.x.tolist() == [[6], [7]] and late.x.tolist() == [[5]]
    assert {tuple(sorted(part.extras["who"])) for part in table.split((0.5, 0.5), by="who")} == {(1, 1), (2,)}


def test_a_column_of_numbers_with_a_slip_is_warned_about(csv):
    with pytest.warns(UserWarning, match="'weight' holds '80kg' in row 1.*na_values=..80kg"):
        table = data.table(csv(PLAIN.replace("80", "80kg")))
    assert table.feature_names == ("height",) and "80kg" in repr(table.describe())


GAPS = "height,weight,kind\n1.5,60,a\n,NA,b\n2.0,?,a\n2.5,80,b\n"


def test_missing_values_are_reported_by_column_and_line(csv):
    with pytest.raises(ValueError) as raised:
        data.table(csv(GAPS), label="kind")
    message = str(raised.value)
    assert "3 missing values: 'height' in row 1; 'weight' in rows 1, 2" in message
    assert 'missing="drop"' in message and 'missing="mean"' in message


def test_missing_values_can_be_dropped_or_filled(csv):
    dropped = data.table(csv(GAPS), label="kind", missing="drop", scale=None)
    assert dropped.x.tolist() == [[1.5, 60], [2.5, 80]] and dropped.labels.tolist() == [0, 1]
    filled = data.table(csv(GAPS), label="kind", missing="mean", scale=None)
    assert filled.x.tolist() == [[1.5, 60], [2.0, 70], [2.0, 70], [2.5, 80]]
    assert "2 rows with missing values left out" in repr(dropped.describe())
    assert "3 missing values replaced" in repr(filled.describe())


def test_a_missing_label_can_be_dropped_but_not_filled(csv):
    text = IRIS.replace("virginica", "")
    with pytest.raises(ValueError, match="1 missing value: 'kind' in row 1"):
        data.table(csv(text), label="kind")
    with pytest.raises(ValueError, match="a label has no mean"):
        data.table(csv(text), label="kind", missing="mean")
    assert data.table(csv(text), label="kind", missing="drop").label_names == ("setosa",)


def test_a_quoted_cell_may_hold_anything(csv):
    table = data.table(csv('x,words\n1,"a, b"\n2,"two\nlines"\n'), scale=None)
    assert table.x.tolist() == [[1], [2]] and table.extras["words"].tolist() == ["a, b", "two\nlines"]


def test_another_encoding_can_be_named(csv):
    text = "gr\u00f6\u00dfe;x\n1;2\n3;4\n"
    with pytest.raises(ValueError, match="not text in utf-8.*cp1252"):
        data.table(csv(text, "cp1252"))
    assert data.table(csv(text, "cp1252"), encoding="cp1252").feature_names[0] == "gr\u00f6\u00dfe"


@pytest.mark.parametrize(
    ("text", "arguments", "words"),
    [
        ("", {}, "is empty"),
        (" \n\n", {}, "is empty"),
        ("a,b\n", {}, "header but no rows"),
        ("a,b\nx,y\n", {}, "no column of numbers to learn from; its columns are 'a', 'b'"),
        ("a,b\n1,2\n3\n", {}, "1 missing value: 'b' in row 1"),
        ("a,b\n1,2,3\n3,4,5\n", {}, "index_col=0 .*index_col=False .*skiprows"),
        ("1 2\n3 4\n", {}, r"sep=r.\\s\+"),
        ('a,b\n1,"x\n', {}, "cannot be read: .*string"),
        (PLAIN, {"categories": "codes"}, "categories was 'codes'"),
        (PLAIN.encode("utf-16"), {}, 'encoding="cp1252" or "utf-16"'),
        ("a,b\n1,2\n\n3,4,5\n", {}, "line 4 has 3 cells.*skiprows=3"),
        ("a,b\n1,inf\n", {}, "column 'b' holds inf in row 0"),
        (PLAIN, {"label": "colour"}, "'colour'; it must be one of 'height', 'weight'"),
        (PLAIN, {"label": "height"}, "'height' of .* holds real numbers"),
        (PLAIN, {"extras": ("colour",)}, "'colour'"),
        (PLAIN, {"scale": "ranks"}, "scale was 'ranks'"),
        (PLAIN, {"missing": "zero"}, "missing was 'zero'"),
        ("a,b\n1,\n,2\n", {"missing": "drop"}, "missing values in every row"),
        (b"PK\x03\x04\x00\x00", {}, "not text.*read_excel"),
        (b"\x89PNG\r\n\x1a\n\xff", {}, "not text"),
    ],
)
def test_what_cannot_be_used_is_named(csv, text, arguments, words):
    with pytest.raises(ValueError, match=words) as raised:
        data.table(csv(text), **arguments)
    assert "\n" not in str(raised.value)


def test_what_is_no_table_is_named():
    with pytest.raises(TypeError, match="source was list; it must be a path, an open file or a pandas DataFrame"):
        data.table([[1, 2]])
    with pytest.raises(TypeError, match="sep was given with a DataFrame; give it to pandas.read_csv"):
        data.table(pd.DataFrame({"a": [1, 2]}), sep=";")
    with pytest.raises(TypeError, match="separator"):
        data.table(io.StringIO(PLAIN), separator=";")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no file .*nothing.csv"):
        data.table(tmp_path / "nothing.csv")
    with pytest.raises(FileNotFoundError, match="There is no file"):
        data.table(tmp_path)


@pytest.mark.parametrize(
    ("cells", "advice", "numbers"),
    [
        (["1,234", "12,345", "2,345,678"], {"thousands": ","}, [1234, 12345, 2345678]),
        (["1.234,5", "12.345,25"], {"decimal": ",", "thousands": "."}, [1234.5, 12345.25]),
        (["1 234,5", "12 345,5"], {"thousands": " ", "decimal": ","}, [1234.5, 12345.5]),
        (["1'234.5", "12'345.5"], {"thousands": "'"}, [1234.5, 12345.5]),
        (["5%", "10%", "7.5%"], {}, [5, 10, 7.5]),
        (["$1,234.50", "$7.50"], {}, [1234.5, 7.5]),
        (["EUR 1.234,50", "EUR 7,50"], {}, [1234.5, 7.5]),
        (["7,50 \u20ac", "8,00 \u20ac"], {}, [7.5, 8]),
        (["80 kg", "75.5 kg"], {}, [80, 75.5]),
        (["yes", "no", "yes"], {"true_values": ["yes"], "false_values": ["no"]}, [1, 0, 1]),
        (["0123", "4567"], {"dtype": {"a": float}}, [123, 4567]),
    ],
)
def test_numbers_in_another_notation_are_said_and_the_advice_reads_them(csv, cells, advice, numbers):
    file = csv("a|k\n" + "".join(f"{cell}|{3 * k * k}\n" for k, cell in enumerate(cells)))
    table, words = told(file)
    assert table.feature_names == ("k",) and "'a'" in words and table.extras["a"].tolist() == cells
    given = {key: value for key, value in advice.items() if key != "dtype"}
    assert all(
        f"{key}={value}" in words.replace('"', "'").replace(f"'{value}'", str(value)) for key, value in given.items()
    )
    if not advice:  # a function, which is taken from the message as a user would
        advice = eval(
            "dict(" + words[words.index("converters=") : words.index("}", words.index("converters=")) + 1] + ")"
        )
    table, words = told(file, **advice)
    assert table.feature_names == ("a", "k") and table.x[:, 0].tolist() == numbers and words == ""


def test_one_file_of_decimal_commas_never_loses_a_factor_of_a_thousand(csv):
    table, words = told(csv("a;b\n1.234;1,5\n12.345;2,5\n"))
    assert table.feature_names == ("b",) and "thousands='.' and decimal=','" in words
    table, words = told(csv("a;b\n1.234;x\n12.345;y\n"))
    assert 'thousands="."' in words and told(csv("a;b\n1.234;x\n12.345;y\n"), decimal=".")[1] == ""
    assert told(csv("a;b\n1.234;x\n0.345;y\n"))[1] == ""
    _, words = told(csv("a;b\n1.234 EUR;1,5\n12.345 EUR;2,5\n"))
    assert "lambda cell: float(cell.strip('EUR ').replace('.', '').replace(',', '.'))" in words
    assert ".replace(',', '.'))" in told(csv("a;b\n5,5%;1,5\n7,5%;2,5\n"))[1]


@pytest.mark.parametrize("mark", ["\x0c", "\x85", "\u2028", "\x1c", "\u00a0", '""', "x" * 200_000])
def test_a_cell_may_hold_every_character_and_be_long(csv, mark):
    table = data.table(csv(f'a,remark,b\n1,"one{mark}two",2\n3,three,4\n'), scale=None)
    assert table.x.tolist() == [[1, 2], [3, 4]] and len(repr(table.describe())) < 2000


def test_arguments_of_pandas_are_handed_on(csv):
    for text, arguments in (
        (PLAIN.replace(",", ";;"), {"sep": ";;"}),
        (PLAIN.replace(",", "  "), {"sep": r"\s+"}),
        (PLAIN.replace(",", "!"), {"delimiter": "!"}),
        ("title\n\n" + PLAIN, {"skiprows": 2}),
        ("# title\n" + PLAIN, {"comment": "#"}),
        ("title\n" + PLAIN, {"header": 1}),
        (PLAIN.split("\n", 1)[1], {"names": ["height", "weight"]}),
        (PLAIN + "-999,-999\n", {"na_values": -999, "missing": "drop"}),
        (PLAIN, {"usecols": ["height", "weight"]}),
        ("who,height,weight\na,1.5,60\nb,1.75,80\nc,2.0,70\n", {"index_col": 0}),
    ):
        table, words = told(csv(text), **arguments)
        assert table.x.tolist() == NUMBERS and table.feature_names == ("height", "weight") and words == "", arguments
    with pytest.raises(ValueError, match="header"):
        data.table(csv(PLAIN), header=9)


def test_what_is_wrong_with_a_dataframe_is_said_and_the_frame_stays_as_it_is():
    frame = pd.DataFrame({"a": ["1,5", "2,5"], "b": [1, 4], "day": ["31.05.2024", "01.06.2024"]})
    before = frame.copy(deep=True)
    with pytest.warns(UserWarning, match="; give pandas.read_csv decimal=','"):
        table = data.table(frame)
    pd.testing.assert_frame_equal(frame, before)
    frame.loc[0, "b"] = 99
    assert table.x.tolist() == [[-1], [1]]


def test_decimal_commas_are_found_beside_missing_values(csv):
    assert data.table(csv("a;b\n1,5;NaN\n2,5;#N/A\n"), scale=None).feature_names == ("a",)


def test_names_that_look_like_numbers_stay_names(csv):
    table, _ = told(csv("sample,value\n100_1,1.5\n1030_11,2.5\n"))
    assert table.feature_names == ("value",) and table.extras["sample"].tolist() == ["100_1", "1030_11"]


@pytest.mark.parametrize(
    "ids",
    [
        ["90071992547409931", "90071992547409932"],
        ["11898508762506083287", "11898508762506083288"],
        ["118985087625060832871", "118985087625060832872"],
        ["00712", "0712"],
    ],
)
@pytest.mark.parametrize("gap", [False, True])
def test_ids_stay_exact_as_numbers_or_text(csv, ids, gap):
    people = ids + [""] * gap
    file = csv("person,a\n" + "".join(f"{person},{k}\n" for k, person in enumerate(people * 2)))
    table, words = told(file, extras=("person",))
    assert [str(person) for person in table.extras["person"].tolist()] == people * 2 and words == ""
    parts = [set(part.extras["person"].tolist()) for part in table.split((0.5, 0.5), by="person")]
    assert not parts[0] & parts[1]


def test_ids_that_were_rounded_are_said():
    with pytest.warns(UserWarning, match="'person' holds rounded whole numbers.*dtype={'person': str}"):
        data.table(pd.DataFrame({"person": [9e16, np.nan, 9e17], "a": [1.0, 2.5, 4.0]}), extras="person")


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("id,x\n17,1.5\n11,2\n", "id", "size means nothing"),
        ("PassengerId,x\n1,1.5\n2,2\n", "PassengerId", "count of the rows"),
        ("n,x\n1,5\n2,7\n3,2\n4,4\n5,1\n", "n", "count of the rows"),
        ("x,b\n1,5\n3,5\n4,5\n", "b", "the same in every row"),
        ("who,b\n90071992547409931,5\n80071992547409937,1.5\n", "who", "size means nothing"),
    ],
)
def test_a_column_that_is_no_measurement_is_said(csv, text, name, words):
    table, said = told(csv(text))
    assert name in table.feature_names and words in said and f"extras=('{name}',)" in said
    assert told(csv(text), extras=(name,))[1] == ""


def test_many_constant_columns_are_one_warning():
    frame = pd.DataFrame(np.ones((4, 50))).assign(a=[1.5, 2, 7, 5])
    with pytest.warns(UserWarning) as caught:
        data.table(frame)
    assert len(caught) == 1


def test_categories_become_columns_of_0_and_1(csv):
    text = "a,colour,smoker\n1,red,yes\n3,blue,no\n4,red,no\n"
    table, words = told(csv(text), categories="one-hot")
    assert table.feature_names == ("a", "colour=blue", "colour=red", "smoker=no", "smoker=yes") and words == ""
    assert table.x.tolist() == [[1, 0, 1, 0, 1], [3, 1, 0, 1, 0], [4, 0, 1, 1, 0]] and not table.extras
    assert data.table(csv(text), label="smoker", extras="colour", categories="one-hot").feature_names == ("a",)
    with pytest.raises(ValueError, match='categories="one-hot" to turn categories into columns of 0 and 1'):
        data.table(csv("colour\nred\nblue\n"))
    gap = csv(text.replace("blue", ""))
    with pytest.raises(ValueError, match="'colour' in row 1"):
        data.table(gap, categories="one-hot")
    assert data.table(gap, categories="one-hot", missing="mean", scale=None).x[1].tolist() == [3, 1, 1, 0]
    assert len(data.table(gap, categories="one-hot", missing="drop")) == 2


def test_names_of_samples_are_no_categories():
    frame = pd.DataFrame({"a": np.arange(60) % 7, "name": [f"n{k}" for k in range(60)]})
    assert data.table(frame, categories="one-hot").feature_names == ("a",)


DATES = {
    "31.05.2024": [f"{day:02d}.05.2024" for day in range(1, 21)],
    "05/31/2024": [f"05/{day:02d}/2024" for day in range(1, 21)],
    "31/05/2024": [f"{day:02d}/05/2024 12:30" for day in range(1, 21)],
    "2024-05-31T00:00:00Z": [f"2024-05-{day:02d}T00:00:00Z" for day in range(1, 21)],
    "2024-05": [f"20{year}-{month:02d}" for year in (23, 24) for month in range(1, 11)],
    "May 2024": [f"{month} {year}" for year in (2023, 2024) for month in "January March May August December".split()],
    "31 May 2024": [f"{day} May 2024" for day in range(1, 21)],
    "May 31, 2024": [f"May {day}, 2024" for day in range(1, 21)],
    "Fri, 31-May-24": [f"Fri, {day}-May-24" for day in range(1, 21)],
    "5/31/2024 2:30 PM": [f"5/{day}/2024 2:30 PM" for day in range(1, 21)],
    "31.05.24": [f"{day:02d}.05.24 14:30:15" for day in range(1, 21)],
}


@pytest.mark.parametrize("days", DATES.values(), ids=DATES)
def test_dates_in_any_usual_spelling_are_an_order(days):
    table = data.table(
        io.StringIO("day;a\n" + "".join(f"{day};{k % 7 + k}\n" for k, day in enumerate(days))), scale=None
    )
    order = table.extras["day"].astype(float)
    assert table.extras["day"].dtype.kind == "M" and (np.diff(order) > 0).all()
    early, late = table.split((0.5, 0.5), by="day")
    assert early.extras["day"].max() < late.extras["day"].min()


def test_a_date_that_can_be_read_in_two_ways_is_said(csv):
    file = csv("day,a\n05/06/2024,1\n07/08/2024,2.5\n")
    table, words = told(file)
    assert "day or the month; pass parse_dates=['day'] and dayfirst=True" in words
    days = told(file, parse_dates=["day"], dayfirst=True)[0].extras["day"]
    assert days.tolist()[0].month == 6 and days.tolist()[1].day == 7


@pytest.mark.parametrize(
    "cells", [["10-20", "20-30"], ["192.168.0.1", "10.0.0.1"], ["north 5", "may"], ["v1.2", "v1.3"]]
)
def test_what_only_looks_like_dates_stays_text(cells):
    table, words = told(pd.DataFrame({"a": [1, 2.5], "b": cells}))
    assert table.extras["b"].tolist() == cells and words == ""


def test_every_kind_of_column_of_a_dataframe_is_read():
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, 2, None], dtype="Int64"),
            "true": [True, False, True],
            "group": pd.Categorical(["x", "y", "x"]),
            "when": pd.to_datetime(["2024-01-02", "2024-01-01", None], utc=True),
            "span": pd.to_timedelta([1, 2, 3], unit="h"),
            7: np.array([0.5, 0.25, 0.125], dtype=np.float32),
        },
        index=pd.Index(["a", "b", "c"], name="who"),
    )
    table = data.table(frame, missing="mean", scale=None)
    assert table.feature_names == ("whole", "true", "7")
    assert table.x.tolist() == [[1, 1, 0.5], [2, 0, 0.25], [1.5, 1, 0.125]]
    assert table.extras["group"].tolist() == ["x", "y", "x"] and table.extras["who"].tolist() == ["a", "b", "c"]
    assert table.extras["when"].dtype.kind == "M" and table.extras["span"].dtype.kind == "m"
    assert "'whole' in row 2" in repr(table.describe())
    assert data.table(frame.dropna(), label="group").label_names == ("x", "y")


def test_times_in_seconds_are_scaled_before_they_are_rounded(csv):
    seconds = [1_700_000_000 + 5 * k for k in (0, 3, 1, 2)]
    for source in (csv("time\n" + "\n".join(map(str, seconds))), pd.DataFrame({"time": seconds})):
        table = data.table(source, scale="minmax")
        np.testing.assert_allclose(table.x[:, 0], [0, 1, 1 / 3, 2 / 3], rtol=1e-6)
        np.testing.assert_allclose(table.scaling.undo(table.x)[:, 0], seconds, rtol=0, atol=1e-3)
        train, test = data.table(source, scale=None).split((0.5, 0.5))
        assert len(np.unique(test.scaled(train.scaled("minmax").scaling).x)) == 2
