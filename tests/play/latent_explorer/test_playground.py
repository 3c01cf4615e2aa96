"""The playground of a map of codes."""

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import data, play
from udl_teach.models import Autoencoder
from udl_teach.play.latent_explorer import run

pytestmark = pytest.mark.usefixtures("nothing_left_open")
MODEL = Autoencoder(64, 2, (16,), seed=1)
FEW = data.digits()[:200]


def test_the_explorer_shows_the_image_whose_code_is_nearest():
    digits = FEW
    playground = play.latent_explorer(MODEL, digits)
    playground.inputs["across"].value = 20.0
    playground.inputs["up"].value = 70.0
    codes, now = MODEL.encode(digits.x).astype(float), playground.snapshot
    low, high = codes.min(axis=0), codes.max(axis=0)
    room = 0.05 * (high - low)
    wanted = low - room + np.array([0.2, 0.7]) * (high - low + 2 * room)
    assert np.allclose(now.code, wanted, atol=1e-6)
    distances = np.linalg.norm(codes - wanted, axis=1)
    assert now.name == str(digits.labels[distances.argmin()])
    assert np.array_equal(now.nearest, digits.images[distances.argmin()])
    assert f"{distances.min():.2f} away" in playground.said
    assert np.allclose(now.decoded.ravel(), MODEL.decode(wanted[None].astype(np.float32))[0], atol=1e-5)


def test_the_explorer_walks_to_real_images():
    playground = play.latent_explorer(MODEL, FEW)
    tick(playground, run.STRIDE)
    assert playground.snapshot.distance < 1e-5
    assert playground.settings()["across"] == pytest.approx(playground.player.model.percent[0], abs=0.26)


def test_the_explorer_trains_a_model_of_its_own_and_replays_it(monkeypatch):
    monkeypatch.setattr(run, "EPOCHS", 1)
    run.trained.cache_clear()
    first = play.latent_explorer(seed=4)
    codes = first.snapshot.codes
    run.trained.cache_clear()
    again = play.latent_explorer(seed=4)
    assert np.array_equal(codes, again.snapshot.codes)
    again.inputs["seed"].value = 5
    assert not np.array_equal(codes, again.snapshot.codes)
    run.trained.cache_clear()


def test_the_point_follows_what_points_at_the_map():
    playground = play.latent_explorer(MODEL, FEW)
    image, axes = playground._drawing.pictures[0], playground._drawing.map
    for kind, row in (("down", 3), ("move", 50), ("up", 120)):
        code, before = MODEL.encode(FEW.x[row : row + 1])[0], image.get_array().copy()
        touch(playground, kind, *code, axes=axes)
        now, chosen = playground.snapshot, playground.settings()
        reach = np.subtract(*playground.snapshot.corners[::-1])
        assert np.abs(now.code - code).max() < 0.003 * reach.max() and not np.array_equal(image.get_array(), before)
        assert (playground.inputs["across"].value, playground.inputs["up"].value) == (chosen["across"], chosen["up"])
    again = play.latent_explorer(MODEL, FEW, **chosen)
    assert np.allclose(again.snapshot.code, now.code) and again.said == playground.said
    touch(again, "down", 4, 4, axes=again._drawing.places[0])
    assert again.settings() == chosen and again.player.index == 0
