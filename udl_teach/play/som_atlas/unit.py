"""What one unit of a map stands for: its images, or its features one by one, and the labels of its samples."""

from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from udl_teach import plots
from udl_teach.play.som_atlas.chart import Chart
from udl_teach.play.som_atlas.snapshot import Snapshot
from udl_teach.play.som_atlas.words import number_said
from udl_teach.plots.figures import quiet_axes, set_box
from udl_teach.plots.maps import readable
from udl_teach.plots.style import INK, PAPER, QUIET, colour, pale

NEAREST = 16
MOST_FEATURES = 14
MOST_CLASSES = 12
KEPT = colour(1)


class ImageSide:
    """The prototype beside the images nearest to it; those of the kept unit below."""

    def __init__(self, frame: plots.Frame, snapshot: Snapshot) -> None:
        """Two prototypes and two walls of images, of which the second pair is for a kept unit."""
        self.places = [quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), "", frame=False) for _ in range(4)]
        shape = snapshot.chart.dataset.image_shape
        self.pictures = [
            plots.draw_images(axes, np.ones((count, *shape)), columns, pad=pad)
            for axes, count, columns, pad in zip(self.places, (1, NEAREST) * 2, (1, 4) * 2, (0, 1) * 2, strict=True)
        ]
        titles = [axes.title for axes in self.places]
        for axes in self.places:
            axes.set_anchor("N")
        self.none = [
            axes.text(0.5, 0.5, "", transform=axes.transAxes, ha="center", va="center") for axes in self.places
        ]
        frame.moving(*self.pictures, *titles, *self.none)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """The images of both units."""
        rows = [(snapshot, 0.32, 0.58)] if kept is None else [(snapshot, 0.6, 0.33), (kept, 0.19, 0.33)]
        for number in range(2):
            prototype, wall = self.places[2 * number : 2 * number + 2]
            if number >= len(rows):
                set_box(prototype, None)
                set_box(wall, None)
                continue
            shown, bottom, height = rows[number]
            set_box(prototype, (0.53, bottom, 0.19, height))
            set_box(wall, (0.74, bottom, 0.25, height))
            chart, nearest = shown.chart, shown.rows[:NEAREST]
            images = np.ones((NEAREST, *chart.dataset.image_shape))
            if len(nearest):
                images[: len(nearest)] = chart.images(chart.dataset.x[nearest])
            self.pictures[2 * number].set_data(plots.mosaic(chart.images(chart.units[[shown.unit]]), 1, pad=0))
            self.pictures[2 * number + 1].set_data(plots.mosaic(images, 4))
            _title(prototype, f"{'kept: ' if number else ''}unit {shown.place}")
            _title(wall, _nearest_said(len(nearest), len(shown.rows)))
            self.none[2 * number + 1].set_text("" if len(nearest) else "no sample")


def _nearest_said(shown: int, count: int) -> str:
    if count == 0:
        return "it has no samples"
    return f"its {_counted(count)}" if shown == count else f"{shown} nearest of its {count}"


def _counted(count: int) -> str:
    return "1 sample" if count == 1 else f"{count} samples"


def _title(axes: Any, said: str) -> None:
    axes.title.set(text=said, color=INK, fontsize=9)


class FeatureSide:
    """Each feature of the unit in standard deviations from the mean of all data, with its value in its own units."""

    def __init__(self, frame: plots.Frame, snapshot: Snapshot) -> None:
        """As many lines as there are features, up to MOST_FEATURES."""
        chart = snapshot.chart
        all_of_them = chart.deviations.shape[1]
        self.count = min(all_of_them, MOST_FEATURES)
        self.axes = axes = frame.figure.add_axes((0.695, 0.31, 0.195, 0.59))
        self.reach = float(np.clip(np.ceil(np.abs(chart.sample_deviations).max()), 2, 4))
        axes.set_ylim(self.count - 0.4, -0.6)
        axes.set_xlim(-self.reach, self.reach)
        axes.set_yticks([])
        axes.tick_params(labelsize=7, length=2)
        few = "" if all_of_them == self.count else f"; {self.count} of {all_of_them} features"
        axes.set_xlabel(f"standard deviations from the mean{few}", fontsize=7.5, color=INK, labelpad=2)
        self.says = axes.text(0.53, 0.945, "", transform=frame.figure.transFigure, fontsize=9, color=INK)
        axes.axvline(0, color=QUIET, linewidth=0.8)
        for side in ("left", "right", "top"):
            axes.spines[side].set_visible(False)
        self.samples = axes.plot([], [], "o", color=INK, alpha=0.3, markersize=3.2, markeredgewidth=0)[0]
        self.bars = axes.add_collection(LineCollection([], linewidths=7, colors=colour(3), zorder=1.5), autolim=False)
        (self.ghost,) = axes.plot([], [], "s", color="none", markeredgecolor=KEPT, markersize=6, markeredgewidth=1.6)
        across = axes.get_yaxis_transform()
        small = {"transform": across, "va": "center", "fontsize": 7.5, "color": INK}
        self.names = [axes.text(-0.04, row, "", ha="right", **small) for row in range(self.count)]
        self.values = [axes.text(1.04, row, "", ha="left", **small) for row in range(self.count)]
        # Where all features are shown their names stay, and a text is half a millisecond.
        moving = [] if all_of_them == self.count else self.names
        frame.moving(self.bars, self.samples, self.ghost, self.says, *moving, *self.values)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """The features of the unit, its samples as dots, and the kept unit as squares."""
        chart, row = snapshot.chart, np.arange(self.count)
        all_of_them = chart.deviations.shape[1]
        order = np.arange(all_of_them)
        if all_of_them > self.count:
            order = np.argsort(-np.abs(chart.deviations[snapshot.unit]), kind="stable")[: self.count]
        units = np.clip(chart.deviations[snapshot.unit, order], -self.reach, self.reach)
        self.bars.set_segments([[(0, place), (value, place)] for place, value in zip(row, units, strict=True)])
        dots = np.clip(chart.sample_deviations[snapshot.rows][:, order], -self.reach, self.reach)
        self.samples.set_data(dots.ravel(), np.tile(row, len(dots)))
        beside = [] if kept is None else np.clip(kept.chart.deviations[kept.unit, order], -self.reach, self.reach)
        self.ghost.set_data(beside, row[: len(beside)])
        for place, feature in enumerate(order):
            name = _shortened(chart.features[feature])
            if self.names[place].get_text() != name:
                self.names[place].set_text(name)
            self.values[place].set_text(number_said(chart.weights[snapshot.unit, feature]))
        dots = f"dots: its {_counted(len(snapshot.rows))}" if len(snapshot.rows) else "no samples"
        self.says.set_text(
            f"bars: unit {snapshot.place}, {dots}" + ("" if kept is None else f", squares: kept {kept.place}")
        )


def _shortened(name: str, most: int = 22) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


class LabelStrip:
    """The labels of a unit's samples as parts of one bar; those of a kept unit below."""

    def __init__(self, frame: plots.Frame, chart: Chart) -> None:
        """One part per class, coloured as on the map, with its name where it fits."""
        self.axes = axes = quiet_axes(frame.figure.add_axes((0.53, 0.035, 0.455, 0.135)), frame=False)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        colours = [colour(number) for number in range(len(chart.names))]
        self.bars = [
            axes.add_collection(PolyCollection([], facecolors=colours, edgecolors=PAPER), autolim=False)
            for _ in range(2)
        ]
        white = readable(np.array([pale(number, 1.0) for number in range(len(chart.names))]))
        self.parts = [
            [axes.text(0, 0, "", ha="center", va="center", fontsize=8, color=PAPER if one else INK) for one in white]
            for _ in range(2)
        ]
        self.says = axes.text(0, 0.98, "", va="top", fontsize=8, color=INK)
        frame.moving(*self.bars, *self.parts[0], *self.parts[1], self.says)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """The shares of the classes."""
        self._bar(0, snapshot, (0.36, 0.7) if kept is not None else (0.1, 0.64))
        self._bar(1, kept, (0.0, 0.3))
        self.says.set_text(
            f"labels of its {_counted(len(snapshot.rows))}" + ("" if kept is None else ", below: of the kept")
        )

    def _bar(self, number: int, snapshot: Snapshot | None, between: tuple[float, float]) -> None:
        counts = np.zeros(len(self.parts[0])) if snapshot is None else snapshot.counts
        edges = np.concatenate([[0], np.cumsum(counts)]) / max(counts.sum(), 1)
        low, high = between
        sides = list(zip(edges[:-1], edges[1:], strict=True))
        self.bars[number].set_verts([[(a, low), (b, low), (b, high), (a, high)] for a, b in sides])
        for place, (text, (a, b)) in enumerate(zip(self.parts[number], sides, strict=True)):
            said = "" if snapshot is None else _fitting(snapshot, place, b - a)
            text.set(text=said, position=((a + b) / 2, (low + high) / 2 - 0.02))


def _fitting(snapshot: Snapshot, place: int, width: float) -> str:
    # A letter of this size is about a fiftieth of the bar's length.
    count = int(snapshot.counts[place])
    for said in (
        f"{snapshot.chart.names[place]}: {count}",
        f"{snapshot.chart.codes[place]}: {count}",
        snapshot.chart.codes[place],
    ):
        if count and len(said) / 50 < width:
            return said
    return ""
