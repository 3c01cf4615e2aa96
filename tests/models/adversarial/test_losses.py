"""Losses of both players against formulas written out; gradient penalties against differences of scores."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.models.adversarial.losses import (
    OBJECTIVES,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
    r1_penalty,
    squared_gradient_norm,
    squared_slopes,
    zero_centred_penalty,
)


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


def slope_by_differences(discriminator, x, step=1e-5):
    """Length of the gradient of the score at each sample, from differences of scores."""
    flat = x.detach().numpy().reshape(len(x), -1)
    slopes = np.zeros_like(flat)
    for column in range(flat.shape[1]):
        moved = np.zeros_like(flat)
        moved[:, column] = step
        up, down = (discriminator(torch.tensor((flat + sign * moved).reshape(x.shape))) for sign in (1, -1))
        slopes[:, column] = (up - down).detach().numpy() / (2 * step)
    return np.linalg.norm(slopes, axis=1)


@pytest.mark.parametrize("shape", [(6, 3), (6, 3, 1, 1)])
def test_r1_is_half_the_squared_gradient_norm(shape):
    discriminator, weights = critic()
    x = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    penalty = r1_penalty(discriminator, x)
    assert penalty.item() == pytest.approx((slope_by_differences(discriminator, x) ** 2).mean() / 2, rel=1e-6)
    assert all((slope != 0).any() for slope in torch.autograd.grad(penalty, weights))


def test_the_gradient_penalty_wants_a_slope_of_one_between_the_samples():
    discriminator, weights = critic()
    draw = torch.Generator().manual_seed(1)
    real, generated = (torch.randn(6, 3, generator=draw, dtype=torch.float64) for _ in range(2))
    penalty = gradient_penalty(discriminator, real, generated, torch.Generator().manual_seed(5))
    e = torch.rand(6, generator=torch.Generator().manual_seed(5)).double()[:, None]
    slopes = slope_by_differences(discriminator, e * real + (1 - e) * generated)
    assert penalty.item() == pytest.approx(((slopes - 1) ** 2).mean(), rel=1e-5)
    assert all((slope != 0).any() for slope in torch.autograd.grad(penalty, weights))


@pytest.mark.parametrize(
    ("real", "generated"), [((6, 3), (1, 3)), ((1, 3), (6, 3)), ((6, 3), (4, 3)), ((6, 1), (6, 3))]
)
def test_the_gradient_penalty_pairs_every_sample_with_one_of_its_own(real, generated):
    discriminator, _ = critic()
    with pytest.raises(
        ValueError, match=re.escape(f"generated has shape {generated}; it must be that of real, {real}")
    ):
        gradient_penalty(discriminator, torch.zeros(real).double(), torch.zeros(generated).double())


def test_no_gradient_of_a_penalty_flows_back_through_the_samples():
    discriminator, _ = critic()
    generated = torch.randn(6, 3, dtype=torch.float64, requires_grad=True)
    real = torch.randn(6, 3, dtype=torch.float64)
    for penalty in (gradient_penalty(discriminator, real, generated), r1_penalty(discriminator, generated)):
        assert torch.autograd.grad(penalty, generated, allow_unused=True) == (None,)


def test_a_critic_that_is_flat_or_steep_by_one_is_penalized_as_the_formula_says():
    x = torch.randn(5, 3)
    flat = lambda x: 0 * x.sum(dim=1)  # noqa: E731
    assert gradient_penalty(flat, x, x + 1).item() == pytest.approx(1, abs=1e-5)
    assert r1_penalty(flat, x).item() == 0
    assert gradient_penalty(lambda x: x[:, 0], x, x + 1).item() == pytest.approx(0, abs=1e-5)
    assert r1_penalty(lambda x: 2 * x[:, 0], x).item() == pytest.approx(2)


def test_slopes_are_those_of_each_sample():
    discriminator, _ = critic()
    x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    np.testing.assert_allclose(
        squared_gradient_norm(discriminator(x), x).detach(), slope_by_differences(discriminator, x) ** 2, rtol=1e-6
    )


def test_old_names_of_the_penalties_do_the_same():
    discriminator, _ = critic()
    x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    with pytest.warns(DeprecationWarning, match="squared_slopes is now called squared_gradient_norm"):
        assert torch.equal(squared_slopes(discriminator(x), x), squared_gradient_norm(discriminator(x), x))
    with pytest.warns(DeprecationWarning) as caught:
        assert torch.equal(zero_centred_penalty(score_of=discriminator, x=x), r1_penalty(discriminator, x))
    said = " ".join(str(warning.message) for warning in caught)
    assert "zero_centred_penalty is now called r1_penalty" in said and "score_of is now called discriminator" in said
