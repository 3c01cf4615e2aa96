"""The playground of a walk through a code: another recipe begins untrained, and characters can be one's own."""

import re

import pytest
from machinery.playgrounds import tick

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
    assert "Before it has learned" in playground.said
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
