"""The picture of losses over scores: their values, the size of their gradients, and where these have died."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import NullFormatter

from udl_teach import plots
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape.run import REACH, SCORES, Curve, flat_parts
from udl_teach.play.loss_landscape.snapshot import Snapshot
from udl_teach.plots.figures import set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker

SCORE, PROBABILITY = "score", "probability"
AXES = (SCORE, PROBABILITY)
# Gradients outside are drawn at the edge.
LEAST, MOST = 1e-5, 1e2
LOWEST, HIGHEST = -12.0, 15.0
STYLES = ("-", (0, (6, 1.5)), "-.", (0, (1.5, 1)), (0, (5, 1, 1, 1, 1, 1)))
# Ends of the line shown beside a name, as shares of the row.
KEY = (-0.213, -0.162)
# Of a bar's word: the width of a letter, and the room beside it, as shares of the row.
WIDE, GAP = 0.0108, 0.012
# A second mark beside the shade: the smaller the gradient, the broader the bar.
PALE, DARK = "#BDBDBD", "#4A4A4A"


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
        self.losses = figure.add_axes((0.05, 0.44, 0.425, 0.5))
        self.sizes = figure.add_axes((0.55, 0.44, 0.425, 0.5))
        self.bars = figure.add_axes((0.175, 0.1, 0.8, 0.22))
        self.sizes.set_yscale("log")
        self.sizes.yaxis.set_minor_formatter(NullFormatter())
        set_limits(self.sizes, (-REACH, REACH), (LEAST, MOST))
        for axes in (self.losses, self.sizes):
            axes.grid(True, color="#DDDDDD", linewidth=0.6)
            axes.tick_params(labelsize=8)
        self.bars.tick_params(labelsize=8, left=False, labelleft=False)
        for side in ("left", "right", "top"):
            self.bars.spines[side].set_visible(False)
        set_title(self.bars, "where the gradient is below 10 % (bar) and 1 % (broad dark bar) of its largest here")
        both = (self.losses, self.sizes)
        self.starts = [axes.axvline(0, color=QUIET, linewidth=1.0) for axes in (*both, self.bars)]
        self.ghosts = [[_line(axes, number, kept=True) for number in range(len(OBJECTIVES))] for axes in both]
        self.lines = [[_line(axes, number) for number in range(len(OBJECTIVES))] for axes in both]
        self.before = [[_point(axes, number, kept=True) for number in range(len(OBJECTIVES))] for axes in both]
        self.points = [[_point(axes, number) for number in range(len(OBJECTIVES))] for axes in (*both, self.bars)]
        self.flat = self.bars.add_collection(LineCollection([], capstyle="butt", zorder=2), autolim=False)
        said = {"fontsize": 8, "color": INK, "va": "center"}
        self.names = [self.bars.text(0, 0, "", ha="right", **said) for _ in OBJECTIVES]
        # Beside its name each line is shown once more, as in a legend: in shares of the axes' width, at its row.
        self.keys = [
            self.bars.plot(
                KEY, [row, row], color=colour(row), linestyle=STYLES[row], linewidth=1.8, clip_on=False,
                transform=self.bars.get_yaxis_transform(), visible=False,
            )[0]
            for row in range(len(OBJECTIVES))
        ]  # fmt: skip
        self.says = [self.bars.text(0, 0, "", fontweight="bold", zorder=3, **said) for _ in range(12)]
        for text in self.says:
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})
        self.kept = figure.text(0.006, 0.012, "", va="bottom", fontsize=8, color=INK)
        self.index = self.losses.text(0.98, 0.96, "", transform=self.losses.transAxes, ha="right", va="top", fontsize=9)
        moving = [
            artist for rows in (self.ghosts, self.lines, self.before, self.points) for row in rows for artist in row
        ]
        self.frame.moving(self.flat, *self.starts, *moving, *self.says, self.index)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        set_title(self.losses, f"loss of the {snapshot.whose}")
        laid_aside = (
            "" if kept is None else f"thin, hollow: kept{'' if kept.whose == snapshot.whose else f' {kept.whose}'}"
        )
        if self.kept.get_text() != laid_aside:
            self.kept.set_text(laid_aside)
        set_title(self.sizes, "size of its gradient with respect to the score")
        ends = (-REACH, REACH) if snapshot.axis == SCORE else (0.0, 1.0)
        shown = {
            **snapshot.curves,
            **({} if kept is None else {f"kept {name}": one for name, one in kept.curves.items()}),
        }
        set_limits(self.losses, ends, _room(shown))
        set_limits(self.sizes, ends, (LEAST, MOST))
        set_limits(self.bars, ends, (len(OBJECTIVES) - 0.5, -0.5))
        kind = "real" if snapshot.whose.endswith("real") else "generated"
        self._name(f"score of a {kind} sample" if snapshot.axis == SCORE else f"D = sigmoid(score) of a {kind} sample")
        start = float(place(snapshot.start, snapshot.axis))
        for line in self.starts:
            line.set_xdata([start, start])
        for number, name in enumerate(OBJECTIVES):
            _lay(snapshot, name, snapshot.axis, self.lines, self.points, number)
            _lay(kept, name, snapshot.axis, self.ghosts, self.before, number)
        self._draw_bars(snapshot)
        self.index.set_text(f"step {snapshot.index:,}")

    def _name(self, text: str) -> None:
        for axes in (self.losses, self.sizes, self.bars):
            if axes.get_xlabel() != text:
                axes.set_xlabel(text, fontsize=9, color=INK, labelpad=1)

    def _draw_bars(self, snapshot: Snapshot) -> None:
        left = float(place(-REACH, snapshot.axis))
        width = float(place(REACH, snapshot.axis)) - left
        lines, widths, colours, words = [], [], [], []
        for row, name in enumerate(OBJECTIVES):
            self._name_row(self.names[row], left - 0.03 * width, row, name if name in snapshot.curves else "")
            if self.keys[row].get_visible() != (name in snapshot.curves):
                self.keys[row].set_visible(name in snapshot.curves)
            self.points[2][row].set_data([], [])
            if name not in snapshot.curves:
                continue
            self.points[2][row].set_data(place(np.array([snapshot.points[name].score]), snapshot.axis), [row])
            lines.append([(left, row), (left + width, row)])
            widths.append(1.0)
            colours.append(QUIET)
            reach: dict[str, list[float]] = {}
            for start, end, very, state in flat_parts(snapshot.curves[name]):
                start, end = place(np.array([start, end]), snapshot.axis)
                lines.append([(start, row), (end, row)])
                widths.append(9.0 if very else 5.0)
                colours.append(DARK if very else PALE)
                reach.setdefault(state, []).extend((start, end))
            mark = float(place(snapshot.points[name].score, snapshot.axis))
            for state, ends in reach.items():
                start, end, at = ((x - left) / width for x in (min(ends), max(ends), mark))
                if beside := _beside(start, end, at, state):
                    words.append((*beside, row, state))
        self.flat.set_segments(lines)
        self.flat.set_linewidth(widths)
        self.flat.set_color(colours)
        for place_number, text in enumerate(self.says):
            x, side, row, state = words[place_number] if place_number < len(words) else (0, "left", 0, "")
            text.set(position=(left + x * width, row), text=state, ha=side)

    def _name_row(self, text, left: float, row: int, name: str) -> None:
        if (text.get_position(), text.get_text()) != ((left, row), name):
            text.set(position=(left, row), text=name)


def _beside(start: float, end: float, mark: float, word: str) -> tuple[float, str] | None:
    """Where the word for a bar stands, all in shares of the row: beside it or on it, or None where a mark is there."""
    wide = WIDE * len(word)
    to_the_right, to_the_left = (end + GAP, "left", end + GAP), (start - GAP, "right", start - GAP - wide)
    places = [to_the_right, to_the_left] if start + end < 1 else [to_the_left, to_the_right]
    places.append(((start + end) / 2, "center", (start + end - wide) / 2))
    for at, side, left in places:
        if left >= 0 and left + wide <= 1 and not left - GAP < mark < left + wide + GAP:
            return at, side
    return None


def _line(axes, number: int, *, kept: bool = False):
    width = 0.8 if kept else 1.8
    (line,) = axes.plot([], [], color=colour(number), linestyle="-" if kept else STYLES[number], linewidth=width)
    return line


def _point(axes, number: int, *, kept: bool = False):
    looks = {"color": colour(number), "markeredgecolor": INK, "zorder": 5}
    if kept:
        looks |= {"color": "white", "markeredgecolor": colour(number), "markeredgewidth": 1.6, "zorder": 4}
    (point,) = axes.plot([], [], marker(number), markersize=8, clip_on=False, linestyle="none", **looks)
    return point


def _lay(snapshot: Snapshot | None, name: str, axis: str, lines: list, points: list, number: int) -> None:
    """Lay the curves and points of one objective; empty where it is not drawn."""
    shown = snapshot is not None and name in snapshot.curves
    along, values, sizes, at, value, size = ([],) * 6
    if shown:
        one, point = snapshot.curves[name], snapshot.points[name]
        along, values, sizes = place(SCORES, axis), one.values, np.clip(np.abs(one.slopes), LEAST, MOST)
        at, value = place(np.array([point.score]), axis), [float(np.clip(point.value, *lines[0][0].axes.get_ylim()))]
        size = [float(np.clip(abs(point.slope), LEAST, MOST))]
    for drawn, height in zip(lines, (values, sizes), strict=True):
        drawn[number].set_data(along, height)
    for drawn, height in zip(points[:2], (value, size), strict=True):
        drawn[number].set_data(at, height)


def _room(curves: dict[str, Curve]) -> tuple[float, float]:
    """Limits of the losses, in steps that seldom change; what is far above (least squares) is cut off."""
    if not curves:
        return -1.0, 1.0
    low = max(min(one.values.min() for one in curves.values()), LOWEST)
    high = min(max(one.values.max() for one in curves.values()), HIGHEST)
    return 3.0 * np.floor(low / 3) - 0.5, 3.0 * np.ceil(high / 3) + 0.5
