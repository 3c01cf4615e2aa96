"""The playground of the sheet: another rule restarts, and points of one's own can be chosen."""

import re

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import data, play
from udl_teach.play.som_unfolding.run import MEASURED

SMALL = {"rows": 6, "columns": 5}
pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_another_rule_restarts_at_its_own_speed_and_a_chosen_speed_stays():
    playground = play.som_unfolding(**SMALL, speed=7)
    tick(playground, 2)
    playground.inputs["seed"].value = 3
    assert playground.player.index == 0 and playground.inputs["speed"].value == 7
    playground.inputs["rule"].value = "batch"
    assert playground.inputs["speed"].value == 1
    playground.inputs["speed"].value = 2
    tick(playground)
    assert playground.player.index == playground.inputs["speed"].value == 2
    playground.inputs["rule"].value = "online"
    assert playground.inputs["speed"].value == 25


@pytest.mark.parametrize(("rows", "columns"), [(1, 12), (12, 1), (1, 1), (2, 2)])
def test_chains_and_single_units_work_under_both_rules(rows, columns):
    for rule in ("online", "batch"):
        playground = play.som_unfolding(data="spiral", rows=rows, columns=columns, rule=rule)
        tick(playground, 3)
        assert "Something went wrong" not in playground.words.value
        assert ("The chain" in playground.said) == (min(rows, columns) == 1)


def test_your_own_points_can_be_chosen_beside_the_sets():
    x = np.random.default_rng(0).normal(5, 1, (5001, 2))
    x.setflags(write=False)
    playground = play.som_unfolding(x, **SMALL)
    assert playground.settings()["data"] == "yours"
    tick(playground)
    assert len(playground.snapshot.x) <= MEASURED and np.isin(playground.snapshot.x, x.astype(np.float32)).all()
    playground.inputs["data"].value = "ring"
    assert len(playground.snapshot.x) == 400
    playground.inputs["data"].value = "yours"
    assert playground.player.model.x.shape == (5001, 2)


def test_a_grid_that_cannot_be_closed_is_said_and_the_run_goes_on():
    playground = play.som_unfolding(rows=5, columns=5, topology="hexagonal")
    playground.inputs["wrap"].value = True
    assert "rows was 5" in playground.said and "even number of rows" in playground.said
    assert playground.inputs["wrap"].value is False and playground.settings()["wrap"] is False
    tick(playground)
    assert playground.player.index == 25


BAD = [
    (lambda: play.som_unfolding(data="cube"), ValueError, "data was 'cube'"),
    (lambda: play.som_unfolding(data="yours"), ValueError, "data was 'yours'"),
    (lambda: play.som_unfolding(np.zeros((9, 3))), ValueError, "x has 3 columns"),
    (lambda: play.som_unfolding(data.moons(50)), TypeError, "x was a Dataset"),
    (lambda: play.som_unfolding(rule="both"), ValueError, "rule was 'both'"),
    (lambda: play.som_unfolding(rows=21), ValueError, "rows was 21"),
    (lambda: play.som_unfolding(wrap="yes"), TypeError, "wrap was 'yes'; it must be True or False"),
    (lambda: play.som_unfolding(radius=-1), ValueError, "radius was -1"),
    (lambda: play.som_unfolding(learning_rate=2), ValueError, "learning_rate was 2"),
    (lambda: play.som_unfolding(rows=5, topology="hexagonal", wrap=True), ValueError, "rows was 5"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
