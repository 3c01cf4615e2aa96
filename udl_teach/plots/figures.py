"""Figures without pyplot: nothing is shown by itself, nothing is kept alive, and nothing is shared between threads."""

import io
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from udl_teach.plots.scene import scene
from udl_teach.plots.style import INK, PAPER

DPI = 90
# (left, bottom, width, height) in shares of the figure.
Box = tuple[float, float, float, float]


def new_figure(width: float = 6.0, height: float = 4.0, *, dpi: float = DPI) -> Figure:
    """A figure of `width` x `height` inches, white also on a dark page, that belongs to nobody but its caller."""
    figure = Figure(figsize=(width, height), dpi=dpi, facecolor=PAPER)
    FigureCanvasAgg(figure)
    return figure


class Frame:
    """A figure that is drawn many times: what stays is drawn once, what moves is drawn anew on top of it.

    Drawing a figure whole takes three times as long as drawing what moves. Matplotlib marks a figure as stale when
    anything in it changes except artists that are "animated"; so limits, titles or axes that change cost one whole
    drawing by themselves, and nothing has to be told to the frame.

    Args:
        width: inches.
        height: inches.
        dpi: pixels an inch.
        few_colours: whether 256 colours are enough, as they are for lines and marks on white (not for images and
            scales). The picture then has a third of the bytes, and a browser shows a third more of them a second.
    """

    def __init__(self, width: float = 8.4, height: float = 3.9, *, dpi: float = DPI, few_colours: bool = False) -> None:
        """Make the figure, empty."""
        self.few_colours = few_colours
        self.figure = new_figure(width, height, dpi=dpi)
        self._moving: list[Artist] = []
        self._ground: Any = None
        self.ground_number = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.figure.canvas.get_width_height()

    @property
    def shows_images(self) -> bool:
        """Whether an image or a heat map is in sight."""
        seen = (axes for axes in self.figure.axes if axes.get_visible())
        return any(image.get_visible() for axes in seen for image in axes.images)

    def moving(self, *artists: Artist) -> None:
        """Name the artists that change from picture to picture; they are drawn over everything that stays."""
        for artist in artists:
            artist.set_animated(True)
        # A stable sort: of artists on one level the one named first is drawn first, as in any figure.
        self._moving = sorted([*self._moving, *artists], key=lambda artist: artist.get_zorder())

    def settle(self) -> int:
        """Draw what stays anew if it has changed; returns a number that grows whenever it has."""
        canvas = self.figure.canvas
        if self._ground is None or self.figure.stale:
            canvas.draw()
            self._ground = canvas.copy_from_bbox(self.figure.bbox)
            self.ground_number += 1
        return self.ground_number

    def ground(self) -> bytes:
        """What stays, as the bytes of a PNG file."""
        self.settle()
        self.figure.canvas.restore_region(self._ground)
        return _encoded(self.figure.canvas, few_colours=self.few_colours)

    def commands(self) -> list[dict] | None:
        """What moves, as arrays that a browser draws; None where it cannot (see `plots.scene`)."""
        return scene(self._moving)

    def png(self) -> bytes:
        """The figure as it now is, as the bytes of a PNG file."""
        canvas = self.figure.canvas
        self.settle()
        canvas.restore_region(self._ground)
        for artist in self._moving:
            if artist.axes.get_visible():
                artist.axes.draw_artist(artist)
        return _encoded(canvas, few_colours=self.few_colours)


def _encoded(canvas: FigureCanvasAgg, *, few_colours: bool = False) -> bytes:
    # Matplotlib needs Pillow, so it is there. Level 1: half the time of Matplotlib's own PNG for a tenth more bytes.
    from PIL import Image

    picture = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    picture = picture.convert("RGB")
    if few_colours:
        picture = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        # The nearly white that it finds for white is put right, so that no edge is seen on a white page.
        picture.putpalette([255 if part > 252 else part for part in picture.getpalette()])
    file = io.BytesIO()
    picture.save(file, "png", compress_level=1)
    return file.getvalue()


def quiet_axes(axes: Any, title: str = "", *, frame: bool = True) -> Any:
    """Axes without ticks: for images, and for maps whose units mean nothing."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title(title, fontsize=10, color=INK)
    for side in axes.spines.values():
        side.set_visible(frame)
    return axes


def set_limits(axes: Any, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Set both limits, and only where they differ: a limit that is set again would cost a whole drawing."""
    if not np.allclose(axes.get_xlim(), x, rtol=1e-9, atol=0.0):
        axes.set_xlim(x)
    if not np.allclose(axes.get_ylim(), y, rtol=1e-9, atol=0.0):
        axes.set_ylim(y)


def set_box(axes: Any, box: Box | None) -> None:
    """Place axes, or hide them (None)."""
    set_new(axes, visible=box is not None)
    if box is not None and not np.allclose(axes.get_position(original=True).bounds, box):
        axes.set_position(box)


def set_title(axes: Any, title: str) -> None:
    """Set a title, and only where it differs."""
    if axes.get_title() != title:
        axes.set_title(title, fontsize=10, color=INK)


def set_new(artist: Artist, **properties: Any) -> None:
    """Set properties of an artist that stays, and only where one differs."""
    if any(getattr(artist, f"get_{name}")() != value for name, value in properties.items()):
        artist.set(**properties)


def set_legend_text(legend: Any, place: int, text: str) -> None:
    """Set one of a legend's texts, only where it differs; by itself that would not mark the figure as stale."""
    if legend.get_texts()[place].get_text() != text:
        legend.get_texts()[place].set_text(text)
        legend.figure.stale = True
