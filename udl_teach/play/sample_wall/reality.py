"""Real images, which generated ones are held against: how much they vary, and how near they are to each other."""

from functools import cache
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.nearest import nearest
from udl_teach.play.checks import image_dataset

DIGITS, OWN = "digits", "yours"
OF_ITS_OWN = (DIGITS, "glyphs")
CHARACTERS = "ABCDEFGHIJ"
EVERYTHING = "all"
# Real images that are compared with the others.
SOME = 1000


@cache
def image_sets(name: str) -> tuple[Dataset, Dataset]:
    """Images to learn from, and held-out ones."""
    if name == DIGITS:
        return datasets.digits().split((0.8, 0.2), seed=0)
    return tuple(datasets.glyphs(n, characters=CHARACTERS, fonts=("sans",), seed=k) for k, n in ((0, 1000), (1, 300)))


class Reality:
    """Real images, and how far real images are from the nearest of them.

    Args:
        train: what the generator learned from.
        held_out: images of the same kind that it has not seen; None compares the training images with each other.

    Attributes:
        classes: how many there are; 0 without labels.
        usual: the distances that 5, 50 and 95 of 100 real images do not exceed, shape (3,).
    """

    def __init__(self, train: Dataset, held_out: Dataset | None = None) -> None:
        """Measure the real images."""
        self.classes = 0 if train.labels is None else int(train.labels.max()) + 1
        self.train, self.alone = train, held_out is None
        self._x = torch.tensor(train.x)
        some = self._x[:SOME] if held_out is None else torch.tensor(held_out.x[:SOME])
        # Among the training images the nearest of each is itself; then the next one counts.
        distances = nearest(some, self._x, k=1 + self.alone)[0][:, -1]
        self.usual = np.quantile(distances.numpy(), (0.05, 0.5, 0.95))
        self._spreads: dict[str, float] = {}

    def nearest(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distances of every image to the two nearest training images, and the numbers of these, shape (n, 2)."""
        distances, numbers = nearest(torch.tensor(images.reshape(len(images), -1)), self._x, k=2)
        return distances.numpy(), numbers.numpy()

    def name_of_class(self, label: int) -> str:
        """What a class is called."""
        names = self.train.label_names
        # A model may know classes of which this dataset has never heard.
        return str(label) if names is None or label >= len(names) else names[label]

    def spread(self, conditional: bool, shown: str) -> float:
        """Variance of the real images that a wall is to show: within all classes, of one class, or of all together."""
        kind = shown if conditional and self.train.labels is not None else ""
        if kind not in self._spreads:
            x, labels = self.train.x, self.train.labels
            if kind == "":
                labels = np.zeros(len(x))
            elif kind != EVERYTHING:
                x, labels = x[labels == int(kind)], labels[labels == int(kind)]
            self._spreads[kind] = spread(x, labels)
        return self._spreads[kind]


def spread(x: np.ndarray, groups: np.ndarray) -> float:
    """Variance around the middle of one's own group, summed over the features; groups of one do not count."""
    parts = [x[groups == group] for group in np.unique(groups)]
    left = sum(len(part) - 1 for part in parts)
    return float(sum(((part - part.mean(axis=0)) ** 2).sum() for part in parts) / max(left, 1))


@cache
def reality_of(name: str) -> Reality:
    """One of the sets that the playground brings along."""
    return Reality(*image_sets(name))


def handed_in(model: Any, dataset: Any, held_out: Any) -> Reality | None:
    """The learner's own images, or None; TypeError or ValueError says what does not fit."""
    if dataset is None:
        for name, value in (("model", model), ("held_out", held_out)):
            if value is not None:
                raise ValueError(f"{name} was given without a dataset; pass dataset= too, the images it learned from.")
        return None
    image_dataset(dataset)
    if held_out is not None and image_dataset(held_out, 1).image_shape != dataset.image_shape:
        raise ValueError(
            f"held_out has images of shape {held_out.image_shape}; they must be of that of dataset, "
            f"{dataset.image_shape}."
        )
    if model is not None:
        if not all(callable(getattr(model, name, None)) for name in ("latent", "generate")):
            raise TypeError(
                f"model was {type(model).__name__}; it must have latent(n, seed, truncation) and "
                "generate(z, labels=, ema=), as a ConvGAN has."
            )
        made = model.generate(model.latent(1, 0))
        if made[0].size != dataset.x.shape[1]:
            raise ValueError(
                f"model makes samples of shape {made.shape[1:]}; they must be of that of dataset, "
                f"{dataset.image_shape}."
            )
    return Reality(dataset, held_out)
