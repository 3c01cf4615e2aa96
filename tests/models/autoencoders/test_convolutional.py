"""The convolutional autoencoder: images of any size, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.models import ConvAutoencoder


@given(
    shape=st.tuples(st.sampled_from([1, 3]), st.integers(1, 13), st.integers(1, 13)),
    channels=st.lists(st.integers(1, 4), min_size=1, max_size=3),
)
@settings(max_examples=25, deadline=None)
def test_convolutional_gives_back_images_of_any_size(shape, channels):
    model = ConvAutoencoder(shape, 2, channels)
    x = np.random.default_rng(0).random((3, *shape))
    assert model(x).shape == x.shape and model.encode(x).shape == (3, 2)
    assert np.allclose(model(x).reshape(3, -1), model(x.reshape(3, -1)), atol=1e-5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ConvAutoencoder((8, 8)), "image_shape was"),
        (lambda: ConvAutoencoder((1, 8, 8), channels=()), "channels was empty"),
        (lambda: ConvAutoencoder((1, 8, 8))(np.ones((2, 1, 9, 9))), "made for"),
        (lambda: ConvAutoencoder((1, 8, 8))(np.ones((2, 8, 8))), "images must be"),
    ],
)
def test_bad_arguments_get_one_sentence(make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make()
    assert "\n" not in str(caught.value)
