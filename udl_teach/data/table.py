"""Table: a CSV file or a DataFrame of one's own as a dataset."""

import re
import warnings
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data import doubts
from udl_teach.data.dataset import Dataset
from udl_teach.data.reading import read
from udl_teach.data.times import dates

MOST_CATEGORIES = 20  # beyond, where most rows have their own, a column holds names rather than categories


def table(
    source: Any,
    *,
    label: str | None = None,
    extras: tuple[str, ...] = (),
    scale: str | None = "standard",
    missing: str = "error",
    categories: str | None = None,
    **options: Any,
) -> Dataset:
    """Read a table by pandas: columns of numbers (and of true and false, as 1 and 0) become the features.

    Columns of text are left out of `x` and kept as extras, dates in any usual spelling as dates, so that
    `split(by=...)` can use them; `describe()` names them. Whole numbers that are kept stay exact, however long, or
    become text. What looks wrong is said in a warning, with the argument that mends it: numbers in another notation,
    per cent, money, yes and no, a constant, an id, a counter of rows, a first line that may be names or a sample.

    Scaling is measured on the whole table, in double precision. To measure it on the training part alone, read with
    scale=None, split, and use `train = train.scaled("standard")` and `test = test.scaled(train.scaling)`.

    Args:
        source: path of a CSV file (also compressed), an open file, or a pandas DataFrame.
        label: name of the column that holds the label: whole numbers, or texts (numbered in alphabetical order).
        extras: names of columns of numbers to be kept as extras instead of features, such as a person's number.
        scale: "standard" (each column to mean 0 and standard deviation 1), "minmax" (from 0 to 1), "robust" (by median
            and quartiles), or None; remembered as `dataset.scaling`, whose `apply(x)` scales new data and `undo(x)`
            brings results back.
        missing: what to do about missing values: "error", "drop" the rows, or fill in the column's "mean".
        categories: "one-hot" turns each column of text that is not kept, with few different cells, into columns of 0
            and 1, one for each of its values, called such as "colour=red".
        **options: pandas' own arguments, handed on to `pandas.read_csv`. Those left out are found out where the file
            shows them: `sep` (comma, semicolon, tab or bar), `decimal` (point or comma), `header` (0 if the first line
            names the columns, None if it is a sample). Beyond what pandas takes for missing (empty cells, NA, NaN,
            null, ...) so are ? and -, unless keep_default_na=False. `encoding` is "utf-8-sig" at first; Excel's older
            files want "cp1252".

    Returns:
        Dataset of one sample a row, with the columns' names as `feature_names`.

    Raises:
        FileNotFoundError: there is no such file.
        TypeError: `source` is none of the three, or pandas does not know an argument.
        ValueError: the file is empty, ragged (the line is named), without a column of numbers, or has missing values
            (named by column and row; rows are counted from 0, below the header) and `missing` is "error"; or `label`
            or `extras` names no column.
    """
    inputs.choice(missing, "missing", ("error", "drop", "mean"))
    for value, name, known in (
        (scale, "scale", ("standard", "minmax", "robust")),
        (categories, "categories", ("one-hot",)),
    ):
        if value is not None:
            inputs.choice(value, name, known)
    notes: list[str] = []
    doubtful: list[str] = []
    frame, title, place = read(source, options, notes, doubtful)
    frame, kept = _tidy(frame, place, notes)
    kept += [extras] if isinstance(extras, str) else list(extras)
    named = [] if label is None else [label]
    for name in named + kept:
        inputs.choice(name, "a column named by label or extras", frame.columns)
    for name in frame.columns.difference(named):
        _read_dates(frame, name, doubtful)

    free = [name for name in frame if name not in named + kept]
    numbers = [name for name in free if frame[name].dtype.kind in "biuf"]
    texts = [name for name in free if frame[name].dtype.kind == "O"]
    coded = [name for name in texts if categories and frame[name].nunique() <= max(MOST_CATEGORIES, len(frame) / 2)]
    left_out = [name for name in free if name not in numbers + coded]
    doubtful += doubts.of_numbers({name: _floats(frame[name]) for name in numbers})
    doubtful += doubts.of_kept({name: _floats(frame[name]) for name in kept if frame[name].dtype.kind == "f"})
    doubtful += doubts.of_texts({name: frame[name].dropna() for name in texts if name not in coded}, options)
    if not options:  # a DataFrame, which was read before
        doubtful = [re.sub(r"; pass (?!extras)", "; give pandas.read_csv ", doubt) for doubt in doubtful]
    if not numbers + coded:
        raise ValueError(
            f"{place} has no column of numbers to learn from; its columns are {_list(frame)}: "
            'pass categories="one-hot" to turn categories into columns of 0 and 1. ' + " ".join(doubtful)
        )
    for doubt in doubtful:
        warnings.warn(doubt, stacklevel=2)
    if left_out:
        notes.append(f"not numbers, so kept as extras instead of features: {_list(left_out)}")

    frame = _checked(frame, numbers + coded + named, place, missing, notes)
    features = {name: _floats(frame[name]) for name in numbers}
    for name in coded:
        for value in sorted(frame[name].dropna().unique()):
            features[f"{name}={value}"] = _floats((frame[name] == value).where(frame[name].notna()))
    x = np.stack(list(features.values()), axis=1)
    if missing == "mean":
        np.copyto(x, np.nanmean(x, axis=0), where=np.isnan(x))
    labels, label_names = (None, None) if label is None else _labels(place, frame[label])
    dataset = Dataset(
        x,
        labels,
        name=title,
        source=place,
        license="that of the file",
        label_names=label_names,
        feature_names=tuple(features),
        extras={name: _kept(frame[name]) for name in frame if name in kept + left_out},
        notes=(*notes, *doubtful),
    )
    return dataset if scale is None else dataset.scaled(scale)


def frame(source: Any, **options: Any) -> Any:
    """Read a table as a pandas DataFrame of numbers, true and false, text and dates, for models of mixed tables.

    Delimiter, decimal comma, header and missing values are found out as `table` does; empty columns and one that only
    counts the rows are left out, and what looks wrong is said in a warning.

    Args:
        source: path of a CSV file (also compressed), an open file, or a pandas DataFrame.
        **options: pandas' own arguments, as in `table`.

    Raises:
        FileNotFoundError, TypeError, ValueError: as in `table`.
    """
    notes: list[str] = []
    doubtful: list[str] = []
    read_frame, _, place = read(source, options, notes, doubtful)
    found, _ = _tidy(read_frame, place, notes)
    for name in found.columns:
        _read_dates(found, name, doubtful)
    texts = {name: found[name].dropna() for name in found if found[name].dtype.kind == "O"}
    doubtful += doubts.of_texts(texts, options)
    for doubt in doubtful:
        warnings.warn(doubt, stacklevel=2)
    for name in found.columns:
        column = found[name]
        if column.dtype.kind == "f":
            found[name] = _floats(column)
        elif column.dtype.kind in "biu" and not column.isna().any():
            found[name] = column.to_numpy()
        elif column.dtype.kind == "O":
            found[name] = column.astype(object).where(column.notna(), None)
    return found.reset_index(drop=True)


def _tidy(frame: Any, place: str, notes: list[str]) -> tuple[Any, list[str]]:
    """The columns by name, each of numbers, of times or of texts (NA where missing), and those that named the rows."""
    import pandas as pd

    kept = []
    if frame.index.names != [None] or not pd.api.types.is_numeric_dtype(frame.index):
        before = len(frame.columns)
        frame = frame.reset_index()
        kept = [str(name) for name in frame.columns[: len(frame.columns) - before]]
    columns = {}
    for k, (name, column) in enumerate(frame.items()):
        name = " ".join(str(part) for part in (name if isinstance(name, tuple) else [name]))
        unnamed, name = not name.strip() or name.startswith("Unnamed: "), " ".join(name.split())
        if unnamed:
            name = f"column {k + 1}"
        if name in columns:
            raise ValueError(f"{place} has two columns with the name {name!r}; give each its own.")
        column = _of_one_kind(column)
        if column.isna().all():
            notes.append(f"the column {name!r} is empty and was left out")
        elif k == 0 and unnamed and column.dtype.kind in "iu" and column.is_unique:
            notes.append("the first column has no name and only counts the rows; it was left out")
        else:
            columns[name] = column
    return pd.DataFrame(columns, index=frame.index), kept


def _of_one_kind(column: Any) -> Any:
    if column.dtype.kind == "M":
        return column if column.dt.tz is None else column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind in "biufm":
        return column
    text = column.astype("string").str.strip()
    return text.mask(text == "")


def _read_dates(frame: Any, name: str, doubtful: list[str]) -> None:
    if frame[name].dtype.kind != "O":
        return
    moments, unclear = dates(frame[name])
    if moments is not None:
        frame[name] = moments
    elif unclear:
        doubtful.append(
            f"The column {name!r} holds dates such as {frame[name].dropna().iloc[0]!r}, which can begin with the day "
            f"or the month; pass parse_dates=[{name!r}] and dayfirst=True or dayfirst=False."
        )


def _floats(column: Any) -> np.ndarray:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _kept(column: Any) -> np.ndarray:
    """An extra: true or false, whole numbers as they are, real numbers, times, or texts ("" where missing)."""
    kind = column.dtype.kind
    if kind in "mM":
        return column.to_numpy(dtype="datetime64[us]" if kind == "M" else "timedelta64[us]")
    if kind == "f":
        return _floats(column)
    if kind == "O" or column.isna().any():
        return column.astype("string").fillna("").to_numpy(dtype=str)
    return column.to_numpy(dtype={"b": bool, "i": np.int64, "u": np.uint64}[kind])


def _checked(frame: Any, used: list[str], place: str, missing: str, notes: list[str]) -> Any:
    """The rows to keep, after a look at missing and infinite values."""
    for name in used:
        if frame[name].dtype.kind == "f" and np.isinf(numbers := _floats(frame[name])).any():
            row = frame.index[np.isinf(numbers)][0]
            raise ValueError(
                f"{place}: the column {name!r} holds {numbers[np.isinf(numbers)][0]} in row {row}; each must be "
                'finite: fill it in, or pass na_values=["inf", "-inf"] to count it as missing.'
            )
    gaps = frame[used].isna()
    if not gaps.to_numpy().any():
        return frame
    where = "; ".join(f"{name!r} in {_rows(frame.index[gaps[name]])}" for name in used if gaps[name].any())
    total = int(gaps.to_numpy().sum())
    count = f"{total} missing value{'s' if total > 1 else ''}"
    if missing == "error":
        raise ValueError(
            f'{place} has {count}: {where}, counted from 0; fill them in, or pass missing="drop" or missing="mean".'
        )
    rows = gaps.any(axis=1)
    if missing == "drop":
        if rows.all():
            raise ValueError(f'{place} has missing values in every row ({where}); pass missing="mean".')
        notes.append(f"{rows.sum()} rows with missing values left out: {where}")
        return frame[~rows]
    notes.append(f"{count} replaced by the mean of the column: {where}")
    return frame


def _labels(place: str, column: Any) -> tuple[np.ndarray, tuple[str, ...] | None]:
    if column.isna().any():
        raise ValueError(f'{place} has missing labels; a label has no mean, so pass missing="drop".')
    if column.dtype.kind not in "iuf":
        names, labels = np.unique(column.astype("string").to_numpy(dtype=str), return_inverse=True)
        return labels.reshape(-1), tuple(names.tolist())
    numbers = _floats(column)
    if not np.array_equal(numbers, np.round(numbers)):
        raise ValueError(
            f"The label column {column.name!r} of {place} holds real numbers; labels are whole numbers or texts."
        )
    return column.to_numpy(dtype=np.int64), None


def _list(names: Any, at_most: int = 20) -> str:
    names = list(names)
    return ", ".join(repr(name) for name in names[:at_most]) + (", ..." if len(names) > at_most else "")


def _rows(rows: Any, at_most: int = 5) -> str:
    shown = ", ".join(str(row) for row in rows[:at_most]) + (", ..." if len(rows) > at_most else "")
    return f"row{'s' if len(rows) > 1 else ''} {shown}"
