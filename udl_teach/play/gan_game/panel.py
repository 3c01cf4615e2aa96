"""One run of the game in the plane: the discriminator's map, points, the folded sheet, the sample gradients."""

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.transforms import IdentityTransform

from udl_teach import plots
from udl_teach.play.gan_game.measure import percent
from udl_teach.play.gan_game.snapshot import Snapshot
from udl_teach.plots.figures import quiet_axes, set_limits, set_title
from udl_teach.plots.style import INK, colour

# Pale, so that points stand out; blue and orange differ in lightness too.
TAKEN = LinearSegmentedColormap.from_list("taken", ["#F6B26B", "#FBE3C8", "#FFFFFF", "#D3E4F2", "#86B6DC"])
REAL_ONE = {"marker": "o", "color": "#00476E", "markersize": 4, "markeredgecolor": "white", "markeredgewidth": 0.4}
GENERATED = {"marker": "^", "color": colour(4), "markersize": 5, "markeredgecolor": "white", "markeredgewidth": 0.4}
SHADES = TAKEN(np.linspace(0, 1, 256), bytes=True)
# Signs of the map stand at so many places across, where it is surer than this.
SIGNS, SURE = 9, 0.15


class Ground(AxesImage):
    """A map of few cells from 0 to 1, drawn smooth by two products of matrices: a tenth of the time of resampling."""

    def make_image(self, renderer: Any, magnification: float = 1.0, unsampled: bool = False) -> tuple:
        """The pixels, and where they lie (as Matplotlib asks an image)."""
        left, bottom, right, top = (round(end) for end in self.get_window_extent(renderer).extents)
        cells = np.asarray(self.get_array(), dtype=np.float32)
        across, up = _blend(cells.shape[1], right - left), _blend(cells.shape[0], top - bottom)
        shades = (up @ cells @ across.T * (len(SHADES) - 1) + 0.5).astype(np.uint8)
        return SHADES[shades], left, bottom, IdentityTransform()


@lru_cache(maxsize=16)
def _blend(n_cells: int, n_pixels: int) -> np.ndarray:
    # How much of each cell is in each pixel between the middles of two; beyond the outermost middles it is all theirs.
    place = np.clip((np.arange(n_pixels) + 0.5) * n_cells / n_pixels - 0.5, 0, n_cells - 1)
    return np.maximum(0, 1 - np.abs(place[:, None] - np.arange(n_cells))).astype(np.float32)


class Panel:
    """One run; `draw(snapshot)` updates it in place."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.axes.set_aspect("equal")
        # The map covers what is drawn once, so the edge is drawn over it.
        edge = Rectangle((0, 0), 1, 1, transform=self.axes.transAxes, fill=False, edgecolor="#999999", clip_on=False)
        self.edge = self.axes.add_patch(edge)
        self.edge.set_zorder(7)
        self.heat = Ground(self.axes, cmap=TAKEN, origin="lower", zorder=0)
        self.heat.set_data(np.full((2, 2), 0.5))
        self.heat.set_clim(0, 1)
        self.axes.add_image(self.heat)
        self.signs = [
            self.axes.scatter([], [], s=22, marker=mark, c=tone, linewidths=0.9, zorder=1)
            for mark, tone in (("+", "#3D7BAA"), ("_", "#B9742A"))
        ]
        self.real = self._points(REAL_ONE, zorder=2)
        self.sheet = self.axes.add_collection(PolyCollection([], linewidths=0.5, zorder=3))
        self.made = self._points(GENERATED, zorder=4)
        self.missed = self.axes.scatter([], [], s=60, marker="x", c=INK, linewidths=1.8, zorder=5)
        self.arrows = self.axes.quiver(
            np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), angles="xy", scale_units="xy", scale=1, width=0.004,
            headwidth=3.6, headlength=4, headaxislength=3.6, minlength=0.5, color="#000000C0", zorder=6,
        )  # fmt: skip
        self.says = self.axes.text(0.0, -0.015, "", transform=self.axes.transAxes, va="top", fontsize=8.5, color=INK)
        frame.moving(self.heat, *self.signs, self.real, self.sheet, self.made, self.missed, self.arrows)
        frame.moving(self.edge, self.says)

    def _points(self, style: dict, zorder: float) -> Any:
        return self.axes.scatter(
            [], [], s=style["markersize"] ** 2, marker=style["marker"], c=style["color"],
            edgecolors=style["markeredgecolor"], linewidths=style["markeredgewidth"], zorder=zorder,
        )  # fmt: skip

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        (left, right), (bottom, top) = snapshot.box
        set_limits(self.axes, *snapshot.box)
        self.heat.set_data(snapshot.heat)
        self.heat.set_extent((left, right, bottom, top))
        for sign, places in zip(self.signs, signs(snapshot.heat, snapshot.box), strict=True):
            sign.set_offsets(places)
        self.real.set_offsets(snapshot.real)
        self.made.set_offsets(snapshot.points)
        self.missed.set_offsets(snapshot.centres[~snapshot.note.filled])
        cells, strength = cells_of(snapshot.sheet, right - left)
        self.sheet.set_verts(cells)
        self.sheet.set_facecolor(_greys(0.28 * strength))
        self.sheet.set_edgecolor(_greys(0.18 + 0.55 * strength))
        # A quiver's number of arrows is fixed when it is made, unless its places are handed over as well.
        self.arrows.N = len(snapshot.starts)
        self.arrows.set_offsets(snapshot.starts)
        self.arrows.XY = snapshot.starts
        self.arrows.set_UVC(*snapshot.arrows.T)
        self.says.set_text(_numbers(snapshot))


def signs(heat: np.ndarray, box: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Places where the map is sure: (those above the middle, those below), shape (n, 2) each."""
    inside = (np.arange(SIGNS) + 0.5) / SIGNS
    place = np.minimum((inside * len(heat)).astype(int), len(heat) - 1)
    values = heat[np.ix_(place, place)]
    (left, right), (bottom, top) = box
    x, y = np.meshgrid(left + inside * (right - left), bottom + inside * (top - bottom))
    return tuple(np.stack([x[there], y[there]], axis=1) for there in (values > 0.5 + SURE, values < 0.5 - SURE))


def cells_of(sheet: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Cells of the sheet and how strongly each is drawn.

    Args:
        sheet: places of its knots, shape (rows, columns, 2); all cells hold the same share of the latent vectors.
        width: of the picture, in the units of the points.

    Returns:
        (corners of shape (n_cells, 4, 2), strength of shape (n_cells,) from 0 to 1: 1 where the generated points are
        dense). Where there is one column alone the cells are the pieces between its knots.
    """
    if sheet.shape[1] == 1:
        start, end = sheet[:-1, 0], sheet[1:, 0]
        size = np.hypot(*(end - start).T) / width * len(start) / 4
        corners = np.stack([start, end, end, start], axis=1)
    else:
        corners = np.stack([sheet[:-1, :-1], sheet[:-1, 1:], sheet[1:, 1:], sheet[1:, :-1]], axis=2).reshape(-1, 4, 2)
        one, other = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
        area = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / 2
        size = area / width**2 * len(corners) * 5
    # A cell as large as its share of a fifth of the picture is drawn half as strong as one that is a point.
    return corners, 1 / (1 + size)


def _greys(opacity: np.ndarray) -> np.ndarray:
    return np.column_stack([np.full((len(opacity), 3), 0.1), opacity])


def _numbers(snapshot: Snapshot) -> str:
    text = f"step {snapshot.index:,}"
    if snapshot.note.modes is not None:
        text += f" · modes {snapshot.note.modes} of {len(snapshot.note.filled)}"
        return f"{text} · high quality {percent(snapshot.note.high_quality)}"
    return f"{text} · real points covered {percent(snapshot.note.covered)}"
