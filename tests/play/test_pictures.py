"""The squares that the playgrounds of pictures show."""

import numpy as np
import pytest

from udl_teach import data
from udl_teach.play import pictures

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_squares_lie_inside_their_photographs_at_every_seed():
    found = data.unseen_photos()
    for seed in (0, 1, 2):
        for name, square in pictures.photographs(192, seed=seed).items():
            windows = np.lib.stride_tricks.sliding_window_view(found[name][0], (192, 192))[:, :, 0, 0]
            places = np.argwhere(windows == square[0, 0, 0])
            assert any(np.array_equal(found[name][0, r : r + 192, c : c + 192], square[0]) for r, c in places)
    halved = pictures.photographs(64, 2)["camera"]
    assert halved.shape == (1, 64, 64)
    whole = pictures.photographs(128)["camera"]
    assert halved[0, 5, 7] == pytest.approx(whole[0, 10:12, 14:16].mean(), abs=1e-6)
