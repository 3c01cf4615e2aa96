"""The playground of deep clustering."""

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import metrics, play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_a_dragged_centre_moves_and_the_run_goes_on():
    playground = play.cluster_codes()
    tick(playground, 2)
    index, centre = playground.player.index, playground.snapshot.centres[1]
    touch(playground, "down", *centre)
    touch(playground, "move", *(centre + 0.2))
    touch(playground, "up", *(centre + 0.3))
    assert np.allclose(playground.snapshot.centres[1], centre + 0.3, atol=0.02)
    assert playground.player.index == index and playground.inputs["dragged"].value == ""
    tick(playground)
    assert playground.player.index > index


def test_weights_and_interval_act_while_it_runs():
    playground = play.cluster_codes(update_interval=200, speed=1)
    tick(playground, 3)
    target = playground.player.model.target
    playground.inputs["clustering"].value = 0.0
    playground.inputs["update_interval"].value = 1
    tick(playground)
    assert playground.player.index == 4 and not np.array_equal(playground.player.model.target, target)
    terms, loss = playground.player.step.terms, playground.player.step.loss
    assert loss == pytest.approx(terms["reconstruction"])


def test_a_collapse_is_announced_and_accuracy_is_the_metrics():
    playground = play.cluster_codes()
    model = playground.player.model
    assert f"accuracy {100 * metrics.clustering_accuracy(model.dataset.labels, model.labels):.1f} %" in playground.said
    assert "Collapse" not in playground.said
    # All other centres are dragged far away; what is said is of the clusters as they then are.
    for number in range(1, 4):
        playground.inputs["dragged"].value = f"{number} 50 {50 + number}"
    assert playground.said.startswith("Collapse: one cluster holds 100.0 %")
    assert "accuracy 25.0 %" in playground.said


def test_noise_has_no_accuracy():
    assert "noise that has no groups" in play.cluster_codes("noise").said
