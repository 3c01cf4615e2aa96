"""The picture of deep clustering: codes in mixtures of their clusters' colours, centres, arrows, and two curves."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from udl_teach import plots
from udl_teach.play.cluster_codes.run import MOST
from udl_teach.play.cluster_codes.snapshot import Snapshot
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_limits, set_title
from udl_teach.plots.points import arrow_lines, steady_square
from udl_teach.plots.style import INK, colour, marker

PALETTE = np.array([to_rgb(colour(number)) for number in range(MOST)])
# A centre is taken hold of within this share of the picture's width.
NEAR = 0.06


class Panel:
    """The codes of one run: the mark says which cluster is nearest, the colour mixes them by the soft assignment."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        self.axes.set_aspect("equal")
        self.groups = [
            self.axes.scatter([], [], s=17, marker=marker(number), linewidths=0.2, edgecolors="#555555")
            for number in range(MOST)
        ]
        self.arrows = self.axes.add_collection(LineCollection([], linewidths=0.9, colors=INK, zorder=3))
        self.centres = [
            self.axes.scatter(
                [], [], s=150, c=colour(number), marker=marker(number), edgecolors=INK, linewidths=1.7, zorder=4
            )
            for number in range(MOST)
        ]
        self.says = self.axes.text(0.0, -0.015, "", transform=self.axes.transAxes, va="top", fontsize=9, color=INK)
        frame.moving(*self.groups, self.arrows, *self.centres, self.says)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        set_limits(self.axes, *steady_square(np.concatenate([snapshot.codes, snapshot.centres])))
        nearest, mixtures = snapshot.q.argmax(axis=1), snapshot.q @ PALETTE[: snapshot.q.shape[1]]
        for number in range(MOST):
            self.groups[number].set_offsets(snapshot.codes[nearest == number])
            self.groups[number].set_facecolor(mixtures[nearest == number])
            self.centres[number].set_offsets(snapshot.centres[number : number + 1])
        self.arrows.set_segments(arrow_lines(*snapshot.arrows))
        self.says.set_text(f"step {snapshot.index:,}" + (": collapsed into one cluster" if snapshot.collapsed else ""))


class Drawing(TwoRuns):
    """The run (left), the kept run (middle, where there is one) and, at the target's updates, two curves (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            alone=((0.02, 0.07, 0.5, 0.85), (0.59, 0.6, 0.39, 0.32), (0.59, 0.14, 0.39, 0.32)),
            beside=(
                (0.015, 0.12, 0.315, 0.78),
                (0.345, 0.12, 0.315, 0.78),
                (0.72, 0.6, 0.25, 0.3),
                (0.72, 0.14, 0.25, 0.3),
            ),
        )
        common = {"log": False, "least": 200, "limits_of": lambda values: np.ones(1)}
        accuracy = Curve(self.frame, lambda run: run.updates[:, [0, 2]].T, "accuracy", xlabel="", **common)
        changed = Curve(self.frame, lambda run: run.updates[:, :2].T, "share of labels changed", **common)
        self.curves += [accuracy, changed]
        self.held: int | None = None

    def touch(self, player: Any, _settings: dict, touch: Any) -> dict:
        """Take hold of a centre and move it; the handle's text says which one and where to."""
        if touch.axes is not self.now.axes:
            if touch.kind == "up":
                self.held = None
            return {}
        if touch.kind == "down":
            away = np.hypot(*(player.model.centres.detach().numpy() - (touch.x, touch.y)).T)
            self.held = int(away.argmin()) if away.min() < NEAR * np.ptp(self.now.axes.get_xlim()) else None
        held = self.held
        if touch.kind == "up":
            self.held = None
        return {} if held is None else {"dragged": f"{held} {touch.x:.4f} {touch.y:.4f}"}
