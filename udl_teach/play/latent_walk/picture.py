"""The picture of a walk through a code: the prior as a grid of images, and a row of images for every dimension."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from matplotlib.collections import LineCollection

from udl_teach import plots
from udl_teach.play.factors import followed
from udl_teach.play.walk_run import COLUMNS, FAR, SIDE
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour

MOST, LEAST_ROWS = 8, 6
HERE, UP = colour(1), colour(3)


@dataclass(frozen=True)
class Look:
    """The numbers of one moment; dimensions are in the order of their KL, counted from 0.

    Attributes:
        learned: steps that the model has learned.
        beta: weight of the KL term.
        names: of the factors.
        shares: share of every dimension's variance that goes with every factor, shape (latent_size, len(names)).
        active: whether a dimension is used, shape (latent_size,).
        kl_each: KL of every dimension, in nats, shape (latent_size,).
        reconstruction: the other term, in nats, of the held-out glyphs.
        across: dimension that goes across the grid.
        up: dimension that goes up the grid.
        code: the point, shape (latent_size,).
        own: the start image's own code, shape (latent_size,).
        real: the start image, shape (28, 28).
        decoded: what is decoded of its own code, shape (28, 28).
        here: what is decoded at the point, shape (28, 28).
        grid: decoded over the quantiles of the prior, the top row first, shape (SIDE * SIDE, 28, 28).
        rows: decoded along each dimension, shape (latent_size * COLUMNS, 28, 28).
    """

    learned: int
    beta: float
    names: tuple[str, ...]
    shares: np.ndarray
    active: np.ndarray
    kl_each: np.ndarray
    reconstruction: float
    across: int
    up: int
    code: np.ndarray
    own: np.ndarray
    real: np.ndarray
    decoded: np.ndarray
    here: np.ndarray
    grid: np.ndarray
    rows: np.ndarray

    @property
    def follows(self) -> list[tuple[str | None, float]]:
        """The factor of every dimension, or None, with its share."""
        return followed(self.shares, self.active, self.names)

    @property
    def together(self) -> float:
        """Largest share of an active dimension, averaged over the active ones; 0 without any."""
        return float(self.shares.max(axis=1)[self.active].mean()) if self.active.any() else 0.0


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

    def draw(self, look: Look) -> None:
        """Show a look."""
        across, up = self.names
        across.set_text(f"dimension {look.across + 1}   (plus: here, square: the start image)")
        up.set_text(f"dimension {look.up + 1}")
        self.wall.set_data(plots.mosaic(look.grid, SIDE))
        for line, code in ((self.own, look.own), (self.point, look.code)):
            line.set_data(*([NormalDist().cdf(float(code[k]))] for k in (look.across, look.up)))


class Rows:
    """A row of images for every dimension, with its number and the factor that it follows."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.wall = plots.draw_images(self.axes, np.zeros((COLUMNS, 28, 28)), COLUMNS)
        self.axes.set_anchor("N")
        self.axes.set_autoscale_on(False)  # the wall's extent would move the limits
        self.places = self.axes.add_collection(LineCollection([], linewidths=2.5, zorder=3, capstyle="butt"))
        self.numbers = [self.axes.text(0, 0, "", fontsize=8, ha="right", va="center", color=INK) for _ in range(MOST)]
        self.says = [self.axes.text(0, 0, "", fontsize=8, ha="left", va="center", color=INK) for _ in range(MOST)]
        self.latent_size = 0
        frame.moving(self.wall, self.places, *self.says, self.axes.title)

    def draw(self, look: Look, title: str) -> None:
        """Show a look."""
        self.axes.title.set_text(title)
        latent_size, cell = len(look.kl_each), 29
        wall = plots.mosaic(look.rows, COLUMNS)
        height, width = wall.shape
        self.wall.set_data(wall)
        self.wall.set_extent((0, width, height, 0))
        set_limits(self.axes, (0, width), (max(latent_size, LEAST_ROWS) * cell + 1, 0))
        if latent_size != self.latent_size:  # what stays is drawn once
            self.latent_size = latent_size
            for row, number in enumerate(self.numbers):
                number.set(position=(-4, row * cell + cell / 2), text=f"{row + 1}" if row < latent_size else "")
        for row, text in enumerate(self.says):
            if row >= latent_size:
                text.set_text("")
                continue
            text.set(position=(width + 4, row * cell + cell / 2), text=said(look, row))
            text.set_fontweight("bold" if look.follows[row][0] else "normal")
        lines, half = [], 14.5
        for row in (look.across, look.up):
            # The middle of the first image stands for -FAR, that of the last for FAR.
            place = half + (np.clip(look.code[row], -FAR, FAR) + FAR) / (2 * FAR) * (width - 2 * half)
            lines.append([(place, row * cell), (place, (row + 1) * cell)])
        self.places.set_segments(lines)
        self.places.set_color([HERE, UP])


def said(look: Look, row: int) -> str:
    """What stands beside the row of a dimension."""
    name, share = look.follows[row]
    if not look.active[row]:
        return "not used"
    return f"no factor ({share:.2f})" if name is None else f"{name} {share:.2f}"


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

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        alone = kept is None
        set_box(self.grid.axes, (0.03, 0.06, 0.43, 0.86) if alone else None)
        set_box(self.now.axes, (0.525, 0.335, 0.32, 0.585) if alone else (0.035, 0.335, 0.32, 0.585))
        set_box(self.before.axes, None if alone else (0.535, 0.335, 0.32, 0.585))
        left = 0.525 if alone else 0.035
        for number, axes in enumerate(self.places):
            set_box(axes, None if alone and number == 3 else (left + 0.145 * number, 0.015, 0.135, 0.245))
        if alone:
            self.grid.draw(look)
        else:
            self.before.draw(kept, _title(kept, "kept run"))
        self.now.draw(look, _title(look, "each dimension" if alone else "this run"))
        images = [look.real, look.decoded, look.here, look.here if alone else kept.here]
        for picture, image in zip(self.pictures, images, strict=True):
            picture.set_data(plots.mosaic(image[None], 1))


def _title(look: Look, name: str) -> str:
    return f"{name}, from {-FAR:g} to {FAR:g} (beta {look.beta:g})"
