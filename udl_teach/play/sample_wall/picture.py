"""The picture of a generator's wall: one mosaic, a path between two of its images, and the nearest real image."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.transforms import IdentityTransform

from udl_teach import plots
from udl_teach.play.player import Player
from udl_teach.play.sample_wall.run import STRIDE
from udl_teach.play.sample_wall.snapshot import Snapshot
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour

START, END = colour(4), colour(0)
# Boxes (left, bottom, width, height) in shares of the figure of the wall, its path, the kept ones, the image here, the
# nearest one and the scores: alone, and beside a kept run.
ALONE = (
    (0.01, 0.02, 0.53, 0.9), (0.565, 0.355, 0.42, 0.105), None, None,
    (0.565, 0.575, 0.2, 0.345), (0.785, 0.575, 0.2, 0.345), (0.605, 0.085, 0.38, 0.16),
)  # fmt: skip
BESIDE = (
    (0.01, 0.36, 0.375, 0.56), (0.01, 0.235, 0.375, 0.105), (0.4, 0.36, 0.375, 0.56), (0.4, 0.235, 0.375, 0.105),
    (0.79, 0.58, 0.2, 0.34), (0.79, 0.12, 0.2, 0.34), (0.05, 0.08, 0.725, 0.085),
)  # fmt: skip


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
        walls = (self.now.axes, self.now.along, self.before.axes, self.before.along)
        for axes, box in zip((*walls, *self.places, self.curves), BESIDE if kept else ALONE, strict=True):
            set_box(axes, box if axes is not self.curves or snapshot.learns else None)
        if kept is not None:
            self.before.draw(kept, _title(kept, "kept"))
        now = "this run" if snapshot.learns else "now"
        self.now.draw(snapshot, _title(snapshot, "samples" if kept is None else now))
        set_title(self.now.along, "path from the solid frame to the dashed one" if kept is None else "")
        for artist, image in zip(self.pictures, (snapshot.here, snapshot.nearest), strict=True):
            _hang(artist, plots.mosaic(image[None], 1, pad=0))
        name = "" if snapshot.name is None else f"{snapshot.name}, "
        self.lines[0].set_text(f"{100 * snapshot.between:.0f} % of the path")
        self.lines[1].set_text(f"{name}{snapshot.distance:.2f} away")
        for lines, run in ((self.scores, snapshot), (self.ghosts, kept)):
            for line, curve in zip(lines, (run.real, run.generated) if run else [([], [])] * 2, strict=True):
                line.set_data(*curve)
        runs = [run for run in (snapshot, kept) if run]
        highest = max(np.abs([*run.real[1], *run.generated[1]]).max(initial=0.0) for run in runs)
        reach = next((reach for reach in (0.5, 1, 2, 5, 10, 20, 50, 100, 1000) if reach >= highest), 10 * highest)
        longest = max((run.real[0] for run in runs), key=len)
        set_limits(self.curves, roomy(longest, [], log=False)[0], (-reach, reach))
        past = snapshot.moment != snapshot.learned
        self.moment.set_data([snapshot.moment] * 2 if past else [], [-reach, reach] if past else [])

    def touch(self, player: Player, settings: dict, touched: Any) -> dict:
        """A click chooses an image, a drag the path from it to another; or a place on the path, or a checkpoint."""
        if touched.axes is self.now.axes and (cell := self.now.cell_at(touched.x, touched.y)) is not None:
            if touched.kind == "down":
                return {"first": cell + 1, "between": 0.0}
            return {} if cell + 1 == settings["first"] else {"second": cell + 1}
        if touched.axes is self.now.along:
            return {"between": self.now.share_at(touched.x)}
        if touched.axes is self.curves and player.model.learned:
            return {"moment": round(100 * min(max(touched.x / player.model.learned, 0), 1))}
        return {}


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
