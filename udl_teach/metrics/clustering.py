"""How well clusters found without labels agree with classes that somebody named."""

from typing import Any

import numpy as np
import torch

from udl_teach import inputs


def purity(labels: Any, clusters: Any) -> float:
    """Share of samples that carry the majority class of their cluster: Manning, Raghavan and Schütze 2008, eq. 16.1.

        purity = 1/N sum_k max_j |cluster_k and class_j|

    Several clusters may share a class, so purity grows with the number of clusters and is 1 when each sample is one.

    Args:
        labels: true classes, whole numbers of shape (n_samples,).
        clusters: cluster numbers, shape (n_samples,).

    Returns:
        A number in (0, 1].
    """
    table = contingency(labels, clusters)
    return float(table.max(axis=0).sum() / table.sum())


def clustering_accuracy(labels: Any, clusters: Any) -> float:
    """Share of samples that are right when each cluster is given a class of its own, in the best possible way.

    The best one-to-one matching is found by the Hungarian method (Kuhn 1955); Yang et al. 2010, eq. 13.
    """
    from scipy.optimize import linear_sum_assignment

    table = contingency(labels, clusters)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return float(table[rows, columns].sum() / table.sum())


def nmi(labels: Any, clusters: Any) -> float:
    """Normalized mutual information (scikit-learn's, arithmetic mean of the entropies): 0 unrelated, 1 the same."""
    from sklearn.metrics import normalized_mutual_info_score

    return float(normalized_mutual_info_score(*_pair(labels, clusters)))


def ari(labels: Any, clusters: Any) -> float:
    """Adjusted Rand index (scikit-learn's; Hubert and Arabie 1985): 0 expected by chance, 1 the same partition."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(*_pair(labels, clusters)))


# Both names are in use.
adjusted_rand_index = ari


def adjusted_mutual_information(labels: Any, clusters: Any) -> float:
    """Mutual information less what chance gives (scikit-learn's; Vinh, Epps and Bailey 2010): 0 by chance, 1 the same.

    NMI grows with the number of clusters also where they are drawn at random; this one does not.
    """
    from sklearn.metrics import adjusted_mutual_info_score

    return float(adjusted_mutual_info_score(*_pair(labels, clusters)))


def silhouette(x: Any, clusters: Any) -> float:
    """Mean silhouette of the samples (scikit-learn's; Rousseeuw 1987): (b - a) / max(a, b).

    a is the mean distance of a sample to the others of its cluster and b the one to the nearest other cluster. It needs
    no labels, but it favours round clusters of equal size: it may prefer a wrong split of a ring to the right one. All
    distances are computed, so time grows with the square of the number of samples.

    Args:
        x: samples, shape (n_samples, n_features).
        clusters: cluster numbers, shape (n_samples,), of at least two clusters and fewer than there are samples.

    Returns:
        A number in [-1, 1]: 1 well separated, 0 overlapping, below 0 where samples lie nearer to another cluster.

    Raises:
        ValueError: there are not that many clusters, or the arguments do not fit each other.
    """
    from sklearn.metrics import silhouette_score

    x = inputs.samples(x, "x", dtype=torch.float64).detach().cpu().numpy()
    clusters = inputs.labels(clusters, "clusters", n=len(x))
    n_clusters = len(np.unique(clusters))
    if not 2 <= n_clusters < len(x):
        raise ValueError(
            f"clusters holds {n_clusters} different numbers for {len(x)} samples; there must be at least 2 clusters "
            "and fewer than samples: choose another number of clusters."
        )
    return float(silhouette_score(x - x.mean(axis=0), clusters))


def contingency(labels: Any, clusters: Any) -> np.ndarray:
    """How many samples of each class (rows) lie in each cluster (columns)."""
    labels, clusters = _pair(labels, clusters)
    _, row = np.unique(labels, return_inverse=True)
    _, column = np.unique(clusters, return_inverse=True)
    table = np.zeros((row.max() + 1, column.max() + 1), dtype=np.int64)
    np.add.at(table, (row, column), 1)
    return table


def _pair(labels: Any, clusters: Any) -> tuple[np.ndarray, np.ndarray]:
    labels = inputs.labels(labels, "labels")
    return labels, inputs.labels(clusters, "clusters", n=len(labels))
