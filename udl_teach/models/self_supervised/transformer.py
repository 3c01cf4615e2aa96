"""A small vision transformer: patches as tokens, their places, and blocks of attention.

Sources: Vaswani et al. 2017, "Attention is all you need", eq. 1 and section 3.5; Dosovitskiy et al. 2021, "An image is
worth 16 x 16 words", eq. 1 to 4.
"""

import torch
from torch import nn
from torch.nn import functional

from udl_teach.models.layers import linear


class Block(nn.Module):
    """x + attention(norm(x)), then x + mlp(norm(x)): (batch, tokens, width) -> the same shape."""

    def __init__(self, width: int, heads: int, generator: torch.Generator) -> None:
        super().__init__()
        self.heads = heads
        self.norms = nn.ModuleList(nn.LayerNorm(width, dtype=torch.float32) for _ in range(2))
        self.queries_keys_values = linear(width, 3 * width, generator)
        self.joined = linear(width, width, generator)
        self.mlp = nn.Sequential(linear(width, 4 * width, generator), nn.GELU(), linear(4 * width, width, generator))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Tokens after attention to all tokens, and after a perceptron that treats each token alone."""
        n, tokens, width = x.shape
        # (batch, tokens, 3 width) -> three of (batch, heads, tokens, width / heads)
        parts = self.queries_keys_values(self.norms[0](x)).reshape(n, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        # softmax(q k' / sqrt(width / heads)) v
        seen = functional.scaled_dot_product_attention(*parts)
        x = x + self.joined(seen.transpose(1, 2).reshape(n, tokens, width))
        return x + self.mlp(self.norms[1](x))


def patches_of(x: torch.Tensor, patch: int) -> torch.Tensor:
    """Images (n, channels, height, width) -> patches (n, rows * columns, channels * patch * patch), row by row."""
    return functional.unfold(x, patch, stride=patch).transpose(1, 2)


def image_of(patches: torch.Tensor, patch: int, height: int, width: int) -> torch.Tensor:
    """The inverse of `patches_of`."""
    return functional.fold(patches.transpose(1, 2), (height, width), patch, stride=patch)


def places(rows: int, columns: int, width: int) -> torch.Tensor:
    """Sines and cosines of each patch's row and column, shape (rows * columns, width); a quarter of the width each."""
    quarter = width // 4
    rate = 100.0 ** (-torch.arange(quarter, dtype=torch.float32) / quarter)
    row, column = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    angles = [place.reshape(-1, 1) * rate for place in (row, column)]
    return torch.cat([wave(angle) for angle in angles for wave in (torch.sin, torch.cos)], dim=1)
