"""The picture of a generator's wall: one mosaic, a path between two of its images, and the nearest real image."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage

from udl_teach import plots
from udl_teach.play.player import Player
from udl_teach.play.sample_wall.run import STRIDE
from udl_teach.play.sample_wall.snapshot import Snapshot
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour

START, END = 4, 0  # numbers of their colours, which scores of real (END) and generated images (START) have too
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


def images_in(frame: plots.Frame) -> AxesImage:
    """Images in axes of their own, which `hang` shows."""
    artist = plots.draw_images(frame.figure.add_axes((0, 0, 1, 1), anchor="N"), np.ones((1, 8, 8)))
    frame.moving(artist)
    return artist


def hang(artist: AxesImage, images: np.ndarray, columns: int, pad: int = 1) -> None:
    """Show other images; the extent is set only where it differs, for that costs a whole drawing."""
    mosaic = plots.mosaic(images, columns, pad=pad)
    artist.set_data(mosaic)
    extent = (0, mosaic.shape[1], mosaic.shape[0], 0)
    if tuple(artist.get_extent()) != extent:
        artist.set_extent(extent)
        set_limits(artist.axes, extent[:2], extent[2:])


class Gallery:
    """A wall with the two images marked between which the path leads, and that path."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once; the first drawing says how large the images are."""
        self.wall, self.path = images_in(frame), images_in(frame)
        self.axes, self.along = self.wall.axes, self.path.axes
        looks = {"linewidths": 2.4, "colors": [colour(END), colour(START)], "linestyles": [(0, (3, 1.2)), "-"]}
        self.marks, self.ends = (
            axes.add_collection(LineCollection([], zorder=3, clip_on=False, **looks), autolim=False)
            for axes in (self.axes, self.along)
        )
        (self.place,) = self.along.plot([], [], "^", color=INK, markersize=7, clip_on=False, scalex=False, scaley=False)
        self.axes.title.set(fontsize=10, color=INK)
        frame.moving(self.marks, self.ends, self.place, self.axes.title)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        self.axes.title.set_text(f"{title}, step {snapshot.moment:,}" if snapshot.learns else title)
        columns, n, (high, wide) = snapshot.columns, len(snapshot.path), (side + 1 for side in snapshot.here.shape[1:])
        hang(self.wall, snapshot.wall, columns)
        hang(self.path, snapshot.path, n)
        frame = np.array([(0, 0), (wide + 1, 0), (wide + 1, high + 1), (0, high + 1), (0, 0)])
        cells = (snapshot.second, snapshot.first)
        self.marks.set_segments([frame + (cell % columns * wide, cell // columns * high) for cell in cells])
        self.ends.set_segments([frame + (place * wide, 0) for place in (n - 1, 0)])
        # The middle of the first image stands for 0, that of the last for 1.
        self.reach = wide / 2, wide * (n - 0.5)
        self.place.set_data([np.interp(snapshot.between, (0, 1), self.reach)], [high * 1.22])
        self.cells = wide, high, columns, len(snapshot.wall)

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
        self.now, self.before = Gallery(self.frame), Gallery(self.frame)
        self.pictures = [images_in(self.frame) for _ in range(2)]
        self.places = [picture.axes for picture in self.pictures]
        across = {"ha": "center", "va": "top", "fontsize": 9, "color": INK}
        self.lines = [axes.text(0.5, -0.03, "", transform=axes.transAxes, **across) for axes in self.places]
        self.curves = self.frame.figure.add_axes((0, 0, 1, 1))
        both = [(END, False), (START, True)]
        self.ghosts, self.scores = (
            [plots.draw_curve(self.curves, [], log=False, number=number, dashed=dashed) for number, dashed in both]
            for _ in range(2)
        )
        for line in self.ghosts:
            line.set_linewidth(0.7)
        self.curves.tick_params(labelsize=9)
        self.curves.xaxis.labelpad = 1
        (self.moment,) = self.curves.plot([], [], color=QUIET, linewidth=1.2)
        titles = ("here", "nearest real image", "scores: real (solid), generated (dashed)")
        for axes, title in zip((*self.places, self.curves), titles, strict=True):
            set_title(axes, title)
        self.frame.moving(*self.lines, self.moment, *self.ghosts, *self.scores)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        walls = (self.now.axes, self.now.along, self.before.axes, self.before.along)
        for axes, box in zip((*walls, *self.places, self.curves), BESIDE if kept else ALONE, strict=True):
            set_box(axes, box if axes is not self.curves or snapshot.learns else None)
        self.now.draw(snapshot, "now" if kept else "samples")
        if kept is not None:
            self.before.draw(kept, "kept")
        set_title(self.now.along, "" if kept else "path from the solid frame to the dashed one")
        for artist, image in zip(self.pictures, (snapshot.here, snapshot.nearest), strict=True):
            hang(artist, image[None], 1, pad=0)
        name = "" if snapshot.name is None else f"{snapshot.name}, "
        self.lines[0].set_text(f"{100 * snapshot.between:.0f} % of the path")
        self.lines[1].set_text(f"{name}{snapshot.distance:.2f} away")
        self._draw_scores([run for run in (snapshot, kept) if run])

    def _draw_scores(self, runs: list[Snapshot]) -> None:
        for lines, run in zip((self.scores, self.ghosts), (*runs, None), strict=False):
            for line, curve in zip(lines, (run.real, run.generated) if run else [([], [])] * 2, strict=True):
                line.set_data(*curve)
        longest = max((run.real[0] for run in runs), key=len)
        scores = np.concatenate([[*run.real[1], *run.generated[1]] for run in runs])
        across, (_, reach) = roomy(longest, np.abs(scores), log=False)
        set_limits(self.curves, across, (-reach, reach))
        past = runs[0].moment != runs[0].learned
        self.moment.set_data([runs[0].moment] * 2 if past else [], [-reach, reach] if past else [])

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
