"""Does a sheet lie flat in the plane? Told from its cells, whose corners run round one way or the other."""

import numpy as np


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
