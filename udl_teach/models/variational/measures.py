"""What a trained variational autoencoder can be asked: how likely data are, and which dimensions carry something.

Source: Burda, Grosse and Salakhutdinov 2016, "Importance weighted autoencoders", eq. 8 and section 5.
"""

import math
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.variational.terms import draw, kl_to_standard_normal, log_prior_to_posterior
from udl_teach.modules import example_of

# Numbers held at a time where a likelihood is estimated from many samples.
AT_ONCE = 2**22


class VariationalMeasures:
    """The measures of a model that reads and scores samples as `VariationalModel` does."""

    def log_likelihood(self, x: Any, samples: int = 1000, seed: int = 0) -> Any:
        """Estimate of log p(x) of every sample, in nats: the bound of Burda et al. 2016 with many samples.

            log p(x) ~ log 1/S sum_s p(x | z_s) p(z_s) / q(z_s | x),    z_s ~ q(z | x)

        On average it lies below log p(x), by less the more samples are taken.

        Args:
            x: samples, as `encode` takes them.
            samples: codes drawn for each.
            seed: of the draws.

        Returns:
            float32, shape (n_samples,). Memory stays bounded, however many samples are asked for.
        """
        samples, generator = inputs.whole(samples, "samples"), inputs.generator(seed)
        checked = self._checked(x).detach().to(example_of(self))
        at_once = max(1, min(samples, AT_ONCE // (self.widest * min(len(checked), 256))))
        estimates = []
        with torch.no_grad():
            for part in checked.split(256):
                mean, log_variance = self._posterior(part)
                total = torch.full((len(part),), -torch.inf, dtype=part.dtype, device=part.device)
                for start in range(0, samples, at_once):
                    z = draw(mean, log_variance, min(at_once, samples - start), generator)
                    log_weights = self._log_likelihood(part, z) + log_prior_to_posterior(z, mean, log_variance)
                    total = torch.logaddexp(total, torch.logsumexp(log_weights, dim=0))
                estimates.append(total - math.log(samples))
        return inputs.given(torch.cat(estimates), x)

    def kl_per_dimension(self, x: Any) -> Any:
        """KL(q(z_j | x) || p(z_j)) of every dimension j, averaged over the samples, in nats: shape (latent_size,)."""
        with torch.no_grad():
            mean, log_variance = self._posterior(self._as_tensor(x).to(example_of(self)))
            return inputs.given(kl_to_standard_normal(mean, log_variance).mean(dim=0), x)

    def active_units(self, x: Any, threshold: float = 0.01) -> int:
        """Number of dimensions whose posterior mean varies over the samples by a variance above `threshold`.

        Burda et al. 2016; a dimension that the encoder does not use stays at the prior for all samples.
        """
        threshold = inputs.real(threshold, "threshold", minimum=0.0)
        with torch.no_grad():
            mean, _ = self._posterior(self._as_tensor(x).to(example_of(self)))
        return int((mean.var(dim=0, correction=0) > threshold).sum())
