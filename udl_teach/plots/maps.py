"""Maps: a number for every unit of a grid, drawn as squares or hexagons that touch.

Source: T. Kohonen (2001), Self-Organizing Maps, 3rd edition, Springer, chapter 2.
"""

import math
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import Colormap

from udl_teach import inputs
from udl_teach.plots.figures import quiet_axes
from udl_teach.plots.style import INK, PAPER, SCALE

EMPTY = "#E6E6E6"
TOPOLOGIES = ("rectangular", "hexagonal")


def unit_centres(rows: int, columns: int, topology: str = "rectangular") -> np.ndarray:
    """Where the units of a map lie, row by row: shape (rows * columns, 2), x to the right and y downwards.

    Neighbours in a row are 1 apart; on a hexagonal map odd rows are shifted right by one half, and rows are
    sqrt(3) / 2 apart.
    """
    inputs.choice(topology, "topology", TOPOLOGIES)
    row, column = np.divmod(np.arange(rows * columns), columns)
    if topology == "rectangular":
        return np.stack([column, row], axis=1).astype(float)
    return np.stack([column + 0.5 * (row % 2), row * math.sqrt(3) / 2], axis=1)


def unit_corners(rows: int, columns: int, topology: str = "rectangular") -> np.ndarray:
    """The outlines of all units, row by row: shape (rows * columns, 4 or 6, 2), each without a gap to the next."""
    centres = unit_centres(rows, columns, topology)
    if topology == "rectangular":
        outline = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    else:
        angles = np.pi / 6 + np.arange(6) * np.pi / 3  # a corner at the top, so that rows interlock
        outline = np.stack([np.cos(angles), np.sin(angles)], axis=1) / math.sqrt(3)
    return centres[:, None] + outline


def readable(ground: Any) -> np.ndarray:
    """Whether white is easier to read than black on each colour: rgb or rgba, shape (n, 3 or 4) -> bool (n,)."""
    colours = np.asarray(ground, dtype=float)[:, :3]
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    # Equal contrast with black and with white lies at this relative luminance (WCAG 2).
    return linear @ np.array([0.2126, 0.7152, 0.0722]) < math.sqrt(1.05 * 0.05) - 0.05


def draw_map(
    axes: Any,
    values: Any,
    *,
    topology: str = "rectangular",
    low: float | None = None,
    high: float | None = None,
    texts: Any = None,
    label: str | None = None,
    cmap: str | Colormap = SCALE,
) -> PolyCollection:
    """Draw one number a unit as colour; row 0 is at the top, and NaN (no number) is a neutral grey.

    Args:
        axes: where to draw; ticks are taken off, and a unit is as wide as high.
        values: array of shape (rows, columns); NaN where a unit has none.
        topology: "rectangular" (squares) or "hexagonal" (odd rows shifted right by one half).
        low: the value drawn darkest (default: the smallest).
        high: the value drawn lightest (default: the largest).
        texts: strings of shape (rows, columns) to stand in the units; "" for none.
        label: what the numbers are, for a colour bar beside the map; None draws no bar.
        cmap: Matplotlib's name of the colours.

    Returns:
        The artist, one for all units; `artist.set_array(values.ravel())` shows other numbers in place.

    Raises:
        ValueError: `values` or `texts` has another shape, or `topology` is not one of the two.
    """
    values = values.detach().cpu().numpy() if hasattr(values, "detach") else values
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or values.size == 0:
        raise ValueError(
            f"values has shape {values.shape}; it must be (rows, columns), one number a unit: "
            "reshape numbers that stand in one row with values.reshape(rows, columns)."
        )
    rows, columns = values.shape
    corners = unit_corners(rows, columns, topology)
    texts = None if texts is None else np.asarray(texts, dtype=object)
    if texts is not None and texts.shape != values.shape:
        raise ValueError(f"texts has shape {texts.shape} for a map of {values.shape}; there must be one a unit.")

    map_axes(axes, rows, columns, topology)
    units = PolyCollection(corners, cmap=cmap, edgecolors=PAPER, linewidths=0.6)
    units.set_cmap(units.get_cmap().with_extremes(bad=EMPTY))
    units.set_array(values.ravel())
    known = values[np.isfinite(values)] if np.isfinite(values).any() else np.zeros(1)
    units.set_clim(known.min() if low is None else low, known.max() if high is None else high)
    axes.add_collection(units, autolim=False)
    if texts is not None:
        white = readable(units.to_rgba(values.ravel()))
        for (x, y), text, light in zip(unit_centres(rows, columns, topology), texts.ravel(), white, strict=True):
            if text:
                ink = PAPER if light else INK
                axes.text(x, y, str(text), ha="center", va="center", fontsize=8, color=ink, clip_on=True)
    if label is not None:
        bar = axes.figure.colorbar(units, ax=axes, fraction=0.046, pad=0.03)
        bar.set_label(label, fontsize=9, color=INK)
        bar.ax.tick_params(labelsize=8)
        bar.outline.set_visible(False)
    return units


def map_axes(axes: Any, rows: int, columns: int, topology: str = "rectangular") -> None:
    """Quiet axes in which all units of a map are to be seen, in their true shape and with row 0 at the top."""
    corners = unit_corners(rows, columns, topology)
    (left, top), (right, bottom) = corners.min(axis=(0, 1)) - 0.06, corners.max(axis=(0, 1)) + 0.06
    quiet_axes(axes, axes.get_title(), frame=False)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal")
