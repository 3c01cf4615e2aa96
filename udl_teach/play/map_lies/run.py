"""What learns: the places of a few hundred points, moved by the gradient of t-SNE's loss or UMAP's."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach import inputs
from udl_teach.models.clustering.affinities import tsne_neighbours, umap_neighbours
from udl_teach.models.clustering.neighbour_embedding import low_dimensional_curve, tsne_loss, umap_terms
from udl_teach.training import Step

POINTS = 240
DATA = ("far", "spread", "circle", "noise", "digits")
METHODS, STARTS = ("t-SNE", "UMAP"), ("random", "pca")
EARLY, FACTOR = 100, 12.0
# Learning rate, and half the side of the square where the points start: UMAP needs room, t-SNE none.
RATE, SIDE = {"t-SNE": 1.0, "UMAP": 0.3}, {"t-SNE": 0.01, "UMAP": 10.0}
STEPS = 600


# Compared by identity, so that what is measured of it once can be kept.
@dataclass(frozen=True, eq=False)
class Structure:
    """Points whose structure is known.

    Attributes:
        x: the points, shape (POINTS, n_features).
        groups: the group of each, shape (POINTS,).
        names: of the groups.
        truth: what is so in the data, in words.
        distances: between all points, in units of their mean, shape (POINTS, POINTS).
    """

    x: np.ndarray
    groups: np.ndarray
    names: tuple[str, ...]
    truth: str
    distances: np.ndarray


@cache
def structure(name: str) -> Structure:
    """One of the data sets; always the same points."""
    rng = np.random.default_rng(0)
    groups, names = np.zeros(POINTS, dtype=int), ("all",)
    if name == "far":
        groups, names = np.arange(POINTS) % 3, ("A", "B", "C")
        x = rng.standard_normal((POINTS, 10))
        x[:, 0] += np.array([0, 10, 60])[groups]
        truth = "three clusters of one size on a line; C lies five times as far from B as B from A."
    elif name == "spread":
        groups, names = np.arange(POINTS) % 2, ("A", "B")
        x = rng.standard_normal((POINTS, 10)) * np.array([1, 8])[groups, None]
        x[:, 0] += 60 * groups
        truth = "two clusters of equally many points; B is eight times as wide as A."
    elif name == "circle":
        angle = np.sort(rng.random(POINTS)) * 2 * np.pi
        groups, names = (np.arange(POINTS) * 4) // POINTS, ("1st quarter", "2nd", "3rd", "4th")
        x = np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.02 * rng.standard_normal((POINTS, 2))
        truth = "one closed circle without gaps; the colours only mark its quarters."
    elif name == "noise":
        x = rng.standard_normal((POINTS, 50))
        truth = "noise: one Gaussian in 50 dimensions, no clusters and no order at all."
    else:
        digits = datasets.digits()[:POINTS]
        x, groups, names = digits.x, np.asarray(digits.labels), tuple("0123456789")
        truth = "handwritten digits; nobody knows their true shape, the classes are in the colours."
    x = np.array(x, dtype=np.float32)
    return Structure(x, groups, names, truth, relative(x))


def relative(x: np.ndarray) -> np.ndarray:
    """All distances in units of their mean over pairs, shape (n, n)."""
    distances = torch.cdist(*[torch.as_tensor(x, dtype=torch.float64)] * 2).numpy()
    return distances / max(distances.sum() / (len(x) * (len(x) - 1)), 1e-12)


class Map:
    """Places of points in the plane, in the middle of their way; knobs that are turned act from the next step on.

    Attributes:
        structure: the data.
        settings: of the playground.
        z: the places, a parameter of shape (POINTS, 2).
    """

    def __init__(self, settings: dict) -> None:
        """Place the points: at random in a square, or as the first two principal components say."""
        self.structure, self.settings = structure(settings["data"]), settings
        self.x = torch.tensor(self.structure.x)
        self._draws = inputs.generator(settings["seed"])
        side = SIDE[settings["method"]]
        z = 2 * torch.rand(POINTS, 2, generator=self._draws) - 1
        if settings["start_from"] == "pca":
            centred = self.x - self.x.mean(dim=0)
            projected = centred @ torch.linalg.svd(centred, full_matrices=False).Vh[:2].T
            z = projected / projected.abs().max()
        self.z = torch.nn.Parameter(side * z)
        self._knobs = None

    def steps(self) -> Iterator[Step]:
        """Gradient steps (Adam); the loss is taken before each."""
        adam = torch.optim.Adam([self.z], lr=RATE[self.settings["method"]], betas=(0.8, 0.999))
        for index in range(1, STEPS + 1):
            # A rate that falls to a tenth lets the map come to rest.
            for group in adam.param_groups:
                group["lr"] = RATE[self.settings["method"]] * 0.1 ** (index / STEPS)
            with torch.enable_grad():
                loss = self._loss(index)
                value = loss.item()
                if not np.isfinite(value):
                    raise FloatingPointError(f"the loss became {value}; choose another seed or perplexity.")
                adam.zero_grad()
                loss.backward()
                adam.step()
            yield Step(index, index, value, {})

    def _loss(self, index: int) -> torch.Tensor:
        tsne = self.settings["method"] == "t-SNE"
        knobs = (self.settings["perplexity"], self.settings["min_dist"])
        if knobs != self._knobs:
            self._knobs, rows = knobs, torch.arange(POINTS)
            found = tsne_neighbours(self.x, knobs[0]) if tsne else umap_neighbours(self.x, knobs[0])
            self._ties, self._curve = found.among(rows), None if tsne else low_dimensional_curve(knobs[1])
        if tsne:
            return tsne_loss(self.z, self._ties, FACTOR if index <= EARLY else 1.0)
        return sum(umap_terms(self.z, self._ties, self._curve, self._draws))


def start(settings: dict) -> tuple[Map, Iterator[Step]]:
    """New places and their steps."""
    chart = Map(settings)
    return chart, chart.steps()
