"""Doubts: what looks wrong in a column of a table, in one sentence with the argument that mends it."""

import re
from reprlib import repr  # which shortens a long cell
from typing import Any

import numpy as np

from udl_teach.data.times import look

MOST = 8  # names in a sentence
ID = re.compile(r"(?i:(^|[^a-z])(id|ids|index|idx|nr|no|key|uuid)$)|[a-z](Id|ID)$")
YES = (("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("ja", "nein"), ("oui", "non"), ("on", "off"))
UNIT = re.compile(r"([A-Z]{3}\s|[^\w\s.,+()\u2212\u2013-]?)\s*([+-]?\d[\d.,' \u00a0\u202f]*?)\s*([^\W\d_]*|[^\w\s()]+)")
NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
GROUPS = r"[+-]?\d{{1,3}}({0}\d{{3}})*({1}\d+)?"
STYLES = [  # ways to write numbers, and the arguments that read them
    (GROUPS.format(mark, point), {"thousands": mark[-1]} | ({} if point == r"\." else {"decimal": ","}))
    for mark, point in (
        (",", r"\."),
        (r"\.", ","),
        (" ", r"\."),
        (" ", ","),
        ("'", r"\."),
        ("\u00a0", ","),
        ("\u202f", ","),
    )
]
STYLES.insert(1, (r"[+-]?\d*(,\d+)?", {"decimal": ","}))
STYLES.append((r"[+-]?\d*(\.\d+)?", {"decimal": "."}))


def of_numbers(columns: dict[str, np.ndarray]) -> list[str]:
    """What is doubtful about columns of numbers (float64, NaN where missing) as features."""
    kinds: dict[str, list[str]] = {}
    for name, values in columns.items():
        known = values[np.isfinite(values)]
        whole = len(known) > 1 and np.array_equal(known, np.round(known))
        if len(known) > 1 and known.min() == known.max():
            kinds.setdefault("the same in every row", []).append(name)
        elif whole and len(columns) > 1 and (len(values) > 4 or ID.search(name)) and (np.diff(values) == 1).all():
            kinds.setdefault("a mere count of the rows", []).append(name)
        elif whole and (ID.search(name) or known.min() > 10**13 and look(known, name) is None):
            kinds.setdefault("a kind of name (an id), whose size means nothing", []).append(name)
    return [
        f"Among the features, {_list(names)} {'is' if len(names) == 1 else 'are'} {what}; to keep that out of x pass "
        f"extras={tuple(names) if len(names) <= MOST else '(...)'}."
        for what, names in kinds.items()
    ]


def of_kept(columns: dict[str, np.ndarray]) -> list[str]:
    """Which columns of real numbers, kept as extras, were ids before they were rounded."""
    return [
        f"The column {name!r} holds rounded whole numbers such as {np.nanmax(values):g}, so that ids may have become "
        f"one; pass dtype={{{name!r}: str}} to read them as text, if the file holds all digits."
        for name, values in columns.items()
        if np.nanmax(np.abs(values)) >= 2**53 and np.array_equal(values, np.round(values), equal_nan=True)
    ]


def of_texts(columns: dict[str, Any], options: dict[str, Any]) -> list[str]:
    """What is doubtful about columns that are no features because they hold text.

    Args:
        columns: pandas Series of texts by name, without the missing ones.
        options: with which pandas read them.
    """
    found: dict[str, list[str]] = {}
    for name, cells in columns.items():
        if said := _of_text(name, cells, options):
            found.setdefault(said[1], []).append(f"{name!r} {said[0]}")
    return [
        f"The column {start[0]}{f' (and {len(start) - 1} more)' if len(start) > 1 else ''}, so it is no feature; {mend}"
        for mend, start in found.items()
    ]


def _of_text(name: str, cells: Any, options: dict[str, Any]) -> tuple[str, str] | None:
    """What a column holds, and what mends it."""
    distinct, point = cells.unique().tolist(), options.get("decimal", ".")
    such = f"holds cells such as {repr(distinct[0])}"
    for pair in YES:
        if {cell.lower() for cell in distinct} == set(pair):
            yes, no = (sorted(cell for cell in distinct if cell.lower() == word) for word in pair)
            return such, f"pass true_values={yes} and false_values={no} to read it as 1 and 0."
    if all(re.fullmatch(r"[+-]?\d+", cell) for cell in distinct):
        if options.get("dtype") and not any(cell[0] == "0" for cell in distinct):
            return None  # the user asked for text
        return f"holds codes such as {repr(distinct[0])}", f"pass dtype={{{name!r}: float}} if they are numbers."
    if style := _style(distinct, point):
        return f"{such}, numbers written in another way", f"pass {style[0]} to read them."
    parts = [UNIT.fullmatch(cell) for cell in distinct]
    marks = {(part[1].strip(), part[3]) for part in parts if part}
    if all(parts) and len(marks) == 1 and marks != {("", "")}:
        style, mark = _style([part[2] for part in parts], point), "".join(marks.pop())
        pairs = style[1] if style else [("decimal", ",")] if point == "," else []
        change = "".join(f".replace({sign!r}, {'' if key == 'thousands' else '.'!r})" for key, sign in pairs)
        reader = f"lambda cell: float(cell.strip({mark + ' '!r}){change})"
        return f"{such}, a number and {mark!r}", f"pass converters={{{name!r}: {reader}}} to read the numbers."
    numbers = cells.str.fullmatch(NUMBER.replace(r"\.", re.escape(point)))
    if numbers.any() and not numbers.all():
        row, cell = cells[~numbers].index[0], cells[~numbers].iloc[0]
        return (
            f"holds {repr(cell)} in row {row}, which is no number",
            f"pass na_values=[{repr(cell)}] if that means a missing value, or pass extras=({name!r},) to leave it so.",
        )
    return None


def _style(cells: list[str], point: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The arguments that read numbers written in another way than with this point, as text and as pairs, or None."""
    forms = STYLES if point == "." else [style for style in STYLES if "decimal" in style[1]]
    fits = [style for form, style in forms if all(re.fullmatch(form, cell) for cell in cells)]
    if not fits or all(re.fullmatch(NUMBER.replace(r"\.", re.escape(point)), cell) for cell in cells):
        return None
    text = " and ".join(f"{key}={mark!r}" for key, mark in fits[0].items())
    if len(fits) > 1 and fits[0] == {"thousands": ","}:
        text = "thousands=',' if the comma groups thousands or decimal=',' if it is the decimal point,"
    return text, sorted(fits[0].items(), reverse=True)


def _list(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names[:MOST]) + (", ..." if len(names) > MOST else "")
