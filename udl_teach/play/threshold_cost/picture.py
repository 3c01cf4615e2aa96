"""The picture: scores in two histograms, costs over the threshold, precision and recall, and the rivals' ranks."""

import numpy as np
from matplotlib.collections import LineCollection

from udl_teach import plots
from udl_teach.play.threshold_cost.run import EDGES, HIGH, LOW, MOST, THRESHOLDS
from udl_teach.play.threshold_cost.snapshot import CASES, Snapshot
from udl_teach.plots.figures import set_limits, set_new, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker, pale

NORMAL, FRAUD = 0, 1  # their colours
STYLES = ("-", (0, (6, 1.5)), "-.", (0, (1.5, 1)), (0, (5, 1, 1, 1, 1, 1)), (0, (10, 2)))
ROWS = range(MOST)
# Corners of the histograms: x, y, alignment. In this order stand the four counts of `Snapshot.confusion`.
CORNERS = ((0.015, 0.97, "left", "top"), (0.985, 0.97, "right", "top"))
CORNERS += ((0.015, 0.03, "left", "bottom"), (0.985, 0.03, "right", "bottom"))
SMALL = {"fontsize": 9, "color": INK}


class Drawing:
    """Histograms (above) over costs (below), and precision and recall over the ranks (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.6, 5.4, few_colours=True)
        left = (0.075, 0.555, 0.505, 0.39), (0.075, 0.105, 0.505, 0.36)
        right = (0.655, 0.585, 0.335, 0.36), (0.645, 0.105, 0.345, 0.35)
        self.axes = [self.frame.figure.add_axes(box) for box in (*left, *right)]
        self.scores, self.costs, self.curves, self.bars = self.axes
        for axes in self.axes:
            axes.tick_params(labelsize=9)
            axes.spines[["top", "right"]].set_visible(False)
        self._label()
        self.areas = [
            self.scores.fill([0, 0, 0], [0, 0, 0], facecolor=face, edgecolor="none")[0]
            for face in (pale(NORMAL, 0.4), colour(NORMAL), pale(FRAUD, 0.4), colour(FRAUD))
        ]
        self.counts = [
            self.scores.text(x, y, "", transform=self.scores.transAxes, ha=ha, va=va, **SMALL)
            for x, y, ha, va in CORNERS
        ]
        over = self.scores, self.costs
        self.limits = [axes.plot([], [], color=INK, linewidth=1.8, zorder=5)[0] for axes in over]
        self.none = self.costs.plot([LOW, HIGH], [0, 0], color=QUIET, linewidth=1.0)[0]
        self.lines = [
            [axes.plot([], [], color=colour(row), linestyle=STYLES[row])[0] for row in ROWS] for axes in self.axes[1:3]
        ]
        dotted = {"color": INK, "linewidth": 1.2, "linestyle": ":", "zorder": 4}
        self.kept = [axes.plot([], [], **dotted)[0] for axes in (*over, *self.axes[1:3])]
        spot = {"color": "white", "markeredgecolor": INK, "markeredgewidth": 1.6, "markersize": 8, "zorder": 7}
        self.spots = [axes.plot([0], [0], "D", **spot)[0] for axes in self.axes[:3]]
        mark = {"linestyle": "none", "markersize": 7.5, "markeredgecolor": INK, "clip_on": False, "zorder": 6}
        self.lowest, self.marks = (
            [axes.plot([], [], marker=marker(row), color=colour(row), **mark)[0] for row in ROWS]
            for axes in (self.costs, self.bars)
        )
        self.rows = self.bars.add_collection(LineCollection([], linewidth=13, capstyle="butt"), autolim=False)
        self.names = [self.bars.text(0.02, row, "", va="center", zorder=7, **SMALL) for row in ROWS]
        self.values = [self.bars.text(1.23, row, "", va="center", ha="right", zorder=7, **SMALL) for row in ROWS]
        self.note = self.frame.figure.text(0.075, 0.01, "", **SMALL)
        self.frame.moving(
            *self.areas, *self.counts, self.none, *self.kept, *self.lines[0], *self.lines[1], *self.limits,
            *self.lowest, *self.spots, self.rows, *self.marks, *self.names, *self.values,
        )  # fmt: skip

    def nearest(self, snapshot: Snapshot, recall: float, precision: float) -> int:
        """Number of the threshold whose point on the chosen rival's curve is nearest."""
        x, y = _curve(snapshot, snapshot.detector)
        return int(np.nanargmin((x - recall) ** 2 + (y - precision) ** 2))

    def _label(self) -> None:
        unit = "score (arcsinh; the normal ones have mean 0 and sd 1)"
        self.costs.set_xlabel(unit, labelpad=1, **SMALL)
        self.scores.set(xlim=(LOW, HIGH), ylim=(-1.4, 1.4), yticks=[])
        self.scores.set_ylabel("share (root scale)", **SMALL)
        self.scores.tick_params(labelbottom=False)
        self.scores.axhline(0, color=INK, linewidth=0.8)
        self.costs.grid(True, axis="y", color="#DDDDDD", linewidth=0.6)
        self.curves.set(xlim=(0, 1.02), ylim=(0, 1.02))
        self.curves.set_xlabel("recall", labelpad=1, **SMALL)
        self.curves.set_ylabel("precision", labelpad=2, **SMALL)
        self.bars.set(xlim=(0, 1.24), ylim=(MOST - 0.5, -0.6), yticks=[], xticks=[0, 0.5, 1])
        self.bars.set_xticklabels(["0", "half", "no detector"], **SMALL)
        self.bars.axvline(1, color=QUIET, linewidth=1)
        set_title(self.bars, "lowest cost of each, the cheapest first")

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        things, _, plural = snapshot.cases.called
        set_title(self.scores, f"scores of {snapshot.detector}: normal {things} up, {plural} down")
        set_title(self.costs, f"cost per {CASES:,} {things}")
        set_title(self.curves, f"precision and recall, base rate {100 * snapshot.rate:.2g} %")
        self._draw_histograms(snapshot, plural)
        self._draw_curves(snapshot)
        self._draw_ranks(snapshot)
        ends = [axes.get_ylim() for axes in (self.scores, self.costs)]
        for line, limits in zip(self.limits, ends, strict=True):
            line.set_data([snapshot.threshold] * 2, limits)
        shown = [([], [])] * 4
        if kept is not None:
            at = [kept.threshold] * 2
            shown = [(at, ends[0]), (at, ends[1]), (THRESHOLDS, kept.costs(kept.detector)), _curve(kept, kept.detector)]
        for line, points in zip(self.kept, shown, strict=True):
            line.set_data(*points)
        said = "" if kept is None else f"dotted: kept, {kept.detector}, threshold {kept.threshold:.2f}"
        set_new(self.note, text=said)

    def _draw_histograms(self, snapshot: Snapshot, plural: str) -> None:
        at, rival = snapshot.threshold, snapshot.rival
        for number, (shares, sign) in enumerate(((rival.normal, 1), (rival.fraud, -1))):
            heights = np.repeat(sign * np.sqrt(shares / shares.max()), 2)  # the root, so that thin tails are seen
            for side, (left, right) in enumerate(((LOW, at), (at, HIGH))):
                outline = np.repeat(np.clip(EDGES, left, right), 2), np.pad(heights, 1)
                self.areas[2 * number + side].set_xy(np.stack(outline, axis=1))
        said = "normal, no alarm", "false alarms", f"{plural} missed", f"{plural} found"
        for text, what, count in zip(self.counts, said, snapshot.confusion, strict=True):
            text.set_text(f"{what} {count:,.1f}")
        self.spots[0].set_data([at], [0])

    def _draw_curves(self, snapshot: Snapshot) -> None:
        nothing = min(snapshot.ends)
        top = _round_up(1.15 * nothing)
        set_limits(self.costs, (LOW, HIGH), (0, top))
        self.none.set_ydata([nothing, nothing])
        lowest = {name: (cost, at) for name, cost, at in snapshot.ranks}
        for row, name in enumerate(snapshot.cases.rivals):
            cost, at = lowest[name]
            self.lowest[row].set_data([THRESHOLDS[at]], [cost])
            for lines, points in zip(
                self.lines, ((THRESHOLDS, snapshot.costs(name)), _curve(snapshot, name)), strict=True
            ):
                lines[row].set_data(*points)
                lines[row].set_linewidth(2.6 if name == snapshot.detector else 1.2)
        self.spots[1].set_data([snapshot.threshold], [min(snapshot.cost, top)])
        recall, precision = _curve(snapshot, snapshot.detector)
        self.spots[2].set_data([recall[snapshot.place]], [precision[snapshot.place]])

    def _draw_ranks(self, snapshot: Snapshot) -> None:
        nothing, known = min(snapshot.ends), list(snapshot.cases.rivals)
        shares = [cost / nothing for _, cost, _ in snapshot.ranks]
        for place, (name, cost, _) in enumerate(snapshot.ranks):
            self.names[place].set(text=f"{place + 1}  {name}", weight="bold" if name == snapshot.detector else "normal")
            self.values[place].set_text(f"{cost:,.0f}" if cost >= 100 else f"{cost:.3g}")
            self.marks[known.index(name)].set_data([shares[place]], [place])
        self.rows.set_segments([[(0, place), (share, place)] for place, share in enumerate(shares)])
        self.rows.set_color([pale(known.index(name), 0.45) for name, _, _ in snapshot.ranks])


def _curve(snapshot: Snapshot, name: str) -> tuple[np.ndarray, np.ndarray]:
    return 1 - snapshot.cases.rivals[name].missed, snapshot.precision(name)


def _round_up(value: float) -> float:
    """To the next of 1, 1.5, 2, 3, 5, 7 times a power of ten: limits then change seldom."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * min(step for step in (1, 1.5, 2, 3, 5, 7, 10) if step * power >= value * (1 - 1e-9)))
