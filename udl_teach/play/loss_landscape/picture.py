"""The picture of losses over scores: their values, the size of their gradients, and where these have died."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import NullFormatter

from udl_teach import plots
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape.run import BOTTOM, REACH, SATURATED, SCORES, flat_parts
from udl_teach.play.loss_landscape.snapshot import Snapshot
from udl_teach.plots.figures import set_limits, set_new, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker

SCORE, PROBABILITY = "score", "probability"
AXES = (SCORE, PROBABILITY)
# Sizes of gradients, and losses, that lie outside are drawn at the edge, or cut off.
SIZES, LOSSES = (1e-5, 1e2), (-12.0, 15.0)
STYLES = ("-", (0, (6, 1.5)), "-.", (0, (1.5, 1)), (0, (5, 1, 1, 1, 1, 1)))
# Ends of the line shown beside a name, as shares of a row.
KEY = (-0.245, -0.19)
# Colour and width of a bar, the width a second mark beside the colour.
BARS = {SATURATED: ("#4A4A4A", 9.0), BOTTOM: ("#BDBDBD", 5.0)}
ROWS = range(len(OBJECTIVES))


def place(scores: np.ndarray | float, axis: str) -> np.ndarray:
    """Where scores stand on the axis; what lies outside the picture stands at its edge."""
    scores = np.clip(scores, -REACH, REACH)
    return scores if axis == SCORE else 1 / (1 + np.exp(-scores))


class Drawing:
    """Losses (left), sizes of their gradients (right), and where the gradients are small (below)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.4, 4.9, few_colours=True)
        figure = self.frame.figure
        boxes = (0.05, 0.48, 0.425, 0.46), (0.55, 0.48, 0.425, 0.46), (0.2, 0.1, 0.775, 0.22)
        self.axes = self.losses, self.sizes, self.bars = [figure.add_axes(box) for box in boxes]
        self.sizes.set_yscale("log")
        self.sizes.yaxis.set_minor_formatter(NullFormatter())
        for axes in self.axes:
            axes.tick_params(labelsize=9)
            axes.set_xlabel("", fontsize=9, color=INK, labelpad=1)
        for axes in (self.losses, self.sizes):
            axes.grid(True, color="#DDDDDD", linewidth=0.6)
        self.bars.tick_params(left=False, labelleft=False)
        self.bars.spines[["left", "right", "top"]].set_visible(False)
        set_title(self.sizes, "size of its gradient with respect to the score")
        set_title(self.bars, "gradient below 10 % of its largest here: saturated (dark, broad) or at the bottom (pale)")
        self.starts = [axes.axvline(0, color=QUIET, linewidth=1.0) for axes in self.axes]
        self.ghosts = [[_line(axes, n, linewidth=0.8, linestyle="-") for n in ROWS] for axes in self.axes[:2]]
        self.lines = [[_line(axes, n) for n in ROWS] for axes in self.axes[:2]]
        self.before = [[_point(axes, n, kept=True) for n in ROWS] for axes in self.axes[:2]]
        self.points = [[_point(axes, n) for n in ROWS] for axes in self.axes]
        self.flat = self.bars.add_collection(LineCollection([], capstyle="butt", zorder=2), autolim=False)
        across, said = self.bars.get_yaxis_transform(), {"fontsize": 9, "color": INK, "va": "center"}
        self.names = [self.bars.text(-0.03, n, "", ha="right", transform=across, **said) for n in ROWS]
        # Beside its name each line is shown once more, as in a legend.
        self.keys = [_line(self.bars, n, transform=across, clip_on=False, visible=False) for n in ROWS]
        for row, key in enumerate(self.keys):
            key.set_data(KEY, [row, row])
        self.kept = figure.text(0.006, 0.012, "", va="bottom", fontsize=9, color=INK)
        self.index = self.losses.text(0.98, 0.96, "", transform=self.losses.transAxes, ha="right", va="top", fontsize=9)
        moving = sum((*self.ghosts, *self.lines, *self.before, *self.points), [])
        self.frame.moving(self.flat, *self.starts, *moving, self.index)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        set_title(self.losses, f"loss of the {snapshot.whose}")
        whose = "" if kept is None or kept.whose == snapshot.whose else f" {kept.whose}"
        set_new(self.kept, text="" if kept is None else f"thin, hollow: kept{whose}")
        kind = "real" if snapshot.whose.endswith("real") else "generated"
        named = f"score of a {kind} sample" if snapshot.axis == SCORE else f"D = sigmoid(score) of a {kind} sample"
        ends = (-REACH, REACH) if snapshot.axis == SCORE else (0.0, 1.0)
        for axes, start, up in zip(self.axes, self.starts, (_room(snapshot, kept), SIZES, (4.5, -0.5)), strict=True):
            set_limits(axes, ends, up)
            set_new(axes.xaxis.label, text=named)
            start.set_xdata([place(snapshot.start, snapshot.axis)] * 2)
        self._lay(snapshot, snapshot.axis, self.lines, self.points)
        self._lay(kept, snapshot.axis, self.ghosts, self.before)
        self._draw_bars(snapshot)
        self.index.set_text(f"step {snapshot.index:,}")

    def _lay(self, snapshot: Snapshot | None, axis: str, lines: list, points: list) -> None:
        """Lay the curves and points of a run; empty where there is none, or an objective is not drawn."""
        for row, name in enumerate(OBJECTIVES):
            for artists in (*lines, *points):
                artists[row].set_data([], [])
            if snapshot is None or name not in snapshot.curves:
                continue
            curve, point = snapshot.curves[name], snapshot.points[name]
            at = [place(point.score, axis)]
            for drawn, heights in zip(lines, (curve.values, np.clip(np.abs(curve.slopes), *SIZES)), strict=True):
                drawn[row].set_data(place(SCORES, axis), heights)
            bounds = self.losses.get_ylim(), SIZES, (row, row)
            for drawn, height, ends in zip(points, (point.value, abs(point.slope), row), bounds, strict=False):
                drawn[row].set_data(at, [np.clip(height, *ends)])

    def _draw_bars(self, snapshot: Snapshot) -> None:
        left, right = (float(place(end, snapshot.axis)) for end in (-REACH, REACH))
        bars = []  # (start, end, row, colour, width)
        for row, name in enumerate(OBJECTIVES):
            drawn = name in snapshot.curves
            set_new(self.names[row], text=name if drawn else "")
            set_new(self.keys[row], visible=drawn)
            if drawn:
                bars.append((left, right, row, QUIET, 1.0))
                for *ends, state in flat_parts(snapshot.curves[name]):
                    bars.append((*place(np.array(ends), snapshot.axis), row, *BARS[state]))
        self.flat.set_segments([[(start, row), (end, row)] for start, end, row, *_ in bars])
        self.flat.set_color([bar[3] for bar in bars])
        self.flat.set_linewidth([bar[4] for bar in bars])


def _line(axes, number: int, **looks):
    looks = {"linestyle": STYLES[number], "linewidth": 1.8} | looks
    return axes.plot([], [], color=colour(number), **looks)[0]


def _point(axes, number: int, *, kept: bool = False):
    looks = {"color": colour(number), "markeredgecolor": INK, "zorder": 5}
    if kept:
        looks |= {"color": "white", "markeredgecolor": colour(number), "markeredgewidth": 1.6, "zorder": 4}
    return axes.plot([], [], marker(number), markersize=8, clip_on=False, linestyle="none", **looks)[0]


def _room(*runs: Snapshot | None) -> tuple[float, float]:
    """Limits of the losses, in steps that seldom change; what is far above (least squares) is cut off."""
    values = [curve.values for run in runs if run is not None for curve in run.curves.values()]
    if not values:
        return -1.0, 1.0
    low, high = max(np.min(values), LOSSES[0]), min(np.max(values), LOSSES[1])
    return 3.0 * np.floor(low / 3) - 0.5, 3.0 * np.ceil(high / 3) + 0.5
