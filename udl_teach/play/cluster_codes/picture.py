"""The picture of deep clustering: codes in mixtures of their clusters' colours, centres, arrows, and two curves."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from udl_teach import plots
from udl_teach.play.cluster_codes.run import MOST
from udl_teach.play.cluster_codes.snapshot import Snapshot
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
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
        set_limits(self.axes, *_limits(np.concatenate([snapshot.codes, snapshot.centres])))
        nearest, mixtures = snapshot.q.argmax(axis=1), snapshot.q @ PALETTE[: snapshot.q.shape[1]]
        for number in range(MOST):
            self.groups[number].set_offsets(snapshot.codes[nearest == number])
            self.groups[number].set_facecolor(mixtures[nearest == number])
            self.centres[number].set_offsets(snapshot.centres[number : number + 1])
        self.arrows.set_segments(arrow_lines(*snapshot.arrows))
        self.says.set_text(f"step {snapshot.index:,}" + (": collapsed into one cluster" if snapshot.collapsed else ""))


class Drawing:
    """The run (left), the kept run (middle, where there is one) and the curves (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame()
        self.now, self.before = Panel(self.frame), Panel(self.frame)
        self.held: int | None = None
        self.curves = self.frame.figure.add_axes((0, 0, 1, 1))
        self.lines = [
            plots.draw_curve(self.curves, [], label=label, log=False, number=number, dashed=dashed)
            for label, number, dashed in (
                ("accuracy", 0, False),
                ("labels changed", 1, False),
                ("_", 0, True),
                ("_", 1, True),
            )
        ]
        self.curves.set_xlabel("step", fontsize=9)
        self.curves.tick_params(labelsize=8)
        self.curves.legend(fontsize=7, loc="center right", frameon=False)
        self.frame.moving(*self.lines)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        wide = kept is None
        set_box(self.now.axes, (0.02, 0.07, 0.5, 0.85) if wide else (0.015, 0.12, 0.315, 0.78))
        set_box(self.before.axes, None if wide else (0.345, 0.12, 0.315, 0.78))
        set_box(self.curves, (0.59, 0.14, 0.39, 0.76) if wide else (0.72, 0.14, 0.25, 0.76))
        self.now.draw(snapshot, "codes, this run")
        if kept is not None:
            self.before.draw(kept, "codes, kept run")
        set_title(self.curves, "at target updates" if wide else "dashed: kept run")
        nothing = np.zeros((0, 3))
        for place, run in enumerate((snapshot, kept)):
            step, changed, accuracy = (nothing if run is None else run.updates).T
            self.lines[2 * place].set_data(step, accuracy)
            self.lines[2 * place + 1].set_data(step, changed)
        longest = max((run.updates[:, 0] for run in (snapshot, kept) if run is not None), key=lambda steps: steps[-1])
        set_limits(self.curves, roomy(longest, [1.0], log=False, least=200)[0], (-0.02, 1.02))

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


def arrow_lines(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Each arrow as one line: shaft to the tip, and back over both sides of its head; shape (m, 5, 2)."""
    along = 0.3 * (end - start)
    across = 0.5 * along[:, ::-1] * (-1, 1)
    return np.stack([start, end, end - along + across, end, end - along - across], axis=1)


def _limits(places: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    # Limits that change rarely: a few sizes, a few places; the units of a code mean nothing anyway.
    low, high = places.min(axis=0), places.max(axis=0)
    reach = 2.0 ** (np.ceil(2 * np.log2(max(float((high - low).max()) / 1.8, 1e-3))) / 2)
    middle = np.round((low + high) / 2 / reach * 4) * reach / 4
    return tuple((float(centre - reach), float(centre + reach)) for centre in middle)
