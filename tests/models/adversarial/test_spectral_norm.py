"""Spectral normalization against the singular values of numpy."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrize

from udl_teach.models.adversarial.spectral_norm import apply_spectral_norm, power_iteration


def normalized(*layers):
    network = nn.Sequential(*layers)
    apply_spectral_norm(network, torch.Generator().manual_seed(0))
    return network


@pytest.mark.parametrize("layer", [nn.Linear(7, 5), nn.Linear(5, 7), nn.Conv2d(2, 4, 3), nn.Linear(6, 1)])
def test_the_largest_singular_value_becomes_one(layer):
    network = normalized(layer)
    for _ in range(200):
        power_iteration(network)
    singular = np.linalg.svd(network[0].weight.detach().flatten(1).numpy(), compute_uv=False)
    assert singular[0] == pytest.approx(1, abs=1e-3)


def test_the_estimate_follows_the_weights_only_when_it_is_told_to():
    network = normalized(nn.Linear(6, 6, bias=False))
    kept = network[0].parametrizations.weight
    x = torch.randn(4, 6)
    before = kept[0].u.clone()
    first = network(x)
    assert torch.equal(network(x), first) and torch.equal(kept[0].u, before)
    with torch.no_grad():
        kept.original.copy_(torch.diag(torch.tensor([1.0, 1, 1, 1, 1, 9])))
    for _ in range(50):
        power_iteration(network)
    singular = np.linalg.svd(network[0].weight.detach().numpy(), compute_uv=False)
    assert not torch.equal(kept[0].u, before) and singular[0] == pytest.approx(1, abs=1e-4)


def test_the_first_estimate_is_near_before_learning():
    for seed in range(5):
        network = nn.Sequential(nn.Linear(30, 40))
        nn.init.normal_(network[0].weight, generator=torch.Generator().manual_seed(seed))
        apply_spectral_norm(network, torch.Generator().manual_seed(seed))
        singular = np.linalg.svd(network[0].weight.detach().numpy(), compute_uv=False)
        assert singular[0] == pytest.approx(1, abs=0.05)


def test_the_singular_vectors_are_constants_where_the_weights_learn():
    # Miyato et al. 2018, eq. 12: the gradient of W / (u' W v) with u and v held fast.
    network, slope = normalized(nn.Linear(6, 4, bias=False)), torch.randn(4, 6)
    kept = network[0].parametrizations.weight
    with torch.no_grad():
        kept.original.add_(torch.randn(4, 6))  # the estimate lags behind, so that the two ways differ
    (found,) = torch.autograd.grad((network[0].weight * slope).sum(), kept.original)
    w = kept.original.detach().clone().requires_grad_()
    v = functional.normalize(w.detach().T @ kept[0].u, dim=0)
    (wanted,) = torch.autograd.grad((w / (kept[0].u @ w @ v) * slope).sum(), w)
    torch.testing.assert_close(found, wanted)


def test_layers_without_a_matrix_are_left_alone():
    network = normalized(nn.Linear(3, 3), nn.LayerNorm(3), nn.ReLU())
    assert [parametrize.is_parametrized(layer) for layer in network] == [True, False, False]
