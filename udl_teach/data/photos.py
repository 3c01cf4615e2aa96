"""Photos: two photographs, and small patches cut from them: natural images without a download."""

from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # the eye's weights of red, green and blue; ITU-R BT.601


def photos(*, colour: bool = True) -> Dataset:
    """A temple in China and a flower, as scikit-learn ships them; nothing is downloaded.

    Args:
        colour: True for red, green and blue, False for grey.

    Returns:
        Dataset of 2 images of shape (3, 427, 640), or (1, 427, 640) in grey, with values in [0, 1]; labels 0 and 1,
        label_names ("china", "flower").
    """
    from sklearn.datasets import load_sample_image

    names = ("china", "flower")
    stack = np.stack([load_sample_image(f"{name}.jpg") for name in names]).astype(np.float32) / 255
    stack = stack.transpose(0, 3, 1, 2) if colour else grey(stack.transpose(0, 3, 1, 2))
    return Dataset(
        stack.reshape(len(stack), -1),
        np.arange(len(names)),
        name="photos",
        source="flickr.com: china by danielbuechele, flower by vultilion; shipped with scikit-learn",
        license="CC BY 2.0",
        label_names=names,
        image_shape=stack.shape[1:],
    )


def patches(photos: Any, *, size: int = 8, n: int = 10_000, colour: bool = False, seed: int = 0) -> Dataset:
    """Square patches cut from images at places chosen evenly by chance.

    Patches overlap, so single patches in training and test are not independent: split by photo (by="photo"), or by
    place (by="row" puts the upper part of the photographs into the first part).

    Args:
        photos: a Dataset of images such as `data.photos()`, or an array of shape (n_images, channels, height, width).
        size: side of a patch in pixels.
        n: number of patches.
        colour: False turns images of three channels into grey ones.
        seed: for the places.

    Returns:
        Dataset of n images of shape (channels, size, size). Labels and extra "photo" say which image a patch is from;
        extras "row" and "column" (real numbers, so that a split by them is a split by order) are the place of its upper
        left corner in pixels.

    Raises:
        TypeError: `photos` is neither.
        ValueError: a patch is larger than the images.
    """
    known = isinstance(photos, Dataset)
    stack = inputs.images(photos.images if known else photos, "photos").numpy()
    size, n = inputs.whole(size, "size"), inputs.whole(n, "n")
    rng = np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
    height, width = stack.shape[2:]
    if size > min(height, width):
        raise ValueError(f"size was {size}; it must be at most {min(height, width)}, the shorter side of the images.")
    if not colour and stack.shape[1] == 3:
        stack = grey(stack)

    photo = rng.integers(len(stack), size=n)
    row = rng.integers(height - size + 1, size=n)
    column = rng.integers(width - size + 1, size=n)
    windows = np.lib.stride_tricks.sliding_window_view(stack, (size, size), axis=(2, 3))
    cut = windows[photo, :, row, column]  # (n, channels, size, size)
    return Dataset(
        cut.reshape(n, -1),
        photo,
        name="patches",
        source=f"cut from {photos.name}: {photos.source}" if known else "cut from the images given",
        license=photos.license if known else "that of the images",
        label_names=photos.label_names if known and _one_name_each(photos) else None,
        image_shape=cut.shape[1:],
        extras={"photo": photo, "row": row.astype(np.float64), "column": column.astype(np.float64)},
    )


def grey(stack: np.ndarray) -> np.ndarray:
    """Images of red, green and blue as grey ones: (n, 3, height, width) -> (n, 1, height, width)."""
    return np.einsum("nchw,c->nhw", stack, GREY)[:, None]


def _one_name_each(photos: Dataset) -> bool:
    return photos.label_names is not None and np.array_equal(photos.labels, np.arange(len(photos.label_names)))
