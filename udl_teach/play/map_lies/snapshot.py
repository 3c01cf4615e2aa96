"""The numbers of one moment of a map: distances and sizes, true and drawn."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from udl_teach.play.map_lies.run import POINTS, Structure, relative
from udl_teach.play.player import Player
from udl_teach.training import Step

# Pairs of points in the diagram.
PAIRS = np.random.default_rng(0).choice(np.stack(np.triu_indices(POINTS, 1), axis=1), 500, replace=False)
NEIGHBOURS = 12


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment. All distances and sizes are in units of the mean distance between two points.

    Attributes:
        step: the last step, or None.
        method: "t-SNE" or "UMAP".
        structure: the data.
        z: places in the map, shape (n, 2).
        pair: the chosen points.
        pairs: true and drawn distances of some pairs, shape (m, 2).
        chosen: true and drawn distance of the chosen pair, shape (2,).
        sizes: true and drawn size of each group, shape (n_groups, 2): root mean square distance from its centre.
        kept: share of the nearest NEIGHBOURS of a point in the data that are among those in the map.
        clumping: mean distance to the nearest point in the map over the one expected for points strewn at random over
            the same area (Clark and Evans 1954): 1 for no order, below 1 for clumps; None of data with groups.
    """

    step: Step | None
    method: str
    structure: Structure
    z: np.ndarray
    pair: tuple[int, int]
    pairs: np.ndarray
    chosen: np.ndarray
    sizes: np.ndarray
    kept: float
    clumping: float | None


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is."""
    chart, pair = player.model, (settings["first"], settings["second"])
    z, known = chart.z.detach().numpy().copy(), chart.structure
    true, drawn = known.distances, relative(z)
    both = np.stack([true, drawn], axis=-1)
    sizes = [
        [_size(distances, known.groups == group) for distances in (true, drawn)] for group in np.unique(known.groups)
    ]
    near = nearest(known), _nearest(drawn)
    return Snapshot(
        step=player.step,
        method=settings["method"],
        structure=known,
        z=z,
        pair=pair,
        pairs=both[PAIRS[:, 0], PAIRS[:, 1]],
        chosen=both[pair],
        sizes=np.array(sizes),
        kept=float((near[0] & near[1]).sum() / near[0].sum()),
        clumping=_clumping(z) if len(known.names) == 1 else None,
    )


def _size(distances: np.ndarray, members: np.ndarray) -> float:
    # The mean square distance from the centre is half of that between two members.
    return float(np.sqrt((distances[np.ix_(members, members)] ** 2).mean() / 2))


@cache
def nearest(known: Structure) -> np.ndarray:
    """Which points are among the NEIGHBOURS nearest ones of each in the data, bool of shape (POINTS, POINTS)."""
    return _nearest(known.distances)


def _nearest(distances: np.ndarray) -> np.ndarray:
    distances = distances + np.diag(np.full(len(distances), np.inf))
    limit = np.partition(distances, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1 : NEIGHBOURS]
    return distances <= limit


def _clumping(z: np.ndarray) -> float:
    try:
        area = ConvexHull(z).volume
    except QhullError:  # all on a line
        return 1.0
    distances = np.sqrt(((z[:, None] - z) ** 2).sum(axis=-1))
    np.fill_diagonal(distances, np.inf)
    return float(distances.min(axis=1).mean() / (0.5 * np.sqrt(area / len(z))))
