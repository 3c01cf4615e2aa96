"""The run of the game: who moves when, slow motion, and what is noted along the way."""

import numpy as np
import pytest
import torch
from machinery.gan_game import game_of, same, weights
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.models import GAN
from udl_teach.play.gan_game.run import EMA, EVERY, HIDDEN
from udl_teach.play.gan_game.scene import FIRST, scene
from udl_teach.play.gan_game.snapshot import snapshot

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize(("discriminator_steps", "seed"), [(1, 5), (3, 0)])
def test_the_run_is_the_models_own_learning_to_the_last_bit_looked_at_or_not(discriminator_steps, seed):
    player, settings = game_of(discriminator_steps=discriminator_steps, generator_rate=0.002, seed=seed)
    for _ in range(25):
        player.advance(1)
        snapshot(player, settings)
    model = GAN(2, 2, HIDDEN, ema=EMA, seed=seed)
    rates = {"learning_rate": lambda _: 0.002, "discriminator_learning_rate": lambda _: 0.001}
    steps = model.steps(
        scene("ring", FIRST).x, epochs=None, discriminator_steps=discriminator_steps, seed=seed, **rates
    )
    own = [next(steps) for _ in range(25)]
    assert same(player.model.model, model)
    assert player.step.index == 25 and repr(player.step) == repr(own[-1])
    assert player.model.made == {"discriminator": 25, "generator": 25 // discriminator_steps}


def test_slow_motion_moves_one_player_at_a_time_in_three_phases():
    player, settings = game_of(discriminator_steps=2, slow=True)
    model, phases, movers = player.model.model, [], []
    for _ in range(18):
        before = {name: weights(getattr(model, name)) for name in ("discriminator", "generator")}
        player.advance(1)
        phases.append(player.model.phase)
        moved = [name[0] for name in before if not torch.equal(before[name], weights(getattr(model, name)))]
        movers.append("".join(moved))
        snapshot(player, settings)
    assert phases == 2 * ["D1", "D2", "D3", "D1", "D2", "D3", "G1", "G2", "G3"]
    assert movers == 2 * ["", "", "d", "", "", "d", "", "", "g"] and player.index == 6


@pytest.mark.parametrize("phases", range(8))
@pytest.mark.parametrize("hand", ["discriminator", "generator", "both"])
def test_a_hand_may_step_into_slow_motion_and_moves_its_player_once(hand, phases):
    player, settings = game_of(slow=True)
    player.advance(phases)
    run, made = player.model, dict(player.model.made)
    before = {name: weights(getattr(run.model, name)) for name in ("discriminator", "generator", "generator_ema")}
    run.hand = hand
    player.advance(1)
    movers = {"discriminator", "generator"} if hand == "both" else {hand}
    moved = {name for name in before if not torch.equal(before[name], weights(getattr(run.model, name)))}
    assert moved - {"generator_ema"} == movers and ("generator_ema" in moved) == ("generator" in movers)
    assert run.made == {name: made[name] + (name in movers) for name in made}
    assert run.hand is None and run.phase == {"discriminator": "D3", "generator": "G3", "both": "both"}[hand]
    settings["slow"] = False
    player.advance(1)
    assert run.phase == "play" and sum(run.made.values()) == sum(made.values()) + len(movers) + 2


def test_curves_and_notes_are_the_same_whatever_the_speed():
    runs = []
    for speed in (4, 20):
        playground = play.gan_game(speed=speed)
        tick(playground, 60 // speed)
        runs.append(playground.snapshot)
    one, other = runs
    assert one.losses[0].tolist() == one.shares[0].tolist() == [EVERY, 2 * EVERY, 3 * EVERY]
    assert np.array_equal(one.losses[1], other.losses[1]) and np.array_equal(one.shares[1], other.shares[1])
    assert (one.strength, one.path) == (other.strength, other.path)


def test_the_curves_are_the_mean_losses_and_the_mean_auc_of_the_steps():
    player, settings = game_of()
    steps = []
    for _ in range(2 * EVERY):
        player.advance(1)
        steps.append(player.step)
    now = snapshot(player, settings)
    for name, curve in zip(("discriminator", "generator", "auc"), (*now.losses[1], now.shares[1][0]), strict=True):
        values = [step.terms[name] for step in steps]
        assert np.allclose(curve, [np.mean(values[:EVERY]), np.mean(values[EVERY:])])


def test_a_setting_that_moves_nothing_leaves_the_run_as_it_is():
    one, _ = game_of()
    other, _ = game_of()
    one.advance(30)
    for _ in range(30):
        other.advance(1)
        other.model.take()
    assert same(one.model.model, other.model.model)


def test_a_way_there_and_back_is_long():
    player, settings = game_of()
    player.advance(1)
    run = player.model
    points = snapshot(player, settings).points
    run.notes.extend([points, points + 3.0])
    assert snapshot(player, settings).path == pytest.approx(2 * 3 * np.sqrt(2) / run.scene.radius)
