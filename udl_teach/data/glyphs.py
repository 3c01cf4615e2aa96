"""Glyphs: characters drawn from known factors, so that what a latent code has found can be compared with the truth.

The idea of images with known factors: L. Matthey et al. (2017), dSprites; github.com/google-deepmind/dsprites-dataset.
"""

from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

FRAME = 28
FONTS = {
    "sans": "DejaVuSans.ttf",
    "serif": "DejaVuSerif.ttf",
    "mono": "DejaVuSansMono.ttf",
    "sans bold": "DejaVuSans-Bold.ttf",
    "serif bold": "DejaVuSerif-Bold.ttf",
    "mono bold": "DejaVuSansMono-Bold.ttf",
}


def glyphs(
    n: int = 2000,
    *,
    characters: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    fonts: tuple[str, ...] = ("sans", "serif", "mono"),
    slant: float | tuple[float, float] = (-15.0, 15.0),
    size: float | tuple[float, float] = (12.0, 17.0),
    stroke: float | tuple[float, float] = (0.0, 1.5),
    position: float | tuple[float, float] = (-2.0, 2.0),
    seed: int = 0,
) -> Dataset:
    """Greyscale images of characters, each drawn from factors that are independent of one another.

    A factor is drawn evenly between the two numbers given for it; a single number holds it fixed.

    Args:
        n: number of images. The first 100 of 1,000 are the 100 of the same seed.
        characters: what to draw, for example "0123456789".
        fonts: some of "sans", "serif", "mono", "sans bold", "serif bold", "mono bold" (DejaVu, from Matplotlib).
        slant: degrees from upright, positive to the right.
        size: the longer side of the upright character's box, in pixels.
        stroke: what is added to the width of every line, in pixels.
        position: where the middle of the character's box is, in pixels from the middle of the frame; used for x (to
            the right) and for y (downwards).
        seed: for the factors.

    Returns:
        Dataset of n images of shape (1, 28, 28), ink 1 on a ground of 0. Labels and extra "character" say which
        character it is; extras "font", "slant", "size", "stroke", "x" and "y" hold the other factors.

    Raises:
        TypeError: a factor is not a number or two.
        ValueError: a font or character is unknown, or the largest character would be cut off by the frame.
    """
    n, seed = inputs.whole(n, "n"), inputs.whole(seed, "seed", minimum=0)
    outlines = _outlines(characters, fonts)
    ranges = {
        "slant": _range(slant, "slant", minimum=-45.0, maximum=45.0),
        "size": _range(size, "size", minimum=4.0, maximum=float(FRAME)),
        "stroke": _range(stroke, "stroke", minimum=0.0, maximum=float(FRAME)),
        "x": _range(position, "position"),
        "y": _range(position, "position"),
    }
    _must_fit(ranges)

    # One row of even numbers an image, so that a longer set begins with the shorter one.
    even = np.random.default_rng(seed).random((n, 2 + len(ranges)))
    label = (even[:, 0] * len(characters)).astype(np.int64)
    font = (even[:, 1] * len(fonts)).astype(np.int64)
    factors = {name: low + (high - low) * even[:, 2 + k] for k, (name, (low, high)) in enumerate(ranges.items())}

    return Dataset(
        draw(outlines, label, font, factors).reshape(n, -1),
        label,
        name="glyphs",
        source="drawn by udl_teach from Matplotlib's DejaVu fonts",
        license="CC0 1.0",
        label_names=tuple(characters),
        image_shape=(1, FRAME, FRAME),
        extras={"character": np.array(list(characters))[label], "font": np.array(list(fonts))[font], **factors},
    )


def _outlines(characters: Any, fonts: Any) -> list[list[Any]]:
    """The outline of every character in every font, its box centred on 0 and 1 long at the longer side."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties, get_font
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    if not isinstance(characters, str):
        raise TypeError(f"characters was {characters!r}; it must be one text such as 'ABC'.")
    if not characters or len(set(characters)) < len(characters):
        raise ValueError(f"characters was {characters!r}; it must hold at least one character, and none of them twice.")
    if isinstance(fonts, str) or not fonts or len(set(fonts)) < len(fonts):
        raise ValueError(f"fonts was {fonts!r}; it must be a tuple such as ('sans', 'serif'), with no font twice.")
    outlines = []
    for font in fonts:
        file = f"{get_data_path()}/fonts/ttf/{FONTS[inputs.choice(font, 'a font', FONTS)]}"
        known = get_font(file).get_charmap()
        row = []
        for character in characters:
            if ord(character) not in known or not character.isprintable() or character.isspace():
                raise ValueError(f"The character {character!r} cannot be drawn in the font {font!r}; leave it out.")
            path = TextPath((0, 0), character, size=100, prop=FontProperties(fname=file))
            box = path.get_extents()
            middle = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2]
            row.append(Path((path.vertices - middle) / max(box.width, box.height), path.codes))
        outlines.append(row)
    return outlines


def _range(value: Any, name: str, **bounds: float) -> tuple[float, float]:
    if isinstance(value, (tuple, list)):
        if len(value) != 2 or value[0] > value[1]:
            raise ValueError(f"{name} was {value!r}; it must be a number or (smallest, largest).")
        low, high = value
    else:
        low = high = value
    return inputs.real(low, name, **bounds), inputs.real(high, name, **bounds)


def _must_fit(ranges: dict[str, tuple[float, float]]) -> None:
    lean = np.tan(np.radians(np.abs(ranges["slant"]).max()))
    away = max(np.abs(ranges["x"]).max(), np.abs(ranges["y"]).max())
    needed = ranges["size"][1] * (1 + lean) + ranges["stroke"][1] + 2 * away
    if needed > FRAME:
        raise ValueError(
            f"The largest glyph would need {needed:.1f} pixels, but the frame has {FRAME}; lower the upper end of "
            "size, slant, stroke or position (needed: size * (1 + tan(slant)) + stroke + 2 * position)."
        )


def draw(outlines: list[list[Any]], label: np.ndarray, font: np.ndarray, factors: dict[str, np.ndarray]) -> np.ndarray:
    """Draw many glyphs on one large sheet (faster than a canvas each), four times too fine, and average."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.transforms import Affine2D

    side, fine = 16, 4
    cell = FRAME * fine
    shear = np.tan(np.radians(factors["slant"]))
    images = np.empty((len(label), FRAME, FRAME), dtype=np.float32)
    for start in range(0, len(label), side * side):
        sheet = RendererAgg(side * cell, side * cell, 72)  # at 72 dots an inch a point is a pixel
        pen = sheet.new_gc()
        pen.set_snap(False)
        pen.set_joinstyle("round")
        stop = min(start + side * side, len(label))
        for i in range(start, stop):
            row, column = divmod(i - start, side)
            size = factors["size"][i] * fine
            # Agg counts y upwards, images count rows downwards.
            middle_x = (column + 0.5) * cell + factors["x"][i] * fine
            middle_y = (side - row - 0.5) * cell - factors["y"][i] * fine
            place = Affine2D.from_values(size, 0, size * shear[i], size, middle_x, middle_y)
            pen.set_linewidth(factors["stroke"][i] * fine)
            sheet.draw_path(pen, outlines[font[i]][label[i]], place, (0.0, 0.0, 0.0, 1.0))
        ink = np.asarray(sheet.buffer_rgba())[:, :, 3].reshape(side, FRAME, fine, side, FRAME, fine)
        ink = ink.mean(axis=(2, 5), dtype=np.float32).swapaxes(1, 2).reshape(-1, FRAME, FRAME)
        images[start:stop] = ink[: stop - start] / 255
    return images
