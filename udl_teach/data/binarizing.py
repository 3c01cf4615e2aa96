"""Grey values as chances: images of 0 and 1 alone, as likelihoods of coins want them.

Source: Salakhutdinov and Murray 2008, "On the quantitative analysis of deep belief networks", section 6.
"""

from dataclasses import replace
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.data.dataset import Dataset


def binarized(x: Any, seed: int = 0) -> Any:
    """Draw every value once: 1 with the value as its probability, else 0.

    For held-out data, which must stay the same. For training `steps(..., binarize=True)` of the variational
    autoencoders draws anew in each step, which is more to learn from.

    Args:
        x: a Dataset, or samples of any shape (n_samples, ...), with values in [0, 1].
        seed: of the draw; the same seed gives the same values.

    Returns:
        What was given (a Dataset with everything else that belongs to it, an array, a tensor), float32, of 0 and 1.

    Raises:
        TypeError: `x` is not made of numbers.
        ValueError: it is empty, or holds a NaN or values outside [0, 1].
    """
    generator = inputs.generator(seed)
    probability = inputs.numbers(x.x if isinstance(x, Dataset) else x).detach()
    inputs.within_unit(probability, "binarized")
    drawn = (torch.rand(probability.shape, generator=generator) < probability.cpu()).to(torch.float32)
    if isinstance(x, Dataset):
        return replace(x, x=drawn.numpy(), name=f"{x.name} (binarized)", scaling=None)
    return inputs.given(drawn.to(probability.device), x)
