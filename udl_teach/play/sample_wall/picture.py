"""The picture of a generator's wall: one mosaic, a path between two of its images, and the nearest real image."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.image import AxesImage
from matplotlib.transforms import IdentityTransform

from udl_teach import plots
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour

START, END = colour(4), colour(0)
# Boxes as (left, bottom, width, height) in shares of the figure, alone and beside a kept run.
WALLS = ((0.01, 0.02, 0.53, 0.9), (0.01, 0.36, 0.375, 0.56), (0.4, 0.36, 0.375, 0.56))
PATHS = ((0.565, 0.355, 0.42, 0.105), (0.01, 0.235, 0.375, 0.105), (0.4, 0.235, 0.375, 0.105))
HERE = ((0.565, 0.575, 0.2, 0.345), (0.79, 0.58, 0.2, 0.34))
NEAREST = ((0.785, 0.575, 0.2, 0.345), (0.79, 0.12, 0.2, 0.34))
CURVES = ((0.605, 0.085, 0.38, 0.16), (0.05, 0.08, 0.725, 0.085))


@dataclass(frozen=True)
class Look:
    """The numbers of one moment.

    Attributes:
        learned: steps that the model has learned in this playground.
        moment: the step whose generator is shown.
        learns: whether the model learns here (else it was handed in).
        wall: its images, row by row, shape (n, channels, height, width), values in [0, 1].
        columns: images a row.
        first: number of the image where the path begins, counted from 0.
        second: number of the image where it ends.
        between: place on the path, 0 to 1.
        path: images along it, shape (k, channels, height, width).
        here: the image at the place, shape (channels, height, width).
        ends: classes of the two images between which the path leads, or None where the model knows none.
        mixes: whether the label goes over gradually between two classes (else it jumps half-way).
        one_vector: whether both have the same latent vector.
        nearest: the real image nearest to it, same shape.
        name: class of that real image, or None.
        distance: between the two, square root of the summed squares over the pixels.
        next_distance: that to the second nearest real image.
        usual: distances of real images to the nearest one: 5 %, half and 95 % of them are below, shape (3,).
        alone: whether these are distances among the training images, for want of held-out ones.
        truncation: largest absolute value of a latent vector's entries, or None where nothing is cut off.
        typical: the distance of half the wall's images to the nearest real one.
        spread: variance of the wall as a share of the real images', within classes where there are some.
        kinds: the classes that are compared: all of them, the number of one, or None where variance knows no classes.
        seen: how the wall is looked at, label and value of what does not touch the run.
        noted: steps at which the scores were noted, shape (m,).
        real: mean score of real images there, shape (m,).
        generated: mean score of generated ones, shape (m,).
        told_apart: share of pairs that the discriminator tells apart, or None.
        limits: of the scores' axes, ((left, right), (bottom, top)).
    """

    learned: int
    moment: int
    learns: bool
    wall: np.ndarray
    columns: int
    first: int
    second: int
    between: float
    path: np.ndarray
    here: np.ndarray
    ends: tuple[str, str] | None
    mixes: bool
    one_vector: bool
    nearest: np.ndarray
    name: str | None
    distance: float
    next_distance: float
    usual: np.ndarray
    alone: bool
    truncation: float | None
    typical: float
    spread: float
    kinds: str | None
    seen: dict[str, str]
    noted: np.ndarray
    real: np.ndarray
    generated: np.ndarray
    told_apart: float | None
    limits: tuple[tuple[float, float], tuple[float, float]]


class Mosaic(AxesImage):
    """Values from 0 to 1, grey or in colours, drawn pixel by pixel: a fifth of the time of Matplotlib's resampling."""

    def __init__(self, axes: Any) -> None:
        """Hang it in axes, empty."""
        super().__init__(axes, origin="upper")
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

    def draw(self, look: Look, title: str) -> None:
        """Show a look."""
        self.axes.title.set_text(title)
        high, wide = (side + 1 for side in look.wall.shape[2:])
        _hang(self.wall, plots.mosaic(look.wall, look.columns))
        _hang(self.path, plots.mosaic(look.path, len(look.path)))
        cells = [(cell % look.columns, cell // look.columns) for cell in (look.second, look.first)]
        self.marks.set_segments([_frame(column * wide, row * high, wide, high) for column, row in cells])
        self.ends.set_segments([_frame(column * wide, 0, wide, high) for column in (len(look.path) - 1, 0)])
        # The middle of the first image stands for 0, that of the last for 1.
        self.place.set_data([wide / 2 + look.between * (len(look.path) - 1) * wide], [high * 1.22])


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

    def draw(self, look: Look, kept: Look | None = None) -> None:
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
        self.now.draw(look, _title(look, ("this run" if look.learns else "now") if side else "samples"))
        set_title(self.now.along, "" if side else "path from the solid frame to the dashed one")
        for axes, artist, image, box in zip(
            self.places, self.pictures, (look.here, look.nearest), (HERE[side], NEAREST[side]), strict=True
        ):
            set_box(axes, box)
            _hang(artist, plots.mosaic(image[None], 1, pad=0))
        self.lines[0].set_text(f"{100 * look.between:.0f} % of the path")
        self.lines[1].set_text(("" if look.name is None else f"{look.name}, ") + f"{look.distance:.2f} away")
        set_box(self.curves, CURVES[side] if look.learns else None)
        self._draw_scores(look, kept)

    def _draw_scores(self, look: Look, kept: Look | None) -> None:
        shown = [look] if kept is None else [look, kept]
        ends = np.array([one.limits for one in shown])
        left, right = ends[:, 0, 0].min(), ends[:, 0, 1].max()
        bottom, top = ends[:, 1, 0].min(), ends[:, 1, 1].max()
        set_limits(self.curves, (float(left), float(right)), (float(bottom), float(top)))
        self.scores[0].set_data(look.noted, look.real)
        self.scores[1].set_data(look.noted, look.generated)
        past = look.moment != look.learned
        self.moment.set_data([look.moment, look.moment] if past else [], [bottom, top] if past else [])
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


def _title(look: Look, name: str) -> str:
    return f"{name}, step {look.moment:,}" if look.learns else name
