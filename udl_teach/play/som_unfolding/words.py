"""In words, how far the map has unfolded: its errors, its empty units, and whether it lies flat."""

import numpy as np

from udl_teach.play.som_unfolding.snapshot import Snapshot

# Up to this share of cells turned over a sheet is called nearly flat.
FEW = 0.05


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    (rows, columns), step = snapshot.hits.shape, snapshot.step
    held = "decaying" if snapshot.falling else "held by hand"
    rate = f" and learning rate {snapshot.rate:.2g}" if snapshot.rule == "online" else ""
    when = f"Start ({snapshot.init})" if step is None else f"Step {step.index:,} (epoch {step.epoch})"
    text = f"{when}, {snapshot.rule} rule: radius {snapshot.radius:.2f}{rate}, {held}."
    text += (
        f" A point lies {snapshot.quantization[-1]:.4f} from its best unit on average (quantization error); for "
        f"{_percent(snapshot.topographic[-1])} of the points the best two units do not touch (topographic error)."
    )
    empty = int((snapshot.hits == 0).sum())
    text += f" Units without points: {empty} of {rows * columns}. {_lies(snapshot)}"
    if kept is not None and kept.step is not None:
        errors = f"{kept.quantization[-1]:.4f} and {_percent(kept.topographic[-1])}"
        text += f" The kept run was at {errors} in epoch {kept.step.epoch}."
    return text


def _lies(snapshot: Snapshot) -> str:
    if min(snapshot.hits.shape) == 1:
        number = crossings(snapshot.weights.reshape(-1, 2))
        times = "does not cross itself" if number == 0 else f"crosses itself {number} time{'s' * (number > 1)}"
        return f"The chain {times}."
    turned, cells = turned_cells(snapshot.weights)
    if turned == 0:
        return "No cell of the sheet is turned over: it lies flat."
    many = f"{turned} of {cells} cells of the sheet {'is' if turned == 1 else 'are'} turned over"
    if snapshot.wrap:
        return f"{many}: a sheet closed round its edges cannot lie flat in the plane."
    return f"{many}: it is {'nearly flat' if turned <= FEW * cells else 'folded or twisted'}."


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def turned_cells(weights: np.ndarray) -> tuple[int, int]:
    """How many cells of a sheet are turned over.

    Args:
        weights: places of the units, shape (rows, columns, 2), at least two rows and two columns.

    Returns:
        (cells whose corners run round against the majority of the sheet's area, all cells). A flat sheet has none
        turned over, a sheet folded once along its middle about half.
    """
    weights = np.asarray(weights, dtype=float)
    one, other = weights[1:, 1:] - weights[:-1, :-1], weights[1:, :-1] - weights[:-1, 1:]
    areas = (one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]) / 2
    side = 1.0 if areas.sum() >= 0 else -1.0
    return int((areas * side < 0).sum()), areas.size


def crossings(chain: np.ndarray) -> int:
    """How often a chain of units crosses itself: pairs of its pieces with a point in common inside both.

    Args:
        chain: places of the units in their order, shape (n, 2).
    """
    start, end = np.asarray(chain[:-1], dtype=float), np.asarray(chain[1:], dtype=float)
    # Two pieces cross where the ends of each lie on different sides of the other.
    divides = _side(start, end, start) * _side(start, end, end) < 0
    return int(np.triu(divides & divides.T, k=2).sum())


def _side(start: np.ndarray, end: np.ndarray, points: np.ndarray) -> np.ndarray:
    # For piece i and point j: above 0 to the left of the piece, below 0 to its right.
    way, to = (end - start)[:, None], points[None] - start[:, None]
    return way[..., 0] * to[..., 1] - way[..., 1] * to[..., 0]
