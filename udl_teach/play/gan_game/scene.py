"""What the two players of a GAN play about: points in the plane, and clusters that the learner composes."""

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from udl_teach import data as datasets

COMPOSED = "composed"
PLANE = ("ring", "grid", "moons", "spiral", "two clusters", COMPOSED)
POINTS = 2000
# What a composed cluster's x and y, spread and weight may be.
PLACE, SPREAD, WEIGHT = (-1.5, 1.5), (0.02, 0.5), (0.1, 5.0)
MOST = 9
FIRST = "-0.8 -0.5 0.1 1; 0.8 -0.5 0.1 1; 0 0.8 0.1 1"
Cluster = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """Real points and what is known of them."""

    x: np.ndarray  # float32 of shape (POINTS, 2), in random order
    centres: np.ndarray | None  # middles of the modes, shape (n_modes, 2); None where the points have no modes
    sd: np.ndarray | None  # standard deviation of every mode, shape (n_modes,); None where there are none
    weights: np.ndarray | None  # how often each mode occurs, shape (n_modes,); None where there are none
    box: tuple[tuple[float, float], tuple[float, float]]  # ((left, right), (bottom, top)) of the picture, a square
    radius: float  # root of the mean squared distance from the middle: the size that ways are measured by


def scene(settings: dict) -> Scene:
    """The points that the settings ask for."""
    if settings["data"] == COMPOSED:
        return _composed(settings["clusters"])
    return _known(settings["data"])


@cache
def _known(name: str) -> Scene:
    made = getattr(datasets, name.replace(" ", "_"))
    if name in ("moons", "spiral"):
        return _scene(made(POINTS, seed=0).x)
    sd = 0.05
    drawn = made(POINTS, sd=sd, seed=0)
    centres = np.unique(drawn.extras["centre"], axis=0)
    return _scene(drawn.x, (centres, np.full(len(centres), sd), np.ones(len(centres))))


@lru_cache(maxsize=8)
def _composed(text: str) -> Scene:
    clusters = np.array(parse(text))
    # Written out: the same draws for every setting, so that a slider moves its cluster and not single points.
    rng = np.random.default_rng(0)
    share, noise = rng.permutation((np.arange(POINTS) + 0.5) / POINTS), rng.standard_normal((POINTS, 2))
    bounds = np.cumsum(clusters[:, 3]) / clusters[:, 3].sum()
    group = np.minimum(np.searchsorted(bounds, share), len(clusters) - 1)
    points = clusters[group, :2] + clusters[group, 2:3] * noise
    modes = (clusters[:, :2].astype(np.float32), clusters[:, 2], clusters[:, 3])
    return _scene(points.astype(np.float32), modes, ((-2.2, 2.2), (-2.2, 2.2)))


def _scene(x: np.ndarray, modes: tuple = (None, None, None), box: tuple | None = None) -> Scene:
    if box is None:
        middle = (x.max(axis=0) + x.min(axis=0)) / 2
        # Room for what the generator does outside.
        reach = round(0.75 * float(np.ptp(x, axis=0).max()), 1)
        box = tuple((round(float(c), 1) - reach, round(float(c), 1) + reach) for c in middle)
    return Scene(x, *modes, box, float(np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=1).mean())))


def parse(text: str) -> list[Cluster]:
    """Clusters out of their text.

    Args:
        text: "x y spread weight" of each cluster, separated by semicolons.

    Returns:
        A tuple (x, y, spread, weight) for each.

    Raises:
        ValueError: the text says something else, or a number is outside its range.
    """
    clusters = []
    for part in text.split(";"):
        try:
            numbers = tuple(float(number) for number in part.replace(",", " ").split())
        except ValueError:
            numbers = ()
        if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
            raise ValueError(
                f"clusters holds {part.strip()!r}; each cluster must be four numbers, x y spread weight, and clusters "
                f"are separated by semicolons, as in {FIRST!r}."
            )
        ranges = (PLACE, PLACE, SPREAD, WEIGHT)
        for name, number, (low, high) in zip(("x", "y", "spread", "weight"), numbers, ranges, strict=True):
            if not low <= number <= high:
                raise ValueError(f"clusters has {name} {number:g}; it must lie between {low:g} and {high:g}.")
        clusters.append(numbers)
    if len(clusters) > MOST:
        raise ValueError(f"clusters holds {len(clusters)} clusters; there must be at most {MOST}.")
    return clusters


def written(clusters: Any) -> str:
    """The text of clusters: what `parse` reads; text stays as it is, once it is checked.

    Raises:
        TypeError, ValueError: `clusters` is neither such text nor rows of four numbers in their ranges.
    """
    if not isinstance(clusters, str):
        try:
            clusters = "; ".join(" ".join(f"{float(number):g}" for number in row) for row in clusters)
        except (TypeError, ValueError):
            raise TypeError(
                f"clusters was {clusters!r}; it must be rows of four numbers, (x, y, spread, weight), or text such as "
                f"{FIRST!r}."
            ) from None
    parse(clusters)
    return clusters


def resized(clusters: list[Cluster], count: int) -> list[Cluster]:
    """The first `count` clusters; what is missing is set on a circle."""
    angles = [2.4 * number for number in range(len(clusters), count)]  # the golden angle: none falls on another
    new = [(round(1.2 * math.cos(a), 2), round(1.2 * math.sin(a), 2), 0.1, 1.0) for a in angles]
    return clusters[:count] + new
