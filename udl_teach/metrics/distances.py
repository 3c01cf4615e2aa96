"""Distances between two sets of samples, each as one number, and from single samples to the training data."""

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.nearest import nearest

# Squared distances in a block: 4 million numbers are 32 megabytes.
BLOCK = 2**22
# Samples that the median distance is taken over; of so many, all pairs are quickly compared.
MEDIAN_SAMPLES = 1000


def maximum_mean_discrepancy(x: Any, y: Any, bandwidth: float | Sequence[float] | None = None) -> float:
    """Squared maximum mean discrepancy, unbiased: Gretton et al. 2012, eq. 3, with a Gaussian kernel.

        MMD^2 = mean_{i != j} k(x_i, x_j) + mean_{i != j} k(y_i, y_j) - 2 mean_{i, j} k(x_i, y_j)
        k(a, b) = exp(-|a - b|^2 / (2 bandwidth^2))

    Zero on average where the two distributions are the same, so it may be slightly negative; at most 2. Time grows with
    the square of the numbers of samples, memory does not.

    Args:
        x: samples, shape (n_x, ...), flattened; at least two.
        y: samples of the same size, shape (n_y, ...); at least two.
        bandwidth: of the kernel, in the unit of the data; several take the mean of their kernels. None takes the median
            distance between samples of both sets together, over at most 1,000 of them (Gretton et al. 2012, section 8).
            A number that is to be compared with another one needs the same bandwidth: pass it.

    Returns:
        MMD^2, without a unit.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    x, y = _pair(x, y, least=2)
    if bandwidth is None:
        widths = [_median_distance(x, y)]
    elif isinstance(bandwidth, (list, tuple, np.ndarray)) and len(bandwidth):
        widths = [inputs.real(width, "bandwidth", above=0.0) for width in bandwidth]
    else:
        widths = [inputs.real(bandwidth, "bandwidth", above=0.0)]
    n_x, n_y = len(x), len(y)
    # Around their middle the squares are small, and little is lost in rounding, wherever the data lie.
    middle = x.mean(dim=0)
    x, y = x - middle, y - middle
    # Every sample is as near to itself as can be: those n pairs, with a kernel of 1 each, are taken out again.
    within_x = (_kernel_sum(x, x, widths) - n_x) / (n_x * (n_x - 1))
    within_y = (_kernel_sum(y, y, widths) - n_y) / (n_y * (n_y - 1))
    return within_x + within_y - 2 * _kernel_sum(x, y, widths) / (n_x * n_y)


def frechet_distance(x: Any, y: Any) -> float:
    """Fréchet distance of two sets, each taken for a Gaussian with its mean and covariance: Heusel et al. 2017, eq. 6.

    In the space that it is given: hand over features of a classifier rather than pixels. Of the same distribution too
    it is above 0, the more so the fewer samples there are (Chong and Forsyth 2020), so compare equal numbers of
    samples, and of many. A warning says where this bias is about a tenth of the features' variance or more, and how
    many samples it takes to be less.

    Args:
        x: features, shape (n_x, n_features); at least two samples.
        y: features of the other set, shape (n_y, n_features); at least two samples.

    Returns:
        The **squared** distance, as is usual (reported as FID), at least 0, in the squared unit of the features.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    x, y = _pair(x, y, least=2)
    cov_x, cov_y = torch.cov(x.T), torch.cov(y.T)
    distance = frechet_between(x.mean(dim=0), cov_x, y.mean(dim=0), cov_y)
    _warn_of_few(len(x), len(y), torch.atleast_2d((cov_x + cov_y) / 2), distance)
    return distance


def frechet_between(mean_x: Any, cov_x: Any, mean_y: Any, cov_y: Any) -> float:
    """Squared Fréchet distance of two Gaussians in closed form: Dowson and Landau 1982, eq. 4.

        d^2 = |mean_x - mean_y|^2 + trace(cov_x + cov_y - 2 (cov_x cov_y)^(1/2))

    The trace of the root is that of (R cov_y R)^(1/2) with R the root of cov_x, whose eigenvalues are real and not
    negative, also where a covariance is singular.

    Args:
        mean_x: shape (n_features,).
        cov_x: shape (n_features, n_features), symmetric with no negative eigenvalue; variances on its diagonal.
        mean_y: as `mean_x`.
        cov_y: as `cov_x`.

    Returns:
        The squared distance, at least 0.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    mean_x, mean_y = _mean(mean_x, "mean_x"), _mean(mean_y, "mean_y")
    if len(mean_x) != len(mean_y):
        raise ValueError(f"mean_y has {len(mean_y)} features; it must have as many as mean_x, {len(mean_x)}.")
    values, vectors = _eigen(cov_x, "cov_x", len(mean_x))
    values_y, vectors_y = _eigen(cov_y, "cov_y", len(mean_x))
    root = (vectors * values.sqrt()) @ vectors.T
    middle = root @ ((vectors_y * values_y) @ vectors_y.T) @ root
    overlap = torch.linalg.eigvalsh((middle + middle.T) / 2).clamp(min=0.0).sqrt().sum()
    distance = (mean_x - mean_y).square().sum() + values.sum() + values_y.sum() - 2 * overlap
    return max(float(distance), 0.0)


def nearest_distances(x: Any, train: Any) -> np.ndarray:
    """How far each sample is from the nearest one of the training data, by Euclidean distance.

    Generated samples that lie nearer to the training data than held-out real ones do have been learned by heart.

    Args:
        x: samples, shape (n_samples, ...), flattened.
        train: what they are compared with, shape (n_train, ...), of the same size each.

    Returns:
        Array of shape (n_samples,), in the unit and the precision of the data; 0 for a copy.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    x = inputs.numbers(x, "x", dtype=None).detach().flatten(1)
    train = inputs.numbers(train, "train", dtype=None).detach().to(x.device).flatten(1)
    if x.shape[1] != train.shape[1]:
        raise ValueError(f"train has {train.shape[1]} numbers a sample; it must have as many as x, {x.shape[1]}.")
    dtype = torch.promote_types(x.dtype, train.dtype)
    return nearest(x.to(dtype), train.to(dtype))[0][:, 0].cpu().numpy()


def _pair(x: Any, y: Any, *, least: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = inputs.numbers(x, "x", dtype=torch.float64).detach().cpu().flatten(1)
    y = inputs.numbers(y, "y", dtype=torch.float64).detach().cpu().flatten(1)
    for name, points in (("x", x), ("y", y)):
        if len(points) < least:
            raise ValueError(f"{name} has {len(points)} sample; it must have at least {least}.")
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"y has {y.shape[1]} numbers a sample; it must have as many as x, {x.shape[1]}.")
    return x, y


def _warn_of_few(n_x: int, n_y: int, cov: torch.Tensor, distance: float) -> None:
    """Warn where two sets of the same Gaussian, as few as these, lie a tenth of their variance apart or more.

    To the first order in 1/n, with the eigenvalues v of the covariance, they are at

        (1/n_x + 1/n_y) (sum_i v_i + sum_ij (1 + [i = j]) v_i v_j / (2 (v_i + v_j)))

    The first sum comes from the means, the second one from the covariances; v_i all equal is the worst case.
    """
    v, n_features = torch.linalg.eigvalsh(cov).clamp(min=0.0), len(cov)
    pairs = v[:, None] * v / (v[:, None] + v).clamp(min=1e-300) / 2
    variance, one_sample = float(v.sum()), float(v.sum() + pairs.sum() + pairs.diagonal().sum())
    bias = one_sample * (1 / n_x + 1 / n_y)
    if bias < 0.1 * variance or variance == 0:
        return
    # Fewer samples than features do not show all eigenvalues, so the worst case is taken.
    enough = math.ceil(20 * one_sample / variance) if n_x + n_y - 2 >= n_features else 5 * n_features + 25
    warnings.warn(
        f"x has {n_x} and y {n_y} samples of {n_features} features, too few for a Fréchet distance: of the "
        f"{distance:.3g} about {min(bias, distance):.3g} would be there for two sets of the same distribution too; "
        f"with {enough} samples each that is a tenth of the features' variance.",
        stacklevel=3,
    )


def _median_distance(x: torch.Tensor, y: torch.Tensor) -> float:
    both = torch.cat([x, y])
    # Evenly through both sets, so that each has its share and nothing is drawn at random.
    chosen = both[torch.linspace(0, len(both) - 1, min(len(both), MEDIAN_SAMPLES)).long()]
    distances = torch.pdist(chosen)
    return float(distances.median()) or float(distances.mean()) or 1.0


def _kernel_sum(x: torch.Tensor, y: torch.Tensor, widths: Sequence[float]) -> float:
    total = 0.0
    for part in x.split(max(BLOCK // len(y), 1)):
        squares = torch.cdist(part, y, compute_mode="use_mm_for_euclid_dist").square()
        total += sum(float(torch.exp(squares / (-2 * width**2)).sum()) for width in widths)
    return total / len(widths)


def _mean(mean: Any, name: str) -> torch.Tensor:
    mean = torch.as_tensor(mean) if isinstance(mean, torch.Tensor) else torch.as_tensor(np.asarray(mean, dtype=float))
    if mean.ndim != 1 or len(mean) == 0 or not torch.isfinite(mean).all():
        raise ValueError(f"{name} has shape {tuple(mean.shape)}; it must be (features,), of finite numbers.")
    return mean.detach().cpu().double()


def _eigen(cov: Any, name: str, n_features: int) -> tuple[torch.Tensor, torch.Tensor]:
    cov = torch.as_tensor(cov) if isinstance(cov, torch.Tensor) else torch.as_tensor(np.asarray(cov, dtype=float))
    cov = cov.detach().cpu().double().reshape(1, 1) if cov.ndim == 0 else cov.detach().cpu().double()
    if cov.shape != (n_features, n_features) or not torch.isfinite(cov).all():
        raise ValueError(
            f"{name} has shape {tuple(cov.shape)}; it must be ({n_features}, {n_features}), of finite numbers."
        )
    scale = cov.abs().max()
    if (cov - cov.T).abs().max() > 1e-6 * scale:
        raise ValueError(f"{name} is not symmetric; it must be a covariance matrix.")
    values, vectors = torch.linalg.eigh((cov + cov.T) / 2)
    if values.min() < -1e-6 * scale:
        raise ValueError(
            f"{name} has the negative eigenvalue {values.min():.3g}; it must be a covariance matrix, which has none."
        )
    return values.clamp(min=0.0), vectors
