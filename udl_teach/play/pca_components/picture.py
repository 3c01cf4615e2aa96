"""The picture of principal components: images and their reconstructions, the components, the variance kept."""

import numpy as np

from udl_teach import plots
from udl_teach.play.pca_components.run import SHOWN, WALL, Snapshot
from udl_teach.play.pca_components.words import counted
from udl_teach.plots.figures import set_limits, set_new, set_title
from udl_teach.plots.style import INK, colour


class Drawing:
    """Images over their reconstructions (left), components or the kept images (middle), explained variance (right)."""

    def __init__(self, shape: tuple[int, int, int], most: int) -> None:
        """Make all axes and artists once, for images of `shape` and `most` components."""
        self.frame, self.shape = plots.Frame(8.4, 3.3), shape
        middle = (0.39, 0.05, 0.315, 0.84)
        boxes = ((0.035, 0.05, 0.315, 0.84), middle, middle, (0.765, 0.16, 0.225, 0.73))
        self.now, self.before, self.middle, curve = (self.frame.figure.add_axes(box) for box in boxes)
        self.wall, self.kept_wall = (
            plots.draw_images(axes, np.zeros((2 * SHOWN, *shape)), SHOWN // 2) for axes in (self.now, self.before)
        )
        self.parts = plots.draw_images(self.middle, np.zeros((WALL, *shape)), 4)
        for axes in (self.now, self.before):
            places = [0.5 + shape[1] / 2 + row * (shape[1] + 1) for row in range(4)]
            axes.set_yticks(places, ("real", "decoded") * 2, fontsize=9, rotation=90, va="center")
            axes.tick_params(axis="y", length=0)
        self.line = plots.draw_curve(curve, np.zeros(most), log=False)
        looks = {"markersize": 9, "markeredgecolor": INK}
        (self.point,) = curve.plot([], [], "o", color=colour(1), **looks)
        (self.ghost,) = curve.plot([], [], "s", color="none", **looks)
        self.text = curve.text(0.95, 0.07, "", transform=curve.transAxes, ha="right", fontsize=9, color=INK)
        curve.set_xlabel("components", fontsize=9)
        curve.tick_params(labelsize=9)
        set_title(self.now, "real and decoded")
        set_title(self.middle, f"the components in use (first {WALL})")
        set_title(curve, "variance kept (%)")
        set_limits(curve, (0, most + 0.5), (0, 103))
        self.frame.moving(self.wall, self.kept_wall, self.parts, self.line, self.point, self.ghost, self.text)

    def draw(self, snapshot: Snapshot, kept: Snapshot | None = None) -> None:
        """Bring every artist up to date."""
        share = 100 * snapshot.explained
        self.wall.set_data(_wall(snapshot))
        self.parts.set_data(_parts(snapshot.components, self.shape))
        self.line.set_data(np.arange(1, len(share) + 1), share)
        self.point.set_data([snapshot.k], [share[snapshot.k - 1]])
        self.text.set_text(f"{snapshot.k}: {share[snapshot.k - 1]:.1f} %")
        for axes, seen in ((self.before, kept is not None), (self.middle, kept is None)):
            set_new(axes, visible=seen)
        self.ghost.set_data([], [])
        if kept is not None:
            set_title(self.before, f"kept: {counted(kept.k)}")
            self.kept_wall.set_data(_wall(kept))
            self.ghost.set_data([kept.k], [100 * kept.explained[kept.k - 1]])


def _wall(snapshot: Snapshot) -> np.ndarray:
    half = SHOWN // 2
    rows = (snapshot.real[:half], snapshot.learned[:half], snapshot.real[half:], snapshot.learned[half:])
    return np.clip(plots.mosaic(np.concatenate(rows), half), 0, 1)


def _parts(components: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    # Zero is middle grey; each component has its own scale. Places without a component stay white.
    images = np.ones((WALL, *shape))
    reach = np.abs(components).max(axis=(1, 2, 3), keepdims=True)
    images[: len(components)] = 0.5 + 0.5 * components / np.maximum(reach, 1e-12)
    return plots.mosaic(images, 4)
