"""What is said of a denoiser is what was measured."""

import numpy as np
import pytest

from udl_teach import play
from udl_teach.models import noise_level
from udl_teach.play.denoiser.rivals import clean

pytestmark = pytest.mark.usefixtures("nothing_left_open")


class Listener:
    """A denoiser that gives back what `answer` makes of the picture, and remembers what it was told."""

    def __init__(self, answer, corruption="gaussian"):
        self.answer, self.corruption, self.strength, self.told = answer, corruption, (0.0, 0.3), []

    def denoise(self, x, strength=None):
        self.told.append(strength)
        return self.answer(x)


@pytest.mark.parametrize("noise", ["gaussian", "salt-and-pepper"])
def test_the_denoiser_is_told_the_truth_what_is_measured_or_what_the_hand_says(noise):
    model = Listener(lambda x: x)
    playground = play.denoiser(model=model, noise=noise, rival="total variation")
    cleaned = playground.snapshot.cleaned
    there = float(np.sqrt(((cleaned.noisy - cleaned.original) ** 2).mean()))
    assert model.told[-1] == pytest.approx(there) and f"told the truth, a standard deviation of {there:.2f}" in (
        playground.said
    )
    playground.inputs["knows"].value = "measured"
    measured = noise_level(cleaned.noisy)
    assert model.told[-1] == pytest.approx(measured)
    assert f"{measured:.2f}; {there:.2f} is there" in playground.said
    assert playground.inputs["told"].value == round(measured, 2)
    playground.inputs["told"].value = 0.4
    assert playground.inputs["knows"].value == playground.settings()["knows"] == "by hand"
    assert model.told[-1] == 0.4 and "0.40 by hand" in playground.said
    assert "detail goes with the noise" in playground.said and "training ended at 0.30" in playground.said
    assert np.allclose(
        playground.snapshot.cleaned.rivalled, np.clip(clean("total variation", cleaned.noisy, 0.4), 0, 1)
    )
    playground.inputs["strength"].value = 0.3
    assert model.told[-1] == 0.4, "what is told by hand stays when the noise changes"
    playground.inputs["told"].value = 0.02
    assert "noise is taken for detail and stays" in playground.said
    playground.inputs["knows"].value = "the truth"
    there = playground.snapshot.cleaned.there
    assert model.told[-1] == pytest.approx(there) and playground.inputs["told"].value == round(there, 2)


@pytest.mark.parametrize(
    ("answer", "corruption", "says"),
    [
        (lambda x: 0 * x, "gaussian", "worse than the noisy picture itself"),
        (lambda x: 0 * x, "masking", "The denoiser, trained on masking alone, is"),
        (lambda x: clean("median", x[0], 0.1)[None], "gaussian", "The denoiser is as good as the median."),
        (lambda x: x, None, "behind the median."),
    ],
)
def test_the_verdict_is_what_the_numbers_say(answer, corruption, says):
    playground = play.denoiser(model=Listener(answer, corruption), rival="median")
    noisy, denoised, rivalled = playground.snapshot.cleaned.psnr
    assert says in playground.said
    if "as good" not in says:
        assert f"{rivalled - denoised:.1f} dB behind the median" in playground.said
        assert ("worse than the noisy" in playground.said) == (denoised < noisy - 0.05)


def test_a_picture_that_masking_does_not_change_is_shown_too():
    playground = play.denoiser(np.zeros((128, 128)), Listener(lambda x: x), noise="masking", rival="median")
    assert "as good as the median" in playground.said and "nan" not in playground.said
