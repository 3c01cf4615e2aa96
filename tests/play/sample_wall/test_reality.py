"""Real images, which generated ones are held against."""

import numpy as np
import pytest
from machinery.sample_wall import FEW

from udl_teach.play.sample_wall.reality import Reality

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_real_images_are_compared_with_others_than_themselves():
    reality = Reality(FEW)
    assert "training" in reality.some and reality.usual[0] > 0.3
    distances, numbers = reality.nearest(FEW.images[:5])
    assert (
        np.allclose(distances[:, 0], 0, atol=1e-3)
        and (distances[:, 1] > 0.3).all()
        and numbers[:, 0].tolist() == [0, 1, 2, 3, 4]
    )
