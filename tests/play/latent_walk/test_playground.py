"""The walk through a code: factors are named that the code does follow, and every image is what is decoded there."""

import re
from statistics import NormalDist

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play import view, walk_run
from udl_teach.play.factors import factor_shares, followed

UNTRAINED = {"trained": False, "latent_size": 4}


@pytest.fixture(autouse=True)
def nothing_left_open(monkeypatch):
    # A few steps of learning stand for the many before the first picture.
    monkeypatch.setattr(walk_run, "TRAINED", 6)
    walk_run._trained.cache_clear()
    yield
    walk_run._trained.cache_clear()
    for playground in list(view._open.values()):
        playground.close()


def known_factors(n=300):
    rng = np.random.default_rng(3)
    numbers = {name: rng.uniform(*ends, n) for name, ends in {"slant": (-15, 15), "size": (12, 17)}.items()}
    return {"character": np.array(list("EX"))[rng.integers(2, size=n)]} | numbers


def test_each_dimension_is_said_to_follow_the_factor_that_it_was_made_from():
    factors, rng = known_factors(), np.random.default_rng(4)
    noise = rng.standard_normal((300, 5))
    codes = np.stack(
        [
            -0.3 * factors["size"] + 0.1 * noise[:, 0],
            (factors["character"] == "X") + 0.1 * noise[:, 1],
            noise[:, 2],
            0.01 * factors["slant"] + 0.2 * noise[:, 3],
            np.full(300, 0.7),
        ],
        axis=1,
    )
    shares = factor_shares(codes, factors)
    names = tuple(factors)
    said = followed(shares, codes.var(axis=0) > 0.01, names)
    assert [name for name, _ in said] == ["size", "character", None, None, None]
    assert said[0][1] > 0.9 and said[1][1] > 0.9 and said[2][1] < 0.1 and said[4][1] < 1e-9
    # What follows a factor, but is not used, follows none.
    assert followed(shares, np.zeros(5, dtype=bool), names)[0][0] is None


@settings(max_examples=25, deadline=None)
@given(scale=st.floats(0.01, 100) | st.floats(-100, -0.01), shift=st.floats(-50, 50), seed=st.integers(0, 1000))
def test_shares_are_squared_correlations_whatever_the_scale_of_the_code(scale, shift, seed):
    factors = known_factors()
    codes = np.random.default_rng(seed).standard_normal((300, 3)) + factors["slant"][:, None] * [0, 0.05, 0.5]
    shares = factor_shares(codes, factors)
    assert (shares >= 0).all() and (shares <= 1).all()
    for number, name in ((1, "slant"), (2, "size")):
        wanted = [np.corrcoef(codes[:, k], factors[name])[0, 1] ** 2 for k in range(3)]
        assert np.allclose(shares[:, number], wanted, atol=1e-9)
    assert np.allclose(factor_shares(scale * codes + shift, factors), shares, atol=1e-6)


def test_the_share_of_a_character_is_what_lies_between_the_groups():
    factors = {"character": np.array(list("AAABBC"))}
    codes = np.array([[1.0], [2.0], [3.0], [7.0], [9.0], [4.0]])
    between = sum(len(group) * (np.mean(group) - codes.mean()) ** 2 for group in ([1, 2, 3], [7, 9], [4]))
    assert factor_shares(codes, factors)[0, 0] == pytest.approx(between / (6 * codes.var()))


def follow_the_truth(playground, order, scales):
    """Puts an encoder in the model's place whose codes are the true factors, in some order and size."""
    run = playground.player.model
    truth = np.stack([(values - values.mean()) / values.std() for values in map(run.factors.get, order)], axis=1)
    codes = torch.zeros(len(truth), run.model.latent_size)
    codes[:, : len(order)] = torch.tensor(truth * scales, dtype=torch.float32)
    run.model.posterior = lambda x: (codes, torch.zeros_like(codes))
    run._rank()
    run._measured = None
    playground._show()
    return codes.numpy()


def test_the_words_and_the_picture_name_the_factors_that_the_code_follows():
    playground = play.latent_walk(trained=False, latent_size=5)
    follow_the_truth(playground, ("size", "x", "slant"), (0.5, 2.0, 1.0))
    said = "dimension 1 follows x (1.00 of its variance), 2 follows slant (1.00), 3 follows size (1.00), "
    assert said + "4 and 5 are not used. No dimension follows stroke or y." in playground.said
    assert "Of an active dimension's variance 1.00 goes with one factor on average." in playground.said
    beside = [text.get_text() for text in playground._drawing.now.says]
    assert beside == ["x 1.00", "slant 1.00", "size 1.00", "not used", "not used", "", "", ""]


def test_a_dimension_that_follows_nothing_is_said_to():
    playground = play.latent_walk(trained=False, latent_size=2)
    run = playground.player.model
    codes = torch.tensor(np.random.default_rng(0).standard_normal((walk_run.HELD_OUT, 2)), dtype=torch.float32)
    run.model.posterior = lambda x: (codes, torch.zeros_like(codes))
    run._measured = None
    playground._show()
    assert re.search(r"dimension 1 and 2 no factor above 0.3 \(at most 0.0\d\)\. No dimension follows", playground.said)


def test_what_is_measured_is_measured_on_glyphs_that_were_not_learned_from():
    learned_from, held_out = walk_run.glyph_sets("E")
    assert not (held_out.x[:, None] == learned_from.x[None, :50]).all(axis=2).any()
    playground = play.latent_walk(**UNTRAINED)
    tick(playground, 4)
    run, look = playground.player.model, playground.look
    kl = run.model.kl_per_dimension(held_out.x)
    assert np.allclose(look.kl_each, kl[run.order], atol=1e-5)
    assert int(look.active.sum()) == run.model.active_units(held_out.x)
    assert np.allclose(look.own, run.model.encode(held_out.x[:1])[0][run.order], atol=1e-5)


def test_every_image_of_grid_and_rows_is_decoded_where_it_stands():
    playground = play.latent_walk(**UNTRAINED, speed=25)
    tick(playground, 3)
    playground.inputs["up"].value = 4
    playground.inputs["first"].value, playground.inputs["second"].value = 0.7, -1.3
    run, look = playground.player.model, playground.look

    def decoded(**values):
        code = look.own.copy()
        code[0], code[3] = 0.7, -1.3
        for dimension, value in values.items():
            code[int(dimension[1:])] = value
        raw = np.empty(4, dtype=np.float32)
        raw[run.order] = code
        return run.model.decode(raw[None]).reshape(28, 28)

    normal = NormalDist()
    for row, column in ((0, 0), (0, 8), (4, 4), (7, 2)):
        here = decoded(d0=normal.inv_cdf((column + 0.5) / 9), d3=normal.inv_cdf((8 - row + 0.5) / 9))
        assert np.allclose(look.grid[9 * row + column], here, atol=1e-5)
    for dimension, column, value in ((0, 0, -2.5), (2, 3, 0.0), (3, 6, 2.5)):
        assert np.allclose(look.rows[7 * dimension + column], decoded(**{f"d{dimension}": value}), atol=1e-5)
    assert np.allclose(look.here, decoded(), atol=1e-5)
    grid = playground._drawing.grid
    assert np.allclose(grid.point.get_data(), [[normal.cdf(0.7)], [normal.cdf(-1.3)]])
    assert np.allclose(grid.wall.get_array()[1:29, 1:29], look.grid[0], atol=1e-6)
    lines = np.array(playground._drawing.now.places.get_segments())
    assert lines[:, 0, 1].tolist() == [0, 3 * 29]
    assert "at 0.70 in dimension 1 and -1.30 in dimension 4" in playground.said


def test_the_start_image_gives_the_code_where_no_slider_does():
    playground = play.latent_walk(**UNTRAINED)
    tick(playground, 4)
    playground.inputs["image"].value = 9
    look, held_out = playground.look, walk_run.glyph_sets("E")[1]
    assert np.array_equal(look.real, held_out.images[8, 0])
    assert look.code[:2].tolist() == [0, 0] and np.array_equal(look.code[2:], look.own[2:])
    assert f"differs by {((look.here - look.real) ** 2).mean():.3f} a pixel" in playground.said


def test_play_walks_to_and_fro_and_moves_the_slider_but_not_the_model():
    playground = play.latent_walk(latent_size=3, speed=10)
    assert playground.settings()["play"] == "walk" and playground.look.learned == 6
    before = playground.look.kl_each
    places = []
    for _ in range(18):
        tick(playground)
        places.append(playground.inputs["first"].value)
        assert playground.look.code[0] == pytest.approx(places[-1])
    assert places == [*np.arange(1, 6) / 2, *np.arange(4, -6, -1) / 2, -2.0, -1.5, -1.0]
    assert playground.look.learned == 6 and np.array_equal(playground.look.kl_each, before)


def test_a_slider_that_was_moved_stays_and_the_walk_goes_on_from_there():
    playground = play.latent_walk(latent_size=3)
    playground.inputs["first"].value = 1.2
    assert playground.inputs["first"].value == playground.settings()["first"] == 1.2
    tick(playground)
    assert playground.inputs["first"].value == pytest.approx(1.35)
    playground.inputs["first"].value = -0.4
    tick(playground)
    assert playground.inputs["first"].value == pytest.approx(-0.25)
    playground.reset_button.click()
    assert playground.inputs["first"].value == 0.0


def test_play_learns_when_asked_to():
    playground = play.latent_walk(latent_size=3)
    playground.inputs["play"].value = "learn"
    kl = playground.look.kl_each
    tick(playground, 2)
    assert playground.look.learned == 12 and not np.array_equal(playground.look.kl_each, kl)
    assert playground.inputs["first"].value == 0.0
    assert "After 12 steps at beta 4" in playground.said


def test_a_model_trained_first_is_the_one_that_play_trains_and_goes_on_as_it_does():
    first, watched = play.latent_walk(latent_size=3, play="learn", speed=1), None
    tick(first, 4)
    weights = {name: value.clone() for name, value in first.player.model.model.state_dict().items()}
    watched = play.latent_walk(latent_size=3, trained=False, speed=1)
    tick(watched, 10)
    assert watched.look.learned == first.look.learned == 10
    for name, value in watched.player.model.model.state_dict().items():
        assert torch.equal(value, weights[name])


@pytest.mark.parametrize(("name", "value"), [("beta", 1.0), ("latent_size", 3), ("seed", 2), ("characters", "EX")])
def test_another_recipe_begins_untrained_and_play_then_learns(name, value):
    playground = play.latent_walk(latent_size=4)
    playground.inputs[name].value = value
    chosen = playground.settings()
    assert (chosen["trained"], chosen["play"], chosen[name]) == (False, "learn", value)
    assert playground.inputs["trained"].value is False and playground.look.learned == 0
    assert "Before it has learned" in playground.said
    tick(playground)
    assert playground.look.learned == 3
    assert ("character" in playground.look.names) == (name == "characters")
    playground.inputs["trained"].value = True
    assert playground.look.learned == 6 and playground.settings()["play"] == "walk"
    assert playground.settings()[name] == value


def test_the_same_settings_walk_and_learn_the_same():
    looks = []
    for _ in range(2):
        playground = play.latent_walk("R", latent_size=3, beta=2.0, trained=False, seed=7)
        tick(playground, 3)
        playground.inputs["play"].value = "walk"
        tick(playground, 2)
        looks.append(playground.look)
    assert np.array_equal(looks[0].grid, looks[1].grid) and np.array_equal(looks[0].shares, looks[1].shares)
    assert np.array_equal(looks[0].code, looks[1].code)


def test_two_sliders_never_stand_at_one_dimension_or_beyond_the_code():
    playground = play.latent_walk(**UNTRAINED)

    def at():
        chosen = playground.settings()
        assert (chosen["across"], chosen["up"]) == (playground.look.across + 1, playground.look.up + 1)
        assert (playground.inputs["across"].value, playground.inputs["up"].value) == (chosen["across"], chosen["up"])
        return chosen["across"], chosen["up"]

    playground.inputs["up"].value = 1
    assert at() == (2, 1)
    playground.inputs["across"].value = 1
    assert at() == (1, 2)
    playground.inputs["up"].value = 8
    assert at() == (1, 4)
    playground.inputs["across"].value = 3
    playground.inputs["latent_size"].value = 2
    assert sorted(at()) == [1, 2]
    assert "Something went wrong" not in playground.words.value


def test_characters_of_your_own_are_drawn_and_stand_in_the_list():
    playground = play.latent_walk("Qy", **UNTRAINED)
    assert playground.inputs["characters"].value == "Qy" and "E" in playground.inputs["characters"].options
    assert set(walk_run.glyph_sets("Qy")[1].extras["character"]) == {"Q", "y"}


def test_the_kept_run_is_said_with_its_own_factors():
    playground = play.latent_walk(trained=False, latent_size=3)
    follow_the_truth(playground, ("y", "stroke"), (2.0, 1.0))
    playground.keep_button.click()
    playground.inputs["beta"].value = 1.0
    said = "The kept run after 0 steps: dimension 1 follows y (1.00 of its variance), 2 follows stroke (1.00)"
    assert said in playground.said and "beta 1 instead of 4" in playground.said
    drawing = playground._drawing
    assert drawing.before.says[0].get_text() == "y 1.00" and drawing.before.axes.get_visible()
    assert not drawing.grid.axes.get_visible()
    assert np.allclose(drawing.pictures[3].get_array()[1:29, 1:29], playground.kept.here)


@pytest.mark.parametrize(("latent_size", "kept"), [(2, True), (6, False), (8, True)])
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(latent_size, kept):
    playground = play.latent_walk("EX", trained=False, latent_size=latent_size)
    if kept:
        playground.keep_button.click()
    tick(playground)
    drawing = playground._drawing
    figure = drawing.frame.figure
    for rows in (drawing.now, drawing.before) if kept else (drawing.now,):
        for text in rows.says[:latent_size]:
            text.set_text("character 0.99")
    axes = [drawing.now.axes, *drawing.places[: 4 if kept else 3], (drawing.before if kept else drawing.grid).axes]
    texts = [text for text in (*drawing.now.says, *drawing.now.numbers) if text.get_text()]
    for boxes in ([one.get_tightbbox() for one in axes], [text.get_window_extent() for text in texts]):
        for place, box in enumerate(boxes):
            assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
            assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
            assert not any(box.overlaps(other) for other in boxes[:place])


BAD = [
    (lambda: play.latent_walk("ABCDEF"), ValueError, "characters was 'ABCDEF'; it must have at most 5"),
    (lambda: play.latent_walk("EE"), ValueError, "characters was 'EE'"),
    (lambda: play.latent_walk(5), TypeError, "characters was 5"),
    (lambda: play.latent_walk(latent_size=1), ValueError, "latent_size was 1"),
    (lambda: play.latent_walk(latent_size=9), ValueError, "latent_size was 9"),
    (lambda: play.latent_walk(beta=30), ValueError, "beta was 30"),
    (lambda: play.latent_walk(trained="yes"), TypeError, "trained was 'yes'; it must be True or False"),
    (lambda: play.latent_walk(play="dance"), ValueError, "play was 'dance'"),
    (lambda: play.latent_walk(image=0), ValueError, "image was 0"),
    (lambda: play.latent_walk(image=41), ValueError, "image was 41"),
    (lambda: play.latent_walk(across=2), ValueError, "up was 2, and across too"),
    (lambda: play.latent_walk(latent_size=4, up=5), ValueError, "up was 5; the code has 4 dimensions"),
    (lambda: play.latent_walk(first=3), ValueError, "first was 3"),
    (lambda: play.latent_walk(seed="a"), TypeError, "seed was 'a'"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
