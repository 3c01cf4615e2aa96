"""The run of a walk: it walks to and fro, or learns."""

import numpy as np
import pytest
import torch
from machinery.playgrounds import tick

from udl_teach import play


def test_play_walks_to_and_fro_and_moves_the_slider_but_not_the_model():
    playground = play.latent_walk(latent_size=3, speed=10)
    assert playground.settings()["play"] == "walk" and playground.snapshot.learned == 6
    before = playground.snapshot.kl_each
    places = []
    for _ in range(18):
        tick(playground)
        places.append(playground.inputs["first"].value)
        assert playground.snapshot.code[0] == pytest.approx(places[-1])
    assert places == [*np.arange(1, 6) / 2, *np.arange(4, -6, -1) / 2, -2.0, -1.5, -1.0]
    assert playground.snapshot.learned == 6 and np.array_equal(playground.snapshot.kl_each, before)


def test_a_slider_that_was_moved_stays_and_the_walk_goes_on_from_there():
    playground = play.latent_walk(latent_size=3)
    playground.inputs["first"].value = 1.2
    assert playground.inputs["first"].value == playground.settings()["first"] == 1.2
    tick(playground)
    assert playground.inputs["first"].value == pytest.approx(1.35)
    playground.inputs["first"].value = -0.4
    tick(playground)
    assert playground.inputs["first"].value == pytest.approx(-0.25)
    playground.reset_button.click()
    assert playground.inputs["first"].value == 0.0


def test_play_learns_when_asked_to():
    playground = play.latent_walk(latent_size=3)
    playground.inputs["play"].value = "learn"
    kl = playground.snapshot.kl_each
    tick(playground, 2)
    assert playground.snapshot.learned == 12 and not np.array_equal(playground.snapshot.kl_each, kl)
    assert playground.inputs["first"].value == 0.0
    assert "After 12 steps at beta 4" in playground.said


def test_a_model_trained_first_is_the_one_that_play_trains_and_goes_on_as_it_does():
    first, watched = play.latent_walk(latent_size=3, play="learn", speed=1), None
    tick(first, 4)
    weights = {name: value.clone() for name, value in first.player.model.model.state_dict().items()}
    watched = play.latent_walk(latent_size=3, trained=False, speed=1)
    tick(watched, 10)
    assert watched.snapshot.learned == first.snapshot.learned == 10
    for name, value in watched.player.model.model.state_dict().items():
        assert torch.equal(value, weights[name])


def test_the_same_settings_walk_and_learn_the_same():
    looks = []
    for _ in range(2):
        playground = play.latent_walk("R", latent_size=3, beta=2.0, trained=False, seed=7)
        tick(playground, 3)
        playground.inputs["play"].value = "walk"
        tick(playground, 2)
        looks.append(playground.snapshot)
    assert np.array_equal(looks[0].grid, looks[1].grid) and np.array_equal(looks[0].shares, looks[1].shares)
    assert np.array_equal(looks[0].code, looks[1].code)
