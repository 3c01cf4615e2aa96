"""The variational autoencoder: a code that is a distribution, and a bound on how likely the data are.

Source: Kingma and Welling 2014, "Auto-encoding variational Bayes"; what it shares with other layers stands in
`variational_model.py`.
"""

from collections.abc import Sequence
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.layers import mlp
from udl_teach.models.variational.base import VariationalModel


class VariationalAutoencoder(VariationalModel):
    """Encoder q(z | x), decoder p(x | z) and the prior N(0, 1) over codes, learned by one bound.

        log p(x) >= E_q[log p(x | z)] - KL(q(z | x) || p(z))        all in nats, **summed** over features and dimensions

    Args:
        n_features: numbers a sample.
        latent_size: numbers a code.
        hidden_sizes: widths of the layers between sample and code; the decoder has them in reverse.
        likelihood: "bernoulli" (data are 0 or 1), "continuous-bernoulli" (data in [0, 1]) or "gaussian" (any values,
            with one variance for all features, which is learned along).
        beta: weight of the KL term; 1 is the bound itself. `steps` takes another one for a run.
        samples: codes drawn for a sample; more than one gives the tighter importance-weighted bound.
        free_bits: nats that every dimension may cost without being charged (Kingma et al. 2016); with
            `samples=1` only.
        activation: what stands between hidden layers.
        seed: of the first weights.

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
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self._set_terms(likelihood, beta, samples, free_bits)
        self.activation, self.seed = activation, seed
        generator = inputs.generator(seed)
        inner = (self.n_features, *self.hidden_sizes)
        self.encoder = mlp((*inner, 2 * self.latent_size), activation, generator)
        self.decoder = mlp((self.latent_size, *inner[::-1]), activation, generator)
        self.widest = max(*inner, self.latent_size)

    def _as_tensor(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
