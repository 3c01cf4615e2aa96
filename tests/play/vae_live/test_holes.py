"""Holes of the prior."""

import numpy as np
import pytest
import torch

from udl_teach.play.vae_live.holes import hole_share

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_holes_of_a_narrow_posterior_are_where_the_closed_form_says():
    # One sample at 0 with standard deviation 0.5: q < p / 10 where z^2 (4 - 1) / 2 > log 2 + log 10.
    share = hole_share(torch.zeros(1, 1), torch.full((1, 1), 2 * np.log(0.5)))
    draws = np.random.default_rng(0).standard_normal(100_000)
    assert share == pytest.approx((np.abs(draws) > np.sqrt(2 * np.log(20) / 3)).mean(), abs=0.05)
    assert hole_share(torch.zeros(50, 3), torch.zeros(50, 3)) == 0.0
    assert hole_share(torch.full((9, 2), 30.0), torch.full((9, 2), -4.0)) == 1.0
