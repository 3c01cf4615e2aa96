"""Anomalies by evidence: a variational autoencoder gives unlikely samples a low likelihood.

Sources: An and Cho 2015, "Variational autoencoder based anomaly detection using reconstruction probability"; Burda et
al. 2016, eq. 8, for the estimate of the evidence. Nalisnick et al. 2019, "Do deep generative models know what they
don't know?", show that likelihood can fail: simple samples of another kind may get a higher one.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.layers import normal
from udl_teach.models.variational.dense import VariationalAutoencoder
from udl_teach.models.variational.terms import log_prior_posterior_ratio
from udl_teach.modules import example_of


class EvidenceDetector(VariationalAutoencoder):
    """A variational autoencoder whose anomaly score is minus the log evidence, in nats.

        anomaly score(x) = -log 1/S sum_s p(x | z_s) p(z_s) / q(z_s | x),    z_s = mean + standard deviation * eps_s

    The draws eps_s are the same for all samples, so that the score of one does not depend on the others.

    Args:
        n_features: number of features per sample.
        latent_size: size of the code.
        hidden_sizes: widths of the encoder's hidden layers; the decoder has them in reverse order.
        likelihood: "gaussian" for any values, with one learned variance, or as in `VariationalAutoencoder`.
        beta: weight of the KL term.
        initial_variance: of the likelihood "gaussian", in squared units of the data.
        activation: activation function of the hidden layers.
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 8,
        hidden_sizes: Sequence[int] = (128, 64),
        *,
        likelihood: str = "gaussian",
        beta: float = 1.0,
        initial_variance: float = 0.1,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__(
            n_features,
            latent_size,
            hidden_sizes,
            likelihood=likelihood,
            beta=beta,
            initial_variance=initial_variance,
            activation=activation,
            seed=seed,
        )

    def anomaly_score(self, x: Any, draws: int = 16, seed: int = 0) -> Any:
        """Minus the log evidence, shape (n_samples,), in nats; higher is stranger.

        Args:
            x: samples, as `encode` takes them.
            draws: codes per sample; more make the estimate tighter.
            seed: of the draws.
        """
        like = example_of(self)
        eps = normal((inputs.whole(draws, "draws"), 1, self.latent_size), inputs.generator(seed), like)
        found = []
        with torch.no_grad():
            for part in self._checked(x).to(like).split(1024):
                mean, log_variance = self._posterior(part)
                z = mean + (0.5 * log_variance).exp() * eps  # (draws, batch, latent_size)
                log_weights = self._log_likelihood(part, z) + log_prior_posterior_ratio(z, mean, log_variance)
                found.append(math.log(draws) - torch.logsumexp(log_weights, dim=0))
        return inputs.given(torch.cat(found), x)
