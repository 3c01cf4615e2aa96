"""The convolutional denoiser: it predicts the noise in an image of any size, told how strong the noise is.

Sources: Zhang, Zuo, Chen, Meng and Zhang 2017, "Beyond a Gaussian denoiser" (DnCNN), for predicting the noise; Zhang,
Zuo and Zhang 2018, "FFDNet", for the halved resolution and for the noise level as an input; Lim et al. 2017, "Enhanced
deep residual networks" (EDSR), for the blocks.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.autoencoders.loss import reconstruction_loss
from udl_teach.models.denoising.corruption import CORRUPTIONS, checked_strength, disturb
from udl_teach.models.denoising.noise_level import noise_level
from udl_teach.models.layers import empty_layer, initialize_weights, uniform
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

# Pixels cleaned at a time, so that a photograph of any size fits into memory.
AT_ONCE = 2**20


class Block(nn.Module):
    """Two convolutions whose result is added to what came in: (batch, width, h, w) -> the same shape."""

    def __init__(self, width: int, generator: torch.Generator) -> None:
        super().__init__()
        # Shrunk, because a deep net learns faster where each block begins by changing little.
        layers = _convolution(width, width, generator), nn.ReLU(), _convolution(width, width, generator, shrunk=0.5)
        self.change = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """What came in plus the change."""
        return x + self.change(x)


class ConvDenoiser(nn.Module):
    """Convolutions at half the resolution that predict what the corruption changed; that is then taken away.

        x_hat = x - f(x, strength)

    Each square of 2 x 2 pixels becomes one place with four times the channels (nothing is lost), which makes the
    convolutions four times as cheap and doubles what each sees. The strength is one more channel, the same number
    everywhere, so one model serves all strengths of its range.

    Args:
        channels: 1 for grey images, 3 for red, green and blue.
        width: channels of the layers inside.
        depth: number of convolutions, an even one; all but the first and the last stand two by two in blocks that add
            to what they were given. A pixel sees 2 * depth pixels to each side.
        corruption: "gaussian", "masking", "salt-and-pepper" or "blur", as `corrupt` explains them.
        strength: the range (lowest, highest) of the strengths to learn, drawn anew and evenly for every image and step;
            a single number for one strength alone.
        seed: of the first weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        channels: int = 1,
        width: int = 48,
        depth: int = 8,
        *,
        corruption: str = "gaussian",
        strength: float | Sequence[float] = (0.0, 0.3),
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.channels = inputs.whole(channels, "channels")
        self.width = inputs.whole(width, "width")
        self.depth = inputs.whole(depth, "depth", minimum=2)
        if self.depth % 2:
            raise ValueError(f"depth was {depth}; it must be an even number, because convolutions stand two by two.")
        self.corruption = inputs.choice(corruption, "corruption", CORRUPTIONS)
        self.strength = _range(strength, corruption)
        self.seed = seed
        generator = inputs.generator(seed)
        first = _convolution(4 * self.channels + 1, self.width, generator)
        blocks = [Block(self.width, generator) for _ in range(self.depth // 2 - 1)]
        last = _convolution(self.width, 4 * self.channels, generator, shrunk=0.1)
        self.network = nn.Sequential(first, *blocks, last)

    def forward(self, x: Any, strength: float | None = None) -> Any:
        """The same as `denoise` with one view."""
        return self.denoise(x, strength)

    def denoise(self, x: Any, strength: float | None = None, *, views: int = 1) -> Any:
        """Clean images.

        Args:
            x: images of any size, shape (n_samples, channels, height, width), or one of (channels, height, width).
            strength: how strongly they were spoilt (for Gaussian noise: its standard deviation). None measures it in
                each image by `noise_level`, for Gaussian noise alone.
            views: 1, or 8 for the mean over what becomes of the image in all its poses (turned and mirrored): eight
                times as slow, some tenths of a decibel better (Timofte, Rothe and Van Gool 2016).

        Returns:
            Cleaned images in the shape of `x`; not clipped to [0, 1].

        Raises:
            TypeError, ValueError: an argument is not what it must be.
        """
        stack = self._checked(x[None] if getattr(x, "ndim", 0) == 3 else x)
        levels = self._levels(stack, strength)
        if views not in (1, 8):
            raise ValueError(f"views was {views!r}; it must be 1 or 8.")
        # Arrays come back without a graph, so none is kept for them: it would hold every layer of a large photograph.
        with torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            cleaned = [
                self._of_views(image[None].to(example_of(self)), level[None], views)
                for image, level in zip(stack, levels, strict=True)
            ]
        return inputs.given(torch.cat(cleaned).reshape(tuple(x.shape) if hasattr(x, "shape") else stack.shape), x)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Squared error of what is cleaned, **summed over pixels and channels, averaged over the batch**.

        Args:
            x: clean images on the model's device, shape (batch, channels, height, width).
            generator: what strengths and noise are drawn from, on the CPU.

        Returns:
            {"loss", "reconstruction"}: scalar tensors, here one and the same.
        """
        lowest, highest = self.strength
        levels = lowest + (highest - lowest) * uniform((len(x),), generator, x)
        error = reconstruction_loss(x, self._cleaned(disturb(x, self.corruption, levels, generator), levels))
        return {"loss": error, "reconstruction": error}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 20,
        batch_size: int = 32,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn from clean patches, one step each time the caller asks; `training.train` explains the arguments.

        Args:
            x: images of one size, such as patches of 48 by 48 pixels: shape (n_samples, channels, height, width).
            y: not used.
            epochs: passes over the data; None goes on for ever.
            batch_size: images a batch.
            learning_rate: a number or a function of the number of updates made so far.
            seed: of the shuffles, the strengths and the noise.
            state: where an earlier run stopped.
        """
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def _cleaned(self, x: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[2:]
        # An odd side gets one more row or column, a copy of its last.
        even = functional.pad(x, (0, width % 2, 0, height % 2), mode="replicate")
        # Around 0, so that the zeros with which convolutions go on beyond the border are grey and not black.
        halved = functional.pixel_unshuffle(even - 0.5, 2)  # (b, 4 c, h / 2, w / 2)
        plane = levels.to(x).reshape(-1, 1, 1, 1).expand(-1, 1, *halved.shape[2:])
        change = functional.pixel_shuffle(self.network(torch.cat([halved, plane], dim=1)), 2)
        return x - change[:, :, :height, :width]

    def _of_views(self, x: torch.Tensor, levels: torch.Tensor, views: int) -> torch.Tensor:
        total = torch.zeros_like(x)
        for view in range(views):
            turns, mirrored = view % 4, view >= 4
            posed = torch.rot90(x, turns, (2, 3))
            cleaned = self._in_strips(posed.flip(3) if mirrored else posed, levels)
            total = total + torch.rot90(cleaned.flip(3) if mirrored else cleaned, -turns, (2, 3))
        return total / views

    def _in_strips(self, x: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        # Strips overlap by as far as a pixel sees, so that they join without a seam.
        height, width = x.shape[2:]
        margin = 2 * self.depth
        rows = max(2 * margin, AT_ONCE // width // 2 * 2)
        if rows >= height:
            return self._cleaned(x, levels)
        strips = []
        for top in range(0, height, rows):
            start = max(0, top - margin)
            strip = self._cleaned(x[:, :, start : top + rows + margin], levels)
            strips.append(strip[:, :, top - start : top - start + rows])
        return torch.cat(strips, dim=2)

    def _levels(self, stack: torch.Tensor, strength: float | None) -> torch.Tensor:
        if strength is not None:
            return torch.full((len(stack),), checked_strength(strength, self.corruption))
        if self.corruption != "gaussian":
            raise ValueError(
                f'strength was None; for a denoiser of "{self.corruption}" it must be a number, '
                "because only Gaussian noise can be measured."
            )
        return torch.tensor([noise_level(image) for image in stack])

    def _checked(self, x: Any) -> torch.Tensor:
        stack = inputs.images(x)
        if stack.shape[1] != self.channels:
            raise ValueError(
                f"x holds images of {stack.shape[1]} channels; this model was made for {self.channels}: "
                f"pass such images or make the model with channels={stack.shape[1]}."
            )
        return stack


def _convolution(n_in: int, n_out: int, generator: torch.Generator, shrunk: float = 1.0) -> nn.Module:
    # (b, n_in, h, w) -> (b, n_out, h, w), with first weights that are `shrunk` times the usual ones
    layer = initialize_weights(empty_layer(nn.Conv2d, n_in, n_out, kernel_size=3, padding=1), generator)
    with torch.no_grad():
        layer.weight.mul_(shrunk)
    return layer


def _range(strength: Any, corruption: str) -> tuple[float, float]:
    if isinstance(strength, Sequence) and not isinstance(strength, str):
        if len(strength) != 2:
            raise ValueError(f"strength was {strength!r}; it must be a number or (lowest, highest).")
        lowest, highest = (checked_strength(value, corruption, f"strength[{i}]") for i, value in enumerate(strength))
        if lowest > highest:
            raise ValueError(f"strength was {strength!r}; its first number must be at most its second.")
        return lowest, highest
    number = checked_strength(strength, corruption)
    return number, number
