"""Maps trained here, a walk over a map from unit to touching unit, and the numbers of one moment of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from typing import Any

import numpy as np

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import SelfOrganizingMap
from udl_teach.play.player import Player
from udl_teach.play.som_atlas.chart import Chart
from udl_teach.training import Step

MOST_SIDE = 10


class Walker:
    """A place on the map that goes, from unit to touching unit, to the unit of one sample after the other.

    Args:
        chart: the map.
        unit: number of the unit where it stands.
        layer: what is shown on the map.
        feature: number of the feature that the layer "component" shows.
        seed: chooses the samples to visit.
    """

    def __init__(self, chart: Chart, unit: int, layer: str, feature: int, seed: int) -> None:
        """Stand on the unit."""
        self.chart, self.unit, self.layer, self.feature = chart, unit, layer, feature
        self._order = np.random.default_rng(seed)

    def walk(self) -> Iterator[Step]:
        """One unit per step; a step's loss is the distance of its weight to that of the unit before."""
        grid, weights = self.chart.model.grid, self.chart.deviations
        table, apart = grid.neighbour_table().numpy(), grid.squared_distances().numpy()
        goal, legs = self.unit, 0
        for index in count(1):
            if goal == self.unit:
                others = self.chart.assigned[self.chart.assigned != self.unit]
                goal, legs = int(self._order.choice(others)) if len(others) else self.unit, legs + 1
            before, around = self.unit, table[self.unit]
            around = around[around >= 0]
            if len(around):
                self.unit = int(around[apart[goal, around].argmin()])
            yield Step(index, legs, float(np.linalg.norm(weights[self.unit] - weights[before])), {})


def trained(dataset: Dataset, topology: str) -> Chart:
    """A map of the data, trained now by its defaults."""
    # About 5 sqrt(n) units (Vesanto and Alhoniemi 2000), and not more than can be seen.
    side = int(np.clip(round(np.sqrt(5 * np.sqrt(len(dataset)))), 3, MOST_SIDE))
    model = SelfOrganizingMap(dataset.x.shape[1], side, side, topology=topology)
    for _ in model.steps(dataset.x):
        pass
    return Chart(model, dataset)


@cache
def digits(topology: str) -> Chart:
    """The map of the digits, trained once for all playgrounds."""
    return trained(datasets.digits(), topology)


def charts(dataset: Any, model: Any) -> Callable[[str], Chart]:
    """Function from the topology to a map: the model's, or one that is trained here, once for each.

    Raises:
        TypeError, ValueError: `dataset` or `model` is not what it must be.
    """
    if dataset is not None and not isinstance(dataset, Dataset):
        raise TypeError(
            f"dataset was {type(dataset).__name__}; it must be a Dataset: wrap an array with data.Dataset(x, labels), "
            "or read a table with data.table(path)."
        )
    if model is not None:
        if not isinstance(model, SelfOrganizingMap):
            raise TypeError(f"model was {type(model).__name__}; it must be a trained SelfOrganizingMap, or left out.")
        if model.weights is None:
            raise ValueError("model has no weights yet; train it first with fit(model, dataset.x).")
        chart = Chart(model, datasets.digits() if dataset is None else dataset)
        return lambda topology: chart
    if dataset is None:
        return digits
    raw = dataset.image_shape is None and dataset.scaling is None
    return cache(partial(trained, dataset.scaled("standard") if raw else dataset))


@dataclass(frozen=True)
class Snapshot:
    """One moment: which layer of the map, and which unit."""

    chart: Chart  # the map; the same object while it is the same map
    layer: str  # what is shown on the map
    feature: int  # number of the feature that the layer "component" shows
    unit: int  # number of the chosen unit
    place: tuple[int, int]  # its row and column
    rows: np.ndarray  # its samples, the nearest first
    counts: np.ndarray  # how many of them are of each class; empty without labels


def snapshot(player: Player, settings: dict) -> Snapshot:
    """The unit's samples and their labels."""
    walker = player.model
    chart, rows = walker.chart, walker.chart.members(walker.unit)
    counts = np.zeros(0) if chart.classes is None else np.bincount(chart.classes[rows], minlength=len(chart.names))
    place = divmod(walker.unit, chart.shape[1])
    return Snapshot(chart, walker.layer, walker.feature, walker.unit, place, rows, counts)
