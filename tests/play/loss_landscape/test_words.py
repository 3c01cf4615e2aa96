"""What is said of the landscape."""

import re

import pytest
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play.loss_landscape.run import ON_GENERATED

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_words_say_who_is_saturated_and_who_is_at_the_bottom():
    playground = play.loss_landscape(score=-6.0)
    assert "score -6.00, so D = 0.0025; the real ones 3.00" in playground.said
    assert "minimax loss 0.00, slope -0.0025;" in playground.said
    assert "non-saturating loss 6.00, slope -1;" in playground.said
    assert re.search(r"Saturated, [^:]*: minimax 0\.25 %\.", playground.said) and "At the bottom" not in playground.said
    playground.inputs["score"].value = 7.5
    assert "Nobody is saturated. At the bottom, where little is left to win: non-saturating, relativistic." in (
        playground.said
    )
    playground.inputs["whose"].value = ON_GENERATED
    assert "Nobody is saturated." in playground.said and "At the bottom" not in playground.said


def test_who_begins_where_the_loss_leads_has_nothing_to_cross():
    playground = play.loss_landscape(score=4.0)
    tick(playground, 5)
    assert "All began at 0 or above, where this loss leads." in playground.said and "eached" not in playground.said
    playground.inputs["whose"].value = ON_GENERATED
    tick(playground, 1)
    assert "Nobody reached 0 in 1 step." in playground.said
