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
    """A walk over the map, from unit to touching unit, to the unit of one sample after the other.

    Row, column, layer and feature stand in the `settings`, where a control and the walk change them.
    """

    def __init__(self, chart: Chart, settings: dict) -> None:
        """Stand on the unit that the settings say; their seed chooses the samples to visit."""
        self.chart, self.settings, self._feature = chart, settings, settings["feature"]

    @property
    def unit(self) -> int:
        """Number of the unit."""
        return self.settings["row"] * self.chart.shape[1] + self.settings["column"]

    def take(self) -> None:
        """Show a feature that was chosen just now."""
        if self.settings["feature"] != self._feature:
            self._feature, self.settings["layer"] = self.settings["feature"], "component"

    def moved(self) -> dict:
        """Where the walk has come to, and which layer is shown."""
        return {name: self.settings[name] for name in ("row", "column", "layer")}

    def walk(self) -> Iterator[Step]:
        """One unit per step; a step's loss is the distance of its weight to that of the unit before."""
        chart, grid, order = self.chart, self.chart.model.grid, np.random.default_rng(self.settings["seed"])
        table, apart = grid.neighbour_table().numpy(), grid.squared_distances().numpy()
        goal, legs = self.unit, 0
        for index in count(1):
            unit = before = self.unit
            if goal == unit:
                others = chart.assigned[chart.assigned != unit]
                goal, legs = int(order.choice(others)) if len(others) else unit, legs + 1
            around = table[unit][table[unit] >= 0]
            if len(around):
                unit = int(around[apart[goal, around].argmin()])
            self.settings["row"], self.settings["column"] = divmod(unit, chart.shape[1])
            yield Step(index, legs, float(np.linalg.norm(chart.deviations[unit] - chart.deviations[before])), {})


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
    if model is not None and not isinstance(model, SelfOrganizingMap):
        raise TypeError(f"model was {type(model).__name__}; it must be a trained SelfOrganizingMap, or left out.")
    if model is not None and model.weights is None:
        raise ValueError("model has no weights yet; train it first with fit(model, dataset.x).")
    if model is not None:
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
    chart, unit = player.model.chart, player.model.unit
    rows, feature = chart.members(unit), chart.features.index(settings["feature"])
    counts = np.zeros(0) if chart.classes is None else np.bincount(chart.classes[rows], minlength=len(chart.names))
    return Snapshot(chart, settings["layer"], feature, unit, (settings["row"], settings["column"]), rows, counts)
