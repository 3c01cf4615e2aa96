"""A trained model's map of codes, and a point that walks over it from image to image."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import Autoencoder
from udl_teach.training import Step

STRIDE = 30
EPOCHS = 60


class Atlas:
    """A trained model's map: the codes of all images, and the decoder that fills the space between them.

    Attributes:
        codes: shape (n, 2).
        low, high: corners of the map, shape (2,), a little outside the codes.
        spacing: typical (median) distance from a code to the next one.
    """

    def __init__(self, model: Any, dataset: Dataset) -> None:
        """Encode all images once."""
        self.model, self.dataset = model, dataset
        with torch.no_grad():
            self.codes = np.asarray(model.encode(dataset.x), dtype=float)
        room = 0.05 * np.maximum(np.ptp(self.codes, axis=0), 1e-6)
        self.low, self.high = self.codes.min(axis=0) - room, self.codes.max(axis=0) + room
        some = self.codes[:300]
        gaps = np.sqrt(((some[:, None] - self.codes) ** 2).sum(axis=-1))
        gaps[np.arange(len(some)), np.arange(len(some))] = np.inf
        self.spacing = float(np.median(gaps.min(axis=1)))

    def place(self, percent: np.ndarray) -> np.ndarray:
        """A place given in percent of the map's width and height, as a code."""
        return self.low + np.asarray(percent, dtype=float) / 100 * (self.high - self.low)

    def percent(self, code: np.ndarray) -> np.ndarray:
        """The inverse of `place`."""
        return 100 * (np.asarray(code) - self.low) / (self.high - self.low)

    def decode(self, code: np.ndarray) -> np.ndarray:
        """The image at a code: shape (channels, height, width)."""
        with torch.no_grad():
            return np.asarray(self.model.decode(code[None].astype(np.float32))).reshape(self.dataset.image_shape)


class Walker:
    """A point on the map that goes from one real image to the next.

    Attributes:
        atlas: the map.
        percent: where the point is, in percent of the map's width and height, shape (2,).
    """

    def __init__(self, atlas: Atlas, percent: tuple[float, float], seed: int) -> None:
        """Stand at `percent`; `seed` chooses the images to visit."""
        self.atlas, self.percent = atlas, np.array(percent, dtype=float)
        self._order = np.random.default_rng(seed)

    def walk(self) -> Iterator[Step]:
        """Straight lines of STRIDE steps each; a step's loss is the distance to the nearest code."""
        index, leg = 0, 0
        while True:
            leg += 1
            goal = self.atlas.percent(self.atlas.codes[self._order.integers(len(self.atlas.codes))])
            for left in range(STRIDE, 0, -1):
                # From wherever the point is now: a slider may have moved it.
                self.percent = self.percent + (goal - self.percent) / left
                index += 1
                distance = np.sqrt(((self.atlas.codes - self.atlas.place(self.percent)) ** 2).sum(axis=1)).min()
                yield Step(index, leg, float(distance), {})


@cache
def trained(seed: int) -> Atlas:
    """A small autoencoder of the digits, trained for about two seconds."""
    digits = datasets.digits()
    model = Autoencoder(64, 2, (128, 64), activation="gelu", output="sigmoid", seed=seed)
    for _ in model.steps(digits.x, epochs=EPOCHS, learning_rate=3e-3, seed=seed):
        pass
    return Atlas(model, digits)
