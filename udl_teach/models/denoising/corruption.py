"""Corruption: noise and blur added to clean samples, so that a model can learn to remove them.

Sources: Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders", for masking;
Vincent et al. 2010, section 3.3, for salt and pepper.
"""

import math
from typing import Any

import torch
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.layers import normal, uniform

CORRUPTIONS = ("gaussian", "masking", "salt-and-pepper", "blur")


def corrupt(x: Any, corruption: str = "gaussian", strength: float = 0.1, *, seed: int = 0) -> Any:
    """Corrupt samples; `x` itself stays unchanged.

    Args:
        x: samples of any shape (n_samples, ...); images are (n_samples, channels, height, width).
        corruption: the kind, which decides what `strength` means:
            "gaussian" adds noise of that standard deviation, in the unit of `x`; the sum is **not clipped** to [0, 1],
            because clipped noise no longer has mean zero. "masking" sets that fraction of the values to 0.
            "salt-and-pepper" sets that fraction of the values to 0 or 1, half each; in images all channels of a pixel
            together. "blur" is a Gaussian blur of that standard deviation in pixels; images only.
        strength: at least 0; a fraction is at most 1.
        seed: of the random draws.

    Returns:
        Corrupted samples in the shape of `x`.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """
    inputs.choice(corruption, "corruption", CORRUPTIONS)
    strength = checked_strength(strength, corruption)
    generator = inputs.generator(seed)
    clean = inputs.images(x) if corruption == "blur" else inputs.numbers(x)
    return inputs.given(corrupt_batch(clean, corruption, torch.full((len(clean),), strength), generator), x)


def checked_strength(strength: Any, corruption: str, name: str = "strength") -> float:
    """`strength` as a number in the range that the corruption allows; TypeError or ValueError says what it was."""
    fraction = corruption in ("masking", "salt-and-pepper")
    return inputs.real(strength, name, minimum=0.0, maximum=1.0 if fraction else None)


def corrupt_batch(
    x: torch.Tensor, corruption: str, strength: torch.Tensor, generator: torch.Generator | None
) -> torch.Tensor:
    """`corrupt` for checked tensors, with one strength per sample.

    Args:
        x: shape (batch, ...).
        corruption: one of `CORRUPTIONS`.
        strength: shape (batch,).
        generator: source of the random draws, on the CPU.

    Returns:
        Corrupted samples, shape (batch, ...).
    """
    each = strength.to(x).reshape(-1, *[1] * (x.ndim - 1))
    if corruption == "gaussian":
        return x + each * normal(x.shape, generator, x)
    if corruption == "masking":
        return torch.where(uniform(x.shape, generator, x) < each, 0.0, x)
    if corruption == "salt-and-pepper":
        places = (len(x), 1, *x.shape[2:]) if x.ndim == 4 else x.shape
        u = uniform(places, generator, x)
        return torch.where(u < each / 2, 0.0, torch.where(u < each, 1.0, x))
    return _blurred(x, strength.to(x))


def _blurred(x: torch.Tensor, sd: torch.Tensor) -> torch.Tensor:
    # A Gaussian filter is separable: once down the columns, once along the rows; edge pixels are replicated.
    n, channels, height, width = x.shape
    for axis, side in ((2, height), (3, width)):
        radius = max(1, min(math.ceil(4 * sd.max().item()), side))
        place = torch.arange(-radius, radius + 1, device=x.device)
        weights = torch.exp(-0.5 * (place / sd.clamp(min=1e-3)[:, None]) ** 2)
        weights = (weights / weights.sum(dim=1, keepdim=True)).repeat_interleave(channels, dim=0)
        along = (1, 1, -1, 1) if axis == 2 else (1, 1, 1, -1)
        border = (0, 0, radius, radius) if axis == 2 else (radius, radius, 0, 0)
        # A grouped convolution with all images as channels of one gives each image its own kernel.
        flat = functional.pad(x.reshape(1, n * channels, height, width), border, mode="replicate")
        x = functional.conv2d(flat, weights.reshape(n * channels, *along[1:]), groups=n * channels)
        x = x.reshape(n, channels, height, width)
    return x
