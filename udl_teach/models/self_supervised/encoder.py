"""The encoder of images and the projection head."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import empty_layer, initialize_weights, linear, sides
from udl_teach.modules import example_of

# Images per forward pass, so that memory does not grow with their number.
MAX_IMAGES = 4096


def conv_representation(
    image_shape: Sequence[int], channels: Sequence[int], latent_size: int, generator: torch.Generator
) -> nn.Sequential:
    """Strided convolutions, then one linear layer: (batch, channels, height, width) -> (batch, latent_size).

    Each convolution's output is normalized per image (group normalization with one group: Wu and He 2018), so that
    the representation of an image depends neither on its batch nor on whether the model learns.
    """
    widths = (image_shape[0], *channels)
    height, width = sides(image_shape, len(channels))[-1]
    layers: list[nn.Module] = []
    for n_in, n_out in zip(widths[:-1], widths[1:], strict=True):
        convolution = empty_layer(nn.Conv2d, n_in, n_out, kernel_size=3, stride=2, padding=1)
        norm = nn.GroupNorm(1, n_out, dtype=torch.float32)
        layers += [initialize_weights(convolution, generator), norm, nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), linear(widths[-1] * height * width, latent_size, generator))


def projection_head(latent_size: int, head_sizes: Sequence[int], generator: torch.Generator) -> nn.Sequential:
    """The head g: an activation and a linear layer for each of its sizes; no sizes make it the identity."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip((latent_size, *head_sizes), head_sizes, strict=False):
        layers += [nn.ReLU(), linear(n_in, n_out, generator)]
    return nn.Sequential(*layers)


def represented(network: nn.Module, x: Any, image_shape: tuple[int, int, int]) -> torch.Tensor:
    """What a network makes of images, in parts that fit into memory: shape (n_samples, features)."""
    images = inputs.images(x, shape=image_shape)
    # Arrays are returned without a graph, so none is built for them.
    with torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
        return torch.cat([network(part.to(example_of(network))) for part in images.split(MAX_IMAGES)])
