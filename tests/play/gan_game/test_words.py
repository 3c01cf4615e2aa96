"""What is said of the game: on runs that are provoked, and on snapshots made by hand."""

import dataclasses
import re

import numpy as np
import pytest
from machinery.gan_game import game_of

from udl_teach.play.gan_game.measure import Course
from udl_teach.play.gan_game.run import EVERY
from udl_teach.play.gan_game.snapshot import snapshot
from udl_teach.play.gan_game.words import happening, situation, words

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def provoked(steps, **settings):
    player, settings = game_of(**settings)
    player.advance(steps)
    return snapshot(player, settings)


def test_first_steps_are_called_that():
    assert "Nobody has moved yet" in words(provoked(0))
    assert words(provoked(30)).startswith("First steps: ")


def test_a_discriminator_that_wins_is_named_with_its_vanished_gradient():
    now = provoked(400, data="two clusters", objective="minimax", discriminator_rate=0.01, discriminator_steps=20)
    assert situation(now) == "wins"
    share = re.search(r"its gradient is ([\de.-]+) of what it was", words(now))
    assert (
        float(share[1]) == pytest.approx(now.note.gradient_norm / now.largest_norm, rel=0.6) and float(share[1]) < 0.05
    )


def test_the_loss_that_does_not_saturate_keeps_its_gradient_where_minimax_loses_it():
    now = provoked(400, data="two clusters", discriminator_rate=0.01, discriminator_steps=20)
    assert situation(now) != "wins" and now.note.gradient_norm > 0.05 * now.largest_norm


def test_a_generator_faster_than_its_discriminator_collapses_and_runs_from_place_to_place():
    now = provoked(600, generator_rate=0.002, discriminator_rate=0.0005)
    assert situation(now) == "turning"
    assert words(now).startswith(f"Mode collapse that turns: {now.note.modes} of 8 modes")
    assert now.note.modes <= 4 and now.course.path > 4 and now.course.spread < 0.5


def test_a_collapse_that_stays_is_named():
    now = provoked(
        1000, objective="minimax", discriminator_rate=0.01, generator_rate=0.001, discriminator_steps=5, seed=0
    )
    assert situation(now) == "collapse"
    assert f"Mode collapse: {now.note.modes} of 8 modes, the discriminator" in words(now)


@pytest.mark.parametrize(("data", "settled"), [("ring", 1200), ("two clusters", 900)])
def test_a_healthy_run_swings_learns_and_comes_to_a_balance_without_an_alarm(data, settled):
    player, settings = game_of(data=data)
    named = []
    for _ in range(settled // 100):
        player.advance(100)
        now = snapshot(player, settings)
        named.append(situation(now))
        assert now.note.gradient_norm <= now.largest_norm
    assert set(named) <= {"swinging", "learning", "balanced", "stalled"} and named[-1] != "swinging"
    assert {"swinging", "learning"} & set(named[:4]) and now.note.high_quality > 0.5


def test_points_that_lie_everywhere_are_not_praised_for_the_modes_they_hit():
    player, settings = game_of()
    for hand in ("discriminator", "generator"):
        for _ in range(200):
            player.model.hand = hand
            player.advance(1)
        said = words(snapshot(player, settings))
        if hand == "discriminator":
            assert said.startswith("The discriminator moves alone, 200 times since the generator last moved: ")
            assert "the discriminator is sure" in said
    now = snapshot(player, settings)
    assert now.note.modes > 4 and now.note.high_quality < now.chance  # so many modes, and worse than at random
    assert situation(now) == "scattered"
    assert said.startswith(f"Scattered: the generated points hit {now.note.modes} of 8 modes by chance, with ")
    assert "when thrown at random)" in said and "The generator has moved 200 times against" in said


def test_players_that_are_both_too_fast_run_to_and_fro_and_are_not_called_learning():
    now = provoked(1000, data="grid", discriminator_rate=0.005, generator_rate=0.005, seed=2)
    assert now.course.path > 8 and now.course.path_before > 8
    assert situation(now) in ("oscillation", "turning", "swinging")


@pytest.fixture(scope="module")
def still():
    """A snapshot of a game that goes on, with every number at rest, and the way to change some of them."""
    player, settings = game_of()
    player.advance(EVERY)
    resting = snapshot(player, settings)

    def made(*, index=1200, moves=1200, alone=(0, 0), most=1.0, largest_norm=1.0, modes=8, **more):
        filled = np.arange(8) < modes
        note = {"auc": 0.65, "gradient_norm": 0.5, "spread": 1.0, "high_quality": 0.6, "modes": modes, "filled": filled}
        course = {"lasting": 15, "path": 1.0, "apart": 0.5, "gained": 0.6, "path_before": 1.0, "gained_before": 0.3}
        course |= {"found": modes / 8, "quality": more.get("high_quality", 0.6), "spread": more.get("spread", 1.0)}
        note |= {name: more.pop(name) for name in list(note) if name in more}
        course |= more
        return dataclasses.replace(
            resting,
            index=index,
            made={"discriminator": index, "generator": moves},
            note=dataclasses.replace(resting.note, found=modes / 8, **note),
            course=Course(**course),
            chance=0.1,
            alone=dict(zip(("discriminator", "generator"), alone, strict=True)),
            largest_norm=largest_norm,
            most=most,
        )

    return made


TO_AND_FRO = {"path": 12.0, "apart": 0.5}
CASES = [
    ("learning", {}, "Learning: 8 of 8 modes, 60 % of the points on them; the discriminator is a little ahead"),
    ("learning", {"largest_norm": 0.5}, "and its gradient is the largest so far."),
    ("learning", {"gradient_norm": 0.25}, "and its gradient is 0.25 of the largest so far."),
    ("stalled", {"auc": 0.8, "gained_before": 0.6}, "60 % on average over the last 300 steps and 60 % over as"),
    ("balanced", {"gained_before": 0.6}, "Balanced: 8 of 8 modes, 60 % of the points on them"),
    ("balanced", {"auc": 0.3}, "and the discriminator is fooled (AUC 0.30)"),
    ("learning", {"auc": 0.5, "high_quality": 0.3}, "and its gradient"),
    (
        "lost",
        {"modes": 3, "most": 0.625, "high_quality": 0.2},
        "Losing ground: 3 of 8 modes, after 5 before; the discriminator sees it",
    ),
    ("learning", {"modes": 5, "found": 1.0}, "5 of 8 modes"),  # one note alone is not lost ground
    ("learning", {"modes": 7, "most": 1.0}, "7 of 8 modes"),
    ("collapse", {"modes": 2, "spread": 0.2}, "Mode collapse: 2 of 8 modes, the discriminator sees it"),
    ("learning", {"modes": 2, "spread": 0.2, "moves": 50, "most": 0.25}, "2 of 8 modes"),  # it has hardly begun
    ("turning", {"modes": 2, "spread": 0.2, **TO_AND_FRO}, "Mode collapse that turns: 2 of 8 modes"),
    ("swinging", {**TO_AND_FRO, "path_before": None, "gained_before": None}, "have not settled: in the last 300 steps"),
    ("swinging", {**TO_AND_FRO, "path_before": 15.0, "gained_before": 0.6}, "Swinging: "),  # it dies down
    ("swinging", {**TO_AND_FRO, "path_before": 12.0, "gained_before": 0.5}, "Swinging: "),  # and this one gains
    ("swinging", {**TO_AND_FRO, "path_before": 2.0, "gained_before": 0.6}, "Swinging: "),  # it has only begun to
    ("swinging", {"lasting": 5, "path": 5.0, "apart": 0.5}, "in the last 100 steps the points went 5.0 times"),
    ("oscillation", {**TO_AND_FRO, "path_before": 12.0, "gained_before": 0.6}, "Oscillation: the generator runs after"),
    ("learning", {"path": 12.0, "apart": 11.0}, "Learning: "),  # far, but never back
    ("scattered", {"high_quality": 0.09, "auc": 0.2}, "hit 8 of 8 modes by chance, with 9 % of them on a mode"),
    (
        "beside",
        {"high_quality": 0.03, "modes": 2},
        "Beside the data: 2 of 8 modes, 3 % of the points on them (10 % whe",
    ),
    ("wins", {"auc": 1.0, "gradient_norm": 0.01}, "its gradient is 0.01 of what it was"),
    ("alone", {"alone": (60, 0)}, "The discriminator moves alone, 60 times since the generator last moved: 8 of 8"),
    ("alone", {"alone": (0, 60)}, "The generator moves alone, 60 times since the discriminator last moved: 8 of 8"),
    ("early", {"moves": 2}, "First steps: 8 of 8 modes, 60 % of the points on them; the discriminator has an AUC"),
]


@pytest.mark.parametrize(("name", "numbers", "says"), CASES)
def test_a_situation_is_named_by_its_numbers(still, name, numbers, says):
    now = still(**numbers)
    assert situation(now) == name and says in words(now)


def test_real_points_that_are_covered_are_lost_in_per_cent_and_compared_with_chance(still):
    bare = {"modes": None, "high_quality": None, "filled": np.zeros(0, dtype=bool)}
    seen = still()

    def said(covered, **course):
        note = dataclasses.replace(seen.note, covered=covered, found=covered, **bare)
        course = dataclasses.replace(seen.course, quality=covered, found=covered, **course)
        return happening(dataclasses.replace(seen, note=note, course=course, chance=0.4, most=0.8))

    assert said(0.5).startswith("Losing ground: 50 % of the real points covered, after 80 % before; ")
    assert said(0.3).startswith("Beside the data: 30 % of the real points covered (40 % when thrown at random); ")
    assert said(0.7).startswith("Learning: 70 % of the real points covered; ")


def test_a_game_that_has_come_to_rest_is_called_balanced():
    now = provoked(1200, generator_rate=0.003, discriminator_rate=0.003)
    assert situation(now) == "balanced"
    assert re.match(r"Balanced: 8 of 8 modes, \d\d % of the points on them, and the discr", words(now))


def test_few_are_not_called_none_and_moves_are_counted_in_words():
    now = provoked(0)
    seen = dataclasses.replace(now.note, high_quality=0.002)
    said = words(dataclasses.replace(now, index=1, made={"discriminator": 1, "generator": 0}, note=seen))
    assert "Step 1: 1 move of the discriminator, 0 of the generator. " in said
    assert "0.2 % of the generated points are within" in said
    said = words(dataclasses.replace(now, index=1200, made={"discriminator": 1200, "generator": 1}, note=seen))
    assert "Step 1,200: 1,200 moves of the discriminator, 1 of the generator. " in said
