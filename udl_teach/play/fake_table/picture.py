"""The picture: real and fake rows in two columns, one column's histograms, and three bars."""

import numpy as np

from udl_teach import plots
from udl_teach.data.diamonds import GRADES
from udl_teach.play.fake_table.snapshot import BINS, Snapshot
from udl_teach.play.two_runs import TwoRuns
from udl_teach.plots.figures import set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour

UNITS = {"depth": "depth (%)", "table": "table (%)", "price": "price ($)", "x": "x (mm)", "y": "y (mm)", "z": "z (mm)"}
BARS = ("useful", "private", "keeps rules")
NONE = np.zeros((0, 2))


def label_of(name: str) -> str:
    """A column's name with its unit; of a grade, from the worst to the best."""
    return f"{name} ({GRADES[name][0]} to {GRADES[name][-1]})" if name in GRADES else UNITS.get(name, name)


class Panel:
    """Two columns of one run: real rows, fakes that keep the rule and fakes that break it, and the chosen pair."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = axes = frame.figure.add_axes((0, 0, 1, 1))
        axes.tick_params(labelsize=8)
        self.real = axes.scatter([], [], s=8, c=QUIET, linewidths=0, label="real")
        self.kept = axes.scatter([], [], s=13, c=colour(0), linewidths=0, alpha=0.8, label="fake")
        self.broken = axes.scatter([], [], s=22, c=colour(1), marker="x", linewidths=1.2, label="fake, breaks the rule")
        (self.line,) = axes.plot([], [], color=INK, linewidth=1.4)
        self.closest = axes.scatter([], [], s=70, marker="s", facecolors="none", edgecolors=INK, linewidths=1.5)
        self.chosen = axes.scatter([], [], s=110, facecolors="none", edgecolors=INK, linewidths=1.8)
        self.says = axes.text(0.02, 0.985, "", transform=axes.transAxes, va="top", fontsize=9, color=INK)
        frame.moving(self.real, self.kept, self.broken, self.line, self.closest, self.chosen, self.says)
        axes.legend(
            handles=[self.real, self.kept, self.broken], loc="lower left", bbox_to_anchor=(-0.02, 0.995), ncols=3,
            fontsize=8, frameon=False, handletextpad=0.1, columnspacing=0.8, borderaxespad=0,
        )  # fmt: skip

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_labels(self.axes, *map(label_of, snapshot.names))
        set_limits(self.axes, *map(tuple, snapshot.limits))
        made = snapshot.made.clip(*snapshot.limits.T)  # what lies outside is drawn at the edge
        self.real.set_offsets(snapshot.real)
        self.kept.set_offsets(made[~snapshot.broken])
        self.broken.set_offsets(made[snapshot.broken])
        pair = snapshot.pair.clip(*snapshot.limits.T)
        self.line.set_data(*pair.T)
        self.chosen.set_offsets(pair[:1])
        self.closest.set_offsets(pair[1:])
        self.says.set_text(f"{title}: {snapshot.generator}, step {snapshot.index:,}")


class Histograms:
    """One column: real rows as an outline, fakes filled; the kept run's fakes dashed."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = axes = frame.figure.add_axes((0, 0, 1, 1))
        axes.tick_params(labelsize=8)
        self.bars = axes.bar(np.arange(BINS), np.zeros(BINS), color=colour(0), alpha=0.45, align="edge")
        (self.before,) = axes.plot([], [], color=colour(0), linewidth=1.4, linestyle="--")
        (self.real,) = axes.plot([], [], color=INK, linewidth=1.4)
        frame.moving(*self.bars, self.before, self.real)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Show the shares of both."""
        set_title(self.axes, "share of rows per bin")
        set_labels(self.axes, label_of(snapshot.names[0]), "")
        top = 0.1 * np.ceil(10 * 1.05 * snapshot.shares.max())
        set_limits(self.axes, tuple(snapshot.limits[0]), (0.0, max(0.2, float(top))))
        width = float(snapshot.edges[1] - snapshot.edges[0])
        for bar, left, share in zip(self.bars, snapshot.edges, snapshot.shares[1], strict=False):
            bar.set_bounds(left, 0, width, share)
        self.real.set_data(*outline(snapshot.edges, snapshot.shares[0]))
        self.before.set_data(*([], []) if kept is None else outline(snapshot.edges, kept.shares[1]))


class Bars:
    """Three bars, 1 is best; a mark shows what real rows reach, a ring the kept run."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = axes = frame.figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 1.04), ylim=(-0.6, 2.6))
        axes.set_yticks([2, 1, 0], BARS, fontsize=9)
        axes.tick_params(axis="x", labelsize=8)
        self.bars = axes.barh([2, 1, 0], [0, 0, 0], height=0.6, color=[colour(0), colour(3), colour(1)])
        self.marks = axes.scatter([], [], s=130, marker="|", c=INK, linewidths=2)
        self.before = axes.scatter([], [], s=55, facecolors="none", edgecolors=INK, linewidths=1.5)
        frame.moving(*self.bars, self.marks, self.before)
        set_title(axes, "1 is best; |: real rows")

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Show the bars of this run, and the kept run's ends."""
        for bar, value in zip(self.bars, snapshot.bars, strict=True):
            bar.set_width(value)
        self.marks.set_offsets(np.column_stack([snapshot.marks, [2, 1, 0]]))
        self.before.set_offsets(NONE if kept is None else np.column_stack([kept.bars, [2, 1, 0]]))


class Drawing(TwoRuns):
    """This run's columns (left), the kept run's (middle, where there is one), histograms and bars (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            alone=((0.09, 0.13, 0.48, 0.77), (0.67, 0.6, 0.31, 0.31), (0.67, 0.1, 0.31, 0.3)),
            beside=(
                (0.085, 0.13, 0.265, 0.77),
                (0.43, 0.13, 0.265, 0.77),
                (0.79, 0.6, 0.2, 0.31),
                (0.79, 0.1, 0.2, 0.3),
            ),
        )
        self.curves += [Histograms(self.frame), Bars(self.frame)]

    def fake_at(self, snapshot: Snapshot, x: float, y: float) -> int:
        """Number of the fake drawn nearest to a place."""
        scale = np.ptp(snapshot.limits, axis=1)
        return int((((snapshot.made.clip(*snapshot.limits.T) - [x, y]) / scale) ** 2).sum(axis=1).argmin())


def outline(edges: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A histogram's outline as a line: (x, y), shape (2 * BINS,) each."""
    return np.repeat(edges, 2)[1:-1], np.repeat(shares, 2)


def set_labels(axes: plots.Frame, x: str, y: str) -> None:
    """Set both labels, and only where they differ."""
    if (axes.get_xlabel(), axes.get_ylabel()) != (x, y):
        axes.set_xlabel(x, fontsize=9, color=INK)
        axes.set_ylabel(y, fontsize=9, color=INK)
