"""The run of a wall: what is kept of the past, the walk, and the label along the path."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from machinery.playgrounds import tick
from machinery.sample_wall import FEW, MODEL, SEEN, Painter, finished, weights

from udl_teach import play
from udl_teach.models import ConvGAN
from udl_teach.play.sample_wall.run import BETAS, EMA, Album, layout, path

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@settings(max_examples=25, deadline=None)
@given(size=st.integers(2, 40), seed=st.integers(0, 999), share=st.floats(0, 1))
def test_on_the_arc_a_code_stays_as_long_as_its_ends_are(size, seed, share):
    start, end = np.random.default_rng(seed).standard_normal((2, size)).astype(np.float32)
    end *= np.linalg.norm(start) / np.linalg.norm(end)
    first, middle, last = path(start, end, np.array([0.0, share, 1.0]))
    assert np.allclose(first, start, atol=1e-4) and np.allclose(last, end, atol=1e-4)
    assert np.linalg.norm(middle) == pytest.approx(np.linalg.norm(start), rel=1e-3)
    same = path(start, start, np.array([0.0, share, 1.0]))
    assert np.allclose(same, start, atol=1e-5)


def test_looking_changes_nothing_and_the_same_settings_learn_the_same():
    watched = play.sample_wall(seed=5, speed=1)
    for k in range(6):
        tick(watched)
        watched.inputs["between"].value = 0.1 * k
        watched.inputs["moment"].value = 100 - 15 * k
        watched.inputs["ema"].value = bool(k % 2)
    before, losses = weights(watched.player.model.model), watched.player.history.loss
    other = play.sample_wall(seed=5, speed=6)
    tick(other)
    after = weights(other.player.model.model)
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert losses == other.player.history.loss


def test_the_seed_is_that_of_the_first_weights_and_of_all_that_is_drawn_while_learning():
    playground = play.sample_wall(seed=5, speed=3)
    tick(playground)
    model = ConvGAN((1, 8, 8), n_classes=10, objective="relativistic", ema=EMA, seed=5)
    rules = {"learning_rate": lambda _: 0.006, "betas": BETAS, "batch_size": 64, "seed": 5}
    steps = model.steps(SEEN.images, SEEN.labels, epochs=None, **rules)
    assert [next(steps).loss for _ in range(3)] == playground.player.history.loss
    own = weights(model)
    assert all(torch.equal(value, own[name]) for name, value in weights(playground.player.model.model).items())


def test_the_past_is_shown_as_it_was():
    playground = play.sample_wall(speed=10)
    walls = {0: playground.snapshot.wall}
    for step in (10, 20, 30):
        tick(playground)
        walls[step] = playground.snapshot.wall
    for percent, step in ((0, 0), (35, 10), (60, 20), (99, 30), (100, 30)):
        playground.inputs["moment"].value = percent
        assert playground.snapshot.moment == step
        assert np.allclose(playground.snapshot.wall, walls[step], atol=1e-6)
        assert (f"After 30 steps (shown: the generator of step {step})" in playground.said) == (step < 30)
    assert not np.allclose(walls[20], walls[30], atol=1e-4)
    playground.inputs["moment"].value = 35
    assert f"step {playground.snapshot.moment}" in playground._drawing.now.axes.get_title()
    tick(playground)  # it goes on learning behind the past that is shown
    assert playground.snapshot.learned == 40 and playground.snapshot.moment == 10


def test_however_long_it_learns_few_generators_are_kept_and_they_span_the_whole_run():
    album = Album(most=6)
    model = torch.nn.Linear(2, 2)
    for index in range(1001):
        album.add(index, model)
    kept = sorted(album.moments)
    assert 3 <= len(kept) <= 6 and kept[0] == 0 and kept[-1] >= 640
    assert len(set(np.diff(kept))) == 1
    assert album.moments[0] is not model
    assert album.nearest(1000) == kept[-1]


def test_play_walks_from_image_to_image_and_leaves_the_model_as_it_is():
    before = weights(MODEL)
    playground = finished(first=4, second=34, speed=5)  # image 34 is one of its class, those that follow are not
    places = []
    for _ in range(9):
        tick(playground)
        chosen = playground.settings()
        places.append((chosen["first"], chosen["second"], chosen["between"]))
        assert playground.inputs["between"].value == chosen["between"] == playground.snapshot.between
    assert places[:4] == [(4, 34, 0.25), (4, 34, 0.5), (4, 34, 0.75), (4, 34, 1.0)]
    assert places[4:] == [(34, 27, 0.2), (34, 27, 0.45), (34, 27, 0.7), (34, 27, 0.95), (27, 20, 0.15)]
    assert all(torch.equal(value, before[name]) for name, value in weights(MODEL).items())
    playground.reset_button.click()
    assert [playground.inputs[name].value for name in ("first", "second", "between")] == [4, 34, 0.0]
    assert "learned" not in playground.said and "After" not in playground.said


@pytest.mark.parametrize("n_classes", [None, 2, 3, 10, 26, 100])
def test_a_walk_visits_every_image_of_the_wall(n_classes):
    numbers, columns, labels = layout(n_classes, "all")
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
    assert playground.snapshot.learned == 4 and playground.settings()["between"] == 0.2
    assert all(torch.equal(value, before[name]) for name, value in weights(playground.player.model.model).items())
    playground.inputs["play"].value = "learn"
    tick(playground)
    assert playground.snapshot.learned == 6 and playground.settings()["between"] == 0.2


def mixed(model, codes, shares, ema=True):
    network = model.generator_ema if ema else model.generator
    with torch.no_grad():
        return network(torch.tensor(np.concatenate([codes, shares], axis=1), dtype=torch.float32)).numpy()


def test_the_path_that_is_there_first_leads_from_one_class_to_another():
    for n_classes in (2, 3, 7, 10, 26):
        playground = play.sample_wall(ConvGAN(n_classes=n_classes, channels=(2, 2)), FEW)
        assert playground.snapshot.ends[0] == "0" != playground.snapshot.ends[1]
        assert not playground.snapshot.one_vector
    assert "Along the path the latent vector and the label change gradually: here the label is 0." in finished().said


@pytest.mark.parametrize("ema", [True, False])
def test_between_two_classes_the_label_goes_along_and_the_words_say_how_far_it_is(ema):
    model = ConvGAN(n_classes=10, latent_size=5, channels=(4, 8), ema=0.9, seed=3)
    model.generator_ema.load_state_dict(
        ConvGAN(n_classes=10, latent_size=5, channels=(4, 8), seed=4).generator.state_dict()
    )
    playground = play.sample_wall(model, FEW, first=3, second=18, between=0.3, ema=ema)
    z = model.latent(80, 0)[[0, 1]]
    shares = np.zeros((1, 10))
    shares[0, [2, 7]] = 0.7, 0.3
    wanted = mixed(model, path(z[0], z[1], np.array([0.3])), shares, ema)
    assert np.allclose(playground.snapshot.here, wanted[0], atol=1e-5)
    assert "here the label is 70 % 2 and 30 % 7, a mixture that was never learned." in playground.said
    playground.inputs["between"].value = 1.0
    assert "change gradually: here the label is 7." in playground.said
    playground.inputs["second"].value = 8
    playground.inputs["between"].value = 0.4
    wanted = mixed(model, z[:1], np.array([[0, 0, 0.6, 0, 0, 0, 0, 0.4, 0, 0]]), ema)
    assert np.allclose(playground.snapshot.here, wanted[0], atol=1e-5)
    assert (
        "Along the path only the label changes gradually: here the label is 60 % 2 and 40 % 7, a mixture that was "
        "never learned." in playground.said
    )
    playground.inputs["second"].value = 13
    assert "Along the path the label stays at 2." in playground.said and "mixture" not in playground.said


def test_the_label_goes_along_in_the_past_too_and_classes_are_called_by_their_names():
    playground = play.sample_wall(data="glyphs", speed=10, between=0.5)
    before = playground.snapshot.path
    assert "here the label is 50 % A and 50 % D" in playground.said
    tick(playground)
    assert not np.allclose(playground.snapshot.path, before, atol=1e-3)
    playground.inputs["moment"].value = 0
    assert np.allclose(playground.snapshot.path, before, atol=1e-6)


class Classy(Painter):
    """A model of which only `generate` is known: the image of a class is grey of its own, whatever the vectors."""

    n_classes = 3

    def generate(self, z, labels=None, ema=True):
        labels = np.zeros(len(z), int) if labels is None else labels
        return np.full((len(z), 1, 8, 8), 0.1) * np.asarray(labels)[:, None, None, None]


def test_a_label_that_cannot_be_mixed_jumps_and_that_is_said():
    playground = play.sample_wall(Classy(None), FEW, first=2, second=6, between=0.45)
    said = "Along the path the latent vector and the label change; the label jumps half-way: here it is "
    assert f"{said}1." in playground.said and np.allclose(playground.snapshot.here, 0.1)
    playground.inputs["between"].value = 0.5
    assert f"{said}2." in playground.said and np.allclose(playground.snapshot.here, 0.2)
    assert np.allclose(playground.snapshot.path.mean(axis=(1, 2, 3)), [0.1] * 4 + [0.2] * 5)
    playground.inputs["second"].value = 3
    assert "Along the path only the label changes; the label jumps half-way" in playground.said
