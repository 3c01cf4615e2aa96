"""Where clustering starts: a first label for every sample."""

import torch

from udl_teach.models.classical.kmeans import KMeans

STARTS = ("neighbours", "kmeans")


def start_labels(z: torch.Tensor, x: torch.Tensor, n_clusters: int, start: str, seed: int) -> torch.Tensor:
    """Cluster of every sample, int64 of shape (n_samples,), by k-means on the codes."""
    return best_kmeans(z, n_clusters, seed)


def best_kmeans(z: torch.Tensor, n_clusters: int, seed: int, runs: int = 10) -> torch.Tensor:
    """Labels of the run of k-means with the lowest inertia out of `runs`, as Xie et al. 2016, section 3.2, start."""
    best, lowest = None, float("inf")
    for run in range(runs):
        model = KMeans(n_clusters, seed=seed + run)
        for _ in model.steps(z):
            pass
        inertia, labels = model.squared_distances(z).min(dim=1)
        if inertia.sum() < lowest:
            best, lowest = labels, inertia.sum()
    return best
