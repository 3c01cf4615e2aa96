"""The picture of three codecs at equal bytes: what comes back, and quality over bits per pixel."""

from dataclasses import replace

import numpy as np
from matplotlib.lines import Line2D

from udl_teach import plots
from udl_teach.play.picture_row import LOUDER, PictureRow, difference
from udl_teach.play.rate_distortion.run import NAMES, RATES
from udl_teach.play.rate_distortion.snapshot import Snapshot
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour, marker

WHOLE = (0.009, 0.565, 0.982, 0.389)
SCORES = {"PSNR": "PSNR in decibels", "SSIM": "structural similarity (SSIM)"}


class Drawing:
    """Original and three that came back (above), the curves, and what was kept beside them (below)."""

    def __init__(self, side: int) -> None:
        """Make all axes and artists once, for pictures of `side` pixels."""
        self.frame = plots.Frame(8.8, 5.6)
        self.now = PictureRow(self.frame, 4, side)
        self.before, self.laid = PictureRow(self.frame, 3, side, moves=False), None
        self.axes = self.frame.figure.add_axes((0, 0, 1, 1))
        self.ghosts = [plots.draw_curve(self.axes, [], log=False, number=n, dashed=True) for n in range(3)]
        self.lines = [plots.draw_curve(self.axes, [], log=False, number=n, label=name) for n, name in enumerate(NAMES)]
        for line in self.lines:
            line.set(marker=".", markersize=5)
        looks = {"markersize": 8, "markeredgecolor": INK}
        self.marks = [self.axes.plot([], [], marker(n), color="white", **looks)[0] for n in range(3)]
        self.points = [self.axes.plot([], [], marker(n), color=colour(n), **looks)[0] for n in range(3)]
        legend = self.axes.legend(handles=self.lines, loc="lower right", fontsize=8, frameon=False)
        for handle, point in zip(legend.get_lines(), self.points, strict=True):
            handle.set(marker=point.get_marker(), markersize=6)
        self.axes.tick_params(labelsize=8)
        self.axes.set_xlabel("bits per pixel", fontsize=9, color=INK)
        self.frame.moving(*self.ghosts, *self.lines, *self.marks, *self.points)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        left, bottom, width, height = WHOLE
        self.now.place(WHOLE)
        self.before.place(None if kept is None else (left + width / 4, 0.07, 0.75 * width, height))
        set_box(self.axes, (0.06, 0.09, 0.925, 0.335) if kept is None else (0.06, 0.12, 0.18, 0.3))
        set_title(self.axes, SCORES[snapshot.score] if kept is None else f"{snapshot.score}, dashed: kept")
        self.now.draw(*_row(snapshot, snapshot.differences))
        if kept is not None and self.laid != (id(kept), snapshot.differences):  # what stays is drawn once
            self.laid = (id(kept), snapshot.differences)
            pictures, titles, lines = (parts[1:] for parts in _row(kept, snapshot.differences))
            self.before.draw(pictures, [f"kept: {title}" for title in titles], lines)
        for name, line, point, ghost, mark in zip(NAMES, self.lines, self.points, self.ghosts, self.marks, strict=True):
            _lay(snapshot, snapshot, name, line, point)
            _lay(kept, snapshot, name, ghost, mark)
        values = np.concatenate([line.get_ydata() for line in (*self.lines, *self.ghosts)])
        self._set_limits(values[np.isfinite(values)], 5.0 if snapshot.score == "PSNR" else 0.1)

    def _set_limits(self, values: np.ndarray, unit: float) -> None:
        low, high = (np.floor(values.min() / unit), np.ceil(values.max() / unit)) if len(values) else (0.0, 1.0)
        set_limits(self.axes, (0, RATES[-1] + 0.1), (float(low) * unit, float(max(high, low + 1)) * unit))


def _lay(shown: Snapshot | None, snapshot: Snapshot, name: str, line: Line2D, point: Line2D) -> None:
    """Lay a snapshot's curve and chosen point, by the score that is looked at now; None leaves both empty."""
    rates, values = (np.zeros(0), np.zeros(0)) if shown is None else replace(shown, score=snapshot.score).line(name)
    chosen = slice(0, 0) if shown is None else slice(shown.place, shown.place + 1)
    line.set_data(rates, values)
    point.set_data(rates[chosen], values[chosen])


def _row(snapshot: Snapshot, differences: bool) -> tuple[list[np.ndarray], list[str], list[str]]:
    """Pictures, titles and lines of a snapshot."""
    original = snapshot.curves.image[0]
    pictures, titles = [point.picture[0] for point in snapshot.points], list(NAMES)
    if differences:
        pictures = [difference(picture, original) for picture in pictures]
        titles = [f"{name}: difference × {LOUDER}" for name in NAMES]
    lines = [
        f"{point.size:,} bytes · {point.bits_per_pixel:.2f} bits/pixel\n{point.psnr:.1f} dB · SSIM {point.ssim:.2f}"
        for point in snapshot.points
    ]
    name = snapshot.picture.replace("_", " ")
    return [original, *pictures], ["original", *titles], [f"{original.size:,} bytes · 8 bits/pixel\n{name}", *lines]
