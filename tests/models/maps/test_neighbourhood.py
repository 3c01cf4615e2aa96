"""The neighbourhood function, and the radius that a map takes by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach.grid import Grid
from udl_teach.models import SelfOrganizingMap
from udl_teach.models.maps.neighbourhood import default_radius


def test_the_neighbourhood_of_a_unit():
    model = SelfOrganizingMap(2, 3, 4)
    h = model.neighbourhood_function((1, 1), 1.0)
    assert h.shape == (3, 4) and h[1, 1] == 1
    assert h[0, 1] == pytest.approx(np.exp(-0.5)) and h[0, 0] == pytest.approx(np.exp(-1))
    assert SelfOrganizingMap(2, 3, 4, neighbourhood="bubble").neighbourhood_function((1, 1), 1.0).sum() == 5


@pytest.mark.parametrize("neighbourhood", ["gaussian", "bubble"])
@pytest.mark.parametrize("n_samples", [30_000, 1437, 640, 200])
def test_the_radius_ends_larger_where_units_have_few_samples(n_samples, neighbourhood):
    least = {"gaussian": 0.51, "bubble": 1.0}[neighbourhood]
    assert default_radius(Grid(8, 8), neighbourhood, n_samples) == (4, least + 1.65 * 64 / n_samples)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 12), st.integers(2, 400), st.booleans(), st.sampled_from(["gaussian", "bubble"]))
def test_the_radius_grows_with_the_units_but_never_covers_the_map(side, n_samples, wrap, neighbourhood):
    end, larger = (
        default_radius(Grid(rows, rows, wrap=wrap), neighbourhood, n_samples)[1] for rows in (side, side + 1)
    )
    assert end <= larger
    least = {"gaussian": 0.51, "bubble": 1.0}[neighbourhood]
    assert least <= end <= max(0.36 * side / (2 if wrap else 1), least)
