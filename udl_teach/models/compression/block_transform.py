"""Pictures to codes and back, block by block: cosine waves to start with, as in JPEG, and learned from there.

A code stands for a wave in a block of 8 x 8 pixels. It may learn to look at 16 x 16, so that blocks overlap and no
edges show between them (lapped transforms: Malvar and Staelin 1989).
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from udl_teach.models.layers import empty_layer, initialize_weights

BLOCK, WINDOW = 8, 16  # pixels from block to block; pixels that a code sees
RIM = (WINDOW - BLOCK) // 2


class Analysis(nn.Module):
    """Pictures (n, 1, height, width), sides multiples of 8 -> codes before rounding (n, 64, height / 8, width / 8)."""

    def __init__(self, waves: torch.Tensor) -> None:
        super().__init__()
        # (64, 1, 16, 16): a wave in the middle, and zeros around it.
        self.windows = nn.Parameter(F.pad(waves[:, None], (RIM,) * 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Codes at a quantization step of 1, brightness as difference to middle grey."""
        return F.conv2d(F.pad(x - 0.5, (RIM,) * 4, mode="replicate"), self.windows, stride=BLOCK)


class Synthesis(nn.Module):
    """Rounded codes (n, 64, rows, columns) -> pictures (n, 1, *size).

    A small network first mends the codes: it guesses from a code and its neighbours where in its step it stood.
    """

    def __init__(self, waves: torch.Tensor, hidden_size: int, generator: torch.Generator) -> None:
        super().__init__()
        self.windows = nn.Parameter(F.pad(waves[:, None], (RIM,) * 4))
        self.first = initialize_weights(empty_layer(nn.Conv2d, len(waves), hidden_size, 3), generator)
        self.last = initialize_weights(empty_layer(nn.Conv2d, hidden_size, len(waves), 3), generator)
        nn.init.zeros_(self.last.weight)
        self.step = nn.Parameter(torch.zeros(hidden_size, dtype=torch.float32))

    def forward(self, codes: torch.Tensor, log_step: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
        """`log_step` is the natural logarithm of each picture's step, shape (n,); `size` is (height, width)."""
        # One more block on each side for the overlap, and one for each of the two convolutions.
        around = F.pad(codes, (3,) * 4, mode="replicate")
        hidden = F.gelu(self.first(torch.asinh(around)) + (self.step * log_step[:, None])[:, :, None, None])
        values = (around[:, :, 2:-2, 2:-2] + self.last(hidden)) * log_step.exp()[:, None, None, None]
        x = F.conv_transpose2d(values, self.windows, stride=BLOCK)
        edge = BLOCK + RIM
        return x[:, :, edge : edge + size[0], edge : edge + size[1]] + 0.5


def cosine_waves(size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The waves of the two-dimensional cosine transform (Ahmed, Natarajan and Rao 1974), from coarse to fine.

    Returns:
        (waves, frequencies): orthonormal, shape (size^2, size, size); half-waves across a block, shape (size^2,).
    """
    pixel, half_waves = torch.arange(size, dtype=torch.float32) + 0.5, torch.arange(size, dtype=torch.float32)
    lines = torch.cos(math.pi / size * half_waves[:, None] * pixel) * math.sqrt(2 / size)
    lines[0] /= math.sqrt(2)
    waves = torch.einsum("ur,vc->uvrc", lines, lines).reshape(-1, size, size)
    frequencies = (half_waves[:, None] ** 2 + half_waves**2).sqrt().flatten()
    order = torch.argsort(frequencies, stable=True)
    return waves[order], frequencies[order]
