"""The playground of denoising: what is shown and said is what was measured, and the denoiser is told what is said."""

import re

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import data, metrics, play
from udl_teach.models import ConvDenoiser, corrupt, noise_level
from udl_teach.play import denoising_picture, picture_row, pictures, rivals
from udl_teach.pretrained import pretrained

NOISES = ("gaussian", "masking", "salt-and-pepper", "blur")


class Listener:
    """A denoiser that gives back what `answer` makes of the picture, and remembers what it was told."""

    def __init__(self, answer, corruption="gaussian"):
        self.answer, self.corruption, self.strength, self.told = answer, corruption, (0.0, 0.3), []

    def denoise(self, x, strength=None):
        self.told.append(strength)
        return self.answer(x)


pytestmark = pytest.mark.usefixtures("nothing_left_open")


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
    look = playground.look
    assert np.array_equal(look.cleaned.original, original)
    assert np.array_equal(look.cleaned.noisy, noisy[0])
    assert np.allclose(look.cleaned.denoised, denoised[0], atol=1e-5)
    shown = [metrics.psnr(original, state) for state in look.cleaned.states]
    assert np.allclose(look.cleaned.psnr, shown)
    said = "noisy {:.1f} dB, denoiser {:.1f}, median {:.1f} (PSNR)".format(*shown)
    assert said in playground.said
    alike = [metrics.ssim(original, np.clip(state, 0, 1)) for state in look.cleaned.states]
    lines = under(playground._drawing.now)[1:]
    assert lines == [f"{psnr:.1f} dB · SSIM {ssim:.2f}" for psnr, ssim in zip(shown, alike, strict=True)]
    foreign = "trained on Gaussian noise alone" in playground.said
    assert foreign == (noise != "gaussian")


def test_the_wall_shows_the_four_pictures_side_by_side():
    playground = play.denoiser(rival="median")
    cleaned = playground.look.cleaned
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


@pytest.mark.parametrize("noise", ["gaussian", "salt-and-pepper"])
def test_the_denoiser_is_told_the_truth_what_is_measured_or_what_the_hand_says(noise):
    model = Listener(lambda x: x)
    playground = play.denoiser(model=model, noise=noise, rival="total variation")
    cleaned = playground.look.cleaned
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
        playground.look.cleaned.rivalled, np.clip(rivals.clean("total variation", cleaned.noisy, 0.4), 0, 1)
    )
    playground.inputs["strength"].value = 0.3
    assert model.told[-1] == 0.4, "what is told by hand stays when the noise changes"
    playground.inputs["told"].value = 0.02
    assert "noise is taken for detail and stays" in playground.said
    playground.inputs["knows"].value = "the truth"
    there = playground.look.cleaned.there
    assert model.told[-1] == pytest.approx(there) and playground.inputs["told"].value == round(there, 2)


@pytest.mark.parametrize(
    ("answer", "corruption", "says"),
    [
        (lambda x: 0 * x, "gaussian", "worse than the noisy picture itself"),
        (lambda x: 0 * x, "masking", "The denoiser, trained on masking alone, is"),
        (lambda x: rivals.clean("median", x[0], 0.1)[None], "gaussian", "The denoiser is as good as the median."),
        (lambda x: x, None, "behind the median."),
    ],
)
def test_the_verdict_is_what_the_numbers_say(answer, corruption, says):
    playground = play.denoiser(model=Listener(answer, corruption), rival="median")
    noisy, denoised, rivalled = playground.look.cleaned.psnr
    assert says in playground.said
    if "as good" not in says:
        assert f"{rivalled - denoised:.1f} dB behind the median" in playground.said
        assert ("worse than the noisy" in playground.said) == (denoised < noisy - 0.05)


def test_play_raises_the_noise_and_the_curve_holds_what_was_visited():
    playground = play.denoiser(strength=0.05, rival="median")
    tick(playground, 3)
    assert playground.settings()["strength"] == playground.inputs["strength"].value == 0.08
    look = playground.look
    assert look.strengths.tolist() == [0.05, 0.06, 0.07, 0.08]
    lines = playground._drawing.lines
    assert np.allclose(lines[1].get_data(), (look.strengths, look.curves[:, 1]))
    assert playground.player.step.loss == pytest.approx(
        ((look.cleaned.denoised - look.cleaned.original) ** 2).mean(), rel=1e-5
    )
    assert np.allclose(look.curves[1], play.denoiser(strength=0.06, rival="median").look.cleaned.psnr)


def test_what_was_visited_is_forgotten_when_the_numbers_would_no_longer_be_of_one_kind():
    playground = play.denoiser(rival="median")
    for name, value in {"rival": "total variation", "noise": "blur", "picture": "letters", "told": 0.3}.items():
        playground.inputs["strength"].value = round(playground.settings()["strength"] + 0.1, 2)
        assert len(playground.look.strengths) == 2, name
        playground.inputs[name].value = value
        assert len(playground.look.strengths) == 1, name
        playground.inputs["strength"].value = 0.1
        playground.reset_button.click()


def test_past_the_strongest_noise_the_next_draw_begins():
    playground = play.denoiser(strength=0.49, seed=9999, rival="median")
    tick(playground, 2)
    assert (playground.settings()["strength"], playground.settings()["seed"]) == (0.02, 0)
    original = playground.look.cleaned.original
    assert np.array_equal(playground.look.cleaned.noisy, corrupt(original[None], strength=0.02, seed=0)[0])
    assert not playground.player.finished


def test_what_acts_at_once_leaves_the_run_and_reset_goes_back_to_the_first_strength():
    playground = play.denoiser(rival="median", strength=0.1)
    tick(playground, 2)
    for name, value in {"noise": "masking", "picture": "coffee", "seed": 5, "differences": True}.items():
        playground.inputs[name].value = value
        assert playground.player.index == 2
    assert playground.said.startswith("Coffee, 12 % of the pixels masked")
    playground.reset_button.click()
    assert playground.settings()["strength"] == playground.inputs["strength"].value == 0.1
    assert playground.look.noise == "masking"


def test_the_kept_pictures_stay_while_the_run_goes_on():
    playground = play.denoiser(rival="median")
    tick(playground)
    playground.keep_button.click()
    kept = playground.look
    playground.inputs["noise"].value = "blur"
    playground.inputs["rival"].value = "total variation"
    cleaned = playground.look.cleaned
    wanted = rivals.clean("total variation", cleaned.noisy, cleaned.told)
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
        fresh = denoising_picture.Drawing(128)
        fresh.draw(playground.look, playground.kept)
        assert np.abs(pixels(fresh.frame.png()) - pixels(playground.png)).max() <= 2
    playground.drop_button.click()
    assert "Kept" not in playground.said and not drawing.before.axes.get_visible()


@pytest.mark.parametrize("rival", rivals.RIVALS)
def test_every_rival_takes_noise_away_and_leaves_a_picture_without_noise_alone(rival):
    original = pictures.photographs(128, 2)["camera"]
    noisy = corrupt(original[None], strength=0.1, seed=1)[0]
    assert metrics.psnr(original, rivals.clean(rival, noisy, 0.1)) > metrics.psnr(original, noisy) + 4
    assert np.array_equal(rivals.clean(rival, original, 0.0), original)


def test_your_own_picture_and_your_own_denoiser():
    image = data.unseen_photos()["coins"][0]
    model = ConvDenoiser(width=4, depth=2, corruption="masking")
    playground = play.denoiser(image, model, rival="median")
    assert playground.said.startswith("Your picture, ") and playground.settings()["picture"] == "yours"
    middle = image[87:215, 128:256]
    assert np.array_equal(playground.look.cleaned.original[0], middle)
    assert "trained on masking alone" in playground.said
    assert "yours" not in play.denoiser(model=model, rival="median").inputs["picture"].options


def test_a_picture_that_masking_does_not_change_is_shown_too():
    playground = play.denoiser(np.zeros((128, 128)), Listener(lambda x: x), noise="masking", rival="median")
    assert "as good as the median" in playground.said and "nan" not in playground.said


def test_squares_lie_inside_their_photographs_at_every_seed():
    found = data.unseen_photos()
    for seed in (0, 1, 2):
        for name, square in pictures.photographs(192, seed=seed).items():
            windows = np.lib.stride_tricks.sliding_window_view(found[name][0], (192, 192))[:, :, 0, 0]
            places = np.argwhere(windows == square[0, 0, 0])
            assert any(np.array_equal(found[name][0, r : r + 192, c : c + 192], square[0]) for r, c in places)
    halved = pictures.photographs(64, 2)["camera"]
    assert halved.shape == (1, 64, 64)
    whole = pictures.photographs(128)["camera"]
    assert halved[0, 5, 7] == pytest.approx(whole[0, 10:12, 14:16].mean(), abs=1e-6)


def test_differences_are_about_middle_grey():
    one = np.full((4, 4), 0.25)
    assert np.array_equal(picture_row.difference(one, one), np.full((4, 4), 0.5))
    assert picture_row.difference(one + 0.1, one) == pytest.approx(0.8)


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
