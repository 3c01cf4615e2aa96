"""The reconstruction loss: the squared error between samples and their reconstructions."""

import torch


def reconstruction_loss(x: torch.Tensor, x_hat: torch.Tensor) -> torch.Tensor:
    """Squared error of the reconstruction, **summed over features and averaged over the batch**.

        L(x, x_hat) = 1/B sum_b sum_j (x_hat_bj - x_bj)^2

    As long as this is the only term, the sum over features is a convention. With a second term (a sparsity penalty, a
    KL divergence) the reduction decides how the two are weighted against each other.

    Args:
        x: the originals, shape (batch, ...).
        x_hat: their reconstructions, same shape.

    Returns:
        A scalar tensor, squared error per sample.
    """
    return ((x_hat - x) ** 2).flatten(1).sum(dim=1).mean()
