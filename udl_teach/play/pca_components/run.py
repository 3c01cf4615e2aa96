"""All principal components of a data set, of which a step takes one more into use, and what those in use keep."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from udl_teach.data import Dataset
from udl_teach.models import PCA
from udl_teach.play.player import Player
from udl_teach.training import Step

SHOWN = 10
WALL = 16


class Ladder:
    """All principal components of a data set, of which the first k are in use.

    `errors` holds the mean squared error per pixel with 0, 1, 2, ... components.
    """

    def __init__(self, dataset: Dataset, pca: PCA, k: int) -> None:
        """Stand on rung `k`; the model is fitted with every component."""
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
        """One more component per step, up to the last."""
        index = 0
        while self.k < self.pca.n_components:
            self.k += 1
            index += 1
            yield Step(index, 1, float(self.errors[self.k]), {"components": float(self.k)})


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    k: int  # components in use
    explained: np.ndarray  # share of the variance kept by 1, 2, 3, ... components
    error: float  # mean squared error per pixel, over all samples
    real: np.ndarray  # the images that are shown, shape (SHOWN, channels, height, width)
    learned: np.ndarray  # the same from k numbers each
    components: np.ndarray  # the first components as images, at most WALL, and at most k of them


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure what k components keep."""
    ladder, shape = player.model, player.model.dataset.image_shape
    real, pca = ladder.dataset.x[_chosen(ladder.dataset, settings["seed"])], ladder.pca
    return Snapshot(
        k=ladder.k,
        explained=np.cumsum(pca.explained_variance_ratio.numpy()),
        error=float(ladder.errors[ladder.k]),
        real=real.reshape(-1, *shape),
        learned=ladder.reconstruct(real).reshape(-1, *shape),
        components=pca.components[: min(ladder.k, WALL)].numpy().reshape(-1, *shape),
    )


def _chosen(dataset: Dataset, seed: int) -> np.ndarray:
    """Ten rows, of every label one where there are ten labels."""
    order = np.random.default_rng(seed).permutation(len(dataset))
    if dataset.labels is None:
        return order[:SHOWN]
    firsts = [order[dataset.labels[order] == label][0] for label in np.unique(dataset.labels)]
    return np.concatenate([firsts, order[~np.isin(order, firsts)]])[:SHOWN].astype(int)
