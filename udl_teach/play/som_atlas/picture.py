"""The picture of the map's playground: a layer of the map (left), and what the chosen unit represents (right)."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.path import Path

from udl_teach import plots
from udl_teach.play.som_atlas.chart import Chart
from udl_teach.play.som_atlas.run import Snapshot
from udl_teach.play.som_atlas.unit import KEPT, MOST_CLASSES, FeatureSide, ImageSide, LabelStrip
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.maps import EMPTY, map_axes, readable, unit_corners, unit_images
from udl_teach.plots.style import INK, PAPER, SCALE, pale

GROUND = (0.84, 0.84, 0.84)
MAP, BAR = (0.01, 0.03, 0.44, 0.88), (0.462, 0.14, 0.014, 0.66)
TITLES = {
    "prototypes": "prototypes: each unit as an image",
    "labels": "labels: the majority, paler where mixed",
    "U-matrix": "U-matrix: distance to the neighbours",
    "hits": "hits: samples of each unit",
}


class Drawing:
    """Joins the map, its unit, and the unit's labels where they are few enough to tell apart."""

    def __init__(self, chart: Chart) -> None:
        """Make all axes and artists once, for a kind of data."""
        self.frame = plots.Frame(8.4, 4.3)
        self.map = MapSide(self.frame, chart)
        self.unit = (FeatureSide if chart.dataset.image_shape is None else ImageSide)(self.frame, chart)
        self.labels = LabelStrip(self.frame, chart) if 0 < len(chart.names) <= MOST_CLASSES else None

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        for part in (self.map, self.unit, self.labels):
            if part is not None:
                part.draw(snapshot, kept)


class MapSide:
    """The map with one of its layers, the scale of its colours, and the outline of the chosen unit."""

    def __init__(self, frame: plots.Frame, chart: Chart) -> None:
        """The layer stays from picture to picture, so only the outlines are drawn each time."""
        figure = frame.figure
        self.axes = figure.add_axes(MAP)
        self.units = plots.draw_map(self.axes, chart.u_matrix, topology=chart.model.topology)
        self.images = self.axes.imshow(np.zeros((1, 1, 4)), interpolation="antialiased", zorder=2, visible=False)
        self.texts = [self.axes.text(0, 0, "", ha="center", va="center", zorder=3) for _ in range(chart.hits.size)]
        # A dark line on a wide light one is seen on every ground.
        self.halo, self.ring, self.ghost = (
            self.axes.plot([], [], color=shade, linewidth=width, zorder=4, solid_joinstyle="miter", linestyle=style)[0]
            for shade, width, style in ((PAPER, 5.0, "-"), (INK, 2.4, "-"), (KEPT, 3.0, (0, (1.6, 0.8))))
        )
        self.bar = figure.add_axes(BAR)
        self.bar.imshow(np.linspace(0, 1, 64)[:, None], extent=(0, 1, 0, 1), origin="lower", aspect="auto", cmap=SCALE)
        self.bar.set_xticks([])
        self.bar.tick_params(labelsize=9, length=2, pad=2)
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
        same = kept is not None and kept.chart is snapshot.chart
        for line, unit in (
            (self.halo, snapshot.unit),
            (self.ring, snapshot.unit),
            (self.ghost, kept.unit if same else None),
        ):
            line.set_data(*([], []) if unit is None else self.corners[unit][[*range(len(self.corners[unit])), 0, 1]].T)

    def unit_at(self, x: float, y: float) -> int | None:
        """The number of the unit that a place lies in; None beside the map."""
        return next((unit for unit, corners in enumerate(self.corners) if Path(corners).contains_point((x, y))), None)

    def _new_map(self, chart: Chart) -> None:
        self.chart, self.shown = chart, ()
        shape = (*chart.shape, chart.model.topology)
        self.corners = unit_corners(*shape)
        self.units.set_verts(self.corners)
        for text, place in zip(self.texts, self.corners.mean(axis=1), strict=True):
            text.set_position(place)
        if chart.dataset.image_shape is not None:
            wall, extent = unit_images(chart.images(chart.units), *shape)
            self.images.set(data=wall, extent=extent)
        map_axes(self.axes, *shape)

    def _new_layer(self, snapshot: Snapshot) -> None:
        chart, layer, texts = snapshot.chart, snapshot.layer, [""] * snapshot.chart.hits.size
        flat = layer in ("prototypes", "labels")
        if layer == "prototypes":
            colours = [GROUND] * chart.hits.size
        elif layer == "labels":
            pairs = zip(chart.majority.ravel(), chart.purity.ravel(), strict=True)
            colours = [to_rgb(EMPTY) if one < 0 else pale(one, purity) for one, purity in pairs]
            texts = ["" if one < 0 else chart.codes[one] for one in chart.majority.ravel()]
        else:
            if layer == "component":
                values = chart.weights[:, snapshot.feature]
            else:
                values = (chart.hits.astype(float) if layer == "hits" else chart.u_matrix).ravel()
            low, high = 0.0 if layer == "hits" else float(values.min()), float(values.max())
            high = high if high > low else low + 1.0
            self.units.set(array=values, clim=(low, high))
            self.bar.images[0].set_extent((0, 1, low, high))
            set_limits(self.bar, (0, 1), (low, high))
            if layer == "hits":
                texts = [str(hits) for hits in chart.hits.ravel()]
        if flat:
            self.units.set(array=None, facecolors=colours, edgecolors=PAPER)
        self.images.set_visible(layer == "prototypes")
        set_box(self.bar, None if flat else BAR)
        set_title(self.axes, TITLES.get(layer, chart.features[snapshot.feature]))
        self.units.update_scalarmappable()
        white = np.broadcast_to(readable(self.units.get_facecolors()), len(texts))
        size = 8 if max(map(len, texts)) < 3 else 6.5
        for text, said, light in zip(self.texts, texts, white, strict=True):
            text.set(text=said, color=PAPER if light else INK, fontsize=size, visible=bool(said))
        self.units.changed()  # new colours alone do not tell the figure to draw itself anew
