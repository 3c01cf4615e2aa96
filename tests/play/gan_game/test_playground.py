"""The playground of the game: buttons and controls are felt in the game that goes on."""

import re

import numpy as np
import pytest
import torch
from machinery.gan_game import weights
from machinery.playgrounds import tick, touch

from udl_teach import play
from udl_teach.play.gan_game.flow import PHASES
from udl_teach.play.gan_game.playground import SLOW
from udl_teach.play.gan_game.scene import CLUSTERS, POINTS, SHOWN

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize(
    ("button", "movers"),
    [("step-d", ["discriminator"]), ("step-g", ["generator"]), ("step-both", ["discriminator", "generator"])],
)
def test_a_button_moves_its_player_and_leaves_the_other_as_it_is(button, movers):
    playground = play.gan_game(discriminator_steps=5)
    tick(playground)
    model = playground.player.model.model
    before = {name: weights(getattr(model, name)) for name in ("discriminator", "generator")}
    picture, index = playground.png, playground.player.index
    playground.buttons[button].click()
    moved = [name for name in before if not torch.equal(before[name], weights(getattr(model, name)))]
    assert moved == movers and playground.player.index == index + 1
    assert playground.png != picture
    phase = {"step-d": "D3", "step-g": "G3", "step-both": "both"}[button]
    assert PHASES[phase][0] in playground.said
    playground.step_button.click()
    assert playground.player.model.turn(0) == "discriminator"  # the hand was for one step


def test_reset_and_the_same_presses_play_the_same_game_bit_for_bit():
    playground = play.gan_game(seed=4, cure="packing 2", batch_size=64)

    def moves():
        for name in ("step-d", "step-g", "step-both"):
            playground.buttons[name].click()
        tick(playground, 5)
        return playground.png, weights(playground.player.model.model)

    picture, first = moves()
    playground.reset_button.click()
    again, second = moves()
    assert torch.equal(first, second) and picture == again
    playground.keep_button.click()
    assert moves()[1].equal(first) and "All settings of the run are the same." in playground.said


def adam(playground, player):
    return playground.player.model._state.optimizers[player].param_groups[0]["lr"]


def test_rates_turns_and_penalty_are_felt_in_the_next_step():
    playground = play.gan_game()
    tick(playground)
    playground.inputs["generator_rate"].value = 0.02
    playground.inputs["discriminator_rate"].value = 0.004
    playground.step_button.click()
    assert adam(playground, "generator") == pytest.approx(0.02)
    assert adam(playground, "discriminator") == pytest.approx(0.004)
    assert playground.player.step.terms["penalty"] == 0
    playground.inputs["penalty"].value = 3.0
    playground.step_button.click()
    assert playground.player.step.terms["penalty"] > 0
    made = dict(playground.player.model.made)
    playground.inputs["discriminator_steps"].value = 4
    tick(playground, 8)
    assert playground.player.model.made == {
        "discriminator": made["discriminator"] + 40,
        "generator": made["generator"] + 10,
    }
    assert playground.player.index == made["discriminator"] + 40  # nothing restarted


def test_another_loss_is_played_at_once_and_brings_its_penalty():
    playground = play.gan_game()
    tick(playground)
    for objective, penalty, says in (
        ("wasserstein", 10.0, "the score, scaled"),
        ("relativistic", 1.0, "the score, scaled"),
        ("least-squares", 0.0, "the score, scaled"),
        ("minimax", 0.0, "probability of real."),
    ):
        index = playground.player.index
        playground.inputs["objective"].value = objective
        assert playground.player.index == index and playground.player.model.model.objective == objective
        assert playground.inputs["penalty"].value == playground.settings()["penalty"] == penalty
        assert says in playground.said
        playground.step_button.click()
        assert playground.player.index == index + 1


def test_the_batch_grows_while_it_runs_and_the_next_pass_has_fewer_steps():
    playground = play.gan_game(batch_size=256)
    tick(playground)
    before = weights(playground.player.model.model)
    playground.inputs["batch_size"].value = 16
    assert playground.player.index == 5 and torch.equal(before, weights(playground.player.model.model))
    tick(playground)
    assert playground.player.index == 10
    assert playground.player.model._state.batches_per_epoch == POINTS // 16


@pytest.mark.parametrize(
    ("name", "value", "has"),
    [
        ("cure", "packing 4", lambda model: model.packing == 4),
        ("cure", "spectral norm", lambda model: model.spectral_norm),
        ("data", "moons", lambda model: True),
        ("seed", 7, lambda model: model.seed == 7),
        ("latent_size", 5, lambda model: model.latent(3).shape == (3, 5)),
    ],
)
def test_what_needs_another_network_or_other_data_restarts(name, value, has):
    playground = play.gan_game()
    tick(playground)
    playground.inputs[name].value = value
    assert playground.player.index == 0 and has(playground.player.model.model)
    tick(playground)
    assert playground.player.index == 5 and "Something went wrong" not in playground.words.value


def test_the_ema_generator_is_shown_when_it_is_asked_for():
    playground = play.gan_game()
    tick(playground, 4)
    run, playing = playground.player.model, playground.snapshot
    playground.inputs["ema"].value = True
    assert np.array_equal(playground.snapshot.points, run.model.generate(run.z[:SHOWN], ema=True))
    assert not np.array_equal(playground.snapshot.points, playing.points)
    assert not np.array_equal(playground.snapshot.sheet, playing.sheet)
    assert playground.snapshot.found[1] == playing.found[1] and "those of the EMA generator" in playground.said


def test_slow_motion_sets_the_pace_of_play_and_lets_it_go_again():
    playground = play.gan_game(speed=10)
    assert playground.play.interval == 50
    playground.inputs["slow"].value = True
    assert playground.play.interval == SLOW
    tick(playground, 3)
    assert playground.player.index == 1 and "discriminator's half, 3 of 3: it alone moves" in playground.said
    playground.inputs["slow"].value = False
    assert playground.play.interval == 50
    tick(playground)
    assert playground.player.index == 11 and "both play in turn" in playground.said


def test_the_text_of_the_clusters_moves_them_while_the_game_goes_on_and_nonsense_is_refused_in_a_sentence():
    playground = play.gan_game("composed")
    tick(playground, 2)
    before = playground.snapshot.scene.x
    playground.inputs["clusters"].value = "-0.8 -0.5 0.1 1; 0.8 -0.5 0.1 1; 1.2 0.8 0.2 1"
    scene = playground.snapshot.scene
    assert playground.player.index == 10 and scene.modes[2].tolist() == [1.2, 0.8, 0.2, 1]
    assert 0.2 < (scene.x != before).any(axis=1).mean() < 0.45  # a third of the points; the others stay where they were
    assert np.allclose(scene.x[scene.x[:, 1] > 0.2].mean(axis=0), [1.2, 0.8], atol=0.06)
    playground.inputs["clusters"].value = "0 0 0.3 1; 1 1 0.1 2"
    assert " of 2 modes" in playground.said
    for text, says in (
        ("0 0 0.3", "4 numbers"),
        ("9 0 0.1 1", "x 9; it must lie"),
        ("a b c d", "'a b c d'"),
        ("", "''"),
    ):
        playground.inputs["clusters"].value = text
        assert says in playground.said
        assert playground.settings()["clusters"] == playground.inputs["clusters"].value == "0 0 0.3 1; 1 1 0.1 2"
    tick(playground)
    assert playground.player.index == 15


def test_the_clusters_are_in_sight_only_where_they_are_played_with():
    playground = play.gan_game()
    playground.more.value = True
    panel = playground._panels["clusters"].layout
    assert panel.display == "none"
    playground.inputs["data"].value = "composed"
    assert panel.display is None


def test_a_press_takes_a_cluster_and_a_drag_moves_it_while_the_run_goes_on():
    playground = play.gan_game("composed", clusters="-0.8 -0.5 0.1 1; 0.8 -0.5 0.1 2")
    tick(playground)
    index = playground.player.index
    touch(playground, "down", 0.9, -0.6)
    touch(playground, "move", 0.5, 0.4)
    assert playground.settings()["clusters"] == "-0.8 -0.5 0.1 1; 0.4 0.5 0.1 2"
    assert np.allclose(playground.snapshot.scene.modes[:, :2], [(-0.8, -0.5), (0.4, 0.5)])
    tick(playground)
    touch(playground, "up", 2.1, 0.4)  # as far as the clusters may lie
    assert CLUSTERS.read(playground.settings()["clusters"])[1][:2] == [1.5, 0.5]
    assert playground.player.index == 2 * index and "Moved while it ran: clusters" in playground.said


def test_a_press_where_no_cluster_is_makes_one_and_none_where_there_are_enough_or_other_data():
    playground = play.gan_game("composed", clusters="-0.8 -0.5 0.1 1")
    for number in range(1, 12):
        for kind, x in (("down", -1.2), ("move", -1.1), ("up", 0.25 * number - 1)):
            touch(playground, kind, x, 1.4)
    rows = CLUSTERS.read(playground.settings()["clusters"])
    assert len(rows) == CLUSTERS.most and rows[1] == [-0.75, 1.4, 0.1, 1.0] and rows[8] == [1, 1.4, 0.1, 1.0]
    playground.inputs["data"].value = "ring"
    before = playground.settings()
    for kind, x in (("down", -0.8), ("move", 0.0), ("up", 0.3)):
        touch(playground, kind, x, -0.5)
    assert playground.settings() == before


BAD = [
    (lambda: play.gan_game("circle"), ValueError, "data was 'circle'"),
    (lambda: play.gan_game(objective="hinge"), ValueError, "objective was 'hinge'"),
    (lambda: play.gan_game(generator_rate=0), ValueError, "generator_rate was 0"),
    (lambda: play.gan_game(discriminator_rate=1), ValueError, "discriminator_rate was 1"),
    (lambda: play.gan_game(discriminator_steps=0), ValueError, "discriminator_steps was 0"),
    (lambda: play.gan_game(batch_size=100), ValueError, "batch_size was 100; it must be one of 16, 32"),
    (lambda: play.gan_game(latent_size=17), ValueError, "latent_size was 17"),
    (lambda: play.gan_game(penalty=-1), ValueError, "penalty was -1"),
    (lambda: play.gan_game(cure="magic"), ValueError, "cure was 'magic'"),
    (lambda: play.gan_game(ema=1), TypeError, "ema was 1"),
    (lambda: play.gan_game(slow="yes"), TypeError, "slow was 'yes'"),
    (lambda: play.gan_game(clusters=3), TypeError, "clusters was int"),
    (lambda: play.gan_game(clusters=[(0, 0, 0.1)]), ValueError, "clusters holds '0 0 0.1'"),
    (lambda: play.gan_game(clusters=[(0, 0, 9, 1)]), ValueError, "clusters has spread 9"),
    (lambda: play.gan_game(clusters=[(0, 0, 0.1, 1)] * 10), ValueError, "clusters holds 10 clusters"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
