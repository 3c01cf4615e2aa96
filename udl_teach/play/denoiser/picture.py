"""The picture of a denoiser at work: original, noisy and cleaned by two, and how well over the noise's strength."""

from dataclasses import dataclass

import numpy as np

from udl_teach import plots
from udl_teach.play.denoising_run import MOST, Cleaned
from udl_teach.play.picture_row import LOUDER, PictureRow, difference
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour, marker

LOW, HIGH = 5.0, 40.0
WHOLE = (0.01, 0.53, 0.98, 0.415)
CURVES = ("noisy", "denoiser", "rival")


@dataclass(frozen=True)
class Look:
    """The numbers of one moment.

    Attributes:
        picture: its name.
        noise: the kind of noise.
        strength: of the noise, as it is set.
        knows: where the strength told comes from.
        rival: its name.
        trained: what noise the denoiser was trained on, or None where that is not known.
        reach: the strongest noise that it was trained on, or None.
        cleaned: the picture in its four states, and how good they are.
        strengths: those visited so far, in order, shape (k,).
        curves: PSNR of noisy, denoised and rival there, shape (k, 3).
        differences: whether differences are shown instead of pictures.
    """

    picture: str
    noise: str
    strength: float
    knows: str
    rival: str
    trained: str | None
    reach: float | None
    cleaned: Cleaned
    strengths: np.ndarray
    curves: np.ndarray
    differences: bool


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

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        left, bottom, width, height = WHOLE
        self.now.place(WHOLE)
        self.before.place(None if kept is None else (left + width / 2, 0.035, width / 2, height))
        set_box(self.axes, (0.07, 0.1, 0.9 if kept is None else 0.41, 0.325))
        set_title(self.axes, "PSNR in decibels" + ("" if kept is None else ", dashed: kept"))
        self._name_rival(look.rival)
        names = ("original", "noisy", "denoiser", look.rival)
        self.now.draw(*_row(look, names, look.differences))
        if kept is not None and self.laid != (id(kept), look.differences):  # what stays is drawn once
            self.laid = (id(kept), look.differences)
            names = ("", "", "kept: denoiser", f"kept: {kept.rival}")
            pictures, _, lines = _row(kept, names, look.differences)
            self.before.draw(pictures[2:], list(names[2:]), lines[2:])
        for number in range(3):
            self.lines[number].set_data(look.strengths, np.minimum(look.curves[:, number], HIGH))
            self.points[number].set_data([look.strength], [min(look.cleaned.psnr[number], HIGH)])
            self.ghosts[number].set_data([], [])
            if kept is not None:
                self.ghosts[number].set_data(kept.strengths, np.minimum(kept.curves[:, number], HIGH))

    def _name_rival(self, name: str) -> None:
        text = self.axes.get_legend().get_texts()[2]
        if text.get_text() != name:
            text.set_text(name)
            self.frame.figure.stale = True  # a legend's text does not say so itself


def _row(look: Look, names: tuple[str, ...], differences: bool) -> tuple[list[np.ndarray], list[str], list[str]]:
    """Pictures, titles and lines of a look."""
    original = look.cleaned.original[0]
    pictures = [original, *(state[0] for state in look.cleaned.states)]
    titles = list(names)
    if differences:
        pictures[1:] = [difference(picture, original) for picture in pictures[1:]]
        titles[1:] = [f"{name}: difference × {LOUDER}" for name in names[1:]]
    scores = [
        f"{psnr:.1f} dB · SSIM {ssim:.2f}" for psnr, ssim in zip(look.cleaned.psnr, look.cleaned.ssim, strict=True)
    ]
    return pictures, titles, [look.picture.replace("_", " "), *scores]
