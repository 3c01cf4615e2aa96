"""Grids of units: places, distances and who touches whom."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.grid import Grid


@st.composite
def grids(draw):
    topology, wrap = draw(st.sampled_from(["rectangular", "hexagonal"])), draw(st.booleans())
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    if topology == "hexagonal" and wrap and rows > 1:
        rows += rows % 2
    return Grid(rows, columns, topology, wrap)


def table_as_matrix(grid):
    touches = torch.zeros(grid.n_units, grid.n_units, dtype=torch.bool)
    for unit, others in enumerate(grid.neighbour_table()):
        touches[unit, others[others >= 0]] = True
    return touches


@settings(max_examples=25, deadline=None)
@given(grids())
def test_units_touch_where_they_are_near(grid):
    limit = 1.0 if grid.topology == "hexagonal" else 2.0
    near = (grid.squared_distances() <= limit + 1e-4) & ~torch.eye(grid.n_units, dtype=torch.bool)
    touches = table_as_matrix(grid)
    assert torch.equal(touches, near)
    first, second = torch.cartesian_prod(torch.arange(grid.n_units), torch.arange(grid.n_units)).reshape(-1, 2).T
    assert torch.equal(grid.adjacent(first, second).reshape(touches.shape), touches)


@settings(max_examples=25, deadline=None)
@given(grids())
def test_nobody_is_named_twice(grid):
    for unit, others in enumerate(grid.neighbour_table().tolist()):
        there = [other for other in others if other >= 0]
        assert len(there) == len(set(there)) and unit not in there


@pytest.mark.parametrize(("topology", "most"), [("rectangular", 8), ("hexagonal", 6)])
def test_every_unit_of_a_torus_has_all_its_neighbours(topology, most):
    assert table_as_matrix(Grid(4, 5, topology, wrap=True)).sum(dim=1).tolist() == [most] * 20


def test_a_hexagon_is_one_step_from_all_that_touch_it():
    grid = Grid(4, 4, "hexagonal")
    squared = grid.squared_distances()
    assert torch.allclose(squared[table_as_matrix(grid)], torch.tensor(1.0), atol=1e-5)


def test_the_way_round_a_torus_is_the_shorter_one():
    assert Grid(1, 10, wrap=True).squared_distances()[0].sqrt().tolist() == [0, 1, 2, 3, 4, 5, 4, 3, 2, 1]
    assert Grid(1, 10).squared_distances()[0].sqrt().tolist() == list(range(10))


def test_bad_grids_are_named():
    with pytest.raises(ValueError, match="rows was 0; it must be a whole number of at least 1"):
        Grid(0, 3)
    with pytest.raises(ValueError, match='topology was .*"?triangular.*rectangular.*hexagonal'):
        Grid(2, 3, "triangular")
    with pytest.raises(ValueError, match="rows was 5; a wrapped hexagonal grid .* take 6"):
        Grid(5, 4, "hexagonal", wrap=True)
    with pytest.raises(TypeError, match="wrap was 'yes'; it must be True or False"):
        Grid(2, 3, wrap="yes")
