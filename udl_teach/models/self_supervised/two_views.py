"""What learning from two views shares: an encoder, a projection head, two views of each image, and learning."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import checked_sizes
from udl_teach.models.self_supervised.augment import Augment
from udl_teach.models.self_supervised.encoder import conv_representation, projection_head, represented
from udl_teach.training import LearningState, Step, train


class TwoViews(nn.Module):
    """An encoder f, a projection head g, and a loss of z = g(f(view)) that a subclass defines in `terms`.

    The head learns with the encoder and is left out afterwards: `encode` returns f(x), as the loss makes z forget what
    tells views apart, which other tasks may need (Chen et al. 2020, section 4.2).
    """

    augment: Callable

    def _build(
        self,
        image_shape: Sequence[int],
        latent_size: int,
        channels: Sequence[int],
        head_sizes: Sequence[int],
        augment: Callable | None,
        seed: int,
    ) -> None:
        self.image_shape, self.channels = checked_sizes(image_shape, channels)
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.head_sizes = inputs.sizes(head_sizes, "head_sizes")
        if augment is not None and not callable(augment):
            raise TypeError(f"augment was {augment!r}; it must be a function of images and a generator, as Augment(…).")
        self.augment = default_augment() if augment is None else augment
        self.seed = inputs.whole(seed, "seed", minimum=0)
        generator = inputs.generator(seed)
        self.encoder = conv_representation(self.image_shape, self.channels, self.latent_size, generator)
        self.head = projection_head(self.latent_size, self.head_sizes, generator)

    def encode(self, x: Any) -> Any:
        """Representations f(x), before the head: shape (n_samples, latent_size)."""
        return inputs.given(represented(self.encoder, x, self.image_shape), x)

    def project(self, x: Any) -> Any:
        """Projections z = g(f(x)), in which the loss is computed: shape (n_samples, head_sizes[-1])."""
        return inputs.given(represented(nn.Sequential(self.encoder, self.head), x, self.image_shape), x)

    def forward(self, x: Any) -> Any:
        """Representations, as `encode`."""
        return self.encode(x)

    def views(self, x: torch.Tensor, generator: torch.Generator | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Two views of each image, or an augmented view of each image of a pair; see `steps`."""
        first, second = (x, x) if x.ndim == 4 else (x[:, 0], x[:, 1])
        return self.augment(first, generator), self.augment(second, generator)

    def terms(self, z1: torch.Tensor, z2: torch.Tensor) -> dict[str, torch.Tensor]:
        """The loss of a batch's projections, with named terms."""
        raise NotImplementedError

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """The loss of two views of a batch; `terms` explains it.

        Args:
            x: batch of images or of pairs, as in `steps`.
            generator: source of the views.
        """
        with torch.no_grad():
            views = torch.cat(self.views(x, generator))
        z1, z2 = self.head(self.encoder(views)).chunk(2)  # one pass for both
        return self.terms(z1, z2)

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
        """Learn from two views of each image, one step each time the caller asks; see `training.train`.

        Args:
            x: images, shape (n_samples, channels, height, width) or flattened; or pairs of images of the same thing,
                shape (n_samples, 2, channels, height, width), whose two images are the two views, augmented.
            y: must be None; the data themselves say what belongs together.
            epochs: passes over the data; None goes on for ever.
            batch_size: images per batch; the negatives of a view are the other views of its batch.
            learning_rate: a number, or a function from the number of updates made so far to a number.
            seed: of the shuffles and of the views.
            state: where to go on from.
        """
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def _checked(self, x: Any) -> torch.Tensor:
        if getattr(x, "ndim", 0) != 5:
            return inputs.images(x, shape=self.image_shape)
        if x.shape[1] != 2:
            raise ValueError(f"x has shape {tuple(x.shape)}; pairs of images must be (samples, 2, *image_shape).")
        flat = x.reshape(len(x) * 2, *x.shape[2:])
        return inputs.images(flat, shape=self.image_shape).reshape(len(x), 2, *self.image_shape)


def default_augment() -> Augment:
    """What digits and letters survive: movements of every kind, and a hidden rectangle."""
    return Augment(rotation=20, shift=0.1, scale=0.35, shear=25, erasing=0.4)
