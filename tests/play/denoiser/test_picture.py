"""The picture of a denoiser at work is what was measured."""

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import metrics, play
from udl_teach.models import corrupt
from udl_teach.play import pictures
from udl_teach.play.denoiser.picture import Drawing
from udl_teach.play.denoiser.rivals import clean
from udl_teach.pretrained import pretrained

pytestmark = pytest.mark.usefixtures("nothing_left_open")
NOISES = ("gaussian", "masking", "salt-and-pepper", "blur")


def under(row):
    return [line.get_text() for line in row.lines]


@pytest.mark.parametrize("noise", NOISES)
def test_the_pictures_are_made_as_their_words_say_and_each_psnr_is_that_of_its_picture(noise):
    playground = play.denoiser(noise=noise, strength=0.2, rival="median", seed=4)
    original = pictures.photographs(128, 2)["astronaut"]
    noisy = corrupt(original[None], noise, 2.0 if noise == "blur" else 0.2, seed=4)
    told = np.sqrt(((noisy - original) ** 2).mean())
    model = pretrained("denoiser")
    denoised = np.clip(model.denoise(noisy, strength=float(told)), 0, 1)
    now = playground.snapshot
    assert np.array_equal(now.cleaned.original, original)
    assert np.array_equal(now.cleaned.noisy, noisy[0])
    assert np.allclose(now.cleaned.denoised, denoised[0], atol=1e-5)
    shown = [metrics.psnr(original, state) for state in now.cleaned.states]
    assert np.allclose(now.cleaned.psnr, shown)
    said = "noisy {:.1f} dB, denoiser {:.1f}, median {:.1f} (PSNR)".format(*shown)
    assert said in playground.said
    alike = [metrics.ssim(original, np.clip(state, 0, 1)) for state in now.cleaned.states]
    lines = under(playground._drawing.now)[1:]
    assert lines == [f"{psnr:.1f} dB · SSIM {ssim:.2f}" for psnr, ssim in zip(shown, alike, strict=True)]
    foreign = "trained on Gaussian noise alone" in playground.said
    assert foreign == (noise != "gaussian")


def test_the_wall_shows_the_four_pictures_side_by_side():
    playground = play.denoiser(rival="median")
    cleaned = playground.snapshot.cleaned
    wall = np.asarray(playground._drawing.now.wall.get_array())
    for place, picture in enumerate((cleaned.original, *cleaned.states)):
        left = 2 + place * 130
        assert np.allclose(wall[2:130, left : left + 128], np.clip(picture[0], 0, 1))
    playground.inputs["differences"].value = True
    wall = np.asarray(playground._drawing.now.wall.get_array())
    assert np.allclose(wall[2:130, 2:130], cleaned.original[0])
    assert np.allclose(wall[2:130, 262:390], np.clip(0.5 + 3 * (cleaned.denoised - cleaned.original)[0], 0, 1))
    assert "3 times as strong" in playground.said
    assert playground._drawing.now.titles[2].get_text() == "denoiser: difference × 3"


def test_the_kept_pictures_stay_while_the_run_goes_on():
    playground = play.denoiser(rival="median")
    tick(playground)
    playground.keep_button.click()
    kept = playground.snapshot
    playground.inputs["noise"].value = "blur"
    playground.inputs["rival"].value = "total variation"
    cleaned = playground.snapshot.cleaned
    wanted = clean("total variation", cleaned.noisy, cleaned.told)
    assert np.allclose(cleaned.rivalled, np.clip(wanted, 0, 1))
    drawing = playground._drawing
    assert [title.get_text() for title in drawing.before.titles] == ["kept: denoiser", "kept: median"]
    assert under(drawing.before)[0].startswith(f"{kept.cleaned.psnr[1]:.1f} dB")
    wall = np.asarray(drawing.before.wall.get_array())
    assert np.allclose(wall[2:130, 2:130], kept.cleaned.denoised[0])
    assert np.allclose(drawing.ghosts[2].get_data(), (kept.strengths, kept.curves[:, 2]))
    assert "Kept: Astronaut, Gaussian noise of standard deviation 0.11, told 0.11" in playground.said
    for on in (True, False, True):  # what stays is drawn once, and anew where it must be
        playground.inputs["differences"].value = on
        fresh = Drawing(128)
        fresh.draw(playground.snapshot, playground.kept)
        assert np.abs(pixels(fresh.frame.png()) - pixels(playground.png)).max() <= 2
    playground.drop_button.click()
    assert "Kept" not in playground.said and not drawing.before.axes.get_visible()
