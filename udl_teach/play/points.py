"""Points in the plane that a learner draws: their text, and the pen that draws them in a picture. No widgets here."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from udl_teach import plots
from udl_teach.play import controls
from udl_teach.plots.style import INK

DRAWN = "drawn"
# Coordinates lie between -END and END; below LEAST different points nothing learns, and there are MOST at most.
END, LEAST, MOST = 1.0, 10, 400
BOX = ((-1.05, 1.05), (-1.05, 1.05))
# Two points that are drawn lie at least so far from each other.
APART = 0.04


@dataclass(frozen=True)
class Rows(controls.Text):
    """A line of text that holds rows of numbers, "x y; x y; ..."; rows themselves are written so.

    Attributes:
        things: what the rows are, in the plural.
        ranges: name of each number of a row -> its smallest and its largest value.
        most: rows at most.
    """

    things: str = field(default="", kw_only=True)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict, kw_only=True)
    most: int = field(default=0, kw_only=True)

    def checked(self, name: str, value: Any) -> str:
        """The text; TypeError or ValueError if it cannot be read."""
        if not isinstance(value, str):
            try:
                value = "; ".join(" ".join(f"{float(number):g}" for number in row) for row in value)
            except (TypeError, ValueError):
                raise TypeError(
                    f"{name} was {type(value).__name__}; it must be rows of {len(self.ranges)} numbers, "
                    f'({", ".join(self.ranges)}), or their text, "{" ".join(self.ranges)}; ...".'
                ) from None
        self.read(value)
        return value

    def read(self, text: str) -> list[list[float]]:
        """The rows of a text.

        Raises:
            ValueError: the text says something else, a number is outside its range, or there are too many rows.
        """
        rows = []
        for part in text.split(";"):
            try:
                row = [float(number) for number in part.replace(",", " ").split()]
            except ValueError:
                row = []
            if len(row) != len(self.ranges):
                raise ValueError(
                    f"{self.things} holds {part.strip()!r}; each {self.things[:-1]} must be {len(self.ranges)} "
                    f"numbers, {' '.join(self.ranges)}, and semicolons must separate them."
                )
            for (name, (low, high)), number in zip(self.ranges.items(), row, strict=True):
                if not low <= number <= high:
                    raise ValueError(f"{self.things} has {name} {number:g}; it must lie between {low:g} and {high:g}.")
            rows.append(row)
        if len(rows) > self.most:
            raise ValueError(f"{self.things} holds {len(rows)} {self.things}; there must be at most {self.most}.")
        return rows


class Points(Rows):
    """A line of text that holds points; None stands for the first ones, and there may be none."""

    def checked(self, name: str, value: Any) -> str:
        """The text."""
        return FIRST if value is None else super().checked(name, value)

    def read(self, text: str) -> list[list[float]]:
        """The points of a text, none of an empty one."""
        return super().read(text) if text.strip() else []


POINTS = Points(
    'Of the data "drawn": x and y of each, "x y; x y; ...", or rows of them; press or drag in the picture to add some.',
    things="points",
    ranges={"x": (-END, END), "y": (-END, END)},
    most=MOST,
)


def written(points: Any) -> str:
    """The text of points, which `parse` reads; text stays as it is, once it is checked."""
    return POINTS.checked("points", points)


@lru_cache(maxsize=16)
def parse(text: str) -> np.ndarray:
    """Points out of their text, "x y; x y; ...": float32 of shape (n, 2), read-only; none of an empty text."""
    points = np.array(POINTS.read(text), dtype=np.float32).reshape(-1, 2)
    points.setflags(write=False)
    return points


def added(points: list, start: tuple[float, float], end: tuple[float, float]) -> list:
    """The points and those along the way from `start` to `end`, but none nearer than APART to another one."""
    points = list(points)
    n_parts = 1 + math.ceil(4 * math.dist(start, end) / APART)
    for share in np.linspace(0, 1, n_parts + 1):
        between = ((1 - share) * first + share * last for first, last in zip(start, end, strict=True))
        point = tuple(round(min(max(float(number), -END), END), 2) for number in between)
        if len(points) < MOST and all(math.dist(point, other) > APART - 1e-9 for other in points):
            points.append(point)
    return points


def too_few(settings: dict) -> bool:
    """Whether the drawn points are chosen and there are not enough of them to learn from."""
    return settings["data"] == DRAWN and len(np.unique(parse(settings["points"]), axis=0)) < LEAST


def drawn(settings: dict) -> np.ndarray:
    """The points that the settings ask for, and the first ones (under the pen's paper) where those are too few."""
    return parse(FIRST if too_few(settings) else settings["points"])


def nothing_learns() -> Iterator:
    """Steps of a run without points: the first one says so."""
    raise FloatingPointError("there are too few points; draw more in the picture.")
    yield


def draw_button() -> controls.Button:
    """Empties the picture to draw in."""
    return controls.Button(
        "draw", "Draw", "An empty picture to draw points in", lambda player: {"data": DRAWN, "points": ""}
    )


def hides(settings: dict) -> set[str]:
    """The controls of no use: the text of the points where others are played with."""
    return set() if settings["data"] == DRAWN else {"points"}


class Pen:
    """Draws points in a picture while the pointer is pressed; the setting follows when it is lifted.

    Args:
        frame: of the picture.
        axes: where one draws.
    """

    def __init__(self, frame: plots.Frame, axes: Axes) -> None:
        """Make all artists once; they lie over all others."""
        self.axes = axes
        self._points: list | None = None  # while the pointer is pressed
        self._last = (0.0, 0.0)
        style = {"transform": axes.transAxes, "clip_on": False, "zorder": 20}
        self.paper = axes.add_patch(Rectangle((0, -0.1), 1, 1.1, facecolor="white", edgecolor="none", **style))
        self.edge = axes.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor="#999999", **style))
        says = f"Draw here: press, or drag.\nLearning begins with {LEAST} points."
        self.hint = axes.text(0.5, 0.5, says, ha="center", va="center", fontsize=10, color=INK, **style)
        self.ink = axes.scatter([], [], s=16, c=INK, linewidths=0, zorder=21)
        frame.moving(self.paper, self.edge, self.hint, self.ink)
        self.rest({"data": ""})

    def rest(self, settings: dict) -> None:
        """Show an empty paper where too few points are drawn, else nothing: the points are the run's."""
        few = too_few(settings)
        points = parse(settings["points"]) if few else np.zeros((0, 2))
        self.said = few and f"Draw points in the picture: learning begins with {LEAST}, and there are {len(points)}."
        for artist in (self.paper, self.edge):
            artist.set_visible(few)
        self.hint.set_visible(few and not len(points))
        self.ink.set_offsets(points)

    def touch(self, _player: Any, settings: dict, touch: Any) -> dict:
        """Draw where the picture is touched; returns the new text when the pointer is lifted."""
        inside = touch.axes is self.axes and settings["data"] == DRAWN
        place = (touch.x, touch.y)
        if touch.kind == "down":
            self._points, self._last = (parse(settings["points"]).tolist() if inside else None), place
        if self._points is None:
            return {}
        if inside:
            self._points, self._last = added(self._points, self._last, place), place
        before = parse(settings["points"])
        if touch.kind == "up":
            points, self._points = self._points, None
            return {"points": written(points)} if len(points) > len(before) else {}
        self.hint.set_visible(False)
        new = self._points[0 if too_few(settings) else len(before) :]
        self.ink.set_offsets(np.array(new).reshape(-1, 2))
        return {}

    def joined(self, start: Callable, words: Callable) -> dict[str, Any]:
        """What a `Playground` is given to draw in: its recipe, words, touch, button, and what it hides."""
        return {
            "start": self.begins(start),
            "words": self.words(words),
            "touch": self.touch,
            "buttons": (draw_button(),),
            "hides": hides,
        }

    def begins(self, start: Callable) -> Callable:
        """The recipe of a playground's run, after which the pen rests."""

        def begin(settings: dict) -> tuple:
            found = start(settings)
            self.rest(settings)
            return found

        return begin

    def words(self, words: Callable) -> Callable:
        """The words of a playground, but what to do where there are too few points."""
        return lambda snapshot, kept=None: self.said or words(snapshot, kept)


def _first() -> str:
    # An S of two arcs: three quarters of a circle each.
    turn = np.linspace(0.25, 1.75, 30)[:, None] * np.pi
    upper = np.hstack([0.45 * np.cos(turn), 0.42 + 0.42 * np.sin(turn)])
    return written(np.round(np.concatenate([upper, -upper[-2::-1]]), 2))


FIRST = _first()
