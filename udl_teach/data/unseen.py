"""Unseen photographs: pictures that no model of this course learns from, to judge those that learned from `photos`."""

from pathlib import Path

import numpy as np

from udl_teach.data.photos import grey

# Where each lies in its package. Read as files, because scikit-image's own functions may go and ask the network.
SCIKIT_IMAGE = {
    "astronaut": "astronaut.png",
    "camera": "camera.png",
    "chelsea": "chelsea.png",
    "coffee": "coffee.png",
    "coins": "coins.png",
    "motorcycle": "motorcycle_left.png",
    "rocket": "rocket.jpg",
}
MATPLOTLIB = {"grace_hopper": "grace_hopper.jpg"}


def unseen_photos(*, colour: bool = False) -> dict[str, np.ndarray]:
    """Eight photographs of different sizes, as scikit-image and Matplotlib ship them; nothing is downloaded.

    | name | what | source and licence |
    |---|---|---|
    | astronaut | Eileen Collins | NASA, public domain |
    | camera | a photographer in a field | Lav Varshney, CC0 |
    | chelsea | a cat | Stefan van der Walt, CC0 |
    | coffee | a cup of coffee | Rachel Michetti, courtesy of Pikolo Espresso Bar, CC0 |
    | coins | Greek coins from Pompeii | Brooklyn Museum Collection, no known copyright restrictions |
    | grace_hopper | Grace Hopper | James S. Davis, US Navy, public domain |
    | motorcycle | a motorcycle, left image of a stereo pair | Scharstein et al. 2014; none stated |
    | rocket | launch of a Falcon 9 | SpaceX, public domain |

    Args:
        colour: True for red, green and blue; the two grey photographs (camera and coins) are then left out.

    Returns:
        Float32 arrays by name, in the order of the names, of shape (1, height, width), or (3, height, width) in
        colour, with values in [0, 1]. Coloured ones turn grey as in `photos`.

    Raises:
        FileNotFoundError: an installed package lacks a picture that it ships with.
    """
    found = {}
    for name, path in sorted(_paths().items()):
        pixels = _read(path)
        if colour and len(pixels) == 1:
            continue
        found[name] = grey(pixels[None])[0] if len(pixels) == 3 and not colour else pixels
    return found


def _paths() -> dict[str, Path]:
    import matplotlib
    import skimage

    ours = {name: Path(skimage.__file__).parent / "data" / file for name, file in SCIKIT_IMAGE.items()}
    theirs = Path(matplotlib.get_data_path()) / "sample_data"
    return ours | {name: theirs / file for name, file in MATPLOTLIB.items()}


def _read(path: Path) -> np.ndarray:
    """One picture as float32 array of shape (channels, height, width), values in [0, 1]."""
    from PIL import Image

    if not path.is_file():
        raise FileNotFoundError(
            f"There is no {path}, though scikit-image and Matplotlib ship it: install the two packages anew."
        )
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("L" if picture.mode == "L" else "RGB"), dtype=np.float32) / 255
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))
