"""The course's one comparison table: digits, the same measures for every method, lesson after lesson.

A lesson shows its own rows and those of earlier lessons, so no row gives away what a later lesson asks.
"""

import json
import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from udl_teach.lesson import session, show

COLUMNS = (
    ("method", "Method"),
    ("dimensions", "Dimensions"),
    ("error", "Squared error per pixel"),
    ("nmi", "NMI"),
    ("purity", "Purity"),
    ("probe", "Linear probe"),
    ("can_sample", "Can it sample?"),
    ("seconds", "Seconds"),
)
MEASURES = ("error", "nmi", "purity", "probe")
NOTES = (
    "Compare rows with the same number of dimensions. The number of dimensions is not all that a method stores: the "
    "weights of a network, the directions of PCA or the prototypes of a map are not counted.",
    "A value with ± is the mean of several training runs and their standard deviation. A row without it is a single "
    "run: from seed to seed, NMI and purity can change by several hundredths.",
    "The seconds of rows from earlier lessons were measured on another machine.",
)


def comparison_row(
    method: str,
    dimensions: int,
    train: Any,
    test: Any,
    *,
    encode: Callable,
    decode: Callable | None = None,
    can_sample: bool = False,
    seconds: float,
) -> dict:
    """Measure one method.

    Args:
        method: its name, such as "PCA".
        dimensions: the size of its codes.
        train: Dataset with labels; its codes train the linear probe.
        test: Dataset with labels; everything is measured on it.
        encode: takes samples of shape (n_samples, n_features), returns codes of shape (n_samples, dimensions).
        decode: takes codes, returns samples; None for a method that cannot rebuild.
        can_sample: whether it can make new samples.
        seconds: how long it learned.

    Returns:
        A row for `comparison`: squared error per pixel (None without `decode`), NMI and purity of k-means with 10
        clusters on the codes, accuracy of a linear probe with 10 labels per class, and the lesson that runs now, which
        is the one that introduces the method.
    """
    import numpy as np
    from sklearn.cluster import KMeans

    from udl_teach import metrics

    def codes(x: Any) -> np.ndarray:
        z = encode(x)
        z = z.detach().cpu().numpy() if hasattr(z, "detach") else np.asarray(z)
        return z.reshape(len(z), -1)

    train_codes, test_codes = codes(train.x), codes(test.x)
    clusters = KMeans(10, n_init=10, random_state=0).fit_predict(test_codes)
    error = None
    if decode is not None:
        x_hat = decode(encode(test.x))
        x_hat = x_hat.detach().cpu().numpy() if hasattr(x_hat, "detach") else np.asarray(x_hat)
        error = float(metrics.mean_squared_error(test.x, x_hat.reshape(test.x.shape)))
    probe = metrics.linear_probe(train_codes, train.labels, test_codes, test.labels, per_class=10, seed=0)
    return {
        "method": method,
        "dimensions": int(dimensions),
        "error": error,
        "nmi": float(metrics.nmi(test.labels, clusters)),
        "purity": float(metrics.purity(test.labels, clusters)),
        "probe": float(probe),
        "can_sample": bool(can_sample),
        "seconds": float(seconds),
        "lesson": session.current.lesson,
    }


def comparison(rows: Mapping | Sequence[Mapping], path: str | os.PathLike | None = None) -> None:
    """Show the comparison table: the rows of this lesson, measured just now, and those of earlier lessons.

    With the environment variable UDL_TEACH_COMPARISON the rows are also written to the file that it names; that is how
    `make comparison` collects them.

    Args:
        rows: rows made by `comparison_row`; several of one method and size (one for each seed, say) become one row with
            means and standard deviations.
        path: a file with the rows of other lessons; None takes the one that comes with the course.

    Raises:
        ValueError: a row lacks its method or dimensions.
    """
    rows = [rows] if isinstance(rows, Mapping) else list(rows)
    for row in rows:
        if "method" not in row or "dimensions" not in row:
            raise ValueError(
                f"rows: {dict(row)!r} lacks its method or its dimensions; make rows with comparison_row(...)."
            )
    rows = pooled(rows)
    collect = os.environ.get("UDL_TEACH_COMPARISON")
    if collect:
        _write(Path(collect), merged(rows, _read(Path(collect))))
    live = {_key(row) for row in rows}
    others = met(_read(Path(path) if path is not None else committed_file()), session.current.lesson)
    table = []
    for row in merged(rows, others):
        source = (
            "this lesson" if _key(row) in live else f"lesson {row['lesson']}" if row.get("lesson") else "the course"
        )
        table.append([*(_cell(row, name) for name, _ in COLUMNS), source])
    caption = "Digits: every method by the same measures (k-means and linear probe on the codes, 10 labels per class)"
    show.table(caption, [*(title for _, title in COLUMNS), "Measured in"], table)
    show.notice("How to read it.", NOTES)


def pooled(rows: Sequence[Mapping]) -> list[dict]:
    """Several rows of one method and size as one: the mean of each measure, and under "spread" its deviation."""
    groups: dict[tuple[str, int], list[Mapping]] = {}
    for row in rows:
        groups.setdefault(_key(row), []).append(row)
    whole = []
    for same in groups.values():
        row = dict(same[0])
        if len(same) > 1:
            measured = {name: [each[name] for each in same] for name in (*MEASURES, "seconds") if name in row}
            measured = {name: values for name, values in measured.items() if None not in values}
            row |= {name: statistics.fmean(values) for name, values in measured.items()}
            row |= {"runs": len(same)}
            row |= {"spread": {name: statistics.stdev(measured[name]) for name in MEASURES if name in measured}}
        whole.append(row)
    return whole


def met(rows: Sequence[Mapping], lesson: str) -> list[Mapping]:
    """The rows of methods that a learner of this lesson has met; outside of a lesson ("") that is all of them."""
    return [row for row in rows if not lesson or str(row.get("lesson", "")) <= lesson]


def merged(rows: Sequence[Mapping], others: Sequence[Mapping]) -> list[dict]:
    """All rows, sorted by dimensions; of two with the same method and dimensions the one in `rows` counts."""
    by_key = {_key(row): dict(row) for row in (*others, *rows)}
    return sorted(by_key.values(), key=lambda row: row["dimensions"])


def committed_file() -> Path:
    """Where the rows of all lessons are: in the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "course" / "solutions" / "comparison.json"
    return installed if installed.exists() else package.parent / "solutions" / "comparison.json"


def _key(row: Mapping) -> tuple[str, int]:
    return row["method"], int(row["dimensions"])


def _read(path: Path) -> list[dict]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # A table without the other lessons' rows is still a table.
        return []
    return [row for row in rows if isinstance(row, dict) and "method" in row and "dimensions" in row]


def _write(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    os.replace(unfinished, path)


def _cell(row: Mapping, name: str) -> str:
    value = row.get(name)
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    digits = {"error": ".4f", "nmi": ".2f", "purity": ".2f", "probe": ".2f", "seconds": ".1f"}
    spread = row.get("spread", {}).get(name)
    text = format(value, digits[name]) if name in digits else str(value)
    return text if spread is None else f"{text} ± {format(spread, digits[name])}"
