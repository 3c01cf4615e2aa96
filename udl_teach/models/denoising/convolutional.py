"""The convolutional denoiser: it predicts the noise in an image of any size, given the noise level.

Sources: Zhang, Zuo, Chen, Meng and Zhang 2017, "Beyond a Gaussian denoiser" (DnCNN), for predicting the noise; Zhang,
Zuo and Zhang 2018, "FFDNet", for the halved resolution and for the noise level as an input; Lim et al. 2017, "Enhanced
deep residual networks" (EDSR), for the residual blocks and the self-ensemble.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.autoencoders.loss import reconstruction_loss
from udl_teach.models.denoising.corruption import CORRUPTIONS, checked_strength, corrupt_batch
from udl_teach.models.denoising.noise_level import noise_level
from udl_teach.models.layers import empty_layer, initialize_weights, uniform
from udl_teach.modules import example_of
from udl_teach.renamed import old_arguments
from udl_teach.training import LearningState, Step, train

# Pixels denoised at a time, so that a photograph of any size fits into memory.
MAX_PIXELS = 2**20


class ResidualBlock(nn.Module):
    """Two convolutions with a skip connection: (batch, channels, height, width) -> the same shape."""

    def __init__(self, channels: int, generator: torch.Generator) -> None:
        super().__init__()
        first = _convolution(channels, channels, generator)
        # A small gain, because a deep network learns faster where each block starts close to the identity.
        self.change = nn.Sequential(first, nn.ReLU(), _convolution(channels, channels, generator, gain=0.5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The input plus the output of the convolutions."""
        return x + self.change(x)


class ConvDenoiser(nn.Module):
    """Convolutions at half the resolution that predict the corruption, which is then subtracted.

        x_hat = x - f(x, strength)

    Each square of 2 x 2 pixels becomes one position with four times the channels (pixel unshuffle loses nothing), which
    makes the convolutions four times as cheap and doubles their receptive field. The strength is one more channel with
    the same value everywhere, so one model serves all strengths of its range.

    Args:
        channels: 1 for grey images, 3 for red, green and blue.
        width: number of channels of the hidden layers.
        depth: number of convolutions, even; all but the first and the last form residual blocks of two. The receptive
            field reaches 2 * depth pixels to each side.
        corruption: "gaussian", "masking", "salt-and-pepper" or "blur", as `corrupt` explains them.
        strength: the range (lowest, highest) of the strengths to learn, drawn uniformly for every image and step; a
            single number for one strength.
        seed: of the initial weights.

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
            raise ValueError(f"depth was {depth}; it must be even, because residual blocks have two convolutions.")
        self.corruption = inputs.choice(corruption, "corruption", CORRUPTIONS)
        self.strength = _range(strength, corruption)
        self.seed = seed
        generator = inputs.generator(seed)
        first = _convolution(4 * self.channels + 1, self.width, generator)
        blocks = [ResidualBlock(self.width, generator) for _ in range(self.depth // 2 - 1)]
        last = _convolution(self.width, 4 * self.channels, generator, gain=0.1)
        self.network = nn.Sequential(first, *blocks, last)

    def forward(self, x: Any, strength: float | None = None) -> Any:
        """The same as `denoise` without self-ensemble."""
        return self.denoise(x, strength)

    @old_arguments(views="self_ensemble")
    def denoise(self, x: Any, strength: float | None = None, *, self_ensemble: int = 1) -> Any:
        """Denoise images.

        Args:
            x: images of any size, shape (n_samples, channels, height, width), or one of (channels, height, width).
            strength: of the corruption (for Gaussian noise: its standard deviation). None estimates it in each image
                by `noise_level`; for Gaussian noise only.
            self_ensemble: 1 for a single prediction, or 8 for the mean over the eight rotations and reflections of the
                image: eight times as slow, some tenths of a decibel better (Timofte, Rothe and Van Gool 2016).

        Returns:
            Denoised images in the shape of `x`; not clipped to [0, 1].

        Raises:
            TypeError, ValueError: an argument is not what it must be.
        """
        stack = self._checked(x[None] if getattr(x, "ndim", 0) == 3 else x)
        levels = self._levels(stack, strength)
        if isinstance(self_ensemble, bool) or self_ensemble not in (1, 8):
            raise ValueError(f"self_ensemble was {self_ensemble!r}; it must be 1 or 8, the number of predictions.")
        # Arrays are returned without a graph, so none is built for them: it would hold every layer of a photograph.
        with torch.set_grad_enabled(torch.is_grad_enabled() and isinstance(x, torch.Tensor)):
            denoised = [
                self._ensemble(image[None].to(example_of(self)), level[None], self_ensemble)
                for image, level in zip(stack, levels, strict=True)
            ]
        return inputs.given(torch.cat(denoised).reshape(tuple(x.shape) if hasattr(x, "shape") else stack.shape), x)

    def loss(self, x: torch.Tensor, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Squared error of the denoised images, **summed over pixels and channels, averaged over the batch**.

        Args:
            x: clean images on the model's device, shape (batch, channels, height, width).
            generator: source of the strengths and the noise, on the CPU.

        Returns:
            {"loss", "reconstruction"}: scalar tensors, equal here.
        """
        lowest, highest = self.strength
        levels = lowest + (highest - lowest) * uniform((len(x),), generator, x)
        error = reconstruction_loss(x, self._denoised(corrupt_batch(x, self.corruption, levels, generator), levels))
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
            epochs: passes over the data; None for no limit.
            batch_size: images per batch.
            learning_rate: a number or a function of the number of updates made so far.
            seed: of the shuffles, the strengths and the noise.
            state: where an earlier run stopped.
        """
        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        return train(self, x, y, **rest, state=state)

    def _denoised(self, x: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[2:]
        # An odd side is padded with a copy of its last row or column.
        even = functional.pad(x, (0, width % 2, 0, height % 2), mode="replicate")
        # Shifted by -0.5, so that the zero padding of the convolutions is grey and not black.
        halved = functional.pixel_unshuffle(even - 0.5, 2)  # (b, 4 c, h / 2, w / 2)
        plane = levels.to(x).reshape(-1, 1, 1, 1).expand(-1, 1, *halved.shape[2:])
        change = functional.pixel_shuffle(self.network(torch.cat([halved, plane], dim=1)), 2)
        return x - change[:, :, :height, :width]

    def _ensemble(self, x: torch.Tensor, levels: torch.Tensor, n: int) -> torch.Tensor:
        # 1/n sum_i T_i^-1(denoised(T_i(x))), where T_i are rotations, and from the fifth on rotations and a reflection.
        total = torch.zeros_like(x)
        for i in range(n):
            turns, reflected = i % 4, i >= 4
            rotated = torch.rot90(x, turns, (2, 3))
            denoised = self._in_strips(rotated.flip(3) if reflected else rotated, levels)
            total = total + torch.rot90(denoised.flip(3) if reflected else denoised, -turns, (2, 3))
        return total / n

    def _in_strips(self, x: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        # Strips overlap by the receptive field, so that they join without a seam.
        height, width = x.shape[2:]
        margin = 2 * self.depth
        rows = max(2 * margin, MAX_PIXELS // width // 2 * 2)
        if rows >= height:
            return self._denoised(x, levels)
        strips = []
        for top in range(0, height, rows):
            start = max(0, top - margin)
            strip = self._denoised(x[:, :, start : top + rows + margin], levels)
            strips.append(strip[:, :, top - start : top - start + rows])
        return torch.cat(strips, dim=2)

    def _levels(self, stack: torch.Tensor, strength: float | None) -> torch.Tensor:
        if strength is not None:
            return torch.full((len(stack),), checked_strength(strength, self.corruption))
        if self.corruption != "gaussian":
            raise ValueError(
                f'strength was None; for a denoiser of "{self.corruption}" it must be a number, '
                "because only the level of Gaussian noise can be estimated."
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


def _convolution(n_in: int, n_out: int, generator: torch.Generator, gain: float = 1.0) -> nn.Module:
    # (b, n_in, h, w) -> (b, n_out, h, w), with initial weights that are `gain` times the usual ones
    layer = initialize_weights(empty_layer(nn.Conv2d, n_in, n_out, kernel_size=3, padding=1), generator)
    with torch.no_grad():
        layer.weight.mul_(gain)
    return layer


def _range(strength: Any, corruption: str) -> tuple[float, float]:
    if isinstance(strength, Sequence) and not isinstance(strength, str):
        if len(strength) != 2:
            raise ValueError(f"strength was {strength!r}; it must be a number or (lowest, highest).")
        lowest, highest = (checked_strength(value, corruption, f"strength[{i}]") for i, value in enumerate(strength))
        if lowest > highest:
            raise ValueError(f"strength was {strength!r}; the first number must be at most the second.")
        return lowest, highest
    number = checked_strength(strength, corruption)
    return number, number
