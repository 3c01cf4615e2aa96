"""Blobs: Gaussian clusters in the plane, whose number and places are known, so that what a model misses can be counted.

The ring and the grid are the sets that generators have been compared on since Srivastava et al. 2017 (VEEGAN); their
sizes there are `ring(radius=1, sd=0.01)` and `grid(side=5, spacing=2, sd=0.05)`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset
from udl_teach.data.points import checked, drawn


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
    return _blobs("ring", _on_ring(modes, radius), n, sd, seed)


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
    return _blobs("grid", _on_grid(side, spacing), n, sd, seed)


def two_clusters(
    n: int = 1000, *, distance: float = 2.0, sd: float = 0.2, share: float = 0.5, seed: int = 0
) -> Dataset:
    """Two Gaussian blobs, one to the left and one to the right of the origin.

    Args:
        n: number of points.
        distance: between the middles of the two.
        sd: standard deviation of each, in each direction.
        share: of the points that lie in the left one, above 0 and below 1.
        seed: for the places of the points.

    Returns:
        Dataset as `clusters` makes it; blob 0 is the left one.
    """
    half, share = inputs.real(distance, "distance", above=0.0) / 2, inputs.real(share, "share", above=0.0)
    if share >= 1:
        raise ValueError(f"share was {share}; it must be below 1, so that the right cluster gets some points as well.")
    return _blobs("two clusters", np.array([[-half, 0.0], [half, 0.0]]), n, sd, seed, [share, 1 - share])


def clusters(
    centres: Any, n: int = 1000, *, sd: Any = 0.1, weights: Sequence[float] | None = None, seed: int = 0
) -> Dataset:
    """Gaussian blobs where you want them.

    Args:
        centres: the middle of each blob, shape (n_clusters, 2).
        n: number of points.
        sd: standard deviation of the blobs, in each direction; one number for all, or one a blob.
        weights: how many points each blob gets, as shares of any sum; None gives all the same.
        seed: for the places of the points.

    Returns:
        Dataset with x of shape (n, 2), the blob's number as label and extra "mode", and the middle of each point's blob
        as extra "centre" of shape (n, 2). The counts follow the weights as nearly as whole numbers can.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or does not hold one entry a blob.
    """
    centres = inputs.samples(centres, "centres").detach().cpu().double().numpy()
    if centres.shape[1] != 2:
        raise ValueError(
            f"centres has {centres.shape[1]} columns; it must have 2, the horizontal and the vertical place."
        )
    return _blobs("clusters", centres, n, sd, seed, weights)


def ring_centres(*, modes: int = 8, radius: float = 1.0) -> np.ndarray:
    """The middles of the blobs of `ring`, float32 array of shape (modes, 2), in the order of their labels."""
    return _on_ring(modes, radius).astype(np.float32)


def grid_centres(*, side: int = 5, spacing: float = 0.5) -> np.ndarray:
    """The middles of the blobs of `grid`, float32 array of shape (side * side, 2), in the order of their labels."""
    return _on_grid(side, spacing).astype(np.float32)


def _on_ring(modes: int, radius: float) -> np.ndarray:
    modes, radius = inputs.whole(modes, "modes"), inputs.real(radius, "radius", above=0.0)
    angle = 2 * np.pi * np.arange(modes) / modes
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _on_grid(side: int, spacing: float) -> np.ndarray:
    side, spacing = inputs.whole(side, "side"), inputs.real(spacing, "spacing", above=0.0)
    ticks = spacing * (np.arange(side) - (side - 1) / 2)
    return np.stack([np.tile(ticks, side), np.repeat(ticks, side)], axis=1)


def _blobs(name: str, centres: np.ndarray, n: int, sd: Any, seed: int, weights: Any = None) -> Dataset:
    n, _, rng = checked(n, 0.0, "sd", seed)
    spread = inputs.each(sd, "sd", len(centres), minimum=0.0)
    places = np.arange(n) % len(centres)
    if weights is not None:
        weights = inputs.each(weights, "weights", len(centres), minimum=0.0)
        if weights.sum() == 0:
            raise ValueError("weights was all 0; at least one cluster must have a weight above 0.")
        # The share of the points up to the end of each blob; point i stands at (i + 1/2) / n.
        ends = np.cumsum(weights / weights.sum())
        places = np.searchsorted(ends[:-1], (np.arange(n) + 0.5) / n, side="right")
    mode = rng.permutation(places)
    points = centres[mode] + spread[mode, None] * rng.standard_normal((n, 2))
    names = tuple(str(number) for number in range(len(centres)))
    return drawn(name, points, mode, names, {"mode": mode, "centre": centres[mode].astype(np.float32)})
