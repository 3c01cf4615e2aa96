"""Denoising by PCA of image patches: needs no training images, and is the strong classical rival of a trained denoiser.

Source: Deledalle, Salmon and Dalalyan 2011, "Image denoising with patch based PCA: local versus global", the local
variant with hard thresholding.
"""

from typing import Any

import torch
from torch.nn import functional

from udl_teach import inputs
from udl_teach.renamed import old_arguments

# In units of the noise's standard deviation; the paper's best for hard thresholding.
THRESHOLD = 2.75


@old_arguments(size="patch_size", step="stride")
def denoise_by_pca(
    x: Any, strength: float, *, patch_size: int = 6, window: int = 20, stride: int = 4, threshold: float = THRESHOLD
) -> Any:
    """Remove Gaussian noise from an image by PCA of its own patches.

    In every window: take all patches of `patch_size` by `patch_size` pixels, compute their principal components, set
    the coefficients below `threshold` times the noise to 0 (hard thresholding), and transform back. Each pixel becomes
    the mean over all patches, of all windows, that contain it.

    Args:
        x: image, shape (channels, height, width), or a stack of them (n_samples, channels, height, width).
        strength: standard deviation of the noise, in the unit of `x`.
        patch_size: side of a patch in pixels; smaller where the image is.
        window: side of a window in pixels.
        stride: pixels from one window to the next; smaller is slower and a little better.
        threshold: smallest coefficient that is kept, in standard deviations of the noise.

    Returns:
        The denoised image, in the shape of `x`; not clipped.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """
    single = getattr(x, "ndim", 0) == 3
    stack = inputs.images(x[None] if single else x).detach()
    strength = inputs.real(strength, "strength", minimum=0.0)
    patch_size, window = inputs.whole(patch_size, "patch_size"), inputs.whole(window, "window")
    stride = inputs.whole(stride, "stride")
    threshold = inputs.real(threshold, "threshold", minimum=0.0)
    patch_size = min(patch_size, *stack.shape[2:])
    if window < patch_size:
        raise ValueError(f"window was {window}; it must be at least {patch_size}, the side of a patch.")
    denoised = torch.stack([_denoised(image, threshold * strength, patch_size, window, stride) for image in stack])
    return inputs.given(denoised[0] if single else denoised, x)


def _denoised(image: torch.Tensor, limit: float, patch_size: int, window: int, stride: int) -> torch.Tensor:
    channels, height, width = image.shape
    total, count = torch.zeros_like(image), torch.zeros_like(image[:1])
    window_height, window_width = min(window, height), min(window, width)
    lefts = _positions(width - window_width, stride)
    for top in _positions(height - window_height, stride):
        # One row of windows at a time: (windows, channels, window_height, window_width)
        windows = torch.stack([image[:, top : top + window_height, left : left + window_width] for left in lefts])
        patches = functional.unfold(windows, patch_size)  # (windows, channels * patch_size^2, patches)
        mean = patches.mean(dim=2, keepdim=True)
        centred = patches - mean
        _, components = torch.linalg.eigh(centred @ centred.mT)
        coefficients = components.mT @ centred
        kept = torch.where(coefficients.abs() > limit, coefficients, 0.0)
        sums = functional.fold(components @ kept + mean, (window_height, window_width), patch_size)
        ones = torch.ones_like(patches[:1, : patch_size**2])
        counts = functional.fold(ones, (window_height, window_width), patch_size)[0]
        for left, summed in zip(lefts, sums, strict=True):
            region = (slice(None), slice(top, top + window_height), slice(left, left + window_width))
            total[region] += summed
            count[region] += counts
    return total / count


def _positions(last: int, stride: int) -> list[int]:
    # Every `stride` pixels, and the last window at the very end.
    return sorted({*range(0, last, stride), last})
