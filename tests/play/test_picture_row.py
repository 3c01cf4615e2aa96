"""A row of pictures."""

import numpy as np
import pytest

from udl_teach.play import picture_row

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_differences_are_about_middle_grey():
    one = np.full((4, 4), 0.25)
    assert np.array_equal(picture_row.difference(one, one), np.full((4, 4), 0.5))
    assert picture_row.difference(one + 0.1, one) == pytest.approx(0.8)
