"""The picture: views on the unit circle with what pulls and what pushes them, the images below, and two curves."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from udl_teach import plots
from udl_teach.play.pull_and_push.run import SHOWN, SIDE
from udl_teach.play.pull_and_push.snapshot import EVEN, Snapshot
from udl_teach.play.two_runs import Curve, TwoRuns
from udl_teach.plots.figures import quiet_axes, set_title
from udl_teach.plots.points import arrow_lines
from udl_teach.plots.style import INK, QUIET, colour, marker

PULL, PUSH = colour(0), colour(1)
DIGITS = 10
# Radius of the arrows that pull and push, of the ring of images, and of their digits; the longest arrow.
INSIDE, OUTSIDE, RING, NAMES, LONGEST = 0.88, 1.11, 1.34, 1.53, 0.45
# Left, right, bottom and top of the images below the circle; the limits of all.
WALL = (-0.95, 1.65, -2.72, -1.74)
LIMITS = (-1.66, 1.66), (-2.74, 1.62)
# A mean code shorter than this has no direction that a name could stand at.
DIRECTED = 0.3


class Panel:
    """One run: the circle, and the images with their two views below it."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.wall = axes.imshow(np.zeros((2, 2)), cmap="gray", vmin=0, vmax=1, extent=WALL, interpolation="nearest")
        axes.set(xlim=LIMITS[0], ylim=LIMITS[1], aspect="equal")
        turn = np.linspace(0, 2 * np.pi, 181)
        axes.plot(np.cos(turn), np.sin(turn), color=QUIET, linewidth=1)
        rows = WALL[3] - (np.arange(3) + 0.5) * (WALL[3] - WALL[2]) / 3
        for says, at in zip(("image", "view 1", "view 2"), rows, strict=True):
            axes.text(WALL[0] - 0.06, at, says, fontsize=9, color=INK, ha="right", va="center")
        for says, at, look in (("pull inside", -1.37, PULL), ("push outside", -1.57, "#B85600")):
            axes.text(LIMITS[0][0], at, says, fontsize=9, color=look, va="center")
        self.spread = RING + 0.09 * np.random.default_rng(0).uniform(-1, 1, 1000)[:, None]

        def marks(size: float, face: str | None = None, edge: str | None = None, **look: Any) -> list:
            # Blue and orange belong to the forces.
            colours = [(face or colour(d + 2), edge or colour(d + 2)) for d in range(DIGITS)]
            return [
                axes.scatter([], [], s=size, c=c, edgecolors=e, marker=marker(d), zorder=3, **look)
                for d, (c, e) in enumerate(colours)
            ]

        def lines(width: float, **look: Any) -> LineCollection:
            return axes.add_collection(LineCollection([], linewidths=width, **look))

        self.ring = marks(8, linewidths=0)
        name = {"fontsize": 12, "fontweight": "bold", "color": INK, "ha": "center", "va": "center"}
        self.names = [axes.text(0, 0, "", **name) for _ in range(DIGITS)]
        self.others = axes.scatter([], [], s=8, c=QUIET, linewidths=0)
        self.pushers, self.pairs = lines(1.2), lines(0.8, colors=QUIET)
        self.pair, self.pull, self.push = lines(2.6, colors=PULL), lines(1.5, colors=PULL), lines(1.5, colors=PUSH)
        self.first, self.second = marks(42, edge=INK, linewidths=1.0), marks(42, "white", linewidths=1.6)
        self.chosen = axes.scatter([], [], s=130, facecolors="none", edgecolors=INK, linewidths=1.8, zorder=5)
        (self.edge,) = axes.plot([], [], color=colour(9), linewidth=2.5)
        self.step = axes.text(LIMITS[0][0], 1.6, "", fontsize=9, color=INK, va="top")
        self.last: Snapshot | None = None
        frame.moving(
            self.wall, *self.ring, *self.names, self.others, self.pushers, self.pairs, self.pair, self.pull, self.push,
            *self.first, *self.second, self.chosen, self.edge, self.step,
        )  # fmt: skip

    def draw(self, snapshot: Snapshot, title: str) -> None:
        """Show a snapshot."""
        set_title(self.axes, title)
        if snapshot is self.last:  # a kept run stays as it is
            return
        self.last = snapshot
        self.step.set_text(f"step {snapshot.index:,}")
        self.wall.set_data(plots.mosaic(snapshot.images.reshape(-1, SIDE, SIDE), SHOWN))
        n, z, image = len(snapshot.labels), snapshot.z, snapshot.image
        views = np.r_[0:SHOWN, n : n + SHOWN]
        (first, second), labels = z[views].reshape(2, SHOWN, 2), snapshot.labels[:SHOWN]
        for artist in (*self.first, *self.second, *self.ring, *self.names):
            artist.set_visible(False)
        for number, digit in enumerate(snapshot.digits):
            _put(self.first[number], first[labels == digit])
            _put(self.second[number], second[labels == digit])
            self._ring(number, digit, snapshot)
        self.others.set_offsets(np.delete(z, views, axis=0))
        self.pairs.set_segments(np.stack([first, second], axis=1))
        self.pair.set_segments(arrow_lines(z[[image]], z[[n + image]], head=0.12))
        self._pushers(snapshot)
        self.pull.set_segments(tangents(z[views], snapshot.pull[views], INSIDE))
        self.push.set_segments(tangents(z[views], snapshot.push[views], OUTSIDE))
        self.chosen.set_offsets(z[[image, n + image]])
        left, right, bottom, top = WALL
        x0, x1 = left + np.array([image, image + 1]) * (right - left) / SHOWN
        self.edge.set_data([x0, x1, x1, x0, x0], [bottom, bottom, top, top, bottom])

    def _ring(self, number: int, digit: int, snapshot: Snapshot) -> None:
        its = snapshot.ring_labels == digit
        _put(self.ring[number], (self.spread[: len(its)] * snapshot.ring)[its])
        middle, name = snapshot.ring[its].mean(axis=0), self.names[number]
        name.set_visible(DIRECTED < np.hypot(*middle) and not snapshot.collapsed)
        if name.get_visible():
            name.set(text=str(digit), position=NAMES * middle / np.hypot(*middle))

    def _pushers(self, snapshot: Snapshot) -> None:
        # From the first view of the chosen image to all that push it: the more they count, the stronger the line.
        n, image = len(snapshot.labels), snapshot.image
        others = np.delete(np.arange(2 * n), [image, n + image]) if snapshot.repulsion else np.zeros(0, dtype=int)
        ends = snapshot.z[others]
        self.pushers.set_segments(np.stack([np.broadcast_to(snapshot.z[image], ends.shape), ends], axis=1))
        strength = snapshot.shares[others, None] / max(snapshot.shares.max(), 1e-12)
        self.pushers.set_color(np.hstack([np.broadcast_to(to_rgb(PUSH), (len(others), 3)), strength]))

    def image_at(self, snapshot: Snapshot, x: float, y: float) -> int | None:
        """Which image is pointed at, below the circle or by one of its views; None for no image."""
        left, right, bottom, top = WALL
        if left <= x <= right and bottom <= y <= top:
            return min(int((x - left) / (right - left) * SHOWN), SHOWN - 1)
        n = len(snapshot.labels)
        away = np.hypot(*(snapshot.z[np.r_[0:SHOWN, n : n + SHOWN]] - [x, y]).T)
        return int(away.argmin() % SHOWN) if away.min() < 0.25 else None


def tangents(z: np.ndarray, force: np.ndarray, radius: float) -> np.ndarray:
    """Arrows along the circle, at a radius beside it; a force of 1 is as long as the radius; at most LONGEST."""
    start, tangent = radius * z, np.stack([-z[:, 1], z[:, 0]], axis=1)
    length = np.clip(force, -LONGEST, LONGEST)
    return arrow_lines(start, start + length[:, None] * tangent, head=0.4)


def _put(artist: Any, places: np.ndarray) -> None:
    artist.set_visible(len(places) > 0)
    artist.set_offsets(places)


class Drawing(TwoRuns):
    """The run (left), the kept run (middle, where there is one), alignment and uniformity (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        super().__init__(
            Panel,
            alone=((0.01, 0.02, 0.5, 0.92), (0.6, 0.58, 0.385, 0.34), (0.6, 0.11, 0.385, 0.34)),
            beside=(
                (0.008, 0.02, 0.35, 0.9),
                (0.368, 0.02, 0.35, 0.9),
                (0.77, 0.58, 0.2, 0.34),
                (0.77, 0.11, 0.2, 0.34),
            ),
            size=(8.4, 4.8),
        )
        common = {"log": False, "least": 200}
        uniformity = {"limits_of": lambda values: np.array([-2.0])} | common
        self.curves += [
            Curve(self.frame, lambda run: run.curves[:2], "alignment", xlabel="", **common),
            Curve(self.frame, lambda run: run.curves[::2], "uniformity", **uniformity),
        ]
        axes = self.curves[1].axes
        axes.axhline(EVEN, color=QUIET, linewidth=1)
        axes.text(1, EVEN - 0.04, "even circle ", fontsize=9, color=INK, ha="right", va="top")
        axes.texts[-1].set_transform(axes.get_yaxis_transform())
