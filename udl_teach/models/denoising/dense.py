"""The denoising autoencoder: it sees corrupted samples and learns to reconstruct the clean ones.

Source: Vincent, Larochelle, Bengio and Manzagol 2008, "Extracting and composing robust features with denoising
autoencoders".
"""

from collections.abc import Sequence
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.autoencoders.dense import Autoencoder
from udl_teach.models.denoising.corruption import CORRUPTIONS, checked_strength, corrupt_batch


class DenoisingAutoencoder(Autoencoder):
    """An autoencoder whose input is corrupted anew at every step, while the target stays clean.

    Copying its input does not solve the task, so the code may be overcomplete.

    Args:
        n_features: number of features per sample.
        latent_size: size of the code; may be larger than `n_features` (overcomplete).
        hidden_sizes: widths of the hidden layers of the encoder; the decoder has them in reverse order.
        corruption: "gaussian", "masking", "salt-and-pepper" or "blur", as `corrupt` explains them.
        strength: of the corruption: a standard deviation (in the unit of the data; of a blur in pixels) or a fraction.
        activation: activation function of the hidden layers, such as "gelu" or "relu".
        output: "linear" (any values), "sigmoid" for data in [0, 1] or "tanh" for data in [-1, 1].
        image_shape: (channels, height, width) where samples are images, flattened or not; required for a blur.
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 32,
        hidden_sizes: Sequence[int] = (128,),
        *,
        corruption: str = "gaussian",
        strength: float = 0.3,
        activation: str = "gelu",
        output: str = "linear",
        image_shape: Sequence[int] | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(n_features, latent_size, hidden_sizes, activation=activation, output=output, seed=seed)
        self.corruption = inputs.choice(corruption, "corruption", CORRUPTIONS)
        self.strength = checked_strength(strength, corruption)
        self.image_shape = None if image_shape is None else inputs.sizes(image_shape, "image_shape")
        if self.image_shape is None and corruption == "blur":
            raise ValueError(
                'corruption was "blur" without image_shape; it must be told the (channels, height, width).'
            )
        if self.image_shape is not None:
            fits = len(self.image_shape) == 3 and torch.Size(self.image_shape).numel() == self.n_features
            if not fits:
                raise ValueError(
                    f"image_shape was {tuple(image_shape)}; it must be (channels, height, width) with "
                    f"n_features={self.n_features} numbers in all."
                )

    def denoise(self, x: Any) -> Any:
        """Reconstructions of corrupted samples, in the shape of `x`; the same as calling the model."""
        return self(x)

    def _corrupted(self, x: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        # Also in validation: the loss is defined on corrupted input.
        strength = torch.full((len(x),), self.strength)
        if self.image_shape is None:
            return corrupt_batch(x, self.corruption, strength, generator)
        return corrupt_batch(x.reshape(-1, *self.image_shape), self.corruption, strength, generator).flatten(1)

    def _checked(self, x: Any) -> torch.Tensor:
        if self.image_shape is None:
            return inputs.samples(x, n_features=self.n_features)
        return inputs.images(x, shape=self.image_shape).flatten(1)
