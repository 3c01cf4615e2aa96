"""The numbers of one moment of k-means: points, centres, and the region of each centre."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play import points
from udl_teach.play.player import Player
from udl_teach.plots.points import cells, square_around
from udl_teach.training import Step

CELLS = 110


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    step: Step | None  # the last half step
    history: tuple[np.ndarray, np.ndarray]  # (half steps, inertias) so far
    x: np.ndarray  # the points, shape (n, 2)
    clusters: np.ndarray | None  # cluster of each point; None before the first choice
    centres: np.ndarray  # shape (n_clusters, 2)
    regions: np.ndarray  # cluster of each cell of the ground, shape (CELLS, CELLS), by the centres chosen between
    trail: np.ndarray  # shape (moves + 1, n_clusters, 2)
    box: tuple[tuple[float, float], tuple[float, float]]  # ((left, right), (bottom, top)) of the picture, a square
    init: str  # name of the initialization
    finished: bool  # whether the centres have converged


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is."""
    lloyd = player.model
    box = points.BOX if settings["data"] == points.DRAWN else square_around(lloyd.x)
    return Snapshot(
        step=player.step,
        history=player.history.curve(),
        x=lloyd.x,
        clusters=lloyd.clusters,
        centres=lloyd.centres,
        regions=((cells(box, CELLS)[:, :, None] - lloyd.chosen_from) ** 2).sum(axis=-1).argmin(axis=-1),
        trail=np.stack(lloyd.trail),
        box=box,
        init=settings["init"],
        finished=player.finished,
    )
