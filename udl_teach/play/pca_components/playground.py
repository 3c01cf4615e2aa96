"""How many numbers does an image need? Principal components one after the other, and what each adds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from udl_teach import data as datasets
from udl_teach import plots
from udl_teach.data import Dataset
from udl_teach.models import PCA
from udl_teach.play import controls
from udl_teach.play.checks import image_dataset
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.plots.figures import set_box, set_limits, set_title
from udl_teach.plots.style import INK, colour
from udl_teach.training import Step

SHOWN = 10
WALL = 16


class Ladder:
    """All principal components of a data set, and how many of them are in use.

    Attributes:
        pca: the model, fitted once with every component.
        k: how many are in use.
        errors: mean squared error a pixel with 0, 1, 2, ... components.
    """

    def __init__(self, dataset: Dataset, pca: PCA, k: int) -> None:
        """Stand on rung `k`."""
        self.dataset, self.pca, self.k = dataset, pca, k
        # The components are orthonormal, so what is lost is the sum of the squared codes that are left out.
        squares = (pca.encode(dataset.x).astype(float) ** 2).sum(axis=0)
        self.errors = np.append(np.cumsum(squares[::-1])[::-1], 0.0) / dataset.x.size

    def reconstruct(self, x: np.ndarray) -> np.ndarray:
        """Samples from their first k numbers, same shape."""
        codes = self.pca.encode(x)
        codes[:, self.k :] = 0
        return self.pca.decode(codes)

    def climb(self) -> Iterator[Step]:
        """One more component a step, up to the last."""
        index = 0
        while self.k < self.pca.n_components:
            self.k += 1
            index += 1
            yield Step(index, 1, float(self.errors[self.k]), {"components": float(self.k)})


@dataclass(frozen=True)
class Look:
    """The numbers of one moment.

    Attributes:
        k: components in use.
        explained: share of the variance kept by 1, 2, 3, ... components.
        error: mean squared error a pixel, over all samples.
        real: the images that are shown, shape (SHOWN, channels, height, width).
        learned: the same from k numbers each.
        components: the first components as images, at most WALL, and at most k of them.
    """

    k: int
    explained: np.ndarray
    error: float
    real: np.ndarray
    learned: np.ndarray
    components: np.ndarray


def act(player: Player, settings: dict) -> None:
    """The slider chooses the rung."""
    player.model.k = settings["n_components"]


def follow(player: Player) -> dict:
    """Where Play has climbed to."""
    return {"n_components": player.model.k}


def look(player: Player, settings: dict) -> Look:
    """Measure what k components keep."""
    ladder = player.model
    dataset, pca = ladder.dataset, ladder.pca
    rows = _chosen(dataset, settings["seed"])
    shape = dataset.image_shape
    return Look(
        k=ladder.k,
        explained=np.cumsum(pca.explained_variance_ratio.numpy()),
        error=float(ladder.errors[ladder.k]),
        real=dataset.x[rows].reshape(-1, *shape),
        learned=ladder.reconstruct(dataset.x[rows]).reshape(-1, *shape),
        components=pca.components[: min(ladder.k, WALL)].numpy().reshape(-1, *shape),
    )


def _chosen(dataset: Dataset, seed: int) -> np.ndarray:
    """Ten rows, of every label one where there are ten labels."""
    order = np.random.default_rng(seed).permutation(len(dataset))
    if dataset.labels is None:
        return order[:SHOWN]
    firsts = [order[dataset.labels[order] == label][0] for label in np.unique(dataset.labels)]
    rest = order[~np.isin(order, firsts)]
    return np.concatenate([firsts, rest])[:SHOWN].astype(int)


class Drawing:
    """Images over their reconstructions (left), components or the kept images (middle), explained variance (right)."""

    def __init__(self, shape: tuple[int, int, int], most: int) -> None:
        """Make all axes and artists once, for images of `shape` and `most` components."""
        self.frame = plots.Frame(8.4, 3.3)
        figure, self.shape = self.frame.figure, shape
        self.now, self.before, self.middle, self.curve = (figure.add_axes((0, 0, 1, 1)) for _ in range(4))
        self.wall, self.kept_wall = (
            plots.draw_images(axes, np.zeros((2 * SHOWN, *shape)), SHOWN // 2) for axes in (self.now, self.before)
        )
        self.parts = plots.draw_images(self.middle, np.zeros((WALL, *shape)), 4)
        for axes in (self.now, self.before):
            places = [0.5 + shape[1] / 2 + row * (shape[1] + 1) for row in range(4)]
            axes.set_yticks(places, ("real", "decoded") * 2, fontsize=8, rotation=90, va="center")
            axes.tick_params(axis="y", length=0)
        self.line = plots.draw_curve(self.curve, np.zeros(most), log=False)
        (self.point,) = self.curve.plot([], [], "o", color=colour(1), markersize=9, markeredgecolor=INK)
        (self.ghost,) = self.curve.plot([], [], "s", color="none", markersize=9, markeredgecolor=INK)
        self.text = self.curve.text(0.95, 0.07, "", transform=self.curve.transAxes, ha="right", fontsize=9, color=INK)
        self.curve.set_xlabel("components", fontsize=9)
        self.curve.tick_params(labelsize=8)
        set_title(self.now, "real and decoded")
        set_title(self.middle, f"the components in use (first {WALL})")
        set_title(self.curve, "variance kept (%)")
        set_limits(self.curve, (0, most + 0.5), (0, 103))
        self.frame.moving(self.wall, self.kept_wall, self.parts, self.line, self.point, self.ghost, self.text)

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        middle = (0.39, 0.05, 0.315, 0.84)
        set_box(self.now, (0.035, 0.05, 0.315, 0.84))
        set_box(self.before, None if kept is None else middle)
        set_box(self.middle, middle if kept is None else None)
        set_box(self.curve, (0.765, 0.16, 0.225, 0.73))
        share = 100 * look.explained
        self.wall.set_data(_wall(look))
        self.parts.set_data(_parts(look.components, self.shape))
        if kept is None:
            self.ghost.set_data([], [])
        else:
            set_title(self.before, f"kept: {_counted(kept.k)}")
            self.kept_wall.set_data(_wall(kept))
            self.ghost.set_data([kept.k], [100 * kept.explained[kept.k - 1]])
        self.line.set_data(np.arange(1, len(share) + 1), share)
        self.point.set_data([look.k], [share[look.k - 1]])
        self.text.set_text(f"{look.k}: {share[look.k - 1]:.1f} %")


def _wall(look: Look) -> np.ndarray:
    half = SHOWN // 2
    rows = (look.real[:half], look.learned[:half], look.real[half:], look.learned[half:])
    return np.clip(plots.mosaic(np.concatenate(rows), half), 0, 1)


def _parts(components: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    # Zero is middle grey; each component has its own scale. Places without a component stay white.
    images = np.ones((WALL, *shape))
    reach = np.abs(components).max(axis=(1, 2, 3), keepdims=True)
    images[: len(components)] = 0.5 + 0.5 * components / np.maximum(reach, 1e-12)
    return plots.mosaic(images, 4)


def _counted(k: int) -> str:
    return "1 component" if k == 1 else f"{k} components"


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    share = look.explained
    added = share[look.k - 1] - (share[look.k - 2] if look.k > 1 else 0.0)
    text = (
        f"{_counted(look.k)} of {len(share)}: {100 * share[look.k - 1]:.1f} % of the variance is kept, the last one "
        f"added {100 * added:.1f}; the mean squared error a pixel is {look.error:.4f}. For 90 % it takes "
        f"{_counted(int(np.searchsorted(share, 0.9)) + 1)}."
    )
    if kept is not None:
        text += f" Kept: {_counted(kept.k)}, {100 * kept.explained[kept.k - 1]:.1f} %, error {kept.error:.4f}."
    return text


def pca_components(
    dataset: Dataset | None = None, seed: int = 0, *, n_components: int = 1, pause: int = 250
) -> Playground:
    """See what each further principal component adds to an image.

    Args:
        dataset: images, at least ten; default `data.digits()`.
        seed: chooses the images that are shown (of each label one, where there are ten).
        n_components: how many are in use at first; Play adds one a step, Reset comes back to this.
        pause: milliseconds between two steps while it plays, 50 to 3000.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be, or `dataset` holds no images.
    """
    dataset = datasets.digits() if dataset is None else image_dataset(dataset, SHOWN)
    most = min(len(dataset) - 1, dataset.x.shape[1])
    says = "Numbers that are kept of each image."
    chosen = (
        controls.Whole("n_components", "components", n_components, says, controls.AT_ONCE, maximum=most),
        controls.pause(pause),
        controls.Seed("seed", "seed", seed, "Other images from the same data.", controls.AT_ONCE),
    )
    pca = PCA(most).fit(dataset.x)
    ladder_from = chosen[0].value

    def begin(settings: dict) -> tuple[Ladder, Iterator[Step]]:
        ladder = Ladder(dataset, pca, ladder_from)
        return ladder, ladder.climb()

    return Playground(
        "pca_components",
        controls=chosen,
        start=begin,
        look=look,
        drawing=Drawing(dataset.image_shape, most),
        words=words,
        act=act,
        follow=follow,
        keep_restarts=False,
    )
