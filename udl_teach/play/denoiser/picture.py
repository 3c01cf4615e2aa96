"""The picture of a denoiser at work: original, noisy and cleaned by two, and how well over the noise's strength."""

import numpy as np

from udl_teach.play.denoiser.run import MOST
from udl_teach.play.denoiser.snapshot import Snapshot
from udl_teach.play.picture_row import MethodsDrawing
from udl_teach.plots.figures import set_limits, set_title
from udl_teach.plots.style import INK

LOW, HIGH = 5.0, 40.0


class Drawing(MethodsDrawing):
    """Noisy picture, denoiser and rival, and their PSNR."""

    def __init__(self, side: int) -> None:
        """Make all axes and artists once, for pictures of `side` pixels."""
        boxes = (
            (0.01, 0.53, 0.98, 0.415),
            (0.5, 0.035, 0.49, 0.415),
            (0.07, 0.1, 0.9, 0.325),
            (0.07, 0.1, 0.41, 0.325),
        )
        super().__init__(side, (8.4, 5.2), ("noisy", "denoiser", "rival"), n_kept=2, boxes=boxes)
        self.points[1].set_zorder(self.points[2].get_zorder() + 1)  # a triangle leaves a square below it to be seen
        self.axes.set_xlabel("strength of the noise", fontsize=9, color=INK)
        set_limits(self.axes, (0, MOST + 0.01), (LOW, HIGH))

    def row(self, run: Snapshot) -> tuple[list[np.ndarray], list[str], list[str]]:
        """Pictures, titles and lines."""
        cleaned = run.cleaned
        pictures = [cleaned.original[0], *(state[0] for state in cleaned.states)]
        scores = [f"{psnr:.1f} dB · SSIM {ssim:.2f}" for psnr, ssim in zip(cleaned.psnr, cleaned.ssim, strict=True)]
        return pictures, ["original", "noisy", "denoiser", run.rival], [run.picture.replace("_", " "), *scores]

    def curve(self, run: Snapshot, number: int, now: Snapshot) -> tuple[np.ndarray, ...]:
        """The PSNR at the strengths that were visited."""
        return run.strengths, np.minimum(run.curves[:, number], HIGH), run.strengths == run.strength

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        super().draw(snapshot, kept)
        set_title(self.axes, "PSNR in decibels" + ("" if kept is None else ", dashed: kept"))
        rival = self.legend.get_texts()[2]
        if rival.get_text() != snapshot.rival:
            rival.set_text(snapshot.rival)
            self.frame.figure.stale = True  # a legend's text does not say so itself
