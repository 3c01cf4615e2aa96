"""What the playgrounds that are handed data or a model ask of them."""

from typing import Any

from udl_teach.data import Dataset


def image_dataset(dataset: Any, least: int = 2) -> Dataset:
    """The data set, if it is one of at least `least` images; TypeError or ValueError says what it was."""
    if not isinstance(dataset, Dataset):
        raise TypeError(
            f"dataset was {type(dataset).__name__}; it must be a Dataset of images: wrap an array with "
            "data.Dataset(x, image_shape=(1, height, width))."
        )
    if dataset.image_shape is None:
        raise ValueError(f"dataset {dataset.name!r} holds no images (no image_shape); pass one such as data.digits().")
    if len(dataset) < least:
        raise ValueError(f"dataset {dataset.name!r} holds {len(dataset)} images; it must hold at least {least}.")
    return dataset
