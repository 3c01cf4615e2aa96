"""The playground of denoising: the denoiser is told what is said, and what acts at once leaves the run."""

import re

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import data, play
from udl_teach.models import ConvDenoiser

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_what_acts_at_once_leaves_the_run_and_reset_goes_back_to_the_first_strength():
    playground = play.denoiser(rival="median", strength=0.1)
    tick(playground, 2)
    for name, value in {"noise": "masking", "picture": "coffee", "seed": 5, "differences": True}.items():
        playground.inputs[name].value = value
        assert playground.player.index == 2
    assert playground.said.startswith("Coffee, 12 % of the pixels masked")
    playground.reset_button.click()
    assert playground.settings()["strength"] == playground.inputs["strength"].value == 0.1
    assert playground.snapshot.noise == "masking"


def test_your_own_picture_and_your_own_denoiser():
    image = data.unseen_photos()["coins"][0]
    model = ConvDenoiser(width=4, depth=2, corruption="masking")
    playground = play.denoiser(image, model, rival="median")
    assert playground.said.startswith("Your picture, ") and playground.settings()["picture"] == "yours"
    middle = image[87:215, 128:256]
    assert np.array_equal(playground.snapshot.cleaned.original[0], middle)
    assert "trained on masking alone" in playground.said
    assert "yours" not in play.denoiser(model=model, rival="median").inputs["picture"].options


BAD = [
    (lambda: play.denoiser(noise="rain"), ValueError, "noise was 'rain'"),
    (lambda: play.denoiser(strength=0.6), ValueError, "strength was 0.6"),
    (lambda: play.denoiser(strength=0.0), ValueError, "strength was 0.0"),
    (lambda: play.denoiser(rival="BM3D"), ValueError, "rival was 'BM3D'"),
    (lambda: play.denoiser(knows="nothing"), ValueError, "knows was 'nothing'"),
    (lambda: play.denoiser(told=-0.1), ValueError, "told was -0.1"),
    (lambda: play.denoiser(picture="yours"), ValueError, "picture was 'yours'"),
    (lambda: play.denoiser(differences=1), TypeError, "differences was 1"),
    (lambda: play.denoiser(np.zeros((100, 200))), ValueError, "of at least 128 x 128 pixels"),
    (lambda: play.denoiser(np.zeros((3, 200, 200))), ValueError, "image has shape (3, 200, 200)"),
    (lambda: play.denoiser(255 * np.ones((200, 200))), ValueError, "values from 255 to 255"),
    (lambda: play.denoiser(model="denoiser"), TypeError, "model was str"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
