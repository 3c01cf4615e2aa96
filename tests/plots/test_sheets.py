"""The sheet of a map: which units are joined, where the lines lie, and that they follow the units in place."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import plots
from udl_teach.plots.sheets import sheet_links


def places(rows, columns, topology):
    """Where the units stand on the grid itself."""
    row, column = np.indices((rows, columns)).astype(float)
    if topology == "rectangular":
        return np.stack([column, row], axis=-1)
    return np.stack([column + row % 2 / 2, row * np.sqrt(3) / 2], axis=-1)


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(1, 7), columns=st.integers(1, 7), topology=st.sampled_from(["rectangular", "hexagonal"]))
def test_lines_join_just_the_units_that_are_one_apart_on_the_grid(rows, columns, topology):
    flat = places(rows, columns, topology).reshape(-1, 2)
    distances = np.linalg.norm(flat[:, None] - flat[None], axis=2)
    wanted = {tuple(pair) for pair in np.argwhere(np.triu(distances < 1.01, k=1)).tolist()}
    links = [tuple(pair) for pair in sheet_links(rows, columns, topology).tolist()]
    assert len(set(links)) == len(links)
    assert set(links) == wanted
    segments = plots.sheet_segments(flat.reshape(rows, columns, 2), topology)
    assert np.allclose(np.linalg.norm(segments[:, 0] - segments[:, 1], axis=1), 1)


@pytest.mark.parametrize(("topology", "touching"), [("rectangular", 4), ("hexagonal", 6)])
def test_round_the_edges_every_unit_is_joined_alike(topology, touching):
    links = sheet_links(6, 5, topology, True)
    assert (np.bincount(links.ravel(), minlength=30) == touching).all()


@pytest.mark.parametrize(("rows", "columns", "count"), [(1, 1, 0), (1, 2, 1), (1, 5, 5), (2, 2, 4)])
def test_small_sheets_that_go_round_have_no_line_twice(rows, columns, count):
    assert len(sheet_links(rows, columns, "rectangular", True)) == count


def test_a_drawn_sheet_is_seen_whole_and_moves_in_place():
    weights = 10 * np.random.default_rng(0).random((4, 3, 2))
    axes = plots.new_figure().add_subplot()
    sheet = plots.draw_sheet(axes, torch.tensor(weights), topology="hexagonal")
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert left <= weights[..., 0].min() and weights[..., 0].max() <= right
    assert bottom <= weights[..., 1].min() and weights[..., 1].max() <= top
    sheet.set_segments(plots.sheet_segments(weights + 1, "hexagonal"))
    fresh = plots.draw_sheet(axes, weights + 1, topology="hexagonal")
    assert np.allclose(sheet.get_segments(), fresh.get_segments())


@pytest.mark.parametrize("shape", [(12, 2), (4, 3, 3)])
def test_weights_that_are_no_sheet_in_the_plane_say_what_they_were(shape):
    with pytest.raises(ValueError, match=r"weights has shape .*choose two features"):
        plots.sheet_segments(np.zeros(shape))


def test_another_topology_is_refused():
    with pytest.raises(ValueError, match="topology was 'round'"):
        plots.draw_sheet(plots.new_figure().add_subplot(), np.zeros((2, 2, 2)), topology="round")
