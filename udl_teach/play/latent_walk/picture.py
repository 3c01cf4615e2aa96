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
        look = {"fontsize": 9, "color": INK}
        self.across = self.axes.text(0.5, -0.015, "", ha="center", va="top", **look)
        self.up = self.axes.text(-0.015, 0.5, "", ha="right", va="center", rotation=90, **look)
        frame.moving(self.wall, self.own, self.point, self.across, self.up)

    def draw(self, snapshot: Snapshot) -> None:
        """Show a snapshot."""
        self.across.set_text(f"dimension {snapshot.across + 1}   (plus: here, square: the start image)")
        self.up.set_text(f"dimension {snapshot.up + 1}")
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
        self.places = self.axes.add_collection(LineCollection([], linewidths=2.5, colors=[HERE, UP], zorder=3))
        heights = CELL * (np.arange(MOST) + 0.5)
        style = {"fontsize": 9, "va": "center", "color": INK}
        self.numbers = [self.axes.text(-4, y, f"{row}", ha="right", **style) for row, y in enumerate(heights, 1)]
        self.says = [self.axes.text(WIDE + 4, y, "", ha="left", **style) for y in heights]
        frame.moving(self.wall, self.places, *self.numbers, *self.says, self.axes.title)

    def draw(self, snapshot: Snapshot, name: str) -> None:
        """Show a snapshot."""
        self.axes.title.set_text(f"{name}, from {-FAR:g} to {FAR:g} (beta {snapshot.beta:g})")
        self.latent_size = len(snapshot.kl_each)
        wall = plots.mosaic(snapshot.rows, COLUMNS)
        self.wall.set_data(wall)
        self.wall.set_extent((0, WIDE, len(wall), 0))
        set_limits(self.axes, (0, WIDE), (max(self.latent_size, LEAST_ROWS) * CELL + 1, 0))
        for row, (number, text) in enumerate(zip(self.numbers, self.says, strict=True)):
            for part in (number, text):
                part.set_visible(row < self.latent_size)
        for text, used, (factor, share) in zip(self.says, snapshot.active, snapshot.follows, strict=False):
            found = f"{factor} {share:.2f}" if factor else f"no factor ({share:.2f})"
            text.set(text=found if used else "not used", weight="bold" if factor else "normal")
        # The middle of the first image stands for -FAR, that of the last for FAR.
        rows = np.array([snapshot.across, snapshot.up])
        x = np.interp(snapshot.code[rows], (-FAR, FAR), (CELL / 2, WIDE - CELL / 2))
        self.places.set_segments(np.stack([x, CELL * rows, x, CELL * (rows + 1)], axis=1).reshape(2, 2, 2))

    def place_at(self, x: float, y: float) -> tuple[int, float] | None:
        """The dimension, counted from 0, in whose row a place lies, and its value there; None below the rows."""
        value = float(np.interp(x, (CELL / 2, WIDE - CELL / 2), (-FAR, FAR)))
        return (int(y // CELL), round(value, 2)) if 0 <= y < CELL * self.latent_size else None


class Drawing:
    """The grid (left), the rows (right) over the start image and the image here; or the rows beside the kept run's."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.4, 4.5, few_colours=True)
        self.grid = Grid(self.frame)
        self.now, self.before = Rows(self.frame), Rows(self.frame)
        self.places, self.pictures = [], []
        for title in ("start image", "decoded", "here", "kept"):
            self.places.append(self.frame.figure.add_axes((0, 0, 1, 1)))
            self.places[-1].set_title(title, fontsize=9, color=INK)
            self.pictures.append(plots.draw_images(self.places[-1], np.zeros((1, 28, 28))))
        self.frame.moving(*self.pictures)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        alone = kept is None
        left = 0.525 if alone else 0.035
        set_box(self.grid.axes, (0.03, 0.06, 0.43, 0.86) if alone else None)
        set_box(self.now.axes, (left, 0.335, 0.32, 0.585))
        set_box(self.before.axes, None if alone else (0.535, 0.335, 0.32, 0.585))
        for number, axes in enumerate(self.places):
            set_box(axes, None if alone and number == 3 else (left + 0.145 * number, 0.015, 0.135, 0.245))
        self.now.draw(snapshot, "each dimension" if alone else "this run")
        if alone:
            self.grid.draw(snapshot)
        else:
            self.before.draw(kept, "kept run")
        images = [snapshot.real, snapshot.decoded, snapshot.here, (kept or snapshot).here]
        for picture, image in zip(self.pictures, images, strict=True):
            picture.set_data(plots.mosaic(image[None], 1))
