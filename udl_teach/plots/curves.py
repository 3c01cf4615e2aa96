"""Curves over the steps of learning."""

import math
from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from udl_teach.plots.style import INK, colour


def draw_curve(
    axes: Any,
    values: Any,
    index: Any = None,
    *,
    label: str | None = None,
    log: bool = True,
    number: int = 0,
    dashed: bool = False,
) -> Line2D:
    """Draw a loss, or any numbers, over the steps.

    Args:
        axes: where to draw.
        values: array of shape (n,), or a `History` (its `loss` is drawn).
        index: step of each value, shape (n,); default 1, 2, 3, ...
        label: name in the legend, which is added where a label is given.
        log: whether the values' axis is logarithmic.
        number: which of the colours.
        dashed: a second mark beside colour, for the curve that another one is compared with.

    Returns:
        The artist; `artist.set_data(index, values)` moves it in place.

    Raises:
        ValueError: `index` and `values` differ in length.
    """
    values = np.asarray(getattr(values, "loss", values), dtype=float)
    index = np.arange(1, len(values) + 1) if index is None else np.asarray(index)
    if len(index) != len(values):
        raise ValueError(f"index has {len(index)} entries for {len(values)} values; there must be one a value.")
    (line,) = axes.plot(
        index, values, color=colour(number), linestyle="--" if dashed else "-", linewidth=1.6, label=label
    )
    if log:
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("step", fontsize=9, color=INK)
    axes.grid(True, color="#DDDDDD", linewidth=0.6)
    if label is not None:
        axes.legend(fontsize=9, frameon=False)
    return line


def roomy(
    index: Any, values: Any, *, log: bool = True, least: int = 100
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits with room to grow, which change rarely: a drawing whose limits stay is three times as fast.

    Args:
        index: steps, shape (n,).
        values: numbers, shape (n,); those that are not finite (or, with `log`, not above 0) do not count.
        log: whether the values' axis is logarithmic.
        least: the right end at the beginning.

    Returns:
        ((left, right), (bottom, top)): the right end is `least` times a power of two; the values' ends are powers of
        ten (log), or 0 and one, two or five times a power of ten, above 0, below it or both.
    """
    values = np.asarray(values, dtype=float)
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    last = max([least, *np.asarray(index).tolist()[-1:]])
    right = least * 2 ** math.ceil(math.log2(last / least))
    if len(values) == 0:
        return (0, right), (0.1, 1) if log else (0, 1)
    if log:
        bottom = 10.0 ** math.floor(math.log10(values.min()))
        return (0, right), (bottom, max(10.0 ** math.ceil(math.log10(values.max())), 10 * bottom))
    bottom, top = -_rounded_up(-values.min()), _rounded_up(values.max())
    return (0, right), (bottom, top if bottom < top else 1)


def _rounded_up(value: float) -> float:
    if value <= 1e-12:
        return 0
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= value)
