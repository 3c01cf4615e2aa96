"""Spectral normalization: a layer divided by its largest stretch, so that a discriminator can be only so steep.

Source: Miyato et al. 2018, "Spectral normalization for generative adversarial networks", algorithm 1.
"""

import torch
from torch import nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize

from udl_teach.models.layers import normal

# So many rounds bring the first estimate close; from then on one a step is enough, as weights move slowly.
ROUNDS_AT_START = 20


class SpectralNorm(nn.Module):
    """The weight W of a layer becomes W / sigma, where sigma = u' W v estimates the largest singular value of W.

    torch's own normalization moves its estimate in every forward pass, and draws it from the global generator. Here it
    moves when `follow` says so, so that looking at a model never changes it and no player touches the other.
    """

    def __init__(self, weight: torch.Tensor, generator: torch.Generator) -> None:
        super().__init__()
        self.register_buffer("u", normalize(normal((len(weight),), generator, weight), dim=0))
        for _ in range(ROUNDS_AT_START):
            self.follow(weight)

    @torch.no_grad()
    def follow(self, weight: torch.Tensor) -> None:
        """One round of the power iteration: v = W' u / |W' u|, u = W v / |W v|."""
        matrix = weight.flatten(1)
        self.u.copy_(normalize(matrix @ normalize(matrix.T @ self.u, dim=0), dim=0))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """The weight with its largest singular value brought to 1, in the shape that it has."""
        matrix = weight.flatten(1)
        with torch.no_grad():
            v = normalize(matrix.T @ self.u, dim=0)
        return weight / torch.dot(self.u, matrix @ v)


def normalize_spectra(network: nn.Module, generator: torch.Generator) -> None:
    """Lay the normalization on every layer of a network that has a matrix or a stack of filters as weight."""
    for layer in list(network.modules()):
        weight = getattr(layer, "weight", None)
        if isinstance(weight, nn.Parameter) and weight.ndim >= 2:
            parametrize.register_parametrization(layer, "weight", SpectralNorm(weight.detach(), generator))


def follow_spectra(network: nn.Module) -> None:
    """Let every estimate follow the weights by one round; nothing where nothing is normalized."""
    for layer in network.modules():
        if parametrize.is_parametrized(layer, "weight"):
            kept = layer.parametrizations.weight
            kept[0].follow(kept.original)
