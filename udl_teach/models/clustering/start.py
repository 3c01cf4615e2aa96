"""Where clustering starts: a first label for every sample, by k-means on codes or from the neighbour graph.

The graph is laid out in a few dimensions, in which its groups lie apart, as McInnes, Healy and Melville 2018 (UMAP)
do; a Gaussian mixture on such a layout in place of the codes is the idea of McConville et al. 2020 (N2D). Where images
are augmented, two samples are as near as some of their versions are, which is what the tangent distance of Simard,
LeCun and Denker 1993 does with small transformations.
"""

import math
from collections.abc import Iterable

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.models.classical.kmeans import KMeans
from udl_teach.models.clustering.affinities import umap_neighbours
from udl_teach.models.clustering.mixture import mixture_labels

STARTS = ("neighbours", "kmeans")
NEIGHBOURS, DIMENSIONS, ROUNDS, NEGATIVES = 10, 5, 300, 5
A, B = 1.93, 0.79  # UMAP's curve 1 / (1 + a d^2b) for a minimum distance of 0


def start_labels(
    z: torch.Tensor, x: torch.Tensor, n_clusters: int, start: str, seed: int, views: Iterable[torch.Tensor] = ()
) -> torch.Tensor:
    """First cluster of every sample.

    Args:
        z: codes, shape (n_samples, latent_size).
        x: the samples themselves, scaled, shape (n_samples, n_features).
        n_clusters: number of clusters.
        start: "kmeans" on the codes, or "neighbours" for a Gaussian mixture on a layout of the neighbour graph of `x`.
        seed: of the draws.
        views: augmented versions of all samples, shape as `x`, by which neighbours are found as well.

    Returns:
        int64 tensor of shape (n_samples,).
    """
    if start == "neighbours" and len(x) > 5 * NEIGHBOURS:
        # On the CPU, so that the start is the same on every device.
        places = layout(x.cpu().float(), seed, (view.cpu().float() for view in views))
        return mixture_labels(places, best_kmeans(places, n_clusters, seed)).to(z.device)
    return best_kmeans(z, n_clusters, seed)


def best_kmeans(z: torch.Tensor, n_clusters: int, seed: int, runs: int = 20) -> torch.Tensor:
    """Labels of the run of k-means with the lowest inertia out of `runs`; Xie et al. 2016, section 3.2, start so."""
    best, lowest = None, math.inf
    for run in range(runs):
        model = KMeans(n_clusters, seed=seed + run)
        for _ in model.steps(z):
            pass
        distances, labels = model.squared_distances(z).min(dim=1)
        if distances.sum() < lowest:
            best, lowest = labels, distances.sum()
    return best


def neighbour_graph(x: torch.Tensor, views: Iterable[torch.Tensor] = ()):
    """UMAP's fuzzy graph as a symmetric scipy matrix (n_samples, n_samples), weights in (0, 1]; section 3.1 there."""
    import scipy.sparse

    ties = umap_neighbours(x, NEIGHBOURS + 1, views)
    rows = np.repeat(np.arange(len(x)), ties.numbers.shape[1])
    weights = ties.strengths.clamp(min=1e-6).flatten().numpy()
    graph = scipy.sparse.csr_matrix((weights, (rows, ties.numbers.flatten().numpy())), shape=(len(x), len(x)))
    return graph + graph.T - graph.multiply(graph.T)


def layout(x: torch.Tensor, seed: int, views: Iterable[torch.Tensor] = ()) -> torch.Tensor:
    """UMAP's layout of the neighbour graph in a few dimensions: neighbours attract, random pairs repel; section 3.2.

    Args:
        x: samples, shape (n_samples, n_features).
        seed: of the draws.
        views: other versions of all samples, by which neighbours are found as well.

    Returns:
        Places, shape (n_samples, DIMENSIONS).
    """
    generator = inputs.generator(seed)
    graph = neighbour_graph(x, views)
    edges = graph.tocoo()
    weights = torch.from_numpy(edges.data.astype(np.float32))
    heads, tails = torch.from_numpy(edges.row).long(), torch.from_numpy(edges.col).long()
    z = _spectral(graph, DIMENSIONS, seed)
    z = 10 * z / z.abs().max() + 1e-4 * torch.randn(z.shape, generator=generator, dtype=torch.float32)
    for index in range(ROUNDS):
        drawn = torch.rand(len(weights), generator=generator, dtype=torch.float32) < weights
        head, tail = heads[drawn], tails[drawn]
        gap = z[head] - z[tail]
        squared = gap.square().sum(dim=1, keepdim=True).clamp(min=1e-8)
        pull = (-2 * A * B * squared ** (B - 1) / (1 + A * squared**B) * gap).clamp(-4, 4)
        step = torch.zeros_like(z).index_add_(0, head, pull).index_add_(0, tail, -pull)
        head = head.repeat_interleave(NEGATIVES)
        gap = z[head] - z[torch.randint(len(z), (len(head),), generator=generator)]
        squared = gap.square().sum(dim=1, keepdim=True)
        push = (2 * B / ((0.001 + squared) * (1 + A * squared**B)) * gap).clamp(-4, 4)
        z = z + (1 - index / ROUNDS) * step.index_add_(0, head, push)
    return z


def _spectral(graph, n: int, seed: int) -> torch.Tensor:
    # Eigenvectors of the normalized graph with the largest eigenvalues but the first (Ng, Jordan and Weiss 2002).
    import scipy.sparse
    from scipy.sparse.linalg import eigsh

    root = scipy.sparse.diags(np.asarray(graph.sum(axis=1)).ravel() ** -0.5)
    begin = np.random.default_rng(seed).normal(size=graph.shape[0])
    _, vectors = eigsh((root @ graph @ root).astype(np.float64), n + 1, which="LA", v0=begin, tol=1e-3)
    return torch.from_numpy(vectors[:, ::-1][:, 1:].astype(np.float32))
