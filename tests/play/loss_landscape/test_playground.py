"""The playground of the landscape: controls act at once or restart, and an objective can be left out."""

import re

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape.run import SCORES

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_real_score_moves_the_relativistic_curve_alone():
    playground = play.loss_landscape()
    before = playground.snapshot.curves
    playground.inputs["real_score"].value = -2.0
    for name, curve in playground.snapshot.curves.items():
        assert np.array_equal(curve.values, before[name].values) == (name != "relativistic")


def test_an_objective_that_is_not_ticked_is_neither_drawn_nor_said():
    playground = play.loss_landscape(wasserstein=False)
    drawing = playground._drawing
    assert "wasserstein" not in playground.said and len(drawing.lines[0][3].get_xdata()) == 0
    assert [text.get_text() for text in drawing.names] == [*OBJECTIVES[:3], "", "relativistic"]
    assert [key.get_visible() for key in drawing.keys] == [True, True, True, False, True]
    playground.inputs["wasserstein"].value = True
    assert "wasserstein" in playground.said and len(drawing.lines[0][3].get_xdata()) == len(SCORES)
    for name in OBJECTIVES:
        playground.inputs[name.replace("-", "_")].value = False
    tick(playground)
    assert "No objective is drawn: tick one." in playground.said


def test_the_rate_acts_while_it_runs_and_the_kept_walk_stays_where_it_stood():
    playground = play.loss_landscape(learning_rate=0.5)
    tick(playground, 4)
    stood = playground.snapshot.points["non-saturating"].score
    playground.keep_button.click()
    playground.inputs["learning_rate"].value = 2.0
    tick(playground, 4)
    now = playground.snapshot.points["non-saturating"].score
    drawing = playground._drawing
    assert now > stood and drawing.before[0][0].get_xdata()[0] == pytest.approx(stood)
    assert drawing.points[0][0].get_xdata()[0] == pytest.approx(now)
    assert "Kept, generator, from -6.00: Reached 0: least-squares (step 3)." in playground.said
    assert "learning rate 2 instead of 0.5" in playground.said
    playground.inputs["learning_rate"].value = 0.1
    assert playground.player.index == 4 and "Moved while it ran: learning rate." in playground.said


BAD = [
    (lambda: play.loss_landscape(score=-11), ValueError, "score was -11"),
    (lambda: play.loss_landscape(real_score="high"), TypeError, "real_score was 'high'"),
    (lambda: play.loss_landscape(whose="critic"), ValueError, "whose was 'critic'"),
    (lambda: play.loss_landscape(axis="logit"), ValueError, "axis was 'logit'"),
    (lambda: play.loss_landscape(minimax=1), TypeError, "minimax was 1; it must be True or False"),
    (lambda: play.loss_landscape(learning_rate=0), ValueError, "learning_rate was 0"),
    (lambda: play.loss_landscape(speed=51), ValueError, "speed was 51"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
