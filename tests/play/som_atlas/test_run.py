"""The walk over a map, and the maps that are trained here."""

import pytest
from machinery.som_atlas import FEW, TOPOLOGIES, trained

from udl_teach import play
from udl_teach.play.som_atlas.run import MOST_SIDE

pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_play_walks_from_unit_to_touching_unit_and_comes_to_samples(topology):
    model = trained(FEW, 4, 6, topology=topology, wrap=True)
    playground = play.som_atlas(FEW, model, seed=2)
    grid, seen = model.grid.neighbour_table(), [playground.snapshot.unit]
    for _ in range(60):
        playground.play.value += 1
        seen.append(playground.snapshot.unit)
        assert (playground.inputs["row"].value, playground.inputs["column"].value) == playground.snapshot.place
    assert all(second in grid[first] for first, second in zip(seen, seen[1:], strict=False))
    assert len(set(seen)) > 12
    playground.reset_button.click()
    assert playground.snapshot.unit == seen[0]


def test_the_digits_are_trained_once_for_all_playgrounds():
    first = play.som_atlas()
    chart = first.snapshot.chart
    assert play.som_atlas().snapshot.chart is chart
    assert chart.shape == (MOST_SIDE, MOST_SIDE)
