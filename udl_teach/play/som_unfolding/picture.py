"""The picture of a sheet that unfolds: points, units and threads, what the last step did, and the errors so far."""

from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from udl_teach import plots
from udl_teach.play.points import Pen
from udl_teach.play.som_unfolding.run import FALL
from udl_teach.play.som_unfolding.snapshot import Snapshot
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_legend_text, set_limits, set_new, set_title
from udl_teach.plots.points import square_around
from udl_teach.plots.style import INK, colour

CLOUD, PULL, WAY = "#9FC3DE", colour(4), colour(0)
REACH = LinearSegmentedColormap.from_list("reach", ["#FFFFFF", colour(1)])
# Below so much of the pull on the best unit no arrow is drawn.
FELT = 0.02
# Arrows of the online rule are drawn so many times as long that a small rate still shows its pull.
LONGER = (1, 2, 5, 10, 20, 50, 100)
# Number of the mark in the online rule's legend that says so.
PULLS = 2


def arrows(start: np.ndarray, end: np.ndarray, head: float) -> np.ndarray:
    """Arrows as lines: (n, 2) and (n, 2) -> (n, 5, 2), with heads of at most `head` and a third of the arrow."""
    way = end - start
    length = np.sqrt((way**2).sum(axis=1, keepdims=True))
    back = way / np.maximum(length, 1e-12) * np.minimum(head, length / 3)
    across = 0.6 * np.stack([-back[:, 1], back[:, 0]], axis=1)
    return np.stack([start, end, end - back + across, end, end - back - across], axis=1)


def longer(snapshot: Snapshot) -> int:
    """How many times as long as the way of a unit its arrow is drawn."""
    if snapshot.sample is None:
        return 1
    return max(times for times in LONGER if times == 1 or times * snapshot.step.terms["learning_rate"] <= 0.4)


class Panel:
    """One sheet over its points, with what its last step did."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        self.axes.set_aspect("equal")
        self.axes.spines[:].set_color("#BBBBBB")
        nothing, self.points = np.zeros((0, 2)), None
        self.cloud = self.axes.scatter([], [], s=9, c=CLOUD, linewidths=0)
        self.sheet = plots.draw_sheet(self.axes, np.zeros((1, 1, 2)), colour="#6B6B6B", width=0.8)
        shades = {"c": [], "cmap": REACH, "vmin": 0, "vmax": 1, "edgecolors": INK, "linewidths": 0.6}
        self.units = self.axes.scatter([], [], s=20, zorder=4, **shades)
        self.dead = self.axes.scatter([], [], s=13, c="#595959", marker="x", linewidths=0.8, zorder=4)
        self.moves = plots.draw_links(self.axes, nothing, nothing)
        self.moves.set(zorder=3.5, joinstyle="miter", capstyle="round")
        self.best = self.axes.scatter([], [], s=120, facecolors="none", edgecolors=INK, linewidths=2.0, zorder=7)
        self.sample = self.axes.scatter([], [], s=230, c=INK, marker="*", edgecolors="white", linewidths=1.2, zorder=8)
        self.says = self.axes.text(0.0, -0.02, "", transform=self.axes.transAxes, va="top", fontsize=9, color=INK)
        frame.moving(self.sheet, self.units, self.dead, self.moves, self.best, self.sample, self.says)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        box = snapshot.box or square_around(snapshot.x)
        set_limits(self.axes, *box)
        if self.points is not snapshot.x:  # what stays is drawn once
            self.points = snapshot.x
            self.cloud.set_offsets(snapshot.x)
        self.sheet.set_segments(plots.sheet_segments(snapshot.weights, snapshot.topology, snapshot.wrap))
        places = snapshot.weights.reshape(-1, 2)
        self.units.set(offsets=places, array=snapshot.reach.ravel(), sizes=[np.clip(5000 / len(places), 12, 60)])
        self.dead.set_offsets(places[snapshot.hits.ravel() == 0])
        self._draw_step(snapshot, head=0.03 * (box[0][1] - box[0][0]))
        self.says.set_text(_numbers(snapshot))

    def _draw_step(self, snapshot: Snapshot, head: float) -> None:
        online = snapshot.sample is not None
        self.best.set_offsets(snapshot.weights.reshape(-1, 2)[[snapshot.unit]] if online else np.zeros((0, 2)))
        self.sample.set_offsets(snapshot.sample[None] if online else np.zeros((0, 2)))
        if snapshot.step is None:
            self.moves.set_segments(np.zeros((0, 5, 2)))
            return
        moved = (snapshot.felt > FELT) if online else np.ones(snapshot.felt.shape, dtype=bool)
        start, way = snapshot.before[moved], longer(snapshot) * (snapshot.weights - snapshot.before)[moved]
        self.moves.set_segments(arrows(start, start + way, head))
        self.moves.set_linewidth(0.4 + 1.2 * snapshot.felt[moved] if online else 0.9)
        self.moves.set_color(PULL if online else WAY)


ALONE = ((0.01, 0.115, 0.42, 0.815), (0.52, 0.61, 0.46, 0.31), (0.52, 0.225, 0.46, 0.31))
BESIDE = ((0.01, 0.175, 0.335, 0.73), (0.355, 0.175, 0.335, 0.73), (0.76, 0.61, 0.21, 0.31), (0.76, 0.225, 0.21, 0.31))


class Drawing(TwoRuns):
    """The run (left), the kept run (middle, where there is one) and the two errors (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(Panel, ALONE, BESIDE, few_colours=True)
        self.curves = [
            Curve(
                self.frame,
                lambda run, name=name: (run.epochs, getattr(run, name)),
                f"{name} error",
                xlabel=xlabel,
                log=False,
                least=5,
                limits_of=lambda values: np.append(values, 0.02),
            )
            for name, xlabel in (("quantization", ""), ("topographic", "epochs"))
        ]
        for curve in self.curves:
            curve.now[0].set(marker="o", markersize=4, markevery=[-1])
        self.curves[0].axes.tick_params(labelbottom=False)
        self.pen = Pen(self.frame, self.now.axes)
        self.legends = {rule: _legend(self.frame.figure, rule) for rule in FALL}

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        super().draw(snapshot, kept)
        for rule, legend in self.legends.items():
            set_new(legend, visible=rule == snapshot.rule)
        says = "pull" if longer(snapshot) == 1 else f"pull, {longer(snapshot)} x as long"
        set_legend_text(self.legends["online"], PULLS, says)


def _legend(figure: Figure, rule: str) -> Legend:
    empty = _mark("x", 5, "none", "unit without points", "#595959")
    marks = {
        "online": (
            _mark("*", 12, INK, "sample"),
            _mark("o", 9, "none", "its best unit", markeredgewidth=2),
            Line2D([], [], color=PULL, linewidth=1.6, label="pull"),
            _mark("o", 6, colour(1), "unit that learns"),
            empty,
        ),
        "batch": (
            _mark("o", 6, "white", "unit"),
            Line2D([], [], color=WAY, linewidth=1.4, label="its way in this epoch"),
            empty,
        ),
    }[rule]
    close = {"handletextpad": 0.5, "handlelength": 1.4, "columnspacing": 1.2, "borderaxespad": 0.2}
    return figure.legend(handles=marks, loc="lower right", ncols=len(marks), fontsize=9, frameon=False, **close)


def _mark(marker: str, size: float, face: str, label: str, edge: str = INK, **more: Any) -> Line2D:
    looks = {"marker": marker, "markersize": size, "color": face, "markeredgecolor": edge}
    return Line2D([], [], linestyle="none", label=label, **looks, **more)


def _numbers(snapshot: Snapshot) -> str:
    done = "start" if snapshot.step is None else f"step {snapshot.step.index:,}"
    rate = f" · rate {snapshot.rate:.2g}" if snapshot.rule == "online" else ""
    return f"{done} · radius {snapshot.radius:.2f}{rate}"
