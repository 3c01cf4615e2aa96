"""A map beside the truth: what is measured, said and pressed."""

import numpy as np
import pytest
from machinery.playgrounds import tick
from scipy.spatial.distance import pdist

from udl_teach import play
from udl_teach.play.map_lies.run import DATA, METHODS, structure
from udl_teach.play.view import Touch

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("name", DATA)
def test_distances_are_in_units_of_their_mean(name):
    known = structure(name)
    pairs = np.triu_indices(len(known.x), 1)
    assert np.allclose(known.distances[pairs], pdist(known.x) / pdist(known.x).mean(), atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_both_methods_draw_a_wide_cluster_like_a_narrow_one(method):
    playground = play.map_lies("spread", method=method, speed=20)
    tick(playground, 15)
    (true_a, drawn_a), (true_b, drawn_b) = playground.snapshot.sizes
    assert true_b > 6 * true_a and drawn_b < 2 * drawn_a
    assert f"A {true_a:.2f} drawn {drawn_a:.2f}" in playground.said


def test_sizes_are_distances_from_the_centre():
    playground = play.map_lies("spread")
    known = structure("spread")
    narrow = known.x[known.groups == 0]
    spread = np.sqrt(((narrow - narrow.mean(axis=0)) ** 2).sum(axis=1).mean())
    assert playground.snapshot.sizes[0, 0] == pytest.approx(spread / pdist(known.x).mean(), rel=1e-4)


def test_pressing_chooses_the_pair_and_a_knob_acts_while_it_runs():
    playground = play.map_lies("noise")
    tick(playground, 3)
    drawing, index = playground._drawing, playground.player.index
    x, y = drawing.now.groups[0].get_offsets()[77]
    playground._touched(Touch("down", drawing.now.axes, x, y))
    assert playground.settings()["second"] == 77 and "Points 1 and 77" in playground.said
    playground.inputs["perplexity"].value = 5
    tick(playground)
    assert playground.player.index == index + 2
    assert "Clumping" in playground.said


def test_the_minimum_distance_is_there_for_umap_alone():
    playground = play.map_lies()
    assert "min_dist" in playground._hides(playground._settings)
    assert "min_dist" not in playground._hides(playground._settings | {"method": "UMAP"})


def test_the_kept_map_is_told():
    playground = play.map_lies("circle", start_from="pca")
    tick(playground, 2)
    playground.keep()
    assert playground.player.index == 0 and "The kept map (t-SNE, step 4)" in playground.said
