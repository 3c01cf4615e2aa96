"""How far reconstructions are from the originals, in the units that people quote."""

import math
from typing import Any

import numpy as np
import torch

from udl_teach import inputs


def mean_squared_error(x: Any, x_hat: Any) -> float:
    """Squared error **a pixel** (a feature): averaged over samples and over features.

    Args:
        x: originals, shape (n_samples, ...).
        x_hat: reconstructions, same shape.

    Returns:
        The mean over everything of (x_hat - x)^2, in the squared unit of `x`.

    Raises:
        ValueError: the shapes differ, or something is empty or not finite.
    """
    x, x_hat = _pair(x, x_hat)
    return float(((x_hat - x) ** 2).mean())


def reconstruction_error(x: Any, x_hat: Any) -> np.ndarray:
    """Squared error **of each sample**: summed over its features, not averaged; array of shape (n_samples,)."""
    x, x_hat = _pair(x, x_hat)
    return ((x_hat - x) ** 2).reshape(len(x), -1).sum(axis=1)


def psnr(x: Any, x_hat: Any, data_range: float = 1.0) -> float:
    """Peak signal-to-noise ratio in decibels, from the squared error averaged over everything that is handed over.

        PSNR = 10 log10(data_range^2 / MSE)

    Args:
        x: originals, shape (n_samples, ...).
        x_hat: reconstructions, same shape.
        data_range: difference between the largest and the smallest value possible (1 for [0, 1], 255 for bytes).

    Returns:
        Decibels; infinite where the reconstruction is perfect. Several images count as one large one: the mean is
        taken before the logarithm.
    """
    data_range = inputs.real(data_range, "data_range", above=0.0)
    error = mean_squared_error(x, x_hat)
    return float("inf") if error == 0 else 10 * math.log10(data_range**2 / error)


def explained_variance(x: Any, x_hat: Any) -> float:
    """Share of the variance of `x` that its reconstruction keeps: 1 is all, 0 is what the mean alone gives.

        1 - sum (x_hat - x)^2 / sum (x - mean)^2, both sums over samples and features

    Raises:
        ValueError: as `mean_squared_error`; or `x` does not vary at all.
    """
    x, x_hat = _pair(x, x_hat)
    total = ((x - x.mean(axis=0)) ** 2).sum()
    if (x == x[0]).all():  # the sum need not be 0 then, for a mean is rounded
        raise ValueError("x does not vary (all samples are equal), so there is no variance to explain.")
    return float(1 - ((x_hat - x) ** 2).sum() / total)


def _pair(x: Any, x_hat: Any) -> tuple[np.ndarray, np.ndarray]:
    # In double precision: a sum over a million pixels in float32 loses the digits that two methods differ in.
    x = inputs.numbers(x, "x", dtype=torch.float64).detach().cpu().numpy()
    x_hat = inputs.numbers(x_hat, "x_hat", dtype=torch.float64).detach().cpu().numpy()
    if x.shape != x_hat.shape:
        raise ValueError(f"x_hat has shape {x_hat.shape}; it must have that of x, {x.shape}.")
    return x, x_hat
