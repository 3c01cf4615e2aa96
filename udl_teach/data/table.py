"""Table: a CSV file of one's own as a dataset."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.csv_file import Column, read_columns
from udl_teach.data.dataset import Dataset


def table(
    path: str | Path,
    *,
    label: str | None = None,
    extras: tuple[str, ...] = (),
    scale: str | None = "standard",
    missing: str = "error",
    header: bool | None = None,
    encoding: str = "utf-8-sig",
) -> Dataset:
    """Read a CSV file: columns of numbers become the features.

    The delimiter (comma, semicolon, tab or |) is found out; in a file with semicolons a comma may stand for the decimal
    point. Empty cells and NA, N/A, NaN, null, None, ? and - count as missing. Columns that are not all numbers are left
    out of `x` and kept as extras (days such as 2024-05-31 as dates), so that `split(by=...)` can use them; `describe()`
    names them, and a warning does where a column held some numbers.

    Scaling is measured on the whole file. To measure it on the training part alone, read with scale=None, split, and
    use `train = train.scaled("standard")` and `test = test.scaled(train.scaling)`.

    Args:
        path: the file.
        label: name of the column that holds the label: whole numbers, or texts (numbered in alphabetical order).
        extras: names of columns of numbers to be kept as extras instead of features, such as a person's number.
        scale: "standard" (each column to mean 0 and standard deviation 1), "minmax" (from 0 to 1), or None; remembered
            as `dataset.scaling`, whose `apply(x)` scales new data and `undo(x)` brings results back.
        missing: what to do about missing numbers: "error", "drop" the rows, or fill in the column's "mean".
        header: whether the first line names the columns; None finds out (it does if it holds no number).
        encoding: of the file; Excel's older CSV files want "cp1252".

    Returns:
        Dataset with the columns' names as `feature_names`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is empty, ragged (the line is named), without a column of numbers, or has missing values
            (named by column and line) and `missing` is "error"; or `label` or `extras` names no column.
    """
    path = Path(path).expanduser()
    inputs.choice(missing, "missing", ("error", "drop", "mean"))
    if scale is not None:
        inputs.choice(scale, "scale", ("standard", "minmax"))
    columns, lines, notes = read_columns(path, header, encoding)
    for name in ([] if label is None else [label]) + list(extras):
        inputs.choice(name, "a column named by label or extras", columns)

    label_column = None if label is None else columns.pop(label)
    kept = {name: columns.pop(name) for name in extras if name in columns}
    features = {name: column for name, column in columns.items() if column.numbers is not None}
    texts = {name: column for name, column in columns.items() if column.numbers is None}
    if not features:
        raise ValueError(f"{path} has no column of numbers to learn from; its columns are {_names(columns)}.")
    _report(texts, notes)

    x = np.stack([column.numbers for column in features.values()], axis=1)
    gaps = np.isnan(x)
    if label_column is not None:
        gaps = np.column_stack([gaps, label_column.missing])
    keep = np.ones(len(x), dtype=bool)
    if gaps.any():
        names = list(features) + ([] if label is None else [label])
        keep = _close_gaps(path, x, gaps, names, lines, missing, notes)

    labels, label_names = (None, None) if label_column is None else _labels(path, label, label_column, keep)
    dataset = Dataset(
        x[keep],
        labels,
        name=path.stem,
        source=str(path),
        license="that of the file",
        label_names=label_names,
        feature_names=tuple(features),
        extras={name: column.values()[keep] for name, column in (kept | texts).items()},
        notes=tuple(notes),
    )
    return dataset if scale is None else dataset.scaled(scale)


def _report(texts: dict[str, Column], notes: list[str]) -> None:
    if not texts:
        return
    notes.append(f"not numbers, so kept as extras instead of features: {_names(texts)}")
    for name, column in texts.items():
        if column.some_numbers:
            message = f"the column {name!r} is not used as a feature: line {column.line} holds {column.text!r}"
            notes.append(message)
            warnings.warn(f"{message[0].upper()}{message[1:]}, which is no number.", stacklevel=3)


def _close_gaps(
    path: Path, x: np.ndarray, gaps: np.ndarray, names: list[str], lines: np.ndarray, missing: str, notes: list[str]
) -> np.ndarray:
    """Fill `x` in place, or say which rows to keep."""
    where = "; ".join(f"{name!r} in {_lines(lines[gaps[:, k]])}" for k, name in enumerate(names) if gaps[:, k].any())
    count = f"{gaps.sum()} missing value{'s' if gaps.sum() > 1 else ''}"
    if missing == "error":
        raise ValueError(f'{path} has {count}: {where}; fill them in, or pass missing="drop" or missing="mean".')
    rows = gaps.any(axis=1)
    if missing == "drop":
        if rows.all():
            raise ValueError(f'{path} has missing values in every row ({where}); pass missing="mean".')
        notes.append(f"{rows.sum()} rows with missing values left out: {where}")
        return ~rows
    if gaps[:, x.shape[1] :].any():
        raise ValueError(f'{path} has missing labels: {where}; a label has no mean, so pass missing="drop".')
    np.copyto(x, np.nanmean(x, axis=0), where=np.isnan(x))
    notes.append(f"{count} replaced by the mean of the column: {where}")
    return np.ones(len(x), dtype=bool)


def _labels(path: Path, name: str, column: Column, keep: np.ndarray) -> tuple[np.ndarray, tuple[str, ...] | None]:
    if column.numbers is None:
        label_names, labels = np.unique(np.array(column.cells)[keep], return_inverse=True)
        return labels.reshape(-1), tuple(label_names.tolist())
    numbers = column.numbers[keep]
    if not np.array_equal(numbers, np.round(numbers)):
        raise ValueError(f"The label column {name!r} of {path} holds real numbers; labels are whole numbers or texts.")
    return numbers.astype(np.int64), None


def _names(names: Any) -> str:
    return ", ".join(repr(name) for name in names)


def _lines(lines: np.ndarray, at_most: int = 5) -> str:
    shown = ", ".join(str(line) for line in lines[:at_most]) + (", ..." if len(lines) > at_most else "")
    return f"line{'s' if len(lines) > 1 else ''} {shown}"
