"""One moment of the game: the discriminator's map, the sheet and the sample gradients."""

import numpy as np
import pytest
from machinery.gan_game import game_of
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play.gan_game.picture import Drawing
from udl_teach.play.gan_game.run import EVERY
from udl_teach.play.gan_game.snapshot import ARROWS, snapshot

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def centres_of_pixels(now):
    (left, right), (bottom, top) = now.box
    share = (np.arange(len(now.heat)) + 0.5) / len(now.heat)
    return left + share * (right - left), bottom + share * (top - bottom)


@pytest.mark.parametrize("objective", ["non-saturating", "minimax"])
def test_the_map_is_the_discriminators_probability_at_every_place(objective):
    playground = play.gan_game("moons", objective=objective)
    tick(playground, 3)
    now, model = playground.snapshot, playground.player.model.model
    x, y = centres_of_pixels(now)
    for row, column in ((0, 0), (5, 30), (39, 12)):
        score = model.score(np.array([[x[column], y[row]]], dtype=np.float32))[0]
        assert now.heat[row, column] == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-5)
    image = playground._drawing.now.heat
    assert image.origin == "lower" and image.get_extent() == [*now.box[0], *now.box[1]]
    assert "Map: probability of real." in playground.said


@pytest.mark.parametrize("objective", ["least-squares", "wasserstein", "relativistic"])
def test_a_map_of_scores_rises_with_the_score_and_says_how_it_is_scaled(objective):
    playground = play.gan_game(objective=objective)
    tick(playground, 10)
    now, model = playground.snapshot, playground.player.model.model
    x, y = centres_of_pixels(now)
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    order = np.argsort(model.score(places))
    assert (np.diff(now.heat.ravel()[order]) >= -1e-6).all() and np.ptp(now.heat) > 0.05
    assert "Map: probability of real." not in playground.said and now.scaled in playground.said


def test_a_packed_discriminator_is_asked_about_a_place_in_the_company_of_real_points():
    playground = play.gan_game(cure="packing 2")
    tick(playground, 3)
    now, run = playground.snapshot, playground.player.model
    x, y = centres_of_pixels(now)
    pack = np.array([[x[7], y[21]], run.scene.x[0]], dtype=np.float32)
    assert now.heat[21, 7] == pytest.approx(1 / (1 + np.exp(-run.model.score(pack)[0])), abs=1e-5)
    assert "beside real points of a pack" in playground.said


def test_arrows_point_along_the_sample_gradient_and_shrink_with_it():
    player, settings = game_of()
    player.advance(EVERY)
    now, run = snapshot(player, settings), player.model
    points, gradients = run.model.sample_gradient(run.z[:ARROWS])
    assert np.array_equal(now.starts, points)
    cosine = (
        (now.arrows * gradients).sum(axis=1) / np.linalg.norm(now.arrows, axis=1) / np.linalg.norm(gradients, axis=1)
    )
    assert np.allclose(cosine, 1, atol=1e-5)
    run.largest_norm *= 10
    fainter = snapshot(player, settings)
    assert np.allclose(fainter.arrows, now.arrows / 10) or np.linalg.norm(fainter.arrows) < np.linalg.norm(now.arrows)
    drawing = Drawing()
    drawing.draw(now)
    assert np.allclose(drawing.now.arrows.get_offsets(), points) and np.allclose(drawing.now.arrows.U, now.arrows[:, 0])


@pytest.mark.parametrize(("latent_size", "shape"), [(1, (441, 1, 2)), (2, (21, 21, 2)), (4, (21, 21, 2))])
def test_the_sheet_is_a_grid_of_equally_likely_latent_vectors(latent_size, shape):
    playground = play.gan_game(latent_size=latent_size)
    tick(playground)
    sheet, model = playground.snapshot.sheet, playground.player.model.model
    assert sheet.shape == shape
    z = np.zeros((1, latent_size), dtype=np.float32)  # the middle knot is the vector of zeros
    assert np.allclose(sheet[shape[0] // 2, shape[1] // 2], model.generate(z, ema=False)[0], atol=1e-5)
    assert ("The sheet is a slice" in playground.said) == (latent_size > 2)
    cells = playground._drawing.now.sheet.get_paths()
    assert len(cells) == (440 if latent_size == 1 else 400)


def test_another_loss_has_another_largest_gradient():
    playground = play.gan_game(objective="wasserstein", speed=20)
    tick(playground, 5)
    playground.player.model.largest_norm = 1e6
    playground.inputs["objective"].value = "least-squares"
    run, now = playground.player.model, playground.snapshot
    assert run.largest_norm == pytest.approx(
        now.note.gradient_norm
    )  # taken anew: lengths under two losses do not compare
    playground.player.model.largest_norm = now.note.gradient_norm / 4  # as after steps that no note has seen
    assert snapshot(playground.player, playground.settings()).largest_norm == now.note.gradient_norm
