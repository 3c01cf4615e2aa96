"""JPEG's colour transform: RGB to luma Y and two colour differences Cb and Cr, for codecs that code grey planes.

    Y  =  0.299 R    + 0.587 G    + 0.114 B
    Cb = -0.168736 R - 0.331264 G + 0.5 B      + 1/2        = (B - Y) / 1.772 + 1/2
    Cr =  0.5 R      - 0.418688 G - 0.081312 B + 1/2        = (R - Y) / 1.402 + 1/2

Source: JFIF (ITU-T T.871), "Conversion to and from RGB", with the luma weights of ITU-R BT.601. JFIF has values from 0
to 255 and adds 128 to Cb and Cr; here values are in [0, 1] and the middle is 1/2, which is 127.5 / 255.
"""

import torch

FROM_RGB = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], dtype=torch.float32
)
MIDDLE = torch.tensor([0.0, 0.5, 0.5], dtype=torch.float32)[:, None, None]


def to_ycbcr(image: torch.Tensor) -> torch.Tensor:
    """Image (1 or 3, height, width) -> its planes as a batch (1 or 3, 1, height, width), values in [0, 1].

    A grey image is its own luma; of a colour image the planes are Y, Cb and Cr.
    """
    if len(image) == 1:
        return image[None]
    return (torch.einsum("pc,chw->phw", FROM_RGB, image) + MIDDLE)[:, None].clamp(0, 1)


def from_ycbcr(planes: torch.Tensor) -> torch.Tensor:
    """The inverse of `to_ycbcr`: (1 or 3, 1, height, width) -> (1 or 3, height, width), values in [0, 1]."""
    if len(planes) == 1:
        return planes[0].clamp(0, 1)
    return torch.einsum("cp,phw->chw", torch.linalg.inv(FROM_RGB), planes[:, 0] - MIDDLE).clamp(0, 1)
