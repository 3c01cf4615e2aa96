"""Squares cut from photographs that no model has seen, and one of letters: what the playgrounds of pictures show."""

from typing import Any

import numpy as np

from udl_teach import data, inputs

YOURS = "yours"
# The middle of what is worth looking at in each photograph: row and column in pixels.
MIDDLES = {
    "astronaut": (110, 225),
    "camera": (130, 250),
    "chelsea": (130, 230),
    "coffee": (150, 300),
    "coins": (150, 190),
    "grace_hopper": (190, 250),
    "motorcycle": (280, 400),
    "rocket": (260, 320),
}


def photographs(side: int, shrink: int = 1, seed: int = 0) -> dict[str, np.ndarray]:
    """Squares from the unseen photographs, by name.

    Args:
        side: of a square, in pixels.
        shrink: so many pixels, across and down, of the photograph are averaged to one.
        seed: 0 cuts round what is worth looking at, every other number somewhere else.

    Returns:
        Float32 arrays of shape (1, side, side), values in [0, 1].
    """
    found, draw = data.unseen_photos(), np.random.default_rng(seed)
    somewhere = {name: tuple(draw.integers(found[name].shape[1:]).tolist()) for name in MIDDLES}
    return {name: square(found[name], side, shrink, (somewhere if seed else MIDDLES)[name]) for name in MIDDLES}


def square(image: np.ndarray, side: int, shrink: int = 1, middle: tuple[int, int] | None = None) -> np.ndarray:
    """A square round `middle` (default: the image's own), or as near to it as the border allows; (1, side, side)."""
    height, width = image.shape[1:]
    wide = side * shrink
    row, column = middle or (height // 2, width // 2)
    top, left = min(max(row - wide // 2, 0), height - wide), min(max(column - wide // 2, 0), width - wide)
    cut = image[:, top : top + wide, left : left + wide]
    return cut.reshape(1, side, shrink, side, shrink).mean(axis=(2, 4))


def letters(side: int) -> np.ndarray:
    """A sheet of letters, white on black: lines and grounds such as no photograph has; shape (1, side, side)."""
    columns = side // 32
    glyphs = data.glyphs(columns**2, seed=0).images[:, 0]
    sheet = np.zeros((1, side, side), dtype=np.float32)
    for place, glyph in enumerate(glyphs):
        top, left = 32 * (place // columns) + 2, 32 * (place % columns) + 2
        sheet[0, top : top + 28, left : left + 28] = glyph
    return sheet


def yours(image: Any, side: int) -> np.ndarray:
    """The middle of a learner's own grey picture, shape (1, side, side); ValueError or TypeError says what it was."""
    pixels = inputs.numbers(image, "image").detach().cpu()
    if pixels.ndim == 2:
        pixels = pixels[None]
    if pixels.ndim != 3 or len(pixels) != 1 or min(pixels.shape[1:]) < side:
        raise ValueError(
            f"image has shape {tuple(np.shape(image))}; it must be a grey picture, (height, width) or (1, height, "
            f"width), of at least {side} x {side} pixels: average the colours, for instance with image.mean(axis=0)."
        )
    inputs.within_unit(pixels, "a picture", "image")
    return square(pixels.numpy(), side)


def said(name: str) -> str:
    """A picture's name in a sentence."""
    return "Your picture" if name == YOURS else name.replace("_", " ").capitalize()
