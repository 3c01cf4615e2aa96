"""A self-organizing map in the middle of its work: its steps, its errors so far, and a radius that a hand may hold."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.models import SelfOrganizingMap
from udl_teach.nearest import nearest
from udl_teach.play.player import Trail
from udl_teach.training import Step

PLANE = ("square", "ring", "moons", "spiral", "clusters")
POINTS = 400
MEASURED = 2000
# Epochs in which radius and rate decay, and steps between two measurements of the errors.
FALL = {"batch": 60, "online": 20}
EVERY = {"batch": 1, "online": 20}
HAND = ("falling", "radius", "learning_rate")
RADIUS_END = 0.7
RATE_START, RATE_END = 0.5, 0.02


@cache
def dataset(name: str) -> np.ndarray:
    """Points of one of the sets in the plane, float32 of shape (POINTS, 2)."""
    rng = np.random.default_rng(0)
    if name == "square":
        return rng.random((POINTS, 2), dtype=np.float32)
    if name == "clusters":
        middles, spreads = np.array([[0, 0], [3, 0.4], [1.2, 2.6], [3.6, 3]]), np.array([0.45, 0.2, 0.3, 0.6])
        group = rng.permutation(np.arange(POINTS) % len(middles))
        points = middles[group] + spreads[group, None] * rng.standard_normal((POINTS, 2))
        return points.astype(np.float32)
    if name == "ring":
        return datasets.ring(POINTS, modes=80, sd=0.07, seed=0).x
    return getattr(datasets, name)(POINTS, seed=0).x


class SheetRun:
    """A map, its data, and what is worth knowing about the run so far.

    Args:
        som: a map of two features that has not begun.
        x: its data, shape (n, 2).
        settings: of the playground; what a control changes stands in it at once.

    Attributes:
        before: where the units were before the last step, tensor of shape (rows, columns, 2).
        shown: the points that are drawn and measured, all or an even choice of at most MEASURED, shape (m, 2).
        quantization: the quantization error along the run, noted at every EVERY-th step.
        topographic: the topographic error along the run, at the same steps.
        moved: settings that the run has moved, until they are taken.
    """

    def __init__(self, som: SelfOrganizingMap, x: np.ndarray, settings: dict, moved: dict) -> None:
        """Place the units."""
        self.som, self.x, self.settings, self.moved = som, x, settings, moved
        self.rule = settings["rule"]
        som.initialize(x)
        self.before = som.weights.clone()
        self.shown = x[:: -(-len(x) // MEASURED)]
        self.quantization, self.topographic = (Trail(every=EVERY[self.rule]) for _ in range(2))
        self._measured = torch.tensor(self.shown)
        self._table = som.grid.neighbour_table()
        self._known = self._hand()
        # Step, radius and rate from which they fall: half of the grid's longer side, a quarter where it goes round.
        self._from = (0, max(max(som.rows, som.columns) / (4 if som.wrap else 2), RADIUS_END), RATE_START)
        self._learning = som.steps(
            x,
            epochs=None,
            rule=self.rule,
            radius=self.radius,
            learning_rate=None if self.rule == "batch" else self.rate,
            seed=settings["seed"],
        )

    def epochs(self, steps: Any) -> Any:
        """Epochs in so many steps: under the batch rule a step is one, under the online rule a sample."""
        return steps / (1 if self.rule == "batch" else len(self.x))

    def radius(self, index: int) -> float:
        """Radius of the step after `index` steps: the slider's, or one that falls by the same factor in every step."""
        return self._fallen(index, self._from[1], RADIUS_END) if self.settings["falling"] else self.settings["radius"]

    def rate(self, index: int) -> float:
        """Learning rate of the step after `index` steps, as `radius`."""
        held = self.settings["learning_rate"]
        return self._fallen(index, self._from[2], RATE_END) if self.settings["falling"] else held

    def _fallen(self, index: int, start: float, end: float) -> float:
        share = self.epochs(index - self._from[0]) / FALL[self.rule]
        return start * (min(end, start) / start) ** min(max(share, 0.0), 1.0) if start else start

    def take(self, index: int) -> None:
        """Look at the settings after `index` steps: was a slider moved, or the falling switched?"""
        (falling, *sliders), (was_falling, *were) = self._hand(), self._known
        if was_falling and (sliders != were or not falling):
            # What no hand has moved stays where it has fallen to, as near as its slider can say.
            fallen = (self._fallen(index, self._from[1], RADIUS_END), self._fallen(index, self._from[2], RATE_END))
            for name, now, before, value, digits in zip(HAND[1:], sliders, were, fallen, (1, 2), strict=True):
                self.settings[name] = round(value, digits) if now == before else now
            self.settings["falling"] = False
        elif falling and not was_falling:
            self._from = (index, *sliders)
        self._known = self._hand()
        self.moved |= dict(zip(HAND, self._known, strict=True))

    def _hand(self) -> tuple[bool, float, float]:
        return tuple(self.settings[name] for name in HAND)

    def steps(self) -> Iterator[Step]:
        """The map's own steps."""
        while True:
            self.before = self.som.weights.clone()
            step = next(self._learning)  # it goes on for ever
            if step.index % EVERY[self.rule] == 0:
                for trail, error in zip((self.quantization, self.topographic), self.measure(), strict=False):
                    trail.add(step.index, error)
            yield step

    def measure(self) -> tuple[float, float, np.ndarray]:
        """Quantization error, topographic error, and the number of points of each unit, of the points shown."""
        weights = self.som.weights.flatten(0, 1)
        distances, best = nearest(self._measured, weights, k=min(2, len(weights)))
        torn = 0.0
        if len(weights) > 1:
            torn = float((self._table[best[:, 0]] != best[:, 1:]).all(dim=1).double().mean())
        hits = torch.bincount(best[:, 0], minlength=len(weights)).reshape(self.som.weights.shape[:2])
        return float(distances[:, 0].double().mean()), torn, hits.numpy()
