"""The numbers of one moment: what k components keep of the images."""

from dataclasses import dataclass

import numpy as np

from udl_teach.data import Dataset
from udl_teach.play.player import Player

SHOWN = 10
WALL = 16


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
    ladder = player.model
    dataset, pca = ladder.dataset, ladder.pca
    rows = _chosen(dataset, settings["seed"])
    shape = dataset.image_shape
    return Snapshot(
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
