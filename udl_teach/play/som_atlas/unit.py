"""What one unit of a map represents: its images, or its features one by one, and the labels of its samples."""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection

from udl_teach import plots
from udl_teach.play.som_atlas.chart import Chart
from udl_teach.play.som_atlas.run import Snapshot
from udl_teach.play.som_atlas.words import number_said
from udl_teach.plots.figures import quiet_axes, set_box
from udl_teach.plots.maps import readable
from udl_teach.plots.style import INK, PAPER, QUIET, colour, pale

NEAREST = 16
MOST_FEATURES = 14
MOST_CLASSES = 12
# Letters of a feature's name.
LONGEST = 22
KEPT = colour(1)


class ImageSide:
    """The prototype beside the images nearest to it; those of the kept unit below."""

    def __init__(self, frame: plots.Frame, chart: Chart) -> None:
        """Two prototypes and two walls of images, of which the second pair is for a kept unit."""
        self.axes = [quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False) for _ in range(4)]
        self.pictures = [
            plots.draw_images(axes, np.ones((count, *chart.dataset.image_shape)), columns, pad=pad)
            for axes, (count, columns, pad) in zip(self.axes, ((1, 1, 0), (NEAREST, 4, 1)) * 2, strict=True)
        ]
        for axes in self.axes:
            axes.set_anchor("N")
            axes.title.set(color=INK, fontsize=9)
        frame.moving(*self.pictures, *(axes.title for axes in self.axes))

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """The images of both units."""
        height = 0.58 if kept is None else 0.33
        for number, (shown, bottom) in enumerate(((snapshot, 0.32 if kept is None else 0.6), (kept, 0.19))):
            prototype, wall = axes = self.axes[2 * number : 2 * number + 2]
            for one, left, width in zip(axes, (0.53, 0.74), (0.19, 0.25), strict=True):
                set_box(one, None if shown is None else (left, bottom, width, height))
            if shown is None:
                continue
            chart, nearest, n = shown.chart, shown.rows[:NEAREST], len(shown.rows)
            images = np.ones((NEAREST, *chart.dataset.image_shape))
            images[: len(nearest)] = chart.images(chart.dataset.x[nearest])
            self.pictures[2 * number].set_data(plots.mosaic(chart.images(chart.units[[shown.unit]]), 1, pad=0))
            self.pictures[2 * number + 1].set_data(plots.mosaic(images, 4))
            prototype.title.set_text(f"{'kept: ' if number else ''}unit {shown.place}")
            few = f"its {_counted(n)}" if n else "it has no samples"
            wall.title.set_text(few if n <= NEAREST else f"{NEAREST} nearest of its {n}")


def _counted(count: int) -> str:
    return "1 sample" if count == 1 else f"{count} samples"


class FeatureSide:
    """Each feature of the unit in standard deviations from the mean of all data, with its value in its own units."""

    def __init__(self, frame: plots.Frame, chart: Chart) -> None:
        """As many lines as there are features, up to MOST_FEATURES."""
        all_of_them = len(chart.features)
        self.count = min(all_of_them, MOST_FEATURES)
        self.axes = axes = frame.figure.add_axes((0.695, 0.31, 0.195, 0.59))
        self.reach = float(np.clip(np.ceil(np.abs(chart.sample_deviations).max()), 2, 4))
        axes.set(xlim=(-self.reach, self.reach), ylim=(self.count - 0.4, -0.6), yticks=[])
        axes.tick_params(labelsize=9, length=2)
        few = "" if all_of_them == self.count else f"; {self.count} of {all_of_them} features"
        axes.set_xlabel(f"standard deviations from the mean{few}", fontsize=9, color=INK, labelpad=2)
        self.says = axes.text(0.53, 0.945, "", transform=frame.figure.transFigure, fontsize=9, color=INK)
        axes.axvline(0, color=QUIET, linewidth=0.8)
        axes.spines[["left", "right", "top"]].set_visible(False)
        self.samples = axes.plot([], [], "o", color=INK, alpha=0.3, markersize=3.2, markeredgewidth=0)[0]
        self.bars = axes.add_collection(LineCollection([], linewidths=7, colors=colour(3), zorder=1.5), autolim=False)
        (self.ghost,) = axes.plot([], [], "s", color="none", markeredgecolor=KEPT, markersize=6, markeredgewidth=1.6)
        small = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": 9, "color": INK}
        self.names = [axes.text(-0.04, row, "", ha="right", **small) for row in range(self.count)]
        self.values = [axes.text(1.04, row, "", ha="left", **small) for row in range(self.count)]
        # Where all features are shown their names stay, and a text is half a millisecond.
        moving = self.names if few else []
        frame.moving(self.bars, self.samples, self.ghost, self.says, *moving, *self.values)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """The features of the unit, its samples as dots, and the kept unit as squares."""
        chart, row = snapshot.chart, np.arange(self.count)
        order = np.arange(len(chart.features))
        if len(order) > self.count:
            order = np.argsort(-np.abs(chart.deviations[snapshot.unit]), kind="stable")[: self.count]
        units = np.clip(chart.deviations[snapshot.unit, order], -self.reach, self.reach)
        self.bars.set_segments([[(0, place), (value, place)] for place, value in zip(row, units, strict=True)])
        dots = np.clip(chart.sample_deviations[snapshot.rows][:, order], -self.reach, self.reach)
        self.samples.set_data(dots.ravel(), np.tile(row, len(dots)))
        beside = [] if kept is None else np.clip(kept.chart.deviations[kept.unit, order], -self.reach, self.reach)
        self.ghost.set_data(beside, row[: len(beside)])
        for place, feature in enumerate(order):
            name = chart.features[feature]
            name = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
            if self.names[place].get_text() != name:
                self.names[place].set_text(name)
            self.values[place].set_text(number_said(chart.weights[snapshot.unit, feature]))
        said = f"dots: its {_counted(len(dots))}" if len(dots) else "no samples"
        squares = "" if kept is None else f", squares: kept {kept.place}"
        self.says.set_text(f"bars: unit {snapshot.place}, {said}{squares}")


class LabelStrip:
    """The labels of a unit's samples as parts of one bar; those of a kept unit below."""

    def __init__(self, frame: plots.Frame, chart: Chart) -> None:
        """One part per class, coloured as on the map, with its name where it fits."""
        axes = quiet_axes(frame.figure.add_axes((0.53, 0.035, 0.455, 0.135)), frame=False)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        classes = range(len(chart.names))
        look = {"facecolors": [colour(number) for number in classes], "edgecolors": PAPER}
        self.bars = [axes.add_collection(PolyCollection([], **look), autolim=False) for _ in range(2)]
        white = readable(np.array([pale(number, 1.0) for number in classes]))
        self.parts = [
            [axes.text(0, 0, "", ha="center", va="center", fontsize=9, color=PAPER if one else INK) for one in white]
            for _ in range(2)
        ]
        self.says = axes.text(0, 0.98, "", va="top", fontsize=9, color=INK)
        frame.moving(*self.bars, *self.parts[0], *self.parts[1], self.says)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """The shares of the classes."""
        self._bar(0, snapshot, *((0.1, 0.64) if kept is None else (0.36, 0.7)))
        self._bar(1, kept, 0.0, 0.3)
        below = "" if kept is None else ", below: of the kept"
        self.says.set_text(f"labels of its {_counted(len(snapshot.rows))}{below}")

    def _bar(self, number: int, shown: Snapshot | None, low: float, high: float) -> None:
        counts = np.zeros(len(self.parts[0])) if shown is None else shown.counts
        edges = np.concatenate([[0], np.cumsum(counts)]) / max(counts.sum(), 1)
        sides = list(zip(edges[:-1], edges[1:], strict=True))
        self.bars[number].set_verts([[(a, low), (b, low), (b, high), (a, high)] for a, b in sides])
        for place, (text, (a, b), count) in enumerate(zip(self.parts[number], sides, counts, strict=True)):
            name, code = (shown.chart.names[place], shown.chart.codes[place]) if count else ("", "")
            # A letter of this size is about a fiftieth of the bar's length.
            said = (one for one in (f"{name}: {count}", f"{code}: {count}", code) if len(one) / 50 < b - a)
            text.set(text=next(said, ""), position=((a + b) / 2, (low + high) / 2 - 0.02))
