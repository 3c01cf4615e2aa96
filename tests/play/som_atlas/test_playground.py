"""The playground of a map: layers, units and features are chosen, and any data and map can be read."""

import numpy as np
import pytest
from machinery.playgrounds import touch
from machinery.som_atlas import FEW, TOPOLOGIES, WINE, go, trained

from udl_teach import data, play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_a_table_is_scaled_for_the_map_and_told_in_its_own_units():
    playground = play.som_atlas(WINE, layer="component", feature="proline")
    scaled = WINE.scaled("standard")
    model = playground.snapshot.chart.model
    plane = playground._drawing.map.units.get_array().reshape(model.rows, model.columns)
    assert np.allclose(
        plane, scaled.scaling.undo(np.asarray(model.weights).reshape(-1, 13))[:, 12].reshape(plane.shape)
    )
    assert WINE.x[:, 12].min() < plane.min() < plane.max() < WINE.x[:, 12].max() and plane.max() > 1000
    go(playground, 2, 3)
    assert f"Proline is {plane[2, 3]:,.0f} here" in playground.said
    assert playground._drawing.unit.values[12].get_text() == f"{plane[2, 3]:,.0f}"
    assert [text.get_text() for text in playground._drawing.unit.names] == list(WINE.feature_names)


def test_choosing_a_feature_shows_it():
    playground = play.som_atlas(WINE)
    assert playground.settings()["layer"] == "labels"
    playground.inputs["feature"].value = "hue"
    assert playground.inputs["layer"].value == playground.snapshot.layer == "component"
    assert "Hue is" in playground.said
    chart = playground.snapshot.chart
    for name in ("hue", "ash"):
        playground.inputs["feature"].value = name
        column = chart.features.index(name)
        assert np.allclose(playground._drawing.map.units.get_array(), chart.weights[:, column])
        assert playground._drawing.map.axes.get_title() == name
    playground.inputs["layer"].value = "hits"
    assert playground.snapshot.layer == "hits"


def test_another_topology_is_another_map_of_the_same_data():
    playground = play.som_atlas(WINE)
    go(playground, 0, 1)
    playground.keep_button.click()
    assert len(playground._drawing.map.ghost.get_xdata()) > 0
    before = playground.snapshot.chart
    playground.inputs["layer"].value = "U-matrix"
    playground.inputs["topology"].value = "hexagonal"
    assert playground.snapshot.chart is not before and playground.snapshot.chart.model.topology == "hexagonal"
    assert np.allclose(playground._drawing.map.units.get_array(), playground.snapshot.chart.u_matrix.ravel())
    assert len(playground._drawing.map.units.get_paths()[0].vertices) == 7  # six corners and back
    assert len(playground._drawing.map.ghost.get_xdata()) == 0  # the kept unit is none of this map
    playground.inputs["topology"].value = "rectangular"
    assert playground.snapshot.chart is before


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (6, 1)])
def test_chains_and_a_single_unit_are_maps_too(shape):
    playground = play.som_atlas(FEW, trained(FEW, *shape))
    for layer in playground.inputs["layer"].options:
        playground.inputs["layer"].value = layer
    playground.step_button.click()
    assert "went wrong" not in playground.said and playground.player.index == 1


def test_data_without_labels_or_names_have_fewer_layers():
    x = np.random.default_rng(0).random((60, 3))
    playground = play.som_atlas(data.Dataset(x))
    assert playground.inputs["layer"].options == ("U-matrix", "hits", "component")
    assert playground.inputs["feature"].options == ("feature 0", "feature 1", "feature 2")
    assert "labelled" not in playground.said


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_a_unit_that_is_pointed_at_is_chosen(topology):
    playground = play.som_atlas(FEW, trained(FEW, topology=topology))
    side = playground._drawing.map
    for kind, unit in (("down", 7), ("move", 13), ("up", 19)):
        corner, middle = side.corners[unit][1], side.corners[unit].mean(axis=0)
        touch(playground, kind, *(0.9 * corner + 0.1 * middle), axes=side.axes)
        chosen = playground.settings()
        assert (chosen["row"], chosen["column"]) == divmod(unit, 5) and playground.snapshot.unit == unit
        assert np.allclose(np.transpose(side.ring.get_data())[:-2], side.corners[unit])
    touch(playground, "down", side.axes.get_xlim()[0] + 0.01, 1, axes=side.axes)  # beside the units
    touch(playground, "down", 0.5, np.mean(side.bar.get_ylim()), axes=side.bar)
    assert playground.settings() == chosen
    playground.inputs["row"].index += 1  # as Arrow Up does: up on the map, where row 0 is at the top
    assert playground.snapshot.place == (chosen["row"] - 1, chosen["column"])
    assert side.ring.get_data()[1].max() < side.corners[19][:, 1].max()
    chosen, said = playground.settings(), playground.said
    assert play.som_atlas(FEW, playground.snapshot.chart.model, **chosen).said == said
