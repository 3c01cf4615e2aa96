"""One picture file as an array, whatever kind it is of and however large, by Pillow."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

# So many times the wanted size is left before the fine resizing: more would cost memory and show nowhere.
ROOM = 8


class Picture(NamedTuple):
    """What was read of a file.

    Attributes:
        pixels: float32 array of shape (channels, height, width).
        in_unit: whether the file says what is black and white, so that the values lie in [0, 1]; otherwise (float and
            signed or 32-bit numbers) they are those of the file.
        frames: whether the file holds more frames or pages than the one that was read.
    """

    pixels: np.ndarray
    in_unit: bool
    frames: bool


def endings() -> set[str]:
    """Endings of the files that the installed Pillow opens, such as ".png"."""
    from PIL import Image

    Image.init()
    return {ending for ending, kind in Image.registered_extensions().items() if kind in Image.OPEN}


def looks_like_one(path: Path) -> bool:
    """Whether a file begins as a picture does, whatever its name ends in."""
    from PIL import Image

    Image.init()
    told_by_the_first_bytes = [kind for kind, (_, accept) in Image.OPEN.items() if accept]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _opened(path, told_by_the_first_bytes).close()
    except Exception:
        return False
    return True


def read(path: Path, height: int, width: int, colour: bool) -> Picture:
    """The largest middle part of the wanted proportions, resized; turned as its camera noted, on white where it is not.

    Raises:
        Exception: of many kinds, as Pillow's readers do on broken files.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks on odd metadata
        with _opened(path) as picture:
            # A depth map beside a photograph, or the layers of a drawing, are no further pictures.
            frames = picture.format not in ("MPO", "PSD") and getattr(picture, "is_animated", False)
            picture.draft("RGB" if colour else "L", (2 * max(height, width),) * 2)  # lets JPEG skip detail
            _not_too_large(picture)
            ImageOps.exif_transpose(picture, in_place=True)
            white = _white(picture)
            picture = _reduced(picture, height, width)
        if white != 255:
            numbers = picture.convert("F")
            low, high = numbers.getextrema()
            numbers = ImageOps.fit(numbers, (width, height), method=Image.Resampling.LANCZOS)
            # Where there is an edge the filter oversteps what the picture holds.
            pixels = np.asarray(numbers, dtype=np.float32).clip(low, high)[None]
            if not np.isfinite(pixels).all():
                raise ValueError("holds values that are missing or infinite")
            pixels = pixels if white is None else pixels / white
            return Picture(np.repeat(pixels, 3 if colour else 1, axis=0), white is not None, frames)
        if "A" in picture.getbands():
            picture = picture.convert("RGBA")
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
        picture = picture.convert("RGB" if colour else "L")
        picture = ImageOps.fit(picture, (width, height), method=Image.Resampling.LANCZOS)
    pixels = np.asarray(picture, dtype=np.float32) / 255
    return Picture(pixels.transpose(2, 0, 1) if colour else pixels[None], True, frames)


def _opened(path: Path, kinds: Sequence[str] | None = None):
    from PIL import Image

    # Pillow refuses by the size in the file, before it is told to skip detail; `_not_too_large` asks afterwards.
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        return Image.open(path, formats=kinds)
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _not_too_large(picture) -> None:
    from PIL import Image

    width, height = picture.size
    if Image.MAX_IMAGE_PIXELS is not None and width * height > 2 * Image.MAX_IMAGE_PIXELS:
        raise ValueError(
            f"{width} x {height} pixels, more than {2 * Image.MAX_IMAGE_PIXELS:,} that are safely unpacked: save it "
            "smaller or as JPEG, or raise PIL.Image.MAX_IMAGE_PIXELS"
        )


def _white(picture) -> int | None:
    """The number that stands for white; None where the numbers of the file mean something else."""
    if picture.mode.startswith("I;16") or (picture.mode == "I" and picture.format in ("PNG", "PPM")):
        return 65535
    return None if picture.mode in ("I", "F") else 255


def _reduced(picture, height: int, width: int):
    """A copy in a mode that can be averaged, small enough to be cheap and large enough to be resized well."""
    if picture.mode == "PA" or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode == "P":
        picture = picture.convert("RGB")
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode.startswith("I;"):
        picture = picture.convert("I")
    factor = min(picture.width // (ROOM * width), picture.height // (ROOM * height))
    return picture.reduce(factor) if factor > 1 else picture.copy()
