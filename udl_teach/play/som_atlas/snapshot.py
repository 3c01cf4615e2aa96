"""The numbers of one moment: a layer of the map, a unit and its samples."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.player import Player
from udl_teach.play.som_atlas.chart import Chart


@dataclass(frozen=True)
class Snapshot:
    """One moment: which layer of the map, and which unit."""

    chart: Chart  # the map; the same object while it is the same map
    layer: str  # what is shown on the map
    feature: int  # number of the feature that the layer "component" shows
    unit: int  # number of the chosen unit
    rows: np.ndarray  # its samples, the nearest first
    counts: np.ndarray  # how many of them are of each class; empty without labels

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the unit."""
        row, column = divmod(self.unit, self.chart.shape[1])
        return row, column


def snapshot(player: Player, settings: dict) -> Snapshot:
    """The unit's samples and their labels."""
    walker = player.model
    chart, rows = walker.chart, walker.chart.members(walker.unit)
    counts = np.zeros(0) if chart.classes is None else np.bincount(chart.classes[rows], minlength=len(chart.names))
    return Snapshot(chart, walker.layer, walker.feature, walker.unit, rows, counts)
