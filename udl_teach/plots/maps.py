"""Maps: a number for every unit of a grid, drawn as squares or hexagons that touch.

Source: T. Kohonen (2001), Self-Organizing Maps, 3rd edition, Springer, chapter 2.
"""

import math
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import Colormap

from udl_teach.grid import Grid
from udl_teach.plots.figures import quiet_axes
from udl_teach.plots.style import INK, PAPER, SCALE

EMPTY = "#E6E6E6"


def unit_corners(rows: int, columns: int, topology: str = "rectangular") -> np.ndarray:
    """The outlines of all units, row by row: shape (rows * columns, 4 or 6, 2), each without a gap to the next."""
    centres = _centres(rows, columns, topology)
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
    axes.figure.set_facecolor(PAPER)  # also on a dark page: bright stays bright
    units = PolyCollection(corners, cmap=cmap, edgecolors=PAPER, linewidths=0.6)
    units.set_cmap(units.get_cmap().with_extremes(bad=EMPTY))
    units.set_array(values.ravel())
    known = values[np.isfinite(values)] if np.isfinite(values).any() else np.zeros(1)
    units.set_clim(known.min() if low is None else low, known.max() if high is None else high)
    axes.add_collection(units, autolim=False)
    if texts is not None:
        white = readable(units.to_rgba(values.ravel()))
        for (x, y), text, light in zip(_centres(rows, columns, topology), texts.ravel(), white, strict=True):
            if text:
                ink = PAPER if light else INK
                axes.text(x, y, str(text), ha="center", va="center", fontsize=9, color=ink, clip_on=True)
    if label is not None:
        bar = axes.figure.colorbar(units, ax=axes, fraction=0.046, pad=0.03)
        bar.set_label(label, fontsize=9, color=INK)
        bar.ax.tick_params(labelsize=9)
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


def _centres(rows: int, columns: int, topology: str) -> np.ndarray:
    return Grid(rows, columns, topology).positions().numpy().astype(float)


def unit_images(
    images: Any, rows: int, columns: int, topology: str = "rectangular"
) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """An image in every unit of a map, as one array for one artist.

    Args:
        images: array of shape (rows * columns, channels, height, width), 1 or 3 channels, values in [0, 1].
        rows: rows of the map.
        columns: columns of the map.
        topology: of the map.

    Returns:
        The array, rgba, shape (pixels down, pixels across, 4), transparent between the images; and where it lies on the
        map's axes: `axes.imshow(array, extent=extent)` (left, right, bottom, top).
    """
    images = np.clip(np.asarray(images, dtype=np.float32), 0, 1)
    colour = np.moveaxis(np.broadcast_to(images, (len(images), 3, *images.shape[2:])), 1, -1)
    longest = max(colour.shape[1:3])
    # The largest upright square in a hexagon of width 1 has the side sqrt(3) - 1; a little of it is left free.
    side = 0.92 if topology == "rectangular" else 0.7
    # Pixels enough that a place on the map, rounded to whole ones, is off by less than can be seen.
    times = max(1, math.ceil(32 / longest))
    pixel = side / (longest * times)
    colour = colour.repeat(times, axis=1).repeat(times, axis=2)
    height, width = colour.shape[1:3]
    corners = unit_corners(rows, columns, topology)
    (left, top), (right, bottom) = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    wall = np.zeros((math.ceil((bottom - top) / pixel), math.ceil((right - left) / pixel), 4), dtype=np.float32)
    for (x, y), image in zip(_centres(rows, columns, topology), colour, strict=True):
        down, across = round((y - top) / pixel - height / 2), round((x - left) / pixel - width / 2)
        wall[down : down + height, across : across + width, :3] = image
        wall[down : down + height, across : across + width, 3] = 1
    return wall, (left, left + wall.shape[1] * pixel, top + wall.shape[0] * pixel, top)
