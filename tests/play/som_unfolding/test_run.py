"""The run of a map: radius and rate that fall or are held by hand."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import play

pytestmark = pytest.mark.usefixtures("nothing_left_open")
SMALL = {"rows": 6, "columns": 5}


@pytest.mark.parametrize(("rule", "falls"), [("batch", 60), ("online", 20 * 400)])
def test_radius_and_rate_fall_by_the_same_factor_a_step_until_their_end(rule, falls):
    run = play.som_unfolding(**SMALL, rule=rule).player.model
    assert run.radius(0) == 3.0 and run.rate(0) == 0.5
    assert run.radius(falls) == run.radius(2 * falls) == pytest.approx(0.7)
    assert run.radius(falls // 2) == pytest.approx(np.sqrt(3.0 * 0.7))
    assert run.rate(falls // 2) == pytest.approx(np.sqrt(0.5 * 0.02))


def test_a_hand_on_the_radius_is_felt_in_the_next_step_and_ends_the_falling():
    playground = play.som_unfolding(**SMALL)
    tick(playground)
    index = playground.player.index
    fallen = playground.player.model.rate(index)
    playground.inputs["radius"].value = 1.5
    assert playground.inputs["falling"].value is False
    assert playground.inputs["learning_rate"].value == pytest.approx(fallen, abs=0.0051)  # no jump of the other
    shown = playground._drawing.now.units.get_array()
    row, column = np.indices((6, 5))
    unit = playground.snapshot.unit
    apart = (row - unit // 5) ** 2 + (column - unit % 5) ** 2
    assert np.allclose(shown, np.exp(-apart / (2 * 1.5**2)).ravel(), atol=1e-5)  # seen before the next step
    playground.step_button.click()
    assert playground.player.index == index + 1
    assert playground.player.step.terms["radius"] == 1.5
    playground.inputs["learning_rate"].value = 0.33
    playground.step_button.click()
    assert playground.player.step.terms["learning_rate"] == 0.33
    assert "held by hand" in playground.said and "Moved while it ran: radius" in playground.said


def test_falling_switched_off_holds_and_switched_on_falls_from_there():
    playground = play.som_unfolding(**SMALL, rule="batch")
    tick(playground, 20)
    fallen = playground.player.model.radius(20)
    playground.inputs["falling"].value = False
    assert playground.inputs["radius"].value == pytest.approx(fallen, abs=0.051)
    held = playground.inputs["radius"].value
    tick(playground, 5)
    assert playground.player.step.terms["radius"] == held
    playground.inputs["radius"].value = 2.5
    playground.inputs["falling"].value = True
    tick(playground)
    assert playground.player.step.terms["radius"] == 2.5
    tick(playground)
    assert 2.4 < playground.player.step.terms["radius"] < 2.5


def test_the_curves_are_noted_at_the_same_steps_whatever_the_speed():
    curves = []
    for speed in (5, 60):
        playground = play.som_unfolding(**SMALL, speed=speed)
        tick(playground, 120 // speed)
        curves.append(playground.snapshot)
        assert playground.player.index == 120
    assert np.array_equal(curves[0].epochs, curves[1].epochs)
    assert curves[0].epochs.tolist() == [step / 400 for step in (20, 40, 60, 80, 100, 120, 120)]
    assert np.array_equal(curves[0].quantization, curves[1].quantization)
    assert np.array_equal(curves[0].topographic, curves[1].topographic)
