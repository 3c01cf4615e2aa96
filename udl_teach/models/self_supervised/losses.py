"""The losses of two views, as their papers write them.

Sources: Chen, Kornblith, Norouzi and Hinton 2020, eq. 1 and algorithm 1 (NT-Xent); Bardes, Ponce and LeCun 2022,
"VICReg", eq. 1 to 6.
"""

import torch
from torch.nn import functional


def nt_xent(z1: torch.Tensor, z2: torch.Tensor, temperature: float = 0.5) -> torch.Tensor:
    """Normalized temperature-scaled cross entropy: find the other view of the same image among all 2B - 1 others.

        l(i, j) = -log( exp(s_ij / t) / sum_{k != i} exp(s_ik / t) ),    s_ij = z_i' z_j / (|z_i| |z_j|)

    Args:
        z1: projections of the first views, shape (batch, features).
        z2: projections of the second views, in the same order.
        temperature: t; the smaller, the more the nearest negatives count.

    Returns:
        A scalar tensor, nats per view, averaged over all 2B views; log(2B - 1) where all projections are alike. It
        grows with the batch, so only losses of equal batches compare (that of `fit`'s validation data does not).
    """
    n = len(z1)
    z = functional.normalize(torch.cat([z1, z2]), dim=1)  # (2B, features)
    similarity = z @ z.T / temperature
    itself = torch.eye(2 * n, dtype=torch.bool, device=z.device)
    similarity = similarity.masked_fill(itself, -torch.inf)
    other_view = torch.arange(2 * n, device=z.device).roll(n)  # i + B for i < B, i - B above
    return functional.cross_entropy(similarity, other_view)


def vicreg_terms(z1: torch.Tensor, z2: torch.Tensor, eps: float = 1e-4) -> dict[str, torch.Tensor]:
    """Variance, invariance and covariance, unweighted.

        s(z1, z2) = 1/B sum_b |z1_b - z2_b|^2                                        invariance
        v(z) = 1/d sum_j max(0, 1 - sqrt(Var(z_j) + eps))                            variance
        c(z) = 1/d sum_{i != j} C(z)_ij^2,   C(z) = 1/(B - 1) sum_b (z_b - mean) (z_b - mean)'    covariance

    As in the authors' code, s is also divided by d, and v is the mean of both views'; c is the sum of both views'.

    Args:
        z1: projections of the first views, shape (batch, features), batch at least 2.
        z2: projections of the second views, in the same order.
        eps: keeps the gradient of the root finite.

    Returns:
        {"invariance", "variance", "covariance"}: scalar tensors.
    """
    variance, covariance = z1.new_zeros(()), z1.new_zeros(())
    for z in (z1, z2):
        z = z - z.mean(dim=0)
        variance = variance + functional.relu(1 - (z.var(dim=0) + eps).sqrt()).mean() / 2
        c = z.T @ z / (len(z) - 1)
        covariance = covariance + (c.square().sum() - c.diagonal().square().sum()) / z.shape[1]
    return {"invariance": functional.mse_loss(z1, z2), "variance": variance, "covariance": covariance}


def masked_loss(x: torch.Tensor, x_hat: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Squared error of the masked pixels alone: He et al. 2022, "Masked autoencoders", section 3.

        1 / sum(m) sum_j m_j (x_hat_j - x_j)^2

    Args:
        x: images, shape (batch, channels, height, width).
        x_hat: their reconstructions, same shape.
        mask: 1 where a pixel was masked, 0 where it was seen, same shape or broadcast to it.

    Returns:
        A scalar tensor, squared error per masked pixel.
    """
    mask = mask.to(x).expand_as(x)
    return (mask * (x_hat - x).square()).sum() / mask.sum().clamp(min=1.0)
