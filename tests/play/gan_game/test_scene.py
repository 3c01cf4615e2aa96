"""What the two players play about, and how much of it is found."""

import numpy as np
import pytest

from udl_teach import metrics
from udl_teach.play.gan_game.scene import CLUSTERS, FIRST, POINTS, SHOWN, scene


def test_clusters_are_rows_or_text():
    assert CLUSTERS.checked("clusters", [(0, 0, 0.1, 1), np.array([1, 0.5, 0.2, 2])]) == "0 0 0.1 1; 1 0.5 0.2 2"
    assert CLUSTERS.read(FIRST) == [[-0.8, -0.5, 0.1, 1.0], [0.8, -0.5, 0.1, 1.0], [0.0, 0.8, 0.1, 1.0]]


@pytest.mark.parametrize("name", ["ring", "grid", "moons", "spiral", "two clusters", "composed"])
def test_every_set_lies_in_its_box_with_its_modes(name):
    shown = scene(name, FIRST)
    assert shown.x.shape == (POINTS, 2) and shown.x.dtype == np.float32
    for axis, (low, high) in enumerate(shown.box):
        assert low < shown.x[:, axis].min() and shown.x[:, axis].max() < high
    assert (len(shown.modes) == 0) == (name in ("moons", "spiral"))
    modes, share, quality = shown.found(shown.x[::-1][:1000])
    assert len(modes) == len(shown.modes) and modes.all()
    assert quality > (0.97 if len(modes) else 0.9) and share == (1 if len(modes) else quality)


def test_what_is_found_is_what_the_metrics_measure():
    made = np.random.default_rng(1).normal(0.5, 0.3, (1000, 2)).astype(np.float32)
    ring, moons = scene("ring", ""), scene("moons", "")
    expected = metrics.mode_coverage(made, ring.modes[:, :2], 0.05)
    modes, share, quality = ring.found(made)
    assert modes.sum() == expected.modes == 8 * share and quality == expected.high_quality
    covered = metrics.prdc(moons.x[:SHOWN], made[:SHOWN], k=5).coverage
    assert moons.found(made)[1:] == (covered, covered) and 0 < covered < 1
