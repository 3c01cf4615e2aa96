"""Losses of both players against formulas written out; penalties and normalization against numpy."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrize

from udl_teach.models.adversarial.losses import (
    OBJECTIVES,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    squared_slopes,
    zero_centred_penalty,
)
from udl_teach.models.adversarial.spectral_norm import follow_spectra, normalize_spectra


def sigma(a):
    return 1 / (1 + np.exp(-a))


# Each paper's formula, from probabilities where it speaks of probabilities.
DISCRIMINATOR = {
    "non-saturating": lambda r, g: -np.log(sigma(r)).mean() - np.log(1 - sigma(g)).mean(),
    "minimax": lambda r, g: -np.log(sigma(r)).mean() - np.log(1 - sigma(g)).mean(),
    "least-squares": lambda r, g: ((r - 1) ** 2).mean() / 2 + (g**2).mean() / 2,
    "wasserstein": lambda r, g: g.mean() - r.mean(),
    "relativistic": lambda r, g: -np.log(sigma(r - g)).mean(),
}
GENERATOR = {
    "non-saturating": lambda r, g: -np.log(sigma(g)).mean(),
    "minimax": lambda r, g: np.log(1 - sigma(g)).mean(),
    "least-squares": lambda r, g: ((g - 1) ** 2).mean() / 2,
    "wasserstein": lambda r, g: -g.mean(),
    "relativistic": lambda r, g: -np.log(sigma(g - r)).mean(),
}
scores = st.lists(st.tuples(st.floats(-8, 8), st.floats(-8, 8)), min_size=1, max_size=9).map(np.array)


def test_every_objective_is_written_down_here():
    assert set(OBJECTIVES) == set(DISCRIMINATOR) == set(GENERATOR)


@pytest.mark.parametrize("objective", OBJECTIVES)
@settings(max_examples=25, deadline=None)
@given(pairs=scores)
def test_both_losses_are_the_papers_averaged_over_the_batch(objective, pairs):
    real, generated = pairs.T
    given_ = torch.tensor(real), torch.tensor(generated)
    assert discriminator_loss(*given_, objective).item() == pytest.approx(DISCRIMINATOR[objective](real, generated))
    assert generator_loss(*given_, objective).item() == pytest.approx(GENERATOR[objective](real, generated))


@pytest.mark.parametrize("objective", [name for name in OBJECTIVES if name != "relativistic"])
def test_batches_need_not_be_of_one_size_unless_scores_are_paired(objective):
    real, generated = torch.randn(4, dtype=torch.float64), torch.randn(7, dtype=torch.float64)
    wanted = DISCRIMINATOR[objective](real.numpy(), generated.numpy())
    assert discriminator_loss(real, generated, objective).item() == pytest.approx(wanted)
    assert generator_loss(None, generated, objective).item() == pytest.approx(
        GENERATOR[objective](None, generated.numpy())
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_losses_of_a_discriminator_that_is_very_sure_are_finite_and_have_gradients(objective):
    for sure in (-200.0, 200.0):
        real = torch.full((3,), -sure, requires_grad=True)
        generated = torch.full((3,), sure, requires_grad=True)
        for loss in (discriminator_loss(real, generated, objective), generator_loss(real, generated, objective)):
            slopes = torch.autograd.grad(loss, [real, generated], allow_unused=True)
            assert loss.isfinite() and all(slope is None or slope.isfinite().all() for slope in slopes)


def test_minimax_gives_the_generator_no_slope_where_the_discriminator_is_sure():
    slopes = {}
    for objective in ("minimax", "non-saturating"):
        generated = torch.tensor([-10.0], requires_grad=True)
        slopes[objective] = torch.autograd.grad(generator_loss(None, generated, objective), generated)[0].item()
    assert slopes["minimax"] == pytest.approx(-sigma(-10.0), rel=1e-4)  # d/ds log(1 - sigma(s)) = -sigma(s)
    assert slopes["non-saturating"] == pytest.approx(sigma(-10.0) - 1, rel=1e-4)


@pytest.mark.parametrize("loss", [discriminator_loss, generator_loss])
def test_bad_scores_get_one_sentence(loss):
    with pytest.raises(ValueError, match='objective was "hinge"|objective was .hinge'):
        loss(torch.zeros(3), torch.zeros(3), "hinge")
    with pytest.raises(ValueError, match="real was of shape"):
        loss(torch.zeros(2), torch.zeros(3), "relativistic")


def test_the_relativistic_generator_needs_the_real_scores():
    with pytest.raises(ValueError, match="real was None"):
        generator_loss(None, torch.zeros(3), "relativistic")


# ---- penalties -------------------------------------------------------------------------------------------------------


def critic(n_in=3, seed=0):
    draw = torch.Generator().manual_seed(seed)
    first, second = (torch.randn(shape, generator=draw, dtype=torch.float64) for shape in ((n_in, 8), (8,)))
    first.requires_grad_(), second.requires_grad_()
    return (lambda x: torch.tanh(x.flatten(1) @ first) @ second), (first, second)


def slope_by_differences(score_of, x, step=1e-5):
    """Length of the gradient of the score at each sample, from differences of scores."""
    flat = x.detach().numpy().reshape(len(x), -1)
    slopes = np.zeros_like(flat)
    for column in range(flat.shape[1]):
        moved = np.zeros_like(flat)
        moved[:, column] = step
        up, down = (score_of(torch.tensor((flat + sign * moved).reshape(x.shape))) for sign in (1, -1))
        slopes[:, column] = (up - down).detach().numpy() / (2 * step)
    return np.linalg.norm(slopes, axis=1)


@pytest.mark.parametrize("shape", [(6, 3), (6, 3, 1, 1)])
def test_the_zero_centred_penalty_is_half_the_squared_slope(shape):
    score_of, weights = critic()
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    penalty = zero_centred_penalty(score_of, x)
    assert penalty.item() == pytest.approx((slope_by_differences(score_of, x) ** 2).mean() / 2, rel=1e-6)
    assert all((slope != 0).any() for slope in torch.autograd.grad(penalty, weights))


def test_the_gradient_penalty_wants_a_slope_of_one_between_the_samples():
    score_of, weights = critic()
    draw = torch.Generator().manual_seed(1)
    real, generated = (torch.randn(6, 3, generator=draw, dtype=torch.float64) for _ in range(2))
    penalty = gradient_penalty(score_of, real, generated, torch.Generator().manual_seed(5))
    e = torch.rand(6, generator=torch.Generator().manual_seed(5)).double()[:, None]
    slopes = slope_by_differences(score_of, e * real + (1 - e) * generated)
    assert penalty.item() == pytest.approx(((slopes - 1) ** 2).mean(), rel=1e-5)
    assert all((slope != 0).any() for slope in torch.autograd.grad(penalty, weights))


@pytest.mark.parametrize(
    ("real", "generated"), [((6, 3), (1, 3)), ((1, 3), (6, 3)), ((6, 3), (4, 3)), ((6, 1), (6, 3))]
)
def test_the_gradient_penalty_pairs_every_sample_with_one_of_its_own(real, generated):
    score_of, _ = critic()
    with pytest.raises(
        ValueError, match=re.escape(f"generated has shape {generated}; it must be that of real, {real}")
    ):
        gradient_penalty(score_of, torch.zeros(real).double(), torch.zeros(generated).double())


def test_no_gradient_of_a_penalty_flows_back_through_the_samples():
    score_of, _ = critic()
    generated = torch.randn(6, 3, dtype=torch.float64, requires_grad=True)
    real = torch.randn(6, 3, dtype=torch.float64)
    for penalty in (gradient_penalty(score_of, real, generated), zero_centred_penalty(score_of, generated)):
        assert torch.autograd.grad(penalty, generated, allow_unused=True) == (None,)


def test_a_critic_that_is_flat_or_steep_by_one_is_penalized_as_the_formula_says():
    x = torch.randn(5, 3)
    flat = lambda x: 0 * x.sum(dim=1)  # noqa: E731
    assert gradient_penalty(flat, x, x + 1).item() == pytest.approx(1, abs=1e-5)
    assert zero_centred_penalty(flat, x).item() == 0
    assert gradient_penalty(lambda x: x[:, 0], x, x + 1).item() == pytest.approx(0, abs=1e-5)
    assert zero_centred_penalty(lambda x: 2 * x[:, 0], x).item() == pytest.approx(2)


def test_slopes_are_those_of_each_sample():
    score_of, _ = critic()
    x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    np.testing.assert_allclose(
        squared_slopes(score_of(x), x).detach(), slope_by_differences(score_of, x) ** 2, rtol=1e-6
    )


# ---- spectral normalization ------------------------------------------------------------------------------------------


def normalized(*layers):
    network = nn.Sequential(*layers)
    normalize_spectra(network, torch.Generator().manual_seed(0))
    return network


@pytest.mark.parametrize("layer", [nn.Linear(7, 5), nn.Linear(5, 7), nn.Conv2d(2, 4, 3), nn.Linear(6, 1)])
def test_the_largest_singular_value_becomes_one(layer):
    network = normalized(layer)
    for _ in range(200):
        follow_spectra(network)
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
        follow_spectra(network)
    singular = np.linalg.svd(network[0].weight.detach().numpy(), compute_uv=False)
    assert not torch.equal(kept[0].u, before) and singular[0] == pytest.approx(1, abs=1e-4)


def test_the_first_estimate_is_near_before_anybody_has_learned():
    for seed in range(5):
        network = nn.Sequential(nn.Linear(30, 40))
        nn.init.normal_(network[0].weight, generator=torch.Generator().manual_seed(seed))
        normalize_spectra(network, torch.Generator().manual_seed(seed))
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
