"""The picture of the map's playground: a layer of the map (left), and what the chosen unit stands for (right)."""

import numpy as np
from matplotlib.path import Path

from udl_teach import plots
from udl_teach.play.som_atlas.chart import Chart
from udl_teach.play.som_atlas.snapshot import Snapshot
from udl_teach.play.som_atlas.unit import KEPT, MOST_CLASSES, FeatureSide, ImageSide, LabelStrip
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.maps import EMPTY, map_axes, readable, unit_corners, unit_images
from udl_teach.plots.style import INK, PAPER, SCALE, pale

GROUND = (0.84, 0.84, 0.84, 1.0)
MAP, BAR = (0.01, 0.03, 0.44, 0.88), (0.462, 0.14, 0.014, 0.66)


class Drawing:
    """Joins the two sides on one figure; `draw` brings them up to date."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Make all axes and artists once; what kind of data it is, is read off a first snapshot."""
        self.frame = plots.Frame(8.4, 4.3)
        self.map = MapSide(self.frame, snapshot.chart)
        dataset = snapshot.chart.dataset
        self.unit = (
            FeatureSide(self.frame, snapshot) if dataset.image_shape is None else ImageSide(self.frame, snapshot)
        )
        self.labels = LabelStrip(self.frame, snapshot.chart) if 0 < len(snapshot.chart.names) <= MOST_CLASSES else None

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        self.map.draw(snapshot, kept)
        self.unit.draw(snapshot, kept)
        if self.labels is not None:
            self.labels.draw(snapshot, kept)


class MapSide:
    """The map with one of its layers, the scale of its colours, and the outline of the chosen unit."""

    def __init__(self, frame: plots.Frame, chart: Chart) -> None:
        """The layer stays from picture to picture, so only the outlines are drawn each time."""
        figure = frame.figure
        self.axes = figure.add_axes(MAP)
        self.units = plots.draw_map(self.axes, chart.u_matrix, topology=chart.model.topology)
        self.images = None
        if chart.dataset.image_shape is not None:
            self.images = self.axes.imshow(np.zeros((1, 1, 4)), interpolation="antialiased", zorder=2)
        self.texts = [self.axes.text(0, 0, "", ha="center", va="center", zorder=3) for _ in range(chart.hits.size)]
        # A dark line on a wide light one is seen on every ground.
        self.halo, self.ring = (
            self.axes.plot([], [], color=shade, linewidth=width, zorder=4, solid_joinstyle="miter")[0]
            for shade, width in ((PAPER, 5.0), (INK, 2.4))
        )
        (self.ghost,) = self.axes.plot([], [], color=KEPT, linewidth=3, linestyle=(0, (1.6, 0.8)), zorder=4)
        self.bar = figure.add_axes(BAR)
        self.bar.imshow(np.linspace(0, 1, 64)[:, None], extent=(0, 1, 0, 1), origin="lower", aspect="auto", cmap=SCALE)
        self.bar.set_xticks([])
        self.bar.tick_params(labelsize=7, length=2, pad=2)
        self.bar.yaxis.tick_right()
        self.chart: Chart | None = None
        self.shown: tuple = ()
        frame.moving(self.halo, self.ghost, self.ring)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None) -> None:
        """Another layer where one is asked for; the outlines always."""
        if snapshot.chart is not self.chart:
            self._new_map(snapshot.chart)
        shown = (snapshot.layer, snapshot.feature if snapshot.layer == "component" else None)
        if shown != self.shown:
            self.shown = shown
            self._new_layer(snapshot)
        for line in (self.halo, self.ring):
            line.set_data(*self._around(snapshot.unit))
        same = kept is not None and kept.chart is snapshot.chart
        self.ghost.set_data(*(self._around(kept.unit) if same else ([], [])))

    def unit_at(self, x: float, y: float) -> int | None:
        """The number of the unit that a place lies in; None beside the map."""
        inside = [unit for unit, corners in enumerate(self.corners) if Path(corners).contains_point((x, y))]
        return inside[0] if inside else None

    def _around(self, unit: int) -> tuple[np.ndarray, np.ndarray]:
        corners = self.corners[unit]
        return tuple(np.concatenate([corners, corners[:2]]).T)

    def _new_map(self, chart: Chart) -> None:
        self.chart, self.shown = chart, ()
        self.corners = unit_corners(*chart.shape, chart.model.topology)
        self.units.set_verts(self.corners)
        for text, place in zip(self.texts, self.corners.mean(axis=1), strict=True):
            text.set_position(place)
        if self.images is not None:
            wall, extent = unit_images(chart.images(chart.units), *chart.shape, chart.model.topology)
            self.images.set_data(wall)
            self.images.set_extent(extent)
        map_axes(self.axes, *chart.shape, chart.model.topology)

    def _new_layer(self, snapshot: Snapshot) -> None:
        chart, texts = snapshot.chart, [""] * snapshot.chart.hits.size
        if snapshot.layer == "prototypes":
            self._flat(np.full((chart.hits.size, 4), GROUND))
            title = "prototypes: what each unit stands for"
        elif snapshot.layer == "labels":
            strength = np.nan_to_num(chart.purity.ravel())
            self._flat(np.array([_shade(*pair) for pair in zip(chart.majority.ravel(), strength, strict=True)]))
            texts = ["" if one < 0 else chart.codes[one] for one in chart.majority.ravel()]
            title = "labels: the majority, paler where mixed"
        else:
            values, title = _layer_values(snapshot)
            self.units.set_array(values.ravel())
            low, high = float(values.min()), float(values.max())
            low = 0.0 if snapshot.layer == "hits" else low
            high = high if high > low else low + 1.0
            self.units.set_clim(low, high)
            self.bar.images[0].set_extent((0, 1, low, high))
            set_limits(self.bar, (0, 1), (low, high))
            if snapshot.layer == "hits":
                texts = [str(hits) for hits in chart.hits.ravel()]
        if self.images is not None:
            self.images.set_visible(snapshot.layer == "prototypes")
        set_box(self.bar, BAR if self.units.get_array() is not None else None)
        set_title(self.axes, title)
        self.units.update_scalarmappable()
        white = np.broadcast_to(readable(self.units.get_facecolors()), len(texts))
        size = 8 if max(map(len, texts)) < 3 else 6.5
        for text, said, light in zip(self.texts, texts, white, strict=True):
            text.set(text=said, color=PAPER if light else INK, fontsize=size, visible=bool(said))
        self.units.changed()  # new colours alone do not tell the figure to draw itself anew

    def _flat(self, colours: np.ndarray) -> None:
        self.units.set_array(None)
        self.units.set_facecolors(colours)
        self.units.set_edgecolors(PAPER)


def _layer_values(snapshot: Snapshot) -> tuple[np.ndarray, str]:
    chart = snapshot.chart
    if snapshot.layer == "U-matrix":
        return chart.u_matrix, "U-matrix: distance to the neighbours"
    if snapshot.layer == "hits":
        return chart.hits.astype(float), "hits: samples of each unit"
    return chart.weights[:, snapshot.feature].reshape(chart.shape), chart.features[snapshot.feature]


def _shade(number: int, purity: float) -> tuple[float, float, float]:
    if number < 0:
        return tuple(int(EMPTY[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return pale(number, purity)
