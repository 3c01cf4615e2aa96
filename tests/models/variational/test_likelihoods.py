"""Likelihoods in nats: against torch's distributions and, where they are densities, against their own integral."""

import numpy as np
import pytest
import torch
from torch import distributions

from udl_teach.models.variational.likelihoods import (
    log_bernoulli,
    log_continuous_bernoulli,
    log_gaussian,
    mean_of_continuous_bernoulli,
)

LOGITS = torch.tensor([-30.0, -3.0, -0.5, -0.0201, -0.0199, -1e-4, 0.0, 1e-4, 0.0199, 0.0201, 0.5, 3.0, 30.0])


def test_a_coin_is_torchs_coin():
    x = torch.tensor([0.0, 1.0])[torch.randint(2, (50, 6), generator=torch.Generator().manual_seed(0))]
    logits = torch.randn(50, 6, generator=torch.Generator().manual_seed(1)) * 3
    right = distributions.Bernoulli(logits=logits).log_prob(x).sum(dim=1)
    assert torch.allclose(log_bernoulli(x, logits), right, atol=1e-4)


def test_the_continuous_bernoulli_is_torchs_with_its_mean():
    for logit in LOGITS[1:-1]:
        theirs = distributions.ContinuousBernoulli(logits=logit.double())
        for x in (0.0, 0.3, 1.0):
            ours = log_continuous_bernoulli(torch.tensor([[x]]), logit.reshape(1, 1))
            assert ours.item() == pytest.approx(theirs.log_prob(torch.tensor(x).double()).item(), abs=1e-4)
        assert mean_of_continuous_bernoulli(logit).item() == pytest.approx(theirs.mean.item(), abs=1e-4)


def test_near_zero_the_series_goes_on_where_the_formula_ends():
    logits = torch.tensor([[-0.0199], [-0.01], [0.0199]], dtype=torch.float64)
    constant = log_continuous_bernoulli(torch.zeros_like(logits), logits) - log_bernoulli(
        torch.zeros_like(logits), logits
    )
    assert torch.allclose(constant, torch.log(logits / torch.tanh(logits / 2))[:, 0], atol=1e-9)


@pytest.mark.parametrize("logit", LOGITS.tolist())
def test_the_continuous_bernoulli_integrates_to_one(logit):
    x = torch.linspace(0, 1, 20_001, dtype=torch.float64)[:, None]
    density = log_continuous_bernoulli(x, torch.full_like(x, logit)).exp().numpy()
    assert np.trapezoid(density, x[:, 0].numpy()) == pytest.approx(1, abs=1e-3)
    mean = np.trapezoid(density * x[:, 0].numpy(), x[:, 0].numpy())
    assert mean_of_continuous_bernoulli(torch.tensor(logit)).item() == pytest.approx(mean, abs=1e-3)


def test_gradients_are_finite_everywhere():
    logits = LOGITS[None].clone().requires_grad_()
    (
        log_continuous_bernoulli(torch.full_like(logits, 0.4), logits) + mean_of_continuous_bernoulli(logits).sum()
    ).backward()
    assert torch.isfinite(logits.grad).all()


def test_a_gaussian_is_torchs_gaussian():
    x, mean, log_variance = torch.randn(3, 20, 4, generator=torch.Generator().manual_seed(0))
    right = distributions.Normal(mean, (0.5 * log_variance).exp()).log_prob(x).sum(dim=1)
    assert torch.allclose(log_gaussian(x, mean, log_variance), right, atol=1e-4)
