"""One moment of a walk: held-out glyphs, and images where they are decoded."""

from statistics import NormalDist

import numpy as np
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play.latent_walk.run import glyph_sets

UNTRAINED = {"trained": False, "latent_size": 4}


def test_what_is_measured_is_measured_on_glyphs_that_were_not_learned_from():
    learned_from, held_out = glyph_sets("E")
    assert not (held_out.x[:, None] == learned_from.x[None, :50]).all(axis=2).any()
    playground = play.latent_walk(**UNTRAINED)
    tick(playground, 4)
    run, now = playground.player.model, playground.snapshot
    kl = run.model.kl_per_dimension(held_out.x)
    assert np.allclose(now.kl_each, kl[run.order], atol=1e-5)
    assert int(now.active.sum()) == run.model.active_units(held_out.x)
    assert np.allclose(now.own, run.model.encode(held_out.x[:1])[0][run.order], atol=1e-5)


def test_every_image_of_grid_and_rows_is_decoded_where_it_stands():
    playground = play.latent_walk(**UNTRAINED, speed=25)
    tick(playground, 3)
    playground.inputs["up"].value = 4
    playground.inputs["first"].value, playground.inputs["second"].value = 0.7, -1.3
    run, now = playground.player.model, playground.snapshot

    def decoded(**values):
        code = now.own.copy()
        code[0], code[3] = 0.7, -1.3
        for dimension, value in values.items():
            code[int(dimension[1:])] = value
        raw = np.empty(4, dtype=np.float32)
        raw[run.order] = code
        return run.model.decode(raw[None]).reshape(28, 28)

    normal = NormalDist()
    for row, column in ((0, 0), (0, 8), (4, 4), (7, 2)):
        here = decoded(d0=normal.inv_cdf((column + 0.5) / 9), d3=normal.inv_cdf((8 - row + 0.5) / 9))
        assert np.allclose(now.grid[9 * row + column], here, atol=1e-5)
    for dimension, column, value in ((0, 0, -2.5), (2, 3, 0.0), (3, 6, 2.5)):
        assert np.allclose(now.rows[7 * dimension + column], decoded(**{f"d{dimension}": value}), atol=1e-5)
    assert np.allclose(now.here, decoded(), atol=1e-5)
    grid = playground._drawing.grid
    assert np.allclose(grid.point.get_data(), [[normal.cdf(0.7)], [normal.cdf(-1.3)]])
    assert np.allclose(grid.wall.get_array()[1:29, 1:29], now.grid[0], atol=1e-6)
    lines = np.array(playground._drawing.now.places.get_segments())
    assert lines[:, 0, 1].tolist() == [0, 3 * 29]
    assert "at 0.70 in dimension 1 and -1.30 in dimension 4" in playground.said


def test_the_start_image_gives_the_code_where_no_slider_does():
    playground = play.latent_walk(**UNTRAINED)
    tick(playground, 4)
    playground.inputs["image"].value = 9
    now, held_out = playground.snapshot, glyph_sets("E")[1]
    assert np.array_equal(now.real, held_out.images[8, 0])
    assert now.code[:2].tolist() == [0, 0] and np.array_equal(now.code[2:], now.own[2:])
    assert f"differs by {((now.here - now.real) ** 2).mean():.3f} from the start image" in playground.said
