"""Neighbour embeddings, beside scikit-learn's t-SNE and the definitions written out."""

import numpy as np
import pytest
import torch
from sklearn.manifold import _t_sne

from udl_teach import data, fit, metrics
from udl_teach.models import NeighbourEmbedding
from udl_teach.models.clustering.affinities import tsne_neighbours, umap_neighbours
from udl_teach.models.clustering.neighbour_embedding import low_dimensional_curve, tsne_loss, umap_terms

X = torch.tensor(data.digits().x[:200])


def test_probabilities_and_loss_are_scikit_learns():
    rows = torch.arange(200)
    ties = tsne_neighbours(X, 66).among(rows)  # three times as many neighbours are all samples
    squares = (torch.cdist(X, X) ** 2).numpy().astype(np.float32)
    from scipy.spatial.distance import squareform

    p = _t_sne._joint_probabilities(squares, 66, 0)
    ours = (ties + ties.T) / (ties + ties.T).sum()
    assert np.allclose(ours, squareform(p), atol=1e-6)
    z = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    theirs, _ = _t_sne._kl_divergence(z.numpy().ravel().astype(np.float64), p, 1, 200, 2)
    assert tsne_loss(z, ties).item() == pytest.approx(theirs, rel=1e-3)


def test_memberships_sum_to_the_logarithm_of_their_number():
    ties = umap_neighbours(X, 15)
    assert torch.allclose(ties.strengths.sum(dim=1), torch.tensor(15.0).log2(), atol=1e-4)
    assert torch.allclose(ties.strengths[:, 0], torch.tensor(1.0))


def test_the_curve_is_umap_learns():
    assert low_dimensional_curve(0.1) == pytest.approx((1.5769434, 0.8950608), abs=1e-4)


def test_umaps_terms_are_means_over_ties_written_out():
    z = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    u = torch.tensor([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    attraction, _ = umap_terms(z, u, (1.0, 1.0), torch.Generator())
    v = {(0, 1): 1.0, (0, 2): 0.5, (1, 2): 1.0}
    d2 = {(0, 1): 1.0, (0, 2): 4.0, (1, 2): 5.0}
    assert attraction.item() == pytest.approx(sum(v[k] * np.log(1 + d2[k]) for k in v) / sum(v.values()), rel=1e-5)


@pytest.mark.parametrize("objective", ["tsne", "umap"])
def test_a_map_is_learned_the_same_in_two_parts_and_keeps_neighbours(objective):
    whole, parts = (NeighbourEmbedding(64, hidden_sizes=(64,), objective=objective) for _ in range(2))
    fit(whole, X, epochs=60, batch_size=100, progress=False)
    history = fit(parts, X, epochs=30, batch_size=100, progress=False)
    fit(parts, X, epochs=30, batch_size=100, progress=False, resume=history)
    assert torch.equal(whole.encode(X), parts.encode(X))
    z = whole.encode(X.numpy())
    assert z.shape == (200, 2) and z.dtype == np.float32
    assert metrics.trustworthiness(X, z, 12) > 0.75


def test_equal_samples_and_few_samples_do():
    for objective in ("tsne", "umap"):
        for x in (torch.ones(10, 4), X[:3, :4]):
            model = NeighbourEmbedding(4, objective=objective)
            fit(model, x, epochs=3, progress=False)
            assert torch.isfinite(model.encode(x)).all()
    with pytest.raises(ValueError, match="at least 3"):
        model.steps(X[:2, :4])
    with pytest.raises(ValueError, match="objective was 'mds'"):
        NeighbourEmbedding(4, objective="mds")
