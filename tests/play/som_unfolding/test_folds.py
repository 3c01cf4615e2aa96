"""Does a sheet lie flat?"""

import numpy as np
import pytest

from udl_teach.play.som_unfolding.words import crossings, turned_cells

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def flat(rows, columns):
    row, column = np.indices((rows, columns)).astype(float)
    return np.stack([column, row], axis=-1)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_flat_sheet_has_no_cell_turned_over_whichever_side_is_up(turn):
    assert turned_cells(flat(4, 6) * [turn, 1]) == (0, 15)


def test_a_sheet_folded_along_a_column_has_the_cells_beyond_it_turned_over():
    sheet = flat(4, 8)
    sheet[..., 0] = np.abs(sheet[..., 0] - 2)
    assert turned_cells(sheet) == (2 * 3, 7 * 3)


def test_crossings_of_a_chain_are_counted_and_neighbours_do_not_cross():
    assert crossings(np.array([[0, 0], [1, 0], [1, 1], [0, 1]])) == 0
    assert crossings(np.array([[0, 0], [2, 2], [2, 0], [0, 2]])) == 1
    assert crossings(np.array([[0, 0], [4, 0], [4, 1], [3, -1], [2, 1], [1, -1]])) == 3
    assert crossings(np.zeros((1, 2))) == 0
