"""How well a map (a grid of prototypes) represents its data, and how well it preserves neighbourhoods."""

from typing import Any

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.grid import Grid
from udl_teach.nearest import nearest


def quantization_error(x: Any, weights: Any, *, missing: str | None = None) -> float:
    """Distance from a sample to its best matching unit, **averaged over samples** (Kohonen 2001, Self-Organizing Maps).

        QE = 1/N sum_n min_i ||x_n - w_i||

    A Euclidean distance, not squared. It does not depend on the grid, and it falls with the number of units: compare it
    with that of k-means with as many centres, not with that of a map of another size.

    Args:
        x: samples, shape (n_samples, n_features).
        weights: codebook vectors of the units, shape (rows, columns, n_features).
        missing: "ignore" leaves NaN in `x` out of the distance.

    Returns:
        A number of at least 0, in the unit of `x`.

    Raises:
        ValueError: the shapes do not fit each other, or something is empty or not finite.
    """
    x, weights = _pair(x, weights, missing)
    distances, _ = nearest(x, weights.flatten(0, 1), missing=missing == "ignore")
    return float(distances.double().mean())


def topographic_error(
    x: Any, weights: Any, topology: str = "rectangular", wrap: bool = False, *, missing: str | None = None
) -> float:
    """**Share of samples** whose best two units do not touch on the grid: Kiviluoto 1996.

    Where the two do not touch, the map is torn or folded. On a rectangular grid a unit touches the eight units around
    it, corners included; on a hexagonal grid it touches six.

    Args:
        x: samples, shape (n_samples, n_features).
        weights: codebook vectors of the units, shape (rows, columns, n_features).
        topology: "rectangular" or "hexagonal" (odd rows are shifted right by half a unit).
        wrap: whether the grid is closed to a torus, so that its last row and column touch the first.
        missing: "ignore" leaves NaN in `x` out of the distances.

    Returns:
        A number in [0, 1]; 0 for a map of a single unit.

    Raises:
        ValueError: as `quantization_error`; or the topology is unknown or cannot be closed.
    """
    x, weights = _pair(x, weights, missing)
    rows, columns, _ = weights.shape
    grid = Grid(rows, columns, topology=topology, wrap=wrap)
    if grid.n_units == 1:
        return 0.0
    _, best = nearest(x, weights.flatten(0, 1), k=2, missing=missing == "ignore")
    return float((~grid.adjacent(best[:, 0], best[:, 1])).double().mean())


def trustworthiness(x: Any, codes: Any, n_neighbours: int = 5) -> float:
    """How far neighbours among the codes are neighbours in the data as well: Venna and Kaski 2001, by scikit-learn.

        1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j among the k nearest codes of i} max(0, r(i, j) - k)

    with r(i, j) the rank of j among the samples ordered by their distance to i. It counts samples that are drawn
    near although they are far in the data, not neighbours that are torn apart. All pairs are compared: 10,000 samples
    take about a gigabyte.

    Args:
        x: samples, shape (n_samples, n_features).
        codes: the same samples in fewer dimensions, shape (n_samples, latent_size); for a map the places of their best
            matching units, `map.best_units(x)`.
        n_neighbours: k, below half the number of samples.

    Returns:
        A number in [0, 1]: 1 if all neighbours are neighbours in the data, about 0.5 for random codes.

    Raises:
        ValueError: the numbers of samples differ or `n_neighbours` is too large for them.
    """
    x, codes = _both(x, codes)
    return _trust(x, codes, n_neighbours)


def continuity(x: Any, codes: Any, n_neighbours: int = 5) -> float:
    """How far neighbours in the data are neighbours among the codes as well: Venna and Kaski 2001.

        1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j among the k nearest samples of i} max(0, r(i, j) - k)

    with r(i, j) the rank of j among the codes ordered by their distance to i: trustworthiness with data and codes
    exchanged. It counts neighbours that are torn apart.

    Args:
        x: samples, shape (n_samples, n_features).
        codes: the same samples in fewer dimensions, shape (n_samples, latent_size).
        n_neighbours: k, below half the number of samples.

    Returns:
        A number in [0, 1]: 1 if no neighbours are torn apart, about 0.5 for random codes.

    Raises:
        ValueError: the numbers of samples differ or `n_neighbours` is too large for them.
    """
    x, codes = _both(x, codes)
    return _trust(codes, x, n_neighbours)


def distance_rank_correlation(x: Any, codes: Any) -> float:
    """Spearman's rank correlation between all distances in the data and the same distances among the codes.

    It is high if far pairs are drawn far apart, which trustworthiness and continuity ignore. All pairs are compared.

    Args:
        x: samples, shape (n_samples, n_features), at least three.
        codes: the same samples in fewer dimensions, shape (n_samples, latent_size).

    Returns:
        A number in [-1, 1]: 1 if the order of the distances is preserved, about 0 for random codes.

    Raises:
        ValueError: the numbers of samples differ, there are fewer than three, or all distances are equal.
    """
    from scipy.spatial.distance import pdist
    from scipy.stats import rankdata

    x, codes = _both(x, codes)
    if len(x) < 3:
        raise ValueError(f"x has {len(x)} samples; a correlation of distances needs at least 3.")
    # The mean rank of equal distances, centred
    ranks = [rankdata(pdist(points)) - (len(x) * (len(x) - 1) / 2 + 1) / 2 for points in (x, codes)]
    norms = [np.linalg.norm(rank) for rank in ranks]
    for name, norm in zip(("x", "codes"), norms, strict=True):
        if norm == 0:
            raise ValueError(f"all distances in {name} are equal, so they have no order; pass points that differ.")
    return float(ranks[0] @ ranks[1] / (norms[0] * norms[1]))


def _both(x: Any, codes: Any) -> tuple[np.ndarray, np.ndarray]:
    x = inputs.samples(x, "x", dtype=torch.float64).detach().cpu().numpy()
    codes = inputs.samples(codes, "codes", dtype=torch.float64).detach().cpu().numpy()
    if len(codes) != len(x):
        raise ValueError(f"codes has {len(codes)} rows for the {len(x)} samples of x; there must be one a sample.")
    return x, codes


def _trust(x: np.ndarray, codes: np.ndarray, n_neighbours: int) -> float:
    from sklearn.manifold import trustworthiness as measure

    n_neighbours = inputs.whole(n_neighbours, "n_neighbours")
    if 2 * n_neighbours >= len(x):
        raise ValueError(
            f"n_neighbours was {n_neighbours}; it must be below half the number of samples, {len(x)}: "
            "lower it or pass more samples."
        )
    # Scikit-learn squares before it subtracts. Seen from one sample there is no offset, and equal distances stay equal.
    return float(measure(x - x[0], codes - codes[0], n_neighbors=n_neighbours))


def _pair(x: Any, weights: Any, missing: str | None) -> tuple[torch.Tensor, torch.Tensor]:
    weights = inputs.numbers(weights, "weights", dtype=None).detach()
    if weights.ndim != 3:
        raise ValueError(
            f"weights has shape {tuple(weights.shape)}; it must be (rows, columns, features): "
            "write weights.reshape(rows, columns, -1)."
        )
    x = inputs.samples(x, "x", missing=missing, dtype=None).detach()
    if x.shape[1] != weights.shape[2]:
        raise ValueError(
            f"weights has {weights.shape[2]} features a unit; it must have as many as x, which has {x.shape[1]}."
        )
    dtype = torch.promote_types(x.dtype, weights.dtype)
    return x.to(weights.device, dtype), weights.to(dtype)
