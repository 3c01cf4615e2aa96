"""Small random affine maps of images, which change an image and not what it shows."""

import math
from collections.abc import Sequence

import torch
from torch.nn import functional

from udl_teach.models.layers import uniform


def random_affine(
    x: torch.Tensor,
    image_shape: Sequence[int],
    generator: torch.Generator | None = None,
    *,
    degrees: float = 10.0,
    shift: float = 0.1,
) -> torch.Tensor:
    """Rotate and shift every image by its own small amount: Guo et al. 2018, "Deep embedded clustering with data
    augmentation", section 4.1.

    Args:
        x: images as rows, shape (n_samples, channels * height * width).
        image_shape: (channels, height, width).
        generator: source of the draws, on the CPU.
        degrees: rotations are drawn uniformly from [-degrees, degrees].
        shift: shifts are drawn uniformly from [-shift, shift], as a share of the side.

    Returns:
        Rows of the same shape, interpolated bilinearly; beyond its border an image goes on with its edge pixels.
    """  # noqa: D205
    # Columns: angle, shift to the right, shift down; uniform on [-1, 1).
    draws = 2 * uniform((len(x), 3), generator, x) - 1
    angle = math.radians(degrees) * draws[:, 0]
    cos, sin = angle.cos(), angle.sin()
    # grid_sample measures places from -1 to 1, so a share of the side is twice as large there.
    matrix = torch.stack([cos, -sin, 2 * shift * draws[:, 1], sin, cos, 2 * shift * draws[:, 2]], dim=1)
    images = x.reshape(len(x), *image_shape)
    grid = functional.affine_grid(matrix.reshape(-1, 2, 3), list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False).reshape(x.shape)
