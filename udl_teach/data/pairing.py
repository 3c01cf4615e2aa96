"""Pairs: two images of the same thing, for learning what they have in common."""

from itertools import combinations

import numpy as np

from udl_teach.data.dataset import Dataset


def pairs(dataset: Dataset, by: str | None = None) -> np.ndarray:
    """Every pair of images of the same thing: the same letter in two faces, for instance.

    Args:
        dataset: images.
        by: name of the extra that says which thing an image shows; None for the labels.

    Returns:
        float32 array of shape (n_pairs, 2, channels, height, width): each two images of a thing once.

    Raises:
        ValueError: no thing has two images, or there is no such extra.
    """
    if by is not None and by not in dataset.extras:
        raise ValueError(f"by was {by!r}; it must be one of the extras {', '.join(map(repr, dataset.extras))}.")
    things = dataset.labels if by is None else dataset.extras[by]
    if things is None:
        raise ValueError(f"The dataset {dataset.name!r} has no labels; say by which extra its images belong together.")
    _, thing = np.unique(things, return_inverse=True)
    rows = np.split(np.argsort(thing, kind="stable"), np.cumsum(np.bincount(thing))[:-1])
    chosen = [pair for images_of_one in rows for pair in combinations(images_of_one, 2)]
    if not chosen:
        raise ValueError(f"No two images of {dataset.name!r} show the same thing; there are no pairs.")
    return dataset.images[np.array(chosen)]
