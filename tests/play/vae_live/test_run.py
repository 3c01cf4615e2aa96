"""The run of a variational autoencoder: curves and their steps."""

import numpy as np
import pytest
import torch
from machinery.playgrounds import tick

from udl_teach import play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_curves_are_noted_at_the_same_steps_whatever_the_speed_and_looking_changes_nothing():
    looks, weights = [], []
    for speed in (2, 40):
        playground = play.vae_live("ring", speed=speed)
        tick(playground, 120 // speed)
        looks.append(playground.snapshot)
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
    assert np.allclose(playground.snapshot.kls, [np.mean(kls[:10]), np.mean(kls[10:])])
    drawing = playground._drawing
    high, low = drawing.high.get_ydata(), drawing.low.get_ydata()
    assert np.allclose(high - low, playground.snapshot.kls)  # the band between the two curves is the KL term
