"""Numbers about maps of points and about clusters, beside scikit-learn and SciPy."""

import numpy as np
import pytest
import sklearn.manifold
import sklearn.metrics
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr

from udl_teach import data, metrics

RNG = np.random.default_rng(0)
X = data.digits().x[:150]
CODES = RNG.standard_normal((150, 2)) + X[:, 20:22]


@pytest.mark.parametrize("k", [5, 12])
def test_continuity_is_trustworthiness_the_other_way(k):
    assert metrics.continuity(X, CODES, k) == pytest.approx(
        sklearn.manifold.trustworthiness(CODES, X, n_neighbors=k), abs=1e-9
    )
    assert metrics.continuity(X, X, k) == 1.0


def test_continuity_sees_what_was_torn_and_trustworthiness_what_was_folded():
    line = np.linspace(0, 1, 60)[:, None]
    torn = np.where(line < 0.5, line, line + 5)
    folded = np.abs(line - 0.5)
    assert metrics.trustworthiness(line, torn) > metrics.continuity(line, torn)
    assert metrics.trustworthiness(line, folded) < metrics.continuity(line, folded)


def test_distance_rank_correlation_is_spearmans():
    assert metrics.distance_rank_correlation(X, CODES) == pytest.approx(spearmanr(pdist(X), pdist(CODES))[0])
    assert metrics.distance_rank_correlation(X, 3 * X + 1) == pytest.approx(1)


def test_scores_of_clusters_are_scikit_learns():
    labels, clusters = RNG.integers(0, 4, 150), RNG.integers(0, 6, 150)
    clusters[:100] = labels[:100]
    assert metrics.adjusted_mutual_information(labels, clusters) == pytest.approx(
        sklearn.metrics.adjusted_mutual_info_score(labels, clusters)
    )
    assert metrics.adjusted_rand_index(labels, clusters) == pytest.approx(
        sklearn.metrics.adjusted_rand_score(labels, clusters)
    )
    assert metrics.silhouette(X, labels) == pytest.approx(sklearn.metrics.silhouette_score(X, labels), abs=1e-6)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: metrics.continuity(X, CODES[:100]), "codes has 100 rows"),
        (lambda: metrics.continuity(X, CODES, 75), "n_neighbours was 75"),
        (lambda: metrics.distance_rank_correlation(X[:2], CODES[:2]), "at least 3"),
        (lambda: metrics.distance_rank_correlation(X, np.zeros((150, 2))), "all distances in codes"),
        (lambda: metrics.silhouette(X, np.zeros(150, dtype=int)), "clusters holds 1"),
    ],
)
def test_what_cannot_be_measured_is_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()
