"""The picture of a denoiser at work: original, noisy and cleaned by two, and how well over the noise's strength."""

import numpy as np

from udl_teach import plots
from udl_teach.play.denoiser.run import MOST
from udl_teach.play.denoiser.snapshot import Snapshot
from udl_teach.play.picture_row import LOUDER, PictureRow, difference
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour, marker

LOW, HIGH = 5.0, 40.0
WHOLE = (0.01, 0.53, 0.98, 0.415)
CURVES = ("noisy", "denoiser", "rival")


class Drawing:
    """Four pictures (above), the curves, and what was kept beside them (below)."""

    def __init__(self, side: int) -> None:
        """Make all axes and artists once, for pictures of `side` pixels."""
        self.frame = plots.Frame(8.4, 5.2)
        self.now, self.before = PictureRow(self.frame, 4, side), PictureRow(self.frame, 2, side, moves=False)
        self.laid: tuple | None = None
        self.axes = self.frame.figure.add_axes((0, 0, 1, 1))
        self.ghosts = [plots.draw_curve(self.axes, [], log=False, number=n, dashed=True) for n in range(3)]
        self.lines = [plots.draw_curve(self.axes, [], log=False, number=n, label=name) for n, name in enumerate(CURVES)]
        self.points = [
            self.axes.plot([], [], marker(n), color=colour(n), markersize=7, markeredgecolor=INK)[0] for n in range(3)
        ]
        self.points[1].set_zorder(self.points[2].get_zorder() + 1)  # a triangle leaves a square below it to be seen
        self.axes.tick_params(labelsize=8)
        self.axes.set_xlabel("strength of the noise", fontsize=9, color=INK)
        set_limits(self.axes, (0, MOST + 0.01), (LOW, HIGH))
        self.frame.moving(*self.ghosts, *self.lines, *self.points)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        left, bottom, width, height = WHOLE
        self.now.place(WHOLE)
        self.before.place(None if kept is None else (left + width / 2, 0.035, width / 2, height))
        set_box(self.axes, (0.07, 0.1, 0.9 if kept is None else 0.41, 0.325))
        set_title(self.axes, "PSNR in decibels" + ("" if kept is None else ", dashed: kept"))
        self._name_rival(snapshot.rival)
        names = ("original", "noisy", "denoiser", snapshot.rival)
        self.now.draw(*_row(snapshot, names, snapshot.differences))
        if kept is not None and self.laid != (id(kept), snapshot.differences):  # what stays is drawn once
            self.laid = (id(kept), snapshot.differences)
            names = ("", "", "kept: denoiser", f"kept: {kept.rival}")
            pictures, _, lines = _row(kept, names, snapshot.differences)
            self.before.draw(pictures[2:], list(names[2:]), lines[2:])
        for number in range(3):
            self.lines[number].set_data(snapshot.strengths, np.minimum(snapshot.curves[:, number], HIGH))
            self.points[number].set_data([snapshot.strength], [min(snapshot.cleaned.psnr[number], HIGH)])
            self.ghosts[number].set_data([], [])
            if kept is not None:
                self.ghosts[number].set_data(kept.strengths, np.minimum(kept.curves[:, number], HIGH))

    def _name_rival(self, name: str) -> None:
        text = self.axes.get_legend().get_texts()[2]
        if text.get_text() != name:
            text.set_text(name)
            self.frame.figure.stale = True  # a legend's text does not say so itself


def _row(
    snapshot: Snapshot, names: tuple[str, ...], differences: bool
) -> tuple[list[np.ndarray], list[str], list[str]]:
    """Pictures, titles and lines of a snapshot."""
    original = snapshot.cleaned.original[0]
    pictures = [original, *(state[0] for state in snapshot.cleaned.states)]
    titles = list(names)
    if differences:
        pictures[1:] = [difference(picture, original) for picture in pictures[1:]]
        titles[1:] = [f"{name}: difference × {LOUDER}" for name in names[1:]]
    scores = [
        f"{psnr:.1f} dB · SSIM {ssim:.2f}"
        for psnr, ssim in zip(snapshot.cleaned.psnr, snapshot.cleaned.ssim, strict=True)
    ]
    return pictures, titles, [snapshot.picture.replace("_", " "), *scores]
