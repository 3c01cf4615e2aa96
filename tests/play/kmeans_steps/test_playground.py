"""The playground of k-means."""

import pytest
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play import view

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_kmeans_rests_when_nothing_moves_and_the_timer_stops():
    playground = play.kmeans_steps()
    tick(playground, 100)
    assert playground.player.finished and "Finished" in playground.said
    assert playground.play.max == playground.play.value
    playground.inputs["n_clusters"].value = 6
    assert playground.play.max == view.FOR_EVER and len(playground.player.model.centres) == 6
