"""The playground of a wall: controls act at once or restart, and models and images can be one's own."""

import re

import numpy as np
import pytest
from machinery.playgrounds import tick, touch
from machinery.sample_wall import FEW, MODEL, finished, weights

from udl_teach import data, play
from udl_teach.data import Dataset
from udl_teach.models import GAN, Autoencoder, ConvGAN

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_one_class_fills_the_wall_when_it_is_chosen():
    playground = finished(shown="6")
    wanted = MODEL.generate(MODEL.latent(80, 0), labels=6)
    assert np.allclose(playground.snapshot.wall, wanted, atol=1e-6)
    playground.inputs["shown"].value = "all"
    assert not np.allclose(playground.snapshot.wall, wanted, atol=1e-3)


def test_truncation_average_and_draw_act_at_once():
    playground = finished(draw=2)
    z, labels = MODEL.latent(80, 2, 0.5), np.arange(80) % 10
    playground.inputs["truncation"].value = 0.5
    assert np.allclose(playground.snapshot.wall, MODEL.generate(z[np.arange(80) // 10], labels=labels), atol=1e-6)
    tick_run = play.sample_wall(speed=2)
    tick(tick_run, 2)
    model, ema = tick_run.player.model.model, tick_run.snapshot.wall
    tick_run.inputs["ema"].value = False
    z = model.latent(80, 0)[np.arange(80) // 10]
    assert np.allclose(tick_run.snapshot.wall, model.generate(z, labels=labels, ema=False), atol=1e-6)
    assert not np.allclose(tick_run.snapshot.wall, ema, atol=1e-4)


def test_without_classes_every_image_has_a_latent_vector_of_its_own():
    playground = play.sample_wall(conditional=False)
    assert "label" not in playground.said and "Within a class" not in playground.said
    run = playground.player.model
    assert run.model.n_classes is None
    assert np.allclose(playground.snapshot.wall, run.model.sample(80), atol=1e-6)
    playground.inputs["shown"].value = "3"  # without classes there is none to choose
    assert np.allclose(playground.snapshot.wall, run.model.sample(80), atol=1e-6)
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
    assert 0 < moved < 0.01 and playground.snapshot.learned == 4
    playground.inputs["objective"].value = "non-saturating"
    assert playground.snapshot.learned == 0 and playground.player.model.model.objective == "non-saturating"


def test_images_of_yours_are_learned_from_in_colour_and_without_labels():
    rng = np.random.default_rng(0)
    own = Dataset(rng.random((40, 3 * 8 * 12)).astype(np.float32), image_shape=(3, 8, 12))
    playground = play.sample_wall(dataset=own)
    tick(playground, 2)
    assert playground.snapshot.wall.shape == (80, 3, 8, 12) and playground.settings()["data"] == "yours"
    assert playground.snapshot.name is None and "that of other training images is" in playground.said
    apart = np.linalg.norm(own.x[:, None] - own.x[None], axis=2) + np.diag(np.full(40, np.inf))
    assert np.allclose(playground.snapshot.reality.usual, np.quantile(apart.min(axis=1), (0.05, 0.5, 0.95)), atol=1e-4)
    assert "Something went wrong" not in playground.words.value


def hidden(playground):
    playground.more.value = True
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
    without = ConvGAN(channels=(2, 2), latent_size=3, ema=0.9)
    assert hidden(play.sample_wall(without, FEW)) == learning | {"shown"}


def test_keep_begins_a_run_that_learns_again_and_says_what_is_otherwise():
    playground = play.sample_wall(speed=10)
    tick(playground, 2)
    playground.inputs["moment"].value = 50
    playground.keep_button.click()
    assert playground.snapshot.learned == 0
    tick(playground)
    assert "Kept after 20 steps (shown: the generator of step 10): Within a class" in playground.said
    playground.inputs["truncation"].value = 1.0
    assert playground.said.endswith("Changed since then: truncation 1 instead of 4.")
    playground.inputs["seed"].value = 3
    assert playground.said.endswith("Changed since then: truncation 1 instead of 4, seed 3 instead of 0.")


def test_a_finished_model_needs_no_convolutions_and_hides_what_is_about_learning():
    playground = play.sample_wall(GAN(64, 3, (8,), output="sigmoid"), FEW)
    tick(playground)
    assert playground.snapshot.wall.shape == (80, 1, 8, 8) and not playground._drawing.curves.get_visible()
    learning = {"data", "objective", "conditional", "play", "moment", "learning_rate", "seed"}
    assert hidden(playground) == learning | {"shown", "ema"}  # this one knows no classes and has no EMA
    again = play.sample_wall(playground.player.model.model, FEW, **playground.settings())
    assert again.said == playground.said


def test_a_click_chooses_an_image_and_a_drag_the_path_to_another():
    playground = finished(second=5, between=0.5)
    now = playground._drawing.now
    touch(playground, "down", 9 * 3 + 1.5, 9 * 2 + 7, axes=now.axes)
    touch(playground, "up", 9 * 3 + 5, 9 * 2 + 5, axes=now.axes)
    chosen = playground.settings()
    assert (chosen["first"], chosen["second"], chosen["between"]) == (24, 5, 0.0)
    assert np.allclose(playground.snapshot.here, playground.snapshot.wall[23], atol=1e-5)
    for kind, column in (("down", 0), ("move", 4), ("up", 9)):
        touch(playground, kind, 9 * column + 4, 9 * 7 + 4, axes=now.axes)
    chosen = playground.settings()
    assert (chosen["first"], chosen["second"]) == (71, 80)
    assert now.marks.get_segments()[0].min(axis=0).tolist() == [81, 63]
    for kind, x, between in (("down", 4.5 + 9 * 2, 0.25), ("move", 4.5 + 9 * 6, 0.75), ("up", 80, 1.0)):
        touch(playground, kind, x, 5, axes=now.along)
        assert playground.settings()["between"] == between
        assert now.place.get_xdata()[0] == pytest.approx(4.5 + 9 * 8 * between)
    assert np.allclose(playground.snapshot.here, playground.snapshot.wall[79], atol=1e-5)
    chosen = playground.settings()
    touch(playground, "down", 4, 4, axes=playground._drawing.places[0])
    said = playground.said
    assert playground.settings() == chosen and finished(**chosen).said == said


def test_a_place_beside_the_images_chooses_none():
    playground = play.sample_wall(ConvGAN(n_classes=3, latent_size=3, channels=(2, 2)), FEW)
    now, chosen = playground._drawing.now, playground.settings()
    n, columns = len(playground.snapshot.wall), playground.snapshot.columns
    assert now.cell_at(9 * columns - 1, 4) == columns - 1 and now.cell_at(9 * columns + 0.5, 4) is None
    assert now.cell_at(4, 9 * (n // columns) - 1) == n - columns and now.cell_at(4, 9 * (n // columns) + 0.5) is None
    touch(playground, "down", 9 * columns + 0.5, 4, axes=now.axes)
    assert playground.settings() == chosen


def test_a_checkpoint_is_chosen_in_the_curves():
    playground = play.sample_wall(speed=10)
    curves = playground._drawing.curves
    touch(playground, "down", np.mean(curves.get_xlim()), 0, axes=curves)  # nothing has been learned yet
    assert playground.settings()["moment"] == 100
    tick(playground, 3)
    for kind, x, moment, step in (("down", 10, 33, 10), ("move", 21, 70, 20), ("up", 30, 100, 30)):
        touch(playground, kind, x, 0, axes=curves)
        assert playground.settings()["moment"] == moment and playground.snapshot.moment == step
        assert list(playground._drawing.moment.get_xdata()) == ([step, step] if moment < 100 else [])
    assert playground.snapshot.learned == 30


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
    (lambda: play.sample_wall(ema="no"), TypeError, "ema was 'no'; it must be True or False"),
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
