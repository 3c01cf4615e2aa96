"""The discretized logistic distribution: quantization by rate and distortion, and frequency tables to code integers.

    P(q) = F((q + 1/2 - mean) / scale) - F((q - 1/2 - mean) / scale),    F(t) = 1 / (1 + exp(-t))

Means and scales are quantized before a table is made, so that there are few tables. Encoder and decoder each predict
them, in double precision: if their arithmetic differs in the last digit, the quantized ones are nearly always the same.

Sources: Salimans et al. 2017, "PixelCNN++", section 2.1, for the distribution; Sullivan and Wiegand 1998,
"Rate-distortion optimization for video compression", for quantizing by rate and distortion.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from udl_teach.models.compression.range_coder import MAX_TOTAL, RangeDecoder, RangeEncoder

SCALES_PER_OCTAVE, MEANS_PER_UNIT = 6, 8
MIN_SCALE = 0.05
# Below this scale and with a mean near 0, nearly all codes are 0: they are set to 0 and skipped.
SKIP_SCALE = 0.09
# Tables reach 10 scales from the mean, this far at most; codes beyond are coded by an escape symbol and their bits.
MAX_REACH = 2000
FAIR_BIT = (0, 1, 2)  # frequency table of a bit with probability 1/2
MAX_BITS = 24  # of an escaped code


class Distributions(NamedTuple):
    """Quantized parameters of a distribution for each code: three int64 arrays of shape (n_codes,).

    Attributes:
        floor: the mean, rounded down.
        fraction: the rest of the mean in eighths, 0 to 7; mean = floor + fraction / 8.
        scale_index: index into the scale table, from 1 on; 0 marks codes that are skipped, because they are 0.
    """

    floor: np.ndarray
    fraction: np.ndarray
    scale_index: np.ndarray


def scale_of(scale_index: np.ndarray | int) -> np.ndarray | float:
    """The scale table, with six scales per octave: scale = 0.05 * 2^(scale_index / 6)."""
    return MIN_SCALE * 2 ** (scale_index / SCALES_PER_OCTAVE)


def quantize_parameters(mean: np.ndarray, log_scale: np.ndarray) -> Distributions:
    """The nearest distributions that have a table; `mean` and `log_scale` (natural logarithm) of shape (n_codes,)."""
    eighths = np.rint(mean * MEANS_PER_UNIT).astype(np.int64)
    index = np.rint((log_scale - math.log(MIN_SCALE)) / math.log(2) * SCALES_PER_OCTAVE).astype(np.int64)
    skipped = (scale_of(index) < SKIP_SCALE) & (np.abs(eighths) <= 1)
    return Distributions(eighths // MEANS_PER_UNIT, eighths % MEANS_PER_UNIT, np.where(skipped, 0, index.clip(1)))


@cache
def cumulative_table(fraction: int, scale_index: int) -> list[int]:
    """Cumulative frequencies, from 0 to 2^16, of the symbols of one distribution.

    Symbols 0, 1, ..., 2 reach + 1 are the codes -reach, ..., reach + 1 relative to the floor of the mean; the last
    symbol is the escape.
    """
    scale = scale_of(scale_index)
    reach = min(math.ceil(10 * scale) + 1, MAX_REACH)
    edges = (np.arange(-reach, reach + 3) - 0.5 - fraction / MEANS_PER_UNIT) / scale
    cdf = 0.5 * (1 + np.tanh(edges / 2))  # F(t) = (1 + tanh(t / 2)) / 2, at the edges between codes
    # Every symbol has a frequency of at least 1; the tails beyond the table go to the escape.
    to_share = MAX_TOTAL - len(edges)
    cumulative = np.arange(len(edges)) + np.rint((cdf - cdf[0]) * to_share).astype(np.int64)
    return [*cumulative.tolist(), MAX_TOTAL]


def rdo_quantize(coefficients: np.ndarray, distributions: Distributions, rate_weight: float) -> np.ndarray:
    """Rate-distortion optimized quantization: of two candidates the one with the smaller cost.

        cost(q) = (coefficient - q)^2 + rate_weight * bits(q)

    The candidates are the nearest integer and the next one towards the mean; skipped codes become 0.

    Args:
        coefficients: in units of the quantization step size, shape (n_codes,).
        distributions: of the codes.
        rate_weight: the Lagrange multiplier of the rate.

    Returns:
        Codes, an int64 array of shape (n_codes,).
    """
    mean = distributions.floor + distributions.fraction / MEANS_PER_UNIT
    nearest = np.rint(coefficients)
    other = nearest - np.sign(nearest - np.rint(mean))
    scale = scale_of(distributions.scale_index)
    cost_nearest, cost_other = (
        (coefficients - q) ** 2 + rate_weight * _bits((q - mean) / scale, scale) for q in (nearest, other)
    )
    chosen = np.where(cost_other < cost_nearest, other, nearest)
    return np.where(distributions.scale_index == 0, 0, chosen).astype(np.int64)


def _bits(t: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Bits of a code whose distance from its mean, in units of the scale, is t: log2 of 1 / P(q)."""
    p = np.abs(np.tanh((t + 0.5 / scale) / 2) - np.tanh((t - 0.5 / scale) / 2)) / 2
    return -np.log2(np.maximum(p, 1 / MAX_TOTAL))


def encode_codes(encoder: RangeEncoder, codes: np.ndarray, distributions: Distributions) -> None:
    """Write integers, shape (n_codes,); those that are skipped must be 0."""
    coded = distributions.scale_index > 0
    symbols, tables, escaped = [], _tables(distributions, coded), []
    for code, table in zip((codes - distributions.floor)[coded].tolist(), tables, strict=True):
        escape = len(table) - 2
        symbol = code + (escape // 2 - 1)
        if not 0 <= symbol < escape:
            symbol, escaped = escape, [*escaped, code]
        symbols.append(symbol)
    encoder.encode_all(symbols, tables)
    for code in escaped:
        bits = _escape_bits(code)
        encoder.encode_all(bits, [FAIR_BIT] * len(bits))


def decode_codes(decoder: RangeDecoder, distributions: Distributions) -> np.ndarray:
    """Read what `encode_codes` wrote: int64 array of shape (n_codes,).

    Raises:
        ValueError: `encode_codes` cannot have written this.
    """
    coded = distributions.scale_index > 0
    tables, decoded = _tables(distributions, coded), []
    for symbol, table in zip(decoder.decode_all(tables), tables, strict=True):
        escape = len(table) - 2
        decoded.append(symbol - (escape // 2 - 1) if symbol < escape else _decode_escaped(decoder))
    codes = np.zeros(len(coded), dtype=np.int64)
    codes[coded] = np.array(decoded, dtype=np.int64) + distributions.floor[coded]
    return codes


def _tables(distributions: Distributions, coded: np.ndarray) -> list[list[int]]:
    fractions, indices = distributions.fraction[coded].tolist(), distributions.scale_index[coded].tolist()
    return [cumulative_table(fraction, index) for fraction, index in zip(fractions, indices, strict=True)]


def _escape_bits(code: int) -> list[int]:
    """A prefix code for any integer, like Elias gamma's: its number of bits in unary, its bits, its sign."""
    size = abs(code)
    n_bits = size.bit_length()
    return [1] * n_bits + [0] + [size >> place & 1 for place in range(n_bits)] + [int(code < 0)]


def _decode_escaped(decoder: RangeDecoder) -> int:
    n_bits = 0
    while decoder.decode(FAIR_BIT) == 1:
        n_bits += 1
        if n_bits > MAX_BITS:
            raise ValueError("the stream holds a code larger than any image has.")
    size = sum(decoder.decode(FAIR_BIT) << place for place in range(n_bits))
    return -size if decoder.decode(FAIR_BIT) else size
