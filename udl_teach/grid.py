"""Where the units of a map stand: on squares or on hexagons, on a sheet with edges or on a torus without.

Units are numbered row by row: unit = row * columns + column. Kohonen 2001, "Self-Organizing Maps".
"""

import math
from dataclasses import dataclass

import torch

from udl_teach import inputs

TOPOLOGIES = ("rectangular", "hexagonal")

# (row, column) steps to the units that touch: sides and corners of a square, sides of a hexagon. Odd rows of
# hexagons stand half a unit to the right, so that the steps to other rows depend on the row.
AROUND_A_SQUARE = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
AROUND_AN_EVEN_HEXAGON = ((-1, -1), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 0))
AROUND_AN_ODD_HEXAGON = ((-1, 0), (-1, 1), (0, -1), (0, 1), (1, 0), (1, 1))


def squared_steps(n: int, wrap: bool, device: torch.device | str = "cpu") -> torch.Tensor:
    """Squared distances between the places 0, 1, ... n - 1 of a line, or of a ring if wrapped, shape (n, n)."""
    places = torch.arange(n, device=device)
    apart = (places[:, None] - places).abs()
    if wrap:  # the shorter way round
        apart = torch.minimum(apart, n - apart)
    return (apart**2).float()


@dataclass(frozen=True)
class Grid:
    """A grid of units, without any data.

    Args:
        rows: number of rows; 1 makes a chain.
        columns: number of columns.
        topology: "rectangular" (a unit touches up to eight others) or "hexagonal" (up to six, all equally far).
        wrap: whether the last row touches the first and the last column the first, as on a torus (a ring, for a
            chain). A hexagonal grid can be wrapped where `rows` is even, for else its rows would not fit together.
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
        """Distance between two rows; that between two units of a row is 1."""
        return math.sqrt(3) / 2 if self.topology == "hexagonal" else 1.0

    def positions(self, device: torch.device | str = "cpu") -> torch.Tensor:
        """Middle of every unit, shape (n_units, 2): x to the right, y downwards."""
        unit = torch.arange(self.n_units, device=device)
        row = torch.div(unit, self.columns, rounding_mode="floor")
        shift = 0.5 * (row % 2) if self.topology == "hexagonal" else 0.0
        return torch.stack([unit % self.columns + shift, row * self.row_height], dim=1).float()

    def squared_distances(self, units: torch.Tensor | None = None, device: torch.device | str = "cpu") -> torch.Tensor:
        """Squared distances on the grid from some units (all, by default) to all, shape (len(units), n_units)."""
        places = self.positions(device)
        chosen = places if units is None else places[units]
        x = (chosen[:, None, 0] - places[None, :, 0]).abs()
        y = (chosen[:, None, 1] - places[None, :, 1]).abs()
        if self.wrap:  # the shorter way round
            x = torch.minimum(x, self.columns - x)
            y = torch.minimum(y, self.rows * self.row_height - y)
        return x**2 + y**2

    def neighbour_table(self) -> torch.Tensor:
        """Numbers of the units that touch each unit, int64 of shape (n_units, 8 or 6); -1 where there is none."""
        unit = torch.arange(self.n_units)
        row, column = torch.div(unit, self.columns, rounding_mode="floor"), unit % self.columns
        if self.topology == "hexagonal":
            steps = torch.tensor([AROUND_AN_EVEN_HEXAGON, AROUND_AN_ODD_HEXAGON])[row % 2]
        else:
            steps = torch.tensor(AROUND_A_SQUARE).expand(self.n_units, -1, -1)
        row, column = row[:, None] + steps[..., 0], column[:, None] + steps[..., 1]
        if self.wrap:
            row, column = row % self.rows, column % self.columns
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        table = torch.where(inside, row * self.columns + column, -1)
        # Round a torus of one or two units several steps lead to the same unit, or back to where they began.
        table = table.sort(dim=1, descending=True).values
        again = torch.zeros_like(inside)
        again[:, 1:] = table[:, 1:] == table[:, :-1]
        return table.masked_fill(again | (table == unit[:, None]), -1)

    def touching(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        """Whether units `first` and `second`, numbers of shape (n,), touch each other; bool of shape (n,)."""
        return (self.neighbour_table().to(first.device)[first] == second[:, None]).any(dim=1)
