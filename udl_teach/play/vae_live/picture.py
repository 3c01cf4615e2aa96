"""The picture of a variational autoencoder that learns: clouds of codes, what is decoded of them, the two terms."""

from collections.abc import Sequence

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from udl_teach import plots
from udl_teach.play.vae_live.snapshot import GROUPS, Snapshot
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour, marker, pale

CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 49)), np.sin(np.linspace(0, 2 * np.pi, 49))], axis=1)
CLOUD = "#C9C9C9"
# Boxes of a run's three axes: alone, and in a row at a height.
ALONE = ((0.03, 0.12, 0.37, 0.8), (0.43, 0.54, 0.235, 0.38), (0.43, 0.065, 0.235, 0.38))
UPPER, LOWER = ([(left, bottom, 0.2, 0.37) for left in (0.03, 0.255, 0.465)] for bottom in (0.565, 0.095))


def ellipses(middles: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """Lines one standard deviation away from their middles: (n, 2) and (n, 2) -> (n, 49, 2)."""
    return middles[:, None] + deviations[:, None] * CIRCLE


def nice_limits(low: float, high: float) -> tuple[float, float]:
    """Round numbers around `low` and `high`, which may lie below zero."""
    span = max(high - low, 1e-3) / 3
    power = 10.0 ** np.floor(np.log10(span))
    unit = next(power * step for step in (1, 2, 5, 10) if power * step >= span)
    return float(np.floor(low / unit) * unit), float(np.ceil(high / unit) * unit)


class Panel:
    """One run: its codes, its reconstructions and its samples."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once; which are seen depends on the snapshot."""
        self.axes, self.real, self.free = (quiet_axes(frame.figure.add_axes((0, 0, 1, 1))) for _ in range(3))
        self.groups = [
            self.axes.scatter(
                [], [], s=11, c=colour(k), marker=marker(k), linewidths=0.3, edgecolors="#555555", zorder=2
            )
            for k in range(GROUPS)
        ]
        self.rings = self.axes.add_collection(LineCollection([], linewidths=0.9, zorder=3))
        self.prior = self.axes.add_collection(
            LineCollection([], linewidths=1.3, colors=INK, linestyles=[(0, (4, 2)), (0, (1, 2))], zorder=4)
        )
        self.says = self.axes.text(0.02, 0.98, "", transform=self.axes.transAxes, va="top", fontsize=9, zorder=5)
        # What names the two sides moves as well: a label of an axis that changes would cost a whole drawing.
        said = {"transform": self.axes.transAxes, "fontsize": 8, "color": INK}
        self.names = [
            self.axes.text(0.5, -0.015, "", ha="center", va="top", **said),
            self.axes.text(-0.02, 0.5, "", ha="right", va="center", rotation=90, **said),
        ]
        self.clouds, self.walls = [], []
        for axes in (self.real, self.free):
            self.clouds.append(axes.scatter([], [], s=7, c=CLOUD, linewidths=0))
            self.walls.append(plots.draw_images(axes, np.zeros((20, 8, 8)), 5))
            self.walls[-1].set_extent((0, 46, 37, 0))
        self.made = self.real.scatter([], [], s=9, c=colour(4), marker="^", linewidths=0)
        self.drawn = self.free.scatter([], [], s=9, c=colour(0), marker="s", linewidths=0)
        set_title(self.real, "reconstructions")
        set_title(self.free, "samples from the prior")
        self.all = (self.axes, self.real, self.free)
        for axes in self.all:
            axes.set_aspect("equal")
            for side in axes.spines.values():
                side.set_color("#BBBBBB")
        self.plane: bool | None = None
        self.points: np.ndarray | None = None
        frame.moving(*self.groups, self.rings, self.prior, self.says, *self.names, *self.walls, self.made, self.drawn)

    def draw(self, snapshot: Snapshot, title: str, boxes: Sequence) -> None:
        """Show a snapshot, in the boxes of the three axes."""
        for axes, box in zip(self.all, boxes, strict=True):
            set_box(axes, box)
        set_title(self.axes, title)
        if snapshot.plane != self.plane:
            self._turn(snapshot.plane)
        self._draw_map(snapshot)
        if snapshot.plane:
            self._draw_points(snapshot)
        else:
            wall = np.concatenate([snapshot.real[:5], snapshot.decoded[:5], snapshot.real[5:], snapshot.decoded[5:]])
            self.walls[0].set_data(plots.mosaic(np.clip(wall, 0, 1), 5))
            self.walls[1].set_data(plots.mosaic(np.clip(snapshot.sampled, 0, 1), 5))

    def _draw_map(self, snapshot: Snapshot) -> None:
        reach = snapshot.reach
        set_limits(self.axes, (-reach, reach), (-reach, reach))
        flat = len(snapshot.shown) == 1
        names = [f"dimension {k + 1}" for k in snapshot.shown] + ["group" if snapshot.plane else "digit"] * flat
        for text, name in zip(self.names, names, strict=True):
            text.set_text(name)
        for k, group in enumerate(self.groups):
            group.set_offsets(snapshot.means[snapshot.labels == k])
        few = slice(None, len(snapshot.deviations))
        self.rings.set_segments(ellipses(snapshot.means[few], snapshot.deviations))
        self.rings.set_color([colour(k) for k in snapshot.labels[few]])
        if flat:
            self.prior.set_segments([[(place, -reach), (place, reach)] for place in (-1, -2, 1, 2)])
        else:
            self.prior.set_segments([CIRCLE, 2 * CIRCLE])
        self.says.set_text(f"step {snapshot.index:,} · beta {snapshot.beta:.3g}")

    def _draw_points(self, snapshot: Snapshot) -> None:
        middle, reach = snapshot.real.mean(axis=0), 1.2 * np.abs(snapshot.real - snapshot.real.mean(axis=0)).max()
        for axes in (self.real, self.free):
            set_limits(axes, *((float(centre - reach), float(centre + reach)) for centre in middle))
        if self.points is not snapshot.real:  # what stays is drawn once
            self.points = snapshot.real
            for cloud in self.clouds:
                cloud.set_offsets(snapshot.real)
        self.made.set_offsets(snapshot.decoded)
        self.drawn.set_offsets(snapshot.sampled)

    def _turn(self, plane: bool) -> None:
        self.plane = plane
        for artist in (*self.clouds, self.made, self.drawn):
            artist.set_visible(plane)
        for wall in self.walls:
            wall.set_visible(not plane)
        for axes in (self.real, self.free):
            for side in axes.spines.values():
                side.set_visible(plane)
            if not plane:
                set_limits(axes, (0, 46), (37, 0))
        places, names = ([], []) if plane else ((5, 14, 23, 32), ("real", "decoded") * 2)
        self.real.set_yticks(places, names, fontsize=6, rotation=90, va="center")
        self.real.tick_params(axis="y", length=0, pad=1)


class Drawing:
    """The run (left), the kept run under it where there is one, and on the right the two terms and the bars of KL."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame(8.4, 4.5, few_colours=True)
        figure = self.frame.figure
        self.now, self.before = Panel(self.frame), Panel(self.frame)
        self.curves, self.bars = (figure.add_axes((0.74, *sides)) for sides in ((0.6, 0.245, 0.32), (0.12, 0.245, 0.3)))
        for axes, title in (
            (self.curves, "the two terms (nats per sample)"),
            (self.bars, "KL of each dimension (nats)"),
        ):
            set_title(axes, title)
            axes.tick_params(labelsize=8)
        self.band = self.curves.add_collection(PolyCollection([], facecolors=[pale(1, 0.6)], edgecolors="none"))
        self.low, self.high = (plots.draw_curve(self.curves, [], log=False, number=k) for k in (0, 1))
        self.kept = [plots.draw_curve(self.curves, [], log=False, number=k, dashed=True) for k in (0, 4)]
        for line in self.kept:
            line.set_linewidth(1.1)
        self.blocks, self.ghosts = (self.bars.add_collection(PolyCollection([], facecolors="none")) for _ in range(2))
        self.blocks.set(edgecolor=INK, linewidth=0.7)
        self.ghosts.set(edgecolor=colour(4), linewidth=1.2, linestyle="--", zorder=3)
        self.idle = self.bars.scatter([], [], s=24, marker="x", c=INK, linewidths=1.1, zorder=4, clip_on=False)
        self.bars.set_xlabel("dimension (x: not active)", fontsize=8, color=INK, labelpad=1)
        self.bars.xaxis.get_major_locator().set_params(integer=True, nbins=9)
        self.bars.grid(True, axis="y", color="#DDDDDD", linewidth=0.6)
        self.bars.set_axisbelow(True)
        self.legend = figure.legend(
            self.now.groups,
            map(str, range(GROUPS)),
            loc="lower left",
            bbox_to_anchor=(0.02, 0.0),
            ncols=GROUPS,
            fontsize=8,
            frameon=False,
            markerscale=1.8,
            handletextpad=0.0,
            columnspacing=0.7,
            borderaxespad=0.1,
        )
        figure.text(0.66, 0.012, "prior: dashed 1, dotted 2 sd", fontsize=8, color=INK, ha="right")
        self.frame.moving(self.band, *self.kept, self.low, self.high, self.blocks, self.ghosts, self.idle)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        runs = [run for run in (snapshot, kept) if run is not None]
        if kept is None:
            self.now.draw(snapshot, "codes and their uncertainty", ALONE)
            for axes in self.before.all:
                set_box(axes, None)
        else:
            self.now.draw(snapshot, "codes of this run", UPPER)
            self.before.draw(kept, "codes of the kept run", LOWER)
        if self.legend.get_visible() == snapshot.plane:
            self.legend.set_visible(not snapshot.plane)
        self._draw_curves(runs)
        self._draw_bars(runs)

    def _draw_curves(self, runs: list[Snapshot]) -> None:
        for run, lines in zip(runs, ((self.low, self.high), self.kept), strict=False):
            lines[0].set_data(run.noted, run.reconstructions)
            lines[1].set_data(run.noted, run.reconstructions + run.kls)
        for line in self.kept:
            line.set_visible(len(runs) > 1)
        low, high = self.low.get_xydata(), self.high.get_xydata()
        self.band.set_verts([np.concatenate([low, high[::-1]])] if len(low) else [])
        names = ["KL", "reconstruction", "kept run"][: 1 + len(runs)]
        if self.curves.get_legend() is None or len(self.curves.get_legend().get_texts()) != len(names):
            handles = [self.band, self.low, self.kept[1]][: len(names)]
            self.curves.legend(handles, names, loc="upper right", fontsize=8, frameon=False, handlelength=1.4)
        across = roomy(max((run.noted for run in runs), key=lambda noted: max(noted, default=0)), [])[0]
        lows = np.concatenate([run.reconstructions for run in runs])
        highs = np.concatenate([run.reconstructions + run.kls for run in runs])
        set_limits(self.curves, across, nice_limits(lows.min(), highs.max()) if len(lows) else (0, 1))

    def _draw_bars(self, runs: list[Snapshot]) -> None:
        active = runs[0].active
        self.blocks.set_verts(bars(runs[0].kl_each, 0.35))
        self.blocks.set_facecolor([colour(0) if used else "#FFFFFF" for used in active])
        self.ghosts.set_verts(bars(runs[1].kl_each, 0.45) if len(runs) > 1 else [])
        idle = np.flatnonzero(~active) + 1.0
        self.idle.set_offsets(np.stack([idle, np.zeros(len(idle))], axis=1))
        most = max(len(run.kl_each) for run in runs)
        set_limits(self.bars, (0.4, most + 0.6), (0, max(run.highest for run in runs)))


def bars(values: np.ndarray, half: float) -> np.ndarray:
    """Corners of bars at 1, 2, 3, ...: (n,) -> (n, 4, 2)."""
    left, zero = np.arange(1, len(values) + 1) - half, np.zeros(len(values))
    corners = [(left, zero), (left, values), (left + 2 * half, values), (left + 2 * half, zero)]
    return np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
