"""The denoisers that never learned."""

import numpy as np
import pytest

from udl_teach import metrics
from udl_teach.models import corrupt
from udl_teach.play import pictures
from udl_teach.play.denoiser.rivals import RIVALS, clean

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("rival", RIVALS)
def test_every_rival_takes_noise_away_and_leaves_a_picture_without_noise_alone(rival):
    original = pictures.photographs(128, 2)["camera"]
    noisy = corrupt(original[None], strength=0.1, seed=1)[0]
    assert metrics.psnr(original, clean(rival, noisy, 0.1)) > metrics.psnr(original, noisy) + 4
    assert np.array_equal(clean(rival, original, 0.0), original)
