"""Description: a dataset in a few lines, as text for a terminal and as a table for a notebook."""

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Description:
    """Rows of (what, value); `repr` is plain text, a notebook shows a table."""

    title: str
    rows: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        """The table as text, for a terminal."""
        width = max(len(what) for what, _ in self.rows)
        return "\n".join([self.title, *(f"  {what:<{width}}  {value}" for what, value in self.rows)])

    def _repr_html_(self) -> str:
        """The table as HTML, for a notebook."""
        cells = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(what)}</th>'
            f'<td style="text-align:left">{escape(value)}</td></tr>'
            for what, value in self.rows
        )
        return f'<table><caption style="text-align:left">{escape(self.title)}</caption>{cells}</table>'


def describe(dataset: Any, x: np.ndarray) -> Description:
    """The table that `Dataset.describe` shows; `x` is its `x` before it was rounded."""
    rows = [("samples", f"{len(x)}"), ("features", _features(dataset)), ("values", _span(x))]
    if dataset.image_shape is not None:
        channels, height, width = dataset.image_shape
        rows.append(
            ("images", f"{height} rows x {width} columns, {'colour' if channels == 3 else f'{channels} channel'}")
        )
    if dataset.labels is not None:
        rows.append(("labels", _labels(dataset)))
    for name, values in dataset.extras.items():
        rows.append((f"extra: {name}", _extra(values)))
    if dataset.scaling is not None:
        rows.append(("scaling", dataset.scaling.kind))
    rows.extend(("note", note) for note in dataset.notes)
    rows += [("source", dataset.source), ("license", dataset.license)]
    return Description(dataset.name, tuple(rows))


def _features(dataset: Any) -> str:
    n_features = dataset.x.shape[1]
    return f"{n_features}" if dataset.feature_names is None else f"{n_features}: {_some(dataset.feature_names)}"


def _labels(dataset: Any) -> str:
    values, counts = np.unique(dataset.labels, return_counts=True)
    names = [str(v) if dataset.label_names is None else dataset.label_names[v] for v in values]
    return f"{len(values)}: " + _some([f"{name} ({count})" for name, count in zip(names, counts, strict=True)])


def _extra(values: np.ndarray) -> str:
    if values.ndim > 1:
        return f"{values.shape[1:]} numbers a sample"
    if values.dtype.kind in "ifumM":
        span = values[values == values]  # without missing values, which differ from themselves
        return _span(span) if len(span) else "all missing"
    return f"{len(np.unique(values))} different: " + _some([str(value) for value in np.unique(values)])


def _span(values: np.ndarray) -> str:
    """Smallest to largest, with as many digits as tell them apart."""
    low, high = values.min(), values.max()
    if values.dtype.kind != "f":
        return f"{low} to {high}"
    digits = next((n for n in (4, 7, 10) if low == high or f"{low:.{n}g}" != f"{high:.{n}g}"), 16)
    return f"{low:.{digits}g} to {high:.{digits}g}"


def _some(names: Any, at_most: int = 8) -> str:
    names = [name if len(name) <= 60 else f"{name[:60]}..." for name in map(str, names)]
    return ", ".join(names) if len(names) <= at_most else ", ".join(names[:at_most]) + ", ..."
