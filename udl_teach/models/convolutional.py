"""The convolutional autoencoder: the same squeeze, with layers that know that neighbouring pixels belong together.

Source: Masci, Meier, Ciresan and Schmidhuber 2011, "Stacked convolutional auto-encoders"; strided convolutions in
place of pooling after Springenberg et al. 2015.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.base import EncoderDecoder
from udl_teach.models.network import activation_layer, draw_weights, linear, output_layer


class ConvAutoencoder(EncoderDecoder):
    """Halve the picture while widening the channels, one code in the middle, and the same way back.

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: numbers a code.
        channels: channels after each halving; one entry a halving.
        hidden_size: width of the dense layer beside the code; it lets the code use what lies far apart.
        activation: what stands between the layers.
        output: "linear", or "sigmoid" for images in [0, 1].
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
        self.image_shape = inputs.sizes(image_shape, "image_shape")
        if len(self.image_shape) != 3:
            raise ValueError(f"image_shape was {tuple(image_shape)}; it must be (channels, height, width).")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.channels = inputs.sizes(channels, "channels")
        if not self.channels:
            raise ValueError("channels was empty; it must name the channels after each halving, such as (16, 32).")
        hidden_size = inputs.whole(hidden_size, "hidden_size")
        self.noise = inputs.real(noise, "noise", minimum=0.0)
        self.arguments = {
            "image_shape": list(self.image_shape),
            "latent_size": self.latent_size,
            "channels": list(self.channels),
            "hidden_size": hidden_size,
            "activation": activation,
            "output": output,
            "noise": self.noise,
            "seed": seed,
        }
        generator = inputs.generator(seed)
        widths = (self.image_shape[0], *self.channels)
        sides = [self.image_shape[1:]]  # (height, width) before and after each halving, rounded up
        for _ in self.channels:
            sides.append(tuple(math.ceil(side / 2) for side in sides[-1]))
        flat = widths[-1] * sides[-1][0] * sides[-1][1]

        encoder: list[nn.Module] = []
        for n_in, n_out in zip(widths[:-1], widths[1:], strict=True):
            # (b, n_in, h, w) -> (b, n_out, ceil(h / 2), ceil(w / 2))
            convolution = nn.utils.skip_init(nn.Conv2d, n_in, n_out, kernel_size=3, stride=2, padding=1)
            encoder += [draw_weights(convolution, generator), activation_layer(activation)]
        encoder += [nn.Flatten(), linear(flat, hidden_size, generator), activation_layer(activation)]
        self.encoder = nn.Sequential(*encoder, linear(hidden_size, self.latent_size, generator))

        decoder: list[nn.Module] = [linear(self.latent_size, hidden_size, generator), activation_layer(activation)]
        decoder += [linear(hidden_size, flat, generator), nn.Unflatten(1, (widths[-1], *sides[-1]))]
        for level in range(len(self.channels), 0, -1):
            larger, smaller = sides[level - 1], sides[level]
            # A transposed convolution gives 2 s - 1 pixels for s; one more where the side was even.
            extra = tuple(big - (2 * small - 1) for big, small in zip(larger, smaller, strict=True))
            convolution = nn.utils.skip_init(
                nn.ConvTranspose2d,
                widths[level],
                widths[level - 1],
                kernel_size=3,
                stride=2,
                padding=1,
                output_padding=extra,
            )
            decoder += [activation_layer(activation), draw_weights(convolution, generator)]
        self.decoder = nn.Sequential(*decoder, output_layer(output))

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
