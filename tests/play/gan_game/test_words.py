"""What is said of the game: on runs that are provoked, and on snapshots made by hand."""

import dataclasses

import numpy as np
import pytest
from machinery.gan_game import game_of

from udl_teach.play.gan_game.run import EVERY
from udl_teach.play.gan_game.snapshot import snapshot
from udl_teach.play.gan_game.words import happening, words


def provoked(steps, **settings):
    player, settings = game_of(**settings)
    player.advance(steps)
    return snapshot(player, settings)


def test_nobody_has_moved_yet():
    assert "Nobody has moved yet" in words(provoked(0))


def test_a_discriminator_that_wins_is_named_with_its_vanished_gradient():
    now = provoked(400, data="two clusters", objective="minimax", discriminator_rate=0.01, discriminator_steps=20)
    assert words(now).startswith(f"The discriminator wins (AUC {now.auc:.2f}): its gradient is 0.0")
    assert now.strength < 0.05


def test_the_loss_that_does_not_saturate_keeps_its_gradient_where_minimax_loses_it():
    now = provoked(400, data="two clusters", discriminator_rate=0.01, discriminator_steps=20)
    assert "wins" not in words(now) and now.strength > 0.05


def test_a_generator_faster_than_its_discriminator_collapses_and_runs_from_place_to_place():
    now = provoked(1000, generator_rate=0.002, discriminator_rate=0.0005)
    assert words(now).startswith(f"Mode collapse: {now.found[0].sum()} of 8 modes") and "It moves: in the" in words(now)
    assert now.found[1] <= 0.5 and now.path > 6 and now.spread < 0.5


def test_a_collapse_that_stays_is_named():
    now = provoked(1200, objective="minimax", discriminator_rate=0.01, generator_rate=0.001, discriminator_steps=5)
    assert words(now).startswith(f"Mode collapse: {now.found[0].sum()} of 8 modes") and "It moves" not in words(now)


@pytest.mark.parametrize(("data", "settled"), [("ring", 1200), ("two clusters", 900)])
def test_a_healthy_run_comes_to_a_balance_without_an_alarm(data, settled):
    player, settings = game_of(data=data)
    for _ in range(settled // 100):
        player.advance(100)
        now = snapshot(player, settings)
        assert not happening(now).startswith(("Mode collapse", "Oscillation", "The discriminator wins"))
    assert happening(now).startswith("Balanced: ") and now.found[2] > 0.5


def test_points_that_lie_everywhere_are_not_praised_for_the_modes_they_hit():
    player, settings = game_of()
    for hand in ("discriminator", "generator"):
        for _ in range(200):
            player.model.hand = hand
            player.advance(1)
        said = words(snapshot(player, settings))
        other = {"discriminator": "generator", "generator": "discriminator"}[hand]
        assert said.startswith(f"The {hand} moves alone, 200 times since the {other} last moved: ")
        assert hand == "generator" or "the discriminator is sure" in said
    now = snapshot(player, settings)
    assert now.found[0].sum() > 4 and now.found[2] < 0.1


@pytest.fixture(scope="module")
def still():
    """A snapshot of a game that goes on, with every number at rest, and the way to change some of them."""
    player, settings = game_of()
    player.advance(EVERY)
    resting = snapshot(player, settings)

    def made(*, modes=8, share=None, quality=0.6, alone=(0, 0), **more):
        filled = np.zeros(0, dtype=bool) if modes is None else np.arange(8) < modes
        numbers = {"index": 1200, "auc": 0.75, "strength": 0.5, "spread": 1.0, "path": 1.0} | more
        numbers["settings"] = resting.settings | more.get("settings", {})
        found = (filled, modes / 8 if share is None else share, quality if share is None else share)
        alone = dict(zip(("discriminator", "generator"), alone, strict=True))
        return dataclasses.replace(resting, found=found, alone=alone, **numbers)

    return made


CASES = [
    (
        {},
        "8 of 8 modes, 60 % of points on them; the discriminator is ahead (AUC 0.75), and its gradient is 0.50 of the",
    ),
    (
        {"strength": 1.0, "modes": 1, "quality": 0.1},
        "1 of 8 modes, 10 % of points on them; the discriminator is ahead (AUC 0.75), and its gradient is the largest ",
    ),
    (
        {"auc": 0.65},
        "Balanced: 8 of 8 modes, 60 % of points on them, and the discriminator is a little ahead (AUC 0.65)",
    ),
    ({"auc": 0.3}, "Balanced: 8 of 8 modes, 60 % of points on them, and the discriminator is fooled (AUC 0.30)."),
    ({"auc": 0.5, "quality": 0.3}, "8 of 8 modes, 30 % of points on them; the discriminator is at chance"),
    ({"modes": 2, "spread": 0.2, "quality": 0.1}, "Mode collapse: 2 of 8 modes, 10 % of points on them; the discrim"),
    ({"modes": 2, "quality": 0.4}, "Mode collapse: 2 of 8 modes, 40 % of points on them; the discriminator is ahead"),
    ({"modes": 2, "quality": 0.1}, "2 of 8 modes, 10 % of points on them; the discriminator"),  # on their way
    ({"modes": 2, "spread": 0.2, "index": 200}, "2 of 8 modes, 60 % of points on them; the discriminator"),  # too early
    ({"modes": 2, "spread": 0.2, "path": 12.0}, "Mode collapse: 2 of 8 modes"),
    ({"path": 12.0}, "Oscillation: in the last 300 steps the points went 12.0 times the data's radius and came to no"),
    ({"path": 12.0, "index": 600}, "8 of 8 modes, 60 % of points on them; "),  # every game begins so
    (
        {"auc": 1.0, "strength": 0.01},
        "The discriminator wins (AUC 1.00): its gradient is 0.01 of the largest so far, so",
    ),
    ({"alone": (60, 0)}, "The discriminator moves alone, 60 times since the generator last moved: 8 of 8 modes, 60 %"),
    ({"alone": (0, 60)}, "The generator moves alone, 60 times since the discriminator last moved: 8 of 8 modes, 60 %"),
    ({"alone": (20, 0), "settings": {"discriminator_steps": 20}}, "8 of 8 modes, 60 % of points on them; "),  # in turns
    ({"modes": None, "share": 0.5}, "50 % of the real points covered; the discriminator is ahead"),
    (
        {"modes": None, "share": 0.8, "auc": 0.5},
        "Balanced: 80 % of the real points covered, and the discriminator is at",
    ),
    ({"modes": None, "share": 0.1, "spread": 0.2}, "Mode collapse: 10 % of the real points covered; "),
    ({"modes": None, "share": 0.1}, "10 % of the real points covered; "),
]


@pytest.mark.parametrize(("numbers", "says"), CASES)
def test_a_situation_is_named_by_its_numbers(still, numbers, says):
    assert words(still(**numbers)).startswith(says)


def test_few_are_not_called_none_and_moves_are_counted(still):
    said = words(dataclasses.replace(still(quality=0.002), made={"discriminator": 1200, "generator": 1}))
    assert "Step 1,200; moves: 1,200 of the discriminator, 1 of the generator. " in said
    assert "0.2 % of points on them" in said
