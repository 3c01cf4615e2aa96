"""The picture: this map, the kept map, and true distances and sizes against the drawn ones."""

import numpy as np

from udl_teach import plots
from udl_teach.play.map_lies.snapshot import Snapshot
from udl_teach.play.two_runs import TwoRuns
from udl_teach.plots.figures import quiet_axes, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker

GROUPS = 10
NONE = np.zeros((0, 2))
# End of both axes of the diagram, in mean distances.
END = 3.0


def _marks(axes, size: float, **more) -> list:
    return [
        axes.scatter(
            [], [], s=size, c=colour(group), marker=marker(group), edgecolors=INK, **({"linewidths": 0.3} | more)
        )
        for group in range(GROUPS)
    ]


class Panel:
    """A map: points in the colour and mark of their group, and the chosen pair joined by a line."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        self.axes.set_aspect("equal")
        self.groups = _marks(self.axes, 20)
        (self.line,) = self.axes.plot([], [], color=INK, linewidth=1.8, linestyle="--")
        self.ends = self.axes.scatter([], [], s=110, facecolors="none", edgecolors=INK, linewidths=1.8)
        frame.moving(*self.groups, self.line, self.ends)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        z = filling(snapshot.z)
        set_limits(self.axes, (-1.08, 1.08), (-1.08, 1.08))
        for number, artist in enumerate(self.groups):
            artist.set_offsets(z[snapshot.structure.groups == number])
        pair = z[list(snapshot.pair)]
        self.line.set_data(*pair.T)
        self.ends.set_offsets(pair)


class Diagram:
    """True against drawn distances and sizes, in units of the mean distance: what is honest lies on the diagonal."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = axes = frame.figure.add_axes((0, 0, 1, 1))
        axes.plot([0, END], [0, END], color=QUIET, linewidth=1)
        axes.text(2.95, 2.7, "honest", color=QUIET, fontsize=9, ha="right", va="top")
        axes.set(xlim=(0, END), ylim=(0, END))
        axes.set_xlabel("true (mean distance = 1)", fontsize=9)
        axes.set_ylabel("drawn", fontsize=9)
        axes.tick_params(labelsize=9)
        set_title(axes, "distances and sizes")
        self.pairs = axes.scatter([], [], s=4, c=QUIET, linewidths=0)
        self.sizes = _marks(axes, 60, linewidths=1.0)
        self.kept = axes.scatter([], [], s=110, facecolors="none", edgecolors=QUIET, linewidths=1.8)
        self.ring = axes.scatter([], [], s=110, facecolors="none", edgecolors=INK, linewidths=1.8)
        frame.moving(self.pairs, *self.sizes, self.kept, self.ring)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Show the distances and sizes of a snapshot, and the chosen pair of the kept one."""
        self.pairs.set_offsets(snapshot.pairs)
        for number, artist in enumerate(self.sizes):
            artist.set_offsets(snapshot.sizes[number : number + 1] if len(snapshot.sizes) > 1 else NONE)
        self.kept.set_offsets(NONE if kept is None else kept.chosen[None])
        self.ring.set_offsets(snapshot.chosen[None])


class Drawing(TwoRuns):
    """This run (left), the kept run (middle, where there is one) and true against drawn (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            alone=((0.05, 0.05, 0.42, 0.86), (0.58, 0.15, 0.37, 0.75)),
            beside=((0.01, 0.1, 0.34, 0.78), (0.355, 0.1, 0.34, 0.78), (0.76, 0.15, 0.23, 0.73)),
        )
        self.curves.append(Diagram(self.frame))

    def point_at(self, snapshot: Snapshot, x: float, y: float) -> int:
        """Number of the point drawn nearest to a place in a map."""
        return int(((filling(snapshot.z) - [x, y]) ** 2).sum(axis=1).argmin())


def filling(z: np.ndarray) -> np.ndarray:
    """Places from -1 to 1: distances in a map have no unit, so it always fills its axes, whose limits then stay."""
    z = z - (z.max(axis=0) + z.min(axis=0)) / 2
    return z / max(np.abs(z).max(), 1e-12)
