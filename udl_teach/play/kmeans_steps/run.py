"""What learns: k-means by half iterations, first the points choose, then the centres move."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import KMeans
from udl_teach.play import points
from udl_teach.training import Step

PLANE = ("moons", "ring", "grid", "spiral", points.DRAWN)
# Clusters at most.
MOST = 10


class Lloyd:
    """A k-means in the middle of its work.

    Attributes:
        kmeans: the model.
        x: its data, shape (n, 2).
        clusters: cluster of each point, or None before the first choice.
        chosen_from: the centres that the points chose between.
        trail: where the centres have been, one array of shape (n_clusters, 2) a move.
    """

    def __init__(self, kmeans: KMeans, x: np.ndarray) -> None:
        """Place the centres."""
        self.kmeans, self.x = kmeans, x
        kmeans.initialize(x)
        self.clusters: np.ndarray | None = None
        self.chosen_from = self.centres
        self.trail = [self.centres]

    @property
    def centres(self) -> np.ndarray:
        """Where the centres are, shape (n_clusters, 2)."""
        return self.kmeans.centres.numpy().copy()

    def inertia(self) -> float:
        """Mean squared distance of a point to the centre that it has chosen."""
        return float(((self.x - self.centres[self.clusters]) ** 2).sum(axis=1).mean())

    def halves(self) -> Iterator[Step]:
        """Choose, move, choose, move, until no centre moves; a step's loss is the inertia after it."""
        index, moved = 0, np.inf
        while moved > 0:
            before = self.clusters
            self.clusters, self.chosen_from = self.kmeans.predict(self.x), self.centres
            changed = len(self.x) if before is None else int((before != self.clusters).sum())
            index += 1
            yield Step(index, (index + 1) // 2, self.inertia(), {"changed": float(changed)})
            moved = self.kmeans.update(self.x, self.clusters)
            self.trail.append(self.centres)
            index += 1
            yield Step(index, index // 2, self.inertia(), {"centre_shift": moved})


@cache
def dataset_of(name: str) -> Dataset:
    """400 points of one of the sets in the plane."""
    return getattr(datasets, name)(400, seed=0)


def points_of(settings: dict) -> np.ndarray:
    """The points that are drawn, or those of a set."""
    return points.drawn(settings) if settings["data"] == points.DRAWN else dataset_of(settings["data"]).x


def start(settings: dict) -> tuple[Lloyd, Iterator[Step]]:
    """New centres and their half steps."""
    kmeans = KMeans(settings["n_clusters"], init=settings["init"], seed=settings["seed"])
    lloyd = Lloyd(kmeans, points_of(settings))
    return lloyd, points.nothing_learns() if points.too_few(settings) else lloyd.halves()
