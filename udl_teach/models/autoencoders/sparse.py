"""The sparse autoencoder: a code that may be wide, as long as few of its units are awake for any one sample.

Sources: Ng 2011, "Sparse autoencoder" (CS294A lecture notes), section 3, for the KL penalty; Olshausen and Field 1996,
eq. 2, for a price on the size of the code.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.autoencoders.loss import reconstruction_loss
from udl_teach.models.layers import activation_layer, mlp, output_layer

PENALTIES = ("l1", "kl")


def l1_penalty(z: torch.Tensor) -> torch.Tensor:
    """Sum over the code of |z_j|, averaged over the batch; codes (batch, latent_size) -> scalar."""
    return z.abs().sum(dim=1).mean()


def kl_penalty(z: torch.Tensor, target: float) -> torch.Tensor:
    """How far each unit's mean activity over the batch is from `target`, summed over the units, in nats.

        sum_j KL(target || rho_j) = sum_j target log(target / rho_j) + (1 - target) log((1 - target) / (1 - rho_j))

    Args:
        z: activities in (0, 1), shape (batch, latent_size).
        target: the mean activity wanted of every unit, in (0, 1).

    Returns:
        A scalar tensor. It is a penalty of the batch as a whole: rho_j is the mean of unit j over the batch.
    """
    rho = z.mean(dim=0).clamp(1e-6, 1 - 1e-6)
    return (target * torch.log(target / rho) + (1 - target) * torch.log((1 - target) / (1 - rho))).sum()


class SparseAutoencoder(EncoderDecoder):
    """An autoencoder whose loss has a second term: a price on awake units.

    Args:
        n_features: numbers a sample.
        latent_size: numbers a code; may be larger than `n_features`.
        hidden_sizes: widths of the layers between sample and code; the decoder has them in reverse.
        penalty: "l1" (codes are ReLU outputs, at least 0, and many become exactly 0) or "kl" (codes are sigmoid
            outputs in (0, 1), and each unit's mean activity is pulled to `target`).
        strength: weight of the penalty against the squared error a sample; None takes 0.1 for "l1", 0.3 for "kl".
        target: the mean activity wanted of every unit, for "kl".
        activation: what stands between hidden layers.
        output: "linear" (any values), "sigmoid" for data in [0, 1] or "tanh" for data in [-1, 1].
        noise: standard deviation of the Gaussian noise added to the input while learning.
        seed: of the first weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 100,
        hidden_sizes: Sequence[int] = (),
        *,
        penalty: str = "l1",
        strength: float | None = None,
        target: float = 0.05,
        activation: str = "gelu",
        output: str = "linear",
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.penalty = inputs.choice(penalty, "penalty", PENALTIES)
        usual = 0.1 if penalty == "l1" else 0.3
        self.strength = inputs.real(usual if strength is None else strength, "strength", minimum=0.0)
        self.target = inputs.real(target, "target", above=0.0, maximum=0.999)
        self.noise = inputs.real(noise, "noise", minimum=0.0)
        self.output = output
        self.activation, self.seed = activation, seed
        generator = inputs.generator(seed)
        widths = (self.n_features, *self.hidden_sizes, self.latent_size)
        code = activation_layer("relu" if penalty == "l1" else "sigmoid")
        self.encoder = nn.Sequential(*mlp(widths, activation, generator), code)
        self.decoder = nn.Sequential(*mlp(widths[::-1], activation, generator), output_layer(output))

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Squared error (summed over features, averaged over the batch) plus `strength` times the penalty.

        Returns:
            {"loss", "reconstruction", "sparsity"}; "sparsity" is the penalty before it is weighed.
        """
        z = self.encoder(self._disturbed(x, generator))
        reconstruction = reconstruction_loss(x, self.decoder(z))
        sparsity = l1_penalty(z) if self.penalty == "l1" else kl_penalty(z, self.target)
        return {
            "loss": reconstruction + self.strength * sparsity,
            "reconstruction": reconstruction,
            "sparsity": sparsity,
        }

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)
