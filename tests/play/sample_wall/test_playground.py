"""The wall of samples: every image keeps its latent vector, the past is as it was, and a copy is called one."""

import dataclasses
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from machinery.playgrounds import pixels, tick

from udl_teach import data, play, plots
from udl_teach.data import Dataset
from udl_teach.models import GAN, Autoencoder, ConvGAN
from udl_teach.play import wall_run, wall_words
from udl_teach.play.wall_picture import Mosaic, _hang
from udl_teach.play.wall_reality import Reality, image_sets, spread

pytestmark = pytest.mark.usefixtures("nothing_left_open")

FEW = data.digits()[:120]
MODEL = ConvGAN(n_classes=10, latent_size=5, channels=(4, 8), average=0.9, seed=3)
SEEN, HELD_OUT = image_sets("digits")
NEIGHBOURS = Reality(SEEN).nearest(SEEN.images[:1])[1][0]


def finished(**more):
    return play.sample_wall(MODEL, FEW, **more)


def weights(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


class Painter:
    """In place of a model: whatever the latent vectors, these images."""

    latent_size, n_classes = 2, None

    def __init__(self, images):
        self.images = images

    def latent(self, n, seed=0, truncation=None):
        return np.random.default_rng(seed).standard_normal((n, 2)).astype(np.float32)

    def generate(self, z, labels=None, averaged=True):
        return np.resize(self.images, (len(z), 1, 8, 8)).astype(np.float32)


def test_every_column_is_a_class_and_every_row_a_latent_vector_that_stays_while_it_learns():
    playground = play.sample_wall(draw=4, speed=1)
    for index in (0, 3):
        run = playground.player.model
        assert run.learned == index
        z = run.model.latent(80, 4)
        for cell in (0, 7, 10, 33, 79):
            image = run.model.generate(z[[cell // 10]], labels=[cell % 10])[0]
            assert np.allclose(playground.look.wall[cell], image, atol=1e-6)
        mosaic = playground._drawing.now.wall.get_array()
        assert np.allclose(mosaic[1 + 9 * 3 : 9 + 9 * 3, 1 + 9 * 3 : 9 + 9 * 3], playground.look.wall[33, 0], atol=1e-6)
        tick(playground, 3)


def test_one_class_fills_the_wall_when_it_is_chosen():
    playground = finished(shown="6")
    wanted = MODEL.generate(MODEL.latent(80, 0), labels=6)
    assert np.allclose(playground.look.wall, wanted, atol=1e-6)
    playground.inputs["shown"].value = "all"
    assert not np.allclose(playground.look.wall, wanted, atol=1e-3)


def test_truncation_average_and_draw_act_at_once():
    playground = finished(draw=2)
    z, labels = MODEL.latent(80, 2, 0.5), np.arange(80) % 10
    playground.inputs["truncation"].value = 0.5
    assert np.allclose(playground.look.wall, MODEL.generate(z[np.arange(80) // 10], labels=labels), atol=1e-6)
    tick_run = play.sample_wall(speed=2)
    tick(tick_run, 2)
    model, averaged = tick_run.player.model.model, tick_run.look.wall
    tick_run.inputs["averaged"].value = False
    z = model.latent(80, 0)[np.arange(80) // 10]
    assert np.allclose(tick_run.look.wall, model.generate(z, labels=labels, averaged=False), atol=1e-6)
    assert not np.allclose(tick_run.look.wall, averaged, atol=1e-4)


def test_the_path_begins_and_ends_at_the_framed_images_and_the_slider_stands_on_it():
    playground = finished(first=14, second=58)
    look = playground.look
    assert np.allclose(look.path[0], look.wall[13], atol=1e-5) and np.allclose(look.path[-1], look.wall[57], atol=1e-5)
    assert np.array_equal(look.here, look.path[0])
    playground.inputs["between"].value = 0.25
    look = playground.look
    assert np.allclose(look.here, look.path[2], atol=1e-5) and not np.allclose(look.here, look.path[0], atol=1e-4)
    gallery = playground._drawing.now
    dashed, solid = gallery.marks.get_segments()
    assert solid.min(axis=0).tolist() == [9 * 3, 9 * 1] and dashed.min(axis=0).tolist() == [9 * 7, 9 * 5]
    assert gallery.place.get_xdata()[0] == pytest.approx(4.5 + 0.25 * 8 * 9)


@settings(max_examples=25, deadline=None)
@given(size=st.integers(2, 40), seed=st.integers(0, 999), share=st.floats(0, 1))
def test_on_the_arc_a_code_stays_as_long_as_its_ends_are(size, seed, share):
    start, end = np.random.default_rng(seed).standard_normal((2, size)).astype(np.float32)
    end *= np.linalg.norm(start) / np.linalg.norm(end)
    first, middle, last = wall_run.path(start, end, np.array([0.0, share, 1.0]))
    assert np.allclose(first, start, atol=1e-4) and np.allclose(last, end, atol=1e-4)
    assert np.linalg.norm(middle) == pytest.approx(np.linalg.norm(start), rel=1e-3)
    same = wall_run.path(start, start, np.array([0.0, share, 1.0]))
    assert np.allclose(same, start, atol=1e-5)


def test_the_nearest_real_image_is_the_nearest_and_its_distance_stands_beside_what_is_usual():
    playground = play.sample_wall(speed=5)
    tick(playground)
    look = playground.look
    apart = np.linalg.norm(SEEN.x - look.here.reshape(-1), axis=1)
    assert look.distance == pytest.approx(apart.min(), abs=1e-4)
    assert np.array_equal(look.nearest, SEEN.images[apart.argmin()])
    assert look.name == str(SEEN.labels[apart.argmin()])
    low, _, high = look.usual
    assert f"90 % of held-out real images are {low:.2f} to {high:.2f} from theirs" in wall_words.words(
        dataclasses.replace(look, distance=low)
    )
    held_out = np.linalg.norm(HELD_OUT.x[:, None] - SEEN.x[None], axis=2).min(axis=1)
    assert np.allclose(look.usual, np.quantile(held_out, (0.05, 0.5, 0.95)), atol=1e-4)
    wall = np.linalg.norm(look.wall.reshape(80, 1, 64) - SEEN.x[None], axis=2).min(axis=1)
    assert f"Half of the wall's images are nearer than {np.median(wall):.2f} to a training image" in playground.said
    assert f"of held-out real images half are nearer than {np.median(held_out):.2f}" in playground.said


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (SEEN.images, "as a copy would be."),
        (HELD_OUT.images[7:], "so nothing here speaks for a copy."),
        (np.random.default_rng(0).random((80, 1, 8, 8)), "so no training image is much like it."),
        (SEEN.images[NEIGHBOURS].mean(axis=0, keepdims=True), "it resembles several, as soft images do."),
    ],
)
def test_one_image_looks_like_a_copy_or_does_not_and_more_is_not_said(images, says):
    playground = play.sample_wall(Painter(images), SEEN, held_out=HELD_OUT)
    assert playground.said.endswith(says)
    assert "no copy" not in playground.said and "is a copy" not in playground.said
    alone = play.sample_wall(Painter(images), SEEN)
    assert alone.said.endswith(says) and "held-out" not in alone.said and "theirs" not in alone.said


def test_a_wall_that_repeats_itself_is_called_collapsed():
    playground = play.sample_wall(Painter(SEEN.images[:1]), SEEN, held_out=HELD_OUT)
    assert "The images of the wall vary 0.00 times as much as real ones: nearly all are alike, mode collapse." in (
        playground.said
    )
    playground = play.sample_wall(Painter(SEEN.images[:1]), SEEN, truncation=0.3)
    assert "nearly all are alike, which the truncation at 0.3 alone may do." in playground.said
    assert "collapse" not in playground.said
    playground = play.sample_wall(Painter(SEEN.images), SEEN)
    share = spread(SEEN.x[:80], np.zeros(80)) / spread(SEEN.x, np.zeros(len(SEEN)))
    assert f"vary {share:.2f} times as much as real ones." in playground.said and share > 0.8


def test_a_wall_of_the_first_steps_has_lost_no_modes_and_a_later_one_has():
    playground = play.sample_wall(averaged=False, truncation=0.3)
    assert "0.00 times as much as real ones: nearly all of a class are alike so early." in playground.said
    now = playground.look
    for moment, says in ((10, "alike so early."), (99, "alike so early."), (100, "mode collapse.")):
        look = dataclasses.replace(now, moment=moment, truncation=None, spread=0.2)
        assert "vary 0.20 times as much as real ones: " in wall_words.words(look) and says in wall_words.words(look)
    assert "alike" not in wall_words.words(dataclasses.replace(now, spread=0.25))


def test_variety_is_that_within_the_classes_where_there_are_classes():
    playground = play.sample_wall(speed=5)
    assert "mode collapse" not in playground.said and "nearly all of a class are alike" in playground.said
    tick(playground, 4)
    wall = playground.look.wall.reshape(8, 10, 64)
    within = wall.var(axis=0, ddof=1).sum(axis=1).mean()
    x, labels = SEEN.x, SEEN.labels
    middles = np.stack([x[labels == label].mean(axis=0) for label in range(10)])
    real = ((x - middles[labels]) ** 2).sum() / (len(x) - 10)
    assert playground.look.spread == pytest.approx(within / real, rel=1e-3)
    assert (
        f"Within a class the images of the wall vary {within / real:.2f} times as much as real ones" in playground.said
    )
    playground.inputs["shown"].value = "3"
    real = x[labels == 3].var(axis=0, ddof=1).sum()
    assert playground.look.spread == pytest.approx(
        playground.look.wall.reshape(80, 64).var(axis=0, ddof=1).sum() / real, rel=1e-3
    )
    assert "Within a class" not in playground.said
    assert f"vary {playground.look.spread:.2f} times as much as real ones of this class" in playground.said


def test_looking_changes_nothing_and_the_same_settings_learn_the_same():
    watched = play.sample_wall(seed=5, speed=1)
    for k in range(6):
        tick(watched)
        watched.inputs["between"].value = 0.1 * k
        watched.inputs["moment"].value = 100 - 15 * k
        watched.inputs["averaged"].value = bool(k % 2)
    before, losses = weights(watched.player.model.model), watched.player.history.loss
    other = play.sample_wall(seed=5, speed=6)
    tick(other)
    after = weights(other.player.model.model)
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert losses == other.player.history.loss


def test_the_seed_is_that_of_the_first_weights_and_of_all_that_is_drawn_while_learning():
    playground = play.sample_wall(seed=5, speed=3)
    tick(playground)
    model = ConvGAN((1, 8, 8), n_classes=10, objective="relativistic", average=wall_run.AVERAGE, seed=5)
    rules = {"learning_rate": lambda _: 0.006, "betas": wall_run.BETAS, "batch_size": 64, "seed": 5}
    steps = model.steps(SEEN.images, SEEN.labels, epochs=None, **rules)
    assert [next(steps).loss for _ in range(3)] == playground.player.history.loss
    own = weights(model)
    assert all(torch.equal(value, own[name]) for name, value in weights(playground.player.model.model).items())


def test_the_past_is_shown_as_it_was():
    playground = play.sample_wall(speed=10)
    walls = {0: playground.look.wall}
    for step in (10, 20, 30):
        tick(playground)
        walls[step] = playground.look.wall
    for percent, step in ((0, 0), (35, 10), (60, 20), (99, 30), (100, 30)):
        playground.inputs["moment"].value = percent
        assert playground.look.moment == step
        assert np.allclose(playground.look.wall, walls[step], atol=1e-6)
        assert (f"shown is the generator of step {step}." in playground.said) == (step < 30)
    assert not np.allclose(walls[20], walls[30], atol=1e-4)
    playground.inputs["moment"].value = 35
    assert f"step {playground.look.moment}" in playground._drawing.now.axes.get_title()
    tick(playground)  # it goes on learning behind the past that is shown
    assert playground.look.learned == 40 and playground.look.moment == 10


def test_however_long_it_learns_few_generators_are_kept_and_they_span_the_whole_run():
    album = wall_run.Album(most=6)
    model = torch.nn.ModuleDict({"generator": torch.nn.Linear(2, 2), "discriminator": torch.nn.Linear(2, 1)})
    for index in range(1001):
        album.add(index, model)
    kept = sorted(album.moments)
    assert 3 <= len(kept) <= 6 and kept[0] == 0 and kept[-1] >= 640
    assert len(set(np.diff(kept))) == 1
    assert set(album.moments[0]) == {"generator.weight", "generator.bias"}
    assert album.nearest(1000) == kept[-1]


def test_the_discriminator_s_part_is_the_mean_of_the_last_steps():
    playground = play.sample_wall(speed=1)
    told = []
    for _ in range(10):
        assert "pairs" not in playground.said
        tick(playground)
        told.append([playground.player.step.terms[name] for name in ("score_real", "score_generated", "told_apart")])
    real, generated, share = np.mean(told, axis=0)
    assert f"tells {100 * share:.0f} % of the pairs of a real and a generated image apart" in playground.said
    look = playground.look
    assert (
        look.noted.tolist() == [10]
        and look.real[0] == pytest.approx(real)
        and look.generated[0] == pytest.approx(generated)
    )
    assert np.allclose(playground._drawing.scores[1].get_ydata(), [generated])


def test_play_walks_from_image_to_image_and_leaves_the_model_as_it_is():
    before = weights(MODEL)
    playground = finished(first=4, second=34, speed=5)  # image 34 is one of its class, those that follow are not
    places = []
    for _ in range(9):
        tick(playground)
        chosen = playground.settings()
        places.append((chosen["first"], chosen["second"], chosen["between"]))
        assert playground.inputs["between"].value == chosen["between"] == playground.look.between
    assert places[:4] == [(4, 34, 0.25), (4, 34, 0.5), (4, 34, 0.75), (4, 34, 1.0)]
    assert places[4:] == [(34, 27, 0.2), (34, 27, 0.45), (34, 27, 0.7), (34, 27, 0.95), (27, 20, 0.15)]
    assert all(torch.equal(value, before[name]) for name, value in weights(MODEL).items())
    playground.reset_button.click()
    assert [playground.inputs[name].value for name in ("first", "second", "between")] == [4, 34, 0.0]
    assert "learned" not in playground.said and "After" not in playground.said


@pytest.mark.parametrize("n_classes", [None, 2, 3, 10, 26, 100])
def test_a_walk_visits_every_image_of_the_wall(n_classes):
    numbers, columns, labels = wall_run.layout(n_classes, "all")
    assert len(numbers) % columns == 0 and len(numbers) <= 80 and (labels is None) == (n_classes is None)
    if labels is not None:
        assert labels.max() < n_classes and len(set(zip(numbers, labels, strict=True))) == len(numbers)
    run = play.sample_wall(ConvGAN(n_classes=n_classes, channels=(2, 2)), FEW).player.model
    visited, number = [], 1
    for _ in numbers:
        number = run._next(number)
        visited.append(number)
    assert sorted(visited) == list(range(1, len(numbers) + 1))


def test_in_a_playground_that_learns_the_walk_can_be_chosen_too():
    playground = play.sample_wall(speed=2)
    tick(playground, 2)
    playground.inputs["play"].value = "walk"
    before = weights(playground.player.model.model)
    tick(playground, 2)
    assert playground.look.learned == 4 and playground.settings()["between"] == 0.2
    assert all(torch.equal(value, before[name]) for name, value in weights(playground.player.model.model).items())
    playground.inputs["play"].value = "learn"
    tick(playground)
    assert playground.look.learned == 6 and playground.settings()["between"] == 0.2


def test_without_classes_every_image_has_a_latent_vector_of_its_own():
    playground = play.sample_wall(conditional=False)
    assert "label" not in playground.said and "Within a class" not in playground.said
    run = playground.player.model
    assert run.model.n_classes is None
    assert np.allclose(playground.look.wall, run.model.sample(80), atol=1e-6)
    playground.inputs["shown"].value = "3"  # without classes there is none to choose
    assert np.allclose(playground.look.wall, run.model.sample(80), atol=1e-6)
    tick(playground)
    assert "Something went wrong" not in playground.words.value


def test_the_rate_acts_while_it_runs_and_the_objective_begins_anew():
    playground = play.sample_wall(speed=2)
    tick(playground)
    playground.inputs["learning_rate"].value = 0.0001
    before = weights(playground.player.model.model)
    tick(playground)
    after = weights(playground.player.model.model)
    moved = max(float((after[name] - before[name]).abs().max()) for name in before if name.startswith("generator"))
    assert 0 < moved < 0.01 and playground.look.learned == 4
    playground.inputs["objective"].value = "non-saturating"
    assert playground.look.learned == 0 and playground.player.model.model.objective == "non-saturating"


def test_images_of_yours_are_learned_from_in_colour_and_without_labels():
    rng = np.random.default_rng(0)
    own = Dataset(rng.random((40, 3 * 8 * 12)).astype(np.float32), image_shape=(3, 8, 12))
    playground = play.sample_wall(dataset=own)
    tick(playground, 2)
    assert playground.look.wall.shape == (80, 3, 8, 12) and playground.settings()["data"] == "yours"
    assert playground.look.name is None and "of training images half are nearer" in playground.said
    apart = np.linalg.norm(own.x[:, None] - own.x[None], axis=2) + np.diag(np.full(40, np.inf))
    assert np.allclose(playground.look.usual, np.quantile(apart.min(axis=1), (0.05, 0.5, 0.95)), atol=1e-4)
    assert "Something went wrong" not in playground.words.value


def hidden(playground):
    return {name for name, panel in playground._panels.items() if panel.layout.display == "none"}


def test_a_control_is_shown_only_where_it_does_something():
    playground = play.sample_wall(speed=1)
    assert hidden(playground) == set()
    playground.inputs["play"].value = "walk"
    assert hidden(playground) == {"learning_rate"}
    playground.inputs["play"].value = "learn"
    playground.inputs["conditional"].value = False
    assert hidden(playground) == {"shown"}
    assert hidden(play.sample_wall(dataset=FEW)) == {"data"}
    unlabelled = Dataset(FEW.x, image_shape=FEW.image_shape)
    assert hidden(play.sample_wall(dataset=unlabelled)) == {"data", "conditional", "shown"}
    learning = {"data", "objective", "conditional", "play", "moment", "learning_rate", "seed"}
    assert hidden(finished()) == learning
    without = ConvGAN(channels=(2, 2), latent_size=3, average=0.9)
    assert hidden(play.sample_wall(without, FEW)) == learning | {"shown"}


def mixed(model, codes, shares, averaged=True):
    network = model.averaged if averaged else model.generator
    with torch.no_grad():
        return network(torch.tensor(np.concatenate([codes, shares], axis=1), dtype=torch.float32)).numpy()


def test_the_path_that_is_there_first_leads_from_one_class_to_another():
    for n_classes in (2, 3, 7, 10, 26):
        playground = play.sample_wall(ConvGAN(n_classes=n_classes, channels=(2, 2)), FEW)
        assert playground.look.ends[0] == "0" != playground.look.ends[1]
        assert not playground.look.one_vector
    assert "Along the path the latent vector and the label change gradually: here the label is 0." in finished().said


@pytest.mark.parametrize("averaged", [True, False])
def test_between_two_classes_the_label_goes_along_and_the_words_say_how_far_it_is(averaged):
    model = ConvGAN(n_classes=10, latent_size=5, channels=(4, 8), average=0.9, seed=3)
    model.averaged.load_state_dict(ConvGAN(n_classes=10, latent_size=5, channels=(4, 8), seed=4).generator.state_dict())
    playground = play.sample_wall(model, FEW, first=3, second=18, between=0.3, averaged=averaged)
    z = model.latent(80, 0)[[0, 1]]
    shares = np.zeros((1, 10))
    shares[0, [2, 7]] = 0.7, 0.3
    wanted = mixed(model, wall_run.path(z[0], z[1], np.array([0.3])), shares, averaged)
    assert np.allclose(playground.look.here, wanted[0], atol=1e-5)
    assert "here the label is 70 % 2 and 30 % 7, a mixture that was never learned." in playground.said
    playground.inputs["between"].value = 1.0
    assert "change gradually: here the label is 7." in playground.said
    playground.inputs["second"].value = 8
    playground.inputs["between"].value = 0.4
    wanted = mixed(model, z[:1], np.array([[0, 0, 0.6, 0, 0, 0, 0, 0.4, 0, 0]]), averaged)
    assert np.allclose(playground.look.here, wanted[0], atol=1e-5)
    assert (
        "Both ends of the path have the same latent vector, only the label differs; it changes gradually: here the "
        "label is 60 % 2 and 40 % 7, a mixture that was never learned." in playground.said
    )
    playground.inputs["second"].value = 13
    assert "Along the path the label stays at 2." in playground.said and "mixture" not in playground.said


def test_the_label_goes_along_in_the_past_too_and_classes_are_called_by_their_names():
    playground = play.sample_wall(data="glyphs", speed=10, between=0.5)
    before = playground.look.path
    assert "here the label is 50 % A and 50 % D" in playground.said
    tick(playground)
    assert not np.allclose(playground.look.path, before, atol=1e-3)
    playground.inputs["moment"].value = 0
    assert np.allclose(playground.look.path, before, atol=1e-6)


class Classy(Painter):
    """A model of which only `generate` is known: the image of a class is grey of its own, whatever the vectors."""

    n_classes = 3

    def generate(self, z, labels=None, averaged=True):
        labels = np.zeros(len(z), int) if labels is None else labels
        return np.full((len(z), 1, 8, 8), 0.1) * np.asarray(labels)[:, None, None, None]


def test_a_label_that_cannot_be_mixed_jumps_and_that_is_said():
    playground = play.sample_wall(Classy(None), FEW, first=2, second=6, between=0.45)
    said = "The latent vector moves along the path gradually; the label jumps half-way from 1 to 2: here it is "
    assert f"{said}1." in playground.said and np.allclose(playground.look.here, 0.1)
    playground.inputs["between"].value = 0.5
    assert f"{said}2." in playground.said and np.allclose(playground.look.here, 0.2)
    assert np.allclose(playground.look.path.mean(axis=(1, 2, 3)), [0.1] * 4 + [0.2] * 5)
    playground.inputs["second"].value = 3
    assert "have the same latent vector, only the label differs; the label jumps half-way" in playground.said


def test_one_step_is_said_in_the_singular():
    playground = play.sample_wall(speed=1)
    tick(playground)
    assert playground.said.startswith("After 1 step. ")
    playground.keep_button.click()
    assert "Kept after 1 step: " in playground.said
    tick(playground, 2)
    assert playground.said.startswith("After 2 steps. ")


def test_what_differs_in_looking_at_a_kept_wall_is_said_and_nothing_is_called_the_same():
    playground = finished()
    playground.inputs["between"].value = 0.25
    playground.keep_button.click()
    assert playground.look.between == 0.25 and playground.kept is not None  # there is no run to begin again
    assert "Now seen" not in playground.said
    playground.inputs["truncation"].value = 0.5
    assert playground.said.endswith("Now seen with truncation 0.5 instead of none.")
    playground.inputs["shown"].value = "3"
    playground.inputs["draw"].value = 4
    playground.inputs["averaged"].value = False
    assert playground.said.endswith(
        "Now seen with truncation 0.5 instead of none, latent vectors 4 instead of 0, classes 3 instead of all, "
        "averaged generator off instead of on."
    )
    titles = [one.axes.get_title() for one in (playground._drawing.now, playground._drawing.before)]
    assert titles == ["now", "kept"]


def test_keep_begins_a_run_that_learns_again_and_says_what_is_otherwise():
    playground = play.sample_wall(speed=10)
    tick(playground, 2)
    playground.inputs["moment"].value = 50
    playground.keep_button.click()
    assert playground.look.learned == 0
    tick(playground)
    assert "Kept after 20 steps, the generator of step 10: Within a class" in playground.said
    playground.inputs["truncation"].value = 1.0
    assert "Now seen with truncation 1 instead of none." in playground.said and "same" not in playground.said
    playground.inputs["seed"].value = 3
    assert playground.said.endswith(
        "Now seen with truncation 1 instead of none. Changed since then: seed 3 instead of 0."
    )


def test_a_finished_model_needs_no_convolutions_and_hides_what_is_about_learning():
    playground = play.sample_wall(GAN(64, 3, (8,), output="sigmoid"), FEW)
    tick(playground)
    assert playground.look.wall.shape == (80, 1, 8, 8) and not playground._drawing.curves.get_visible()
    learning = {"data", "objective", "conditional", "play", "moment", "learning_rate", "seed"}
    assert hidden(playground) == learning | {"shown", "averaged"}  # this one knows no classes and has no average
    again = play.sample_wall(playground.player.model.model, FEW, **playground.settings())
    assert again.said == playground.said


def test_the_kept_wall_stays_and_is_said():
    playground = play.sample_wall(speed=5)
    tick(playground, 2)
    wall, share = playground.look.wall, playground.look.spread
    playground.keep_button.click()
    playground.inputs["objective"].value = "wasserstein"
    tick(playground)
    drawing = playground._drawing
    assert np.allclose(drawing.before.wall.get_array()[1:9, 1:9], wall[0, 0], atol=1e-6)
    assert drawing.before.axes.get_visible() and drawing.before.axes.get_title() == "kept, step 10"
    assert f"Kept after 10 steps: Within a class the images of the wall vary {share:.2f} times" in playground.said
    assert "objective wasserstein instead of relativistic" in playground.said
    playground.drop_button.click()
    assert not drawing.before.axes.get_visible() and "Kept" not in playground.said


@pytest.mark.parametrize(("name", "kept"), [("digits", True), ("glyphs", False)])
def test_no_part_of_the_picture_is_cut_off_or_lies_over_another(name, kept):
    playground = play.sample_wall(data=name, speed=1)
    if kept:
        playground.keep_button.click()
    tick(playground, 11)
    drawing = playground._drawing
    whole = drawing.frame.figure.bbox
    axes = [drawing.now.axes, drawing.now.along, *drawing.places, drawing.curves]
    axes += [drawing.before.axes, drawing.before.along] if kept else []
    boxes = [one.get_tightbbox() for one in axes]
    for place, box in enumerate(boxes):
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert not any(box.overlaps(other) for other in boxes[:place])


WIDE = Dataset(np.zeros((9, 30)), image_shape=(1, 5, 6))
BAD = [
    (lambda: play.sample_wall(data="faces"), ValueError, "data was 'faces'"),
    (lambda: play.sample_wall(data="yours"), ValueError, "data was 'yours'"),
    (lambda: play.sample_wall(shown="10"), ValueError, "shown was '10'"),
    (lambda: play.sample_wall(first=0), ValueError, "first was 0"),
    (lambda: play.sample_wall(second=81), ValueError, "second was 81"),
    (lambda: play.sample_wall(between=1.5), ValueError, "between was 1.5"),
    (lambda: play.sample_wall(truncation=0), ValueError, "truncation was 0"),
    (lambda: play.sample_wall(moment=101), ValueError, "moment was 101"),
    (lambda: play.sample_wall(averaged="no"), TypeError, "averaged was 'no'; it must be True or False"),
    (lambda: play.sample_wall(objective="hinge"), ValueError, "objective was 'hinge'"),
    (lambda: play.sample_wall(MODEL), ValueError, "model was given without a dataset"),
    (lambda: play.sample_wall(held_out=FEW), ValueError, "held_out was given without a dataset"),
    (lambda: play.sample_wall(MODEL, FEW.x), TypeError, "dataset was ndarray"),
    (lambda: play.sample_wall(MODEL, data.moons(50)), ValueError, "holds no images"),
    (lambda: play.sample_wall(MODEL, FEW, held_out=WIDE), ValueError, "held_out has images of shape (1, 5, 6)"),
    (lambda: play.sample_wall(Autoencoder(64, 2), FEW), TypeError, "model was Autoencoder; it must have latent"),
    (lambda: play.sample_wall(GAN(60), FEW), ValueError, "model makes samples of shape (60,)"),
    (lambda: play.sample_wall(MODEL, FEW, play="learn"), ValueError, "play was 'learn'"),
    (lambda: play.sample_wall(dataset=WIDE), ValueError, "height and width must be multiples of 4"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0


def test_real_images_are_compared_with_others_than_themselves():
    reality = Reality(FEW)
    assert reality.alone and reality.usual[0] > 0.3
    distances, numbers = reality.nearest(FEW.images[:5])
    assert (
        np.allclose(distances[:, 0], 0, atol=1e-3)
        and (distances[:, 1] > 0.3).all()
        and numbers[:, 0].tolist() == [0, 1, 2, 3, 4]
    )


@pytest.mark.parametrize("shape", [(6, 9), (6, 9, 3)])
def test_a_mosaic_is_drawn_value_by_value(shape):
    frame = plots.Frame(3, 2)
    axes = frame.figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    values = np.random.default_rng(0).random(shape)
    artist = Mosaic(axes)
    _hang(artist, values)
    shown = pixels(frame.png())
    side = frame.size[1] / 6  # square cells, as high as the figure
    across = (np.arange(9) + 0.5) * side + (frame.size[0] - 9 * side) / 2
    seen = shown[np.ix_(((np.arange(6) + 0.5) * side).astype(int), across.astype(int))]
    assert np.abs(seen - 255 * (values if values.ndim == 3 else values[..., None])).max() <= 1
