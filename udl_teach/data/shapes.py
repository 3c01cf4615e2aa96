"""Shapes: small sets of points in the plane, where what a model does can be seen whole."""

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset


def ring(n: int = 1000, *, modes: int = 8, radius: float = 1.0, sd: float = 0.05, seed: int = 0) -> Dataset:
    """Gaussian blobs of equal size on a circle: does a generator find all of them?

    Args:
        n: number of points.
        modes: number of blobs; the first stands to the right of the centre, the next follow against the clock.
        radius: of the circle.
        sd: standard deviation of a blob, in each direction.
        seed: for the places of the points.

    Returns:
        Dataset with x of shape (n, 2), the blob's number as label and extra "mode", and the middle of each point's blob
        as extra "centre" of shape (n, 2).
    """
    modes, radius = inputs.whole(modes, "modes"), inputs.real(radius, "radius", above=0.0)
    angle = 2 * np.pi * np.arange(modes) / modes
    centres = radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return _blobs("ring", centres, n, sd, seed)


def grid(n: int = 1000, *, side: int = 5, spacing: float = 0.5, sd: float = 0.05, seed: int = 0) -> Dataset:
    """Gaussian blobs of equal size on a square lattice around the origin.

    Args:
        n: number of points.
        side: blobs in a row and rows in the lattice; there are side * side blobs.
        spacing: distance between neighbours.
        sd: standard deviation of a blob, in each direction.
        seed: for the places of the points.

    Returns:
        Dataset with x of shape (n, 2), the blob's number as label and extra "mode" (row by row from the lower left),
        and the middle of each point's blob as extra "centre" of shape (n, 2).
    """
    side, spacing = inputs.whole(side, "side"), inputs.real(spacing, "spacing", above=0.0)
    ticks = spacing * (np.arange(side) - (side - 1) / 2)
    centres = np.stack([np.tile(ticks, side), np.repeat(ticks, side)], axis=1)
    return _blobs("grid", centres, n, sd, seed)


def moons(n: int = 1000, *, noise: float = 0.05, seed: int = 0) -> Dataset:
    """Two half circles that reach into each other: two groups that no straight line divides.

    Args:
        n: number of points, half of them on each moon.
        noise: standard deviation of the Gaussian noise that is added in each direction; the circles have radius 1.
        seed: for the places of the points.

    Returns:
        Dataset with x of shape (n, 2), labels 0 (upper) and 1 (lower), and extra "position" from 0 to 1 along the moon.
    """
    n, noise, rng = _checked(n, noise, "noise", seed)
    label = rng.permutation(np.arange(n) % 2)
    position = rng.random(n)
    angle = np.pi * position
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.where(label[:, None] == 0, upper, lower) + noise * rng.standard_normal((n, 2))
    return _drawn("moons", points, label, ("upper", "lower"), {"position": position})


def spiral(n: int = 1000, *, turns: float = 1.5, noise: float = 0.02, seed: int = 0) -> Dataset:
    """One curve rolled up in the plane: two coordinates, but a single number says where a point is.

    Args:
        n: number of points, spread evenly along the curve.
        turns: how often the curve goes round; it ends at radius 1.
        noise: standard deviation of the Gaussian noise that is added in each direction.
        seed: for the places of the points.

    Returns:
        Dataset with x of shape (n, 2), no labels, and extra "position": the share of the curve's length from its inner
        end, from 0 to 1.
    """
    turns = inputs.real(turns, "turns", above=0.0)
    n, noise, rng = _checked(n, noise, "noise", seed)
    position = rng.random(n)
    # Along the curve radius = t, angle = 2 pi turns t the length does not grow evenly with t: measured, then inverted.
    t = np.linspace(0.15, 1, 2001)
    length = np.cumsum(np.hypot(1, 2 * np.pi * turns * t))
    radius = np.interp(position, (length - length[0]) / (length[-1] - length[0]), t)
    angle = 2 * np.pi * turns * radius
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) + noise * rng.standard_normal((n, 2))
    return _drawn("spiral", points, None, None, {"position": position})


def _blobs(name: str, centres: np.ndarray, n: int, sd: float, seed: int) -> Dataset:
    n, sd, rng = _checked(n, sd, "sd", seed)
    mode = rng.permutation(np.arange(n) % len(centres))
    points = centres[mode] + sd * rng.standard_normal((n, 2))
    names = tuple(str(number) for number in range(len(centres)))
    return _drawn(name, points, mode, names, {"mode": mode, "centre": centres[mode].astype(np.float32)})


def _checked(n: int, spread: float, name: str, seed: int) -> tuple[int, float, np.random.Generator]:
    n, spread = inputs.whole(n, "n"), inputs.real(spread, name, minimum=0.0)
    return n, spread, np.random.default_rng(inputs.whole(seed, "seed", minimum=0))


def _drawn(name: str, points: np.ndarray, labels: np.ndarray | None, names: tuple | None, extras: dict) -> Dataset:
    return Dataset(
        points,
        labels,
        name=name,
        source="drawn from a seed by udl_teach",
        license="CC0 1.0",
        label_names=names,
        feature_names=("horizontal", "vertical"),
        extras=extras,
    )
