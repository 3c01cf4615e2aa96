"""The masked autoencoder: many patches of an image are hidden, and the network fills them in.

Sources: He, Chen, Xie, Li, Dollár and Girshick 2022, "Masked autoencoders are scalable vision learners", section 3 (the
task and its loss); Pathak et al. 2016, "Context encoders", section 3 (convolutions and one code between them).

He et al. give a transformer the visible patches alone. A small one learned more slowly than these convolutions from a
few thousand images.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import checked_sizes, conv_decoder
from udl_teach.models.self_supervised.encoder import conv_representation, represented
from udl_teach.models.self_supervised.losses import masked_loss
from udl_teach.models.self_supervised.masks import KINDS, patch_mask
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train


class MaskedAutoencoder(nn.Module):
    """An encoder sees an image whose masked patches are 0; a decoder answers with the whole image.

    The loss counts the masked pixels alone. `encode` takes whole images, of which nothing is hidden.

    Args:
        image_shape: (channels, height, width) of the images.
        patch: side of a patch, in pixels; it must divide height and width.
        latent_size: size of the representation.
        channels: number of channels after each strided convolution, which halves height and width.
        share: of the patches that are masked while learning, from 0 to 1; at least one patch stays visible.
        kind: of mask, "random" patches or one "block".
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        image_shape: Sequence[int],
        patch: int = 4,
        latent_size: int = 128,
        channels: Sequence[int] = (32, 64, 64),
        *,
        share: float = 0.6,
        kind: str = "random",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.image_shape, self.channels = checked_sizes(image_shape, channels)
        self.patch, self.latent_size = inputs.whole(patch, "patch"), inputs.whole(latent_size, "latent_size")
        _, height, width = self.image_shape
        if height % self.patch or width % self.patch:
            raise ValueError(f"patch was {patch}; it must divide the height {height} and the width {width} of images.")
        self.share = inputs.real(share, "share", minimum=0.0, maximum=1.0)
        self.kind = inputs.choice(kind, "kind", KINDS)
        self.seed = inputs.whole(seed, "seed", minimum=0)
        generator = inputs.generator(seed)
        self.encoder = conv_representation(self.image_shape, self.channels, self.latent_size, generator)
        self.decoder = conv_decoder(
            self.latent_size, self.image_shape, self.channels, self.latent_size, "relu", generator
        )

    def encode(self, x: Any) -> Any:
        """Representations of whole images: shape (n_samples, latent_size)."""
        return inputs.given(represented(self.encoder, x, self.image_shape), x)

    def forward(self, x: Any) -> Any:
        """Representations, as `encode`."""
        return self.encode(x)

    def mask(
        self, n: int, generator: torch.Generator | None = None, *, share: float | None = None, kind: str | None = None
    ) -> torch.Tensor:
        """Masks of patches, boolean of shape (n, rows, columns), True where hidden; see `patch_mask`."""
        rows, columns = (side // self.patch for side in self.image_shape[1:])
        share, kind = self.share if share is None else share, self.kind if kind is None else kind
        return patch_mask(n, rows, columns, share, kind, generator)

    def pixel_mask(self, mask: torch.Tensor) -> torch.Tensor:
        """A mask of patches as a mask of pixels: (n, rows, columns) -> (n, 1, height, width)."""
        return mask.repeat_interleave(self.patch, 1).repeat_interleave(self.patch, 2)[:, None]

    def predict(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The answer for every pixel, the visible ones included, in the shape of `x`; mask as `mask` makes it."""
        return self.decoder(self.encoder(x.masked_fill(self.pixel_mask(mask).to(x.device), 0.0)))

    def fill_in(self, x: Any, mask: torch.Tensor) -> Any:
        """Images whose masked patches are the model's answer, and whose visible patches are those of `x`."""
        images = self._checked(x).to(example_of(self))
        hidden = self.pixel_mask(mask).to(images.device)
        return inputs.given(torch.where(hidden, self.predict(images, mask), images), x)

    def loss(
        self, x: torch.Tensor, generator: torch.Generator | None = None, *, mask: torch.Tensor | None = None
    ) -> dict[str, torch.Tensor]:
        """Squared error per masked pixel: `masked_loss`.

        Args:
            x: batch of images.
            generator: source of the masks.
            mask: (batch, rows, columns), in place of masks drawn anew.

        Returns:
            {"loss", "masked"}: scalar tensors, equal.
        """
        mask = self.mask(len(x), generator) if mask is None else mask
        error = masked_loss(x, self.predict(x, mask), self.pixel_mask(mask).to(x.device))
        return {"loss": error, "masked": error}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 30,
        batch_size: int = 128,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn to fill in masked patches, one step each time the caller asks; see `training.train`."""
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
