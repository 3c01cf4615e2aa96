"""Denoising by PCA of patches: what can be had without learning from other pictures, and the denoiser's honest rival.

Source: Deledalle, Salmon and Dalalyan 2011, "Image denoising with patch based PCA: local versus global", the local kind
with a hard threshold.
"""

from typing import Any

import torch
from torch.nn import functional

from udl_teach import inputs

# In units of the noise's standard deviation; the paper's best for a hard threshold.
THRESHOLD = 2.75


def denoise_by_pca(
    x: Any, strength: float, *, size: int = 6, window: int = 20, step: int = 4, threshold: float = THRESHOLD
) -> Any:
    """Remove Gaussian noise from one image by what its own patches have in common.

    In every window: take all patches of `size` by `size` pixels, find their principal axes, write each patch in these,
    set the coordinates to 0 that are smaller than `threshold` times the noise, and write the patches back. Each pixel
    becomes the mean over all patches, from all windows, that it lies in.

    Args:
        x: image, shape (channels, height, width), or a stack of them (n_samples, channels, height, width).
        strength: standard deviation of the noise, in the unit of `x`.
        size: side of a patch in pixels; smaller where the image is.
        window: side of a window in pixels.
        step: pixels from one window to the next; smaller is slower and a little better.
        threshold: how many standard deviations a coordinate must have to be kept.

    Returns:
        The cleaned image, in the shape of `x`; not clipped.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """
    single = getattr(x, "ndim", 0) == 3
    stack = inputs.images(x[None] if single else x).detach()
    strength = inputs.real(strength, "strength", minimum=0.0)
    size, window, step = inputs.whole(size, "size"), inputs.whole(window, "window"), inputs.whole(step, "step")
    threshold = inputs.real(threshold, "threshold", minimum=0.0)
    size = min(size, *stack.shape[2:])
    if window < size:
        raise ValueError(f"window was {window}; it must be at least {size}, the side of a patch.")
    cleaned = torch.stack([_cleaned(image, threshold * strength, size, window, step) for image in stack])
    return inputs.given(cleaned[0] if single else cleaned, x)


def _cleaned(image: torch.Tensor, limit: float, size: int, window: int, step: int) -> torch.Tensor:
    channels, height, width = image.shape
    total, count = torch.zeros_like(image), torch.zeros_like(image[:1])
    window_height, window_width = min(window, height), min(window, width)
    lefts = _starts(width - window_width, step)
    for top in _starts(height - window_height, step):
        # One row of windows at a time: (windows, channels, window_height, window_width)
        windows = torch.stack([image[:, top : top + window_height, left : left + window_width] for left in lefts])
        patches = functional.unfold(windows, size)  # (windows, channels * size * size, patches)
        mean = patches.mean(dim=2, keepdim=True)
        centred = patches - mean
        _, axes = torch.linalg.eigh(centred @ centred.mT)
        coordinates = axes.mT @ centred
        kept = torch.where(coordinates.abs() > limit, coordinates, 0.0)
        back = functional.fold(axes @ kept + mean, (window_height, window_width), size)
        each = functional.fold(torch.ones_like(patches[:1, : size * size]), (window_height, window_width), size)[0]
        for left, summed in zip(lefts, back, strict=True):
            place = (slice(None), slice(top, top + window_height), slice(left, left + window_width))
            total[place] += summed
            count[place] += each
    return total / count


def _starts(last: int, step: int) -> list[int]:
    # Every `step` pixels, and the last window at the very end.
    return sorted({*range(0, last, step), last})
