"""The encoder of images and the projection head."""

from collections.abc import Sequence

from torch import nn

from udl_teach.models.layers import empty_layer, initialize_weights, linear, sides


def conv_representation(
    image_shape: Sequence[int], channels: Sequence[int], latent_size: int, generator
) -> nn.Sequential:
    """Strided convolutions, then one linear layer: (batch, channels, height, width) -> (batch, latent_size)."""
    widths = (image_shape[0], *channels)
    height, width = sides(image_shape, len(channels))[-1]
    layers: list[nn.Module] = []
    for n_in, n_out in zip(widths[:-1], widths[1:], strict=True):
        convolution = empty_layer(nn.Conv2d, n_in, n_out, kernel_size=3, stride=2, padding=1)
        layers += [initialize_weights(convolution, generator), nn.ReLU()]
    return nn.Sequential(*layers, nn.Flatten(), linear(widths[-1] * height * width, latent_size, generator))


def projection_head(latent_size: int, head_sizes: Sequence[int], generator) -> nn.Sequential:
    """The head g: an activation and a linear layer for each of its sizes; no sizes make it the identity."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip((latent_size, *head_sizes), head_sizes, strict=False):
        layers += [nn.ReLU(), linear(n_in, n_out, generator)]
    return nn.Sequential(*layers)
