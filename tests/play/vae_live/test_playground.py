"""The variational playground: the sliders are felt at once, and what shapes the model restarts."""

import re

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


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
