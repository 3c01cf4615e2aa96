"""What the two players play about: sets in the plane, and clusters of one's own."""

import numpy as np
import pytest
from machinery.gan_game import SETTINGS

from udl_teach import metrics
from udl_teach.play.gan_game.scene import FIRST, POINTS, parse, resized, scene, written

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_clusters_are_rows_or_text_and_new_ones_stand_apart():
    assert written([(0, 0, 0.1, 1), np.array([1, 0.5, 0.2, 2])]) == "0 0 0.1 1; 1 0.5 0.2 2"
    assert parse(written(FIRST)) == [(-0.8, -0.5, 0.1, 1.0), (0.8, -0.5, 0.1, 1.0), (0.0, 0.8, 0.1, 1.0)]
    nine = np.array(resized(parse("0 0 0.1 1"), 9))
    assert parse(written(nine)) and np.array_equal(nine[0], [0, 0, 0.1, 1])
    apart = np.linalg.norm(nine[:, None, :2] - nine[None, :, :2], axis=-1)
    assert apart[~np.eye(9, dtype=bool)].min() > 0.3


@pytest.mark.parametrize("name", ["ring", "grid", "moons", "spiral", "two clusters", "composed"])
def test_every_set_lies_in_its_box_with_its_modes(name):
    shown = scene(SETTINGS | {"data": name})
    assert shown.x.shape == (POINTS, 2) and shown.x.dtype == np.float32
    for axis, (low, high) in enumerate(shown.box):
        assert low < shown.x[:, axis].min() and shown.x[:, axis].max() < high
    assert (shown.centres is None) == (name in ("moons", "spiral"))
    if shown.centres is not None:
        found = metrics.mode_coverage(shown.x, shown.centres, shown.sd, weights=shown.weights)
        assert found.modes == len(shown.centres) and found.high_quality > 0.97 and found.reverse_kl < 0.02
