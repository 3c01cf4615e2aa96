"""The entropy model: a probability for every code, predicted from the codes that the decoder already has.

    bits(q) = sum over all codes i of  log2(1 / P(q_i)),    P(q_i): discretized logistic with mean_i and scale_i

Channel 0 holds the DC coefficient of each block (its brightness), the others its AC coefficients from low to high
frequency. The codes q of an image are coded in passes, each of one group of channels in some of the blocks. All means
and scales of a pass are computed at once, by a small network, from the codes of earlier passes in the same block and in
its neighbours (the context); the decoder, which has them, computes the same. Codes close to their mean cost few bits.

Sources: Minnen, Balle and Toderici 2018, "Joint autoregressive and hierarchical priors for learned image compression",
for mean and scale from a causal context; He et al. 2021, "Checkerboard context model for efficient learned image
compression", for passes over some of the blocks; Minnen and Singh 2020, "Channel-wise autoregressive entropy models for
learned image compression", for groups of channels.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

from udl_teach.models.layers import empty_layer, initialize_weights

# The pass of a group in which each block is coded. The DC goes from coarse to fine, by squares of 4 x 4 blocks, so that
# most blocks lie between known ones; the AC goes in two passes, first the white, then the black squares of a board.
COARSE_TO_FINE = ((0, 4, 2, 4), (4, 3, 4, 3), (2, 4, 1, 4), (4, 3, 4, 3))
CHECKERBOARD = ((0, 1), (1, 0))
REACH = 2  # of the context of DC codes: 5 x 5 positions
# The sign of a coefficient, and so a mean other than 0, can be predicted in the lowest frequencies alone.
LOW_FREQUENCIES = 12
MIN_SCALE, MAX_SCALE = 0.05, 500.0


class EntropyModel(nn.Module):
    """Mean and scale of the distribution of every code.

    Args:
        scales: initial scale of each channel's codes at a quantization step size of 1, shape (channels,).
        groups: numbers of channels that are coded together, from channel 0 on; the first group is the DC alone.
        hidden_size: width of the networks.
        generator: for the initial weights.
    """

    def __init__(
        self, scales: torch.Tensor, groups: tuple[int, ...], hidden_size: int, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.passes = nn.ModuleList()
        first = 0
        for size in groups:
            pattern = COARSE_TO_FINE if first == 0 else CHECKERBOARD
            for turn in range(max(map(max, pattern)) + 1):
                self.passes.append(Pass(first, first + size, pattern, turn, scales, hidden_size, generator))
            first += size

    def forward(self, codes: torch.Tensor, log_step_size: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """All passes at once, as in training, where every code is known; each pass sees codes of earlier passes only.

        Args:
            codes: shape (batch, channels, rows, columns), with at least 5 rows and columns.
            log_step_size: natural logarithm of each image's quantization step size, shape (batch,).

        Returns:
            (mean, log_scale): each of the shape of `codes`, in units of the quantization step size.
        """
        means, log_scales = [], []
        for one in self.passes:
            coded_now = one.coded_now(codes)
            mean, log_scale = (value * coded_now for value in one(codes * one.known(codes), log_step_size))
            if one.turn == 0:
                means.append(mean)
                log_scales.append(log_scale)
            else:
                means[-1] = means[-1] + mean
                log_scales[-1] = log_scales[-1] + log_scale
        return torch.cat(means, dim=1), torch.cat(log_scales, dim=1)

    def bits(self, values: torch.Tensor, codes: torch.Tensor, log_step_size: torch.Tensor) -> torch.Tensor:
        """Bits of each value, in a context of codes.

            bits(v) = log2(1 / P(v)),    P(v) = F((v + 1/2 - mean) / scale) - F((v - 1/2 - mean) / scale)

        Args:
            values: codes, or codes with noise, shape (batch, channels, rows, columns).
            codes: the context from which mean and scale are predicted, of the same shape.
            log_step_size: as in `forward`.

        Returns:
            Bits, of the shape of `values`.
        """
        mean, log_scale = self(codes, log_step_size)
        scale = log_scale.exp()
        a, b = ((values + half - mean) / scale for half in (0.5, -0.5))
        # F(a) - F(b) = F(a) F(-b) (1 - exp(b - a)), which keeps its digits and its gradient far from the mean.
        nats = F.logsigmoid(a) + F.logsigmoid(-b) + torch.log(-torch.expm1(-1 / scale))
        return -nats / math.log(2)


class Pass(nn.Module):
    """One pass: which codes it codes, and the network that predicts their means and scales.

    Args:
        first: the first channel of its group.
        end: the first channel after its group.
        pattern: the turn in which each block is coded, for a square that repeats over the image.
        turn: the turn of this pass.
        scales: as for `EntropyModel`.
        hidden_size: width of the network.
        generator: for the initial weights.
    """

    def __init__(
        self,
        first: int,
        end: int,
        pattern: tuple[tuple[int, ...], ...],
        turn: int,
        scales: torch.Tensor,
        hidden_size: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        self.first, self.end, self.pattern, self.turn = first, end, pattern, turn
        self.dilation = 2 if first == 0 and turn in (1, 2) else 1  # in blocks, to the nearest known DC
        # Channels of which some codes are known: earlier groups and, after its first pass, this group itself.
        self.n_known = first if turn == 0 else end
        n_context = (2 * REACH + 1) ** 2
        # The names of these weights are part of saved files and of the fingerprint in every stream.
        self.near_to_mean = nn.Parameter(torch.zeros(end - first, n_context, dtype=torch.float32))
        self.near = initialize_weights(empty_layer(nn.Conv2d, n_context, hidden_size, 1), generator)
        self.around = self.around_to_mean = None
        if self.n_known > 1:
            n_ac = self.n_known - 1
            if end <= LOW_FREQUENCIES:
                self.around_to_mean = nn.Parameter(torch.zeros(end - first, n_ac, 3, 3, dtype=torch.float32))
            self.around = initialize_weights(empty_layer(nn.Conv2d, n_ac, hidden_size, 3), generator)
        self.step = nn.Parameter(torch.zeros(hidden_size, dtype=torch.float32))
        self.middle = initialize_weights(empty_layer(nn.Conv2d, hidden_size, hidden_size, 1), generator)
        self.last = initialize_weights(empty_layer(nn.Conv2d, hidden_size, 2 * (end - first), 1), generator)
        nn.init.zeros_(self.last.weight)
        # At first log scale = log(scale at step size 1) - log(step size): twice the step size, half the codes.
        self.log_scale = nn.Parameter(scales[first:end].log())
        self.slope = nn.Parameter(-torch.ones(end - first, dtype=torch.float32))

    def coded_now(self, codes: torch.Tensor) -> torch.Tensor:
        """Mask, shape (rows, columns): 1 for the blocks that this pass codes, else 0."""
        return self._mask(codes, lambda turn: turn == self.turn)

    def known(self, codes: torch.Tensor) -> torch.Tensor:
        """Mask, shape (channels, rows, columns): 1 for the codes of earlier passes, else 0."""
        mask = torch.zeros_like(codes[0])
        mask[: self.first] = 1
        mask[self.first : self.end] = self._mask(codes, lambda turn: turn < self.turn)
        return mask

    def _mask(self, codes: torch.Tensor, condition: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        pattern = condition(torch.tensor(self.pattern, device=codes.device)).to(codes.dtype)
        rows, columns = codes.shape[2:]
        return pattern.repeat(rows // len(pattern) + 1, columns // len(pattern) + 1)[:rows, :columns]

    def forward(self, known: torch.Tensor, log_step_size: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and scale of channels k = first, ..., end - 1 in every block, from a context of known codes.

        The context consists of d, the DC codes of the 5 x 5 blocks around, as differences to `dc` (see `_dc_context`),
        and a, the AC codes of the 3 x 3 blocks around, channels 1, ..., n_known - 1. In the formulas beside the lines,
        D is the quantization step size, * a convolution, and A, B, U, V, w, M, W, l, r are weights. Terms with a are
        missing where no AC code is known, and B in high frequencies.

        Args:
            known: codes, shape (batch, channels, rows, columns), 0 where they are not known yet.
            log_step_size: log D, shape (batch,).

        Returns:
            (mean, log_scale): each of shape (batch, end - first, rows, columns), in units of D.
        """
        log_step_size = log_step_size[:, None]
        dc, d = self._dc_context(known)  # (b, 1, r, c), (b, 25, r, c)
        # mean_k = A_k d + B_k * a    (+ dc where the DC itself is coded, k = 0)
        mean = torch.einsum("bjrc,kj->bkrc", d, self.near_to_mean)
        mean = mean + dc if self.first == 0 else mean
        # h = gelu(U asinh(d) + V * asinh(a) + w log D);    asinh(t) is near t for small t and near log(2 t) for large t
        h = self.near(torch.asinh(d)) + (self.step * log_step_size)[:, :, None, None]
        if self.around is not None:
            a = F.pad(known[:, 1 : self.n_known], (1, 1, 1, 1))
            if self.around_to_mean is not None:
                mean = mean + F.conv2d(a, self.around_to_mean)
            h = h + self.around(torch.asinh(a))
        h = F.gelu(h)  # (b, hidden_size, r, c)
        # (s_k, c_k) = W (h + gelu(M h))
        s, c = self.last(h + F.gelu(self.middle(h))).chunk(2, dim=1)
        # log scale_k = c_k + l_k + r_k log D
        log_scale = c + (self.log_scale + self.slope * log_step_size)[:, :, None, None]
        log_scale = log_scale.clamp(math.log(MIN_SCALE), math.log(MAX_SCALE))
        # mean_k + s_k scale_k: the network's correction is in units of the scale.
        return mean + s * log_scale.exp(), log_scale

    def _dc_context(self, known: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The DC codes q_1, ..., q_25 around each block, as differences, which do not depend on the brightness.

            d_j = m_j (q_j - dc),    m_j = 1 where q_j is known, else 0

        Here dc is the block's own DC code or, while that is still to be coded, an estimate of it: the mean of the known
        ones, weighted by their distance,

            dc = sum_j w_j q_j / sum_j w_j,    w_j = m_j exp(-2 distance_j^2)

        Returns:
            (dc, d): shapes (batch, 1, rows, columns) and (batch, 25, rows, columns).
        """
        q = self._neighbours(known[:, :1])
        if self.first > 0:
            dc = known[:, :1]
            return dc, q - dc
        m = self._neighbours(self.known(known)[None, :1])
        offsets = torch.arange(-REACH, REACH + 1, dtype=known.dtype, device=known.device)
        w = m * torch.exp(-2 * (offsets[:, None] ** 2 + offsets**2)).reshape(1, -1, 1, 1)
        dc = (q * w).sum(dim=1, keepdim=True) / w.sum(dim=1, keepdim=True).clamp(min=1e-9)
        return dc, (q - dc) * m

    def _neighbours(self, plane: torch.Tensor) -> torch.Tensor:
        """The 5 x 5 positions around each block, dilated: (batch, 1, rows, columns) -> (batch, 25, rows, columns)."""
        padded = F.pad(plane, (REACH * self.dilation,) * 4, mode="reflect")
        around = F.unfold(padded, 2 * REACH + 1, dilation=self.dilation)
        return around.reshape(len(plane), -1, *plane.shape[2:])
