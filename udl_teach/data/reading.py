"""Reading: pandas reads the file; found out here is what it leaves to the user: delimiter, decimal comma, header."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

HEAD = 200  # lines, from which the rest is judged
MISSING = ["", *"- -- ? na Na none NONE Null NAN #DIV/0! #VALUE! #REF! #NUM! #NAME?".split()]  # beside those of pandas
ABSENT = {cell.lower() for cell in MISSING} | {"nan", "n/a", "null", "#n/a", "<na>"}
COMPRESSED = (".gz", ".bz2", ".zip", ".xz", ".zst", ".tar")
FILE = ("encoding", "encoding_errors", "compression", "skiprows", "comment", "storage_options")
CELLS = ("quotechar", "quoting", "escapechar", "doublequote", "skipinitialspace", "engine")
VALUE = re.compile(r"[^\w\s]*\s?\d[\d.,:/\s'+eETZ-]*\W*")  # numbers, dates, money and per cent; no underscore


def read(source: Any, options: dict[str, Any], notes: list[str], doubts: list[str]) -> tuple[Any, str, str]:
    """Read a path, an open file or a DataFrame.

    Args:
        source: where the table is.
        options: the user's arguments for `pandas.read_csv`; what was found out is filled in.
        notes: what was found out is added here.
        doubts: and here what may be wrong, a sentence each with the argument that mends it.

    Returns:
        the DataFrame, its name, and its source in words.
    """
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        if options:
            raise TypeError(f"{next(iter(options))} was given with a DataFrame; give it to pandas.read_csv instead.")
        return source.infer_objects(), "table", "a DataFrame"
    title, place, again = _place(source)
    if "delimiter" in options:
        options["sep"] = options.pop("delimiter")
    for key, value in {"encoding": "utf-8-sig", "skipinitialspace": True, "dtype_backend": "numpy_nullable"}.items():
        options.setdefault(key, value)
    own = {key: options[key] for key in FILE if key in options}
    raw = _read(place, again, **own, sep="\a", header=None, quoting=3, dtype=str, na_filter=False, nrows=HEAD)
    lines = raw[0].tolist()
    if (excel := re.fullmatch(r'"?sep=(.)"?', lines[0])) and "skiprows" not in options:
        options["skiprows"], lines = 1, lines[1:]
        options.setdefault("sep", excel[1])
    if options.get("sep") is None:
        options["sep"] = _delimiter(lines[:-1] if len(lines) == HEAD else lines, doubts)
    if len(options["sep"]) > 1 and options["sep"] != r"\s+":
        options.setdefault("engine", "python")
    elif "engine" not in options:
        options.setdefault("low_memory", False)  # else a long column is judged in pieces
    if options.get("keep_default_na", True) and not isinstance(options.get("na_values"), dict):
        given = options.get("na_values", ())
        options["na_values"] = [*MISSING, *([given] if isinstance(given, (str, int, float)) else given)]
    _judge(place, again, options, lines, notes, doubts)

    frame = _read(place, again, **options)
    if options.get("index_col") is None and not isinstance(frame.index, pd.RangeIndex):
        raise ValueError(
            f"{place} has rows with more cells than its header has names; pass index_col=0 if the first cell of each "
            "row is its name, index_col=False if the rows only end with a needless delimiter, or skiprows if the table "
            "begins further down."
        )
    if frame.empty:
        raise ValueError(f"{place} has a header but no rows; it must hold at least one.")
    if options["header"] is None and "names" not in options:
        frame.columns = [f"column {k + 1}" for k in frame.columns]
    whole = frame.dropna(how="all")
    if len(whole) < len(frame):
        notes.append(f"{len(frame) - len(whole)} empty rows left out")
    return whole, title, place


def _place(source: Any) -> tuple[str, str, Callable[[], Any]]:
    """Name, place in words, and a function that opens the file from its beginning."""
    if hasattr(source, "read"):
        content = source.read()
        name = getattr(source, "name", None)
        memory = io.StringIO if isinstance(content, str) else io.BytesIO
        return Path(name).stem if isinstance(name, str) else "table", str(name or "The file"), lambda: memory(content)
    if not isinstance(source, (str, Path)):
        raise TypeError(f"source was {type(source).__name__}; it must be a path, an open file or a pandas DataFrame.")
    path = Path(source).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}; source must be the path of a CSV file.")
    packed = path.suffix in COMPRESSED
    with path.open("rb") as file:
        if not packed and re.match(rb"PK\x03\x04|\xd0\xcf\x11\xe0|PAR1|\x89", file.read(4)):
            raise ValueError(_not_text(path, "is not text"))
    return Path(path.stem).stem if packed else path.stem, str(path), lambda: path


def _not_text(place: Any, problem: str) -> str:
    return (
        f'{place} {problem}: save it as CSV in UTF-8, pass its encoding, such as encoding="cp1252" or "utf-16", '
        "or read another kind of file by pandas and pass the DataFrame, as in data.table(pandas.read_excel(path))."
    )


def _read(place: str, again: Callable[[], Any], **options: Any) -> Any:
    """What `pandas.read_csv` reads; its errors in one sentence."""
    import pandas as pd

    try:
        return pd.read_csv(again(), **options)
    except pd.errors.EmptyDataError:
        raise ValueError(f"{place} is empty; it must hold at least one row of numbers.") from None
    except UnicodeError as problem:
        at = f" (byte {problem.start})" if isinstance(problem, UnicodeDecodeError) else ""
        raise ValueError(_not_text(place, f"is not text in {options['encoding']}{at}")) from None
    except pd.errors.ParserError as problem:
        ragged = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(problem))
        if ragged is None:
            raise ValueError(f"{place} cannot be read: {' '.join(str(problem).split()).rstrip('.')}.") from None
        width, line, cells = (int(number) for number in ragged.groups())
        raise ValueError(
            f"{place}, line {line} has {cells} cells, but the lines before have {width}: every line must have the same "
            f"number; pass skiprows={line - 1} if the table begins there, or sep if another mark parts the cells."
        ) from None


def _delimiter(lines: list[str], doubts: list[str]) -> str:
    bare = re.sub(r'"[^"]*"', "", "\n".join(lines)).split("\n")
    counts = {mark: [line.count(mark) for line in bare if line.strip()] for mark in ";\t,|"}
    if not any(map(any, counts.values())) and any(" " in line.strip() for line in bare):
        doubts.append(r'No delimiter was found; pass sep=r"\s+" if spaces part the cells.')
    even = [mark for mark, each in counts.items() if min(each) == max(each) > 0]
    return even[0] if even else max(counts, key=lambda mark: sum(count > 0 for count in counts[mark]))


def _judge(place, again, options: dict[str, Any], lines: list[str], notes: list[str], doubts: list[str]) -> None:
    """Settle header, decimal comma and codes with leading zeros, as far as the user left them open."""
    own = {key: options[key] for key in (*FILE, *CELLS) if key in options}
    width = 1 + max(line.count(options["sep"]) for line in lines)
    names = {"names": range(width)} if len(options["sep"]) == 1 else {}
    head = _read(place, again, **own, **names, sep=options["sep"], header=None, dtype=str, na_filter=False, nrows=HEAD)
    rows = [[cell.strip() if isinstance(cell, str) else "" for cell in row] for row in head.to_numpy().tolist()]
    header = options.setdefault("header", None if "names" in options else "infer")
    if header == "infer":
        options["header"] = header = _header(rows[0], rows[1:], notes, doubts)
    if header is not None and not (isinstance(header, int) and header < len(rows)):
        return
    first, below = (None, rows) if header is None else (rows[header], rows[header + 1 :])
    columns = [[cell for cell in column if cell.lower() not in ABSENT] for column in zip(*below, strict=True)]

    def fractions(mark: str, sure: bool) -> bool:
        """Whether a column of numbers has this decimal point; `sure` if it cannot part groups of three digits."""
        number, groups = rf"[+-]?\d*({re.escape(mark)}\d+)?", rf"[+-]?(\d+|[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+)"
        return any(
            all(re.fullmatch(number, cell) for cell in column)
            and not (sure and all(re.fullmatch(groups, cell) for cell in column))
            for column in columns
            if any(mark in cell for cell in column)
        )

    if "decimal" not in options and "thousands" not in options and not fractions(".", sure=True):
        sure, semicolons = fractions(",", sure=True), options["sep"] == ";"
        if sure or semicolons and fractions(",", sure=False):
            options["decimal"] = ","
            notes.append("the comma was read as the decimal point")
            if not sure:
                doubts.append(
                    'Commas were read as decimal points; pass thousands="," if they group thousands, else decimal=",".'
                )
        elif semicolons and fractions(".", sure=False):
            doubts.append(
                "All numbers with a point have three digits after it, in a file with semicolons; "
                'pass thousands="." if the point groups thousands, else decimal=".".'
            )
    if "dtype" not in options and "names" not in options:
        codes = [k for k, column in enumerate(columns) if any(re.fullmatch(r"0\d\d+", cell) for cell in column)]
        labels = {k if first is None else head.iloc[header, k] for k in codes}
        options["dtype"] = dict.fromkeys(labels - set(options.get("converters", ())), str)


def _header(first: list[str], below: list[list[str]], notes: list[str], doubts: list[str]) -> int | None:
    """Row 0 if the first line names the columns, None if it is a sample."""
    values = [cell for cell in first if VALUE.fullmatch(cell)]
    if not values:
        return 0
    above_values = any(
        not VALUE.fullmatch(cell) and cell.lower() not in ABSENT and column and all(map(VALUE.fullmatch, column))
        for cell, *cells in zip(first, *below, strict=True)
        if (column := [cell for cell in cells if cell.lower() not in ABSENT])
    )
    series = _series(first)
    if above_values or series and not (below and _series(below[0]) == series):
        doubts.append(
            f"The first line, {', '.join(map(repr, first[:5]))}, holds numbers and was read as names of the columns; "
            "pass header=0 if it is that, or header=None if it is a sample."
        )
        return 0
    notes.append("the first line holds numbers and was read as a sample; pass header=0 if it names the columns")
    return None


def _series(row: list[str]) -> str | None:
    """What names columns in many files, if the values in a row are such: years, 0 1 2 3, or months."""
    cells = [cell for cell in row if VALUE.fullmatch(cell)]
    if not all(re.fullmatch(r"\d{1,4}", cell) for cell in cells):
        return "dates" if all(re.fullmatch(r"\d+[-/]\d+([-/]\d+)?", cell) for cell in cells) else None
    numbers = [int(cell) for cell in cells]
    steps = {after - before for before, after in zip(numbers, numbers[1:], strict=False)}
    if all(1800 <= number <= 2100 for number in numbers) and all(step > 0 for step in steps) and len(row) > 1:
        return "years"
    return "count" if steps == {1} and (numbers[0] == 0 or len(numbers) > 2) else None
