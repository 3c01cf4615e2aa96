"""Letters: the letters of many scripts, each drawn in several faces of one family, so that every letter is a class.

In the spirit of Omniglot (Lake, Salakhutdinov and Tenenbaum 2015): many classes with few images of each.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset
from udl_teach.data.glyphs import FONTS, FRAME, draw

FACES = tuple(FONTS)
# Upper case, lower case, and letters of scripts without case; modifier letters repeat the shapes of others.
CATEGORIES = ("Lu", "Ll", "Lo")
SIZE = 20.0  # longer side of a letter's box, in pixels
ALIKE = 0.97  # correlation of the pixels of two letters from which they count as one shape


def letters(
    n: int | None = None,
    *,
    faces: Sequence[str] = FACES,
    scripts: Sequence[str] | None = None,
    min_faces: int = 2,
    seed: int = 0,
) -> Dataset:
    """Greyscale images of letters, one image for each letter and each face that has it.

    Left out are letters that Unicode composes of others (é), and letters whose shape another one has already in one of
    the faces: the Greek and the Cyrillic A look like the Latin one, and o like O, as every letter is drawn as large as
    any other. The first in Unicode's order is kept.

    Args:
        n: number of letters, drawn at random; None for all.
        faces: some of "sans", "serif", "mono", "sans bold", "serif bold", "mono bold" (DejaVu, from Matplotlib).
        scripts: some of the names that the extra "script" holds, such as ("latin", "greek"); None for all.
        min_faces: a letter must exist in at least so many of the faces. Only Latin, Greek, Cyrillic, Armenian and
            Georgian letters exist in all six.
        seed: of the choice of n letters; without n the images do not depend on it.

    Returns:
        Dataset of images of shape (1, 28, 28), ink 1 on a ground of 0, ordered by letter and then by face. Labels count
        the letters from 0. Extras: "letter" (the character), "script" and "face".

    Raises:
        TypeError, ValueError: an argument is not what it must be, or no letter fits all of them.
    """
    seed = inputs.whole(seed, "seed", minimum=0)
    if isinstance(faces, str) or not faces or len(set(faces)) < len(faces):
        raise ValueError(f"faces was {faces!r}; it must be a tuple such as ('sans', 'serif'), with no face twice.")
    fonts = {face: _font(inputs.choice(face, "a face", FACES)) for face in faces}
    known = {face: set(font.get_charmap()) for face, font in fonts.items()}
    min_faces = inputs.whole(min_faces, "min_faces")
    if min_faces > len(known):
        raise ValueError(f"min_faces was {min_faces} with {len(known)} faces; it must be at most their number.")
    codes = sorted(code for code in set.union(*known.values()) if _is_letter(chr(code)))
    codes = [code for code in codes if sum(code in has for has in known.values()) >= min_faces]
    if scripts is not None:
        names = sorted({_script(chr(code)) for code in codes})
        wanted = {inputs.choice(script, "a script", names) for script in scripts}
        codes = [code for code in codes if _script(chr(code)) in wanted]
    pairs = [(i, k) for i, code in enumerate(codes) for k, has in enumerate(known.values()) if code in has]
    letter, face = np.array(pairs).T
    x = _drawn([_outline(list(fonts.values())[k], codes[i]) for i, k in pairs])
    kept = _first_of_their_shape(x, letter, face)
    if n is not None:
        n = inputs.whole(n, "n")
        if n > len(kept):
            raise ValueError(f"n was {n}, but there are {len(kept)} letters; ask for at most so many.")
        kept = np.sort(np.random.default_rng(seed).permutation(kept)[:n])
    rows = np.isin(letter, kept)
    characters = np.array([chr(code) for code in codes])
    return Dataset(
        x[rows],
        np.searchsorted(kept, letter[rows]),
        name="letters",
        source="drawn by udl_teach from Matplotlib's DejaVu fonts",
        license="CC0 1.0",
        label_names=tuple(characters[kept]),
        image_shape=(1, FRAME, FRAME),
        extras={
            "letter": characters[letter[rows]],
            "script": np.array([_script(character) for character in characters])[letter[rows]],
            "face": np.array(list(known))[face[rows]],
        },
    )


def _is_letter(character: str) -> bool:
    return unicodedata.category(character) in CATEGORIES and not unicodedata.decomposition(character)


def _script(character: str) -> str:
    """The first word of the name, which is the script's for nearly all letters: "GREEK SMALL LETTER ALPHA"."""
    return unicodedata.name(character).split()[0].lower()


def _font(face: str) -> Any:
    from matplotlib import get_data_path
    from matplotlib.font_manager import get_font

    return get_font(f"{get_data_path()}/fonts/ttf/{FONTS[face]}")


def _outline(font: Any, code: int) -> Any:
    """The outline of a letter, its box centred on 0 and 1 long at the longer side: a Matplotlib `Path`."""
    from matplotlib import ft2font
    from matplotlib.path import Path

    # Matplotlib before 3.10 has the flags as plain numbers.
    flags = ft2font.LoadFlags.NO_HINTING if hasattr(ft2font, "LoadFlags") else ft2font.LOAD_NO_HINTING
    font.set_size(100, 72)
    font.load_char(code, flags)
    vertices, codes = font.get_path()
    # The fonts have points at the ends of their curves, so the points alone span the box.
    points = vertices[codes != Path.CLOSEPOLY]
    low, high = points.min(axis=0), points.max(axis=0)
    return Path((vertices - (low + high) / 2) / (high - low).max(), codes)


def _drawn(outlines: list[Any]) -> np.ndarray:
    """Images as rows."""
    n = len(outlines)
    still = {"size": np.full(n, SIZE)} | {name: np.zeros(n) for name in ("slant", "stroke", "x", "y")}
    # All outlines as the characters of one "font", as not every face has every letter.
    return draw([outlines], np.arange(n), np.zeros(n, dtype=np.int64), still).reshape(n, -1)


def _first_of_their_shape(x: np.ndarray, letter: np.ndarray, face: np.ndarray) -> np.ndarray:
    """Numbers of the letters that look, in every face, unlike all letters before them that were kept."""
    away = x - x.mean(axis=1, keepdims=True)
    away /= np.linalg.norm(away, axis=1, keepdims=True)
    n_letters = letter.max() + 1
    alike = np.zeros((n_letters, n_letters), dtype=bool)
    for k in np.unique(face):
        rows = face == k
        alike[np.ix_(letter[rows], letter[rows])] |= away[rows] @ away[rows].T > ALIKE
    kept: list[int] = []
    for i in range(n_letters):
        if not alike[i, kept].any():
            kept.append(i)
    return np.array(kept)
