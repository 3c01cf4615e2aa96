"""The picture of a variational autoencoder that learns: clouds of codes, what is decoded of them, the two terms."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from udl_teach import plots
from udl_teach.play.vae_live.snapshot import GROUPS, Snapshot
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import Box, quiet_axes, set_box, set_limits, set_new, set_title
from udl_teach.plots.points import square_around
from udl_teach.plots.style import INK, colour, marker, pale

TURN = np.linspace(0, 2 * np.pi, 49)
CIRCLE = np.stack([np.cos(TURN), np.sin(TURN)], axis=1)
# Boxes of a run's three axes: alone, and in a row at a height.
ALONE = ((0.03, 0.12, 0.37, 0.8), (0.43, 0.54, 0.235, 0.38), (0.43, 0.065, 0.235, 0.38))
UPPER, LOWER = ([(left, bottom, 0.2, 0.37) for left in (0.03, 0.255, 0.465)] for bottom in (0.565, 0.095))


def framed(frame: plots.Frame, title: str = "") -> Any:
    """Axes of one scale in a grey frame."""
    axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), title)
    axes.set_aspect("equal")
    axes.spines[:].set_color("#BBBBBB")
    return axes


class Codes:
    """The map of the codes: a mark per sample, some of them with a ring of one standard deviation, and the prior."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = framed(frame)
        look = {"s": 11, "linewidths": 0.3, "edgecolors": "#555555", "zorder": 2}
        self.groups = [self.axes.scatter([], [], c=colour(k), marker=marker(k), **look) for k in range(GROUPS)]
        self.rings = self.axes.add_collection(LineCollection([], linewidths=0.9, zorder=3))
        dashes = {"colors": INK, "linestyles": [(0, (4, 2)), (0, (1, 2))]}
        self.prior = self.axes.add_collection(LineCollection([], linewidths=1.3, zorder=4, **dashes))
        # What names the two sides moves as well: a label of an axis that changes would cost a whole drawing.
        said = {"transform": self.axes.transAxes, "zorder": 5}
        self.says = self.axes.text(0.02, 0.98, "", va="top", fontsize=9, **said)
        said |= {"fontsize": 9, "color": INK}
        across = self.axes.text(0.5, -0.015, "", ha="center", va="top", **said)
        self.names = [across, self.axes.text(-0.02, 0.5, "", ha="right", va="center", rotation=90, **said)]
        frame.moving(*self.groups, self.rings, self.prior, self.says, *self.names)

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        far, flat = snapshot.reach, len(snapshot.shown) == 1
        set_limits(self.axes, (-far, far), (-far, far))
        for k, group in enumerate(self.groups):
            group.set_offsets(snapshot.means[snapshot.labels == k])
        # Lines one standard deviation away from the mean, shape (n, 49, 2).
        n = len(snapshot.deviations)
        self.rings.set_segments(snapshot.means[:n, None] + snapshot.deviations[:, None] * CIRCLE)
        self.rings.set_color([colour(k) for k in snapshot.labels[:n]])
        lines = [[(place, -far), (place, far)] for place in (-1, -2, 1, 2)]
        self.prior.set_segments(lines if flat else [CIRCLE, 2 * CIRCLE])
        self.says.set_text(f"step {snapshot.index:,} · beta {snapshot.beta:.3g}")
        names = [f"dimension {k + 1}" for k in snapshot.shown] + ["group" if snapshot.plane else "digit"] * flat
        for text, name in zip(self.names, names, strict=True):
            text.set_text(name)


class Decoded:
    """What is decoded: dots over the data in the plane, or a wall of images, each with its title."""

    def __init__(self, frame: plots.Frame, plane: str, images: str, number: int) -> None:
        """Make all artists once; which are seen depends on the snapshot."""
        self.axes = framed(frame, plane)
        self.titles = images, plane
        self.cloud = self.axes.scatter([], [], s=7, c="#C9C9C9", linewidths=0)
        self.wall = plots.draw_images(self.axes, np.zeros((20, 8, 8)), 5)
        self.wall.set_extent((0, 46, 37, 0))
        self.dots = self.axes.scatter([], [], s=9, c=colour(number), marker="^" if number else "s", linewidths=0)
        self.real: np.ndarray | None = None
        frame.moving(self.wall, self.dots)

    def draw(self, snapshot: Snapshot, shown: np.ndarray) -> None:
        """Show points of shape (n, 2), or images of shape (20, 8, 8)."""
        self.wall.set_visible(not snapshot.plane)
        self.dots.set_visible(snapshot.plane)
        set_title(self.axes, self.titles[snapshot.plane])
        for side in self.axes.spines.values():
            set_new(side, visible=snapshot.plane)
        if not snapshot.plane:
            set_limits(self.axes, (0, 46), (37, 0))
            self.wall.set_data(plots.mosaic(np.clip(shown, 0, 1), 5))
        else:
            set_limits(self.axes, *square_around(snapshot.real))
            self.dots.set_offsets(shown)
        if self.real is not snapshot.real:  # what stays is drawn once
            self.real = snapshot.real
            self.cloud.set_offsets(snapshot.real if snapshot.plane else np.zeros((0, 2)))


class Panel:
    """One run: its codes, its reconstructions and its samples."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make the three parts."""
        self.codes = Codes(frame)
        self.decoded = Decoded(frame, "reconstructions", "real above decoded", 4)
        self.sampled = Decoded(frame, "samples from the prior", "samples from the prior", 0)
        self.all = (self.codes.axes, self.decoded.axes, self.sampled.axes)

    def draw(self, snapshot: Snapshot | None, title: str, boxes: tuple[Box | None, ...]) -> None:
        """Show a snapshot in the boxes of the three axes."""
        for axes, box in zip(self.all, boxes, strict=True):
            set_box(axes, box)
        if snapshot is not None:
            self.codes.draw(snapshot, title)
            self.decoded.draw(snapshot, snapshot.decoded)
            self.sampled.draw(snapshot, snapshot.sampled)


class Drawing:
    """The run (left), the kept run under it where there is one, and on the right the two terms and the bars of KL."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.4, 4.5, few_colours=True)
        figure = self.frame.figure
        self.now, self.before = Panel(self.frame), Panel(self.frame)
        self.curves, self.bars = (figure.add_axes((0.74, *sides)) for sides in ((0.6, 0.245, 0.32), (0.12, 0.245, 0.3)))
        titles = ("the two terms (nats)", "KL of each dimension (nats)")
        for axes, title in zip((self.curves, self.bars), titles, strict=True):
            set_title(axes, title)
            axes.tick_params(labelsize=9)
        self.band = self.curves.add_collection(PolyCollection([], facecolors=[pale(1, 0.6)], edgecolors="none"))
        self.low, self.high = (plots.draw_curve(self.curves, [], log=False, number=k) for k in (0, 1))
        self.kept = [plots.draw_curve(self.curves, [], log=False, number=k, dashed=True) for k in (0, 4)]
        for line in self.kept:
            line.set_linewidth(1.1)
        handles, names = (self.band, self.low, self.kept[1]), ("KL", "reconstruction", "kept run")
        legend = self.curves.legend(handles, names, loc="upper right", fontsize=9, frameon=False, handlelength=1.4)
        self.kept_said = legend.get_texts()[-1], legend.get_lines()[-1]
        self.blocks, self.ghosts = (self.bars.add_collection(PolyCollection([], facecolors="none")) for _ in range(2))
        self.blocks.set(edgecolor=INK, linewidth=0.7)
        self.ghosts.set(edgecolor=colour(4), linewidth=1.2, linestyle="--", zorder=3)
        self.idle = self.bars.scatter([], [], s=24, marker="x", c=INK, linewidths=1.1, zorder=4, clip_on=False)
        self.bars.set_xlabel("dimension (x: not active)", fontsize=9, color=INK, labelpad=1)
        self.bars.xaxis.get_major_locator().set_params(integer=True, nbins=9)
        self.bars.grid(True, axis="y", color="#DDDDDD", linewidth=0.6)
        self.bars.set_axisbelow(True)
        close = {"markerscale": 1.8, "handletextpad": 0.0, "columnspacing": 0.7, "borderaxespad": 0.1}
        place = {"loc": "lower left", "bbox_to_anchor": (0.02, 0.0), "ncols": GROUPS, "fontsize": 9, "frameon": False}
        self.legend = figure.legend(self.now.codes.groups, map(str, range(GROUPS)), **place, **close)
        figure.text(0.985, 0.012, "prior: dashed 1, dotted 2 sd", fontsize=9, color=INK, ha="right")
        self.frame.moving(self.band, *self.kept, self.low, self.high, self.blocks, self.ghosts, self.idle)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        alone = kept is None
        self.now.draw(
            snapshot, "codes and their uncertainty" if alone else "codes of this run", ALONE if alone else UPPER
        )
        self.before.draw(kept, "codes of the kept run", (None,) * 3 if alone else LOWER)
        set_new(self.legend, visible=not snapshot.plane)
        runs = [run for run in (snapshot, kept) if run is not None]
        self._draw_curves(runs)
        self._draw_bars(runs)

    def _draw_curves(self, runs: list[Snapshot]) -> None:
        for run, (low, high) in zip((*runs, None), ((self.low, self.high), self.kept), strict=False):
            low.set_data(*(([], []) if run is None else (run.noted, run.reconstructions)))
            high.set_data(*(([], []) if run is None else (run.noted, run.reconstructions + run.kls)))
        low, high = self.low.get_xydata(), self.high.get_xydata()
        self.band.set_verts([np.concatenate([low, high[::-1]])] if len(low) else [])
        for part in self.kept_said:
            set_new(part, visible=len(runs) > 1)
        across = roomy(max((run.noted for run in runs), key=len), [])[0]
        terms = np.concatenate([part for run in runs for part in (run.reconstructions, run.reconstructions + run.kls)])
        set_limits(self.curves, across, nice_limits(terms.min(), terms.max()) if len(terms) else (0, 1))

    def _draw_bars(self, runs: list[Snapshot]) -> None:
        active = runs[0].active
        self.blocks.set_verts(bars(runs[0].kl_each, 0.35))
        self.blocks.set_facecolor([colour(0) if used else "#FFFFFF" for used in active])
        self.ghosts.set_verts(bars(runs[1].kl_each, 0.45) if len(runs) > 1 else [])
        self.idle.set_offsets([(place + 1, 0) for place in np.flatnonzero(~active)] or np.zeros((0, 2)))
        most = max(len(run.kl_each) for run in runs)
        set_limits(self.bars, (0.4, most + 0.6), (0, max(run.highest for run in runs)))


def nice_limits(low: float, high: float) -> tuple[float, float]:
    """Round numbers around `low` and `high`, which may lie below zero."""
    unit = roomy([], [max(high - low, 1e-3) / 3], log=False)[1][1]
    return float(np.floor(low / unit) * unit), float(np.ceil(high / unit) * unit)


def bars(values: np.ndarray, half: float) -> list:
    """Corners of bars at 1, 2, 3, ..."""
    return [[(k - half, 0), (k - half, value), (k + half, value), (k + half, 0)] for k, value in enumerate(values, 1)]
