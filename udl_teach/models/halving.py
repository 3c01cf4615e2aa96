"""Layers that halve a picture step by step down to some numbers, and layers that go the same way back.

Source: strided convolutions in place of pooling after Springenberg et al. 2015, "Striving for simplicity".
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.network import activation_layer, draw_weights, empty_layer, linear


def checked_sizes(image_shape: Any, channels: Any) -> tuple[tuple[int, int, int], tuple[int, ...]]:
    """What a model was asked for, as tuples of whole numbers; ValueError where it is no picture or no halving."""
    shape, widths = inputs.sizes(image_shape, "image_shape"), inputs.sizes(channels, "channels")
    if len(shape) != 3:
        raise ValueError(f"image_shape was {tuple(image_shape)}; it must be (channels, height, width).")
    if not widths:
        raise ValueError("channels was empty; it must name the channels after each halving, such as (16, 32).")
    return shape, widths


def sides(image_shape: Sequence[int], n_halvings: int) -> list[tuple[int, int]]:
    """(height, width) before and after each halving, rounded up."""
    found = [tuple(image_shape[1:])]
    for _ in range(n_halvings):
        found.append(tuple(math.ceil(side / 2) for side in found[-1]))
    return found


def halving(
    image_shape: Sequence[int],
    channels: Sequence[int],
    hidden_size: int,
    n_out: int,
    activation: str,
    generator: torch.Generator,
) -> nn.Sequential:
    """Pictures (batch, channels, height, width) -> (batch, n_out), by way of one dense layer of `hidden_size`."""
    widths = (image_shape[0], *channels)
    height, width = sides(image_shape, len(channels))[-1]
    layers: list[nn.Module] = []
    for n_in, n_next in zip(widths[:-1], widths[1:], strict=True):
        # (b, n_in, h, w) -> (b, n_next, ceil(h / 2), ceil(w / 2))
        convolution = empty_layer(nn.Conv2d, n_in, n_next, kernel_size=3, stride=2, padding=1)
        layers += [draw_weights(convolution, generator), activation_layer(activation)]
    layers += [nn.Flatten(), linear(widths[-1] * height * width, hidden_size, generator), activation_layer(activation)]
    return nn.Sequential(*layers, linear(hidden_size, n_out, generator))


def doubling(
    n_in: int,
    image_shape: Sequence[int],
    channels: Sequence[int],
    hidden_size: int,
    activation: str,
    generator: torch.Generator,
) -> nn.Sequential:
    """The way back: (batch, n_in) -> pictures (batch, channels, height, width), nothing after the last layer."""
    widths, all_sides = (image_shape[0], *channels), sides(image_shape, len(channels))
    flat = widths[-1] * all_sides[-1][0] * all_sides[-1][1]
    layers: list[nn.Module] = [linear(n_in, hidden_size, generator), activation_layer(activation)]
    layers += [linear(hidden_size, flat, generator), nn.Unflatten(1, (widths[-1], *all_sides[-1]))]
    for level in range(len(channels), 0, -1):
        larger, smaller = all_sides[level - 1], all_sides[level]
        # A transposed convolution gives 2 s - 1 pixels for s; one more where the side was even.
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
        layers += [activation_layer(activation), draw_weights(convolution, generator)]
    return nn.Sequential(*layers)
