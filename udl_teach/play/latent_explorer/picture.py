"""The picture of a map of codes, with what is decoded at the point beside the nearest real image."""

import numpy as np

from udl_teach import plots
from udl_teach.play.latent_explorer.snapshot import Snapshot
from udl_teach.plots.figures import quiet_axes, set_box, set_limits
from udl_teach.plots.style import INK


class Drawing:
    """The map (left), and the decoded image beside the nearest real one, above those that were kept (right)."""

    def __init__(self, snapshot: Snapshot, names: tuple[str, ...] | None) -> None:
        """Make all axes and artists once; what kind of images they are is read off a first snapshot."""
        self.frame = plots.Frame()
        figure = self.frame.figure
        self.map = quiet_axes(figure.add_axes((0.02, 0.05, 0.45, 0.87)), "map of the codes")
        few = snapshot.labels is None or len(np.unique(snapshot.labels)) <= 12
        self.groups = plots.draw_points(self.map, snapshot.codes, snapshot.labels, names=names, size=9, legend=few)
        (self.link,) = self.map.plot([], [], color=INK, linewidth=1.2)
        (self.near,) = self.map.plot([], [], "o", color="none", markeredgecolor=INK, markersize=9)
        (self.ghost,) = self.map.plot([], [], "s", color="white", markeredgecolor=INK, markersize=9)
        (self.point,) = self.map.plot([], [], "P", color="white", markeredgecolor=INK, markersize=13)
        self.places = [quiet_axes(figure.add_axes((0, 0, 1, 1)), "", frame=False) for _ in range(4)]
        self.pictures = [plots.draw_images(axes, _one(snapshot.decoded)) for axes in self.places]
        self.codes: np.ndarray | None = None
        # The titles move too: they say the label, and a title that stays would cost a whole drawing when it changes.
        titles = [axes.title for axes in self.places]
        self.frame.moving(self.link, self.near, self.ghost, self.point, *self.pictures, *titles)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        if snapshot.codes is not self.codes:
            self._new_map(snapshot)
        rows = [(snapshot, 0.2, 0.58)] if kept is None else [(snapshot, 0.535, 0.385), (kept, 0.04, 0.385)]
        for row in range(2):
            if row >= len(rows):
                for axes in self.places[2:]:
                    set_box(axes, None)
                break
            shown, bottom, height = rows[row]
            said = "nearest real" + ("" if shown.name is None else f": {shown.name}")
            for column, (image, title) in enumerate(
                ((shown.decoded, "kept" if row else "decoded here"), (shown.nearest, said))
            ):
                axes = self.places[2 * row + column]
                set_box(axes, (0.56 + 0.225 * column, bottom, 0.2, height))
                axes.title.set_text(title)
                self.pictures[2 * row + column].set_data(_shown(image))
        self.point.set_data([snapshot.code[0]], [snapshot.code[1]])
        self.near.set_data([snapshot.nearest_code[0]], [snapshot.nearest_code[1]])
        self.link.set_data(*zip(snapshot.code, snapshot.nearest_code, strict=True))
        self.ghost.set_data(*(([], []) if kept is None else ([kept.code[0]], [kept.code[1]])))

    def _new_map(self, snapshot: Snapshot) -> None:
        self.codes = snapshot.codes
        (left, bottom), (right, top) = snapshot.corners
        set_limits(self.map, (left, right), (bottom, top))
        numbers = [None] if snapshot.labels is None else np.unique(snapshot.labels)
        for number, artist in zip(numbers, self.groups, strict=True):
            artist.set_offsets(snapshot.codes if number is None else snapshot.codes[snapshot.labels == number])


def _one(image: np.ndarray) -> np.ndarray:
    return image[None]


def _shown(image: np.ndarray) -> np.ndarray:
    return np.clip(plots.mosaic(_one(image), 1), 0, 1)
