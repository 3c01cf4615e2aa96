"""How much a unit learns along with the best one, by their distance on the grid.

Kohonen 2001, "Self-Organizing Maps".
"""

import torch


def gaussian(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """Share h = exp(-d^2 / (2 radius^2)): 1 at the unit itself, falling smoothly with the distance d on the grid."""
    return torch.exp(-squared_distance / (2 * max(radius, 1e-6) ** 2))


def bubble(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The share h = 1 within the radius, 0 beyond it."""
    return (squared_distance <= radius**2).float()


def cut_gaussian(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The Gaussian within the radius, 0 beyond it."""
    return gaussian(squared_distance, radius) * bubble(squared_distance, radius)


NEIGHBOURHOODS = {"gaussian": gaussian, "bubble": bubble, "cut_gaussian": cut_gaussian}
