"""Random changes of grey images that keep what they show; two of them make the two views of contrastive learning.

Sources: Chen et al. 2020, "A simple framework for contrastive learning of visual representations", section 3 (which
changes matter); Zhong et al. 2020, "Random erasing data augmentation".
"""

import math
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.layers import normal, uniform
from udl_teach.modules import arguments_of


class Augment(nn.Module):
    """Change every image by its own random amounts: `augment(x, generator)`.

    Each argument is the largest change of its kind; amounts are uniform. 0 or None switches a kind off, so that
    `Augment()` changes nothing and `Augment(rotation=20)` only rotates. All movements of an image are one affine map
    and one interpolation; what comes in from outside is 0, the ground of digits and letters.

    Args:
        rotation: degrees to either side.
        shift: to the sides, and up or down, as a share of the image's side.
        scale: an axis becomes longer or shorter, by a factor from 1 / (1 + scale) to 1 + scale, each axis by its own.
        shear: degrees to either side by which the vertical leans.
        crop: up to this share of the side is cut off, and the rest, at a random place, is enlarged to the whole frame.
        blur: standard deviation of a Gaussian blur, in pixels.
        noise: standard deviation of Gaussian noise added to each pixel; the same for all images.
        erasing: sides of an erased rectangle at a random place, as a share of the image's sides.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        *,
        rotation: float | None = 0.0,
        shift: float | None = 0.0,
        scale: float | None = 0.0,
        shear: float | None = 0.0,
        crop: float | None = 0.0,
        blur: float | None = 0.0,
        noise: float | None = 0.0,
        erasing: float | None = 0.0,
    ) -> None:
        super().__init__()
        self.rotation = inputs.real(rotation or 0.0, "rotation", minimum=0.0, maximum=180.0)
        self.shift = inputs.real(shift or 0.0, "shift", minimum=0.0, maximum=1.0)
        self.scale = inputs.real(scale or 0.0, "scale", minimum=0.0)
        self.shear = inputs.real(shear or 0.0, "shear", minimum=0.0, below=90.0)
        self.crop = inputs.real(crop or 0.0, "crop", minimum=0.0, below=1.0)
        self.blur = inputs.real(blur or 0.0, "blur", minimum=0.0)
        self.noise = inputs.real(noise or 0.0, "noise", minimum=0.0)
        self.erasing = inputs.real(erasing or 0.0, "erasing", minimum=0.0, maximum=1.0)

    def forward(self, x: Any, generator: torch.Generator | None = None) -> Any:
        """Changed images.

        Args:
            x: images, shape (n_samples, channels, height, width), values in [0, 1].
            generator: source of the draws, on the CPU; None for torch's global one.

        Returns:
            Images of the same shape, values in [0, 1].
        """
        images = inputs.images(x)
        if isinstance(x, torch.Tensor) and x.is_floating_point():
            images = images.to(x.dtype)  # a model in double precision learns in it
        if self.rotation or self.shift or self.scale or self.shear or self.crop:
            images = moved(images, self.matrices(images, generator))
        if self.blur:
            images = blurred(images, self.blur * uniform((len(images),), generator, images))
        if self.noise:
            images = (images + self.noise * normal(images.shape, generator, images)).clamp(0.0, 1.0)
        if self.erasing:
            images = erased(images, uniform((len(images), 4), generator, images), self.erasing)
        return inputs.given(images, x)

    def matrices(self, x: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """One affine map per image, (n_samples, 2, 3): from a place in the *result* to the place that it shows.

        Places are (x, y) with 0 in the middle of the image and 1 at its right or lower border, as in `affine_grid`.
        """
        draws = 2 * uniform((len(x), 9), generator, x) - 1
        angle = math.radians(self.rotation) * draws[:, 0]
        lean = torch.tan(math.radians(self.shear) * draws[:, 1])
        longer_x, longer_y = (1 + self.scale) ** draws[:, 2], (1 + self.scale) ** draws[:, 3]
        kept = 1 - self.crop * (draws[:, 4] + 1) / 2
        cos, sin = angle.cos(), angle.sin()
        # Rotation, then lean, then lengths; a result that is longer looks at nearer places.
        a, b = cos / longer_x, (cos * lean - sin) / longer_y
        c, d = sin / longer_x, (sin * lean + cos) / longer_y
        # The crop comes first: the result shows a window of side `kept`, whose middle lies in the image.
        middle_x, middle_y = (1 - kept) * draws[:, 5], (1 - kept) * draws[:, 6]
        # A share of the side is twice as much where the side is from -1 to 1.
        e = a * middle_x + b * middle_y + 2 * self.shift * draws[:, 7]
        f = c * middle_x + d * middle_y + 2 * self.shift * draws[:, 8]
        # Angles are those of pixels, not those of an image stretched to a square.
        ratio = x.shape[-2] / x.shape[-1]
        return torch.stack([a * kept, b * kept * ratio, e, c * kept / ratio, d * kept, f], dim=1).reshape(-1, 2, 3)

    def extra_repr(self) -> str:
        """The kinds that are switched on, for `repr`."""
        return ", ".join(f"{name}={value:g}" for name, value in arguments_of(self).items() if value)


def moved(x: torch.Tensor, matrices: torch.Tensor) -> torch.Tensor:
    """Images under affine maps (n_samples, 2, 3) from result to source, interpolated bilinearly; 0 from outside."""
    grid = functional.affine_grid(matrices, list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, padding_mode="zeros", align_corners=False)


def blurred(x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
    """Images after a Gaussian blur, each of its own standard deviation in pixels: sigma, shape (n_samples,).

    A Gaussian blur treats rows and columns one after the other, so it is a matrix from either side: K x K'.
    """
    sides = []
    for side in x.shape[-2:]:
        place = torch.arange(side, device=x.device, dtype=x.dtype)
        apart = (place[:, None] - place).square()
        kernel = torch.exp(-apart / (2 * sigma.clamp(min=1e-2).square())[:, None, None])
        sides.append((kernel / kernel.sum(dim=2, keepdim=True))[:, None])
    return (sides[0] @ x @ sides[1].transpose(2, 3)).clamp(max=1.0)  # rounding may leave a little more


def erased(x: torch.Tensor, draws: torch.Tensor, largest: float) -> torch.Tensor:
    """Images with a rectangle of 0 in each: draws, shape (n_samples, 4), give its sides and its place, from 0 to 1."""
    keeps = []
    for axis, side in enumerate(x.shape[-2:]):
        length = largest * side * draws[:, axis, None]
        first = (side - length) * draws[:, 2 + axis, None]
        place = torch.arange(side, device=x.device, dtype=x.dtype) + 0.5
        keeps.append((place < first) | (place > first + length))
    rows, columns = keeps
    return x * (rows[:, None, :, None] | columns[:, None, None, :])
