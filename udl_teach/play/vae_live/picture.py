"""The picture of a variational autoencoder that learns: clouds of codes, what is decoded of them, the two terms."""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D

from udl_teach import plots
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour, marker, pale

GROUPS, ELLIPSES = 10, 36
SAMPLED = {True: 300, False: 20}
CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, 49)), np.sin(np.linspace(0, 2 * np.pi, 49))], axis=1)
CLOUD = "#C9C9C9"
# For so many dimensions the bars' axis has room: it changes seldom, for every change costs a whole drawing.
ROOMS = (4, 8, 16)


@dataclass(frozen=True)
class Look:
    """The numbers of one moment; all terms in nats a sample.

    Attributes:
        index: steps taken.
        plane: whether the samples are points in the plane (else they are digits).
        beta: weight of the KL term in the next step.
        beta_end: the weight after the warm-up.
        warm_up: steps of the warm-up.
        free_bits: nats a dimension that are not charged.
        noted: steps at which the terms were noted, shape (k,).
        reconstructions: the first term there, of batches, shape (k,).
        kls: the second term there, shape (k,).
        reconstruction: the first term now, of all samples, with one code drawn for each.
        kl_each: KL of every dimension now, averaged over all samples, shape (latent_size,).
        active: whether the mean of the posterior varies by more than 0.01, shape (latent_size,).
        holes: share of the prior's codes that lie where the data have (nearly) none.
        noise: standard deviation of a Gaussian decoder, else None.
        shown: the dimensions on the map, counted from 0; one or two.
        means: means of the posteriors on the map, shape (n, 2).
        labels: group of each, shape (n,).
        deviations: standard deviations of the first ELLIPSES of them, shape (ELLIPSES, 2).
        real: samples, shape (n, 2) or (10, 8, 8).
        decoded: their reconstructions, same shape.
        sampled: what the decoder makes of codes from the prior, shape (m, 2) or (m, 8, 8).
        reach: half the width of the map.
        highest: upper end of the bars' axis, in nats.
    """

    index: int
    plane: bool
    beta: float
    beta_end: float
    warm_up: int
    free_bits: float
    noted: np.ndarray
    reconstructions: np.ndarray
    kls: np.ndarray
    reconstruction: float
    kl_each: np.ndarray
    active: np.ndarray
    holes: float
    noise: float | None
    shown: tuple[int, ...]
    means: np.ndarray
    labels: np.ndarray
    deviations: np.ndarray
    real: np.ndarray
    decoded: np.ndarray
    sampled: np.ndarray
    reach: float
    highest: float

    @property
    def kl(self) -> float:
        """The KL term now."""
        return float(self.kl_each.sum())

    @property
    def collapsed(self) -> bool:
        """Whether learning has begun and no dimension says anything of its sample."""
        return self.index > 0 and not self.active.any()


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
        """Make all artists once; which are seen depends on the look."""
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
        for axes in (self.axes, self.real, self.free):
            axes.set_aspect("equal")
            for side in axes.spines.values():
                side.set_color("#BBBBBB")
        self.plane: bool | None = None
        self.points: np.ndarray | None = None
        frame.moving(*self.groups, self.rings, self.prior, self.says, *self.names, *self.walls, self.made, self.drawn)

    def draw(self, look: Look, title: str) -> None:
        """Show a look."""
        set_title(self.axes, title)
        if look.plane != self.plane:
            self._turn(look.plane)
        self._draw_map(look)
        if look.plane:
            self._draw_points(look)
        else:
            wall = np.concatenate([look.real[:5], look.decoded[:5], look.real[5:], look.decoded[5:]])
            self.walls[0].set_data(plots.mosaic(np.clip(wall, 0, 1), 5))
            self.walls[1].set_data(plots.mosaic(np.clip(look.sampled, 0, 1), 5))

    def _draw_map(self, look: Look) -> None:
        reach = look.reach
        set_limits(self.axes, (-reach, reach), (-reach, reach))
        flat = len(look.shown) == 1
        for text, name in zip(
            self.names,
            [f"dimension {k + 1}" for k in look.shown] + ["group" if look.plane else "digit"] * flat,
            strict=True,
        ):
            text.set_text(name)
        for k, group in enumerate(self.groups):
            group.set_offsets(look.means[look.labels == k])
        few = slice(None, len(look.deviations))
        self.rings.set_segments(ellipses(look.means[few], look.deviations))
        self.rings.set_color([colour(k) for k in look.labels[few]])
        if flat:
            self.prior.set_segments([[(place, -reach), (place, reach)] for place in (-1, -2, 1, 2)])
            self.prior.set_linestyle([(0, (4, 2)), (0, (1, 2))] * 2)
        else:
            self.prior.set_segments([CIRCLE, 2 * CIRCLE])
        self.says.set_text(f"step {look.index:,} · beta {look.beta:.3g}")

    def _draw_points(self, look: Look) -> None:
        middle, reach = look.real.mean(axis=0), 1.2 * np.abs(look.real - look.real.mean(axis=0)).max()
        for axes in (self.real, self.free):
            set_limits(axes, *((float(centre - reach), float(centre + reach)) for centre in middle))
        if self.points is not look.real:  # what stays is drawn once
            self.points = look.real
            for cloud in self.clouds:
                cloud.set_offsets(look.real)
        self.made.set_offsets(look.decoded)
        self.drawn.set_offsets(look.sampled)

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
        self.curves, self.bars = (figure.add_axes((0, 0, 1, 1)) for _ in range(2))
        self.band = self.curves.add_collection(
            PolyCollection([], facecolors=[pale(1, 0.6)], edgecolors="none", zorder=2)
        )
        self.low = plots.draw_curve(self.curves, [], log=False)
        self.high = plots.draw_curve(self.curves, [], log=False, number=1)
        self.kept_low = plots.draw_curve(self.curves, [], log=False, number=0, dashed=True)
        self.kept_high = plots.draw_curve(self.curves, [], log=False, number=4, dashed=True)
        self.kept_low.set_linewidth(1.1)
        self.kept_high.set_linewidth(1.1)
        keys = [Line2D([], [], color=pale(1, 0.6), linewidth=7), Line2D([], [], color=colour(0), linewidth=1.6)]
        kept = Line2D([], [], color=colour(4), linewidth=1.1, linestyle="--")
        place = {"loc": "upper right", "fontsize": 8, "frameon": False, "handlelength": 1.4}
        self.curves.legend([*keys, kept], ["KL", "reconstruction", "kept run"], **place)
        set_title(self.curves, "the two terms (nats a sample)")
        self.curves.tick_params(labelsize=8)
        self.blocks = self.bars.add_collection(PolyCollection([], facecolors=[], edgecolors=INK, linewidths=0.7))
        self.ghosts = self.bars.add_collection(
            PolyCollection([], facecolors="none", edgecolors=colour(4), linewidths=1.2, linestyles="--", zorder=3)
        )
        self.idle = self.bars.scatter([], [], s=24, marker="x", c=INK, linewidths=1.1, zorder=4, clip_on=False)
        set_title(self.bars, "KL of each dimension (nats)")
        self.bars.set_xlabel("dimension (x: not active)", fontsize=8, color=INK, labelpad=1)
        self.bars.tick_params(labelsize=8)
        self.bars.grid(True, axis="y", color="#DDDDDD", linewidth=0.6)
        self.bars.set_axisbelow(True)
        self.room = 0
        self.none = self.bars.add_collection(PolyCollection([], facecolors="#E4E4E4", edgecolors="none", zorder=5))
        self.legend = figure.legend(
            handles=[
                *(
                    Line2D([], [], color=colour(k), marker=marker(k), linestyle="none", markersize=5, label=str(k))
                    for k in range(GROUPS)
                ),
            ],
            loc="lower left",
            bbox_to_anchor=(0.02, 0.0),
            ncols=GROUPS,
            fontsize=8,
            frameon=False,
            handletextpad=0.0,
            columnspacing=0.7,
            borderaxespad=0.1,
        )
        figure.text(0.66, 0.012, "prior: dashed 1, dotted 2 sd", fontsize=8, color=INK, ha="right")
        self.frame.moving(self.band, self.kept_low, self.kept_high, self.low, self.high)
        self.frame.moving(self.blocks, self.ghosts, self.idle, self.none)

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        self._place(kept is not None)
        self.now.draw(look, "codes of this run" if kept is not None else "codes and their uncertainty")
        if kept is not None:
            self.before.draw(kept, "codes of the kept run")
        if self.legend.get_visible() == look.plane:
            self.legend.set_visible(not look.plane)
        self._draw_curves(look, kept)
        self._draw_bars(look, kept)

    def _place(self, two: bool) -> None:
        if two:
            rows = ((self.now, 0.565), (self.before, 0.095))
            for panel, bottom in rows:
                set_box(panel.axes, (0.03, bottom, 0.2, 0.37))
                set_box(panel.real, (0.255, bottom, 0.2, 0.37))
                set_box(panel.free, (0.465, bottom, 0.2, 0.37))
        else:
            set_box(self.now.axes, (0.03, 0.12, 0.37, 0.8))
            set_box(self.now.real, (0.43, 0.54, 0.235, 0.38))
            set_box(self.now.free, (0.43, 0.065, 0.235, 0.38))
            for axes in (self.before.axes, self.before.real, self.before.free):
                set_box(axes, None)
        set_box(self.curves, (0.74, 0.6, 0.245, 0.32))
        set_box(self.bars, (0.74, 0.12, 0.245, 0.3))

    def _draw_curves(self, look: Look, kept: Look | None) -> None:
        runs = [run for run in (look, kept) if run is not None]
        total = look.reconstructions + look.kls
        self.low.set_data(look.noted, look.reconstructions)
        self.high.set_data(look.noted, total)
        there = np.stack([look.noted, look.reconstructions], axis=1)
        back = np.stack([look.noted, total], axis=1)[::-1]
        self.band.set_verts([np.concatenate([there, back])] if len(look.noted) else [])
        self.kept_low.set_data(*(([], []) if kept is None else (kept.noted, kept.reconstructions)))
        self.kept_high.set_data(*(([], []) if kept is None else (kept.noted, kept.reconstructions + kept.kls)))
        third = self.curves.get_legend().get_texts()[2]
        if third.get_visible() != (kept is not None):
            third.set_visible(kept is not None)
            self.curves.get_legend().legend_handles[2].set_visible(kept is not None)
            self.frame.figure.stale = True  # a legend's parts do not say so themselves
        across = roomy(max((run.noted for run in runs), key=lambda noted: max(noted, default=0)), [])[0]
        lows = np.concatenate([run.reconstructions for run in runs])
        highs = np.concatenate([run.reconstructions + run.kls for run in runs])
        set_limits(self.curves, across, nice_limits(lows.min(), highs.max()) if len(lows) else (0, 1))

    def _draw_bars(self, look: Look, kept: Look | None) -> None:
        runs = [run for run in (look, kept) if run is not None]
        most = max(len(run.kl_each) for run in runs)
        room = next(room for room in ROOMS if room >= most)
        if room != self.room:
            self.room = room
            self.bars.set_xticks(np.arange(1, room + 1, 1 if room <= 8 else 2))
        self.blocks.set_verts(bars(look.kl_each, 0.35))
        self.blocks.set_facecolor([colour(0) if active else "#FFFFFF" for active in look.active])
        self.ghosts.set_verts([] if kept is None else bars(kept.kl_each, 0.45))
        idle = np.flatnonzero(~look.active) + 1.0
        self.idle.set_offsets(np.stack([idle, np.zeros(len(idle))], axis=1))
        top = max(run.highest for run in runs)
        set_limits(self.bars, (0.4, room + 0.6), (0, top))
        # Grey where there is no such dimension.
        left, right = most + 0.55, room + 0.6
        self.none.set_verts([[(left, 0), (left, top), (right, top), (right, 0)]] if most < room else [])


def bars(values: np.ndarray, half: float) -> np.ndarray:
    """Corners of bars at 1, 2, 3, ...: (n,) -> (n, 4, 2)."""
    left, zero = np.arange(1, len(values) + 1) - half, np.zeros(len(values))
    corners = [(left, zero), (left, values), (left + 2 * half, values), (left + 2 * half, zero)]
    return np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
