"""Binarized data: grey values are chances, drawn once and the same for everybody."""

import numpy as np
import pytest
import torch

from udl_teach import data


def test_every_value_is_the_chance_of_a_one():
    grey = np.repeat([[0.0, 0.2, 0.5, 0.9, 1.0]], 4000, axis=0)
    drawn = data.binarized(grey)
    assert drawn.dtype == np.float32 and set(np.unique(drawn)) == {0.0, 1.0}
    assert np.allclose(drawn.mean(axis=0), grey[0], atol=0.03)
    assert drawn[:, 0].max() == 0 and drawn[:, 4].min() == 1


def test_the_seed_decides_the_draw_and_the_global_generator_stays():
    grey = np.full((20, 3, 4), 0.5)
    torch.manual_seed(0)
    before = torch.get_rng_state()
    assert np.array_equal(data.binarized(grey, 1), data.binarized(grey, 1))
    assert not np.array_equal(data.binarized(grey, 1), data.binarized(grey, 2))
    assert data.binarized(grey).shape == grey.shape and torch.equal(before, torch.get_rng_state())


def test_a_dataset_keeps_what_belongs_to_it():
    glyphs = data.glyphs(30)
    drawn = data.binarized(glyphs, seed=3)
    assert np.array_equal(drawn.x, data.binarized(glyphs.x, seed=3)) and drawn.images.shape == (30, 1, 28, 28)
    assert np.array_equal(drawn.labels, glyphs.labels) and np.array_equal(drawn.extras["slant"], glyphs.extras["slant"])
    assert drawn.name == "glyphs (binarized)" and glyphs.name == "glyphs"


def test_tensors_in_tensors_out():
    grey = torch.full((5, 4), 0.5)
    assert isinstance(data.binarized(grey), torch.Tensor)
    assert np.array_equal(data.binarized(grey).numpy(), data.binarized(grey.numpy()))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[0.0, 16.0]], "x holds values from 0 to 16; binarized needs values from 0 to 1"),
        ([[0.0, np.nan]], "missing value"),
        (np.zeros((0, 4)), "x is empty"),
        ([["a"]], "x holds text"),
    ],
)
def test_bad_data_get_one_sentence(x, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        data.binarized(x)
    assert "\n" not in str(caught.value)
