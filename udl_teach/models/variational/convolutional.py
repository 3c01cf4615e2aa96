"""The variational autoencoder for images: the same bound, with layers that know which pixels are neighbours.

Source: Kingma and Welling 2014, "Auto-encoding variational Bayes"; the layers are those of the convolutional
autoencoder.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.layers import checked_sizes, conv_decoder, conv_encoder, sides
from udl_teach.models.variational.base import VariationalModel


class ConvVariationalAutoencoder(VariationalModel):
    """Halve the picture down to a distribution over codes, draw one, and go the same way back.

    Images (n_samples, channels, height, width) in and out, or flattened ones where `ConvAutoencoder` takes them. The
    terms of the loss are nats an image, **summed** over its pixels, as those of `VariationalAutoencoder` are.

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: numbers a code.
        channels: channels after each halving; one entry a halving.
        hidden_size: width of the dense layer beside the code.
        likelihood: "bernoulli" (pixels are 0 or 1), "continuous-bernoulli" (pixels in [0, 1]) or "gaussian" (any
            values, with one variance for all pixels, which is learned along).
        beta: weight of the KL term; 1 is the bound itself. `steps` takes another one for a run.
        samples: codes drawn for an image; more than one gives the tighter importance-weighted bound.
        free_bits: nats that every dimension may cost without being charged (Kingma et al. 2016); with
            `samples=1` only.
        activation: what stands between the layers.
        seed: of the first weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_size: int = 2,
        channels: Sequence[int] = (16, 32),
        *,
        hidden_size: int = 64,
        likelihood: str = "bernoulli",
        beta: float = 1.0,
        samples: int = 1,
        free_bits: float = 0.0,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.image_shape, self.channels = checked_sizes(image_shape, channels)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        hidden_size = inputs.whole(hidden_size, "hidden_size")
        self._set_terms(likelihood, beta, samples, free_bits)
        self.hidden_size, self.activation, self.seed = hidden_size, activation, seed
        generator = inputs.generator(seed)
        way = (self.image_shape, self.channels, hidden_size)
        self.encoder = conv_encoder(*way, 2 * self.latent_size, activation, generator)
        self.decoder = conv_decoder(self.latent_size, *way, activation, generator)
        stages = zip((self.image_shape[0], *self.channels), sides(self.image_shape, len(self.channels)), strict=True)
        self.widest = max(hidden_size, self.latent_size, *(width * math.prod(side) for width, side in stages))

    def _as_tensor(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
