"""One moment of the game: the discriminator's map, the sheet and the sample gradients."""

import numpy as np
import pytest
from machinery.gan_game import game_of
from machinery.playgrounds import tick
from sklearn.metrics import roc_auc_score

from udl_teach import play
from udl_teach.play.gan_game.picture import Drawing
from udl_teach.play.gan_game.run import EVERY
from udl_teach.play.gan_game.scene import SHOWN
from udl_teach.play.gan_game.snapshot import ARROWS, SIDE, snapshot
from udl_teach.plots.points import cells

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("objective", ["non-saturating", "minimax"])
def test_the_map_is_the_discriminators_probability_at_every_place(objective):
    playground = play.gan_game("moons", objective=objective)
    tick(playground, 3)
    now, model = playground.snapshot, playground.player.model.model
    places = cells(now.scene.box, SIDE).astype(np.float32)
    for row, column in ((0, 0), (5, 30), (39, 12)):
        score = model.score(places[row, column][None])[0]
        assert now.heat[row, column] == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-5)
    image = playground._drawing.now.heat
    assert image.origin == "lower" and image.get_extent() == [*now.scene.box[0], *now.scene.box[1]]
    assert "Map: probability of real." in playground.said


@pytest.mark.parametrize("objective", ["least-squares", "wasserstein", "relativistic"])
def test_a_map_of_scores_rises_with_the_score_and_says_how_it_is_scaled(objective):
    playground = play.gan_game(objective=objective)
    tick(playground, 10)
    now, model = playground.snapshot, playground.player.model.model
    order = np.argsort(model.score(cells(now.scene.box, SIDE).astype(np.float32).reshape(-1, 2)))
    assert (np.diff(now.heat.ravel()[order]) >= -1e-6).all() and np.ptp(now.heat) > 0.05
    assert "Map: the score, scaled by its range in the picture." in playground.said


def test_a_packed_discriminator_is_asked_about_a_place_in_the_company_of_real_points():
    playground = play.gan_game(cure="packing 2")
    tick(playground, 3)
    now, run = playground.snapshot, playground.player.model
    pack = np.array([cells(now.scene.box, SIDE)[21, 7], run.scene.x[0]], dtype=np.float32)
    assert now.heat[21, 7] == pytest.approx(1 / (1 + np.exp(-run.model.score(pack)[0])), abs=1e-5)


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


@pytest.mark.parametrize(("latent_size", "shape"), [(1, (441, 2, 2)), (2, (21, 21, 2)), (4, (21, 21, 2))])
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
    assert now.strength == 1 and run.largest_norm == run.gradients()[2]  # norms under two losses do not compare
    run.largest_norm /= 4  # as after steps that no note has seen
    assert snapshot(playground.player, playground.settings()).strength == 1


def test_the_auc_is_the_share_of_pairs():
    player, settings = game_of()
    player.advance(3)
    now, model = snapshot(player, settings), player.model.model
    real, generated = model.score(now.scene.x[:SHOWN]), model.score(now.points)
    assert now.auc == pytest.approx(roc_auc_score([1] * SHOWN + [0] * SHOWN, np.append(real, generated)))
