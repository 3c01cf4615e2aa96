"""The picture of a generator's wall: one mosaic, a path between two of its images, and the nearest real image."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.transforms import IdentityTransform

from udl_teach import plots
from udl_teach.play.sample_wall.run import STRIDE
from udl_teach.play.sample_wall.snapshot import Snapshot
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour

START, END = colour(4), colour(0)
# Boxes as (left, bottom, width, height) in shares of the figure, alone and beside a kept run.
WALLS = ((0.01, 0.02, 0.53, 0.9), (0.01, 0.36, 0.375, 0.56), (0.4, 0.36, 0.375, 0.56))
PATHS = ((0.565, 0.355, 0.42, 0.105), (0.01, 0.235, 0.375, 0.105), (0.4, 0.235, 0.375, 0.105))
HERE = ((0.565, 0.575, 0.2, 0.345), (0.79, 0.58, 0.2, 0.34))
NEAREST = ((0.785, 0.575, 0.2, 0.345), (0.79, 0.12, 0.2, 0.34))
CURVES = ((0.605, 0.085, 0.38, 0.16), (0.05, 0.08, 0.725, 0.085))


class Mosaic(AxesImage):
    """Values from 0 to 1, grey or in colours, drawn pixel by pixel: a fifth of the time of Matplotlib's resampling."""

    def __init__(self, axes: Any) -> None:
        """Hang it in axes, empty."""
        # How the browser draws it, which asks for colours, not for `make_image`.
        super().__init__(axes, origin="upper", cmap="gray", interpolation="nearest")
        self.set_clim(0, 1)
        self.set_data(np.ones((8, 8)))
        axes.set_aspect("equal")
        axes.add_image(self)

    def make_image(self, renderer: Any, magnification: float = 1.0, unsampled: bool = False) -> tuple:
        """The pixels, and where they lie (as Matplotlib asks an image)."""
        left, bottom, right, top = (round(end) for end in self.get_window_extent(renderer).extents)
        shades = (np.asarray(self.get_array()) * 255 + 0.5).astype(np.uint8)
        rows, columns = (
            ((np.arange(n_pixels) + 0.5) * n_cells / n_pixels).astype(int)
            for n_pixels, n_cells in ((top - bottom, shades.shape[0]), (right - left, shades.shape[1]))
        )
        pixels = np.full((len(rows), len(columns), 4), 255, dtype=np.uint8)
        shown = shades[rows[::-1, None], columns]  # Matplotlib begins below
        pixels[..., :3] = shown if shown.ndim == 3 else shown[..., None]
        return pixels, left, bottom, IdentityTransform()


class Gallery:
    """A wall with the two images marked between which the path leads, and that path."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once; the first drawing says how large the images are."""
        figure = frame.figure
        self.axes, self.along = (quiet_axes(figure.add_axes((0, 0, 1, 1)), frame=False) for _ in range(2))
        self.wall, self.path = (Mosaic(axes) for axes in (self.axes, self.along))
        for axes in (self.axes, self.along):
            axes.set_anchor("N")
            axes.set_autoscale_on(False)
        ends = {"linewidths": 2.4, "colors": [END, START], "linestyles": [(0, (3, 1.2)), "-"], "clip_on": False}
        self.marks = self.axes.add_collection(LineCollection([], zorder=3, **ends))
        self.ends = self.along.add_collection(LineCollection([], zorder=3, **ends))
        (self.place,) = self.along.plot([], [], "^", color=INK, markersize=7, clip_on=False)
        frame.moving(self.wall, self.path, self.marks, self.ends, self.place, self.axes.title)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        self.axes.title.set_text(title)
        high, wide = (side + 1 for side in snapshot.wall.shape[2:])
        _hang(self.wall, plots.mosaic(snapshot.wall, snapshot.columns))
        _hang(self.path, plots.mosaic(snapshot.path, len(snapshot.path)))
        cells = [(cell % snapshot.columns, cell // snapshot.columns) for cell in (snapshot.second, snapshot.first)]
        self.marks.set_segments([_frame(column * wide, row * high, wide, high) for column, row in cells])
        self.ends.set_segments([_frame(column * wide, 0, wide, high) for column in (len(snapshot.path) - 1, 0)])
        # The middle of the first image stands for 0, that of the last for 1.
        self.reach = wide / 2, wide * (len(snapshot.path) - 0.5)
        self.place.set_data([np.interp(snapshot.between, (0, 1), self.reach)], [high * 1.22])
        self.cells = wide, high, snapshot.columns, len(snapshot.wall)

    def cell_at(self, x: float, y: float) -> int | None:
        """The number, counted from 0, of the wall's image at a place; None where there is none."""
        wide, high, columns, n = self.cells
        column, cell = x // wide, int(y // high * columns + x // wide)
        return cell if column < columns and cell < n else None

    def share_at(self, x: float) -> float:
        """The place on the path, 0 to 1, as near as the slider can show it."""
        return round(round(float(np.interp(x, self.reach, (0, 1))) / STRIDE) * STRIDE, 2)


class Drawing:
    """The wall (left), the image at the place beside the nearest real one, the path and the scores; or two walls."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.4, 4.6, few_colours=True)
        figure = self.frame.figure
        self.now, self.before = Gallery(self.frame), Gallery(self.frame)
        self.places = [quiet_axes(figure.add_axes((0, 0, 1, 1)), frame=False) for _ in range(2)]
        self.pictures = [Mosaic(axes) for axes in self.places]
        for axes, title in zip(self.places, ("here", "nearest real image"), strict=True):
            set_title(axes, title)
            axes.set_anchor("N")
        across = {"ha": "center", "va": "top", "fontsize": 9, "color": INK}
        self.lines = [axes.text(0.5, -0.03, "", transform=axes.transAxes, **across) for axes in self.places]
        self.curves = figure.add_axes((0, 0, 1, 1))
        self.ghosts = [_line(self.curves, number, kept=True) for number in range(2)]
        self.scores = [_line(self.curves, number) for number in range(2)]
        set_title(self.curves, "scores: real (solid), generated (dashed)")
        self.curves.tick_params(labelsize=8)
        self.curves.set_xlabel("step", fontsize=9, color=INK, labelpad=1)
        (self.moment,) = self.curves.plot([], [], color=QUIET, linewidth=1.2)
        self.frame.moving(*self.pictures, *self.lines, self.moment, *self.ghosts, *self.scores)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        side = int(kept is not None)
        boxes = [(self.now, WALLS[side], PATHS[side]), (self.before, WALLS[2], PATHS[2])]
        for gallery, wall, path in boxes[: 1 + side]:
            set_box(gallery.axes, wall)
            set_box(gallery.along, path)
        if kept is None:
            set_box(self.before.axes, None)
            set_box(self.before.along, None)
        else:
            self.before.draw(kept, _title(kept, "kept"))
        self.now.draw(snapshot, _title(snapshot, ("this run" if snapshot.learns else "now") if side else "samples"))
        set_title(self.now.along, "" if side else "path from the solid frame to the dashed one")
        for axes, artist, image, box in zip(
            self.places, self.pictures, (snapshot.here, snapshot.nearest), (HERE[side], NEAREST[side]), strict=True
        ):
            set_box(axes, box)
            _hang(artist, plots.mosaic(image[None], 1, pad=0))
        self.lines[0].set_text(f"{100 * snapshot.between:.0f} % of the path")
        self.lines[1].set_text(
            ("" if snapshot.name is None else f"{snapshot.name}, ") + f"{snapshot.distance:.2f} away"
        )
        set_box(self.curves, CURVES[side] if snapshot.learns else None)
        self._draw_scores(snapshot, kept)

    def _draw_scores(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        shown = [snapshot] if kept is None else [snapshot, kept]
        ends = np.array([one.limits for one in shown])
        left, right = ends[:, 0, 0].min(), ends[:, 0, 1].max()
        bottom, top = ends[:, 1, 0].min(), ends[:, 1, 1].max()
        set_limits(self.curves, (float(left), float(right)), (float(bottom), float(top)))
        self.scores[0].set_data(snapshot.noted, snapshot.real)
        self.scores[1].set_data(snapshot.noted, snapshot.generated)
        past = snapshot.moment != snapshot.learned
        self.moment.set_data([snapshot.moment, snapshot.moment] if past else [], [bottom, top] if past else [])
        for number, ghost in enumerate(self.ghosts):
            ghost.set_data([], [])
            if kept is not None:
                ghost.set_data(kept.noted, (kept.real, kept.generated)[number])


def _hang(artist: AxesImage, mosaic: np.ndarray) -> None:
    """Show other images; the extent is set only where it differs, for that costs a whole drawing."""
    height, width = mosaic.shape[:2]
    artist.set_data(mosaic)
    if tuple(artist.get_extent()) != (0, width, height, 0):
        artist.set_extent((0, width, height, 0))
        set_limits(artist.axes, (0, width), (height, 0))


def _frame(left: float, top: float, width: float, height: float) -> np.ndarray:
    right, bottom = left + width + 1, top + height + 1
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])


def _line(axes, number: int, *, kept: bool = False):
    looks = {"color": (END, START)[number], "linestyle": ("-", (0, (3, 1)))[number]}
    (line,) = axes.plot([], [], linewidth=0.7 if kept else 1.6, **looks)
    return line


def _title(snapshot: Snapshot, name: str) -> str:
    return f"{name}, step {snapshot.moment:,}" if snapshot.learns else name
