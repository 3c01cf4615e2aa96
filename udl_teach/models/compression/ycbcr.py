"""Colour as three grey pictures, brightness and two differences of colour, for codecs that know grey alone."""

import torch

# From red, green and blue, as JPEG does: ITU-R BT.601.
TO_PLANES = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], dtype=torch.float32
)
MIDDLE = torch.tensor([0.0, 0.5, 0.5], dtype=torch.float32)[
    :, None, None
]  # brings the differences from [-1/2, 1/2] to [0, 1]


def planes_of(image: torch.Tensor) -> torch.Tensor:
    """A picture (1 or 3, height, width) -> grey pictures (1 or 3, 1, height, width) with values in [0, 1]."""
    if len(image) == 1:
        return image[None]
    return (torch.einsum("pc,chw->phw", TO_PLANES, image) + MIDDLE)[:, None].clamp(0, 1)


def image_of(planes: torch.Tensor) -> torch.Tensor:
    """The way back: (1 or 3, 1, height, width) -> (1 or 3, height, width) with values in [0, 1]."""
    if len(planes) == 1:
        return planes[0].clamp(0, 1)
    return torch.einsum("cp,phw->chw", torch.linalg.inv(TO_PLANES), planes[:, 0] - MIDDLE).clamp(0, 1)
