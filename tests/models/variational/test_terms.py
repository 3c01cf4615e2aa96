"""Terms of the variational bound against torch's distributions."""

import torch
from torch import distributions

from udl_teach.models import kl_to_standard_normal
from udl_teach.models.variational.terms import log_prior_posterior_ratio, reparameterize


def test_the_kl_divergence_is_that_of_torch():
    mean, log_variance = torch.randn(2, 30, 4, generator=torch.Generator().manual_seed(0))
    right = distributions.kl_divergence(
        distributions.Normal(mean, (0.5 * log_variance).exp()), distributions.Normal(0, 1)
    )
    assert torch.allclose(kl_to_standard_normal(mean, log_variance), right, atol=1e-5)


def test_reparameterized_codes_have_their_mean_and_variance_and_a_gradient_to_both():
    mean, log_variance = (torch.tensor([[1.0, -2.0]]) * factor for factor in (1.0, 0.7))
    mean.requires_grad_(), log_variance.requires_grad_()
    z = reparameterize(mean, log_variance, 50_000, torch.Generator().manual_seed(0))
    assert z.shape == (50_000, 1, 2)
    assert torch.allclose(z.mean(dim=0), mean, atol=0.03)
    assert torch.allclose(z.var(dim=0), log_variance.exp(), rtol=0.03)
    z.square().mean(dim=0).sum().backward()
    # E[z^2] = mean^2 + variance
    assert torch.allclose(mean.grad, 2 * mean.detach(), atol=0.05)
    assert torch.allclose(log_variance.grad, log_variance.detach().exp(), rtol=0.05)


def test_the_ratio_of_prior_and_posterior_is_that_of_torch():
    mean, log_variance, z = torch.randn(3, 30, 4, generator=torch.Generator().manual_seed(0))
    posterior = distributions.Normal(mean, (0.5 * log_variance).exp())
    right = (distributions.Normal(0, 1).log_prob(z) - posterior.log_prob(z)).sum(dim=1)
    assert torch.allclose(log_prior_posterior_ratio(z[None], mean, log_variance)[0], right, atol=1e-4)
