"""What is drawn of a self-organizing map: U-matrix, hit histogram, component planes and labels, as arrays of the grid.

Sources: Ultsch and Siemon 1990 (U-matrix); Vesanto 1999, "SOM-based data visualization methods".
"""

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.grid import Grid


def u_matrix(weights: torch.Tensor, grid: Grid) -> np.ndarray:
    """Mean distance of each codebook vector to those of the neighbouring units; 0 on a map of one unit.

    Args:
        weights: codebook vectors, shape (rows, columns, n_features).
        grid: of the units.

    Returns:
        Array of shape (rows, columns), in the units of the data.
    """
    flat, neighbours = weights.reshape(grid.n_units, -1).cpu(), grid.neighbour_table()
    exists = neighbours >= 0
    total = torch.zeros(grid.n_units)
    for k in range(neighbours.shape[1]):
        other = flat[neighbours[:, k].clamp(min=0)]
        total += torch.linalg.vector_norm(flat - other, dim=1) * exists[:, k]
    return (total / exists.sum(dim=1).clamp(min=1)).reshape(grid.rows, grid.columns).numpy()


def hit_histogram(units: torch.Tensor, grid: Grid) -> np.ndarray:
    """Number of samples per unit: int64 of shape (rows, columns), from best matching units of shape (n_samples,)."""
    return torch.bincount(units, minlength=grid.n_units).reshape(grid.rows, grid.columns).numpy()


def component_plane(weights: torch.Tensor, feature: int) -> np.ndarray:
    """One feature of all codebook vectors: array of shape (rows, columns), in the units of the data."""
    feature, n_features = inputs.whole(feature, "feature", minimum=0), weights.shape[2]
    if feature >= n_features:
        raise ValueError(f"feature was {feature}; it must be below n_features={n_features}: count from 0.")
    return weights[..., feature].detach().cpu().numpy().copy()


def label_map(units: torch.Tensor, labels: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """The majority class of the samples of each unit, and its share.

    Args:
        units: best matching units, shape (n_samples,).
        labels: classes, whole numbers of at least 0, shape (n_samples,).
        grid: of the units.

    Returns:
        The majority class per unit, int64 of shape (rows, columns), -1 for a unit without samples; and the share of
        that class among the samples of the unit, float32 of the same shape, NaN for a unit without samples.
    """
    labels = inputs.labels(labels, "labels", n=len(units))
    if labels.min() < 0:
        raise ValueError(f"labels holds {labels.min()}; classes must be at least 0, since -1 means no class.")
    classes, numbers = np.unique(labels, return_inverse=True)
    counts = np.zeros((grid.n_units, len(classes)), dtype=np.int64)
    np.add.at(counts, (units.numpy(), numbers), 1)
    total = counts.sum(axis=1)
    majority = np.where(total > 0, classes[counts.argmax(axis=1)], -1)
    purity = np.where(total > 0, counts.max(axis=1) / np.maximum(total, 1), np.nan).astype(np.float32)
    return majority.reshape(grid.rows, grid.columns), purity.reshape(grid.rows, grid.columns)
