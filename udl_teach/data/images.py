"""Images: a folder of one's own pictures as a dataset."""

import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data import pictures
from udl_teach.data.dataset import Dataset

# Folders of these names divide data into parts, not into classes.
PARTS = ("train", "training", "val", "valid", "validation", "test", "testing")
# Pictures that Pillow alone does not open.
FOREIGN = (".heic", ".heif", ".jxl", ".svg", ".dng", ".cr2", ".cr3", ".nef", ".arw")


def images(
    folder: str | Path,
    *,
    size: tuple[int, int] = (28, 28),
    colour: bool = False,
    labels: str | None = "folders",
) -> Dataset:
    """Read all pictures of a folder and its sub-folders, in the order of their names.

    A picture keeps its proportions: the largest middle part of the wanted proportions is cut out and resized. It is
    turned as its camera noted; transparent parts become white; of several frames or pages the first one is taken.
    Bytes and unsigned 16-bit numbers become values from 0 (black) to 1 (white); float, signed and 32-bit numbers, which
    have no white, are kept as they are.

    Links are followed; hidden files and folders are passed over. A warning names the pictures that cannot be read and
    whatever else may be a surprise; the dataset's `notes` keep it.

    Args:
        folder: where the pictures are, of any kind that the installed Pillow opens.
        size: (height, width) of the images in pixels.
        colour: True for red, green and blue, False for grey.
        labels: "folders" makes the name of the sub-folder that a picture lies in its label (no labels if there are no
            sub-folders). Sub-folders called train, val and test are parts: the labels are then the folders within
            them. None ignores where a picture lies.

    Returns:
        Dataset of images of shape (1, height, width), or (3, height, width) in colour, with values in [0, 1] unless a
        warning says otherwise. Extra "file" is each picture's path within the folder; where there are parts, extra
        "part" is the name of the part.

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
    found, folders, left_out, notes = _look_into(folder)
    if not found:
        foreign = f" that can be read ({_some(_reasons(left_out))})" if left_out else ""
        raise ValueError(f"The folder {folder} holds no pictures{foreign}; it must hold files such as .png or .jpg.")
    parts, level = _levels(folder, found) if labels == "folders" else (False, None)

    read: dict[PurePosixPath, pictures.Picture] = {}
    for file in found:
        try:
            read[file] = pictures.read(folder / file, height, width, colour)
        except Exception as problem:  # Pillow's readers raise errors of many kinds on broken files
            left_out[file] = str(problem).splitlines()[0] if str(problem) else "broken"
    if not read:
        raise ValueError(
            f"None of the {len(found)} pictures in {folder} can be read; the first: {_reasons(left_out)[0]}."
        )

    surprises = [*_surprises_of_pictures(read), *_surprises_of_folders(read, folders, parts, level)]
    if left_out:
        warnings.warn(f"{len(left_out)} pictures left out: {_some(_reasons(left_out))}.", stacklevel=2)
        notes.insert(0, f"{len(left_out)} unreadable files left out: {', '.join(map(str, left_out))}")
    for sentence in surprises:
        warnings.warn(f"{sentence}.", stacklevel=2)
    extras = {"file": np.array([str(file) for file in read])}
    if parts:
        extras["part"] = np.array([file.parts[0] for file in read])
    groups = [] if level is None else sorted({file.parts[level] for file in read})
    return Dataset(
        np.stack([picture.pixels for picture in read.values()]).reshape(len(read), -1),
        [groups.index(file.parts[level]) for file in read] if groups else None,
        name=folder.resolve().name,
        source=str(folder),
        license="that of the pictures",
        label_names=tuple(groups) or None,
        image_shape=(3 if colour else 1, height, width),
        extras=extras,
        notes=(*notes, *surprises),
    )


def _size(size: Any) -> tuple[int, int]:
    if not isinstance(size, (tuple, list)) or len(size) != 2:
        raise TypeError(f"size was {size!r}; it must be (height, width) in pixels, such as (28, 28).")
    return inputs.whole(size[0], "the height in size"), inputs.whole(size[1], "the width in size")


def _look_into(
    folder: Path,
) -> tuple[list[PurePosixPath], list[PurePosixPath], dict[PurePosixPath, str], list[str]]:
    """The pictures and the folders within a folder, what is left out and why, and notes on what was passed over."""
    found, folders, left_out, others, hidden, circles = [], [], {}, [], [], []
    known = pictures.endings()

    def within(place: str, name: str = "") -> PurePosixPath:
        return PurePosixPath(Path(place, name).relative_to(folder).as_posix())

    def closed(problem: OSError) -> None:
        left_out[within(problem.filename)] = problem.strerror

    ways = {str(folder): (os.path.realpath(folder),)}  # the folders passed on the way to each, links resolved
    for place, inner, files in os.walk(folder, followlinks=True, onerror=closed):
        for name in list(inner):
            path = os.path.join(place, name)
            real = os.path.realpath(path)
            if name.startswith(".") or real in ways[place]:
                (hidden if name.startswith(".") else circles).append(within(path))
                inner.remove(name)
            else:
                ways[path] = (*ways[place], real)
                folders.append(within(path))
        for name in files:
            file, path, ending = within(place, name), Path(place, name), Path(name).suffix.lower()
            if name.startswith("."):
                hidden.append(file)
            elif path.exists() and not path.is_file():  # a pipe, which would never end
                others.append(file)
            elif ending in known or (ending not in FOREIGN and pictures.looks_like_one(path)):
                found.append(file)
            elif ending in FOREIGN:
                left_out[file] = f"Pillow does not open {ending} here: save it as PNG or JPEG"
            else:
                others.append(file)

    notes = []
    if others:
        kinds = sorted({file.suffix.lower() or "no ending" for file in others})
        notes.append(f"{len(others)} files that are not pictures were passed over ({_some(kinds)})")
    if hidden:
        notes.append(f"{len(hidden)} hidden files or folders were passed over: {_some(sorted(hidden))}")
    if circles:
        notes.append(f"links that lead back to where they lie were not followed: {_some(sorted(circles))}")
    return sorted(found, key=str), sorted(folders), left_out, notes


def _levels(folder: Path, found: list[PurePosixPath]) -> tuple[bool, int | None]:
    """Whether the outermost sub-folders are parts of the data, and which folder of a path is its label, if any is."""
    outermost = {file.parts[0] for file in found if len(file.parts) > 1}
    if not outermost:
        return False, None
    if any(len(file.parts) == 1 for file in found):
        raise ValueError(
            f"The folder {folder} holds pictures both directly and in sub-folders; "
            "move them all into sub-folders, which are the labels, or pass labels=None."
        )
    named_as_parts = [name for name in outermost if name.lower() in PARTS]
    if len(named_as_parts) < min(2, len(outermost)):
        return False, 0
    plain = {file.parts[0] for file in found if len(file.parts) == 2}
    classes = {file.parts[0] for file in found if len(file.parts) > 2}
    if plain and classes:
        raise ValueError(
            f"In the folder {folder} pictures lie directly in {_some(sorted(plain))} and in sub-folders of "
            f"{_some(sorted(classes))}; read each part by itself, such as folder/{sorted(classes)[0]}, "
            "or pass labels=None."
        )
    return True, 1 if classes else None


def _surprises_of_pictures(read: Mapping[PurePosixPath, pictures.Picture]) -> Iterable[str]:
    several = [file for file, picture in read.items() if picture.frames]
    if several:
        yield f"only the first frame or page was read of {_some(several)}: save the others as files if you want them"
    kept = {file: picture.pixels for file, picture in read.items() if not picture.in_unit}
    if kept:
        low, high = min(pixels.min() for pixels in kept.values()), max(pixels.max() for pixels in kept.values())
        if low < 0 or high > 1:
            rest = "" if len(kept) == len(read) else ", beside others from 0 to 1"
            yield (
                f"the float or 32-bit numbers of {_some(kept)} are kept as they are, from {low:g} to {high:g}{rest}: "
                "divide by what is white in them before a model needs values from 0 to 1"
            )


def _surprises_of_folders(
    read: Iterable[PurePosixPath], folders: list[PurePosixPath], parts: bool, level: int | None
) -> Iterable[str]:
    outermost = sorted({file.parts[0] for file in read})
    if parts:
        first = max(outermost, key=lambda name: name.lower().startswith("train"))
        labels = "there are no labels" if level is None else "the labels are the folders within them"
        yield (
            f"the folders {_some(outermost)} were taken for parts of the data, so {labels}: "
            f"choose one with images[images.extras['part'] == '{first}'], or pass labels=None"
        )
    if level is None:
        return
    groups = {file.parts[level] for file in read}
    inside = [place for place in folders if level == 0 or place.parts[0] in outermost]
    empty = {place.parts[level] for place in inside if len(place.parts) > level}
    if empty - groups:
        yield f"no picture was read of {_some(sorted(empty - groups))}, so there is no such label"
    if level == 0 and len(groups) == 1 and all(len(file.parts) > 2 for file in read):
        (only,) = groups
        yield f"all pictures lie in folders of '{only}', the only label: pass {only} if these folders are the labels"


def _reasons(left_out: Mapping[PurePosixPath, str]) -> list[str]:
    return [f"{file} ({reason})" for file, reason in sorted(left_out.items())]


def _some(names: Iterable[Any], at_most: int = 5) -> str:
    names = [str(name) for name in names]
    return ", ".join(names[:at_most]) + (", ..." if len(names) > at_most else "")
