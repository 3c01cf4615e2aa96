"""The variational autoencoder with fully connected layers; `base.py` has the bound.

Source: Kingma and Welling 2014, "Auto-encoding variational Bayes".
"""

from collections.abc import Sequence
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.layers import mlp
from udl_teach.models.variational.base import VariationalModel


class VariationalAutoencoder(VariationalModel):
    """Encoder q(z | x) and decoder p(x | z), with prior p(z) = N(0, 1), that maximize the evidence lower bound.

        log p(x) >= E_q[log p(x | z)] - KL(q(z | x) || p(z))        in nats, **summed** over features and dimensions

    Args:
        n_features: number of features per sample.
        latent_size: size of the code.
        hidden_sizes: widths of the hidden layers of the encoder; the decoder has them in reverse order.
        likelihood: "bernoulli" (data are 0 or 1), "continuous-bernoulli" (data in [0, 1]) or "gaussian" (any values,
            with one learned variance for all features).
        beta: weight of the KL term; 1 gives the evidence lower bound. `steps` takes another one for a run.
        samples: number of codes drawn per sample; more than one gives the tighter importance-weighted bound.
        free_bits: nats per dimension below which the KL term is not penalized (Kingma et al. 2016); only with
            `samples=1`.
        initial_variance: of the likelihood "gaussian", in squared units of the data; learning goes on from there. It
            should lie well below the data's variances, or the code collapses (Lucas et al. 2019).
        activation: activation function of the hidden layers, such as "gelu" or "relu".
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 2,
        hidden_sizes: Sequence[int] = (128, 64),
        *,
        likelihood: str = "bernoulli",
        beta: float = 1.0,
        samples: int = 1,
        free_bits: float = 0.0,
        initial_variance: float = 0.01,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__(likelihood, beta, samples, free_bits, initial_variance)
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.activation, self.seed = activation, seed
        generator = inputs.generator(seed)
        inner = (self.n_features, *self.hidden_sizes)
        self.encoder = mlp((*inner, 2 * self.latent_size), activation, generator)
        self.decoder = mlp((self.latent_size, *inner[::-1]), activation, generator)
        self.widest_layer = max(*inner, self.latent_size)

    def _as_tensor(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
