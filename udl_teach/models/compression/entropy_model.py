"""What a code will probably be, given the codes already known: the part of a learned codec that saves bits.

The codes of a picture are written in passes. A small network looks at what earlier passes wrote, in the same block and
its neighbours, and foretells a mean and a scale for every code of its pass; codes that come as foretold cost few bits.

Sources: Minnen, Balle and Toderici 2018, "Joint autoregressive and hierarchical priors", for mean and scale from
context; He et al. 2021, "Checkerboard context model", and Minnen and Singh 2020, "Channel-wise autoregressive entropy
models", for passes whose codes are all foretold at once.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from udl_teach.models.layers import empty_layer, initialize_weights

# In which turn each block of every 4 x 4 writes its brightness: from coarse to fine, so that most blocks lie between
# known ones. The other codes go like black and white on a chessboard.
COARSE_TO_FINE = ((0, 4, 2, 4), (4, 3, 4, 3), (2, 4, 1, 4), (4, 3, 4, 3))
CHESSBOARD = ((0, 1), (1, 0))
REACH = 2  # blocks that a network sees of the brightness, in each direction
# Of the coarsest waves alone do neighbours foretell the sign, and so a mean other than 0.
COARSE = 12
SMALLEST_SCALE, LARGEST_SCALE = 0.05, 500.0


class EntropyModel(nn.Module):
    """Mean and scale of a distribution for every code.

    Args:
        scales: spread of each channel of codes at a quantization step of 1, to start from.
        groups: how many channels are written together, from the first on; the first is brightness alone.
        hidden_size: width of the networks.
        generator: for the first weights.
    """

    def __init__(
        self, scales: torch.Tensor, groups: tuple[int, ...], hidden_size: int, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.passes = nn.ModuleList()
        first = 0
        for size in groups:
            order = COARSE_TO_FINE if first == 0 else CHESSBOARD
            for turn in range(max(map(max, order)) + 1):
                self.passes.append(Pass(first, first + size, order, turn, scales, hidden_size, generator))
            first += size

    def forward(self, codes: torch.Tensor, log_step: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """All passes at once, as in learning, where every code is there already.

        Args:
            codes: shape (n, channels, rows, columns), with 3 rows and columns at least.
            log_step: natural logarithm of each picture's quantization step, shape (n,).

        Returns:
            (mean, log_scale), each of the shape of `codes` and made from what earlier passes wrote.
        """
        means, log_scales = [], []
        for one in self.passes:
            mean, log_scale = (value * one.writes(codes) for value in one(codes * one.knows(codes), log_step))
            if one.turn == 0:
                means.append(mean)
                log_scales.append(log_scale)
            else:
                means[-1] = means[-1] + mean
                log_scales[-1] = log_scales[-1] + log_scale
        return torch.cat(means, dim=1), torch.cat(log_scales, dim=1)


class Pass(nn.Module):
    """One pass: which codes it writes, and the network that foretells them.

    Args:
        first, end: the channels that it writes.
        order: in which turn each block of a small square writes.
        turn: which of these turns it is.
        scales, hidden_size, generator: as in `EntropyModel`.
    """

    def __init__(self, first, end, order, turn, scales, hidden_size, generator) -> None:
        super().__init__()
        self.first, self.end, self.order, self.turn = first, end, order, turn
        self.distance = 2 if first == 0 and turn in (1, 2) else 1  # in blocks, to the nearest known brightness
        n_known, n_near = first if turn == 0 else end, (2 * REACH + 1) ** 2
        self.n_known = n_known
        self.near_to_mean = nn.Parameter(torch.zeros(end - first, n_near, dtype=torch.float32))
        self.near = initialize_weights(empty_layer(nn.Conv2d, n_near, hidden_size, 1), generator)
        self.around = self.around_to_mean = None
        if n_known > 1:
            if end <= COARSE:
                self.around_to_mean = nn.Parameter(torch.zeros(end - first, n_known - 1, 3, 3, dtype=torch.float32))
            self.around = initialize_weights(empty_layer(nn.Conv2d, n_known - 1, hidden_size, 3), generator)
        self.step = nn.Parameter(torch.zeros(hidden_size, dtype=torch.float32))
        self.middle = initialize_weights(empty_layer(nn.Conv2d, hidden_size, hidden_size, 1), generator)
        self.last = initialize_weights(empty_layer(nn.Conv2d, hidden_size, 2 * (end - first), 1), generator)
        nn.init.zeros_(self.last.weight)
        # Twice the step, half the codes: log scale = log(scale at step 1) - log(step), to start from.
        self.log_scale = nn.Parameter(scales[first:end].log())
        self.slope = nn.Parameter(-torch.ones(end - first, dtype=torch.float32))

    def writes(self, codes: torch.Tensor) -> torch.Tensor:
        """1 where a block writes in this pass, else 0; shape (rows, columns)."""
        return self._blocks(codes, lambda turn: turn == self.turn)

    def knows(self, codes: torch.Tensor) -> torch.Tensor:
        """1 where a code was written before this pass, else 0; shape (channels, rows, columns)."""
        known = torch.zeros_like(codes[0])
        known[: self.first] = 1
        known[self.first : self.end] = self._blocks(codes, lambda turn: turn < self.turn)
        return known

    def _blocks(self, codes, chosen):
        pattern = chosen(torch.tensor(self.order, device=codes.device)).to(codes.dtype)
        rows, columns = codes.shape[2:]
        return pattern.repeat(rows // len(pattern) + 1, columns // len(pattern) + 1)[:rows, :columns]

    def forward(self, known: torch.Tensor, log_step: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and log scale, (n, end - first, rows, columns), from codes that are 0 where they are not yet known."""
        brightness, near = known[:, :1], self._neighbours(known[:, :1])
        seen = torch.ones_like(near[:1])
        if self.first == 0:
            # What the known neighbours say, the nearest the most.
            seen = self._neighbours(self.knows(known)[None, :1])
            weights = seen * self._nearness(known)
            brightness = (near * weights).sum(dim=1, keepdim=True) / weights.sum(dim=1, keepdim=True).clamp(min=1e-9)
        # Differences alone: what is foretold of a brighter picture is as good.
        differences = (near - brightness) * seen
        mean = torch.einsum("nsrc,ks->nkrc", differences, self.near_to_mean)
        mean = mean + brightness if self.first == 0 else mean
        hidden = self.near(torch.asinh(differences)) + (self.step * log_step[:, None])[:, :, None, None]
        if self.around is not None:
            others = F.pad(known[:, 1 : self.n_known], (1, 1, 1, 1))
            if self.around_to_mean is not None:
                mean = mean + F.conv2d(others, self.around_to_mean)
            hidden = hidden + self.around(torch.asinh(others))
        hidden = F.gelu(hidden)
        shift, change = self.last(hidden + F.gelu(self.middle(hidden))).chunk(2, dim=1)
        log_scale = change + (self.log_scale + self.slope * log_step[:, None])[:, :, None, None]
        log_scale = log_scale.clamp(math.log(SMALLEST_SCALE), math.log(LARGEST_SCALE))
        return mean + shift * log_scale.exp(), log_scale

    def _neighbours(self, plane: torch.Tensor) -> torch.Tensor:
        """The square of blocks around each: (n, 1, rows, columns) -> (n, (2 REACH + 1)^2, rows, columns)."""
        rim = (REACH * self.distance,) * 4
        around = F.unfold(F.pad(plane, rim, mode="reflect"), 2 * REACH + 1, dilation=self.distance)
        return around.reshape(len(plane), -1, *plane.shape[2:])

    def _nearness(self, like: torch.Tensor) -> torch.Tensor:
        steps = torch.arange(-REACH, REACH + 1, dtype=like.dtype, device=like.device)
        return torch.exp(-2 * (steps[:, None] ** 2 + steps**2)).reshape(1, -1, 1, 1)
