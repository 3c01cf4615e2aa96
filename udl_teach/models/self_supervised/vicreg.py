"""VICReg: two views agree, and a variance and a covariance term keep the projections from collapsing.

Source: Bardes, Ponce and LeCun 2022, "VICReg: Variance-invariance-covariance regularization for self-supervised
learning", eq. 1 to 6.
"""

from collections.abc import Callable, Sequence

import torch

from udl_teach import inputs
from udl_teach.models.self_supervised.losses import vicreg_terms
from udl_teach.models.self_supervised.two_views import TwoViews


class VICReg(TwoViews):
    """An encoder that learns without negatives.

        loss = invariance * s(z1, z2) + variance * [v(z1) + v(z2)] / 2 + covariance * [c(z1) + c(z2)]

    `variance=0, covariance=0` leaves invariance alone, whose best answer is the same z for all images: the collapse.

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: size of the representation that `encode` returns.
        channels: number of channels after each strided convolution, which halves height and width.
        head_sizes: widths of the projection head's layers (the paper's expander); its last is the size of z.
        invariance: weight of the squared distance of two views.
        variance: weight of the variance term.
        covariance: weight of the covariance term.
        augment: makes a view, a function of images and a generator, such as `Augment(rotation=15, shift=0.1)`; None
            for `default_augment()`.
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_size: int = 128,
        channels: Sequence[int] = (16, 32, 64),
        *,
        head_sizes: Sequence[int] = (256, 256),
        invariance: float = 25.0,
        variance: float = 25.0,
        covariance: float = 1.0,
        augment: Callable | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.invariance = inputs.real(invariance, "invariance", minimum=0.0)
        self.variance = inputs.real(variance, "variance", minimum=0.0)
        self.covariance = inputs.real(covariance, "covariance", minimum=0.0)
        self._build(image_shape, latent_size, channels, head_sizes, augment, seed)

    def terms(self, z1: torch.Tensor, z2: torch.Tensor) -> dict[str, torch.Tensor]:
        """The three terms of the projections, unweighted, and their weighted sum.

        Returns:
            {"loss", "invariance", "variance", "covariance"}: scalar tensors.
        """
        terms = vicreg_terms(z1, z2)
        loss = sum(getattr(self, name) * term for name, term in terms.items())
        return {"loss": loss, **terms}
