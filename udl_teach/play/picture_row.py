"""An original and what three methods make of it: pictures side by side, a curve of each method, and those kept."""

from typing import Any

import numpy as np

from udl_teach import plots
from udl_teach.play.controls import AT_ONCE, Switch
from udl_teach.plots.figures import Box, quiet_axes, set_box
from udl_teach.plots.style import INK, colour, marker

PAD = 2
# Differences are drawn so many times as strong, about the grey that means none.
LOUDER = 3
DIFFERENCES = Switch(f"Show the difference from the original, times {LOUDER}.", acts=AT_ONCE)
DIFFERENCES_SAID = f" Differences are drawn {LOUDER} times as strong; middle grey is none."


class PictureRow:
    """Pictures side by side, each with a title over it and a line under it.

    Args:
        frame: where to draw.
        n: how many pictures.
        side: of each, in pixels.
        moves: whether pictures and lines change from one drawing to the next; titles, and the line under the first
            picture, change now and then.
    """

    def __init__(self, frame: plots.Frame, n: int, side: int, *, moves: bool = True) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.wall = plots.draw_images(self.axes, np.zeros((n, side, side)), n, pad=PAD)
        self.wall.set_interpolation("antialiased")
        middles = [(PAD + side / 2 + place * (side + PAD)) / (n * (side + PAD) + PAD) for place in range(n)]
        across = {"transform": self.axes.transAxes, "ha": "center", "fontsize": 9, "color": INK}
        self.titles = [self.axes.text(at, 1.02, "", va="bottom", **across) for at in middles]
        self.lines = [self.axes.text(at, -0.02, "", va="top", **across) for at in middles]
        if moves:
            frame.moving(self.wall, *self.lines[1:])

    def draw(self, pictures: Any, titles: list[str], lines: list[str]) -> None:
        """Show other pictures, each of shape (side, side); what lies outside [0, 1] is drawn as black or white."""
        self.wall.set_data(np.clip(plots.mosaic(np.stack(pictures), len(self.titles), pad=PAD), 0, 1))
        for text, says in zip([*self.titles, *self.lines], [*titles, *lines], strict=True):
            if text.get_text() != says:
                text.set_text(says)


class MethodsDrawing:
    """Base of a drawing: original and three pictures (above), a curve for each, and the last that were kept (below).

    A subclass has two functions of a snapshot `run`, which has `differences` (whether they are shown):
    `row(run)` returns four pictures of shape (side, side), the original first, their titles and their lines;
    `curve(run, number, now)` returns x, y and which of them is chosen, for the scale of the snapshot `now`.

    Args:
        side: of a picture, in pixels.
        size: of the figure, in inches.
        names: of the methods.
        n_kept: how many of the pictures, the last ones, are shown of what was kept.
        boxes: of the row, of the kept row, and of the curves alone and beside it, in shares of the figure.
    """

    def __init__(
        self, side: int, size: tuple[float, float], names: tuple[str, ...], *, n_kept: int, boxes: tuple[Box, ...]
    ) -> None:
        """Make all axes and artists once."""
        self.frame, self.boxes = plots.Frame(*size), boxes
        self.now = PictureRow(self.frame, 4, side)
        self.before, self.laid = PictureRow(self.frame, n_kept, side, moves=False), None
        self.axes = self.frame.figure.add_axes((0, 0, 1, 1))
        self.ghosts = [plots.draw_curve(self.axes, [], log=False, number=n, dashed=True) for n in range(3)]
        self.lines = [plots.draw_curve(self.axes, [], log=False, number=n, label=name) for n, name in enumerate(names)]
        looks = {"markersize": 8, "markeredgecolor": INK}
        self.marks = [self.axes.plot([], [], marker(n), color="white", **looks)[0] for n in range(3)]
        self.points = [self.axes.plot([], [], marker(n), color=colour(n), **looks)[0] for n in range(3)]
        self.legend = self.axes.get_legend()
        for number, handle in enumerate(self.legend.get_lines()):
            handle.set(marker=marker(number), markersize=6)
        self.axes.tick_params(labelsize=9)
        self.frame.moving(*self.ghosts, *self.lines, *self.marks, *self.points)

    def draw(self, snapshot: Any, kept: Any = None) -> None:
        """Bring every artist up to date."""
        row, kept_row, alone, beside = self.boxes
        set_box(self.now.axes, row)
        set_box(self.before.axes, None if kept is None else kept_row)
        set_box(self.axes, alone if kept is None else beside)
        self._show(self.now, *self.row(snapshot), differences=snapshot.differences)
        if kept is not None and self.laid != (id(kept), snapshot.differences):  # what stays is drawn once
            self.laid = (id(kept), snapshot.differences)
            self._show(self.before, *self.row(kept), differences=snapshot.differences)
        for number in range(3):
            self._lay(snapshot, number, snapshot, self.lines[number], self.points[number])
            self._lay(kept, number, snapshot, self.ghosts[number], self.marks[number])

    def _show(self, row: PictureRow, pictures: list, titles: list, lines: list, *, differences: bool) -> None:
        if differences:
            pictures = [pictures[0], *(difference(picture, pictures[0]) for picture in pictures[1:])]
        if row is self.before:  # narrow: the row above says whether they are differences
            titles = [f"kept: {title}" for title in titles]
        elif differences:
            titles = [titles[0], *(f"{title}: difference × {LOUDER}" for title in titles[1:])]
        n = len(row.lines)
        row.draw(pictures[-n:], titles[-n:], lines[-n:])

    def _lay(self, run: Any, number: int, now: Any, line: Any, point: Any) -> None:
        x, y, chosen = ([], [], slice(0)) if run is None else self.curve(run, number, now)
        line.set_data(x, y)
        point.set_data(x[chosen], y[chosen])


def difference(picture: np.ndarray, original: np.ndarray) -> np.ndarray:
    """What a picture has more (brighter) or less (darker) than the original, LOUDER times; middle grey is none."""
    return 0.5 + LOUDER * (picture - original)
