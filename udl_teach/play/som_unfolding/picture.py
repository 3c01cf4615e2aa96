"""The picture of a sheet that unfolds: points, units and threads, what the last step did, and the errors so far."""

from dataclasses import dataclass

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from udl_teach import plots
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour
from udl_teach.training import Step

CLOUD, PULL, WAY = "#9FC3DE", colour(4), colour(0)
REACH = LinearSegmentedColormap.from_list("reach", ["#FFFFFF", colour(1)])
# Below so much of the pull on the best unit no arrow is drawn.
FELT = 0.02
# Arrows of the online rule are drawn so many times as long that a small rate still shows its pull.
LONGER = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Look:
    """The numbers of one moment.

    Attributes:
        step: the last step, or None.
        rule: "batch" or "online".
        start: name of the start.
        falling: whether radius and rate fall by themselves.
        radius: held by hand as its slider stands, else of the last step (before it, of the first).
        rate: as radius.
        passes: at each noted moment, passes over the data, shape (k,).
        quantization: error at each noted moment, the present one last, shape (k,).
        topographic: error at each noted moment, the present one last, shape (k,).
        x: the points, shape (n, 2).
        before: where the units were before the last step, shape (rows, columns, 2).
        weights: where they are, shape (rows, columns, 2).
        topology: "rectangular" or "hexagonal".
        wrap: whether the grid goes round its edges.
        sample: the point of the last online step, shape (2,), or None.
        unit: number of its best unit, or None.
        felt: share of the sample's pull that each unit felt, shape (rows, columns); zeros without a sample.
        reach: the same share at the present radius, shape (rows, columns).
        hits: points whose best unit each is, shape (rows, columns).
    """

    step: Step | None
    rule: str
    start: str
    falling: bool
    radius: float
    rate: float
    passes: np.ndarray
    quantization: np.ndarray
    topographic: np.ndarray
    x: np.ndarray
    before: np.ndarray
    weights: np.ndarray
    topology: str
    wrap: bool
    sample: np.ndarray | None
    unit: int | None
    felt: np.ndarray
    reach: np.ndarray
    hits: np.ndarray


def arrows(start: np.ndarray, end: np.ndarray, head: float) -> np.ndarray:
    """Arrows as lines: (n, 2) and (n, 2) -> (n, 5, 2), with heads of at most `head` and a third of the arrow."""
    way = end - start
    length = np.sqrt((way**2).sum(axis=1, keepdims=True))
    back = way / np.maximum(length, 1e-12) * np.minimum(head, length / 3)
    across = 0.6 * np.stack([-back[:, 1], back[:, 0]], axis=1)
    return np.stack([start, end, end - back + across, end, end - back - across], axis=1)


def longer(look: Look) -> int:
    """How many times as long as the way of a unit its arrow is drawn."""
    if look.sample is None:
        return 1
    return max(times for times in LONGER if times == 1 or times * look.step.terms["learning_rate"] <= 0.4)


def limits(x: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ends of a square that holds the points with some room."""
    middle = (x.max(axis=0) + x.min(axis=0)) / 2
    reach = max(0.56 * float(np.ptp(x, axis=0).max()), 1e-3)
    return tuple((float(centre - reach), float(centre + reach)) for centre in middle)


class Panel:
    """One sheet over its points, with what its last step did."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        self.axes.set_aspect("equal")
        for side in self.axes.spines.values():
            side.set_color("#BBBBBB")
        nothing = np.zeros((0, 2))
        self.points: np.ndarray | None = None
        self.cloud = self.axes.scatter([], [], s=9, c=CLOUD, linewidths=0)
        self.sheet = plots.draw_sheet(self.axes, np.zeros((1, 1, 2)), colour="#6B6B6B", width=0.8)
        self.units = self.axes.scatter(
            [], [], s=20, c=[], cmap=REACH, vmin=0, vmax=1, edgecolors=INK, linewidths=0.6, zorder=4
        )
        self.dead = self.axes.scatter([], [], s=13, c="#595959", marker="x", linewidths=0.8, zorder=4)
        self.moves = plots.draw_links(self.axes, nothing, nothing)
        self.moves.set(zorder=3.5, joinstyle="miter", capstyle="round")
        self.best = self.axes.scatter([], [], s=120, facecolors="none", edgecolors=INK, linewidths=2.0, zorder=7)
        self.sample = self.axes.scatter([], [], s=230, c=INK, marker="*", edgecolors="white", linewidths=1.2, zorder=8)
        self.says = self.axes.text(0.0, -0.02, "", transform=self.axes.transAxes, va="top", fontsize=9, color=INK)
        frame.moving(self.sheet, self.units, self.dead, self.moves, self.best, self.sample, self.says)

    def draw(self, look: Look, title: str) -> None:
        """Show a look."""
        set_title(self.axes, title)
        box = limits(look.x)
        set_limits(self.axes, *box)
        if self.points is not look.x:  # what stays is drawn once
            self.points = look.x
            self.cloud.set_offsets(look.x)
        self.sheet.set_segments(plots.sheet_segments(look.weights, look.topology, look.wrap))
        places = look.weights.reshape(-1, 2)
        size = float(np.clip(5000 / len(places), 12, 60))
        self.units.set(offsets=places, array=look.reach.ravel(), sizes=[size])
        self.dead.set_offsets(places[look.hits.ravel() == 0])
        self._draw_step(look, head=0.03 * (box[0][1] - box[0][0]))
        self.says.set_text(_numbers(look))

    def _draw_step(self, look: Look, head: float) -> None:
        online = look.sample is not None
        self.best.set_offsets(look.weights.reshape(-1, 2)[[look.unit]] if online else np.zeros((0, 2)))
        self.sample.set_offsets(look.sample[None] if online else np.zeros((0, 2)))
        if look.step is None:
            self.moves.set_segments(np.zeros((0, 5, 2)))
            return
        moved = (look.felt > FELT) if online else np.ones(look.felt.shape, dtype=bool)
        start, way = look.before[moved], longer(look) * (look.weights - look.before)[moved]
        self.moves.set_segments(arrows(start, start + way, head))
        self.moves.set_linewidth(0.4 + 1.2 * look.felt[moved] if online else 0.9)
        self.moves.set_color(PULL if online else WAY)


class Drawing:
    """The run (left), the kept run (middle, where there is one) and the two errors (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(few_colours=True)
        self.now, self.before = Panel(self.frame), Panel(self.frame)
        self.curves = []
        for title in ("quantization error", "topographic error"):
            axes = self.frame.figure.add_axes((0, 0, 1, 1))
            kept = plots.draw_curve(axes, [], label="kept", log=False, number=1, dashed=True)
            now = plots.draw_curve(axes, [], label="this run", log=False)
            now.set(marker="o", markersize=4, markevery=[-1])
            axes.tick_params(labelsize=8)
            axes.xaxis.get_major_locator().set_params(integer=True)
            set_title(axes, title)
            axes.set_xlabel("")
            self.frame.moving(kept, now)
            self.curves.append((axes, now, kept))
        self.curves[0][0].tick_params(labelbottom=False)
        self.curves[1][0].set_xlabel("passes over the data", fontsize=9, color=INK)
        self.legends = {rule: _legend(self.frame.figure, rule) for rule in MARKS}

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        wide = kept is None
        set_box(self.now.axes, (0.01, 0.115, 0.42, 0.815) if wide else (0.01, 0.175, 0.335, 0.73))
        set_box(self.before.axes, None if wide else (0.355, 0.175, 0.335, 0.73))
        left, width = (0.52, 0.46) if wide else (0.76, 0.21)
        for (axes, _, _), bottom in zip(self.curves, (0.61, 0.225), strict=True):
            set_box(axes, (left, bottom, width, 0.31))
        for rule, legend in self.legends.items():
            if legend.get_visible() != (rule == look.rule):
                legend.set_visible(rule == look.rule)
        pull = self.legends["online"].get_texts()[PULLS]
        says = "pull" if longer(look) == 1 else f"pull, {longer(look)} x as long"
        if pull.get_text() != says:
            pull.set_text(says)
            self.frame.figure.stale = True  # a legend's text does not say so itself
        self.now.draw(look, "this run")
        if kept is not None:
            self.before.draw(kept, "kept run")
        runs = [run for run in (look, kept) if run is not None]
        longest = max((run.passes for run in runs), key=lambda passes: passes[-1])
        for (axes, now, before), name in zip(self.curves, ("quantization", "topographic"), strict=True):
            if axes.get_legend().get_visible() == wide:
                axes.get_legend().set_visible(not wide)
            now.set_data(look.passes, getattr(look, name))
            before.set_data(*(([], []) if kept is None else (kept.passes, getattr(kept, name))))
            values = np.concatenate([getattr(run, name) for run in runs])
            set_limits(axes, *roomy(longest, np.append(values, 0.02), log=False, least=5))


POINT = {"linestyle": "none", "color": "none", "markeredgecolor": INK}
UNIT = {"marker": "o", "markersize": 6, **POINT}
EMPTY = {**POINT, "marker": "x", "markersize": 5, "markeredgecolor": "#595959", "label": "unit without points"}
MARKS = {
    "online": (
        {**POINT, "marker": "*", "markersize": 12, "color": INK, "label": "sample"},
        {**POINT, "marker": "o", "markersize": 9, "markeredgewidth": 2, "label": "its best unit"},
        {"color": PULL, "linewidth": 1.6, "label": "pull"},
        {**UNIT, "markerfacecolor": colour(1), "label": "unit that learns"},
        EMPTY,
    ),
    "batch": (
        {**UNIT, "markerfacecolor": "white", "label": "unit"},
        {"color": WAY, "linewidth": 1.4, "label": "its way in this pass"},
        EMPTY,
    ),
}
# Which of the marks says how many times as long the arrows are.
PULLS = 2


def _legend(figure: Figure, rule: str) -> Legend:
    return figure.legend(
        handles=[Line2D([], [], **mark) for mark in MARKS[rule]],
        loc="lower right",
        ncols=len(MARKS[rule]),
        fontsize=8,
        frameon=False,
        handletextpad=0.5,
        handlelength=1.4,
        columnspacing=1.2,
        borderaxespad=0.2,
    )


def _numbers(look: Look) -> str:
    done = "start" if look.step is None else f"step {look.step.index:,}"
    rate = f" · rate {look.rate:.2g}" if look.rule == "online" else ""
    return f"{done} · radius {look.radius:.2f}{rate}"
