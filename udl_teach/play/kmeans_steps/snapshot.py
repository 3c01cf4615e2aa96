"""The numbers of one moment of k-means: points, centres, and the region of each centre."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play import points
from udl_teach.play.player import Player
from udl_teach.training import Step

CELLS = 110


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment.

    Attributes:
        step: the last half step, or None.
        history: (half steps, inertias) so far.
        x: the points, shape (n, 2).
        clusters: cluster of each, or None before the first choice.
        centres: shape (n_clusters, 2).
        regions: cluster of each cell of the ground, shape (CELLS, CELLS), by the centres that were chosen between.
        trail: shape (moves + 1, n_clusters, 2).
        box: ((left, right), (bottom, top)) of the picture, a square.
        init: name of the initialization.
        finished: whether the centres rest.
    """

    step: Step | None
    history: tuple[np.ndarray, np.ndarray]
    x: np.ndarray
    clusters: np.ndarray | None
    centres: np.ndarray
    regions: np.ndarray
    trail: np.ndarray
    box: tuple[tuple[float, float], tuple[float, float]]
    init: str
    finished: bool


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is."""
    lloyd = player.model
    box = points.BOX if settings["data"] == points.DRAWN else square_around(lloyd.x)
    (left, right), (bottom, top) = box
    across, up = np.meshgrid(_middles(left, right), _middles(bottom, top))
    ground = np.stack([across, up], axis=-1)[:, :, None]
    return Snapshot(
        step=player.step,
        history=(np.array(player.history.index), np.array(player.history.loss)),
        x=lloyd.x,
        clusters=lloyd.clusters,
        centres=lloyd.centres,
        regions=((ground - lloyd.chosen_from) ** 2).sum(axis=-1).argmin(axis=-1),
        trail=np.stack(lloyd.trail),
        box=box,
        init=settings["init"],
        finished=player.finished,
    )


def square_around(x: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ends of a square that holds the points with some room."""
    middle = (x.max(axis=0) + x.min(axis=0)) / 2
    reach = 0.56 * np.ptp(x, axis=0).max()
    return tuple((float(centre - reach), float(centre + reach)) for centre in middle)


def _middles(low: float, high: float) -> np.ndarray:
    return low + (np.arange(CELLS) + 0.5) / CELLS * (high - low)
