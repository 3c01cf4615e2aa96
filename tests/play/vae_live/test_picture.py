"""The picture of a variational autoencoder is what the model measures."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play.vae_live.run import MAPPED, dataset
from udl_teach.play.vae_live.snapshot import ELLIPSES

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def parts(playground):
    run = playground.player.model
    return run, run.model, dataset(playground.settings()["data"])


def test_terms_below_zero_are_drawn_as_they_are():
    playground = play.vae_live(likelihood="continuous-bernoulli", speed=50)
    tick(playground, 3)
    now, curves = playground.snapshot, playground._drawing.curves
    assert now.reconstructions.min() < 0
    assert curves.get_ylim()[0] <= now.reconstructions.min()
    assert curves.get_ylim()[1] >= (now.reconstructions + now.kls).max()


def test_the_map_shows_the_posteriors_of_the_two_dimensions_with_the_largest_kl():
    playground = play.vae_live(latent_size=6, speed=50)
    tick(playground, 4)
    run, model, dataset = parts(playground)
    largest = np.sort(np.argsort(model.kl_per_dimension(dataset.x[:MAPPED]))[-2:])
    assert list(run.shown) == list(largest)
    mean, log_variance = model.posterior(dataset.x[:MAPPED])
    panel = playground._drawing.now.codes
    for digit, group in enumerate(panel.groups):
        members = dataset.labels[:MAPPED] == digit
        assert np.allclose(group.get_offsets(), mean[members][:, largest], atol=1e-5)
    rings = np.array(panel.rings.get_segments())
    few = slice(None, ELLIPSES)
    assert np.allclose(rings.mean(axis=1), mean[few][:, largest], atol=0.05)
    assert np.allclose(np.ptp(rings, axis=1) / 2, np.exp(log_variance[few][:, largest] / 2), rtol=0.01)
    assert [float(np.abs(ring).max()) for ring in panel.prior.get_segments()] == pytest.approx([1, 2])
    first, second = largest + 1
    assert f"The map shows dimensions {first} and {second}," in playground.said
    assert [name.get_text() for name in panel.names] == [f"dimension {first}", f"dimension {second}"]


def test_the_bars_are_the_kl_of_each_dimension_and_mark_those_that_are_not_active():
    playground = play.vae_live("moons", latent_size=4, speed=50)
    tick(playground, 8)
    _, model, dataset = parts(playground)
    drawing = playground._drawing
    heights = [path.vertices[:, 1].max() for path in drawing.blocks.get_paths()]
    assert np.allclose(heights, model.kl_per_dimension(dataset.x), atol=1e-5)
    idle = np.flatnonzero(model.encode(dataset.x).var(axis=0) <= 0.01) + 1
    assert 0 < len(idle) < 4
    assert sorted(drawing.idle.get_offsets()[:, 0]) == list(idle)
    assert drawing.bars.get_ylim()[1] >= max(heights)


def test_samples_come_from_the_prior_and_of_a_gaussian_decoder_with_its_noise():
    playground = play.vae_live("moons", seed=2, speed=10)
    tick(playground, 5)
    _, model, _ = parts(playground)
    now = playground.snapshot
    noise = (now.sampled - model.sample(300, seed=2)) / now.noise
    assert abs(noise.mean()) < 0.1 and noise.std() == pytest.approx(1, abs=0.1)
    digits = play.vae_live(seed=2, speed=10)
    model = digits.player.model.model
    assert np.allclose(digits.snapshot.sampled.reshape(-1, 64), model.sample(20, seed=2))
    wall = digits._drawing.now.decoded.wall.get_array()
    data = dataset("digits").x[:1]
    assert np.allclose(wall[1:9, 1:9], data.reshape(8, 8))  # the second row is decoded from the first
    assert np.allclose(wall[10:18, 1:9], model.decode(model.encode(data)).reshape(8, 8), atol=1e-6)


def test_a_code_of_one_dimension_has_a_row_for_each_group():
    playground = play.vae_live(latent_size=1, speed=10)
    tick(playground, 2)
    rows = [np.unique(group.get_offsets()[:, 1]) for group in playground._drawing.now.codes.groups]
    assert all(len(row) == 1 for row in rows) and (np.diff(np.concatenate(rows)) < 0).all()
    assert [name.get_text() for name in playground._drawing.now.codes.names] == ["dimension 1", "digit"]


@pytest.mark.parametrize(
    ("data", "latent_size", "kept"), [("digits", 16, True), ("digits", 2, False), ("ring", 1, True)]
)
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(data, latent_size, kept):
    playground = play.vae_live(data, latent_size=latent_size, speed=50)
    if kept:
        tick(playground, 4)
        playground.keep_button.click()
    tick(playground, 4)
    drawing = playground._drawing
    figure = drawing.frame.figure
    panels = [drawing.now, drawing.before] if kept else [drawing.now]
    axes = [one for panel in panels for one in panel.all] + [drawing.curves, drawing.bars]
    boxes = [one.get_tightbbox() for one in axes]
    boxes += [drawing.legend.get_window_extent()] if data == "digits" else []
    boxes += [text.get_window_extent() for text in figure.texts]
    for place, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:place])
