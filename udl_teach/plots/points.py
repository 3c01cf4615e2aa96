"""Clouds of points in the plane, curves through them, and short lines from one cloud to another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PathCollection

from udl_teach import inputs
from udl_teach.plots.style import SCALE, colour, marker


def draw_points(
    axes: Any,
    x: Any,
    labels: Any = None,
    *,
    names: Sequence[str] | None = None,
    size: float = 16.0,
    values: Any = None,
    legend: bool = False,
) -> list[PathCollection]:
    """Draw points; groups differ in colour and in mark.

    Args:
        axes: where to draw.
        x: array of shape (n, 2).
        labels: group of each point, shape (n,); None draws them all alike.
        names: name of group 0, 1, 2, ... for the legend.
        size: area of a mark in square points.
        values: a number a point, shown as a colour from a scale instead of groups.
        legend: whether to add a legend.

    Returns:
        One artist a group, in the order of the labels; `artist.set_offsets(points)` moves them in place.

    Raises:
        ValueError: `x` does not have two columns, or `labels` has another length.
    """
    x = inputs.samples(x, n_features=None).detach().cpu().numpy()
    if x.shape[1] != 2:
        raise ValueError(f"x has {x.shape[1]} columns; a map of points has 2: choose two, as in x[:, :2].")
    if labels is None:
        shown = {"c": colour(0)} if values is None else {"c": values, "cmap": SCALE}
        return [axes.scatter(x[:, 0], x[:, 1], s=size, linewidths=0, **shown)]
    labels = inputs.labels(labels, "labels", n=len(x))
    artists = []
    for number in np.unique(labels):
        group = x[labels == number]
        name = str(number) if names is None else str(names[number])
        artists.append(
            axes.scatter(
                group[:, 0],
                group[:, 1],
                s=size,
                c=colour(number),
                marker=marker(number),
                linewidths=0.3,
                edgecolors="#555555",
                label=name,
            )
        )
    if legend:
        # Beside the axes: a legend over the cloud would hide some of it.
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9, frameon=False, markerscale=1.6)
    return artists


def draw_path(axes: Any, x: Any, values: Any = None, *, width: float = 3.0) -> LineCollection:
    """Draw a curve through the points `x` in their order, coloured along its way.

    Args:
        axes: where to draw.
        x: array of shape (n, 2), the curve's points in order.
        values: a number a point that colours it (default: its place in the order).
        width: of the line, in points.

    Returns:
        The artist; `artist.set_segments(segments(points))` moves it in place.
    """
    x = np.asarray(x)
    lines = LineCollection(segments(x), linewidths=width, cmap=SCALE, capstyle="round", zorder=3)
    lines.set_array(np.arange(max(len(x) - 1, 0)) if values is None else np.asarray(values)[:-1])
    return axes.add_collection(lines)


def draw_links(axes: Any, start: Any, end: Any, *, colour: str = "#595959") -> LineCollection:
    """Draw a thin line from each point of `start` to the same row of `end`, both of shape (n, 2)."""
    links = np.stack([np.asarray(start), np.asarray(end)], axis=1)
    return axes.add_collection(LineCollection(links, linewidths=0.7, colors=colour, zorder=2))


def arrow_lines(start: np.ndarray, end: np.ndarray, head: float = 0.3) -> np.ndarray:
    """Each arrow as one line: shaft to the tip, and back over both sides of its head.

    Args:
        start: shape (m, 2).
        end: the tips, likewise.
        head: length of the head, as a share of the arrow.

    Returns:
        Shape (m, 5, 2).
    """
    along = head * (end - start)
    across = 0.5 * along[:, ::-1] * (-1, 1)
    return np.stack([start, end, end - along + across, end, end - along - across], axis=1)


def square_around(x: np.ndarray, room: float = 1.12) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits ((left, right), (bottom, top)) of a square that holds points of shape (n, 2), `room` times as wide."""
    middle = (x.max(axis=0) + x.min(axis=0)) / 2
    reach = max(room / 2 * float(np.ptp(x, axis=0).max()), 1e-3)
    return tuple((float(centre - reach), float(centre + reach)) for centre in middle)


def cells(box: tuple[tuple[float, float], tuple[float, float]], side: int) -> np.ndarray:
    """The middles of the cells of a picture with such limits, from below and from the left, shape (side, side, 2)."""
    inside = (np.arange(side) + 0.5) / side
    return np.stack(np.meshgrid(*(low + inside * (high - low) for low, high in box)), axis=-1)


def steady_square(x: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Limits of a square that holds points of shape (n, 2) and changes rarely while they move.

    Its size is a power of the root of two and its middle lies on a grid: a drawing whose limits stay is three times as
    fast.
    """
    low, high = x.min(axis=0), x.max(axis=0)
    reach = 2.0 ** (np.ceil(2 * np.log2(max(float((high - low).max()) / 1.7, 1e-3))) / 2)
    middle = np.round((low + high) / 2 / reach * 4) * reach / 4
    return tuple((float(centre - reach), float(centre + reach)) for centre in middle)


def segments(x: Any) -> np.ndarray:
    """The pieces of a curve: points of shape (n, 2) -> array of shape (n - 1, 2, 2), each piece's two ends."""
    x = np.asarray(x, dtype=float)
    return np.stack([x[:-1], x[1:]], axis=1) if len(x) > 1 else np.empty((0, 2, 2))
