"""Frequency tables for codes whose mean and scale are foretold, and the codes written and read with them.

The distribution is the logistic one, cut into whole numbers:

    P(code) = F((code + 1/2 - mean) / scale) - F((code - 1/2 - mean) / scale),    F(t) = 1 / (1 + exp(-t))

Means and scales are rounded to a few levels before a table is made. Writer and reader each foretell them, in double
precision: should their arithmetic differ in the last digit, the rounded levels hardly ever do.
"""

import math
from functools import cache

import numpy as np

from udl_teach.models.compression.range_coder import MOST, RangeDecoder, RangeEncoder

SCALES_PER_DOUBLING, PARTS_OF_MEAN = 6, 8
SMALLEST_SCALE = 0.05
# Below this scale nearly every code is 0 (all but one in a few hundred): such codes are made 0 and not written at all.
NOT_WRITTEN = 0.09
WIDEST = 2000  # codes further than this from their mean, and rarer ones, are written as an escape and their digits
BIT = (0, 1, 2)
LONGEST = 24  # binary digits of an escaped code


def scale_of(level: np.ndarray | int) -> np.ndarray | float:
    """Scale of the distribution at a level of at least 1."""
    return SMALLEST_SCALE * 2 ** (level / SCALES_PER_DOUBLING)


def levels(mean: np.ndarray, log_scale: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(offset, part, level): means rounded to offset + part / 8, log scales to sixths of a doubling.

    Level 0 marks codes that are not written: they are 0 for sure.
    """
    eighths = np.rint(mean * PARTS_OF_MEAN).astype(np.int64)
    level = np.rint((log_scale - math.log(SMALLEST_SCALE)) / math.log(2) * SCALES_PER_DOUBLING).astype(np.int64)
    sure = (scale_of(level) < NOT_WRITTEN) & (np.abs(eighths) <= 1)
    return eighths // PARTS_OF_MEAN, eighths % PARTS_OF_MEAN, np.where(sure, 0, level.clip(1))


@cache
def table(part: int, level: int) -> list[int]:
    """Running sum of the frequencies of -reach ... reach + 1 around the offset and, last, of the escape."""
    scale = scale_of(level)
    reach = min(math.ceil(10 * scale) + 1, WIDEST)
    edges = (np.arange(-reach, reach + 3) - 0.5 - part / PARTS_OF_MEAN) / scale
    below = 0.5 * (1 + np.tanh(edges / 2))  # F at the edges between codes
    # Every code, and the escape, keeps a frequency of 1 at least; what lies beyond the reach goes to the escape.
    rest = MOST - len(edges)
    cumulative = np.arange(len(edges)) + np.rint((below - below[0]) * rest).astype(np.int64)
    return [*cumulative.tolist(), MOST]


def rounded(values: np.ndarray, offset: np.ndarray, part: np.ndarray, level: np.ndarray, trade: float) -> np.ndarray:
    """Each value as the whole number beside it that costs least: (value - code)^2 + trade * bits.

    What is not written becomes 0; else it is the nearest number or the next one towards the mean.
    """
    mean = offset + part / PARTS_OF_MEAN
    nearest = np.rint(values)
    other = nearest - np.sign(nearest - np.rint(mean))
    scale = scale_of(level)
    cost_nearest, cost_other = (
        (values - code) ** 2 + trade * _bits((code - mean) / scale, scale) for code in (nearest, other)
    )
    return np.where(level == 0, 0, np.where(cost_other < cost_nearest, other, nearest)).astype(np.int64)


def _bits(far: np.ndarray, scale: np.ndarray) -> np.ndarray:
    share = np.abs(np.tanh((far + 0.5 / scale) / 2) - np.tanh((far - 0.5 / scale) / 2)) / 2
    return -np.log2(np.maximum(share, 1 / MOST))


def write(encoder: RangeEncoder, codes: np.ndarray, offset: np.ndarray, part: np.ndarray, level: np.ndarray) -> None:
    """Write whole numbers, one-dimensional arrays of one length; those of level 0 must be 0."""
    kept = level > 0
    symbols, cumulatives, escaped = [], [], []
    rest = (codes - offset)[kept].tolist()
    for number, cumulative in zip(rest, _tables(part[kept], level[kept]), strict=True):
        escape = len(cumulative) - 2
        symbol = number + (escape // 2 - 1)
        if not 0 <= symbol < escape:
            symbol, escaped = escape, [*escaped, number]
        symbols.append(symbol)
        cumulatives.append(cumulative)
    encoder.encode_all(symbols, cumulatives)
    for number in escaped:
        digits = _digits(number)
        encoder.encode_all(digits, [BIT] * len(digits))


def read(decoder: RangeDecoder, offset: np.ndarray, part: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Read what `write` wrote; int64 array of the same length. ValueError where it cannot have been `write`."""
    kept = level > 0
    cumulatives = _tables(part[kept], level[kept])
    symbols = decoder.decode_all(cumulatives)
    numbers = []
    for symbol, cumulative in zip(symbols, cumulatives, strict=True):
        escape = len(cumulative) - 2
        numbers.append(symbol - (escape // 2 - 1) if symbol < escape else _number(decoder))
    codes = np.zeros(len(level), dtype=np.int64)
    codes[kept] = np.array(numbers, dtype=np.int64) + offset[kept]
    return codes


def _tables(part: np.ndarray, level: np.ndarray) -> list[list[int]]:
    return [table(one_part, one_level) for one_part, one_level in zip(part.tolist(), level.tolist(), strict=True)]


def _digits(number: int) -> list[int]:
    """Any whole number in bits: as many ones as it has binary digits, a zero, the digits, the sign."""
    size = abs(number)
    length = size.bit_length()
    return [1] * length + [0] + [size >> place & 1 for place in range(length)] + [int(number < 0)]


def _number(decoder: RangeDecoder) -> int:
    length = 0
    while decoder.decode(BIT) == 1:
        length += 1
        if length > LONGEST:
            raise ValueError("the stream holds a code larger than any picture has.")
    size = sum(decoder.decode(BIT) << place for place in range(length))
    return -size if decoder.decode(BIT) else size
