"""The picture of three codecs at equal bytes: what comes back, and quality over bits per pixel."""

import numpy as np

from udl_teach.play.picture_row import MethodsDrawing
from udl_teach.play.rate_distortion.run import NAMES, RATES
from udl_teach.play.rate_distortion.snapshot import Snapshot
from udl_teach.plots.figures import set_limits, set_title
from udl_teach.plots.style import INK

SCORES = {"PSNR": "PSNR in decibels", "SSIM": "structural similarity (SSIM)"}


class Drawing(MethodsDrawing):
    """The codec, JPEG and PCA, and their scores."""

    def __init__(self, side: int) -> None:
        """Make all axes and artists once, for pictures of `side` pixels."""
        boxes = (
            (0.009, 0.565, 0.982, 0.389),
            (0.2545, 0.07, 0.7365, 0.389),
            (0.06, 0.09, 0.925, 0.335),
            (0.06, 0.12, 0.18, 0.3),
        )
        super().__init__(side, (8.8, 5.6), NAMES, n_kept=3, boxes=boxes)
        for line in self.lines:
            line.set(marker=".", markersize=5)
        self.legend.set_loc("lower right")
        self.axes.set_xlabel("bits per pixel", fontsize=9, color=INK)

    def row(self, run: Snapshot) -> tuple[list[np.ndarray], list[str], list[str]]:
        """Pictures, titles and lines."""
        original, name = run.curves.image[0], run.picture.replace("_", " ")
        lines = [
            f"{one.size:,} bytes · {one.bits_per_pixel:.2f} bits/pixel\n{one.psnr:.1f} dB · SSIM {one.ssim:.2f}"
            for one in run.points
        ]
        return (
            [original, *(point.picture[0] for point in run.points)],
            ["original", *NAMES],
            [f"{original.size:,} bytes · 8 bits/pixel\n{name}", *lines],
        )

    def curve(self, run: Snapshot, number: int, now: Snapshot) -> tuple:
        """A codec's score at every rate, by the score that is looked at now."""
        points = run.curves.points[NAMES[number]]
        rates = np.array([point.bits_per_pixel for point in points])
        return rates, np.array([now.score_of(point) for point in points]), slice(run.place, run.place + 1)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        super().draw(snapshot, kept)
        set_title(self.axes, SCORES[snapshot.score] if kept is None else f"{snapshot.score}, dashed: kept")
        values = np.concatenate([line.get_ydata() for line in (*self.lines, *self.ghosts)])
        values, unit = values[np.isfinite(values)], 5.0 if snapshot.score == "PSNR" else 0.1
        low, high = (np.floor(values.min() / unit), np.ceil(values.max() / unit)) if len(values) else (0.0, 1.0)
        set_limits(self.axes, (0, RATES[-1] + 0.1), (float(low) * unit, float(max(high, low + 1)) * unit))
