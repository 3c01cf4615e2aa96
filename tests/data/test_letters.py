"""Letters: a class for each, no shape twice, the same letter in every face that has it."""

import numpy as np
import pytest

from udl_teach import data


@pytest.fixture(scope="module")
def letters():
    return data.letters(min_faces=6)


def test_there_are_many_letters_of_many_scripts(letters):
    assert len(letters) == 6 * len(letters.label_names) > 2500
    assert set(letters.extras["script"]) == {"latin", "greek", "cyrillic", "armenian", "georgian"}
    every = data.letters()
    assert len(every.label_names) > 1300 and len(set(every.extras["script"])) > 12
    assert np.bincount(every.labels).min() == 2


def test_labels_and_extras_say_what_was_drawn(letters):
    assert [letters.label_names[k] for k in letters.labels] == letters.extras["letter"].tolist()
    assert np.all(np.diff(letters.labels) >= 0)
    one = letters[letters.extras["letter"] == "Ж"]
    assert one.extras["script"].tolist() == ["cyrillic"] * 6
    assert sorted(one.extras["face"]) == ["mono", "mono bold", "sans", "sans bold", "serif", "serif bold"]
    ink = dict(zip(one.extras["face"], one.x.sum(axis=1), strict=True))
    assert all(ink[f"{face} bold"] > 1.1 * ink[face] for face in ("sans", "serif", "mono"))


def test_a_letter_is_drawn_as_a_glyph_is(letters):
    wanted = data.glyphs(1, characters="G", fonts=("serif",), slant=0, size=20, stroke=0, position=0)
    found = letters[(letters.extras["letter"] == "G") & (letters.extras["face"] == "serif")]
    np.testing.assert_allclose(found.x, wanted.x, atol=0.02)


def test_no_shape_repeats_and_no_letter_is_composed(letters):
    for repeated in "Аο":  # Cyrillic A, Greek o
        assert repeated not in letters.label_names
    assert "é" not in letters.label_names and "A" in letters.label_names
    for face in ("sans", "serif"):
        x = letters.x[letters.extras["face"] == face]
        alike = np.corrcoef(x) - np.eye(len(x))
        assert alike.max() < 0.98


def test_a_choice_of_letters_scripts_and_faces():
    some = data.letters(20, faces=("sans", "serif"), scripts=("greek",), seed=1)
    assert len(some) == 40 and set(some.extras["script"]) == {"greek"}
    assert some.label_names != data.letters(20, faces=("sans", "serif"), scripts=("greek",), seed=2).label_names
    np.testing.assert_array_equal(data.letters(20, faces=("sans", "serif"), scripts=("greek",), seed=1).x, some.x)


def test_letters_divide_by_letter_and_pair_by_letter(letters):
    seen, unseen = letters.split((0.8, 0.2), by="letter")
    assert not set(seen.extras["letter"]) & set(unseen.extras["letter"])
    some = letters[:12]
    paired = data.pairs(some)
    assert paired.shape == (30, 2, 1, 28, 28)
    flat = paired.reshape(30, 2, -1)
    which = np.array([[np.flatnonzero((some.x == image).all(axis=1))[0] for image in pair] for pair in flat])
    assert np.array_equal(some.labels[which[:, 0]], some.labels[which[:, 1]])
    assert len({tuple(sorted(pair)) for pair in which}) == 30
    np.testing.assert_array_equal(data.pairs(some, by="letter"), paired)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: data.letters(faces="sans"), "faces was 'sans'"),
        (lambda: data.letters(faces=("comic",)), "a face was 'comic'"),
        (lambda: data.letters(faces=("sans",)), "min_faces was 2 with 1 faces"),
        (lambda: data.letters(scripts=("klingon",), faces=("sans", "serif")), "a script was 'klingon'"),
        (lambda: data.letters(10**6, faces=("sans", "serif"), scripts=("greek",)), "n was 1000000"),
        (lambda: data.pairs(data.wine(), by="colour"), "by was 'colour'"),
        (lambda: data.pairs(data.spiral(20)), "has no labels"),
        (lambda: data.pairs(data.digits()[[0, 1]]), "there are no pairs"),
    ],
)
def test_what_is_wrong_is_said(call, words):
    with pytest.raises(ValueError, match=words):
        call()
