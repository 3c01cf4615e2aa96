"""Analysis and synthesis transform: images to coefficients and back, block by block.

Both start as the discrete cosine transform (DCT) of blocks of 8 x 8 pixels, as in JPEG, and learn from there. A
coefficient can learn to depend on 16 x 16 pixels, so that blocks overlap and no block edges show.

Sources: Ahmed, Natarajan and Rao 1974, "Discrete cosine transform"; Malvar and Staelin 1989, "The LOT: transform coding
without blocking effects"; the names are those of Balle, Laparra and Simoncelli 2017.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from udl_teach.models.layers import empty_layer, initialize_weights

BLOCK, WINDOW = 8, 16  # pixels from block to block; pixels that a coefficient depends on
OVERLAP = (WINDOW - BLOCK) // 2  # pixels by which a window reaches beyond its block, on each side


class Analysis(nn.Module):
    """The analysis transform: images -> coefficients.

    Args:
        basis: orthonormal basis images, shape (n, 8, 8).
    """

    def __init__(self, basis: torch.Tensor) -> None:
        super().__init__()
        self.windows = nn.Parameter(F.pad(basis[:, None], (OVERLAP,) * 4))  # (n, 1, 16, 16): 0 around the block

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images (batch, 1, height, width), sides multiples of 8 -> (batch, n, height / 8, width / 8)."""
        return F.conv2d(F.pad(x - 0.5, (OVERLAP,) * 4, mode="replicate"), self.windows, stride=BLOCK)


class Synthesis(nn.Module):
    """The synthesis transform: codes (quantized coefficients) -> images.

        coefficient = D (q + f(q, log D)),        q: code, D: quantization step size

    A small network f first corrects the quantization error: it estimates, from a code and its neighbours, where in its
    quantization bin the coefficient was.

    Args:
        basis: as in `Analysis`.
        hidden_size: width of the network.
        generator: for its initial weights.

    Attributes:
        step: weights of log D in the network, shape (hidden_size,).
    """

    def __init__(self, basis: torch.Tensor, hidden_size: int, generator: torch.Generator) -> None:
        super().__init__()
        self.windows = nn.Parameter(F.pad(basis[:, None], (OVERLAP,) * 4))
        self.first = initialize_weights(empty_layer(nn.Conv2d, len(basis), hidden_size, 3), generator)
        self.last = initialize_weights(empty_layer(nn.Conv2d, hidden_size, len(basis), 3), generator)
        nn.init.zeros_(self.last.weight)  # f = 0 at first
        self.step = nn.Parameter(torch.zeros(hidden_size, dtype=torch.float32))

    def forward(self, codes: torch.Tensor, log_step_size: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
        """Codes to images.

        Args:
            codes: shape (batch, n, rows, columns).
            log_step_size: natural logarithm of each image's quantization step size, shape (batch,).
            size: height and width of the images, at most (8 * rows, 8 * columns).

        Returns:
            Images of shape (batch, 1, *size).
        """
        # One more block on each side for the overlap, and one for each of the two convolutions.
        q = F.pad(codes, (3,) * 4, mode="replicate")
        hidden = F.gelu(self.first(torch.asinh(q)) + (self.step * log_step_size[:, None])[:, :, None, None])
        coefficients = (q[:, :, 2:-2, 2:-2] + self.last(hidden)) * log_step_size.exp()[:, None, None, None]
        x = F.conv_transpose2d(coefficients, self.windows, stride=BLOCK)
        edge = BLOCK + OVERLAP
        return x[:, :, edge : edge + size[0], edge : edge + size[1]] + 0.5


def dct_basis(size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The basis images of the two-dimensional DCT, from low to high frequency.

        basis_uv(r, c) = c_u(r) c_v(c),    c_u(n) = sqrt(2 / size) cos(pi / size * u (n + 1/2)),    c_0 = sqrt(1 / size)

    Returns:
        (basis, frequencies): orthonormal images, shape (size^2, size, size); sqrt(u^2 + v^2), shape (size^2,).
    """
    n, u = torch.arange(size, dtype=torch.float32) + 0.5, torch.arange(size, dtype=torch.float32)
    c = torch.cos(math.pi / size * u[:, None] * n) * math.sqrt(2 / size)
    c[0] /= math.sqrt(2)
    basis = torch.einsum("ur,vc->uvrc", c, c).reshape(-1, size, size)
    frequencies = (u[:, None] ** 2 + u**2).sqrt().flatten()
    order = torch.argsort(frequencies, stable=True)
    return basis[order], frequencies[order]
