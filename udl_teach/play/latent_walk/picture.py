"""The picture of a walk through a code: the prior as a grid of images, and a row of images for every dimension."""

from statistics import NormalDist

import numpy as np
from matplotlib.collections import LineCollection

from udl_teach import plots
from udl_teach.play.latent_walk.run import COLUMNS, FAR, SIDE
from udl_teach.play.latent_walk.snapshot import Snapshot
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour

MOST, LEAST_ROWS = 8, 6
CELL, WIDE = 29, 29 * COLUMNS + 1
HERE, UP = colour(1), colour(3)


class Grid:
    """The plane of two dimensions through the start image's code, every image equally likely."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.wall = plots.draw_images(self.axes, np.zeros((SIDE**2, 28, 28)), SIDE)
        self.wall.set_extent((0, 1, 0, 1))
        self.axes.set_anchor("N")
        mark = {"color": "white", "markeredgecolor": INK, "clip_on": False}
        (self.own,) = self.axes.plot([], [], "s", markersize=8, **mark)
        (self.point,) = self.axes.plot([], [], "P", markersize=12, **(mark | {"color": HERE}))
        set_limits(self.axes, (0, 1), (0, 1))
        set_title(self.axes, "two dimensions, all images equally likely")
        # What names the two sides moves as well: a label of an axis that changes would cost a whole drawing.
        self.names = [
            self.axes.text(0.5, -0.015, "", fontsize=8, color=INK, ha="center", va="top"),
            self.axes.text(-0.015, 0.5, "", fontsize=8, color=INK, ha="right", va="center", rotation=90),
        ]
        frame.moving(self.wall, self.own, self.point, *self.names)

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot."""
        across, up = self.names
        across.set_text(f"dimension {snapshot.across + 1}   (plus: here, square: the start image)")
        up.set_text(f"dimension {snapshot.up + 1}")
        self.wall.set_data(plots.mosaic(snapshot.grid, SIDE))
        for line, code in ((self.own, snapshot.own), (self.point, snapshot.code)):
            line.set_data(*([NormalDist().cdf(float(code[k]))] for k in (snapshot.across, snapshot.up)))

    def values_at(self, x: float, y: float) -> tuple[float, float]:
        """The values of the two dimensions at a place: the sides of the grid are shares of the prior."""
        ends = NormalDist().cdf(-FAR), NormalDist().cdf(FAR)
        first, second = (round(NormalDist().inv_cdf(float(np.clip(share, *ends))), 2) for share in (x, y))
        return first, second


class Rows:
    """A row of images for every dimension, with its number and the factor that it follows."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.wall = plots.draw_images(self.axes, np.zeros((COLUMNS, 28, 28)), COLUMNS)
        self.axes.set_anchor("N")
        self.axes.set_autoscale_on(False)  # the wall's extent would move the limits
        self.places = self.axes.add_collection(LineCollection([], linewidths=2.5, zorder=3, capstyle="butt"))
        heights = CELL * (np.arange(MOST) + 0.5)
        style = {"fontsize": 8, "va": "center", "color": INK}
        self.numbers = [self.axes.text(-4, height, "", ha="right", **style) for height in heights]
        self.says = [self.axes.text(WIDE + 4, height, "", ha="left", **style) for height in heights]
        self.latent_size = 0
        frame.moving(self.wall, self.places, *self.says, self.axes.title)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        self.axes.title.set_text(title)
        latent_size, follows = len(snapshot.kl_each), snapshot.follows
        wall = plots.mosaic(snapshot.rows, COLUMNS)
        self.wall.set_data(wall)
        self.wall.set_extent((0, WIDE, len(wall), 0))
        set_limits(self.axes, (0, WIDE), (max(latent_size, LEAST_ROWS) * CELL + 1, 0))
        if latent_size != self.latent_size:  # what stays is drawn once
            self.latent_size = latent_size
            for row, number in enumerate(self.numbers):
                number.set_text(f"{row + 1}" if row < latent_size else "")
            for text in self.says[latent_size:]:
                text.set_text("")
        for text, active, (name, share) in zip(self.says, snapshot.active, follows, strict=False):
            found = f"{name} {share:.2f}" if name else f"no factor ({share:.2f})"
            text.set_text(found if active else "not used")
            text.set_fontweight("bold" if name else "normal")
        lines = []
        for row in (snapshot.across, snapshot.up):
            # The middle of the first image stands for -FAR, that of the last for FAR.
            place = np.interp(snapshot.code[row], (-FAR, FAR), (CELL / 2, WIDE - CELL / 2))
            lines.append([(place, row * CELL), (place, (row + 1) * CELL)])
        self.places.set_segments(lines)
        self.places.set_color([HERE, UP])

    def place_at(self, x: float, y: float) -> tuple[int, float] | None:
        """The dimension, counted from 0, in whose row a place lies, and its value there; None below the rows."""
        value = float(np.interp(x, (CELL / 2, WIDE - CELL / 2), (-FAR, FAR)))
        return (int(y // CELL), round(value, 2)) if 0 <= y < CELL * self.latent_size else None


class Drawing:
    """The grid (left), the rows (right) over the start image and the image here; or the rows beside the kept run's."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.4, 4.5, few_colours=True)
        figure = self.frame.figure
        self.grid = Grid(self.frame)
        self.now, self.before = Rows(self.frame), Rows(self.frame)
        self.places = [quiet_axes(figure.add_axes((0, 0, 1, 1)), frame=False) for _ in range(4)]
        self.pictures = [plots.draw_images(axes, np.zeros((1, 28, 28))) for axes in self.places]
        for axes, title in zip(self.places, ("start image", "decoded", "here", "kept"), strict=True):
            axes.set_title(title, fontsize=9, color=INK)
        self.frame.moving(*self.pictures)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        alone = kept is None
        set_box(self.grid.axes, (0.03, 0.06, 0.43, 0.86) if alone else None)
        set_box(self.now.axes, (0.525, 0.335, 0.32, 0.585) if alone else (0.035, 0.335, 0.32, 0.585))
        set_box(self.before.axes, None if alone else (0.535, 0.335, 0.32, 0.585))
        left = 0.525 if alone else 0.035
        for number, axes in enumerate(self.places):
            set_box(axes, None if alone and number == 3 else (left + 0.145 * number, 0.015, 0.135, 0.245))
        if alone:
            self.grid.draw(snapshot)
        else:
            self.before.draw(kept, _title(kept, "kept run"))
        self.now.draw(snapshot, _title(snapshot, "each dimension" if alone else "this run"))
        images = [snapshot.real, snapshot.decoded, snapshot.here, snapshot.here if alone else kept.here]
        for picture, image in zip(self.pictures, images, strict=True):
            picture.set_data(plots.mosaic(image[None], 1))


def _title(snapshot: Snapshot, name: str) -> str:
    return f"{name}, from {-FAR:g} to {FAR:g} (beta {snapshot.beta:g})"
