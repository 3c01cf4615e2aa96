"""The colour transform: JPEG's, and back."""

import numpy as np
import torch
from PIL import Image

from udl_teach.models.compression.ycbcr import from_ycbcr, to_ycbcr


def test_the_colour_transform_is_jpegs_and_is_inverted():
    image = torch.randint(0, 256, (3, 5, 6), generator=torch.Generator().manual_seed(0)) / 255
    planes = to_ycbcr(image)
    pixels = (image * 255).round().byte().permute(1, 2, 0).numpy()
    expected = np.asarray(Image.fromarray(pixels).convert("YCbCr")).transpose(2, 0, 1)
    np.testing.assert_allclose(planes[:, 0] * 255, expected, atol=1.1)
    torch.testing.assert_close(from_ycbcr(planes), image, atol=1e-5, rtol=0)
