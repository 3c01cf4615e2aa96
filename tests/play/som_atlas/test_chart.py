"""What is read off a map once: short codes of the classes, and where a unit lies."""

import pytest
from machinery.som_atlas import FEW, go, trained

from udl_teach import play
from udl_teach.play.som_atlas.chart import short

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_codes_are_as_short_as_they_can_be_and_all_different():
    assert short(("Barolo", "Grignolino", "Barbera")) == ("Baro", "Grig", "Barb")
    assert short(tuple("0123456789")) == tuple("0123456789")
    assert short(("1", "1000")) == ("1", "1000")
    assert short(("class_0", "class_1")) == ("0", "1")


def test_the_place_of_a_unit_is_told_by_its_distance_to_its_neighbours():
    playground = play.som_atlas(FEW, trained(FEW, 6, 6))
    u = playground.snapshot.chart.u_matrix
    for unit, wanted in ((u.argmax(), "a border between regions"), (u.argmin(), "the middle of a region")):
        go(playground, *divmod(int(unit), 6))
        assert f"those of its neighbours: {u.flat[unit]:.2f} (" in playground.said and wanted in playground.said
