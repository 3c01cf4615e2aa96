"""The bench: noise that grows, and what was visited."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.models import corrupt

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_play_raises_the_noise_and_the_curve_holds_what_was_visited():
    playground = play.denoiser(strength=0.05, rival="median")
    tick(playground, 3)
    assert playground.settings()["strength"] == playground.inputs["strength"].value == 0.08
    now = playground.snapshot
    assert now.strengths.tolist() == [0.05, 0.06, 0.07, 0.08]
    lines = playground._drawing.lines
    assert np.allclose(lines[1].get_data(), (now.strengths, now.curves[:, 1]))
    assert playground.player.step.loss == pytest.approx(
        ((now.cleaned.denoised - now.cleaned.original) ** 2).mean(), rel=1e-5
    )
    assert np.allclose(now.curves[1], play.denoiser(strength=0.06, rival="median").snapshot.cleaned.psnr)


def test_what_was_visited_is_forgotten_when_the_numbers_would_no_longer_be_of_one_kind():
    playground = play.denoiser(rival="median")
    for name, value in {"rival": "total variation", "noise": "blur", "picture": "letters", "told": 0.3}.items():
        playground.inputs["strength"].value = round(playground.settings()["strength"] + 0.1, 2)
        assert len(playground.snapshot.strengths) == 2, name
        playground.inputs[name].value = value
        assert len(playground.snapshot.strengths) == 1, name
        playground.inputs["strength"].value = 0.1
        playground.reset_button.click()


def test_past_the_strongest_noise_the_next_draw_begins():
    playground = play.denoiser(strength=0.49, seed=9999, rival="median")
    tick(playground, 2)
    assert (playground.settings()["strength"], playground.settings()["seed"]) == (0.02, 0)
    original = playground.snapshot.cleaned.original
    assert np.array_equal(playground.snapshot.cleaned.noisy, corrupt(original[None], strength=0.02, seed=0)[0])
    assert not playground.player.finished
