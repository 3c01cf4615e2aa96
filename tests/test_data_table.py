"""table: a CSV file as people have them, and a sentence that names line and column where it is not usable."""

import numpy as np
import pytest

from udl_teach import data


@pytest.fixture
def csv(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "people.csv"
        path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return path

    return write


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


def test_header_can_be_said_where_it_cannot_be_seen(csv):
    years = "2023,2024\n1,2\n3,4\n"
    assert data.table(csv(years), scale=None).x.shape == (3, 2)
    assert data.table(csv(years), scale=None, header=True).feature_names == ("2023", "2024")


def test_a_single_column_is_a_table(csv):
    assert data.table(csv("length\n1\n2\n"), scale=None).x.tolist() == [[1], [2]]


def test_columns_of_the_same_name_are_told_apart(csv):
    assert data.table(csv("a,a,b\n1,2,3\n")).feature_names == ("a", "a (2)", "b")


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
    with pytest.warns(UserWarning, match="column 'weight' is not used as a feature: line 3 holds '80kg'"):
        table = data.table(csv(PLAIN.replace("80", "80kg")))
    assert table.feature_names == ("height",) and "80kg" in repr(table.describe())


GAPS = "height,weight,kind\n1.5,60,a\n,NA,b\n2.0,?,a\n2.5,80,b\n"


def test_missing_values_are_reported_by_column_and_line(csv):
    with pytest.raises(ValueError) as raised:
        data.table(csv(GAPS), label="kind")
    message = str(raised.value)
    assert "3 missing values: 'height' in line 3; 'weight' in lines 3, 4" in message
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
    with pytest.raises(ValueError, match="1 missing value: 'kind' in line 3"):
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
        ("a,b\n1,2\n3\n", {}, "line 3 has 1 cells, but the lines before have 2"),
        ("a,b\n1,2\n\n3,4,5\n", {}, "line 4 has 3 cells"),
        ("a,b\n1,inf\n", {}, "line 2: the column 'b' holds inf"),
        (PLAIN, {"label": "colour"}, "'colour'; it must be one of 'height', 'weight'"),
        (PLAIN, {"label": "height"}, "'height' of .* holds real numbers"),
        (PLAIN, {"extras": ("colour",)}, "'colour'"),
        (PLAIN, {"scale": "robust"}, "scale was 'robust'"),
        (PLAIN, {"missing": "zero"}, "missing was 'zero'"),
        ("a,b\n1,\n,2\n", {"missing": "drop"}, "missing values in every row"),
        (b"PK\x03\x04\x00\x00", {}, "not a text file"),
        (b"\x89PNG\r\n\x1a\n\xff", {}, "not text"),
    ],
)
def test_what_cannot_be_used_is_named(csv, text, arguments, words):
    with pytest.raises(ValueError, match=words) as raised:
        data.table(csv(text), **arguments)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no file .*nothing.csv"):
        data.table(tmp_path / "nothing.csv")
    with pytest.raises(FileNotFoundError, match="There is no file"):
        data.table(tmp_path)
