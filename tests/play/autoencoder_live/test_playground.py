"""The playground of the autoencoder."""

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import play

pytestmark = pytest.mark.usefixtures("nothing_left_open")
QUICK = {"depth": 1, "width": 8}


def test_data_can_be_changed_between_points_and_digits():
    playground = play.autoencoder_live(**QUICK)
    points = pixels(playground.png)
    playground.inputs["data"].value = "digits"
    tick(playground)
    assert "digit" in playground.said
    playground.inputs["data"].value = "spiral"
    assert np.array_equal(pixels(playground.png), points)
