"""The picture of a map of codes, with what is decoded at the point beside the nearest real image."""

import numpy as np

from udl_teach import plots
from udl_teach.data import Dataset
from udl_teach.play.latent_explorer.snapshot import Snapshot
from udl_teach.plots.figures import quiet_axes, set_box, set_limits
from udl_teach.plots.style import INK


class Drawing:
    """The map (left), and the decoded image beside the nearest real one, above those that were kept (right)."""

    def __init__(self, dataset: Dataset) -> None:
        """Make all axes and artists once, for these images."""
        self.frame = plots.Frame()
        figure, labels = self.frame.figure, dataset.labels
        self.map = quiet_axes(figure.add_axes((0.02, 0.05, 0.45, 0.87)), "map of the codes")
        few = labels is None or len(np.unique(labels)) <= 12
        nowhere = np.zeros((len(dataset), 2))
        self.groups = plots.draw_points(self.map, nowhere, labels, names=dataset.label_names, size=9, legend=few)
        (self.link,) = self.map.plot([], [], color=INK, linewidth=1.2)
        self.near, self.ghost, self.point = (
            self.map.plot([], [], shape, color=fill, markeredgecolor=INK, markersize=size)[0]
            for shape, fill, size in (("o", "none", 9), ("s", "white", 9), ("P", "white", 13))
        )
        self.places = [quiet_axes(figure.add_axes((0, 0, 1, 1)), frame=False) for _ in range(4)]
        self.pictures = [plots.draw_images(axes, dataset.images[:1]) for axes in self.places]
        self.codes: np.ndarray | None = None
        # The titles move too: they say the label, and a title that stays would cost a whole drawing when it changes.
        titles = [axes.title for axes in self.places]
        self.frame.moving(self.link, self.near, self.ghost, self.point, *self.pictures, *titles)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        if snapshot.codes is not self.codes:
            self._new_map(snapshot)
        self._draw_pair(0, snapshot, "decoded here", (0.2, 0.58) if kept is None else (0.535, 0.385))
        if kept is not None:
            self._draw_pair(2, kept, "kept", (0.04, 0.385))
        else:
            for axes in self.places[2:]:
                set_box(axes, None)
        self.point.set_data(*snapshot.code[:, None])
        self.near.set_data(*snapshot.nearest_code[:, None])
        self.link.set_data(*zip(snapshot.code, snapshot.nearest_code, strict=True))
        self.ghost.set_data(*(([], []) if kept is None else kept.code[:, None]))

    def _draw_pair(self, first: int, shown: Snapshot, title: str, sides: tuple[float, float]) -> None:
        real = "nearest real" + ("" if shown.name is None else f": {shown.name}")
        for column, (image, says) in enumerate(((shown.decoded, title), (shown.nearest, real))):
            axes = self.places[first + column]
            set_box(axes, (0.56 + 0.225 * column, sides[0], 0.2, sides[1]))
            axes.title.set_text(says)
            self.pictures[first + column].set_data(np.clip(plots.mosaic(image[None], 1), 0, 1))

    def _new_map(self, snapshot: Snapshot) -> None:
        self.codes = snapshot.codes
        set_limits(self.map, *zip(*snapshot.corners, strict=True))
        numbers = [None] if snapshot.labels is None else np.unique(snapshot.labels)
        for number, artist in zip(numbers, self.groups, strict=True):
            artist.set_offsets(snapshot.codes if number is None else snapshot.codes[snapshot.labels == number])
