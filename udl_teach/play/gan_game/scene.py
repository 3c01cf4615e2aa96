"""What the two players play about: points in the plane, among them clusters that a learner composes and drags."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from udl_teach import data as datasets
from udl_teach import metrics
from udl_teach.play.controls import RUNNING
from udl_teach.play.points import Rows
from udl_teach.plots.points import square_around

COMPOSED = "composed"
PLANE = ("ring", "grid", "moons", "spiral", "two clusters", COMPOSED)
# Points of each set, and how many of them are drawn, and of the generated ones.
POINTS, SHOWN, SD = 2000, 300, 0.05
FIRST = "-0.8 -0.5 0.1 1; 0.8 -0.5 0.1 1; 0 0.8 0.1 1"
CLUSTERS = Rows(
    'Of the data "composed": x y spread weight of each; drag them in the picture, or press where a new one belongs.',
    things="clusters",
    ranges={"x": (-1.5, 1.5), "y": (-1.5, 1.5), "spread": (0.02, 0.5), "weight": (0.1, 5.0)},
    most=9,
    acts=RUNNING,
)
# A press so near to a cluster, beyond three of its standard deviations, takes it; another one makes such a cluster.
NEAR, NEW = 0.1, (0.1, 1.0)


@dataclass(frozen=True)
class Scene:
    """Real points and what is known of them."""

    x: np.ndarray  # float32 of shape (POINTS, 2), in random order
    modes: np.ndarray  # (x, y, standard deviation, weight) of each, shape (n_modes, 4); empty without modes
    box: tuple[tuple[float, float], tuple[float, float]]  # ((left, right), (bottom, top)) of the picture, a square
    radius: float  # root of the mean squared distance from the middle: the unit of ways

    def found(self, made: np.ndarray) -> tuple[np.ndarray, float, float]:
        """How much of the data generated points find, shape (n, 2).

        Returns:
            For each mode whether a point lies on it (within 3 sd), shape (n_modes,); the share of modes found; the
            share of points on modes. Where there are no modes both shares are that of the real points covered.
        """
        if len(self.modes):
            found = metrics.mode_coverage(made, self.modes[:, :2], self.modes[:, 2], weights=self.modes[:, 3])
            return found.high_quality_counts > 0, found.modes / len(self.modes), found.high_quality
        covered = metrics.prdc(self.x[:SHOWN], made[:SHOWN], k=5).coverage
        return np.zeros(0, dtype=bool), covered, covered


@lru_cache(maxsize=16)
def scene(name: str, clusters: str) -> Scene:
    """One of the sets of PLANE; `clusters` is the text of the composed one."""
    modes, box = np.zeros((0, 4)), ((-2.2, 2.2), (-2.2, 2.2))
    if name == COMPOSED:
        modes = np.array(CLUSTERS.read(clusters))
        # Written out: the same draws for every setting, so that a drag moves its cluster and not single points.
        rng = np.random.default_rng(0)
        share, noise = rng.permutation((np.arange(POINTS) + 0.5) / POINTS), rng.standard_normal((POINTS, 2))
        group = np.searchsorted(np.cumsum(modes[:, 3]) / modes[:, 3].sum(), share).clip(max=len(modes) - 1)
        x = (modes[group, :2] + modes[group, 2:3] * noise).astype(np.float32)
    else:
        sd = {} if name in ("moons", "spiral") else {"sd": SD}
        dataset = getattr(datasets, name.replace(" ", "_"))(POINTS, seed=0, **sd)
        x = dataset.x
        if sd:
            centres = np.unique(dataset.extras["centre"], axis=0)
            modes = np.column_stack([centres, np.full(len(centres), SD), np.ones(len(centres))])
        box = square_around(x, 1.5)  # room for what the generator does outside
    return Scene(x, modes, box, float(np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=1).mean())))


class Grip:
    """A hand in the picture: it drags the cluster that it presses, or a new one where there is none."""

    def __init__(self, panel: Any) -> None:
        """Hold nothing."""
        self.panel, self.held = panel, None  # number of the cluster, and how far its middle is from the pointer

    def touch(self, _player: Any, settings: dict, touch: Any) -> dict:
        """The clusters after a touch, as a setting to move."""
        if settings["data"] != COMPOSED or touch.axes is not self.panel.axes:
            return {}
        rows, place = CLUSTERS.read(settings["clusters"]), (touch.x, touch.y)
        if touch.kind == "down":
            apart = [math.dist(row[:2], place) - 3 * row[2] for row in rows]
            nearest, self.held = int(np.argmin(apart)), None
            if apart[nearest] <= NEAR:
                self.held = nearest, np.array(rows[nearest][:2]) - place
                return {}
            if len(rows) == CLUSTERS.most:
                return {}
            rows.append([*place, *NEW])
            self.held = len(rows) - 1, np.zeros(2)
        if self.held is None:
            return {}
        number, offset = self.held
        rows[number][:2] = np.clip(place + offset, *CLUSTERS.ranges["x"]).round(2).tolist()
        return {"clusters": CLUSTERS.checked("clusters", rows)}
