"""What the sets of points in the plane share: checked arguments, and a Dataset around the points."""

from collections.abc import Mapping

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset


def checked(n: int, spread: float, name: str, seed: int) -> tuple[int, float, np.random.Generator]:
    """The number of points, their spread (an argument called `name`), and a generator of random numbers."""
    n, spread = inputs.whole(n, "n"), inputs.real(spread, name, minimum=0.0)
    return n, spread, np.random.default_rng(inputs.whole(seed, "seed", minimum=0))


def drawn(
    name: str,
    points: np.ndarray,
    labels: np.ndarray | None,
    names: tuple[str, ...] | None,
    extras: Mapping[str, np.ndarray],
) -> Dataset:
    """Points of shape (n, 2) as a Dataset that says where they come from."""
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
