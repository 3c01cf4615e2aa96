"""The neighbourhood function h(d): how much a unit learns at a distance d on the grid from the best matching unit.

Source: Kohonen 2001, "Self-Organizing Maps".
"""

import torch

from udl_teach.grid import Grid, squared_steps


def gaussian(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The Gaussian h(d) = exp(-d^2 / (2 radius^2)): 1 at the best matching unit, falling smoothly with d."""
    return torch.exp(-squared_distance / (2 * max(radius, 1e-6) ** 2))


def bubble(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The step function h(d) = 1 within the radius, 0 beyond it."""
    return (squared_distance <= radius**2).float()


def cut_gaussian(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The Gaussian within the radius, 0 beyond it."""
    return gaussian(squared_distance, radius) * bubble(squared_distance, radius)


NEIGHBOURHOODS = {"gaussian": gaussian, "bubble": bubble, "cut_gaussian": cut_gaussian}

# Units per sample beyond which the gaps between samples, not their noise, decide how wide the radius must be.
FEW_SAMPLES = 1 / 3


def default_radius(grid: Grid, neighbourhood: str, n_samples: int) -> tuple[float, float]:
    """First and last radius of a map that learns from `n_samples` samples, in steps on the grid.

    A larger last radius preserves the topology better, a smaller one fits the data better. The fewer samples a unit
    has, the more it needs those of its neighbours; with hardly more samples than units, the radius only has to bridge
    the gap between samples on the grid.
    """
    # Below a radius of 1 only a Gaussian reaches beyond the best matching unit.
    least = 0.51 if neighbourhood == "gaussian" else 1.0
    units_per_sample = grid.n_units / n_samples
    end = least + 1.65 * grid.n_units / n_samples
    if units_per_sample > FEW_SAMPLES:
        gap = max(units_per_sample**0.5, units_per_sample / min(grid.rows, grid.columns))
        end = least + 1.65 * FEW_SAMPLES + 0.5 * (gap - FEW_SAMPLES**0.5)
    start = max(grid.rows, grid.columns) / (4 if grid.wrap else 2)
    # A radius of most of the map moves every unit to the mean of all data.
    end = min(end, max(0.7 * start, least))
    return max(start, end), end


def neighbourhood_sums(totals: torch.Tensor, grid: Grid, neighbourhood: str, radius: float) -> torch.Tensor:
    """The sum over the neighbourhood of each unit, sum_j h(i, j) totals_j for all units i.

    Args:
        totals: one row per unit, shape (n_units, n).
        grid: of the units.
        neighbourhood: a name in NEIGHBOURHOODS.
        radius: of the neighbourhood, in steps on the grid.

    Returns:
        Tensor of the shape of `totals`.
    """
    h, device = NEIGHBOURHOODS[neighbourhood], totals.device
    if neighbourhood == "gaussian" and grid.topology == "rectangular":
        # A Gaussian of the distance factors into one of the rows and one of the columns in between, which takes
        # (rows + columns) instead of (rows * columns) products per unit.
        h_rows = h(squared_steps(grid.rows, grid.wrap, device), radius)
        h_columns = h(squared_steps(grid.columns, grid.wrap, device), radius)
        sums = h_rows @ totals.reshape(grid.rows, -1)
        return (h_columns @ sums.reshape(grid.rows, grid.columns, -1)).reshape(totals.shape)
    parts = torch.arange(len(totals), device=device).split(max(1, 2**22 // len(totals)))
    return torch.cat([h(grid.squared_distances(part, device), radius) @ totals for part in parts])
