"""The noise level measured in an image."""

import numpy as np
import pytest

from udl_teach import data
from udl_teach.models import corrupt, noise_level

SIGMA = 25 / 255


@pytest.mark.parametrize("name", sorted(data.unseen_photos()))
def test_the_noise_is_measured_to_a_tenth(name):
    clean = data.unseen_photos()[name][None]
    for sd in (SIGMA, 2 * SIGMA):
        assert noise_level(corrupt(clean, strength=sd)) == pytest.approx(sd, rel=0.1)


def test_the_measure_heeds_neither_a_slope_nor_an_edge_and_grows_with_the_contrast():
    slope = np.add.outer(np.linspace(0, 1, 60), np.linspace(0, 2, 80)) + (np.arange(80) > 40)
    assert noise_level(slope) == pytest.approx(0, abs=1e-6)
    x = np.random.default_rng(0).normal(0, 0.1, (3, 60, 80))
    assert noise_level(x + slope) == pytest.approx(0.1, rel=0.05)
    assert noise_level(5 * x) == pytest.approx(5 * noise_level(x), rel=1e-5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: noise_level(np.ones(9)), "must be an image"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
