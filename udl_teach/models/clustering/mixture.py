"""Groups by a mixture of Gaussians with full covariances, learned by expectation and maximization.

Source: Bishop 2006, "Pattern recognition and machine learning", section 9.2.2.
"""

import math

import torch

ROUNDS, TOLERANCE = 100, 1e-3
# Added to the variances, so that none becomes 0 where a component holds few different samples.
LEAST = 1e-3


def mixture_labels(z: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The likeliest component of every sample, in a mixture that starts from given groups.

    Args:
        z: samples, shape (n_samples, d), of a spread well above 0.03 (variances are at least 0.001).
        labels: the group of each at the start, as k-means finds them, shape (n_samples,).

    Returns:
        int64 tensor of shape (n_samples,).
    """
    z = z.double()
    shares, before = torch.nn.functional.one_hot(labels).to(z), -math.inf
    for _ in range(ROUNDS):
        joint = log_joint(z, *components(z, shares))
        total = torch.logsumexp(joint, dim=1)
        shares, likelihood = (joint - total[:, None]).exp(), total.mean().item()
        if likelihood - before < TOLERANCE:
            break
        before = likelihood
    return shares.argmax(dim=1)


def components(z: torch.Tensor, shares: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Weights (k,), means (k, d) and covariances (k, d, d) for given shares (n, k): Bishop 2006, eqs. 9.24 to 9.26."""
    sizes = shares.sum(dim=0) + 1e-9
    means = shares.T @ z / sizes[:, None]
    away = z[:, None] - means
    covariances = torch.einsum("nk,nki,nkj->kij", shares, away, away) / sizes[:, None, None]
    return sizes / len(z), means, covariances + LEAST * torch.eye(z.shape[1], dtype=z.dtype, device=z.device)


def log_joint(z: torch.Tensor, weights: torch.Tensor, means: torch.Tensor, covariances: torch.Tensor) -> torch.Tensor:
    """Log of weight times density of every sample and component, shape (n, k)."""
    gaussians = torch.distributions.MultivariateNormal(means, covariances, validate_args=False)
    return weights.log() + gaussians.log_prob(z[:, None])
