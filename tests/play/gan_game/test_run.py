"""The run of the game: who moves when, slow motion, and what is noted along the way."""

import numpy as np
import pytest
import torch
from machinery.gan_game import game_of, same, weights
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.models import GAN
from udl_teach.play.gan_game.run import EVERY, HIDDEN
from udl_teach.play.gan_game.scene import scene
from udl_teach.play.gan_game.snapshot import snapshot

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize(("discriminator_steps", "seed"), [(1, 5), (3, 0)])
def test_the_run_is_the_models_own_learning_to_the_last_bit_looked_at_or_not(discriminator_steps, seed):
    player, settings = game_of(discriminator_steps=discriminator_steps, generator_rate=0.002, seed=seed)
    for _ in range(25):
        player.advance(1)
        snapshot(player, settings)
    model = GAN(2, 2, HIDDEN, seed=seed)
    rates = {"learning_rate": lambda _: 0.002, "discriminator_learning_rate": lambda _: 0.001}
    steps = model.steps(scene(settings).x, epochs=None, discriminator_steps=discriminator_steps, seed=seed, **rates)
    own = [next(steps) for _ in range(25)]
    assert same(player.model.model, model)
    assert player.step.index == 25 and repr(player.step) == repr(own[-1])
    assert player.model.made == {"discriminator": 25, "generator": 25 // discriminator_steps}


def test_slow_motion_shows_every_half_in_three_phases_and_changes_nothing_in_the_run():
    fast, _ = game_of(discriminator_steps=2)
    fast.advance(2)
    slow, settings = game_of(discriminator_steps=2, slow=True)
    generator = weights(slow.model.model.generator)
    phases, moved = [], []
    for _ in range(9):
        slow.advance(1)
        phases.append(slow.model.phase)
        moved.append(not torch.equal(weights(slow.model.seen.generator), generator))
        snapshot(slow, settings)
    assert phases == ["D1", "D2", "D3", "D1", "D2", "D3", "G1", "G2", "G3"]
    assert moved == [False] * 8 + [True]  # the discriminator has moved, the generator is still to be seen as it was
    assert slow.index == 2 and same(slow.model.model, fast.model.model)


@pytest.mark.parametrize("phases", range(8))
@pytest.mark.parametrize("hand", ["discriminator", "generator", "both"])
def test_a_hand_may_step_into_slow_motion_and_moves_its_player_once_as_it_is_seen(hand, phases):
    player, settings = game_of(slow=True, ema=0.9)
    player.advance(phases)
    run, made = player.model, dict(player.model.made)
    before = {name: weights(getattr(run.seen, name)) for name in ("discriminator", "generator", "generator_ema")}
    run.hand = hand
    player.advance(1)
    movers = {"discriminator", "generator"} if hand == "both" else {hand}
    moved = {name for name in before if not torch.equal(before[name], weights(getattr(run.seen, name)))}
    assert moved - {"generator_ema"} == movers and ("generator_ema" in moved) == ("generator" in movers)
    assert run.made == {name: made[name] + (name in movers) for name in made}
    assert run.seen is run.model and run.hand is None
    assert run.phase == {"discriminator": "D3", "generator": "G3", "both": "both"}[hand]
    settings["slow"] = False
    player.advance(1)
    assert run.phase == "play" and sum(run.made.values()) == sum(made.values()) + len(movers) + 2


def test_slow_motion_may_be_left_at_every_phase():
    for phases in range(1, 8):
        player, settings = game_of(slow=True)
        player.advance(phases)
        settings["slow"] = False
        player.advance(1)
        assert player.model.phase == "play" and player.model.seen is player.model.model
        fast, _ = game_of()
        fast.advance(player.index)
        assert same(player.model.model, fast.model.model) and player.model.made == fast.model.made


def test_curves_and_notes_are_the_same_whatever_the_speed():
    runs = []
    for speed in (4, 20):
        playground = play.gan_game(speed=speed)
        tick(playground, 60 // speed)
        runs.append(playground.snapshot)
    one, other = runs
    assert one.noted.tolist() == [EVERY, 2 * EVERY, 3 * EVERY]
    assert all(np.array_equal(one.curves[name], other.curves[name]) for name in one.curves)
    assert (one.largest_norm, one.course) == (other.largest_norm, other.course)


def test_the_curves_are_the_mean_losses_of_the_players():
    player, settings = game_of()
    steps = []
    for _ in range(2 * EVERY):
        player.advance(1)
        steps.append(player.step)
    now = snapshot(player, settings)
    for name in ("discriminator", "generator"):
        losses = [step.terms[name] for step in steps]
        assert np.allclose(now.curves[name], [np.mean(losses[:EVERY]), np.mean(losses[EVERY:])])
