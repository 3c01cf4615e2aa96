"""Which factor a dimension follows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.play.latent_walk.run import factor_shares


def known_factors(n=300):
    rng = np.random.default_rng(3)
    numbers = {name: rng.uniform(*ends, n) for name, ends in {"slant": (-15, 15), "size": (12, 17)}.items()}
    return {"character": np.array(list("EX"))[rng.integers(2, size=n)]} | numbers


def test_each_dimension_is_said_to_follow_the_factor_that_it_was_made_from():
    factors, rng = known_factors(), np.random.default_rng(4)
    noise = rng.standard_normal((300, 5))
    codes = np.stack(
        [
            -0.3 * factors["size"] + 0.1 * noise[:, 0],
            (factors["character"] == "X") + 0.1 * noise[:, 1],
            noise[:, 2],
            0.01 * factors["slant"] + 0.2 * noise[:, 3],
            np.full(300, 0.7),
        ],
        axis=1,
    )
    shares = factor_shares(codes, factors)
    best = [(list(factors)[row.argmax()], row.max()) for row in shares]
    assert [name for name, _ in best[:2]] == ["size", "character"] and min(share for _, share in best[:2]) > 0.9
    assert best[2][1] < 0.1 and best[4][1] < 1e-9


@settings(max_examples=25, deadline=None)
@given(scale=st.floats(0.01, 100) | st.floats(-100, -0.01), shift=st.floats(-50, 50), seed=st.integers(0, 1000))
def test_shares_are_squared_correlations_whatever_the_scale_of_the_code(scale, shift, seed):
    factors = known_factors()
    codes = np.random.default_rng(seed).standard_normal((300, 3)) + factors["slant"][:, None] * [0, 0.05, 0.5]
    shares = factor_shares(codes, factors)
    assert (shares >= 0).all() and (shares <= 1).all()
    for number, name in ((1, "slant"), (2, "size")):
        wanted = [np.corrcoef(codes[:, k], factors[name])[0, 1] ** 2 for k in range(3)]
        assert np.allclose(shares[:, number], wanted, atol=1e-9)
    assert np.allclose(factor_shares(scale * codes + shift, factors), shares, atol=1e-6)


def test_the_share_of_a_character_is_what_lies_between_the_groups():
    factors = {"character": np.array(list("AAABBC"))}
    codes = np.array([[1.0], [2.0], [3.0], [7.0], [9.0], [4.0]])
    between = sum(len(group) * (np.mean(group) - codes.mean()) ** 2 for group in ([1, 2, 3], [7, 9], [4]))
    assert factor_shares(codes, factors)[0, 0] == pytest.approx(between / (6 * codes.var()))
