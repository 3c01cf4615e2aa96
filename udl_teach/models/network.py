"""Layers with weights drawn from a generator of their own, and the activations that the course speaks of."""

from collections.abc import Sequence

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


def activation_layer(name: str) -> nn.Module:
    """A new activation layer by its name; ValueError lists the known names."""
    return ACTIVATIONS[inputs.choice(name, "activation", ACTIVATIONS)]()


def output_layer(name: str) -> nn.Module:
    """What stands after the last layer: nothing ("linear") or a squashing, into (0, 1) "sigmoid", (-1, 1) "tanh"."""
    return OUTPUTS[inputs.choice(name, "output", OUTPUTS)]()


def draw_weights(layer: nn.Module, generator: torch.Generator) -> nn.Module:
    """Give a layer its first weights from `generator`: Glorot and Bengio 2010, eq. 16; biases start at zero.

    torch's own start would draw from the global generator, and then looking at one model would change the next.
    """
    nn.init.xavier_uniform_(layer.weight, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer


def linear(n_in: int, n_out: int, generator: torch.Generator) -> nn.Linear:
    """A fully connected layer, (batch, n_in) -> (batch, n_out)."""
    return draw_weights(nn.utils.skip_init(nn.Linear, n_in, n_out), generator)


def dense(sizes: Sequence[int], activation: str, generator: torch.Generator) -> nn.Sequential:
    """Fully connected layers of the given sizes with an activation between each two, and none after the last."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [linear(n_in, n_out, generator), activation_layer(activation)]
    return nn.Sequential(*layers[:-1])


def make_room(module: nn.Module, names: Sequence[str], state_dict: dict[str, torch.Tensor], prefix: str) -> None:
    """Give buffers that only data make (PCA's components, the centres of k-means) the shapes that are to be loaded."""
    for name in names:
        if prefix + name in state_dict:
            setattr(module, name, torch.empty_like(state_dict[prefix + name]))
