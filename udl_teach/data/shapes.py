"""Shapes: curves in the plane with points along them, where what a model does can be seen whole."""

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset
from udl_teach.data.points import checked, drawn


def moons(n: int = 1000, *, noise: float = 0.05, seed: int = 0) -> Dataset:
    """Two half circles that reach into each other: two groups that no straight line divides.

    Args:
        n: number of points, half of them on each moon.
        noise: standard deviation of the Gaussian noise that is added in each direction; the circles have radius 1.
        seed: for the places of the points.

    Returns:
        Dataset with x of shape (n, 2), labels 0 (upper) and 1 (lower), and extra "position" from 0 to 1 along the moon.
    """
    n, noise, rng = checked(n, noise, "noise", seed)
    label = rng.permutation(np.arange(n) % 2)
    position = rng.random(n)
    angle = np.pi * position
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    points = np.where(label[:, None] == 0, upper, lower) + noise * rng.standard_normal((n, 2))
    return drawn("moons", points, label, ("upper", "lower"), {"position": position})


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
    n, noise, rng = checked(n, noise, "noise", seed)
    position = rng.random(n)
    # Along the curve radius = t, angle = 2 pi turns t the length does not grow evenly with t: measured, then inverted.
    t = np.linspace(0.15, 1, 2001)
    length = np.cumsum(np.hypot(1, 2 * np.pi * turns * t))
    radius = np.interp(position, (length - length[0]) / (length[-1] - length[0]), t)
    angle = 2 * np.pi * turns * radius
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) + noise * rng.standard_normal((n, 2))
    return drawn("spiral", points, None, None, {"position": position})
