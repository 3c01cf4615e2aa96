"""Contrastive learning: views of the same image attract, views of different images repel.

Source: Chen, Kornblith, Norouzi and Hinton 2020, "A simple framework for contrastive learning of visual
representations" (SimCLR), algorithm 1.
"""

from collections.abc import Callable, Sequence

import torch

from udl_teach import inputs
from udl_teach.models.self_supervised.losses import nt_xent
from udl_teach.models.self_supervised.two_views import TwoViews


class Contrastive(TwoViews):
    """An encoder that learns to find the other view of an image among the views of a batch (NT-Xent).

    Args:
        image_shape: (channels, height, width) of the images.
        latent_size: size of the representation that `encode` returns.
        channels: number of channels after each strided convolution, which halves height and width.
        head_sizes: widths of the projection head's layers; its last is the size of z. () leaves the head out.
        temperature: of NT-Xent; the smaller, the more the nearest negatives count.
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
        head_sizes: Sequence[int] = (256, 128),
        temperature: float = 0.5,
        augment: Callable | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.temperature = inputs.real(temperature, "temperature", above=0.0)
        self._build(image_shape, latent_size, channels, head_sizes, augment, seed)

    def terms(self, z1: torch.Tensor, z2: torch.Tensor) -> dict[str, torch.Tensor]:
        """NT-Xent of the projections, in nats per view, and the share of views that are nearest to their other view.

        Returns:
            {"loss", "accuracy"}: scalar tensors.
        """
        with torch.no_grad():
            z = torch.nn.functional.normalize(torch.cat([z1, z2]), dim=1)
            nearest = (z @ z.T).fill_diagonal_(-torch.inf).argmax(dim=1)
            other_view = torch.arange(len(z), device=z.device).roll(len(z1))
            accuracy = (nearest == other_view).float().mean()
        return {"loss": nt_xent(z1, z2, self.temperature), "accuracy": accuracy}
