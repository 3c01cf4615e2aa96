"""The initial weights of a self-organizing map, and a warning about columns that dominate the distances."""

import warnings
from collections.abc import Iterator, Sequence

import torch

from udl_teach import inputs
from udl_teach.grid import Grid

INITS = ("pca", "random", "data")


def initial_weights(samples: torch.Tensor, grid: Grid, init: str, seed: int) -> torch.Tensor:
    """Initial weights of a map, shape (rows, columns, n_features).

    Args:
        samples: shape (n_samples, n_features), without missing values.
        grid: of the units.
        init: "pca", "random" or "data".
        seed: of the draws.
    """
    generator = inputs.generator(seed)
    if init == "random":
        low, high = samples.min(dim=0).values, samples.max(dim=0).values
        drawn = torch.rand(grid.n_units, samples.shape[1], generator=generator, dtype=samples.dtype).to(samples.device)
        weights = low + (high - low) * drawn
    elif init == "data":
        n = len(samples)
        repeated = torch.randint(n, (max(grid.n_units - n, 0),), generator=generator)
        chosen = torch.cat([torch.randperm(n, generator=generator)[: grid.n_units], repeated])
        weights = samples[chosen.to(samples.device)]
    else:
        weights = _principal_plane(samples, grid)
    return weights.reshape(grid.rows, grid.columns, -1)


def _principal_plane(samples: torch.Tensor, grid: Grid) -> torch.Tensor:
    # Two standard deviations to each side: the sheet lies where most samples are.
    mean, directions = samples.mean(dim=0), 2 * _principal_directions(samples, 4)
    x, y = grid.positions(samples.device).T
    longer, shorter = (x, y) if grid.columns >= grid.rows else (y, x)
    if not grid.wrap:
        longer, shorter = _from_minus_one_to_one(longer), _from_minus_one_to_one(shorter)
        return mean + longer[:, None] * directions[0] + shorter[:, None] * directions[1]
    # A flat sheet would be torn where the edges meet, so both axes of a torus become circles.
    along, across = _angle(longer), _angle(shorter)
    waves = torch.stack([along.cos(), along.sin(), across.cos(), across.sin()], dim=1)
    if min(grid.rows, grid.columns) == 1:
        waves[:, 2:] = 0
    return mean + waves @ directions


def _principal_directions(samples: torch.Tensor, k: int) -> torch.Tensor:
    """The first `k` principal directions, each as long as the standard deviation along it, shape (k, n_features).

    Where there are fewer than `k`, they are repeated at half the length.
    """
    n, n_features = samples.shape
    if n_features <= n:
        covariance = sum(part.T @ part for part in _centred(samples)) / n
        variances, vectors = torch.linalg.eigh(covariance)
        directions = vectors.T * variances.clamp(min=0).sqrt()[:, None]
    else:
        # The same from the smaller Gram matrix: if K a = v a for K = X X' / n, then X' a is a direction of variance v.
        centred = torch.cat(list(_centred(samples)))
        _, vectors = torch.linalg.eigh(centred @ centred.T / n)
        directions = vectors.T @ centred / n**0.5
    directions = directions.flip(0)[:k]
    # A direction and its opposite are equally good: take the one along which the data are skewed, whatever the axes.
    skew = sum(((part @ directions.T) ** 3).sum(dim=0) for part in _centred(samples))
    directions = directions * torch.where(skew < 0, -1.0, 1.0).to(directions)[:, None]
    while len(directions) < k:
        directions = torch.cat([directions, directions / 2])
    return directions[:k]


def _from_minus_one_to_one(positions: torch.Tensor) -> torch.Tensor:
    span = positions.max() - positions.min()
    return torch.zeros_like(positions) if span == 0 else 2 * (positions - positions.min()) / span - 1


def _angle(positions: torch.Tensor) -> torch.Tensor:
    # Positions 0, 1, ... n - 1 on a circle of n; the shifted rows of a hexagonal grid lie in between.
    steps = positions.unique()
    gap = (steps[1:] - steps[:-1]).max() if len(steps) > 1 else positions.new_tensor(1.0)
    return 2 * torch.pi * positions / (steps.max() + gap)


def warn_of_scale(samples: torch.Tensor, names: Sequence | None = None) -> None:
    """Warn of columns whose scale is so much larger that they dominate the distances.

    A column is named when its standard deviation is more than ten times the median one and such columns hold more
    than nine tenths of the variance.

    Args:
        samples: shape (n_samples, n_features), without missing values.
        names: of the columns, where they have any.
    """
    variance = samples.var(dim=0, correction=0)
    varying = variance[variance > 0]
    if len(varying) == 0:
        return
    wide = variance > 100 * varying.median()
    share = (variance[wide].sum() / variance.sum()).item()
    if not wide.any() or share < 0.9:
        return
    named = [str(names[column]) if names is not None else str(column) for column in wide.nonzero()[:, 0].tolist()]
    shown = ", ".join(named[:4]) + (", ..." if len(named) > 4 else "")
    subject = f"column {shown} of x holds" if len(named) == 1 else f"columns {shown} of x hold"
    warnings.warn(
        f"{subject} {int(100 * share)}% of the variance, so that the map will hardly see the others: if you do not "
        "want that, bring all columns to one scale with x = data.Scaling.measure(x).apply(x).",
        UserWarning,
        stacklevel=2,
    )


def imputed(samples: torch.Tensor) -> torch.Tensor:
    """The samples with every missing value (NaN) replaced by the mean of its column."""
    missing = samples.isnan()
    return torch.where(missing, samples.nanmean(dim=0), samples) if missing.any() else samples


def _centred(samples: torch.Tensor) -> Iterator[torch.Tensor]:
    # In parts, since a copy of a million samples would cost as much memory as the data.
    mean = samples.mean(dim=0)
    return (part - mean for part in samples.split(max(1, 2**22 // samples.shape[1])))
