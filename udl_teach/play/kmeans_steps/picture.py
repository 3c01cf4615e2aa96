"""The picture of k-means: points over the regions of their centres, and the inertia."""

import numpy as np

from udl_teach import plots
from udl_teach.play.kmeans_steps.run import MOST
from udl_teach.play.kmeans_steps.snapshot import CELLS, Snapshot
from udl_teach.play.points import Pen
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker, pale


class Panel:
    """Points in the colour and mark of their cluster, the ground that each centre rules, and the way of the centres."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.axes.set_aspect("equal")
        self.ground = self.axes.imshow(np.ones((CELLS, CELLS, 3)), origin="lower", interpolation="nearest")
        nothing = np.zeros((0, 2))
        self.free = self.axes.scatter([], [], s=13, c=QUIET, linewidths=0)
        self.groups = [
            self.axes.scatter([], [], s=16, c=colour(number), marker=marker(number), linewidths=0.4, edgecolors=INK)
            for number in range(MOST)
        ]
        self.trail = plots.draw_links(self.axes, nothing, nothing, colour=INK)
        self.trail.set_linewidth(1.4)
        self.centres = [
            self.axes.scatter(
                [], [], s=130, c=colour(number), marker=marker(number), edgecolors=INK, linewidths=1.6, zorder=4
            )
            for number in range(MOST)
        ]
        self.says = self.axes.text(
            0.0, -0.015, "", transform=self.axes.transAxes, va="top", fontsize=9, color=INK, zorder=5
        )
        self.palette = np.array([pale(number) for number in range(MOST)])
        frame.moving(self.ground, self.free, *self.groups, self.trail, *self.centres, self.says)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        limits = snapshot.box
        if not np.allclose(self.ground.get_extent(), [*limits[0], *limits[1]]):
            self.ground.set_extent([*limits[0], *limits[1]])
        set_limits(self.axes, *limits)
        shade = self.palette[snapshot.regions]
        # A line between two regions, so that they can be told apart without their colours.
        shade[:, 1:][snapshot.regions[:, 1:] != snapshot.regions[:, :-1]] = 0.55
        shade[1:][snapshot.regions[1:] != snapshot.regions[:-1]] = 0.55
        self.ground.set_data(np.full_like(shade, 0.95) if snapshot.clusters is None else shade)
        self.free.set_offsets(snapshot.x if snapshot.clusters is None else np.zeros((0, 2)))
        for number in range(MOST):
            here = np.zeros((0, 2)) if snapshot.clusters is None else snapshot.x[snapshot.clusters == number]
            self.groups[number].set_offsets(here)
            self.centres[number].set_offsets(snapshot.centres[number : number + 1])
        self.trail.set_segments(list(snapshot.trail.transpose(1, 0, 2)))
        self.says.set_text(_half(snapshot))


class Drawing(TwoRuns):
    """The run (left), the kept run (middle, where there is one) and the inertia (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            alone=((0.02, 0.07, 0.46, 0.85), (0.56, 0.14, 0.42, 0.76)),
            beside=((0.015, 0.12, 0.315, 0.78), (0.345, 0.12, 0.315, 0.78), (0.72, 0.14, 0.25, 0.76)),
        )
        inertia = Curve(
            self.frame,
            lambda run: run.history,
            "mean squared distance",
            xlabel="half step",
            log=False,
            least=20,
            # The first value after a bad start is many times the others: it may stick out.
            limits_of=lambda values: values[1:] if len(values) > 1 else values,
            marker="o",
            markersize=4,
        )
        self.curves.append(inertia)
        self.pen = Pen(self.frame, self.now.axes)


def _half(snapshot: Snapshot) -> str:
    if snapshot.step is None:
        return "start: centres are placed"
    return f"{snapshot.step.index}: {'points choose' if 'changed' in snapshot.step.terms else 'centres move'}"
