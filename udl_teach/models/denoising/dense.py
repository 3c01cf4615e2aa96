"""The denoising autoencoder: it sees spoilt samples and learns to give back the clean ones.

Source: Vincent, Larochelle, Bengio and Manzagol 2008, "Extracting and composing robust features with denoising
autoencoders".
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.denoising.corruption import CORRUPTIONS, checked_strength, disturb
from udl_teach.models.layers import mlp, output_layer


class DenoisingAutoencoder(EncoderDecoder):
    """An autoencoder whose input is spoilt anew at every step, while the target stays clean.

    It cannot learn to copy, so its code may be wide: what it must know is where clean samples lie.

    Args:
        n_features: numbers a sample.
        latent_size: numbers a code; may be larger than `n_features`.
        hidden_sizes: widths of the layers between sample and code; the decoder has them in reverse.
        corruption: "gaussian", "masking", "salt-and-pepper" or "blur", as `corrupt` explains them.
        strength: how much of it: a standard deviation (in the unit of the data; of a blur in pixels) or a share.
        activation: what stands between the layers.
        output: "linear" (any values), "sigmoid" for data in [0, 1] or "tanh" for data in [-1, 1].
        image_shape: (channels, height, width) where samples are images, flattened or not; a blur needs it.
        seed: of the first weights.

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
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
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
        self.output = output
        self.activation, self.seed = activation, seed
        generator = inputs.generator(seed)
        widths = (self.n_features, *self.hidden_sizes, self.latent_size)
        self.encoder = mlp(widths, activation, generator)
        self.decoder = nn.Sequential(*mlp(widths[::-1], activation, generator), output_layer(output))

    def denoise(self, x: Any) -> Any:
        """What the model makes of spoilt samples, in the shape of `x`: the same as calling the model."""
        return self(x)

    def _disturbed(self, x: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        # In validation too: without the corruption this would be another loss.
        strength = torch.full((len(x),), self.strength)
        if self.image_shape is None:
            return disturb(x, self.corruption, strength, generator)
        return disturb(x.reshape(-1, *self.image_shape), self.corruption, strength, generator).flatten(1)

    def _checked(self, x: Any) -> torch.Tensor:
        if self.image_shape is None:
            return inputs.samples(x, n_features=self.n_features)
        return inputs.images(x, shape=self.image_shape).flatten(1)
