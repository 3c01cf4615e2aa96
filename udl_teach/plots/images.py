"""Walls of images: one array and one artist for all of them, which is forty times as fast as an axes for each."""

import math
from typing import Any

import numpy as np
from matplotlib.image import AxesImage

from udl_teach import inputs
from udl_teach.plots.style import PAPER


def mosaic(images: Any, columns: int | None = None, *, pad: int = 1, fill: float = 1.0) -> np.ndarray:
    """Many images side by side in one.

    Args:
        images: array of shape (n, height, width), (n, 1, height, width) or (n, 3, height, width).
        columns: images a row; the default makes the wall about as wide as high.
        pad: pixels between two images, and around the wall.
        fill: value of the padding and of places left over.

    Returns:
        array of shape (rows * (height + pad) + pad, columns * (width + pad) + pad), with a last axis of 3 for colour.

    Raises:
        ValueError: the images have another shape.
    """
    images = np.asarray(images, dtype=np.float32)
    if images.ndim == 3:
        images = images[:, None]
    if images.ndim != 4 or images.shape[1] not in (1, 3) or len(images) == 0:
        raise ValueError(
            f"images has shape {images.shape}; it must be (n, height, width) or (n, 1 or 3, height, width) with n of "
            "at least 1: reshape flattened images first."
        )
    n, channels, height, width = images.shape
    pad = inputs.whole(pad, "pad", minimum=0)
    columns = math.ceil(math.sqrt(n)) if columns is None else inputs.whole(columns, "columns")
    rows = math.ceil(n / columns)
    wall = np.full((channels, rows * (height + pad) + pad, columns * (width + pad) + pad), fill, dtype=np.float32)
    for place, image in enumerate(images):
        top = pad + place // columns * (height + pad)
        left = pad + place % columns * (width + pad)
        wall[:, top : top + height, left : left + width] = image
    return wall[0] if channels == 1 else np.moveaxis(wall, 0, -1)


def draw_images(
    axes: Any,
    images: Any,
    columns: int | None = None,
    *,
    pad: int = 1,
    fill: float | None = None,
    low: float = 0.0,
    high: float = 1.0,
    cmap: str = "gray",
) -> AxesImage:
    """Draw a wall of images, without ticks, in a figure with white paper also on a dark page.

    Args:
        axes: where to draw.
        images: as `mosaic` takes them.
        columns: images a row.
        pad: pixels between two images.
        fill: value of the padding (default: `high`, white).
        low: the value drawn darkest.
        high: the value drawn lightest.
        cmap: Matplotlib's name of the colours, for images of one channel.

    Returns:
        The artist; `artist.set_data(mosaic(...))` shows other images in place.
    """
    wall = mosaic(images, columns, pad=pad, fill=high if fill is None else fill)
    if wall.ndim == 3:
        wall = np.clip((wall - low) / (high - low), 0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.figure.set_facecolor(PAPER)  # its lightness turned about, a photograph would be a negative
    return axes.imshow(wall, cmap=cmap, vmin=low, vmax=high, interpolation="nearest")
