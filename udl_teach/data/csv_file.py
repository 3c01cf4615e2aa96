"""A CSV file taken apart: delimiter and header found out, cells sorted into columns of numbers and of text."""

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DELIMITERS = ";\t,|"  # in this order, because a comma may stand inside numbers
MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
DAY = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")


@dataclass(frozen=True)
class Column:
    """One column: `numbers` (NaN where missing) if all its cells are numbers, else None.

    `text` and `line` are the first cell that is no number and where it stands.
    """

    cells: list[str]
    missing: np.ndarray
    numbers: np.ndarray | None
    some_numbers: bool = False
    text: str = ""
    line: int = 0

    def values(self) -> np.ndarray:
        """The cells as an array: whole or real numbers, dates, or text."""
        if self.numbers is not None:
            whole = np.array_equal(self.numbers, np.round(self.numbers))
            return self.numbers.astype(np.int64) if whole else self.numbers
        dates = ["NaT" if gap else cell for cell, gap in zip(self.cells, self.missing, strict=True)]
        if all(gap or DAY.fullmatch(cell) for cell, gap in zip(self.cells, self.missing, strict=True)):
            try:
                return np.array(dates, dtype="datetime64[us]")
            except ValueError:  # such as 2024-13-01
                pass
        return np.array(self.cells)


def read_columns(path: Path, header: bool | None, encoding: str) -> tuple[dict[str, Column], np.ndarray, list[str]]:
    """Read the file.

    Returns:
        the columns by name, the line in which each row stands, and remarks about what was left out.
    """
    lines = _text(path, encoding)
    delimiter = _delimiter([line for line in lines[:50] if line.strip()])
    rows, numbers = _rows(path, lines, delimiter)
    comma = delimiter == ";"
    if header is None:
        header = not any(_number(cell, comma) is not None for cell in rows[0])
    names = _unique_names(rows[0]) if header else [f"column {k}" for k in range(1, len(rows[0]) + 1)]
    if header:
        unnamed_first = not rows[0][0]
        rows, numbers = rows[1:], numbers[1:]
        if not rows:
            raise ValueError(f"{path} has a header but no rows; it must hold at least one.")
    columns, notes = {}, []
    for k, name in enumerate(names):
        column = _column(path, name, [row[k] for row in rows], numbers, comma)
        if column.missing.all():
            notes.append(f"the column {name!r} is empty and was left out")
        elif k == 0 and header and unnamed_first and _counts(column):
            notes.append("the first column has no name and only counts the rows; it was left out")
        else:
            columns[name] = column
    return columns, np.array(numbers), notes


def _text(path: Path, encoding: str) -> list[str]:
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}; path must be that of a CSV file.")
    try:
        text = path.read_bytes().decode(encoding)
    except UnicodeDecodeError as problem:
        raise ValueError(
            f"{path} is not text in {encoding} (byte {problem.start}): save it as CSV in UTF-8, "
            'or pass its encoding, such as encoding="cp1252".'
        ) from None
    if "\0" in text:
        raise ValueError(f"{path} is not a text file; save the table as CSV in UTF-8.")
    if not text.strip():
        raise ValueError(f"{path} is empty; it must hold at least one row of numbers.")
    return text.splitlines(keepends=True)


def _delimiter(sample: list[str]) -> str:
    for delimiter in DELIMITERS:
        widths = {len(row) for row in csv.reader(sample, delimiter=delimiter) if row}
        if len(widths) == 1 and widths.pop() > 1:
            return delimiter
    # A ragged file, or a single column: the most frequent one, so that the error names the right line.
    return max(",;\t|", key=sample[0].count)


def _rows(path: Path, lines: list[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    rows, numbers = [], []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if rows and len(row) != len(rows[0]):
                raise ValueError(
                    f"{path}, line {reader.line_num} has {len(row)} cells, but the lines before have {len(rows[0])}: "
                    "every line must have the same number."
                )
            rows.append([cell.strip() for cell in row])
            numbers.append(reader.line_num)
    except csv.Error as problem:
        raise ValueError(f"{path}, line {reader.line_num} cannot be read: {problem}.") from None
    return rows, numbers


def _unique_names(cells: list[str]) -> list[str]:
    names: list[str] = []
    for k, cell in enumerate(cells, start=1):
        name, again = cell or f"column {k}", 2
        while name in names:
            name, again = f"{cell or f'column {k}'} ({again})", again + 1
        names.append(name)
    return names


def _column(path: Path, name: str, cells: list[str], lines: list[int], comma: bool) -> Column:
    values = [_number(cell, comma) for cell in cells]
    missing = np.array([cell.lower() in MISSING for cell in cells])
    for value, gap, cell, line in zip(values, missing, cells, lines, strict=True):
        if value is not None and math.isinf(value):
            raise ValueError(f"{path}, line {line}: the column {name!r} holds {cell}; every number must be finite.")
        if value is None and not gap:
            return Column(cells, missing, None, any(v is not None for v in values), cell, line)
    return Column(cells, missing, np.array([np.nan if value is None else value for value in values], dtype=np.float64))


def _number(cell: str, comma: bool) -> float | None:
    """The number in a cell; None for a missing value or text."""
    if cell.lower() in MISSING:
        return None
    if comma and DECIMAL_COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    try:
        return float(cell)
    except ValueError:
        return None


def _counts(column: Column) -> bool:
    numbers = column.numbers
    return numbers is not None and np.array_equal(numbers, numbers[0] + np.arange(len(numbers)))
