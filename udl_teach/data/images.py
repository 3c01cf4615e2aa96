"""Images: a folder of one's own pictures as a dataset."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm")


def images(
    folder: str | Path,
    *,
    size: tuple[int, int] = (28, 28),
    colour: bool = False,
    labels: str | None = "folders",
) -> Dataset:
    """Read all pictures of a folder and its sub-folders, in the order of their names.

    A picture keeps its proportions: the largest middle part of the wanted proportions is cut out and resized. It is
    turned as its camera noted; transparent parts become white; of a moving picture the first one is taken.
    Files that cannot be read are left out; a warning names them, and so does the dataset's `notes`.

    Args:
        folder: where the pictures are (PNG, JPEG, GIF, BMP, TIFF, WebP, PPM or PGM).
        size: (height, width) of the images in pixels.
        colour: True for red, green and blue, False for grey.
        labels: "folders" makes the name of the sub-folder that a picture lies in its label (no labels if there are no
            sub-folders); None ignores where it lies.

    Returns:
        Dataset of images of shape (1, height, width), or (3, height, width) in colour, with values in [0, 1], and extra
        "file" with each picture's path within the folder.

    Raises:
        FileNotFoundError: there is no such folder.
        ValueError: it holds no readable picture, or pictures both beside and in sub-folders.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; folder must be the path of a folder with pictures.")
    if labels is not None:
        inputs.choice(labels, "labels", ("folders",))
    height, width = _size(size)
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    found = sorted((path for path in files if path.suffix.lower() in ENDINGS), key=lambda path: path.as_posix())
    if not found:
        raise ValueError(f"The folder {folder} holds no pictures; it must hold files such as .png or .jpg.")
    grouped = labels == "folders" and any(path.parent != folder for path in found)
    if grouped and any(path.parent == folder for path in found):
        raise ValueError(
            f"The folder {folder} holds pictures both directly and in sub-folders; "
            "move them all into sub-folders, which are the labels, or pass labels=None."
        )

    pixels, read, unreadable = [], [], {}
    for path in found:
        try:
            pixels.append(_pixels(path, height, width, colour))
            read.append(path.relative_to(folder))
        except Exception as problem:  # Pillow's readers raise errors of many kinds on broken files
            unreadable[path.relative_to(folder).as_posix()] = str(problem).splitlines()[0] if str(problem) else "broken"
    if not read:
        raise ValueError(f"None of the {len(found)} pictures in {folder} can be read; the first: {_first(unreadable)}.")
    if unreadable:
        warnings.warn(f"{len(unreadable)} pictures left out: {_some(unreadable)}.", stacklevel=2)

    groups = sorted({path.parts[0] for path in read}) if grouped else None
    notes = [f"{len(unreadable)} unreadable files left out: {', '.join(unreadable)}"] if unreadable else []
    if len(files) > len(found):
        notes.append(f"{len(files) - len(found)} files that are not pictures were passed over")
    return Dataset(
        np.stack(pixels).reshape(len(pixels), -1),
        [groups.index(path.parts[0]) for path in read] if groups else None,
        name=folder.resolve().name,
        source=str(folder),
        license="that of the pictures",
        label_names=tuple(groups) if groups else None,
        image_shape=(3 if colour else 1, height, width),
        extras={"file": np.array([path.as_posix() for path in read])},
        notes=tuple(notes),
    )


def _size(size: Any) -> tuple[int, int]:
    if not isinstance(size, (tuple, list)) or len(size) != 2:
        raise TypeError(f"size was {size!r}; it must be (height, width) in pixels, such as (28, 28).")
    return inputs.whole(size[0], "the height in size"), inputs.whole(size[1], "the width in size")


def _pixels(path: Path, height: int, width: int, colour: bool) -> np.ndarray:
    """One picture as float32 array of shape (channels, height, width), values in [0, 1]."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        # A file that unpacks to hundreds of millions of pixels is left out like a broken one.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.filterwarnings("ignore", category=UserWarning)  # remarks on odd metadata
        with Image.open(path) as picture:
            picture.draft("RGB" if colour else "L", (2 * max(height, width),) * 2)  # lets JPEG skip detail
            picture = ImageOps.exif_transpose(picture)
            if picture.mode.startswith("I"):  # 16 bits a pixel, which convert() would cut off at 255
                picture = Image.fromarray((np.asarray(picture, dtype=np.float32) / 257).clip(0, 255).astype(np.uint8))
            if "A" in picture.getbands() or "transparency" in picture.info:
                picture = picture.convert("RGBA")
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
            picture = picture.convert("RGB" if colour else "L")
            picture = ImageOps.fit(picture, (width, height), method=Image.Resampling.LANCZOS)
    pixels = np.asarray(picture, dtype=np.float32) / 255
    return pixels.transpose(2, 0, 1) if colour else pixels[None]


def _first(unreadable: dict[str, str]) -> str:
    return _some(dict([next(iter(unreadable.items()))]))


def _some(unreadable: dict[str, str], at_most: int = 5) -> str:
    named = [f"{file} ({reason})" for file, reason in list(unreadable.items())[:at_most]]
    return ", ".join(named) + (", ..." if len(unreadable) > at_most else "")
