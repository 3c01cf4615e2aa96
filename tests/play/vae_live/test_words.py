"""What is said of a variational autoencoder is what the model measures."""

import numpy as np
import pytest
import torch
from machinery.playgrounds import tick

from udl_teach import inputs, play
from udl_teach.play.vae_live.run import dataset
from udl_teach.play.vae_live.snapshot import hole_share

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def parts(playground):
    run = playground.player.model
    return run, run.model, dataset(playground.settings()["data"])


@pytest.mark.parametrize(("data", "latent_size"), [("digits", 5), ("moons", 2)])
def test_the_words_say_what_the_model_measures(data, latent_size):
    playground = play.vae_live(data, latent_size=latent_size, seed=1, speed=10)
    tick(playground, 6)
    _, model, dataset = parts(playground)
    kl = model.kl_per_dimension(dataset.x)
    terms = model.loss(torch.tensor(dataset.x), generator=inputs.generator(1))
    one, two = terms["reconstruction"].item(), float(kl.sum())
    thing = "digit" if data == "digits" else "point"
    assert f"Step 60: reconstruction {one:.2f} + KL {two:.2f} = {one + two:.2f} nats per {thing}." in playground.said
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
    assert not playground.snapshot.active.any() and "longer warm-up" in playground.said
    playground.inputs["free_bits"].value = 0.5
    tick(playground, 6)
    assert playground.snapshot.active.all() and "Posterior collapse" not in playground.said
    assert "the first 0.50 nats of each dimension are free" in playground.said


def test_at_a_large_beta_the_words_say_what_a_nat_must_save():
    playground = play.vae_live("moons", beta=8.0, warm_up=0, speed=10)
    tick(playground, 5)
    assert "At beta 8 a nat of code must save 8 nats of reconstruction." in playground.said


def test_holes_are_told_where_codes_leave_the_prior_empty():
    playground = play.vae_live("ring", beta=0.0, speed=50)
    tick(playground, 8)
    assert playground.snapshot.holes > 0.2
    assert f"Holes: at {100 * playground.snapshot.holes:.0f} % of the codes drawn from the prior" in playground.said


def test_holes_of_a_narrow_posterior_are_where_the_closed_form_says():
    # One sample at 0 with standard deviation 0.5: q < p / 10 where z^2 (4 - 1) / 2 > log 2 + log 10.
    share = hole_share(torch.zeros(1, 1), torch.full((1, 1), 2 * np.log(0.5)))
    draws = np.random.default_rng(0).standard_normal(100_000)
    assert share == pytest.approx((np.abs(draws) > np.sqrt(2 * np.log(20) / 3)).mean(), abs=0.05)
    assert hole_share(torch.zeros(50, 3), torch.zeros(50, 3)) == 0.0
    assert hole_share(torch.full((9, 2), 30.0), torch.full((9, 2), -4.0)) == 1.0
