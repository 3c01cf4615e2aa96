"""A few digits of MNIST, so few that a model learns them while one watches."""

from functools import lru_cache

import numpy as np
import torch

from udl_teach import data

DIGITS = {"0 1": (0, 1), "0 1 4 7": (0, 1, 4, 7), "6 9": (6, 9), "all digits": tuple(range(10))}


@lru_cache(maxsize=4)
def some_digits(name: str, shrink: int = 1) -> tuple[torch.Tensor, np.ndarray]:
    """Images and labels in which the digits take turns, 500 of each.

    Args:
        name: one of DIGITS.
        shrink: so many pixels, across and down, are averaged to one.

    Returns:
        Images, float32 of shape (n, 1, 28 / shrink, 28 / shrink), and labels, shape (n,).
    """
    digits, side = data.mnist(n=5000), 28 // shrink
    rows = np.stack([np.flatnonzero(np.asarray(digits.labels) == digit) for digit in DIGITS[name]], axis=1).ravel()
    images = torch.tensor(digits.images[rows]).reshape(-1, 1, side, shrink, side, shrink)
    return images.mean(dim=(3, 5)), np.asarray(digits.labels)[rows]
