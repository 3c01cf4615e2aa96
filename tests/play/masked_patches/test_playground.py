"""A masked autoencoder that fills in: masks, rivals, and what is said and clicked."""

import numpy as np
import pytest
import torch
from machinery.playgrounds import tick, touch

from udl_teach import play
from udl_teach.play.masked_patches.picture import PAD
from udl_teach.play.masked_patches.run import SIDE, interpolated

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def click(playground, image, row, column, kind="down"):
    touch(playground, kind, PAD + image * (SIDE + PAD) + 7 * column + 3, PAD + SIDE + PAD + 7 * row + 3)


def test_the_model_passes_both_rivals():
    playground = play.masked_patches(speed=20)
    assert "interpolation is best" in playground.said or "mean image is best" in playground.said
    tick(playground, 5)
    model, mean, neighbours = playground.snapshot.errors
    assert model < min(mean, neighbours) and "the model is best" in playground.said
    steps, curves = playground.snapshot.curves
    assert steps[-1] == 100 and curves[:, -1] == pytest.approx((model, mean, neighbours))


def test_visible_patches_stay_and_hidden_pixels_are_not_looked_at():
    snapshot = play.masked_patches().snapshot
    original, filled, smooth = snapshot.pictures
    assert np.array_equal(filled[:, ~snapshot.hidden], original[:, ~snapshot.hidden])
    hidden = torch.tensor(snapshot.hidden).expand(5, 1, SIDE, SIDE)
    images = torch.tensor(original)[:, None]
    other = torch.where(hidden, 0.7, images)
    assert np.allclose(interpolated(other, hidden)[:, 0], smooth)


def test_interpolation_continues_a_slope():
    slope = torch.linspace(0, 1, SIDE).expand(1, 1, SIDE, SIDE)
    hidden = torch.zeros(1, 1, SIDE, SIDE, dtype=torch.bool)
    hidden[:, :, :, 10:14] = True
    assert torch.allclose(interpolated(slope, hidden), slope, atol=1e-3)


def test_a_click_on_a_patch_masks_it_and_another_shows_it():
    playground = play.masked_patches(masked="0 5")
    assert np.flatnonzero(playground.snapshot.mask).tolist() == [0, 5]
    click(playground, 3, 1, 2)
    assert playground.settings()["masked"] == "0 5 6" and "With the mask set by hand" in playground.said
    click(playground, 0, 0, 0)
    click(playground, 0, 1, 1)
    click(playground, 4, 1, 2)  # the last masked patch stays masked
    assert playground.settings()["masked"] == "6"
    click(playground, 0, 0, 0, kind="move")
    assert playground.settings()["masked"] == "6"


def test_moving_the_share_draws_the_mask_again_and_acts_while_it_runs():
    playground = play.masked_patches(masked="6", kind="block")
    tick(playground, 2)
    assert playground.settings()["masked"] == "6"
    playground.inputs["share"].value = 0.25
    assert playground.player.index == 2 and playground.settings()["masked"] == ""
    assert playground.snapshot.mask.sum() == 4 and playground.player.model.model.share == 0.25
    assert "25 % of the patches are masked in one block" in playground.said


@pytest.mark.parametrize("text", ["16", "a", "-1", " ".join(map(str, range(16)))])
def test_what_is_no_list_of_patches_is_refused(text):
    with pytest.raises(ValueError, match="numbers from 0 to 15"):
        play.masked_patches(masked=text)


def test_what_is_typed_and_cannot_be_read_leaves_the_mask_as_it_was():
    playground = play.masked_patches(masked="3")
    playground.inputs["masked"].value = "99"
    assert "numbers from 0 to 15" in playground.said and playground.settings()["masked"] == "3"
