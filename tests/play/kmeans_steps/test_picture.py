"""The picture of k-means."""

import pytest

from udl_teach import play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_what_kmeans_says_in_its_picture_stands_beside_the_points():
    playground = play.kmeans_steps("ring", n_clusters=8, init="random")
    for kept in (False, True):
        panel = playground._drawing.now
        said, picture = panel.says.get_window_extent(), panel.axes.figure.bbox
        assert not said.overlaps(panel.axes.get_window_extent())
        assert picture.y0 <= said.y0 and said.x1 <= picture.x1
        if not kept:
            playground.keep_button.click()
