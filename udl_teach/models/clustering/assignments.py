"""Soft assignments of codes to centres, and the target distribution that sharpens them.

Source: Xie, Girshick and Farhadi 2016, "Unsupervised deep embedding for clustering analysis", equations 1 and 3.
"""

import torch

from udl_teach import inputs


def soft_assignment(z: torch.Tensor, centres: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    """Student's t kernel between codes and centres, normalized per sample: Xie et al. 2016, eq. 1.

        q_ij = (1 + |z_i - mu_j|^2 / alpha)^(-(alpha + 1) / 2) / sum over clusters of the same

    Args:
        z: codes, shape (n_samples, latent_size).
        centres: mu, shape (n_clusters, latent_size).
        alpha: degrees of freedom of the t distribution, above 0; 1 in the paper.

    Returns:
        q, shape (n_samples, n_clusters); every row sums to 1. It keeps the graph of `z` and `centres`.

    Raises:
        ValueError: the codes and the centres have other widths, or alpha is not above 0.
    """
    alpha = inputs.real(alpha, "alpha", above=0.0)
    if z.ndim != 2 or centres.ndim != 2 or z.shape[1] != centres.shape[1]:
        raise ValueError(
            f"z has shape {tuple(z.shape)} and centres {tuple(centres.shape)}; they must be (n_samples, latent_size) "
            "and (n_clusters, latent_size): encode the samples with the model that the centres belong to."
        )
    # Differences first and squares after: sums of three products would lose small distances in rounding.
    squared = (z[:, None] - centres[None]).square().sum(dim=2)
    # In logarithms, so that a code far from all centres has shares that sum to 1, and no 0 / 0.
    return torch.softmax(-(alpha + 1) / 2 * torch.log1p(squared / alpha), dim=1)


def target_distribution(q: torch.Tensor) -> torch.Tensor:
    """The target: assignments squared, divided by the size of their cluster, normalized per sample; eq. 3.

        f_j = sum_i q_ij        p_ij = (q_ij^2 / f_j) / sum_j' (q_ij'^2 / f_j')

    Squaring makes confident assignments more confident; dividing by f_j keeps large clusters from swallowing the
    others. The soft frequencies f_j are sums over all samples, so `q` must hold all of them, not a batch.

    Args:
        q: soft assignments, shape (n_samples, n_clusters), rows that sum to 1.

    Returns:
        p, of the same shape; every row sums to 1. It has no gradient.

    Raises:
        ValueError: `q` is not a table.
    """
    if q.ndim != 2:
        raise ValueError(f"q has shape {tuple(q.shape)}; it must be (n_samples, n_clusters).")
    q = q.detach()
    # A cluster that no sample has a share in gets no target, where 0 / 0 would give NaN.
    weight = q.square() / q.sum(dim=0).clamp(min=torch.finfo(q.dtype).tiny)
    return weight / weight.sum(dim=1, keepdim=True)
