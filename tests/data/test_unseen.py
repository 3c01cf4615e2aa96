"""The photographs that no model learns from."""

import numpy as np
import pytest

from udl_teach import data
from udl_teach.data import unseen


@pytest.mark.parametrize(("colour", "channels", "count"), [(False, 1, 8), (True, 3, 6)])
def test_photographs_are_arrays_in_the_unit_interval(colour, channels, count):
    photos = data.unseen_photos(colour=colour)
    assert len(photos) == count and list(photos) == sorted(photos)
    for name, photo in photos.items():
        assert photo.dtype == np.float32 and len(photo) == channels and min(photo.shape[1:]) >= 300, name
        assert 0 <= photo.min() < 0.2 and 0.7 < photo.max() <= 1, name


def test_they_are_what_scikit_image_and_matplotlib_hand_out():
    from matplotlib import cbook
    from PIL import Image
    from skimage import data as theirs

    grey, colour = data.unseen_photos(), data.unseen_photos(colour=True)
    for name in ("camera", "coins"):
        np.testing.assert_array_equal(np.round(grey[name][0] * 255), getattr(theirs, name)())
    for name in ("astronaut", "chelsea", "coffee", "rocket"):
        np.testing.assert_array_equal(np.round(colour[name] * 255), getattr(theirs, name)().transpose(2, 0, 1))
    with cbook.get_sample_data("grace_hopper.jpg") as file, Image.open(file) as picture:
        np.testing.assert_array_equal(np.round(colour["grace_hopper"] * 255), np.asarray(picture).transpose(2, 0, 1))


def test_they_turn_grey_as_the_photographs_for_learning_do():
    grey, colour = data.unseen_photos(), data.unseen_photos(colour=True)
    stack = colour["coffee"][None]
    patch = data.patches(stack, size=400, n=1, colour=False)
    row, column = (int(patch.extras[place][0]) for place in ("row", "column"))
    np.testing.assert_array_equal(patch.images[0], grey["coffee"][:, row : row + 400, column : column + 400])


def test_none_of_them_is_a_photograph_for_learning():
    for photo in data.unseen_photos(colour=True).values():
        for seen in data.photos().images:
            assert photo.shape != seen.shape or np.abs(photo - seen).mean() > 0.1


def test_nothing_is_asked_of_the_network_and_a_missing_file_is_named(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", None)
    assert data.unseen_photos()
    monkeypatch.setitem(unseen.SCIKIT_IMAGE, "camera", "not_there.png")
    with pytest.raises(FileNotFoundError, match="not_there.png, though"):
        data.unseen_photos()
