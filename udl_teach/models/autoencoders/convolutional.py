"""The convolutional autoencoder: the same squeeze, with layers that know that neighbouring pixels belong together.

Source: Masci, Meier, Ciresan and Schmidhuber 2011, "Stacked convolutional auto-encoders".
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.layers import checked_sizes, conv_decoder, conv_encoder, output_layer


class ConvAutoencoder(EncoderDecoder):
    """Halve the picture while widening the channels, one code in the middle, and the same way back.

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: numbers a code.
        channels: channels after each halving; one entry a halving.
        hidden_size: width of the dense layer beside the code; it lets the code use what lies far apart.
        activation: what stands between the layers.
        output: "linear" (any values), "sigmoid" for images in [0, 1] or "tanh" for images in [-1, 1].
        noise: standard deviation of the Gaussian noise added to the input while learning; the target stays clean.
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
        activation: str = "gelu",
        output: str = "sigmoid",
        noise: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.image_shape, self.channels = checked_sizes(image_shape, channels)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        hidden_size = inputs.whole(hidden_size, "hidden_size")
        self.noise = inputs.real(noise, "noise", minimum=0.0)
        self.output = output
        self.hidden_size, self.activation, self.seed = hidden_size, activation, seed
        generator = inputs.generator(seed)
        way = (self.image_shape, self.channels, hidden_size)
        self.encoder = conv_encoder(*way, self.latent_size, activation, generator)
        self.decoder = nn.Sequential(*conv_decoder(self.latent_size, *way, activation, generator), output_layer(output))

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
