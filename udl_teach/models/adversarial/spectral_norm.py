"""Spectral normalization: weights divided by their largest singular value, which bounds the Lipschitz constant.

Source: Miyato et al. 2018, "Spectral normalization for generative adversarial networks", algorithm 1.
"""

import torch
from torch import nn
from torch.nn.functional import normalize
from torch.nn.utils import parametrize

from udl_teach.models.layers import normal

# These bring the first estimate close; from then on one iteration per step is enough, as weights change slowly.
INITIAL_ITERATIONS = 20


class SpectralNorm(nn.Module):
    """The weight W of a layer becomes W / sigma, where sigma = u' W v estimates the largest singular value of W.

    torch's own `spectral_norm` updates its estimate in every forward pass, and draws it from the global generator.
    Here only `power_iteration` updates it, so that asking a model never changes it, and no player changes the other.
    """

    def __init__(self, weight: torch.Tensor, generator: torch.Generator) -> None:
        super().__init__()
        self.register_buffer("u", normalize(normal((len(weight),), generator, weight), dim=0))
        for _ in range(INITIAL_ITERATIONS):
            self.power_iteration(weight)

    @torch.no_grad()
    def power_iteration(self, weight: torch.Tensor) -> None:
        """One iteration: v = W' u / |W' u|, u = W v / |W v|."""
        matrix = weight.flatten(1)
        self.u.copy_(normalize(matrix @ normalize(matrix.T @ self.u, dim=0), dim=0))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """W / sigma, in the shape of the weight."""
        matrix = weight.flatten(1)
        with torch.no_grad():
            v = normalize(matrix.T @ self.u, dim=0)
        return weight / torch.dot(self.u, matrix @ v)


def apply_spectral_norm(network: nn.Module, generator: torch.Generator) -> None:
    """Normalize every layer of a network whose weight is a matrix or a stack of filters."""
    for layer in list(network.modules()):
        weight = getattr(layer, "weight", None)
        if isinstance(weight, nn.Parameter) and weight.ndim >= 2:
            parametrize.register_parametrization(layer, "weight", SpectralNorm(weight.detach(), generator))


def power_iteration(network: nn.Module) -> None:
    """One power iteration for every normalized layer of a network, after its weights have changed."""
    for layer in network.modules():
        if parametrize.is_parametrized(layer, "weight"):
            kept = layer.parametrizations.weight
            kept[0].power_iteration(kept.original)
