"""Real images, which generated ones are held against: how much they vary, and how near they are to each other."""

from functools import cache
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.nearest import nearest
from udl_teach.play.checks import image_dataset

OF_ITS_OWN, OWN = ("digits", "glyphs"), "yours"
EVERYTHING = "all"
# Real images that are compared with the others.
SOME = 1000


@cache
def image_sets(name: str) -> tuple[Dataset, Dataset]:
    """Images to learn from, and held-out ones."""
    if name == "digits":
        return datasets.digits().split((0.8, 0.2), seed=0)
    more = {"characters": "ABCDEFGHIJ", "fonts": ("sans",)}
    return datasets.glyphs(1000, **more, seed=0), datasets.glyphs(300, **more, seed=1)


class Reality:
    """Real images, and how far real images are from the nearest of them.

    Args:
        train: what the generator learned from.
        held_out: images of the same kind that it has not seen; None compares the training images with each other.

    Attributes:
        classes: how many there are; 0 without labels.
        some: what the real images are called whose distances are measured.
        usual: the distances that 5, 50 and 95 of 100 real images do not exceed, shape (3,).
    """

    def __init__(self, train: Dataset, held_out: Dataset | None = None) -> None:
        """Measure the real images."""
        self.classes = 0 if train.labels is None else int(train.labels.max()) + 1
        self.train, self.some = train, "other training images" if held_out is None else "held-out real images"
        self._x = torch.tensor(train.x)
        some = self._x[:SOME] if held_out is None else torch.tensor(held_out.x[:SOME])
        # Among the training images the nearest of each is itself; then the next one counts.
        distances = nearest(some, self._x, k=2 if held_out is None else 1)[0][:, -1]
        self.usual = np.quantile(distances.numpy(), (0.05, 0.5, 0.95))
        self._spreads: dict[str | None, float] = {}

    def nearest(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Distances of every image to the two nearest training images, and the numbers of these, shape (n, 2)."""
        distances, numbers = nearest(torch.tensor(images.reshape(len(images), -1)), self._x, k=2)
        return distances.numpy(), numbers.numpy()

    def name_of_class(self, label: int) -> str:
        """What a class is called."""
        names = self.train.label_names
        # A model may know classes of which this dataset has never heard.
        return str(label) if names is None or label >= len(names) else names[label]

    def spread(self, kinds: str | None) -> float:
        """Variance of the real images within all classes (EVERYTHING), of one class, or of all together (None)."""
        if kinds not in self._spreads:
            labels = np.zeros(len(self.train)) if kinds is None else self.train.labels
            some = slice(None) if kinds in (None, EVERYTHING) else labels == int(kinds)
            self._spreads[kinds] = spread(self.train.x[some], labels[some])
        return self._spreads[kinds]


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
    shape = image_dataset(dataset).image_shape
    if held_out is not None and image_dataset(held_out, 1).image_shape != shape:
        raise ValueError(f"held_out has images of shape {held_out.image_shape}; they must be like dataset's, {shape}.")
    if model is not None:
        if not all(callable(getattr(model, name, None)) for name in ("latent", "generate")):
            raise TypeError(
                f"model was {type(model).__name__}; it must have latent(n, seed, truncation) and "
                "generate(z, labels=, ema=), as a ConvGAN has."
            )
        made = model.generate(model.latent(1, 0))
        if made[0].size != dataset.x.shape[1]:
            raise ValueError(f"model makes samples of shape {made.shape[1:]}; they must be like dataset's, {shape}.")
    return Reality(dataset, held_out)
