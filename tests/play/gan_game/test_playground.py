"""The playground of the game: buttons and controls are felt in the game that goes on."""

import re

import numpy as np
import pytest
import torch
from machinery.gan_game import game_of, same, weights
from machinery.playgrounds import tick, touch

from udl_teach import play
from udl_teach.models import GAN
from udl_teach.play.gan_game.flow import PHASES
from udl_teach.play.gan_game.playground import EMA, SLOW
from udl_teach.play.gan_game.run import HIDDEN
from udl_teach.play.gan_game.scene import POINTS, parse

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_another_loss_is_seen_at_once_while_the_generator_s_move_is_on_its_way():
    playground = play.gan_game(slow=True)
    tick(playground, 3)
    assert playground.player.model.phase == "D3"
    before = playground.snapshot
    playground.inputs["objective"].value = "least-squares"
    assert playground.snapshot.scaled != before.scaled and "Map: the score itself" in playground.said
    assert not np.array_equal(playground.snapshot.arrows, before.arrows)


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
    assert PHASES[phase].says in playground.said
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
        ("least-squares", 0.0, "the score itself"),
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
    ],
)
def test_what_needs_another_network_or_other_data_restarts(name, value, has):
    playground = play.gan_game()
    tick(playground)
    playground.inputs[name].value = value
    assert playground.player.index == 0 and has(playground.player.model.model)
    tick(playground)
    assert playground.player.index == 5 and "Something went wrong" not in playground.words.value


@pytest.mark.parametrize("size", [1, 5])
def test_the_latent_size_changes_while_it_runs_and_all_else_stays(size):
    playground = play.gan_game()
    tick(playground, 4)
    run, before = playground.player.model, playground.snapshot
    generator, discriminator = run.model.generator.state_dict(), weights(run.model.discriminator)
    picture = playground.png
    playground.inputs["latent_size"].value = size
    model, kept = run.model, min(size, 2)
    assert playground.player.model is run and playground.player.index == 20 and playground.png != picture
    assert model.latent_size == size and model.latent(3).shape == (3, size)
    assert torch.equal(weights(model.discriminator), discriminator)
    first, *others = model.generator.state_dict()
    assert torch.equal(model.generator.state_dict()[first][:, :kept], generator[first][:, :kept])
    assert all(torch.equal(model.generator.state_dict()[name], generator[name]) for name in others)
    assert np.array_equal(run.z[:, :kept], game_of()[0].model.z[:, :kept]) and run.z.shape[1] == size
    assert playground.snapshot.ema is False and "Moved while it ran: latent size." in playground.said
    assert np.hypot(*(playground.snapshot.points - before.points).T).mean() < 1
    moving = weights(model.generator)
    tick(playground)
    assert playground.player.index == 25 and not torch.equal(weights(model.generator), moving)
    assert "Something went wrong" not in playground.words.value
    playground.reset_button.click()
    fresh = GAN(2, size, HIDDEN, ema=EMA, seed=0)
    assert same(playground.player.model.model, fresh)


def test_before_the_first_step_another_latent_size_is_another_start():
    playground = play.gan_game()
    playground.inputs["latent_size"].value = 6
    tick(playground, 2)
    chosen = playground.player.model.model
    other = play.gan_game(latent_size=6)
    tick(other, 2)
    assert same(chosen, other.player.model.model)


def test_the_latent_size_may_change_at_every_phase_of_slow_motion():
    for phases in (2, 3, 6):
        playground = play.gan_game(slow=True)
        tick(playground, phases)
        playground.inputs["latent_size"].value = 3
        for button in ("step-d", "step-g", "step-both"):
            playground.buttons[button].click()
        tick(playground, 4)
        assert "Something went wrong" not in playground.words.value


def test_the_ema_generator_is_shown_when_it_is_asked_for():
    playground = play.gan_game()
    tick(playground, 4)
    run, playing = playground.player.model, playground.snapshot
    playground.inputs["ema"].value = True
    assert np.array_equal(playground.snapshot.points, run.model.generate(run.z, ema=True))
    assert not np.array_equal(playground.snapshot.points, playing.points)
    assert not np.array_equal(playground.snapshot.sheet, playing.sheet)
    assert playground.snapshot.note.modes == playing.note.modes and "those of the EMA generator" in playground.said


def test_slow_motion_sets_the_pace_of_play_and_lets_it_go_again():
    playground = play.gan_game(speed=10)
    assert playground.play.interval == 50
    playground.inputs["slow"].value = True
    assert playground.play.interval == SLOW
    tick(playground, 3)
    assert playground.player.index == 1 and "3 of 3: it alone moves" in playground.said
    playground.inputs["slow"].value = False
    assert playground.play.interval == 50
    tick(playground)  # the first of ten ends the step that is under way
    assert playground.player.index == 10 and "both play in turn" in playground.said


def test_sliders_move_the_picked_cluster_while_the_game_goes_on():
    playground = play.gan_game("composed")
    tick(playground, 2)
    before = playground.snapshot.real.copy()
    playground.inputs["cluster"].value = 3
    assert playground.inputs["cluster_y"].value == 0.8
    playground.inputs["cluster_x"].value = 1.2
    playground.inputs["cluster_spread"].value = 0.2
    assert playground.player.index == 10
    assert parse(playground.settings()["clusters"])[2] == (1.2, 0.8, 0.2, 1.0)
    assert playground.inputs["clusters"].value == playground.settings()["clusters"]
    assert np.allclose(playground.snapshot.centres[2], [1.2, 0.8])
    moved = (playground.snapshot.real != before).any(axis=1)
    assert 0.2 < moved.mean() < 0.45  # a third of the points belong to it, the others stay where they were
    middle = playground.player.model.scene.x[(playground.player.model.scene.x[:, 1] > 0.2)].mean(axis=0)
    assert np.allclose(middle, [1.2, 0.8], atol=0.06)
    weight = playground.player.model.scene.weights.copy()
    playground.inputs["cluster_weight"].value = 5.0
    assert playground.player.model.scene.weights.tolist() == [weight[0], weight[1], 5.0]
    playground.inputs["count"].value = 5
    assert len(playground.snapshot.centres) == 5 and " of 5 modes" in playground.said
    playground.inputs["count"].value = 2
    assert playground.inputs["cluster"].value == 2 and len(playground.snapshot.centres) == 2
    tick(playground)
    assert playground.player.index == 15


def test_what_was_found_of_other_clusters_is_not_called_lost():
    playground = play.gan_game("composed", clusters=[(0, 0, 0.5, 1)], speed=50)
    tick(playground, 3)
    assert playground.snapshot.most == 1
    playground.inputs["clusters"].value = "1.5 1.5 0.02 1; -1.5 -1.5 0.02 1; 1.5 -1.5 0.02 1"
    assert (
        playground.snapshot.note.found < 1 and playground.snapshot.most == 0 and "Losing ground" not in playground.said
    )
    tick(playground)  # notes of the clusters that were count no more
    assert playground.snapshot.course.lasting == 3 and playground.snapshot.most == 0


def test_the_text_of_the_clusters_moves_the_sliders_and_nonsense_is_refused_in_a_sentence():
    playground = play.gan_game("composed")
    playground.inputs["clusters"].value = "0 0 0.3 1; 1 1 0.1 2"
    assert playground.inputs["count"].value == 2 and playground.inputs["cluster_spread"].value == 0.3
    for text, says in (("0 0 0.3", "four numbers"), ("9 0 0.1 1", "x 9; it must lie"), ("a b c d", "'a b c d'")):
        playground.inputs["clusters"].value = text
        assert says in playground.said
        assert playground.settings()["clusters"] == playground.inputs["clusters"].value == "0 0 0.3 1; 1 1 0.1 2"
    tick(playground)
    assert playground.player.index == 5


def test_the_sliders_of_clusters_are_there_only_for_clusters_and_are_not_settings():
    playground = play.gan_game()
    playground.more.value = True
    handles = {"clusters", "count", "cluster", "cluster_x", "cluster_y", "cluster_spread", "cluster_weight"}

    def hidden():
        return {name for name, panel in playground._panels.items() if panel.layout.display == "none"}

    assert hidden() == handles
    playground.inputs["data"].value = "composed"
    assert hidden() == set()
    assert set(playground.settings()) & handles == {"clusters"}


def test_a_press_chooses_a_cluster_and_a_drag_moves_it_while_the_run_goes_on():
    playground = play.gan_game("composed", clusters="-0.8 -0.5 0.1 1; 0.8 -0.5 0.1 2")
    tick(playground)
    index = playground.player.index
    touch(playground, "down", 0.9, -0.6)
    assert playground.inputs["cluster"].value == 2 and playground.inputs["cluster_weight"].value == 2
    touch(playground, "move", 0.5, 0.4)
    assert playground.settings()["clusters"] == "-0.8 -0.5 0.1 1; 0.4 0.5 0.1 2"
    assert playground.inputs["cluster_x"].value == 0.4
    assert np.allclose(playground.snapshot.centres, [(-0.8, -0.5), (0.4, 0.5)])
    tick(playground)
    touch(playground, "up", 2.1, 0.4)  # as far as the sliders go
    assert parse(playground.settings()["clusters"])[1][:2] == (1.5, 0.5)
    assert playground.player.index == 2 * index and "Moved while it ran: clusters" in playground.said
    for _ in range(2):  # far from both, then with other data
        before = playground.settings()
        for kind, x in (("down", -0.8), ("move", 0.0), ("up", 0.3)):
            touch(playground, kind, x, 1.5)
        assert playground.settings() == before
        playground.inputs["data"].value = "ring"


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
    (lambda: play.gan_game(clusters=3), TypeError, "clusters was 3"),
    (lambda: play.gan_game(clusters=[(0, 0, 0.1)]), ValueError, "clusters holds '0 0 0.1'"),
    (lambda: play.gan_game(clusters=[(0, 0, 9, 1)]), ValueError, "clusters has spread 9"),
    (lambda: play.gan_game(clusters=[(0, 0, 0.1, 1)] * 10), ValueError, "clusters holds 10 clusters"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
