"""Holes: places where the prior puts codes and the data do not.

Source: Makhzani et al. 2015, "Adversarial autoencoders", for the data's codes taken together ("aggregated posterior").
"""

import math

import torch

DRAWS = 300
RARE = 10.0


def hole_share(mean: torch.Tensor, log_variance: torch.Tensor, seed: int = 0) -> float:
    """Share of codes drawn from the prior at which the data's codes are less than a tenth as dense as the prior.

        q(z) = 1/n sum_i q(z | x_i)      a hole where q(z) < p(z) / RARE

    Args:
        mean: of the posteriors of all samples, shape (n, latent_size).
        log_variance: of the same, same shape.
        seed: of the DRAWS codes.

    Returns:
        Share from 0 to 1.
    """
    mean, log_variance = mean.double(), log_variance.double()
    generator = torch.Generator().manual_seed(seed)
    z = torch.randn(DRAWS, mean.shape[1], generator=generator, dtype=torch.float64)
    # log(2 pi) stands in both densities and is left out of both.
    precision = (-log_variance).exp()
    squares = z**2 @ precision.T - 2 * z @ (mean * precision).T + (mean**2 * precision + log_variance).sum(dim=1)
    log_q = torch.logsumexp(-0.5 * squares, dim=1) - math.log(len(mean))
    log_p = -0.5 * (z**2).sum(dim=1)
    return float((log_q < log_p - math.log(RARE)).double().mean())
