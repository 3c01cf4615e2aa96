"""A row of pictures of one size as one image, with a title over each and a line under it."""

from typing import Any

import numpy as np

from udl_teach import plots
from udl_teach.plots.figures import quiet_axes, set_box
from udl_teach.plots.style import INK

PAD = 2
# Differences are drawn so many times as strong, about the grey that stands for none.
LOUDER = 3


class PictureRow:
    """Pictures side by side.

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

    def place(self, box: tuple[float, float, float, float] | None) -> None:
        """Where the row stands in the figure, or that it is not seen (None)."""
        set_box(self.axes, box)

    def draw(self, pictures: Any, titles: list[str], lines: list[str]) -> None:
        """Show other pictures, each of shape (side, side); what lies outside [0, 1] is drawn as black or white."""
        self.wall.set_data(np.clip(plots.mosaic(np.stack(pictures), len(self.titles), pad=PAD), 0, 1))
        for text, says in zip([*self.titles, *self.lines], [*titles, *lines], strict=True):
            if text.get_text() != says:
                text.set_text(says)


def difference(picture: np.ndarray, original: np.ndarray) -> np.ndarray:
    """What a picture has more (brighter) or less (darker) than the original, LOUDER times; middle grey is none."""
    return 0.5 + LOUDER * (picture - original)
