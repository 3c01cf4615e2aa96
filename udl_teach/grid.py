"""The grid of a map's units: squares or hexagons, with borders or closed to a torus.

Units are numbered row by row: unit = row * columns + column. Kohonen 2001, "Self-Organizing Maps".
"""

import math
from dataclasses import dataclass

import torch

from udl_teach import inputs
from udl_teach.renamed import old_name

TOPOLOGIES = ("rectangular", "hexagonal")

# (row, column) offsets of the neighbours of a unit: across sides and corners of a square, across sides of a hexagon.
# Odd rows of hexagons are shifted right by half a unit, so the offsets to other rows depend on the row.
SQUARE = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
EVEN_HEXAGON = ((-1, -1), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 0))
ODD_HEXAGON = ((-1, 0), (-1, 1), (0, -1), (0, 1), (1, 0), (1, 1))


def squared_steps(n: int, wrap: bool, device: torch.device | str = "cpu") -> torch.Tensor:
    """Squared distances between the positions 0, 1, ... n - 1 on a line, or on a ring if `wrap`, shape (n, n)."""
    positions = torch.arange(n, device=device)
    distances = (positions[:, None] - positions).abs()
    if wrap:  # the shorter way round
        distances = torch.minimum(distances, n - distances)
    return (distances**2).float()


@dataclass(frozen=True)
class Grid:
    """A grid of units, without any data.

    Args:
        rows: number of rows; 1 makes a chain.
        columns: number of columns.
        topology: "rectangular" (a unit has up to eight neighbours) or "hexagonal" (up to six, all equally far).
        wrap: whether opposite edges are joined, to a torus (a chain to a ring). A hexagonal grid with more than one row
            can be wrapped only if `rows` is even, since every second row is shifted.
    """

    rows: int
    columns: int
    topology: str = "rectangular"
    wrap: bool = False

    def __post_init__(self) -> None:
        rows, columns = inputs.whole(self.rows, "rows"), inputs.whole(self.columns, "columns")
        inputs.choice(self.topology, "topology", TOPOLOGIES)
        if not isinstance(self.wrap, bool):
            raise TypeError(f"wrap was {self.wrap!r}; it must be True or False.")
        if self.wrap and self.topology == "hexagonal" and rows % 2 and rows > 1:
            raise ValueError(
                f"rows was {rows}; a wrapped hexagonal grid must have an even number of rows (every second one is "
                f"shifted by half a unit): take {rows + 1}."
            )
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "columns", columns)

    @property
    def n_units(self) -> int:
        """Number of units, rows * columns."""
        return self.rows * self.columns

    @property
    def row_height(self) -> float:
        """Distance between two rows; the distance between two units of a row is 1."""
        return math.sqrt(3) / 2 if self.topology == "hexagonal" else 1.0

    def positions(self, device: torch.device | str = "cpu") -> torch.Tensor:
        """Centre of every unit, shape (n_units, 2): x to the right, y downwards."""
        unit = torch.arange(self.n_units, device=device)
        row = torch.div(unit, self.columns, rounding_mode="floor")
        shift = 0.5 * (row % 2) if self.topology == "hexagonal" else 0.0
        return torch.stack([unit % self.columns + shift, row * self.row_height], dim=1).float()

    def squared_distances(self, units: torch.Tensor | None = None, device: torch.device | str = "cpu") -> torch.Tensor:
        """Squared distances on the grid from `units` (default: all) to all units, shape (len(units), n_units)."""
        positions = self.positions(device)
        chosen = positions if units is None else positions[units]
        x = (chosen[:, None, 0] - positions[None, :, 0]).abs()
        y = (chosen[:, None, 1] - positions[None, :, 1]).abs()
        if self.wrap:  # the shorter way round
            x = torch.minimum(x, self.columns - x)
            y = torch.minimum(y, self.rows * self.row_height - y)
        return x**2 + y**2

    def neighbour_table(self) -> torch.Tensor:
        """Numbers of the neighbours of every unit, int64 of shape (n_units, 8 or 6), filled up with -1."""
        unit = torch.arange(self.n_units)
        row, column = torch.div(unit, self.columns, rounding_mode="floor"), unit % self.columns
        if self.topology == "hexagonal":
            offsets = torch.tensor([EVEN_HEXAGON, ODD_HEXAGON])[row % 2]
        else:
            offsets = torch.tensor(SQUARE).expand(self.n_units, -1, -1)
        row, column = row[:, None] + offsets[..., 0], column[:, None] + offsets[..., 1]
        if self.wrap:
            row, column = row % self.rows, column % self.columns
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        table = torch.where(inside, row * self.columns + column, -1)
        # Around a torus of one or two units several offsets lead to the same unit, or back to the unit itself.
        table = table.sort(dim=1, descending=True).values
        repeated = torch.zeros_like(inside)
        repeated[:, 1:] = table[:, 1:] == table[:, :-1]
        return table.masked_fill(repeated | (table == unit[:, None]), -1)

    def adjacent(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        """Whether units `first` and `second`, numbers of shape (n,), are neighbours; bool of shape (n,)."""
        return (self.neighbour_table().to(first.device)[first] == second[:, None]).any(dim=1)

    touching = old_name("touching", adjacent)
