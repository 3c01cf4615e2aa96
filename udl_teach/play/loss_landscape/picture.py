"""The picture of losses over scores: their values, the size of their gradients, and where these have died."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import NullFormatter

from udl_teach import plots
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape.run import REACH, SCORES, flat_parts
from udl_teach.play.loss_landscape.snapshot import Snapshot
from udl_teach.plots.figures import set_limits, set_new, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker

SCORE, PROBABILITY = "score", "probability"
AXES = (SCORE, PROBABILITY)
# Sizes of gradients, and losses, that lie outside are drawn at the edge, or cut off.
SIZES, LOSSES = (1e-5, 1e2), (-12.0, 15.0)
STYLES = ("-", (0, (6, 1.5)), "-.", (0, (1.5, 1)), (0, (5, 1, 1, 1, 1, 1)))
# As shares of a row: ends of the line shown beside a name; of a bar's word, the width of a letter, and the room beside.
KEY, WIDE, GAP = (-0.213, -0.162), 0.0108, 0.012
# A second mark beside the shade: the smaller the gradient, the broader the bar.
PALE, DARK = {"colour": "#BDBDBD", "width": 5.0}, {"colour": "#4A4A4A", "width": 9.0}
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
        boxes = (0.05, 0.44, 0.425, 0.5), (0.55, 0.44, 0.425, 0.5), (0.175, 0.1, 0.8, 0.22)
        self.axes = self.losses, self.sizes, self.bars = [figure.add_axes(box) for box in boxes]
        self.sizes.set_yscale("log")
        self.sizes.yaxis.set_minor_formatter(NullFormatter())
        for axes in self.axes:
            axes.tick_params(labelsize=8)
            axes.set_xlabel("", fontsize=9, color=INK, labelpad=1)
        for axes in (self.losses, self.sizes):
            axes.grid(True, color="#DDDDDD", linewidth=0.6)
        self.bars.tick_params(left=False, labelleft=False)
        self.bars.spines[["left", "right", "top"]].set_visible(False)
        set_title(self.sizes, "size of its gradient with respect to the score")
        set_title(self.bars, "where the gradient is below 10 % (bar) and 1 % (broad dark bar) of its largest here")
        self.starts = [axes.axvline(0, color=QUIET, linewidth=1.0) for axes in self.axes]
        self.ghosts = [[_line(axes, n, linewidth=0.8, linestyle="-") for n in ROWS] for axes in self.axes[:2]]
        self.lines = [[_line(axes, n) for n in ROWS] for axes in self.axes[:2]]
        self.before = [[_point(axes, n, kept=True) for n in ROWS] for axes in self.axes[:2]]
        self.points = [[_point(axes, n) for n in ROWS] for axes in self.axes]
        self.flat = self.bars.add_collection(LineCollection([], capstyle="butt", zorder=2), autolim=False)
        across, said = self.bars.get_yaxis_transform(), {"fontsize": 8, "color": INK, "va": "center"}
        self.names = [self.bars.text(-0.03, n, "", ha="right", transform=across, **said) for n in ROWS]
        # Beside its name each line is shown once more, as in a legend.
        self.keys = [_line(self.bars, n, transform=across, clip_on=False, visible=False) for n in ROWS]
        for row, key in enumerate(self.keys):
            key.set_data(KEY, [row, row])
        self.says = [self.bars.text(0, 0, "", weight="bold", zorder=3, transform=across, **said) for _ in range(12)]
        for text in self.says:
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})
        self.kept = figure.text(0.006, 0.012, "", va="bottom", fontsize=8, color=INK)
        self.index = self.losses.text(0.98, 0.96, "", transform=self.losses.transAxes, ha="right", va="top", fontsize=9)
        moving = sum((*self.ghosts, *self.lines, *self.before, *self.points), [])
        self.frame.moving(self.flat, *self.starts, *moving, *self.says, self.index)

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
        bars, words = [], []  # (start, end, row, colour, width), and ((x, row), side, state)
        for row, name in enumerate(OBJECTIVES):
            drawn = name in snapshot.curves
            set_new(self.names[row], text=name if drawn else "")
            set_new(self.keys[row], visible=drawn)
            if not drawn:
                continue
            bars.append((left, right, row, QUIET, 1.0))
            reach: dict[str, list[float]] = {}
            for start, end, very, state in flat_parts(snapshot.curves[name]):
                ends = place(np.array([start, end]), snapshot.axis)
                bars.append((*ends, row, *(DARK if very else PALE).values()))
                reach.setdefault(state, []).extend((ends - left) / (right - left))
            mark = (float(place(snapshot.points[name].score, snapshot.axis)) - left) / (right - left)
            for state, ends in reach.items():
                if beside := _beside(min(ends), max(ends), mark, state):
                    words.append(((beside[0], row), beside[1], state))
        self.flat.set_segments([[(start, row), (end, row)] for start, end, row, *_ in bars])
        self.flat.set_color([bar[3] for bar in bars])
        self.flat.set_linewidth([bar[4] for bar in bars])
        words += [((0, 0), "left", "")] * (len(self.says) - len(words))
        for text, (position, side, state) in zip(self.says, words, strict=True):
            text.set(position=position, ha=side, text=state)


def _beside(start: float, end: float, mark: float, word: str) -> tuple[float, str] | None:
    """Where the word for a bar stands, all in shares of the row: beside it or on it, or None where a mark is there."""
    wide = WIDE * len(word)
    to_the_right, to_the_left = (end + GAP, "left", end + GAP), (start - GAP, "right", start - GAP - wide)
    places = [to_the_right, to_the_left] if start + end < 1 else [to_the_left, to_the_right]
    for at, side, left in (*places, ((start + end) / 2, "center", (start + end - wide) / 2)):
        if left >= 0 and left + wide <= 1 and not left - GAP < mark < left + wide + GAP:
            return at, side
    return None


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
