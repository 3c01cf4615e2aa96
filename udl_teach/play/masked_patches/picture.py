"""The picture: originals, masked pictures and what fills them in, and the errors along the run."""

import numpy as np

from udl_teach import plots
from udl_teach.play.masked_patches.run import GRID, METHODS, SHOWN, SIDE
from udl_teach.play.masked_patches.snapshot import Snapshot
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_title
from udl_teach.plots.style import INK

ROWS = ("original", "masked", "filled in", "neighbours")
PAD = 2
# A masked patch, and the tint of what is filled in: colours, where what is visible is grey.
MASKED, TINT = np.array([0.53, 0.72, 0.9]), np.array([[0.1, 0.2, 0.35], [0.75, 0.9, 1.0]])


class Panel:
    """One run: a wall of pictures, one row for each of ROWS."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.wall = plots.draw_images(self.axes, np.zeros((len(ROWS) * SHOWN, 3, SIDE, SIDE)), SHOWN, pad=PAD)
        self.axes.set_yticks(PAD + SIDE / 2 + (SIDE + PAD) * np.arange(len(ROWS)), ROWS, fontsize=9, color=INK)
        self.axes.tick_params(axis="y", length=0)
        self.step = self.axes.text(0, -0.02, "", transform=self.axes.transAxes, fontsize=9, color=INK, va="top")
        frame.moving(self.wall, self.step)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        self.step.set_text(f"step {snapshot.index:,}")
        original, filled, interpolated = np.clip(snapshot.pictures, 0, 1)[..., None]
        hidden = snapshot.hidden[:, :, None]
        rows = [np.repeat(original, 3, axis=-1), np.where(hidden, MASKED, original)]
        rows += [np.where(hidden, TINT[0] + one * (TINT[1] - TINT[0]), one) for one in (filled, interpolated)]
        self.wall.set_data(plots.mosaic(np.moveaxis(np.concatenate(rows), -1, 1), SHOWN, pad=PAD))


class Drawing(TwoRuns):
    """This run (left), the kept run (middle, where there is one) and the errors (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            alone=((0.095, 0.07, 0.46, 0.85), (0.635, 0.14, 0.345, 0.68)),
            beside=((0.095, 0.1, 0.265, 0.78), (0.37, 0.1, 0.265, 0.78), (0.7, 0.14, 0.28, 0.68)),
        )
        self.before.axes.set_yticks([])
        common = {"names": METHODS, "log": False, "limits_of": lambda values: np.minimum(values, 0.2)}
        self.curves.append(Curve(self.frame, lambda run: run.curves, least=200, **common))
        self.curves[0].axes.set_title("error per masked pixel", fontsize=10, color=INK, pad=20)


def patch_at(x: float, y: float) -> int:
    """Number of the patch at a place of the wall, counted row by row in its image."""
    place = [min(int((one - PAD) % (SIDE + PAD)), SIDE - 1) // (SIDE // GRID) for one in (y, x)]
    return place[0] * GRID + place[1]


def toggled(snapshot: Snapshot, patch: int) -> str:
    """The text of the mask in which a patch is masked or visible, whichever it is not now; one of each must be left."""
    mask = snapshot.mask.ravel().copy()
    mask[patch] = ~mask[patch]
    if mask.all() or not mask.any():
        mask = snapshot.mask.ravel()
    return " ".join(map(str, np.flatnonzero(mask)))
