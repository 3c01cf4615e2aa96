"""How likely data are under what a decoder says of them: log p(x | z), **summed over features**, in nats a sample."""

import math

import torch
from torch.nn import functional

LIKELIHOODS = ("bernoulli", "gaussian", "continuous-bernoulli")


def log_bernoulli(x: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Every feature a coin: log p = sum_j x_j log p_j + (1 - x_j) log(1 - p_j), with p = sigmoid(logits).

    A likelihood of data that are 0 or 1. For values in between it is no density (they are not coins), and only its
    differences mean something.

    Args:
        x: values in [0, 1], shape (..., n_features).
        logits: what the decoder says before any squashing, same shape.

    Returns:
        Shape (...), nats a sample.
    """
    # torch's one call for x * logits - log(1 + exp(logits)), with the opposite sign.
    return -functional.binary_cross_entropy_with_logits(logits, x.expand_as(logits), reduction="none").sum(dim=-1)


def log_continuous_bernoulli(x: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """The coin's formula made a density on [0, 1]: Loaiza-Ganem and Cunningham 2019, "The continuous Bernoulli".

        log p = log p_Bernoulli + sum_j log C(logits_j),    C(l) = l / tanh(l / 2)

    The constant C makes the density integrate to one; left out, it is the most repeated mistake of autoencoders for
    grey images. Shapes as in `log_bernoulli`.
    """
    return log_bernoulli(x, logits) + _log_constant(logits).sum(dim=-1)


def log_gaussian(x: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Independent Gaussians: log p = -1/2 sum_j (x_j - mean_j)^2 / var_j + log var_j + log 2 pi.

    Args:
        x: values, shape (..., n_features).
        mean: their means, same shape.
        log_variance: the logarithms of their variances, same shape or one number for all.

    Returns:
        Shape (...), nats a sample.
    """
    return -0.5 * ((x - mean) ** 2 / log_variance.exp() + log_variance + math.log(2 * math.pi)).sum(dim=-1)


def mean_of_continuous_bernoulli(logits: torch.Tensor) -> torch.Tensor:
    """Its expected value, which is nearer to 1/2 than the coin's sigmoid(logits); same shape."""
    near_zero, safe = _near_zero(logits)
    exact = torch.sigmoid(safe) / torch.tanh(safe / 2) - 1 / safe
    return torch.where(near_zero, 0.5 + logits / 12, exact)


def _log_constant(logits: torch.Tensor) -> torch.Tensor:
    near_zero, safe = _near_zero(logits)
    exact = torch.log(safe / torch.tanh(safe / 2))
    return torch.where(near_zero, math.log(2) + logits**2 / 12, exact)


def _near_zero(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    # At 0 both formulas are 0 / 0: there the first terms of their series stand in. The other branch gets harmless
    # numbers, since a gradient of NaN would pass through `where`.
    near_zero = logits.abs() < 0.02
    return near_zero, torch.where(near_zero, torch.ones_like(logits), logits)
