"""Likelihoods of data given the output of a decoder: log p(x | z), **summed over features**, in nats per sample."""

import math

import torch
from torch.nn import functional

LIKELIHOODS = ("bernoulli", "gaussian", "continuous-bernoulli")


def log_bernoulli(x: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """The Bernoulli distribution: log p = sum_j x_j log p_j + (1 - x_j) log(1 - p_j), with p = sigmoid(logits).

    A likelihood for data that are 0 or 1. For values in between it is not a density, and only differences are
    meaningful.

    Args:
        x: values in [0, 1], shape (..., n_features).
        logits: the decoder's output, without a sigmoid, same shape.

    Returns:
        Shape (...), nats per sample.
    """
    # Minus the cross entropy, which torch computes as log(1 + exp(logits)) - x * logits.
    return -functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(dim=-1)


def log_continuous_bernoulli(x: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """The continuous Bernoulli distribution, a density on [0, 1] (Loaiza-Ganem and Cunningham 2019).

        log p = log p_Bernoulli + sum_j log C(logits_j),    C(l) = l / tanh(l / 2)

    The constant C makes the density integrate to one; leaving it out is a common mistake in variational autoencoders
    for grey images. Shapes as in `log_bernoulli`.
    """
    return log_bernoulli(x, logits) + _log_constant(logits).sum(dim=-1)


def log_gaussian(x: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Independent Gaussians: log p = -1/2 sum_j (x_j - mean_j)^2 / var_j + log var_j + log 2 pi.

    Args:
        x: values, shape (..., n_features).
        mean: means, same shape.
        log_variance: logarithms of the variances, same shape or one number for all.

    Returns:
        Shape (...), nats per sample.
    """
    return -0.5 * ((x - mean) ** 2 / log_variance.exp() + log_variance + math.log(2 * math.pi)).sum(dim=-1)


def mean_of_continuous_bernoulli(logits: torch.Tensor) -> torch.Tensor:
    """Mean of the continuous Bernoulli, which is closer to 1/2 than sigmoid(logits); same shape as `logits`."""
    near_zero, safe = _near_zero(logits)
    exact = torch.sigmoid(safe) / torch.tanh(safe / 2) - 1 / safe
    return torch.where(near_zero, 0.5 + logits / 12, exact)


def _log_constant(logits: torch.Tensor) -> torch.Tensor:
    near_zero, safe = _near_zero(logits)
    exact = torch.log(safe / torch.tanh(safe / 2))
    return torch.where(near_zero, math.log(2) + logits**2 / 12, exact)


def _near_zero(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    # At 0 both formulas are 0 / 0, so the first terms of their Taylor series replace them. The other branch gets
    # harmless values, because a gradient of NaN would pass through `where`.
    near_zero = logits.abs() < 0.02
    return near_zero, torch.where(near_zero, torch.ones_like(logits), logits)
