"""The game of two players: what is drawn and said is what they do, one at a time or in turn, and a hand is felt."""

import dataclasses
import re

import numpy as np
import pytest
import torch
from machinery.playgrounds import pixels, tick

from udl_teach import metrics, play
from udl_teach.models import GAN
from udl_teach.play import Player, game, game_look, game_measure, game_panel, game_picture, game_words
from udl_teach.play.game_flow import PHASES
from udl_teach.play.game_run import EVERY, HIDDEN, GameRun
from udl_teach.play.game_scene import FIRST, POINTS, parse, resized, scene, written

pytestmark = pytest.mark.usefixtures("nothing_left_open")

SETTINGS = {
    "data": "ring",
    "clusters": FIRST,
    "seed": 0,
    "objective": "non-saturating",
    "generator_rate": 0.001,
    "discriminator_rate": 0.001,
    "discriminator_steps": 1,
    "batch_size": 128,
    "penalty": 0.0,
    "averaged": False,
    "slow": False,
}


def game_of(**more):
    """A player without widgets, and its settings."""
    average = more.pop("average", 0.0)
    settings = SETTINGS | more

    def start():
        rules = {"objective": settings["objective"], "average": average, "seed": settings["seed"]}
        run = GameRun(GAN(2, 2, HIDDEN, **rules), scene(settings), settings)
        return run, run.steps()

    return Player(start), settings


def weights(model):
    return torch.cat([value.detach().flatten().double() for value in model.state_dict().values()])


def same(one, other):
    return torch.equal(weights(one), weights(other))


# -- the run ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("discriminator_steps", "seed"), [(1, 5), (3, 0)])
def test_the_run_is_the_models_own_learning_to_the_last_bit_looked_at_or_not(discriminator_steps, seed):
    player, settings = game_of(discriminator_steps=discriminator_steps, generator_rate=0.002, seed=seed)
    for _ in range(25):
        player.advance(1)
        game_look.look(player, settings)
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
        game_look.look(slow, settings)
    assert phases == ["D1", "D2", "D3", "D1", "D2", "D3", "G1", "G2", "G3"]
    assert moved == [False] * 8 + [True]  # the discriminator has moved, the generator is still to be seen as it was
    assert slow.index == 2 and same(slow.model.model, fast.model.model)


@pytest.mark.parametrize("phases", range(8))
@pytest.mark.parametrize("hand", ["discriminator", "generator", "both"])
def test_a_hand_may_step_into_slow_motion_and_moves_its_player_once_as_it_is_seen(hand, phases):
    player, settings = game_of(slow=True, average=0.9)
    player.advance(phases)
    run, made = player.model, dict(player.model.made)
    before = {name: weights(getattr(run.seen, name)) for name in ("discriminator", "generator", "averaged")}
    run.hand = hand
    player.advance(1)
    movers = {"discriminator", "generator"} if hand == "both" else {hand}
    moved = {name for name in before if not torch.equal(before[name], weights(getattr(run.seen, name)))}
    assert moved - {"averaged"} == movers and ("averaged" in moved) == ("generator" in movers)
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


def test_another_loss_is_seen_at_once_while_the_generator_s_move_is_on_its_way():
    playground = play.gan_game(slow=True)
    tick(playground, 3)
    assert playground.player.model.phase == "D3"
    before = playground.look
    playground.inputs["objective"].value = "least-squares"
    assert playground.look.scaled != before.scaled and "Map: the score itself" in playground.said
    assert not np.array_equal(playground.look.pulls, before.pulls)


def test_curves_and_notes_are_the_same_whatever_the_speed():
    runs = []
    for speed in (4, 20):
        playground = play.gan_game(speed=speed)
        tick(playground, 60 // speed)
        runs.append(playground.look)
    one, other = runs
    assert one.noted.tolist() == [EVERY, 2 * EVERY, 3 * EVERY]
    assert all(np.array_equal(one.curves[name], other.curves[name]) for name in one.curves)
    assert (one.strongest, one.course) == (other.strongest, other.course)


def test_the_curves_are_the_mean_losses_of_the_players():
    player, settings = game_of()
    steps = []
    for _ in range(2 * EVERY):
        player.advance(1)
        steps.append(player.step)
    look = game_look.look(player, settings)
    for name in ("discriminator", "generator"):
        losses = [step.terms[name] for step in steps]
        assert np.allclose(look.curves[name], [np.mean(losses[:EVERY]), np.mean(losses[EVERY:])])


# -- buttons ----------------------------------------------------------------------------------------------------------


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


# -- controls ---------------------------------------------------------------------------------------------------------


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
    run, before = playground.player.model, playground.look
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
    assert playground.look.averaged is False and "Moved while it ran: latent size." in playground.said
    assert np.hypot(*(playground.look.points - before.points).T).mean() < 1
    moving = weights(model.generator)
    tick(playground)
    assert playground.player.index == 25 and not torch.equal(weights(model.generator), moving)
    assert "Something went wrong" not in playground.words.value
    playground.reset_button.click()
    fresh = GAN(2, size, HIDDEN, average=game.AVERAGE, seed=0)
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


def test_the_averaged_generator_is_shown_when_it_is_asked_for():
    playground = play.gan_game()
    tick(playground, 4)
    run, playing = playground.player.model, playground.look
    playground.inputs["averaged"].value = True
    assert np.array_equal(playground.look.points, run.model.generate(run.z, averaged=True))
    assert not np.array_equal(playground.look.points, playing.points)
    assert not np.array_equal(playground.look.sheet, playing.sheet)
    assert playground.look.now.modes == playing.now.modes and "averaged generator's" in playground.said


def test_slow_motion_sets_the_pace_of_play_and_lets_it_go_again():
    playground = play.gan_game(speed=10)
    assert playground.play.interval == 50
    playground.inputs["slow"].value = True
    assert playground.play.interval == game.SLOW
    tick(playground, 3)
    assert playground.player.index == 1 and "3 of 3: it alone moves" in playground.said
    playground.inputs["slow"].value = False
    assert playground.play.interval == 50
    tick(playground)  # the first of ten ends the step that is under way
    assert playground.player.index == 10 and "both play in turn" in playground.said


# -- clusters of one's own --------------------------------------------------------------------------------------------


def test_sliders_move_the_picked_cluster_while_the_game_goes_on():
    playground = play.gan_game("composed")
    tick(playground, 2)
    before = playground.look.real.copy()
    playground.inputs["cluster"].value = 3
    assert playground.inputs["cluster_y"].value == 0.8
    playground.inputs["cluster_x"].value = 1.2
    playground.inputs["cluster_spread"].value = 0.2
    assert playground.player.index == 10
    assert parse(playground.settings()["clusters"])[2] == (1.2, 0.8, 0.2, 1.0)
    assert playground.inputs["clusters"].value == playground.settings()["clusters"]
    assert np.allclose(playground.look.centres[2], [1.2, 0.8])
    moved = (playground.look.real != before).any(axis=1)
    assert 0.2 < moved.mean() < 0.45  # a third of the points belong to it, the others stay where they were
    middle = playground.player.model.scene.x[(playground.player.model.scene.x[:, 1] > 0.2)].mean(axis=0)
    assert np.allclose(middle, [1.2, 0.8], atol=0.06)
    weight = playground.player.model.scene.weights.copy()
    playground.inputs["cluster_weight"].value = 5.0
    assert playground.player.model.scene.weights.tolist() == [weight[0], weight[1], 5.0]
    playground.inputs["count"].value = 5
    assert len(playground.look.centres) == 5 and " of 5 modes" in playground.said
    playground.inputs["count"].value = 2
    assert playground.inputs["cluster"].value == 2 and len(playground.look.centres) == 2
    tick(playground)
    assert playground.player.index == 15


def test_what_was_found_of_other_clusters_is_not_called_lost():
    playground = play.gan_game("composed", clusters=[(0, 0, 0.5, 1)], speed=50)
    tick(playground, 3)
    assert playground.look.most == 1
    playground.inputs["clusters"].value = "1.5 1.5 0.02 1; -1.5 -1.5 0.02 1; 1.5 -1.5 0.02 1"
    assert playground.look.now.found < 1 and playground.look.most == 0 and "Losing ground" not in playground.said
    tick(playground)  # notes of the clusters that were count no more
    assert playground.look.course.lasting == 3 and playground.look.most == 0


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
    handles = {"clusters", "count", "cluster", "cluster_x", "cluster_y", "cluster_spread", "cluster_weight"}

    def hidden():
        return {name for name, panel in playground._panels.items() if panel.layout.display == "none"}

    assert hidden() == handles
    playground.inputs["data"].value = "composed"
    assert hidden() == set()
    assert set(playground.settings()) & handles == {"clusters"}


def test_clusters_are_rows_or_text_and_new_ones_stand_apart():
    assert written([(0, 0, 0.1, 1), np.array([1, 0.5, 0.2, 2])]) == "0 0 0.1 1; 1 0.5 0.2 2"
    assert parse(written(FIRST)) == [(-0.8, -0.5, 0.1, 1.0), (0.8, -0.5, 0.1, 1.0), (0.0, 0.8, 0.1, 1.0)]
    nine = np.array(resized(parse("0 0 0.1 1"), 9))
    assert parse(written(nine)) and np.array_equal(nine[0], [0, 0, 0.1, 1])
    apart = np.linalg.norm(nine[:, None, :2] - nine[None, :, :2], axis=-1)
    assert apart[~np.eye(9, dtype=bool)].min() > 0.3


@pytest.mark.parametrize("name", ["ring", "grid", "moons", "spiral", "two clusters", "composed"])
def test_every_set_lies_in_its_box_with_its_modes(name):
    shown = scene(SETTINGS | {"data": name})
    assert shown.x.shape == (POINTS, 2) and shown.x.dtype == np.float32
    for axis, (low, high) in enumerate(shown.box):
        assert low < shown.x[:, axis].min() and shown.x[:, axis].max() < high
    assert (shown.centres is None) == (name in ("moons", "spiral"))
    if shown.centres is not None:
        found = metrics.mode_coverage(shown.x, shown.centres, shown.sd, weights=shown.weights)
        assert found.modes == len(shown.centres) and found.high_quality > 0.97 and found.reverse_kl < 0.02


# -- what is measured -------------------------------------------------------------------------------------------------


def noted(x, quality=0.0, found=1.0):
    points = np.full((5, 2), x)
    return game_measure.Note(0.5, 0, 0, 0, points, points, 1.0, 8, quality, np.ones(8, dtype=bool), 0, found)


def test_told_apart_is_the_share_of_pairs_with_ties_counted_half():
    rng = np.random.default_rng(0)
    real, generated = rng.integers(0, 9, 40), rng.integers(0, 9, 30)
    pairs = (real[:, None] > generated).mean() + 0.5 * (real[:, None] == generated).mean()
    assert game_measure.told_apart(real, generated) == pytest.approx(pairs)


def test_coverage_is_that_of_the_metrics():
    rng = np.random.default_rng(1)
    real, generated = rng.normal(size=(200, 2)).astype(np.float32), rng.normal(0.5, 0.3, (200, 2)).astype(np.float32)
    expected = metrics.prdc(real, generated, k=game_measure.K).coverage
    near = game_measure.nearness(real)
    assert game_measure.coverage(real, generated, near) == pytest.approx(expected, abs=0.011)
    assert game_measure.coverage(real, real, near) == 1.0


def test_chance_is_what_points_thrown_at_random_over_the_square_of_the_data_would_have():
    shares = {}
    for name in ("ring", "grid", "two clusters", "moons"):
        shown = scene(SETTINGS | {"data": name})
        near = game_measure.nearness(shown.x[: game_measure.REAL])
        shares[name] = game_measure.by_chance(shown, near, 300)
    # 8 and 25 circles of radius 0.15 in a square of side 2.3, and 2 of them.
    for name, count in (("ring", 8), ("grid", 25), ("two clusters", 2)):
        assert shares[name] == pytest.approx(count * np.pi * 0.15**2 / 2.3**2, rel=0.15, abs=0.01)
    assert 0.3 < shares["moons"] < 0.6


def test_a_way_there_and_back_is_long_and_ends_where_it_began():
    path, apart = game_measure.travelled([noted(0.0), noted(3.0), noted(0.0)], radius=2.0)
    assert path == pytest.approx(3 * np.sqrt(2)) and apart == 0


def test_the_course_compares_the_last_notes_with_as_many_before_and_one_note_alone_counts_little():
    last = game_measure.LAST
    before, after = [noted(0.0, quality=0.2)] * last, [noted(1.0 * (k % 2), quality=0.6) for k in range(last)]
    now = noted(0.0, quality=0.0, found=0.0)
    course = game_measure.course([*before, *after], now, radius=1.0)
    assert course.path == pytest.approx((last - 1) * np.sqrt(2)) and course.path_before == 0 and course.apart == 0
    assert course.gained == pytest.approx(0.6) and course.gained_before == pytest.approx(0.2)
    assert course.quality == 0.6 and course.found == 1.0
    short = game_measure.course(after, now, radius=1.0)
    assert short.lasting == last and short.path_before is None and short.gained_before is None


def test_the_mode_counter_is_the_metric_and_marks_the_modes_that_are_missed():
    playground = play.gan_game("grid", speed=50)
    tick(playground, 3)
    run, look = playground.player.model, playground.look
    found = metrics.mode_coverage(run.model.sample(1000, seed=2, averaged=False), run.scene.centres, run.scene.sd)
    assert 0 < found.modes < 25
    assert f"{found.modes} of 25 modes" in playground.said
    assert f"{100 * found.high_quality:.0f} % of the generated points are within 3" in playground.said
    panel = playground._drawing.now
    assert f"modes {found.modes} of 25 · high quality {100 * found.high_quality:.0f} %" in panel.says.get_text()
    assert np.array_equal(panel.missed.get_offsets(), run.scene.centres[found.high_quality_counts == 0])
    assert look.now.found == found.modes / 25


# -- what is drawn ----------------------------------------------------------------------------------------------------


def centres_of_pixels(look):
    (left, right), (bottom, top) = look.box
    share = (np.arange(len(look.heat)) + 0.5) / len(look.heat)
    return left + share * (right - left), bottom + share * (top - bottom)


@pytest.mark.parametrize("objective", ["non-saturating", "minimax"])
def test_the_map_is_the_discriminators_probability_at_every_place(objective):
    playground = play.gan_game("moons", objective=objective)
    tick(playground, 3)
    look, model = playground.look, playground.player.model.model
    x, y = centres_of_pixels(look)
    for row, column in ((0, 0), (5, 30), (39, 12)):
        score = model.score(np.array([[x[column], y[row]]], dtype=np.float32))[0]
        assert look.heat[row, column] == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-5)
    image = playground._drawing.now.heat
    assert image.origin == "lower" and image.get_extent() == [*look.box[0], *look.box[1]]
    assert "Map: probability of real." in playground.said


def test_the_ground_has_each_cells_colour_in_its_middle_and_blends_between():
    drawing = play.gan_game()._drawing
    ground = drawing.now.heat
    image, left, bottom, _ = ground.make_image(drawing.frame.figure.canvas.get_renderer())
    box = drawing.now.axes.get_window_extent()
    assert np.allclose((left, bottom, *image.shape[1::-1]), box.bounds, atol=1)
    ground.set_data(np.repeat(np.repeat([[0.0, 0.5], [1.0, 0.25]], 20, axis=0), 20, axis=1))
    image, *_ = ground.make_image(drawing.frame.figure.canvas.get_renderer())
    quarter = len(image) // 4
    corners = image[np.ix_([quarter, 3 * quarter], [quarter, 3 * quarter])]
    assert np.abs(corners - game_panel.TAKEN([[0.0, 0.5], [1.0, 0.25]], bytes=True).astype(int)).max() <= 3
    edge = image[3 * quarter, len(image) // 2]  # between 1.0 and 0.25
    assert np.abs(edge - np.array(game_panel.TAKEN(0.625, bytes=True), dtype=int)).max() <= 12


@pytest.mark.parametrize("objective", ["least-squares", "wasserstein", "relativistic"])
def test_a_map_of_scores_rises_with_the_score_and_says_how_it_is_scaled(objective):
    playground = play.gan_game(objective=objective)
    tick(playground, 10)
    look, model = playground.look, playground.player.model.model
    x, y = centres_of_pixels(look)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    order = np.argsort(model.score(places))
    assert (np.diff(look.heat.ravel()[order]) >= -1e-6).all() and np.ptp(look.heat) > 0.05
    assert "Map: probability of real." not in playground.said and look.scaled in playground.said


def test_a_packed_discriminator_is_asked_about_a_place_in_the_company_of_real_points():
    playground = play.gan_game(cure="packing 2")
    tick(playground, 3)
    look, run = playground.look, playground.player.model
    x, y = centres_of_pixels(look)
    pack = np.array([[x[7], y[21]], run.scene.x[0]], dtype=np.float32)
    assert look.heat[21, 7] == pytest.approx(1 / (1 + np.exp(-run.model.score(pack)[0])), abs=1e-5)
    assert "beside real points of a pack" in playground.said


def test_arrows_point_where_the_gradient_pulls_and_shrink_with_it():
    player, settings = game_of()
    player.advance(EVERY)
    look, run = game_look.look(player, settings), player.model
    points, pulls = run.model.pull(run.z[: game_look.ARROWS])
    assert np.array_equal(look.starts, points)
    cosine = (look.pulls * pulls).sum(axis=1) / np.linalg.norm(look.pulls, axis=1) / np.linalg.norm(pulls, axis=1)
    assert np.allclose(cosine, 1, atol=1e-5)
    run.strongest *= 10
    fainter = game_look.look(player, settings)
    assert np.allclose(fainter.pulls, look.pulls / 10) or np.linalg.norm(fainter.pulls) < np.linalg.norm(look.pulls)
    drawing = game_picture.Drawing()
    drawing.draw(look)
    assert np.allclose(drawing.now.pulls.get_offsets(), points) and np.allclose(drawing.now.pulls.U, look.pulls[:, 0])


@pytest.mark.parametrize(("latent_size", "shape"), [(1, (441, 1, 2)), (2, (21, 21, 2)), (4, (21, 21, 2))])
def test_the_sheet_is_a_grid_of_equally_likely_latent_vectors(latent_size, shape):
    playground = play.gan_game(latent_size=latent_size)
    tick(playground)
    sheet, model = playground.look.sheet, playground.player.model.model
    assert sheet.shape == shape
    z = np.zeros((1, latent_size), dtype=np.float32)  # the middle knot is the vector of zeros
    assert np.allclose(sheet[shape[0] // 2, shape[1] // 2], model.generate(z, averaged=False)[0], atol=1e-5)
    assert ("The sheet is a slice" in playground.said) == (latent_size > 2)
    cells = playground._drawing.now.sheet.get_paths()
    assert len(cells) == (440 if latent_size == 1 else 400)


def test_a_small_cell_of_the_sheet_is_drawn_stronger_than_a_large_one():
    side = np.array([0.0, 0.1, 1.0])
    sheet = np.stack(np.meshgrid(side, side), axis=-1)
    cells, strength = game_panel.cells_of(sheet, width=2.0)
    area = np.abs(np.linalg.det(np.stack([cells[:, 1] - cells[:, 0], cells[:, 3] - cells[:, 0]], axis=1)))
    assert np.array_equal(np.argsort(-strength, kind="stable"), np.argsort(area, kind="stable"))
    assert (strength > 0).all() and (strength <= 1).all()
    folded, flat = (
        game_panel.cells_of(np.zeros((3, 3, 2)), 2.0),
        game_panel.cells_of(side[:, None, None] * [[1, 1]], 2.0),
    )
    assert (folded[1] == 1).all() and flat[1][0] > flat[1][1]


def test_signs_stand_where_the_map_is_sure():
    heat = np.full((40, 40), 0.5)
    heat[:20, 20:] = 0.9  # below, to the right
    heat[20:, :20] = 0.1
    plus, minus = game_panel.signs(heat, ((-1, 1), (-1, 1)))
    assert len(plus) and (plus[:, 0] > -0.1).all() and (plus[:, 1] < 0.1).all()
    assert len(minus) and (minus[:, 0] < 0.1).all() and (minus[:, 1] > -0.1).all()


def test_the_flow_marks_who_works_who_moves_and_the_way():
    drawing = game_picture.Drawing()
    wide = {}
    for phase in PHASES:
        drawing.flow.draw(phase)
        wide[phase] = drawing.flow.boxes.get_linewidth()
        assert drawing.flow.says.get_text() == PHASES[phase].says
    names = ["noise", "GENERATOR", "generated", "real", "DISCRIMINATOR", "score"]
    thick = {
        phase: {name for name, width in zip(names, widths, strict=True) if width > 2} for phase, widths in wide.items()
    }
    assert thick["D3"] == {"DISCRIMINATOR"} and thick["G3"] == {"GENERATOR"} and thick["G2"] == set()
    assert thick["both"] == thick["play"] == {"DISCRIMINATOR", "GENERATOR"}
    assert not np.array_equal(wide["D2"], wide["G2"])  # real points take no part in the generator's half


def test_limits_of_the_losses_hold_them_and_a_spike_does_not_flatten_the_rest():
    assert game_picture.loss_limits(np.zeros(0)) == (0.0, 2.0)
    assert game_picture.loss_limits(np.array([0.3, 1.4])) == (0.0, 2.0)
    assert game_picture.loss_limits(np.array([-0.4, 0.3])) == (-0.5, 0.5)
    assert game_picture.loss_limits(np.append(np.ones(999), 1000.0)) == (0.0, 1.0)
    assert game_picture.loss_limits(np.zeros(5))[1] > 0


@pytest.mark.parametrize(
    ("settings", "kept"),
    [({"data": "grid", "objective": "wasserstein"}, True), ({"data": "moons", "slow": True}, False)],
)
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(settings, kept):
    playground = play.gan_game(**settings)
    playground.player.advance(130)
    if kept:
        playground.keep_button.click()
        playground.player.advance(130)
    tick(playground, 5)
    drawing = playground._drawing
    figure = drawing.frame.figure
    panels = [drawing.now, drawing.before] if kept else [drawing.now]
    boxes = [panel.says.get_window_extent() for panel in panels]
    boxes += [panel.axes.get_window_extent() for panel in panels]
    boxes += [drawing.legend.get_window_extent(), drawing.flow.axes.get_window_extent()]
    boxes += [axes.get_tightbbox() for axes in (drawing.losses, drawing.shares)]
    for place, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1 + 1
        assert not any(box.overlaps(other) for other in boxes[:place])
    assert drawing.flow.says.get_window_extent().x1 <= figure.bbox.x1


# -- what is said, on runs that are provoked ---------------------------------------------------------------------------


def provoked(steps, **settings):
    player, settings = game_of(**settings)
    player.advance(steps)
    return game_look.look(player, settings)


def test_first_steps_are_called_that():
    assert "Nobody has moved yet" in game_words.words(provoked(0))
    assert game_words.words(provoked(30)).startswith("First steps: ")


def test_a_discriminator_that_wins_is_named_with_its_vanished_gradient():
    look = provoked(400, data="two clusters", objective="minimax", discriminator_rate=0.01, discriminator_steps=20)
    assert game_words.situation(look) == "wins"
    share = re.search(r"its gradient is ([\de.-]+) of what it was", game_words.words(look))
    assert float(share[1]) == pytest.approx(look.now.pull / look.strongest, rel=0.6) and float(share[1]) < 0.05


def test_the_loss_that_does_not_saturate_keeps_its_gradient_where_minimax_loses_it():
    look = provoked(400, data="two clusters", discriminator_rate=0.01, discriminator_steps=20)
    assert game_words.situation(look) != "wins" and look.now.pull > 0.05 * look.strongest


def test_a_generator_faster_than_its_discriminator_collapses_and_runs_from_place_to_place():
    look = provoked(600, generator_rate=0.002, discriminator_rate=0.0005)
    assert game_words.situation(look) == "turning"
    assert game_words.words(look).startswith(f"Mode collapse that turns: {look.now.modes} of 8 modes")
    assert look.now.modes <= 4 and look.course.path > 4 and look.course.spread < 0.5


def test_a_collapse_that_stays_is_named():
    look = provoked(
        1000, objective="minimax", discriminator_rate=0.01, generator_rate=0.001, discriminator_steps=5, seed=0
    )
    assert game_words.situation(look) == "collapse"
    assert f"Mode collapse: {look.now.modes} of 8 modes, the discriminator" in game_words.words(look)


@pytest.mark.parametrize(("data", "settled"), [("ring", 1200), ("two clusters", 900)])
def test_a_healthy_run_swings_learns_and_comes_to_a_balance_without_an_alarm(data, settled):
    player, settings = game_of(data=data)
    named = []
    for _ in range(settled // 100):
        player.advance(100)
        look = game_look.look(player, settings)
        named.append(game_words.situation(look))
        assert look.now.pull <= look.strongest
    assert set(named) <= {"swinging", "learning", "balanced", "stalled"} and named[-1] != "swinging"
    assert {"swinging", "learning"} & set(named[:4]) and look.now.high_quality > 0.5


def test_points_that_lie_everywhere_are_not_praised_for_the_modes_they_hit():
    player, settings = game_of()
    for hand in ("discriminator", "generator"):
        for _ in range(200):
            player.model.hand = hand
            player.advance(1)
        said = game_words.words(game_look.look(player, settings))
        if hand == "discriminator":
            assert said.startswith("The discriminator moves alone, 200 times since the generator last moved: ")
            assert "the discriminator is sure" in said
    look = game_look.look(player, settings)
    assert look.now.modes > 4 and look.now.high_quality < look.chance  # so many modes, and worse than at random
    assert game_words.situation(look) == "scattered"
    assert said.startswith(f"Scattered: the generated points hit {look.now.modes} of 8 modes by chance, with ")
    assert "when thrown at random)" in said and "The generator has moved 200 times against" in said


def test_players_that_are_both_too_fast_run_to_and_fro_and_are_not_called_learning():
    look = provoked(1000, data="grid", discriminator_rate=0.005, generator_rate=0.005, seed=2)
    assert look.course.path > 8 and look.course.path_before > 8
    assert game_words.situation(look) in ("oscillation", "turning", "swinging")


def test_another_loss_has_another_strongest_pull():
    playground = play.gan_game(objective="wasserstein", speed=20)
    tick(playground, 5)
    playground.player.model.strongest = 1e6
    playground.inputs["objective"].value = "least-squares"
    run, look = playground.player.model, playground.look
    assert run.strongest == pytest.approx(look.now.pull)  # taken anew: lengths under two losses do not compare
    playground.player.model.strongest = look.now.pull / 4  # as after steps that no note has seen
    assert game_look.look(playground.player, playground.settings()).strongest == look.now.pull


# -- what is said, of looks made by hand -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def still():
    """A look of a game that goes on, with every number at rest, and the way to change some of them."""
    player, settings = game_of()
    player.advance(EVERY)
    look = game_look.look(player, settings)

    def made(*, index=1200, moves=1200, alone=(0, 0), most=1.0, strongest=1.0, modes=8, **more):
        filled = np.arange(8) < modes
        now = {"told_apart": 0.65, "pull": 0.5, "spread": 1.0, "high_quality": 0.6, "modes": modes, "filled": filled}
        course = {"lasting": 15, "path": 1.0, "apart": 0.5, "gained": 0.6, "path_before": 1.0, "gained_before": 0.3}
        course |= {"found": modes / 8, "quality": more.get("high_quality", 0.6), "spread": more.get("spread", 1.0)}
        now |= {name: more.pop(name) for name in list(now) if name in more}
        course |= more
        return dataclasses.replace(
            look,
            index=index,
            made={"discriminator": index, "generator": moves},
            now=dataclasses.replace(look.now, found=modes / 8, **now),
            course=game_measure.Course(**course),
            chance=0.1,
            alone=dict(zip(("discriminator", "generator"), alone, strict=True)),
            strongest=strongest,
            most=most,
        )

    return made


TO_AND_FRO = {"path": 12.0, "apart": 0.5}
CASES = [
    ("learning", {}, "Learning: 8 of 8 modes, 60 % of the points on them; the discriminator is a little ahead"),
    ("learning", {"strongest": 0.5}, "and its gradient is the strongest so far."),
    ("learning", {"pull": 0.25}, "and its gradient is 0.25 of the strongest so far."),
    ("stalled", {"told_apart": 0.8, "gained_before": 0.6}, "60 % on average over the last 300 steps and 60 % over as"),
    ("balanced", {"gained_before": 0.6}, "Balanced: 8 of 8 modes, 60 % of the points on them"),
    ("balanced", {"told_apart": 0.3}, "and the discriminator is fooled (the real point scores higher in 30 %"),
    ("learning", {"told_apart": 0.5, "high_quality": 0.3}, "and its gradient"),
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
    ("scattered", {"high_quality": 0.09, "told_apart": 0.2}, "hit 8 of 8 modes by chance, with 9 % of them on a mode"),
    (
        "beside",
        {"high_quality": 0.03, "modes": 2},
        "Beside the data: 2 of 8 modes, 3 % of the points on them (10 % whe",
    ),
    ("wins", {"told_apart": 1.0, "pull": 0.01}, "its gradient is 0.01 of what it was"),
    ("alone", {"alone": (60, 0)}, "The discriminator moves alone, 60 times since the generator last moved: 8 of 8"),
    ("alone", {"alone": (0, 60)}, "The generator moves alone, 60 times since the discriminator last moved: 8 of 8"),
    ("early", {"moves": 2}, "First steps: 8 of 8 modes, 60 % of the points on them; the real point"),
]


@pytest.mark.parametrize(("name", "numbers", "says"), CASES)
def test_a_situation_is_named_by_its_numbers(still, name, numbers, says):
    look = still(**numbers)
    assert game_words.situation(look) == name and says in game_words.words(look)


def test_real_points_that_are_covered_are_lost_in_per_cent_and_compared_with_chance(still):
    bare = {"modes": None, "high_quality": None, "filled": np.zeros(0, dtype=bool)}
    seen = still()

    def said(covered, **course):
        now = dataclasses.replace(seen.now, covered=covered, found=covered, **bare)
        course = dataclasses.replace(seen.course, quality=covered, found=covered, **course)
        return game_words.happening(dataclasses.replace(seen, now=now, course=course, chance=0.4, most=0.8))

    assert said(0.5).startswith("Losing ground: 50 % of the real points covered, after 80 % before; ")
    assert said(0.3).startswith("Beside the data: 30 % of the real points covered (40 % when thrown at random); ")
    assert said(0.7).startswith("Learning: 70 % of the real points covered; ")


def test_a_game_that_has_come_to_rest_is_called_balanced():
    look = provoked(1200, generator_rate=0.003, discriminator_rate=0.003)
    assert game_words.situation(look) == "balanced"
    assert re.match(r"Balanced: 8 of 8 modes, \d\d % of the points on them, and the discr", game_words.words(look))


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
    (lambda: play.gan_game(averaged=1), TypeError, "averaged was 1"),
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


def test_few_are_not_called_none_and_moves_are_counted_in_words():
    look = provoked(0)
    seen = dataclasses.replace(look.now, high_quality=0.002)
    said = game_words.words(dataclasses.replace(look, index=1, made={"discriminator": 1, "generator": 0}, now=seen))
    assert "Step 1: 1 move of the discriminator, 0 of the generator. " in said
    assert "0.2 % of the generated points are within" in said
    said = game_words.words(
        dataclasses.replace(look, index=1200, made={"discriminator": 1200, "generator": 1}, now=seen)
    )
    assert "Step 1,200: 1,200 moves of the discriminator, 1 of the generator. " in said


def test_the_picture_of_a_kept_run_stays_and_both_are_spoken_of():
    playground = play.gan_game(speed=20)
    tick(playground, 3)
    alone = pixels(playground.png)
    playground.keep_button.click()
    assert playground.player.index == 0 and "Kept run, step 60: " in playground.said
    drawing, kept = playground._drawing, playground.kept
    assert kept.index == 60 and np.array_equal(drawing.before.made.get_offsets(), kept.points)
    assert np.array_equal(drawing.now.made.get_offsets(), playground.look.points)
    for name, (line, before) in drawing.lines.items():
        assert np.array_equal(before.get_data(), (kept.noted, kept.curves[name])) and len(line.get_xdata()) == 0
    playground.inputs["discriminator_rate"].value = 0.01
    assert "rate D 0.01 instead of 0.001" in playground.said
    playground.drop_button.click()
    playground.inputs["discriminator_rate"].value = 0.001
    playground.reset_button.click()
    tick(playground, 3)
    assert np.array_equal(pixels(playground.png), alone)
