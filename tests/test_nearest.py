"""The search for the nearest units, against all distances at once."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.nearest import nearest


def drawn(seed, *shape):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape).astype(np.float32))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(2, 40), st.integers(1, 9), st.integers(0, 10**6), st.integers(1, 70))
def test_the_nearest_two_are_those_of_a_full_table(n, n_units, n_features, seed, chunk):
    x, units = drawn(seed, n, n_features), drawn(seed + 1, n_units, n_features)
    distances, numbers = nearest(x, units, k=2, chunk=chunk)
    table = torch.cdist(x.double(), units.double())
    assert torch.allclose(distances.double(), table.topk(2, largest=False).values, atol=1e-5)
    assert torch.allclose(table.gather(1, numbers).float(), distances, atol=1e-5)
    assert (numbers[:, 0] != numbers[:, 1]).all()


def test_chunks_bound_the_memory_and_not_the_result():
    x, units = drawn(0, 1000, 16), drawn(1, 90, 16)
    whole = nearest(x, units, k=2, chunk=1000)
    for chunk in (1, 7, 999, None):
        part = nearest(x, units, k=2, chunk=chunk)
        assert torch.equal(part[1], whole[1]) and torch.allclose(part[0], whole[0], atol=1e-6)


def test_data_far_from_zero_lose_no_precision():
    # Years such as 2010 and 2011: their squares differ by less than a float32 of four million can tell.
    x = 20_000 + drawn(0, 500, 3)
    units = 20_000 + drawn(1, 50, 3)
    right = torch.cdist(x.double(), units.double()).min(dim=1)
    distances, numbers = nearest(x, units)
    assert torch.equal(numbers[:, 0], right.indices)
    assert torch.allclose(distances[:, 0].double(), right.values, atol=1e-5)


def test_missing_values_are_left_out_of_the_sum():
    x, units = drawn(0, 200, 6), drawn(1, 30, 6)
    x[drawn(2, 200, 6) > 0.8] = torch.nan
    x[x.isnan().all(dim=1), 0] = 0.0
    squares = (x[:, None] - units[None]) ** 2
    right = squares.nansum(dim=2).sqrt()
    distances, numbers = nearest(x, units, chunk=64, missing=True)
    assert torch.allclose(distances[:, 0], right.min(dim=1).values, atol=1e-5)
    assert torch.allclose(right.gather(1, numbers), distances, atol=1e-5)


def test_of_equals_the_first_is_taken():
    units = torch.ones(5, 2)
    assert nearest(torch.zeros(3, 2), units)[1].tolist() == [[0]] * 3
