"""The reconstruction loss: how far a reconstruction is from what it should be."""

import torch


def reconstruction_loss(x: torch.Tensor, x_hat: torch.Tensor) -> torch.Tensor:
    """Squared error of the reconstruction, **summed over features and averaged over the batch**.

        L(x, x_hat) = 1/B sum_b sum_j (x_hat_bj - x_bj)^2

    The sum over features is a convention while this is the only term; once a second term joins it (a sparsity
    penalty, a KL divergence), the reduction decides how the two are weighed.

    Args:
        x: the originals, shape (batch, ...).
        x_hat: their reconstructions, same shape.

    Returns:
        A scalar tensor, squared error a sample.
    """
    return ((x_hat - x) ** 2).flatten(1).sum(dim=1).mean()
