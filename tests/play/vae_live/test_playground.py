"""The variational playground: what is drawn and said is what the model measures, and the sliders are felt at once."""

import re

import numpy as np
import pytest
import torch
from machinery.playgrounds import pixels, tick

from udl_teach import inputs, play
from udl_teach.play import variational_picture, variational_run
from udl_teach.play.holes import hole_share

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def parts(playground):
    run = playground.player.model
    return run, run.model, variational_run.dataset(playground.settings()["data"])


@pytest.mark.parametrize(("data", "latent_size"), [("digits", 5), ("moons", 2)])
def test_the_words_say_what_the_model_measures(data, latent_size):
    playground = play.vae_live(data, latent_size=latent_size, seed=1, speed=10)
    tick(playground, 6)
    _, model, dataset = parts(playground)
    kl = model.kl_per_dimension(dataset.x)
    terms = model.loss(torch.tensor(dataset.x), generator=inputs.generator(1))
    one, two = terms["reconstruction"].item(), float(kl.sum())
    thing = "digit" if data == "digits" else "point"
    assert f"Step 60: reconstruction {one:.2f} + KL {two:.2f} = {one + two:.2f} nats a {thing}." in playground.said
    assert f"varies by more than 0.01): {model.active_units(dataset.x)} of {latent_size}." in playground.said
    assert ("The map shows dimensions" in playground.said) == (latent_size > 2)
    assert ("standard deviation of" in playground.said) == (data != "digits")
    if data != "digits":
        assert f"standard deviation of {model.log_variance.exp().sqrt().item():.3f}" in playground.said


def test_collapse_is_announced_exactly_when_no_dimension_is_active():
    announced = []
    for more in ({"data": "ring", "warm_up": 0}, {"data": "ring"}, {"data": "moons", "beta": 10.0, "latent_size": 4}):
        playground = play.vae_live(**more, speed=10)
        assert "Posterior collapse" not in playground.said  # nothing has been learned yet
        for _ in range(12):
            tick(playground)
            _, model, dataset = parts(playground)
            none = model.active_units(dataset.x) == 0
            assert ("Posterior collapse" in playground.said) == none
            announced.append(none)
            if none:
                size, kl = model.latent_size, model.kl_per_dimension(dataset.x).sum()
                assert f"0 of {size} dimensions are active, the KL term is {kl:.2f} nats" in playground.said
    assert True in announced and False in announced


def test_a_collapsed_code_comes_back_by_free_bits_while_it_runs():
    playground = play.vae_live("ring", warm_up=0, speed=50)
    tick(playground, 6)
    assert playground.look.collapsed and "longer warm-up" in playground.said
    playground.inputs["free_bits"].value = 0.5
    tick(playground, 6)
    assert playground.look.active.all() and "Posterior collapse" not in playground.said
    assert "the first 0.50 nats of each dimension are free" in playground.said


def test_at_a_large_beta_the_words_say_what_a_nat_must_save():
    playground = play.vae_live("moons", beta=8.0, warm_up=0, speed=10)
    tick(playground, 5)
    assert "At beta 8 a nat of code must save 8 nats of reconstruction." in playground.said


def weight(playground):
    step = playground.player.step
    return (step.loss - step.terms["reconstruction"]) / step.terms["kl"]


def test_beta_and_warm_up_act_while_it_runs():
    playground = play.vae_live(warm_up=100, beta=2.0, speed=50)
    tick(playground)
    assert "The KL term weighs 1.02 (warming up to 2 until step 100)." in playground.said
    playground.step_button.click()
    assert weight(playground) == pytest.approx(2 * 51 / 100, rel=1e-3)
    playground.inputs["warm_up"].value = 200
    playground.step_button.click()
    assert weight(playground) == pytest.approx(2 * 52 / 200, rel=1e-3)
    playground.inputs["beta"].value = 4.0
    playground.step_button.click()
    assert weight(playground) == pytest.approx(4 * 53 / 200, rel=1e-3)
    playground.inputs["warm_up"].value = 0
    playground.step_button.click()
    assert weight(playground) == pytest.approx(4, rel=1e-3)
    assert playground.player.index == 54 and "The KL term weighs 4." in playground.said
    assert "Moved while it ran: warm-up, beta." in playground.said


def test_free_bits_and_learning_rate_act_while_it_runs():
    playground = play.vae_live("moons", warm_up=0, speed=10)
    tick(playground, 3)
    playground.inputs["free_bits"].value = 2.0
    playground.step_button.click()
    step = playground.player.step
    assert step.loss == pytest.approx(step.terms["reconstruction"] + 2 * 2.0, rel=1e-5)  # both cost less than is free
    model = playground.player.model.model
    for rate, moves in ((0.0001, lambda change: change < 0.001), (0.1, lambda change: change > 0.01)):
        playground.inputs["learning_rate"].value = rate
        before = model.decoder[0].weight.detach().clone()
        playground.step_button.click()
        assert moves((model.decoder[0].weight - before).abs().max().item())
    assert playground.player.index == 33


@pytest.mark.parametrize(
    ("name", "value"), [("latent_size", 5), ("likelihood", "gaussian"), ("seed", 4), ("data", "grid")]
)
def test_what_shapes_the_model_restarts(name, value):
    playground = play.vae_live(speed=10)
    tick(playground)
    playground.inputs[name].value = value
    assert playground.player.index == 0 and playground.settings()[name] == value
    tick(playground)
    assert playground.player.index == 10 and "Something went wrong" not in playground.words.value
    if name == "latent_size":
        assert playground.player.model.model.latent_size == 5


def test_other_data_bring_the_likelihood_that_fits_them():
    playground = play.vae_live(speed=10)
    first = pixels(playground.png)
    playground.inputs["data"].value = "moons"
    assert playground.inputs["likelihood"].value == "gaussian" and playground.settings()["likelihood"] == "gaussian"
    playground.inputs["likelihood"].value = "bernoulli"
    assert "likelihood was 'bernoulli'" in playground.said and playground.inputs["likelihood"].value == "gaussian"
    tick(playground)
    assert playground.player.index == 10 and "point" in playground.said
    playground.inputs["data"].value = "digits"
    assert playground.inputs["likelihood"].value == "bernoulli"
    assert np.array_equal(pixels(playground.png), first)


def test_terms_below_zero_are_drawn_as_they_are():
    playground = play.vae_live(likelihood="continuous-bernoulli", speed=50)
    tick(playground, 3)
    look, curves = playground.look, playground._drawing.curves
    assert look.reconstructions.min() < 0
    assert curves.get_ylim()[0] <= look.reconstructions.min()
    assert curves.get_ylim()[1] >= (look.reconstructions + look.kls).max()


def test_the_curves_are_noted_at_the_same_steps_whatever_the_speed_and_looking_changes_nothing():
    looks, weights = [], []
    for speed in (2, 40):
        playground = play.vae_live("ring", speed=speed)
        tick(playground, 120 // speed)
        looks.append(playground.look)
        weights.append(torch.cat([part.flatten() for part in playground.player.model.model.state_dict().values()]))
    assert looks[0].noted.tolist() == looks[1].noted.tolist() == list(range(10, 121, 10))
    assert np.array_equal(looks[0].kls, looks[1].kls)
    assert torch.equal(*weights)
    assert (looks[0].reach, looks[0].highest, looks[0].shown) == (looks[1].reach, looks[1].highest, looks[1].shown)


def test_a_point_of_the_curves_is_the_mean_of_ten_steps():
    playground = play.vae_live("moons", speed=1)
    kls = []
    for _ in range(20):
        playground.step_button.click()
        kls.append(playground.player.step.terms["kl"])
    assert np.allclose(playground.look.kls, [np.mean(kls[:10]), np.mean(kls[10:])])
    drawing = playground._drawing
    high, low = drawing.high.get_ydata(), drawing.low.get_ydata()
    assert np.allclose(high - low, playground.look.kls)  # the band between the two curves is the KL term


def test_the_map_shows_the_posteriors_of_the_two_dimensions_with_the_largest_kl():
    playground = play.vae_live(latent_size=6, speed=50)
    tick(playground, 4)
    run, model, dataset = parts(playground)
    largest = np.sort(np.argsort(model.kl_per_dimension(dataset.x[: variational_run.MAPPED]))[-2:])
    assert list(run.shown) == list(largest)
    mean, log_variance = model.posterior(dataset.x[: variational_run.MAPPED])
    panel = playground._drawing.now
    for digit, group in enumerate(panel.groups):
        members = dataset.labels[: variational_run.MAPPED] == digit
        assert np.allclose(group.get_offsets(), mean[members][:, largest], atol=1e-5)
    rings = np.array(panel.rings.get_segments())
    few = slice(None, variational_picture.ELLIPSES)
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
    look = playground.look
    noise = (look.sampled - model.sample(300, seed=2)) / look.noise
    assert abs(noise.mean()) < 0.1 and noise.std() == pytest.approx(1, abs=0.1)
    digits = play.vae_live(seed=2, speed=10)
    model = digits.player.model.model
    assert np.allclose(digits.look.sampled.reshape(-1, 64), model.sample(20, seed=2))
    wall = digits._drawing.now.walls[0].get_array()
    assert np.allclose(wall[10:18, 1:9], digits.look.decoded[0], atol=1e-6)  # the second row is decoded from the first


def test_a_code_of_one_dimension_has_a_row_for_each_group():
    playground = play.vae_live(latent_size=1, speed=10)
    tick(playground, 2)
    rows = [np.unique(group.get_offsets()[:, 1]) for group in playground._drawing.now.groups]
    assert all(len(row) == 1 for row in rows) and (np.diff(np.concatenate(rows)) < 0).all()
    assert [name.get_text() for name in playground._drawing.now.names] == ["dimension 1", "digit"]


def test_holes_of_a_narrow_posterior_are_where_the_closed_form_says():
    # One sample at 0 with standard deviation 0.5: q < p / 10 where z^2 (4 - 1) / 2 > log 2 + log 10.
    share = hole_share(torch.zeros(1, 1), torch.full((1, 1), 2 * np.log(0.5)))
    draws = np.random.default_rng(0).standard_normal(100_000)
    assert share == pytest.approx((np.abs(draws) > np.sqrt(2 * np.log(20) / 3)).mean(), abs=0.05)
    assert hole_share(torch.zeros(50, 3), torch.zeros(50, 3)) == 0.0
    assert hole_share(torch.full((9, 2), 30.0), torch.full((9, 2), -4.0)) == 1.0


def test_holes_are_told_where_codes_leave_the_prior_empty():
    playground = play.vae_live("ring", beta=0.0, speed=50)
    tick(playground, 8)
    assert playground.look.holes > 0.2
    assert f"Holes: at {100 * playground.look.holes:.0f} % of the codes drawn from the prior" in playground.said


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
    axes = [one for panel in panels for one in (panel.axes, panel.real, panel.free)] + [drawing.curves, drawing.bars]
    boxes = [one.get_tightbbox() for one in axes]
    boxes += [drawing.legend.get_window_extent()] if data == "digits" else []
    boxes += [text.get_window_extent() for text in figure.texts]
    for place, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:place])


BAD = [
    (lambda: play.vae_live("mnist"), ValueError, "data was 'mnist'; it must be one of 'digits', 'moons'"),
    (lambda: play.vae_live("moons", likelihood="bernoulli"), ValueError, "likelihood was 'bernoulli', which speaks of"),
    (lambda: play.vae_live(likelihood="poisson"), ValueError, "likelihood was 'poisson'"),
    (lambda: play.vae_live(latent_size=0), ValueError, "latent_size was 0"),
    (lambda: play.vae_live(latent_size=17), ValueError, "latent_size was 17"),
    (lambda: play.vae_live(beta=-1), ValueError, "beta was -1"),
    (lambda: play.vae_live(beta="1"), TypeError, "beta was '1'"),
    (lambda: play.vae_live(warm_up=2001), ValueError, "warm_up was 2001"),
    (lambda: play.vae_live(free_bits=3), ValueError, "free_bits was 3"),
    (lambda: play.vae_live(learning_rate=1), ValueError, "learning_rate was 1"),
    (lambda: play.vae_live(seed=-1), ValueError, "seed was -1"),
    (lambda: play.vae_live(["moons"]), ValueError, "data was ['moons']"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
