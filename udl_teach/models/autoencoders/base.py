"""What all autoencoders share: arrays in and arrays out, the squared error, learning, and noise on the input."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.loss import reconstruction_loss
from udl_teach.models.layers import checked_range, normal
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train


class EncoderDecoder(nn.Module):
    """An encoder, a decoder and the squared error between input and reconstruction.

    A subclass sets `self.encoder`, `self.decoder`, `self.latent_size`, `self.noise` and `self.output` (the activation
    after the decoder's last layer), and checks the shape of its samples in `_checked`; where the loss has more than one
    term it overrides `loss`.
    """

    encoder: nn.Module
    decoder: nn.Module
    latent_size: int
    noise: float
    output = "linear"

    def encode(self, x: Any) -> Any:
        """Codes of samples, shape (n_samples, latent_size)."""
        return inputs.given(self.encoder(self._checked(x).to(example_of(self))), x)

    def decode(self, z: Any) -> Any:
        """Reconstructions from codes: (n_samples, latent_size) -> the shape of the samples."""
        codes = inputs.samples(z, "z", n_features=self.latent_size).to(example_of(self))
        return inputs.given(self.decoder(codes), z)

    def forward(self, x: Any) -> Any:
        """Reconstructions, in the shape of `x`."""
        x_hat = self.decoder(self.encoder(self._checked(x).to(example_of(self))))
        return inputs.given(x_hat.reshape(tuple(x.shape) if hasattr(x, "shape") else x_hat.shape), x)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Squared error of the reconstruction, summed over features and averaged over the batch.

        Args:
            x: batch on the model's device, as `steps` cuts it.
            generator: source of the input noise, on the CPU; used only in training mode and with noise > 0.

        Returns:
            {"loss", "reconstruction"}: scalar tensors, equal here.
        """
        error = reconstruction_loss(x, self.decoder(self.encoder(self._corrupted(x, generator))))
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
        """Learn to reconstruct `x`, one step each time the caller asks; `training.train` explains the arguments."""
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, checked_range(self._checked(x), self.output), y, **rest, state=state)

    def _checked(self, x: Any) -> torch.Tensor:
        raise NotImplementedError

    def _corrupted(self, x: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        # What the encoder sees of x while learning.
        if not self.training or self.noise == 0:
            return x
        return x + self.noise * normal(x.shape, generator, x)
