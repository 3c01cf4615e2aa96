"""What is said of an autoencoder is what was measured."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import data, play

pytestmark = pytest.mark.usefixtures("nothing_left_open")
QUICK = {"depth": 1, "width": 8}


def test_the_words_say_what_was_measured():
    playground = play.autoencoder_live(**QUICK)
    tick(playground, 3)
    x = data.spiral(600, seed=0).x
    x_hat = playground.player.model(x)
    share = 1 - ((x - x_hat) ** 2).sum(axis=1).mean() / x.var(axis=0).sum()
    assert f"keep {100 * share:.1f} %" in playground.said
    flat = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    assert f"at most {100 * flat[0] / flat.sum():.1f} %" in playground.said
