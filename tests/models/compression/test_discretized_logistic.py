"""The discretized logistic distribution: its tables, quantizing by rate and distortion, codes of any size."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import logistic

from udl_teach.models import RangeDecoder, RangeEncoder
from udl_teach.models.compression.discretized_logistic import (
    MEANS_PER_UNIT,
    Distributions,
    cumulative_table,
    decode_codes,
    encode_codes,
    quantize_parameters,
    rdo_quantize,
    scale_of,
)


@pytest.mark.parametrize("scale_index", [1, 5, 20, 60, 90])
@pytest.mark.parametrize("fraction", range(MEANS_PER_UNIT))
def test_tables_hold_the_logistic_distribution(fraction, scale_index):
    table = np.array(cumulative_table(fraction, scale_index))
    frequencies = np.diff(table)
    assert table[0] == 0 and table[-1] == 2**16 and (frequencies >= 1).all()
    reach = (len(frequencies) - 1) // 2 - 1
    q = np.arange(-reach, reach + 2)
    law = logistic(fraction / MEANS_PER_UNIT, scale_of(scale_index))
    p = law.cdf(q + 0.5) - law.cdf(q - 0.5)
    np.testing.assert_allclose(frequencies[:-1] / 2**16, p, atol=(len(q) + 2) / 2**16)
    if scale_index < 60:  # wider ones leave their tails to the escape
        assert 1 - p.sum() < 1e-3


def test_parameters_are_rounded_to_the_nearest():
    rng = np.random.default_rng(0)
    mean, log_scale = rng.normal(0, 20, 1000), rng.uniform(math.log(0.1), math.log(400), 1000)
    floor, fraction, scale_index = quantize_parameters(mean, log_scale)
    assert np.abs(floor + fraction / MEANS_PER_UNIT - mean).max() <= 0.5 / MEANS_PER_UNIT
    assert np.abs(np.log2(scale_of(scale_index)) - log_scale / math.log(2)).max() <= 0.51 / 6
    assert ((0 <= fraction) & (fraction < MEANS_PER_UNIT)).all()
    assert (quantize_parameters(np.zeros(2), np.log([0.06, 1.0])).scale_index > 0).tolist() == [False, True]


@given(
    numbers=st.lists(st.integers(-(2**20), 2**20) | st.integers(-3, 3), min_size=1, max_size=60),
    seed=st.integers(0, 100),
)
@settings(max_examples=25, deadline=None)
def test_codes_of_any_size_come_back(numbers, seed):
    rng, n = np.random.default_rng(seed), len(numbers)
    mean = rng.integers(-5, 5, n), rng.integers(0, MEANS_PER_UNIT, n)
    distributions = Distributions(*mean, rng.integers(0, 80, n))
    codes = np.where(distributions.scale_index == 0, 0, np.array(numbers))
    encoder = RangeEncoder()
    encode_codes(encoder, codes, distributions)
    np.testing.assert_array_equal(decode_codes(RangeDecoder(encoder.finish()), distributions), codes)


def test_rdo_quantize_chooses_the_smallest_cost():
    rng = np.random.default_rng(0)
    n = 400
    mean, log_scale = rng.normal(0, 2, n), rng.uniform(math.log(0.1), math.log(5), n)
    values = mean + rng.logistic(size=n) * np.exp(log_scale)
    distributions = quantize_parameters(mean, log_scale)
    codes = rdo_quantize(values, distributions, 0.13)
    for value, code, floor, fraction, scale_index in zip(values, codes, *distributions, strict=True):
        if scale_index == 0:
            assert code == 0
            continue
        table = cumulative_table(int(fraction), int(scale_index))
        reach = (len(table) - 2) // 2 - 1
        costs = {}
        for candidate in range(math.floor(value) - 1, math.ceil(value) + 2):
            symbol = candidate - floor + reach
            if 0 <= symbol < len(table) - 2:
                p = (table[symbol + 1] - table[symbol]) / table[-1]
                costs[candidate] = (value - candidate) ** 2 - 0.13 * math.log2(p)
        if code in costs:
            assert costs[code] <= min(costs.values()) + 0.02
