"""The variational autoencoder with convolutional layers; `base.py` has the bound.

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
    """The variational autoencoder for images, with strided and transposed convolutions.

    It takes images (n_samples, channels, height, width), or the same images flattened. The terms of the loss are nats
    per image, **summed** over its pixels, as in `VariationalAutoencoder`.

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: size of the code.
        channels: number of channels after each strided convolution, which halves height and width.
        hidden_size: width of the dense layer next to the code.
        likelihood: "bernoulli" (pixels are 0 or 1), "continuous-bernoulli" (pixels in [0, 1]) or "gaussian" (any
            values, with one learned variance for all pixels).
        beta: weight of the KL term; 1 gives the evidence lower bound. `steps` takes another one for a run.
        samples: number of codes drawn per image; more than one gives the tighter importance-weighted bound.
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
        image_shape: Sequence[int],
        latent_size: int = 2,
        channels: Sequence[int] = (16, 32),
        *,
        hidden_size: int = 64,
        likelihood: str = "bernoulli",
        beta: float = 1.0,
        samples: int = 1,
        free_bits: float = 0.0,
        initial_variance: float = 0.01,
        activation: str = "gelu",
        seed: int = 0,
    ) -> None:
        super().__init__(likelihood, beta, samples, free_bits, initial_variance)
        self.image_shape, self.channels = checked_sizes(image_shape, channels)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        hidden_size = inputs.whole(hidden_size, "hidden_size")
        self.hidden_size, self.activation, self.seed = hidden_size, activation, seed
        generator = inputs.generator(seed)
        layers = (self.image_shape, self.channels, hidden_size)
        self.encoder = conv_encoder(*layers, 2 * self.latent_size, activation, generator)
        self.decoder = conv_decoder(self.latent_size, *layers, activation, generator)
        stages = zip((self.image_shape[0], *self.channels), sides(self.image_shape, len(self.channels)), strict=True)
        self.widest_layer = max(hidden_size, self.latent_size, *(width * math.prod(side) for width, side in stages))

    def _as_tensor(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
