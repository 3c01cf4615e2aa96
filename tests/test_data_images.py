"""images: a folder of pictures as people have them."""

import warnings

import numpy as np
import pytest
from PIL import Image

from udl_teach import data


def save(path, array, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(array)).save(path, **options)


def plain(value, shape=(28, 28), dtype=np.uint8):
    return np.full(shape, value, dtype=dtype)


def test_grey_pictures_are_read_as_they_are_in_order_of_their_names(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, size=(3, 28, 28), dtype=np.uint8)
    for name, picture in zip(("c.png", "a.bmp", "b.PNG"), pixels, strict=True):
        save(tmp_path / name, picture)
    images = data.images(tmp_path)
    assert images.extras["file"].tolist() == ["a.bmp", "b.PNG", "c.png"] and images.labels is None
    np.testing.assert_allclose(images.images[:, 0] * 255, pixels[[1, 2, 0]], atol=1e-3)


def test_sub_folders_are_labels(tmp_path):
    for k, name in enumerate(("dogs/1.png", "cats/b/2.png", "cats/1.png", "dogs/2.jpg")):
        save(tmp_path / name, plain(60 * k))
    images = data.images(tmp_path)
    assert images.extras["file"].tolist() == ["cats/1.png", "cats/b/2.png", "dogs/1.png", "dogs/2.jpg"]
    assert images.labels.tolist() == [0, 0, 1, 1] and images.label_names == ("cats", "dogs")
    np.testing.assert_allclose(images.x.mean(axis=1) * 255, [120, 60, 0, 180], atol=2)
    assert data.images(tmp_path, labels=None).labels is None


def test_pictures_beside_sub_folders_are_refused_unless_labels_are_not_wanted(tmp_path):
    save(tmp_path / "1.png", plain(0))
    save(tmp_path / "cats" / "2.png", plain(0))
    with pytest.raises(ValueError, match="both directly and in sub-folders.*labels=None"):
        data.images(tmp_path)
    assert len(data.images(tmp_path, labels=None)) == 2


def test_colour_and_grey(tmp_path):
    save(tmp_path / "red.png", np.broadcast_to(np.array([255, 0, 0], dtype=np.uint8), (9, 9, 3)))
    colour = data.images(tmp_path, size=(4, 6), colour=True)
    assert colour.image_shape == (3, 4, 6)
    np.testing.assert_array_equal(colour.images[0].mean(axis=(1, 2)), [1, 0, 0])
    np.testing.assert_allclose(data.images(tmp_path, size=(4, 6)).x, 76 / 255, atol=1e-6)


def test_the_middle_is_cut_out_and_proportions_are_kept(tmp_path):
    wide = plain(0, (40, 120))
    wide[:, 40:80] = 255
    save(tmp_path / "wide.png", wide)
    assert data.images(tmp_path, size=(20, 20)).x.mean() > 0.97


def test_a_picture_is_turned_as_its_camera_noted(tmp_path):
    lit_above = plain(0, (28, 28))
    lit_above[:14] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # the upper side of what is stored is the right side of the picture
    save(tmp_path / "photo.jpg", lit_above, exif=exif, quality=95)
    picture = data.images(tmp_path).images[0, 0]
    assert picture[:, 16:].mean() > 0.9 and picture[:, :12].mean() < 0.1


def test_odd_kinds_of_pictures(tmp_path):
    save(tmp_path / "deep.png", np.full((28, 28), 32896, dtype=np.uint16))
    save(tmp_path / "glass.png", np.zeros((28, 28, 4), dtype=np.uint8))
    Image.new("P", (28, 28), 0).save(tmp_path / "palette.gif", transparency=0)
    Image.new("1", (28, 28), 1).save(tmp_path / "two.png")
    Image.new("CMYK", (28, 28), 0).save(tmp_path / "print.jpg")
    images = data.images(tmp_path)
    brightness = dict(zip(images.extras["file"].tolist(), images.x.mean(axis=1), strict=True))
    assert brightness["deep.png"] == pytest.approx(128 / 255, abs=0.01)
    assert all(brightness[name] > 0.99 for name in ("glass.png", "palette.gif", "two.png", "print.jpg"))
    assert data.images(tmp_path, colour=True).image_shape == (3, 28, 28)


def test_unreadable_files_are_named_and_left_out(tmp_path):
    save(tmp_path / "good.png", plain(255))
    save(tmp_path / "half.jpg", np.random.default_rng(0).integers(0, 256, size=(64, 64), dtype=np.uint8))
    (tmp_path / "half.jpg").write_bytes((tmp_path / "half.jpg").read_bytes()[:700])
    (tmp_path / "words.png").write_text("no picture")
    (tmp_path / "empty.gif").touch()
    (tmp_path / "notes.txt").write_text("not looked at")
    (tmp_path / ".hidden.png").write_text("not looked at")
    with pytest.warns(UserWarning, match="3 pictures left out: empty.gif .*half.jpg .*words.png"):
        images = data.images(tmp_path)
    assert images.extras["file"].tolist() == ["good.png"]
    text = repr(images.describe())
    assert "empty.gif, half.jpg, words.png" in text and "1 files that are not pictures" in text


def test_a_picture_that_unpacks_to_far_too_much_is_left_out(tmp_path, monkeypatch):
    save(tmp_path / "good.png", plain(255))
    save(tmp_path / "bomb.png", plain(0, (300, 300)))
    save(tmp_path / "worse.png", plain(0, (600, 600)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 80_000)
    with pytest.warns(UserWarning, match="2 pictures left out: bomb.png .*worse.png"):
        assert len(data.images(tmp_path)) == 1


def test_no_warning_where_all_is_well(tmp_path):
    save(tmp_path / "good.png", plain(255))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert data.images(tmp_path).notes == ()


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"size": 28}, TypeError, r"size was 28; it must be \(height, width\)"),
        ({"size": (28, 0)}, ValueError, "the width in size was 0"),
        ({"labels": "names"}, ValueError, "labels was 'names'"),
    ],
)
def test_arguments_are_checked(tmp_path, arguments, kind, words):
    save(tmp_path / "good.png", plain(255))
    with pytest.raises(kind, match=words):
        data.images(tmp_path, **arguments)


def test_a_folder_without_pictures_is_named(tmp_path):
    with pytest.raises(ValueError, match="holds no pictures"):
        data.images(tmp_path)
    (tmp_path / "odd.png").write_text("no picture")
    with pytest.raises(ValueError, match="None of the 1 pictures .* can be read; the first: odd.png"):
        data.images(tmp_path)
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        data.images(tmp_path / "nowhere")
