"""The masked autoencoder: most patches of an image are hidden, and a transformer fills them in.

Source: He, Chen, Xie, Li, Dollár and Girshick 2022, "Masked autoencoders are scalable vision learners", section 3.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import linear, normal
from udl_teach.models.self_supervised.losses import masked_loss
from udl_teach.models.self_supervised.masks import KINDS, patch_mask
from udl_teach.models.self_supervised.transformer import Block, image_of, patches_of, places
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

# Images per forward pass, so that memory does not grow with their number.
MAX_IMAGES = 4096


class MaskedAutoencoder(nn.Module):
    """The encoder sees the visible patches alone; the decoder gets its tokens, and one learned token for each mask.

    Args:
        image_shape: (channels, height, width) of the images.
        patch: side of a patch, in pixels; it must divide height and width.
        latent_size: width of the encoder's tokens, and size of the representation; a multiple of 4 and of `heads`.
        depth: number of the encoder's blocks.
        decoder_size: width of the decoder's tokens; a multiple of 4 and of `heads`.
        decoder_depth: number of the decoder's blocks.
        heads: number of attention heads in every block.
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
        latent_size: int = 64,
        *,
        depth: int = 3,
        decoder_size: int = 32,
        decoder_depth: int = 1,
        heads: int = 4,
        share: float = 0.75,
        kind: str = "random",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.image_shape = inputs.sizes(image_shape, "image_shape")
        self.patch = inputs.whole(patch, "patch")
        if len(self.image_shape) != 3 or any(side % self.patch for side in self.image_shape[1:]):
            raise ValueError(
                f"image_shape was {self.image_shape} with patch={self.patch}; it must be (channels, height, width), "
                "and patch must divide height and width."
            )
        self.heads = inputs.whole(heads, "heads")
        for name, size in (("latent_size", latent_size), ("decoder_size", decoder_size)):
            if inputs.whole(size, name) % 4 or size % self.heads:
                raise ValueError(f"{name} was {size} with heads={heads}; it must be a multiple of 4 and of heads.")
        self.latent_size, self.decoder_size = int(latent_size), int(decoder_size)
        self.depth, self.decoder_depth = inputs.whole(depth, "depth"), inputs.whole(decoder_depth, "decoder_depth")
        self.share = inputs.real(share, "share", minimum=0.0, maximum=1.0)
        self.kind = inputs.choice(kind, "kind", KINDS)
        self.seed = inputs.whole(seed, "seed", minimum=0)
        generator = inputs.generator(seed)
        channels, height, width = self.image_shape
        self.grid = (height // self.patch, width // self.patch)
        values = channels * self.patch**2

        def blocks(number: int, size: int) -> nn.Sequential:
            return nn.Sequential(
                *(Block(size, self.heads, generator) for _ in range(number)), nn.LayerNorm(size, dtype=torch.float32)
            )

        self.embedding = linear(values, self.latent_size, generator)
        self.encoder = blocks(self.depth, self.latent_size)
        self.narrowing = linear(self.latent_size, self.decoder_size, generator)
        self.mask_token = nn.Parameter(0.02 * normal((self.decoder_size,), generator, self.embedding.weight.detach()))
        self.decoder = blocks(self.decoder_depth, self.decoder_size)
        self.pixels = linear(self.decoder_size, values, generator)
        self.register_buffer("places", places(*self.grid, self.latent_size), persistent=False)
        self.register_buffer("decoder_places", places(*self.grid, self.decoder_size), persistent=False)

    @property
    def n_patches(self) -> int:
        """Number of patches of an image."""
        return self.grid[0] * self.grid[1]

    def encode(self, x: Any) -> Any:
        """Representations of whole images, the mean of their tokens: shape (n_samples, latent_size)."""
        return inputs.given(self._in_parts(lambda images: self._tokens(patches_of(images, self.patch)).mean(1), x), x)

    def mask(
        self, n: int, generator: torch.Generator | None = None, *, share: float | None = None, kind: str | None = None
    ) -> torch.Tensor:
        """Masks of patches, boolean of shape (n, rows, columns), True where hidden; see `patch_mask`."""
        share, kind = self.share if share is None else share, self.kind if kind is None else kind
        return patch_mask(n, *self.grid, share, kind, generator)

    def pixel_mask(self, mask: torch.Tensor) -> torch.Tensor:
        """A mask of patches as a mask of pixels: (n, rows, columns) -> (n, 1, height, width)."""
        return mask.repeat_interleave(self.patch, 1).repeat_interleave(self.patch, 2)[:, None]

    def fill_in(self, x: Any, mask: torch.Tensor) -> Any:
        """Images whose masked patches are the model's answer, and whose visible patches are those of `x`.

        Args:
            x: images, (n_samples, channels, height, width).
            mask: (n_samples, rows, columns), the same number of True in each, as `mask` makes it.
        """
        images = self._checked(x).to(example_of(self))
        with torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            hidden = self.pixel_mask(mask.to(images.device))
            return inputs.given(torch.where(hidden, self.predict(images, mask), images), x)

    def predict(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The model's answer for every pixel, the visible ones included: same shape as `x`."""
        n, patches = len(x), patches_of(x, self.patch)
        flat = mask.flatten(1).to(x.device)
        n_visible = int((~flat[0]).sum())
        # Visible patches first, in their order: the encoder takes them, the decoder puts them back.
        order = flat.to(torch.int8).argsort(dim=1, stable=True)
        visible = order[:, :n_visible, None]
        seen = patches.gather(1, visible.expand(-1, -1, patches.shape[2]))
        tokens = self.narrowing(self._tokens(seen, visible))
        every = self.mask_token.expand(n, self.n_patches, -1)
        every = every.scatter(1, visible.expand(-1, -1, self.decoder_size), tokens)
        answer = self.pixels(self.decoder(every + self.decoder_places))
        return image_of(answer, self.patch, *self.image_shape[1:])

    def forward(self, x: Any) -> Any:
        """Representations, as `encode`."""
        return self.encode(x)

    def loss(
        self, x: torch.Tensor, generator: torch.Generator | None = None, *, mask: torch.Tensor | None = None
    ) -> dict[str, torch.Tensor]:
        """Squared error per masked pixel (`masked_loss`), averaged over the batch.

        Args:
            x: batch of images.
            generator: source of the masks.
            mask: (batch, rows, columns), in place of masks drawn anew.

        Returns:
            {"loss", "masked"}: scalar tensors, equal.
        """
        mask = self.mask(len(x), generator).to(x.device) if mask is None else mask
        error = masked_loss(x, self.predict(x, mask), self.pixel_mask(mask))
        return {"loss": error, "masked": error}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 40,
        batch_size: int = 256,
        learning_rate: float | Callable[[int], float] = 2e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn to fill in masked patches, one step each time the caller asks; see `training.train`."""
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def _tokens(self, patches: torch.Tensor, which: torch.Tensor | None = None) -> torch.Tensor:
        # which: numbers of the patches, (n, n_visible, 1); None for all in order.
        where = self.places if which is None else self.places[which[:, :, 0]]
        return self.encoder(self.embedding(patches) + where)

    def _in_parts(self, function: Callable[[torch.Tensor], torch.Tensor], x: Any) -> torch.Tensor:
        images = self._checked(x)
        # Arrays are returned without a graph, so none is built for them.
        with torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            return torch.cat([function(part.to(example_of(self))) for part in images.split(MAX_IMAGES)])

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.images(x, shape=self.image_shape)
