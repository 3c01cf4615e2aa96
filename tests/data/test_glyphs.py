"""Glyphs: every factor changes the picture as it says, and nothing else does."""

import numpy as np
import pytest

from udl_teach import data

UPRIGHT = {"slant": 0, "size": 15, "stroke": 0.5, "position": 0}
ROWS, COLUMNS = np.mgrid[:28, :28] - 13.5


def ink(images):
    return images[:, 0].sum(axis=(1, 2))


def centre(images):
    return np.stack([(images[:, 0] * axis).sum(axis=(1, 2)) / ink(images) for axis in (COLUMNS, ROWS)], axis=1)


def lean(images):
    """Covariance of column and row over the variance of the row: minus the tangent of the slant, rows going down."""
    x, y = centre(images).T[:, :, None, None]
    across, down = COLUMNS - x, ROWS - y
    return (images[:, 0] * across * down).sum(axis=(1, 2)) / (images[:, 0] * down**2).sum(axis=(1, 2))


def drawn(n=1, characters="H", fonts=("sans",), **factors):
    return data.glyphs(n, characters=characters, fonts=fonts, **(UPRIGHT | factors)).images


def test_the_middle_of_the_ink_follows_the_position():
    glyphs = data.glyphs(300, characters="HIOX", fonts=("sans",))  # symmetric, so the box's middle is the ink's
    truth = np.stack([glyphs.extras["x"], glyphs.extras["y"]], axis=1)
    np.testing.assert_allclose(centre(glyphs.images), truth, atol=0.25)


def test_more_stroke_is_more_ink():
    amounts = [ink(drawn(stroke=stroke))[0] for stroke in (0, 0.5, 1, 1.5)]
    assert np.all(np.diff(amounts) > 5)


def test_a_bold_font_has_more_ink():
    for font in ("sans", "serif", "mono"):
        assert ink(drawn(fonts=(f"{font} bold",))) > 1.15 * ink(drawn(fonts=(font,)))


def test_the_slant_is_in_the_second_moments():
    for degrees in (-15, -5, 0, 10, 20):
        measured = lean(drawn(slant=degrees, stroke=0)) - lean(drawn(slant=0, stroke=0))
        np.testing.assert_allclose(measured, -np.tan(np.radians(degrees)), atol=0.02)


def test_the_size_is_the_longer_side_of_the_box():
    for character in "HWI":
        for size in (10.0, 14.0, 18.0):
            picture = drawn(characters=character, size=size, stroke=0)[0, 0]
            sides = [np.flatnonzero(picture.max(axis=axis) > 0.05) for axis in (0, 1)]
            assert abs(max(side[-1] - side[0] + 1 for side in sides) - size) <= 1.5


def test_characters_and_fonts_look_different():
    glyphs = [drawn(characters=character, fonts=(font,)) for character in "AB" for font in ("sans", "serif", "mono")]
    for i, one in enumerate(glyphs):
        assert all(np.abs(one - other).sum() > 3 for other in glyphs[:i])


def test_labels_and_extras_say_what_was_drawn():
    glyphs = data.glyphs(40, characters="XA7", fonts=("serif", "mono"))
    for k in range(0, 40, 5):
        factors = {name: glyphs.extras[name][k] for name in ("slant", "size", "stroke")}
        assert glyphs.label_names[glyphs.labels[k]] == glyphs.extras["character"][k]
        shift = glyphs.extras["x"][k], glyphs.extras["y"][k]
        alone = data.glyphs(
            1,
            characters=str(glyphs.extras["character"][k]),
            fonts=(str(glyphs.extras["font"][k]),),
            position=0,
            **factors,
        )
        np.testing.assert_allclose(centre(glyphs.images[[k]])[0] - centre(alone.images)[0], shift, atol=0.1)
        np.testing.assert_allclose(ink(glyphs.images[[k]]), ink(alone.images), rtol=0.02)


def test_no_glyph_is_cut_off_and_all_are_crisp():
    glyphs = data.glyphs(1500, characters="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&@", seed=5)
    edge = np.ones((28, 28), dtype=bool)
    edge[1:-1, 1:-1] = False
    assert glyphs.images[:, 0, edge].max() < 0.5
    assert glyphs.x.min() == 0 and np.quantile(glyphs.x.max(axis=1), 0.01) > 0.5
    between = (glyphs.x > 0.05) & (glyphs.x < 0.95)
    assert between.sum() > 0.1 * (glyphs.x > 0.05).sum()  # edges are smooth


def test_the_factors_are_spread_evenly_and_independent():
    extras = data.glyphs(2000).extras
    factors = np.stack([extras[name] for name in ("slant", "size", "stroke", "x", "y")])
    assert np.abs(np.corrcoef(factors) - np.eye(5)).max() < 0.08
    for values, (low, high) in zip(factors, [(-15, 15), (12, 17), (0, 1.5), (-2, 2), (-2, 2)], strict=True):
        assert low <= values.min() and values.max() <= high
        counts = np.histogram(values, bins=4, range=(low, high))[0]
        assert counts.min() > 400


def test_a_longer_set_begins_with_the_shorter_one():
    short, long = data.glyphs(30, seed=2), data.glyphs(1100, seed=2)  # more than one sheet
    np.testing.assert_array_equal(long.x[:30], short.x)
    np.testing.assert_array_equal(long.extras["slant"][:30], short.extras["slant"])
    np.testing.assert_array_equal(data.glyphs(1100, seed=2).x, long.x)
    assert not np.array_equal(data.glyphs(30, seed=3).x, short.x)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n": 0}, "n was 0"),
        ({"characters": ""}, "characters was ''"),
        ({"characters": "ABA"}, "none of them twice"),
        ({"characters": "A B"}, "' ' cannot be drawn"),
        ({"characters": "A\u6f22"}, "'\u6f22' cannot be drawn"),
        ({"characters": ["A", "B"]}, "one text"),
        ({"fonts": ("comic",)}, "a font was 'comic'; it must be one of 'sans'"),
        ({"fonts": "sans"}, "fonts was 'sans'"),
        ({"fonts": ()}, "fonts was"),
        ({"size": (17, 12)}, "size was"),
        ({"size": (1, 2, 3)}, "size was"),
        ({"size": "large"}, "size was 'large'"),
        ({"size": 27}, "would need .* pixels, but the frame has 28"),
        ({"position": (-9, 9)}, "would need"),
        ({"stroke": -1}, "stroke was -1"),
        ({"slant": 80}, "slant was 80"),
        ({"seed": -1}, "seed was -1"),
    ],
)
def test_glyphs_say_what_is_wrong(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        data.glyphs(**arguments)
