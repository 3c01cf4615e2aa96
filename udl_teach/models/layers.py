"""Layers whose initial weights come from a given generator: multilayer perceptron, convolutional encoder and decoder.

Sources: Glorot and Bengio 2010 for the initialization; Springenberg et al. 2015, "Striving for simplicity", for strided
convolutions in place of pooling.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs

ACTIVATIONS = {
    "elu": nn.ELU,
    "relu": nn.ReLU,
    "leaky_relu": lambda: nn.LeakyReLU(0.2),
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "linear": nn.Identity,
}
OUTPUTS = {"linear": nn.Identity, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
OUTPUT_RANGES = {"sigmoid": (0, 1), "tanh": (-1, 1)}


def activation_layer(name: str) -> nn.Module:
    """A new activation layer of that name; ValueError lists the known names."""
    return ACTIVATIONS[inputs.choice(name, "activation", ACTIVATIONS)]()


def output_layer(name: str) -> nn.Module:
    """The output activation: none ("linear"), "sigmoid" with values in (0, 1) or "tanh" with values in (-1, 1)."""
    return OUTPUTS[inputs.choice(name, "output", OUTPUTS)]()


def checked_range(x: torch.Tensor, output: str) -> torch.Tensor:
    """Training samples, if the output layer can reach their values; else a ValueError says how to scale them."""
    if output in OUTPUT_RANGES:
        other = ', or make the model with output="linear"'
        inputs.within(x, OUTPUT_RANGES[output], f'output="{output}"', otherwise=other)
    return x


def initialize_weights(layer: nn.Module, generator: torch.Generator) -> nn.Module:
    """Draw a layer's initial weights from `generator`: Glorot and Bengio 2010, eq. 16; biases start at zero.

    torch's default initialization draws from the global generator, so making one model would change the next.
    """
    nn.init.xavier_uniform_(layer.weight, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer


def empty_layer(kind: type[nn.Module], *sizes: int, **options) -> nn.Module:
    """A layer whose weights are not initialized yet, in single precision whatever torch's default is."""
    return nn.utils.skip_init(kind, *sizes, dtype=torch.float32, **options)


def linear(n_in: int, n_out: int, generator: torch.Generator) -> nn.Linear:
    """A fully connected layer, (batch, n_in) -> (batch, n_out)."""
    return initialize_weights(empty_layer(nn.Linear, n_in, n_out), generator)


def mlp(sizes: Sequence[int], activation: str, generator: torch.Generator) -> nn.Sequential:
    """A multilayer perceptron: fully connected layers of the given sizes, an activation after each but the last."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [linear(n_in, n_out, generator), activation_layer(activation)]
    return nn.Sequential(*layers[:-1])


def checked_sizes(image_shape: Any, channels: Any) -> tuple[tuple[int, int, int], tuple[int, ...]]:
    """`image_shape` and `channels` as tuples of whole numbers; ValueError says what is wrong with them."""
    shape, widths = inputs.sizes(image_shape, "image_shape"), inputs.sizes(channels, "channels")
    if len(shape) != 3:
        raise ValueError(f"image_shape was {tuple(image_shape)}; it must be (channels, height, width).")
    if not widths:
        raise ValueError("channels was empty; it must name the channels after each strided convolution, as (16, 32).")
    return shape, widths


def sides(image_shape: Sequence[int], n_layers: int) -> list[tuple[int, int]]:
    """(height, width) of the image and of each feature map; a strided convolution halves both, rounded up."""
    found = [tuple(image_shape[1:])]
    for _ in range(n_layers):
        found.append(tuple(math.ceil(side / 2) for side in found[-1]))
    return found


def conv_encoder(
    image_shape: Sequence[int],
    channels: Sequence[int],
    hidden_size: int,
    n_out: int,
    activation: str,
    generator: torch.Generator,
) -> nn.Sequential:
    """Images (batch, channels, height, width) -> (batch, n_out); the last hidden layer is dense, of `hidden_size`."""
    widths = (image_shape[0], *channels)
    height, width = sides(image_shape, len(channels))[-1]
    layers: list[nn.Module] = []
    for n_in, n_next in zip(widths[:-1], widths[1:], strict=True):
        # (b, n_in, h, w) -> (b, n_next, ceil(h / 2), ceil(w / 2))
        convolution = empty_layer(nn.Conv2d, n_in, n_next, kernel_size=3, stride=2, padding=1)
        layers += [initialize_weights(convolution, generator), activation_layer(activation)]
    layers += [nn.Flatten(), linear(widths[-1] * height * width, hidden_size, generator), activation_layer(activation)]
    return nn.Sequential(*layers, linear(hidden_size, n_out, generator))


def conv_decoder(
    n_in: int,
    image_shape: Sequence[int],
    channels: Sequence[int],
    hidden_size: int,
    activation: str,
    generator: torch.Generator,
) -> nn.Sequential:
    """The mirror image of `conv_encoder`: (batch, n_in) -> (batch, channels, height, width), no output activation."""
    widths, all_sides = (image_shape[0], *channels), sides(image_shape, len(channels))
    flat = widths[-1] * all_sides[-1][0] * all_sides[-1][1]
    layers: list[nn.Module] = [linear(n_in, hidden_size, generator), activation_layer(activation)]
    layers += [linear(hidden_size, flat, generator), nn.Unflatten(1, (widths[-1], *all_sides[-1]))]
    for level in range(len(channels), 0, -1):
        larger, smaller = all_sides[level - 1], all_sides[level]
        # A transposed convolution turns s pixels into 2 s - 1; an even side needs one more.
        extra = tuple(big - (2 * small - 1) for big, small in zip(larger, smaller, strict=True))
        convolution = empty_layer(
            nn.ConvTranspose2d,
            widths[level],
            widths[level - 1],
            kernel_size=3,
            stride=2,
            padding=1,
            output_padding=extra,
        )
        layers += [activation_layer(activation), initialize_weights(convolution, generator)]
    return nn.Sequential(*layers)


def normal(shape: Sequence[int], generator: torch.Generator | None, like: torch.Tensor) -> torch.Tensor:
    """Draws from N(0, 1), made on the CPU so that a GPU sees the same ones, with the device and dtype of `like`."""
    return torch.randn(tuple(shape), generator=generator, dtype=torch.float32).to(like)


def uniform(shape: Sequence[int], generator: torch.Generator | None, like: torch.Tensor) -> torch.Tensor:
    """Draws from the uniform distribution on [0, 1); otherwise as `normal`."""
    return torch.rand(tuple(shape), generator=generator, dtype=torch.float32).to(like)


def allocate(module: nn.Module, names: Sequence[str], state_dict: dict[str, torch.Tensor], prefix: str) -> None:
    """Allocate buffers that only fitting creates (PCA's components, k-means' centres) in the shapes to be loaded."""
    for name in names:
        if prefix + name in state_dict:
            setattr(module, name, torch.empty_like(state_dict[prefix + name]))
