"""The noise level of an image, estimated from the image alone.

Sources: Immerkær 1996, "Fast noise variance estimation", for the filter; Donoho and Johnstone 1994 for the median.
"""

from typing import Any

from udl_teach import inputs

# The median of |e| for a normally distributed e of standard deviation 1.
MEDIAN = 0.6745


def noise_level(x: Any) -> float:
    """Standard deviation of the Gaussian noise in an image, estimated robustly.

    A filter that removes planes and straight edges along the axes leaves the noise and a few other edges; the median
    is robust against those. Fine texture everywhere is mistaken for noise, and noise that was clipped to [0, 1] is
    underestimated where the image is black or white.

    Args:
        x: one image, shape (height, width) or (channels, height, width), or a batch of equally noisy images; at
            least 3 by 3 pixels.

    Returns:
        The standard deviation, in the unit of `x`.

    Raises:
        TypeError, ValueError: `x` is not such an image.
    """
    image = inputs.numbers(x).detach()
    if image.ndim not in (2, 3, 4) or min(image.shape[-2:]) < 3:
        raise ValueError(
            f"x has shape {tuple(image.shape)}; it must be an image (channels, height, width), at least 3 by 3 pixels."
        )
    # (1, -2, 1) along the rows, then along the columns: the standard deviation of independent noise grows sixfold.
    across = image[..., :-2] - 2 * image[..., 1:-1] + image[..., 2:]
    left = across[..., :-2, :] - 2 * across[..., 1:-1, :] + across[..., 2:, :]
    return (left.abs().median() / (6 * MEDIAN)).item()
