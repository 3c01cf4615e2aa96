"""The sparse autoencoder: the code may be overcomplete, because few of its units are active for any one sample.

Sources: Ng 2011, "Sparse autoencoder" (CS294A lecture notes), section 3, for the KL penalty; Olshausen and Field 1996,
eq. 2, for a penalty on the size of the activations.
"""

from collections.abc import Sequence

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.dense import Autoencoder
from udl_teach.models.autoencoders.loss import reconstruction_loss
from udl_teach.models.layers import activation_layer

PENALTIES = ("l1", "kl")


def l1_penalty(z: torch.Tensor) -> torch.Tensor:
    """Sum over the code of |z_j|, averaged over the batch; codes (batch, latent_size) -> scalar."""
    return z.abs().sum(dim=1).mean()


def kl_penalty(z: torch.Tensor, target: float) -> torch.Tensor:
    """KL divergence of each unit's mean activation over the batch from `target`, summed over the units, in nats.

        sum_j KL(target || rho_j) = sum_j target log(target / rho_j) + (1 - target) log((1 - target) / (1 - rho_j))

    Args:
        z: activations in (0, 1), shape (batch, latent_size).
        target: desired mean activation of every unit, in (0, 1).

    Returns:
        A scalar tensor. The penalty depends on the batch as a whole: rho_j is the mean of unit j over the batch.
    """
    rho = z.mean(dim=0).clamp(1e-6, 1 - 1e-6)
    return (target * torch.log(target / rho) + (1 - target) * torch.log((1 - target) / (1 - rho))).sum()


class SparseAutoencoder(Autoencoder):
    """An autoencoder whose loss has a second term: a penalty on active units.

    Args:
        n_features: number of features per sample.
        latent_size: size of the code; may be larger than `n_features` (overcomplete).
        hidden_sizes: widths of the hidden layers of the encoder; the decoder has them in reverse order.
        penalty: "l1" (codes are ReLU outputs, at least 0, and many become exactly 0) or "kl" (codes are sigmoid
            outputs in (0, 1), and the mean activation of each unit is driven towards `target`).
        strength: weight of the penalty relative to the squared error per sample; None means 0.1 for "l1", 0.3 for "kl".
        target: desired mean activation of every unit, for "kl".
        activation: activation function of the hidden layers, such as "gelu" or "relu".
        output: "linear" (any values), "sigmoid" for data in [0, 1] or "tanh" for data in [-1, 1].
        noise: standard deviation of the Gaussian noise added to the input during training; the target stays clean.
        seed: of the initial weights.

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
        super().__init__(
            n_features, latent_size, hidden_sizes, activation=activation, output=output, noise=noise, seed=seed
        )
        self.penalty = inputs.choice(penalty, "penalty", PENALTIES)
        default = 0.1 if penalty == "l1" else 0.3
        self.strength = inputs.real(default if strength is None else strength, "strength", minimum=0.0)
        self.target = inputs.real(target, "target", above=0.0, maximum=0.999)
        self.encoder = nn.Sequential(*self.encoder, activation_layer("relu" if penalty == "l1" else "sigmoid"))

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Squared error (summed over features, averaged over the batch) plus `strength` times the penalty.

        Returns:
            {"loss", "reconstruction", "sparsity"}: scalar tensors; "sparsity" is the penalty without its weight.
        """
        z = self.encoder(self._corrupted(x, generator))
        reconstruction = reconstruction_loss(x, self.decoder(z))
        sparsity = l1_penalty(z) if self.penalty == "l1" else kl_penalty(z, self.target)
        return {
            "loss": reconstruction + self.strength * sparsity,
            "reconstruction": reconstruction,
            "sparsity": sparsity,
        }
