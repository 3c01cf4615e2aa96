"""images: a folder of pictures as people have them."""

import tempfile
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
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
    save(tmp_path / "bomb.png", plain(0, (600, 600)))
    save(tmp_path / "bomb.bmp", plain(0, (600, 600)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 80_000)
    with pytest.warns(UserWarning, match="2 pictures left out: bomb.bmp .600 x 600 pixels.*bomb.png.*MAX_IMAGE_PIXELS"):
        assert len(data.images(tmp_path)) == 1
    assert Image.MAX_IMAGE_PIXELS == 80_000


def test_a_very_large_photograph_is_read_in_little_memory(tmp_path, monkeypatch):
    largest = []
    for name in ("load", "convert", "copy", "reduce", "resize"):
        usual = getattr(Image.Image, name)

        def watched(self, *arguments, usual=usual, **options):
            result = usual(self, *arguments, **options)
            largest.append(self.width * self.height)
            return result

        monkeypatch.setattr(Image.Image, name, watched)
    shade = Image.linear_gradient("L").resize((12_000, 9_000))
    shade.save(tmp_path / "phone.jpg", quality=30)
    largest.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        images = data.images(tmp_path, size=(9, 12))
    np.testing.assert_allclose(images.images[0, 0, :, 6], (np.arange(9) + 0.5) / 9, atol=0.01)
    assert 0 < max(largest) < 2_000_000


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_a_large_picture_is_averaged_before_it_is_resized(tmp_path, ending):
    dots = plain(0, (1500, 2000))
    dots[::2, ::2] = 255  # a grid too fine to be seen; taking single pixels would show black or white
    save(tmp_path / f"dots.{ending}", dots)
    np.testing.assert_allclose(data.images(tmp_path).x, 0.25, atol=0.01)


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    for name in ("cats/1.png", "dogs/1.png", ".ipynb_checkpoints/1.png", "cats/.thumbnails/1.png", "cats/._1.png"):
        save(tmp_path / name, plain(0))
    images = data.images(tmp_path)
    assert images.label_names == ("cats", "dogs") and len(images) == 2
    assert "3 hidden files or folders were passed over: .ipynb_checkpoints" in repr(images.describe())
    hidden_above = tmp_path / ".ipynb_checkpoints"
    assert len(data.images(hidden_above)) == 1


@pytest.mark.parametrize("parts", [("train", "test"), ("Training", "Validation", "Testing"), ("train", "val", "more")])
def test_parts_above_classes_are_recognized_and_said(tmp_path, parts):
    for number, name in enumerate(f"{part}/{label}/1.png" for part in parts for label in ("cats", "dogs")):
        save(tmp_path / name, plain(10 * number))
    with pytest.warns(UserWarning, match="taken for parts of the data, so the labels are the folders within them"):
        images = data.images(tmp_path)
    assert images.label_names == ("cats", "dogs") and images.labels.tolist() == [0, 1] * len(parts)
    chosen = images[images.extras["part"] == parts[0]]
    assert chosen.extras["file"].tolist() == [f"{parts[0]}/cats/1.png", f"{parts[0]}/dogs/1.png"]
    assert "taken for parts" in repr(images.describe())
    assert "part" not in data.images(tmp_path, labels=None).extras


def test_parts_without_classes_give_no_labels(tmp_path):
    save(tmp_path / "train" / "1.png", plain(0))
    save(tmp_path / "test" / "1.png", plain(0))
    with pytest.warns(UserWarning, match="so there are no labels.*== 'train'"):
        images = data.images(tmp_path)
    assert images.labels is None and images.extras["part"].tolist() == ["test", "train"]


def test_parts_of_which_only_some_have_classes_are_refused(tmp_path):
    save(tmp_path / "train" / "cats" / "1.png", plain(0))
    save(tmp_path / "test" / "1.png", plain(0))
    with pytest.raises(ValueError, match="directly in test and in sub-folders of train; read each part by itself"):
        data.images(tmp_path)


def test_a_class_may_be_called_train(tmp_path):
    for name in ("bus", "train", "tram"):
        save(tmp_path / name / "1.png", plain(0))
    assert data.images(tmp_path).label_names == ("bus", "train", "tram")


def test_a_folder_around_all_classes_is_said(tmp_path):
    for name in ("cats", "dogs"):
        save(tmp_path / "archive" / name / "1.png", plain(0))
    with pytest.warns(UserWarning, match="all pictures lie in folders of 'archive', the only label"):
        assert data.images(tmp_path).label_names == ("archive",)


def test_a_class_without_a_readable_picture_is_said(tmp_path):
    save(tmp_path / "cats" / "1.png", plain(0))
    (tmp_path / "dogs").mkdir()
    (tmp_path / "fish").mkdir()
    (tmp_path / "fish" / "1.png").write_text("no picture")
    with pytest.warns(UserWarning) as told:
        assert data.images(tmp_path).label_names == ("cats",)
    assert [str(warning.message) for warning in told][1] == (
        "no picture was read of dogs, fish, so there is no such label."
    )


def test_whatever_pillow_opens_is_a_picture(tmp_path):
    for name, kind in (("a.jfif", "JPEG"), ("b.JPE", "JPEG"), ("c.tga", "TGA"), ("d.jp2", "JPEG2000"), ("e", "PNG")):
        save(tmp_path / name, plain(200), format=kind)
    for name in ("notes.txt", "README", "table.csv"):
        (tmp_path / name).write_text("P5 is how some pictures begin, but this is not one")
    images = data.images(tmp_path)
    assert images.extras["file"].tolist() == ["a.jfif", "b.JPE", "c.tga", "d.jp2", "e"]
    np.testing.assert_allclose(images.x, 200 / 255, atol=0.02)
    assert "3 files that are not pictures were passed over (.csv, .txt, no ending)" in images.notes


def test_pictures_of_kinds_that_pillow_does_not_open_are_named(tmp_path):
    save(tmp_path / "1.png", plain(0))
    (tmp_path / "IMG_1.HEIC").write_bytes(b"....ftypheic")
    with pytest.warns(UserWarning, match="1 pictures left out: IMG_1.HEIC .Pillow does not open .heic here"):
        assert len(data.images(tmp_path)) == 1
    (tmp_path / "1.png").unlink()
    with pytest.raises(ValueError, match="no pictures that can be read .IMG_1.HEIC"):
        data.images(tmp_path)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["<f4", "<i4", "<u2"]),
    arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.floats(-1e6, 1e6, width=32)),
    st.booleans(),
)
def test_numbers_keep_their_range(kind, numbers, colour):
    numbers = (numbers % 2**16 if kind == "<u2" else numbers).astype(kind)
    unit = 65535 if kind == "<u2" else 1
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.fromarray(numbers).save(f"{folder}/a.tif")
        images = data.images(folder, size=(7, 9), colour=colour)
        same = data.images(folder, size=numbers.shape)
    assert images.images.shape == (1, 3 if colour else 1, 7, 9)
    low, high = numbers.astype(np.float32).min() / unit, numbers.astype(np.float32).max() / unit
    room = 1e-6 * max(abs(low), abs(high))
    assert low - room <= images.x.min() and images.x.max() <= high + room
    np.testing.assert_allclose(same.images[0, 0], numbers.astype(np.float32) / np.float32(unit), rtol=1e-6)


@pytest.mark.parametrize("ending", ["png", "tif", "pgm"])
def test_sixteen_bits_are_not_rounded_to_eight(tmp_path, ending):
    faint = np.arange(28 * 28, dtype=np.uint16).reshape(28, 28)  # of 12 bits a camera fills the lowest
    if ending == "pgm":  # as Pillow 10.1 does not write it
        (tmp_path / "faint.pgm").write_bytes(b"P5 28 28 65535\n" + faint.astype(">u2").tobytes())
    else:
        save(tmp_path / f"faint.{ending}", faint)
    np.testing.assert_allclose(data.images(tmp_path).images[0, 0] * 65535, faint, atol=0.01)


def test_numbers_beyond_black_and_white_are_kept_and_said(tmp_path):
    save(tmp_path / "ct.tif", np.linspace(-1000, 3000, 784).reshape(28, 28).astype(np.int32))
    save(tmp_path / "photo.png", plain(255))
    with pytest.warns(UserWarning, match="numbers of ct.tif are kept.* from -1000 to 3000, beside others from 0 to 1"):
        images = data.images(tmp_path)
    assert (images.x[0].min(), images.x[0].max(), images.x[1].max()) == (-1000, 3000, 1)
    save(tmp_path / "ct.tif", np.full((28, 28), np.nan, dtype=np.float32))
    with pytest.warns(UserWarning, match="ct.tif .holds values that are missing or infinite"):
        assert len(data.images(tmp_path)) == 1


def opens(path):
    """Whether the installed Pillow opens a file: 10.1 does not open the .mpo that it writes itself."""
    try:
        Image.open(path).close()
    except OSError:
        return False
    return True


def test_only_the_first_of_several_frames_is_read_and_that_is_said(tmp_path):
    frames = [Image.new("L", (20, 20), shade) for shade in (0, 100, 200)]
    for name in ("a.gif", "b.tif", "c.png", "phone.mpo"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
    with pytest.warns(UserWarning, match="only the first frame or page was read of a.gif, b.tif, c.png:"):
        images = data.images(tmp_path)
    assert len(images) == 3 + opens(tmp_path / "phone.mpo") and images.x.max() < 0.01


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
def test_turning_is_noted_by_more_than_one_kind(tmp_path, ending):
    lit_above = plain(0, (600, 600))
    lit_above[:300] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    save(tmp_path / f"photo.{ending}", lit_above, exif=exif)
    picture = data.images(tmp_path).images[0, 0]
    assert picture[:, 16:].mean() > 0.9 and picture[:, :12].mean() < 0.1


def test_links_are_followed_but_not_in_circles(tmp_path):
    save(tmp_path / "pictures" / "cats" / "1.png", plain(0))
    save(tmp_path / "elsewhere" / "2.png", plain(0))
    try:
        (tmp_path / "pictures" / "dogs").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "pictures", target_is_directory=True)
    (tmp_path / "pictures" / "cats" / "3.png").symlink_to(tmp_path / "gone.png")
    with pytest.warns(UserWarning, match="1 pictures left out: cats/3.png"):
        images = data.images(tmp_path / "pictures")
    assert images.extras["file"].tolist() == ["cats/1.png", "dogs/2.png"]
    assert "links that lead back to where they lie were not followed: dogs/back" in images.notes


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
