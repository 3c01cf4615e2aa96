"""The autoencoder: squeeze each sample through a narrow code and learn to undo the squeeze.

Source: Hinton and Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.losses import reconstruction_loss
from udl_teach.models.network import dense, device_of, output_layer
from udl_teach.training import LearningState, Step, train


class Autoencoder(nn.Module):
    """Encoder and decoder, mirror images of each other, joined at the bottleneck.

    With `hidden_sizes=()` each half is one affine map: the linear autoencoder, whose best code spans the same
    subspace as PCA (Baldi and Hornik 1989).

    Args:
        n_features: numbers a sample.
        latent_size: numbers a code.
        hidden_sizes: widths of the layers between sample and code; the decoder has them in reverse.
        activation: "elu", "relu", "gelu", "tanh", "sigmoid" or "linear".
        output: "linear" (any values), or "sigmoid" for data in [0, 1].
        noise: standard deviation of the Gaussian noise added to the input while learning (the target stays clean).
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
        activation: str = "elu",
        output: str = "linear",
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        hidden_sizes = tuple(inputs.whole(size, "hidden_sizes") for size in hidden_sizes)
        self.noise = inputs.real(noise, "noise", minimum=0.0)
        self.arguments = {
            "n_features": self.n_features,
            "latent_size": self.latent_size,
            "hidden_sizes": list(hidden_sizes),
            "activation": activation,
            "output": output,
            "noise": self.noise,
            "seed": seed,
        }
        generator = inputs.generator(seed)
        sizes = (self.n_features, *hidden_sizes, self.latent_size)
        self.encoder = dense(sizes, activation, generator)
        self.decoder = nn.Sequential(*dense(sizes[::-1], activation, generator), output_layer(output))

    def encode(self, x: Any) -> Any:
        """Codes of samples: (n_samples, n_features) -> (n_samples, latent_size)."""
        samples = inputs.samples(x, n_features=self.n_features).to(device_of(self))
        return inputs.given(self.encoder(samples), x)

    def decode(self, z: Any) -> Any:
        """Samples of codes: (n_samples, latent_size) -> (n_samples, n_features)."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(device_of(self))
        return inputs.given(self.decoder(codes), z)

    def forward(self, x: Any) -> Any:
        """Reconstructions: (n_samples, n_features) -> (n_samples, n_features)."""
        samples = inputs.samples(x, n_features=self.n_features).to(device_of(self))
        return inputs.given(self.decoder(self.encoder(samples)), x)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Squared error of the reconstruction, summed over features and averaged over the batch.

        Args:
            x: batch of shape (batch, n_features) on the model's device.
            generator: what the input noise is drawn from, on the CPU; used only while learning and with noise > 0.

        Returns:
            {"loss", "reconstruction"}, two names of one scalar tensor here.
        """
        x_hat = self.decoder(self.encoder(self._disturbed(x, generator)))
        error = reconstruction_loss(x, x_hat)
        return {"loss": error, "reconstruction": error}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 20,
        batch_size: int = 128,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn to reconstruct `x`, one step each time the caller asks; see `training.train` for the arguments."""
        inputs.no_labels(y, self)
        samples = inputs.samples(x, n_features=self.n_features)
        return train(
            self,
            samples,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            state=state,
        )

    def _disturbed(self, x: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        if not self.training or self.noise == 0:
            return x
        # Drawn on the CPU, so that a GPU learns from the same noise.
        return x + self.noise * torch.randn(x.shape, generator=generator).to(x.device)
