"""The convolutional autoencoder: the same bottleneck, with layers that share their weights over all pixels.

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
    """Strided convolutions down to one code, and transposed convolutions back to the image.

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: size of the code.
        channels: number of channels after each strided convolution, which halves height and width.
        hidden_size: width of the dense layer next to the code, which connects distant parts of the image.
        activation: activation function of the hidden layers, such as "gelu" or "relu".
        output: "linear" (any values), "sigmoid" for images in [0, 1] or "tanh" for images in [-1, 1].
        noise: standard deviation of the Gaussian noise added to the input during training; the target stays clean.
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
        layers = (self.image_shape, self.channels, hidden_size)
        self.encoder = conv_encoder(*layers, self.latent_size, activation, generator)
        decoder = conv_decoder(self.latent_size, *layers, activation, generator)
        self.decoder = nn.Sequential(*decoder, output_layer(output))

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
