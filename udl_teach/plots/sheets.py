"""The sheet of a self-organizing map laid over its data: units that touch on the grid are joined by a line.

Source: Kohonen 1982, "Self-organized formation of topologically correct feature maps", figures 3 to 5.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection

from udl_teach import inputs
from udl_teach.plots.style import INK

TOPOLOGIES = ("rectangular", "hexagonal")


@lru_cache(maxsize=32)
def sheet_links(rows: int, columns: int, topology: str = "rectangular", wrap: bool = False) -> np.ndarray:
    """Which units are joined: the threads of the sheet.

    On a rectangular grid along rows and columns, on a hexagonal one along rows and both slants (odd rows are shifted
    to the right by one half); with `wrap` also from the last row or column to the first.

    Args:
        rows: rows of the grid.
        columns: columns of the grid.
        topology: "rectangular" or "hexagonal".
        wrap: whether the grid goes round its edges.

    Returns:
        int64 array of shape (n_links, 2): numbers of the two units that each line joins, units numbered row by row;
        no link stands there twice, and none joins a unit with itself.

    Raises:
        ValueError: `topology` is not known, or rows or columns are not whole numbers of at least 1.
    """
    rows, columns = inputs.whole(rows, "rows"), inputs.whole(columns, "columns")
    inputs.choice(topology, "topology", TOPOLOGIES)
    row, column = (index.ravel() for index in np.indices((rows, columns)))
    if topology == "rectangular":
        ways = [(0, np.ones_like(column)), (1, np.zeros_like(column))]
    else:
        ways = [(0, np.ones_like(column)), (1, row % 2 - 1), (1, row % 2)]
    found = []
    for down, right in ways:
        other_row, other_column = row + down, column + right
        inside = (other_row < rows) & (other_column >= 0) & (other_column < columns)
        here = np.ones_like(inside) if wrap else inside
        number, other = row * columns + column, other_row % rows * columns + other_column % columns
        found.append(np.stack([number, other], axis=1)[here])
    links = np.concatenate(found)
    links = links[links[:, 0] != links[:, 1]]
    links = np.unique(np.sort(links, axis=1), axis=0)
    links.setflags(write=False)
    return links


def sheet_segments(weights: Any, topology: str = "rectangular", wrap: bool = False) -> np.ndarray:
    """The sheet's lines, for `artist.set_segments`.

    Args:
        weights: places of the units, shape (rows, columns, 2).
        topology: "rectangular" or "hexagonal".
        wrap: whether the grid goes round its edges; the lines that close it are drawn as well.

    Returns:
        array of shape (n_links, 2, 2): the two ends of each line.

    Raises:
        ValueError: `weights` has another shape, or `topology` is not known.
    """
    weights = np.asarray(weights.detach().cpu() if hasattr(weights, "detach") else weights, dtype=float)
    if weights.ndim != 3 or weights.shape[2] != 2:
        raise ValueError(
            f"weights has shape {weights.shape}; a sheet in the plane has (rows, columns, 2): choose two features, as "
            "in weights[:, :, [0, 1]]."
        )
    rows, columns, _ = weights.shape
    return weights.reshape(-1, 2)[sheet_links(rows, columns, topology, bool(wrap))]


def draw_sheet(
    axes: Any,
    weights: Any,
    *,
    topology: str = "rectangular",
    wrap: bool = False,
    colour: str = INK,
    width: float = 0.9,
) -> LineCollection:
    """Draw a map whose units live in the plane as a sheet, over whatever is already there.

    Args:
        axes: where to draw.
        weights: places of the units, shape (rows, columns, 2); a map's `weights`, or two features of them.
        topology: "rectangular" or "hexagonal".
        wrap: whether the grid goes round its edges; the lines that close it are drawn as well.
        colour: of the lines.
        width: of the lines, in points.

    Returns:
        The artist; `artist.set_segments(sheet_segments(weights, topology, wrap))` moves it in place.

    Raises:
        ValueError: `weights` has another shape, or `topology` is not known.
    """
    lines = LineCollection(
        sheet_segments(weights, topology, wrap), linewidths=width, colors=colour, capstyle="round", zorder=3
    )
    axes.add_collection(lines)
    axes.autoscale_view()
    return lines
