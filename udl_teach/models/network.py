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
REACHES = {"sigmoid": (0, 1), "tanh": (-1, 1)}


def activation_layer(name: str) -> nn.Module:
    """A new activation layer by its name; ValueError lists the known names."""
    return ACTIVATIONS[inputs.choice(name, "activation", ACTIVATIONS)]()


def output_layer(name: str) -> nn.Module:
    """What stands after the last layer: nothing ("linear") or a squashing, into (0, 1) "sigmoid", (-1, 1) "tanh"."""
    return OUTPUTS[inputs.choice(name, "output", OUTPUTS)]()


def within_reach(x: torch.Tensor, output: str) -> torch.Tensor:
    """The samples to learn from, if the output layer can reach their values; else a ValueError says how."""
    if output in REACHES:
        other = ', or make the model with output="linear"'
        inputs.within(x, REACHES[output], f'output="{output}"', otherwise=other)
    return x


def draw_weights(layer: nn.Module, generator: torch.Generator) -> nn.Module:
    """Give a layer its first weights from `generator`: Glorot and Bengio 2010, eq. 16; biases start at zero.

    torch's own start would draw from the global generator, and then looking at one model would change the next.
    """
    nn.init.xavier_uniform_(layer.weight, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer


def empty_layer(kind: type[nn.Module], *sizes: int, **options) -> nn.Module:
    """A layer without first weights yet, in single precision whatever torch's default is."""
    return nn.utils.skip_init(kind, *sizes, dtype=torch.float32, **options)


def linear(n_in: int, n_out: int, generator: torch.Generator) -> nn.Linear:
    """A fully connected layer, (batch, n_in) -> (batch, n_out)."""
    return draw_weights(empty_layer(nn.Linear, n_in, n_out), generator)


def dense(sizes: Sequence[int], activation: str, generator: torch.Generator) -> nn.Sequential:
    """Fully connected layers of the given sizes with an activation between each two, and none after the last."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [linear(n_in, n_out, generator), activation_layer(activation)]
    return nn.Sequential(*layers[:-1])


def normal(shape: Sequence[int], generator: torch.Generator | None, like: torch.Tensor) -> torch.Tensor:
    """Numbers drawn from N(0, 1), on the CPU so that a GPU learns from the same ones; placed beside `like`."""
    return torch.randn(tuple(shape), generator=generator, dtype=torch.float32).to(like)


def uniform(shape: Sequence[int], generator: torch.Generator | None, like: torch.Tensor) -> torch.Tensor:
    """Numbers drawn evenly from [0, 1), as `normal` draws its own."""
    return torch.rand(tuple(shape), generator=generator, dtype=torch.float32).to(like)


def make_room(module: nn.Module, names: Sequence[str], state_dict: dict[str, torch.Tensor], prefix: str) -> None:
    """Give buffers that only data make (PCA's components, the centres of k-means) the shapes that are to be loaded."""
    for name in names:
        if prefix + name in state_dict:
            setattr(module, name, torch.empty_like(state_dict[prefix + name]))
