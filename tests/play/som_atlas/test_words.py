"""Numbers in the words of the map's playground."""

import pytest

from udl_teach.play.som_atlas.words import number_said

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize(
    ("value", "said"),
    [(13.0, "13.0"), (1060.4, "1,060"), (-0.5, "-0.500"), (0.0, "0"), (1e-30, "0"), (2e-5, "2.00e-05")],
)
def test_numbers_are_said_in_three_digits(value, said):
    assert number_said(value) == said
