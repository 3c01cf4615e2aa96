"""Maps trained here, and a walk over a map from unit to touching unit."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import SelfOrganizingMap
from udl_teach.play.som_atlas.chart import Chart
from udl_teach.training import Step

MOST_SIDE = 10


class Walker:
    """A place on the map that goes, from unit to touching unit, to the unit of one sample after the other.

    Attributes:
        chart: the map.
        unit: number of the unit where it stands.
        layer: what is shown on the map.
        feature: number of the feature that the layer "component" shows.
    """

    def __init__(self, chart: Chart, unit: int, layer: str, feature: int, seed: int) -> None:
        """Stand on `unit`; `seed` chooses the samples to visit."""
        self.chart, self.unit, self.layer, self.feature = chart, unit, layer, feature
        self._order = np.random.default_rng(seed)

    def walk(self) -> Iterator[Step]:
        """One unit per step; a step's loss is the distance of its weight to that of the unit before."""
        grid, weights = self.chart.model.grid, self.chart.deviations
        table, apart = grid.neighbour_table().numpy(), grid.squared_distances().numpy()
        goal, index, legs = self.unit, 0, 0
        while True:
            if goal == self.unit:
                goal, legs = self._goal(), legs + 1
            before, around = self.unit, table[self.unit]
            around = around[around >= 0]
            if len(around):
                self.unit = int(around[apart[goal, around].argmin()])
            index += 1
            yield Step(index, legs, float(np.linalg.norm(weights[self.unit] - weights[before])), {})

    def _goal(self) -> int:
        others = self.chart.assigned[self.chart.assigned != self.unit]
        return int(self._order.choice(others)) if len(others) else self.unit


def _usual_side(n_samples: int) -> int:
    # About 5 sqrt(n) units (Vesanto and Alhoniemi 2000), and not more than can be seen.
    return int(np.clip(round(np.sqrt(5 * np.sqrt(n_samples))), 3, MOST_SIDE))


def trained(dataset: Dataset, topology: str) -> Chart:
    """A map of the data, trained now by its defaults."""
    side = _usual_side(len(dataset))
    model = SelfOrganizingMap(dataset.x.shape[1], side, side, topology=topology)
    for _ in model.steps(dataset.x):
        pass
    return Chart(model, dataset)


@cache
def digits(topology: str) -> Chart:
    """The map of the digits, trained once for all playgrounds."""
    return trained(datasets.digits(), topology)
