"""The range coder: what goes in comes out, at the length that the entropy says."""

import math
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.models import RangeDecoder, RangeEncoder
from udl_teach.models.compression import code_tables

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
    share = np.array(frequencies) / sum(frequencies)
    symbols = np.random.default_rng(seed).choice(len(share), size=n, p=share).tolist()
    encoder, table = RangeEncoder(), cumulative(frequencies)
    for symbol in symbols:
        encoder.encode(symbol, table)
    message = encoder.finish()
    decoder = RangeDecoder(message)
    assert [decoder.decode(table) for _ in symbols] == symbols
    assert 8 * len(message) <= 1.01 * information(symbols, frequencies) + 8


@pytest.mark.parametrize("frequencies", [[65535, 1], [1] * 256, [1, 2, 4, 8, 16], [60000, 5000, 500, 36]])
def test_long_messages_stay_within_a_hundredth_of_their_information(frequencies):
    share = np.array(frequencies) / sum(frequencies)
    symbols = np.random.default_rng(1).choice(len(share), size=20_000, p=share).tolist()
    encoder, table = RangeEncoder(), cumulative(frequencies)
    encoder.encode_all(symbols, [table] * len(symbols))
    message = encoder.finish()
    assert RangeDecoder(message).decode_all([table] * len(symbols)) == symbols
    bits = information(symbols, frequencies)
    assert bits - 8 <= 8 * len(message) <= 1.01 * bits + 8


def test_every_symbol_may_have_a_table_of_its_own():
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
def test_a_symbol_without_room_is_refused_and_nothing_is_written(symbol):
    encoder = RangeEncoder()
    with pytest.raises(ValueError, match="no room"):
        encoder.encode(symbol, [0, 2, 2, 5])
    assert encoder.finish() == b""


def test_too_large_frequencies_are_refused():
    with pytest.raises(ValueError, match="at most 65536"):
        RangeEncoder().encode(0, [0, 70_000])


@pytest.mark.parametrize("level", [1, 5, 20, 60, 90])
@pytest.mark.parametrize("part", range(code_tables.PARTS_OF_MEAN))
def test_tables_hold_the_logistic_distribution(part, level):
    from scipy.stats import logistic

    table = np.array(code_tables.table(part, level))
    frequencies = np.diff(table)
    assert table[0] == 0 and table[-1] == 2**16 and (frequencies >= 1).all()
    reach = (len(frequencies) - 1) // 2 - 1
    numbers = np.arange(-reach, reach + 2)
    whole = logistic(part / code_tables.PARTS_OF_MEAN, code_tables.scale_of(level))
    share = whole.cdf(numbers + 0.5) - whole.cdf(numbers - 0.5)
    np.testing.assert_allclose(frequencies[:-1] / 2**16, share, atol=(len(numbers) + 2) / 2**16)
    if level < 60:  # wider ones leave their rare ends to the escape
        assert 1 - share.sum() < 1e-3


@given(
    numbers=st.lists(st.integers(-(2**20), 2**20) | st.integers(-3, 3), min_size=1, max_size=60),
    seed=st.integers(0, 100),
)
@settings(max_examples=25, deadline=None)
def test_codes_of_any_size_come_back(numbers, seed):
    rng, n = np.random.default_rng(seed), len(numbers)
    offset, part = rng.integers(-5, 5, n), rng.integers(0, code_tables.PARTS_OF_MEAN, n)
    level = rng.integers(0, 80, n)
    codes = np.where(level == 0, 0, np.array(numbers))
    encoder = RangeEncoder()
    code_tables.write(encoder, codes, offset, part, level)
    np.testing.assert_array_equal(code_tables.read(RangeDecoder(encoder.finish()), offset, part, level), codes)


def test_levels_are_the_nearest_ones():
    rng = np.random.default_rng(0)
    mean, log_scale = rng.normal(0, 20, 1000), rng.uniform(math.log(0.1), math.log(400), 1000)
    offset, part, level = code_tables.levels(mean, log_scale)
    assert np.abs(offset + part / code_tables.PARTS_OF_MEAN - mean).max() <= 0.5 / code_tables.PARTS_OF_MEAN
    assert np.abs(np.log2(code_tables.scale_of(level)) - log_scale / math.log(2)).max() <= 0.51 / 6
    assert ((0 <= part) & (part < code_tables.PARTS_OF_MEAN)).all()
    assert (code_tables.levels(np.zeros(2), np.log([0.06, 1.0]))[2] > 0).tolist() == [False, True]
