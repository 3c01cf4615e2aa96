"""The playground of a walk through a code: another recipe begins untrained, and characters can be one's own."""

import re
from statistics import NormalDist

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import play
from udl_teach.play.latent_walk.run import glyph_sets

UNTRAINED = {"trained": False, "latent_size": 4}


@pytest.mark.parametrize(("name", "value"), [("beta", 1.0), ("latent_size", 3), ("seed", 2), ("characters", "EX")])
def test_another_recipe_begins_untrained_and_play_then_learns(name, value):
    playground = play.latent_walk(latent_size=4)
    playground.inputs[name].value = value
    chosen = playground.settings()
    assert (chosen["trained"], chosen["play"], chosen[name]) == (False, "learn", value)
    assert playground.inputs["trained"].value is False and playground.snapshot.learned == 0
    assert playground.said.startswith("After 0 steps at beta")
    tick(playground)
    assert playground.snapshot.learned == 3
    assert ("character" in playground.snapshot.names) == (name == "characters")
    playground.inputs["trained"].value = True
    assert playground.snapshot.learned == 6 and playground.settings()["play"] == "walk"
    assert playground.settings()[name] == value


def test_two_sliders_never_stand_at_one_dimension_or_beyond_the_code():
    playground = play.latent_walk(**UNTRAINED)

    def at():
        chosen = playground.settings()
        assert (chosen["across"], chosen["up"]) == (playground.snapshot.across + 1, playground.snapshot.up + 1)
        assert (playground.inputs["across"].value, playground.inputs["up"].value) == (chosen["across"], chosen["up"])
        return chosen["across"], chosen["up"]

    playground.inputs["up"].value = 1
    assert at() == (2, 1)
    playground.inputs["across"].value = 1
    assert at() == (1, 2)
    playground.inputs["up"].value = 8
    assert at() == (1, 4)
    playground.inputs["across"].value = 3
    playground.inputs["latent_size"].value = 2
    assert sorted(at()) == [1, 2]
    assert "Something went wrong" not in playground.words.value


def test_characters_of_your_own_are_drawn_and_stand_in_the_list():
    playground = play.latent_walk("Qy", **UNTRAINED)
    assert playground.inputs["characters"].value == "Qy" and "E" in playground.inputs["characters"].options
    assert set(glyph_sets("Qy")[1].extras["character"]) == {"Q", "y"}


def test_the_point_follows_what_points_at_the_grid_whose_images_are_equally_likely():
    playground = play.latent_walk(**UNTRAINED, across=3, up=1)
    grid = playground._drawing.grid
    for kind, x, y in (("down", 0.5, 0.9), ("move", 0.1, 0.2), ("up", 0.001, 0.999)):
        touch(playground, kind, x, y, axes=grid.axes)
        chosen, now = playground.settings(), playground.snapshot
        wanted = [np.clip(NormalDist().inv_cdf(share), -2.5, 2.5) for share in (x, y)]
        assert [chosen["first"], chosen["second"]] == pytest.approx(wanted, abs=0.006)
        assert [now.code[2], now.code[0]] == [chosen["first"], chosen["second"]]
        assert [grid.point.get_xdata()[0], grid.point.get_ydata()[0]] == pytest.approx([x, y], abs=0.01)
    again = play.latent_walk(**chosen)
    assert again.said == playground.said and np.array_equal(again.snapshot.here, now.here)


def test_a_value_that_a_slider_counts_inexactly_is_the_one_that_it_shows():
    playground = play.latent_walk(**UNTRAINED)
    playground.inputs["first"].value = 0.8399999999999999
    assert playground.settings()["first"] == playground.inputs["first"].value == playground.snapshot.code[0] == 0.84


def test_a_row_that_is_touched_moves_its_dimension_also_beside_a_kept_run():
    playground = play.latent_walk(**UNTRAINED)
    playground.keep_button.click()
    rows, middle = playground._drawing.now, (29 * 7 + 1) / 2
    touch(playground, "down", middle + 29, 29 * 1.5, axes=rows.axes)
    assert playground.settings()["second"] == pytest.approx(2.5 / 3, abs=0.02)
    touch(playground, "down", middle - 29, 29 * 3.5, axes=rows.axes)
    chosen = playground.settings()
    assert chosen["across"] == 4 and chosen["first"] == pytest.approx(-2.5 / 3, abs=0.02) and chosen["up"] == 2
    line = rows.places.get_segments()[0]
    assert line[:, 0] == pytest.approx(middle - 29, abs=1) and line[:, 1].tolist() == [29 * 3, 29 * 4]
    touch(playground, "move", middle, 29 * 2.5, axes=rows.axes)  # a drag does not go from row to row
    touch(playground, "down", middle, 29 * 4.5, axes=rows.axes)  # below the last one
    touch(playground, "down", 9, 9, axes=playground._drawing.places[0])
    touch(playground, "down", middle, 20, axes=playground._drawing.before.axes)
    assert playground.settings() == chosen


BAD = [
    (lambda: play.latent_walk("ABCDEF"), ValueError, "characters was 'ABCDEF'; it must have at most 5"),
    (lambda: play.latent_walk("EE"), ValueError, "characters was 'EE'"),
    (lambda: play.latent_walk(5), TypeError, "characters was 5"),
    (lambda: play.latent_walk(latent_size=1), ValueError, "latent_size was 1"),
    (lambda: play.latent_walk(latent_size=9), ValueError, "latent_size was 9"),
    (lambda: play.latent_walk(beta=30), ValueError, "beta was 30"),
    (lambda: play.latent_walk(trained="yes"), TypeError, "trained was 'yes'; it must be True or False"),
    (lambda: play.latent_walk(play="dance"), ValueError, "play was 'dance'"),
    (lambda: play.latent_walk(image=0), ValueError, "image was 0"),
    (lambda: play.latent_walk(image=41), ValueError, "image was 41"),
    (lambda: play.latent_walk(across=2), ValueError, "up was 2, and across too"),
    (lambda: play.latent_walk(latent_size=4, up=5), ValueError, "up was 5; the code has 4 dimensions"),
    (lambda: play.latent_walk(first=3), ValueError, "first was 3"),
    (lambda: play.latent_walk(seed="a"), TypeError, "seed was 'a'"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
