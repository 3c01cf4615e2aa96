"""The range coder: what goes in comes out, at the length that the entropy says."""

import math
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.models import RangeDecoder, RangeEncoder

FREQUENCIES = st.lists(st.integers(0, 300), min_size=1, max_size=60).filter(any)


def cumulative(frequencies):
    return [0, *accumulate(frequencies)]


def information(symbols, frequencies):
    """Bits that the frequencies give the symbols: sum of log2(total / frequency)."""
    total = sum(frequencies)
    return sum(math.log2(total / frequencies[symbol]) for symbol in symbols)


@given(frequencies=FREQUENCIES, n=st.integers(0, 400), seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_messages_come_back_at_the_length_of_their_information(frequencies, n, seed):
    p = np.array(frequencies) / sum(frequencies)
    symbols = np.random.default_rng(seed).choice(len(p), size=n, p=p).tolist()
    encoder, table = RangeEncoder(), cumulative(frequencies)
    for symbol in symbols:
        encoder.encode(symbol, table)
    message = encoder.finish()
    decoder = RangeDecoder(message)
    assert [decoder.decode(table) for _ in symbols] == symbols
    assert 8 * len(message) <= 1.01 * information(symbols, frequencies) + 8


@pytest.mark.parametrize("frequencies", [[65535, 1], [1] * 256, [1, 2, 4, 8, 16], [60000, 5000, 500, 36]])
def test_long_messages_stay_within_a_hundredth_of_their_information(frequencies):
    p = np.array(frequencies) / sum(frequencies)
    symbols = np.random.default_rng(1).choice(len(p), size=20_000, p=p).tolist()
    encoder, table = RangeEncoder(), cumulative(frequencies)
    encoder.encode_all(symbols, [table] * len(symbols))
    message = encoder.finish()
    assert RangeDecoder(message).decode_all([table] * len(symbols)) == symbols
    bits = information(symbols, frequencies)
    assert bits - 8 <= 8 * len(message) <= 1.01 * bits + 8


def test_every_symbol_can_have_a_table_of_its_own():
    rng = np.random.default_rng(0)
    tables = [cumulative(rng.integers(1, 50, size=rng.integers(1, 20)).tolist()) for _ in range(500)]
    symbols = [int(rng.integers(len(table) - 1)) for table in tables]
    encoder = RangeEncoder()
    encoder.encode_all(symbols, tables)
    assert RangeDecoder(encoder.finish()).decode_all(tables) == symbols


def test_a_carry_runs_through_bytes_already_written():
    # The likeliest symbol of these is the last one, so that `low` creeps up to the next digit again and again.
    table = cumulative([1, 1, 65534])
    for last in range(200):
        symbols = [2] * 3000 + [1] * (last % 5) + [2] * last + [0, 1]
        encoder = RangeEncoder()
        encoder.encode_all(symbols, [table] * len(symbols))
        assert RangeDecoder(encoder.finish()).decode_all([table] * len(symbols)) == symbols


def test_certain_symbols_cost_nothing():
    encoder = RangeEncoder()
    for _ in range(1000):
        encoder.encode(0, [0, 7])
    assert encoder.finish() == b""


@pytest.mark.parametrize("symbol", [-1, 1, 3])
def test_a_symbol_of_frequency_0_is_refused_and_nothing_is_written(symbol):
    encoder = RangeEncoder()
    with pytest.raises(ValueError, match="frequency in the table is 0"):
        encoder.encode(symbol, [0, 2, 2, 5])
    assert encoder.finish() == b""


def test_too_large_frequencies_are_refused():
    with pytest.raises(ValueError, match="at most 65536"):
        RangeEncoder().encode(0, [0, 70_000])
