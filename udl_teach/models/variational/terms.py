"""The terms of the variational bound that depend on codes alone: KL divergence, reparameterization, density ratio.

Source: Kingma and Welling 2014, "Auto-encoding variational Bayes", section 2.4 and appendix B.
"""

import torch

from udl_teach.models.layers import normal
from udl_teach.models.variational.likelihoods import log_gaussian


def kl_to_standard_normal(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """KL(N(mean, variance) || N(0, 1)) of every dimension, in nats; same shape as `mean`, not summed.

    1/2 (mean^2 + variance - 1 - log variance)        Kingma and Welling 2014, appendix B
    """
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)


def reparameterize(
    mean: torch.Tensor, log_variance: torch.Tensor, samples: int, generator: torch.Generator | None
) -> torch.Tensor:
    """Codes drawn from N(mean, variance) so that gradients reach both: the reparameterization trick.

        z = mean + standard deviation * eps,    eps ~ N(0, 1)

    Args:
        mean: shape (batch, latent_size).
        log_variance: same shape.
        samples: number of codes per sample.
        generator: source of eps, on the CPU.

    Returns:
        Shape (samples, batch, latent_size).
    """
    return mean + (0.5 * log_variance).exp() * normal((samples, *mean.shape), generator, mean)


def log_prior_posterior_ratio(z: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Logarithm of prior over posterior density, log p(z) - log q(z | x), summed over dimensions.

    Codes (samples, batch, latent_size) -> (samples, batch), in nats.
    """
    zero = torch.zeros((), dtype=z.dtype, device=z.device)
    return log_gaussian(z, zero, zero) - log_gaussian(z, mean, log_variance)
