"""The atlas of a map: its layers, the chosen unit, and what is said, against the map and the data themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import data, play
from udl_teach.grid import Grid
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import atlas, atlas_chart, atlas_unit
from udl_teach.plots.maps import EMPTY, unit_images

FEW = data.digits()[:300]
WINE = data.wine()
TOPOLOGIES = ("rectangular", "hexagonal")


pytestmark = pytest.mark.usefixtures("nothing_left_open")


def trained(dataset, rows=4, columns=5, **more):
    model = SelfOrganizingMap(dataset.x.shape[1], rows, columns, **more)
    list(model.steps(dataset.x, epochs=5))
    return model


def go(playground, row, column):
    playground.inputs["row"].value = row
    playground.inputs["column"].value = column


def shown_colours(playground):
    units = playground._drawing.map.units
    return np.broadcast_to(units.get_facecolors(), (playground.look.chart.hits.size, 4))


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_chosen_unit_shows_its_own_samples_the_nearest_first(topology):
    model = trained(FEW, topology=topology)
    playground = play.som_atlas(FEW, model)
    distances = model.transform(FEW.x)
    for row, column in ((0, 0), (3, 4), (2, 1)):
        go(playground, row, column)
        unit = 5 * row + column
        own = np.flatnonzero(distances.argmin(axis=1) == unit)
        assert sorted(playground.look.rows) == sorted(own)
        ring = np.stack(playground._drawing.map.ring.get_data(), axis=1)
        assert np.allclose(np.unique(ring.round(4), axis=0).mean(axis=0), model.grid.positions()[unit], atol=1e-3)
        assert (np.diff(distances[playground.look.rows, unit]) >= -1e-4).all()
        wall = playground._drawing.unit.pictures[1].get_array()
        nearest = playground.look.rows[: atlas_unit.NEAREST]
        if len(nearest):
            assert np.allclose(wall[1:9, 1:9], FEW.images[nearest[0], 0], atol=1e-6)
        prototype = playground._drawing.unit.pictures[0].get_array()
        assert np.allclose(prototype, np.asarray(model.weights)[row, column].reshape(8, 8), atol=1e-6)
        assert f"row {row}, column {column}: {len(own) or 'no'}" in playground.said


def test_the_labels_layer_has_each_majority_as_colour_and_text_paler_where_mixed():
    model = trained(FEW, 9, 9)
    playground = play.som_atlas(FEW, model, layer="labels")
    majority, purity = model.label_map(FEW.x, FEW.labels)
    texts = [text.get_text() for text in playground._drawing.map.texts]
    assert texts == ["" if one < 0 else str(one) for one in majority.ravel()]
    colours, light = shown_colours(playground), {}
    assert (majority < 0).any() and (purity[majority >= 0] < 1).any()
    for one, share, shade in zip(majority.ravel(), purity.ravel(), colours, strict=True):
        light.setdefault(int(one), []).append((share, tuple(shade[:3])))
    grey = tuple(int(EMPTY[place : place + 2], 16) / 255 for place in (1, 3, 5))
    assert all(np.allclose(shade, grey) for _, shade in light.pop(-1))
    pure = [dict(pairs)[1.0] for pairs in light.values() if 1.0 in dict(pairs)]
    assert len(set(pure)) == len(pure) > 3
    for pairs in light.values():
        ordered = [sum(shade) for _, shade in sorted(set(pairs))]
        assert all(first > second for first, second in zip(ordered, ordered[1:], strict=False))
    agree = 100 * np.nansum(purity * model.hits(FEW.x)) / len(FEW)
    assert f"{agree:.1f} % of the samples" in playground.said


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_other_layers_show_the_maps_own_numbers(topology):
    model = trained(FEW, topology=topology)
    playground = play.som_atlas(FEW, model)
    for layer, wanted in (
        ("U-matrix", model.u_matrix()),
        ("hits", model.hits(FEW.x)),
        ("component", model.component_plane(20)),
    ):
        if layer == "component":
            playground.inputs["feature"].value = "pixel row 2, column 4"
        playground.inputs["layer"].value = layer
        units = playground._drawing.map.units
        assert np.allclose(units.get_array().reshape(4, 5), wanted, atol=1e-6)
        assert units.get_clim()[1] == pytest.approx(wanted.max(), rel=1e-5)
        assert playground._drawing.map.bar.get_ylim() == pytest.approx(units.get_clim())
        assert playground._drawing.map.images.get_visible() is False
    assert f"{np.median(model.u_matrix()):.2f}" in playground.said


def test_a_layer_comes_back_as_it_was():
    playground = play.som_atlas(FEW, trained(FEW))
    pictures = {}
    layers = playground.inputs["layer"].options
    for layer in (*layers, *layers[::-1]):
        playground.inputs["layer"].value = layer
        assert pictures.setdefault(layer, playground.png) == playground.png
    assert len(set(pictures.values())) == len(layers) == 5


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 5),
    columns=st.integers(1, 5),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    channels=st.sampled_from([1, 3]),
    topology=st.sampled_from(TOPOLOGIES),
)
def test_every_image_stands_in_its_unit(rows, columns, height, width, channels, topology):
    images = np.random.default_rng(0).random((rows * columns, channels, height, width)).astype(np.float32)
    wall, (left, right, bottom, top) = unit_images(images, rows, columns, topology)
    places = Grid(rows, columns, topology).positions().numpy()
    down, across = wall.shape[0] / (bottom - top), wall.shape[1] / (right - left)
    assert down == pytest.approx(across)
    drawn = wall[..., 3] > 0
    times = -(-32 // max(height, width))
    assert drawn.sum() == rows * columns * height * width * times**2  # none is cut off, and no two overlap
    for (x, y), image in zip(places, images, strict=True):
        # The pixel of the image that lies nearest to the middle of the unit, from its lower right.
        row, column = int((y - top) * down), int((x - left) * across)
        colour = wall[row, column, :3]
        near = image[:, (height - 1) // 2 : height // 2 + 1, (width - 1) // 2 : width // 2 + 1]
        near = np.broadcast_to(near, (3, *near.shape[1:])).reshape(3, -1).T
        assert np.abs(near - colour).max(axis=1).min() < 1e-6


def test_a_table_is_scaled_for_the_map_and_told_in_its_own_units():
    playground = play.som_atlas(WINE, layer="component", feature="proline")
    scaled = WINE.scaled("standard")
    model = playground.look.chart.model
    plane = playground._drawing.map.units.get_array().reshape(model.rows, model.columns)
    assert np.allclose(
        plane, scaled.scaling.undo(np.asarray(model.weights).reshape(-1, 13))[:, 12].reshape(plane.shape)
    )
    assert WINE.x[:, 12].min() < plane.min() < plane.max() < WINE.x[:, 12].max() and plane.max() > 1000
    go(playground, 2, 3)
    assert f"Proline is {plane[2, 3]:,.0f} here" in playground.said
    assert playground._drawing.unit.values[12].get_text() == f"{plane[2, 3]:,.0f}"
    assert [text.get_text() for text in playground._drawing.unit.names] == list(WINE.feature_names)


def test_bars_and_dots_are_standard_deviations_from_the_mean():
    playground = play.som_atlas(WINE)
    go(playground, 1, 1)
    side, chart = playground._drawing.unit, playground.look.chart
    deviations = (WINE.x - WINE.x.mean(axis=0)) / WINE.x.std(axis=0)
    wanted = np.asarray(chart.model.weights)[1, 1]
    bars = np.array([piece[1] for piece in side.bars.get_segments()])
    assert np.allclose(bars[:, 0], np.clip(wanted, -4, 4), atol=1e-4) and bars[:, 1].tolist() == list(range(13))
    x, y = side.samples.get_data()
    for sample, (values, places) in enumerate(zip(x.reshape(-1, 13), y.reshape(-1, 13), strict=True)):
        assert np.allclose(values, np.clip(deviations[playground.look.rows[sample]], -4, 4), atol=1e-3)
        assert places.tolist() == list(range(13))
    most = int(np.abs(wanted).argmax())
    said = f"{WINE.feature_names[most]} {atlas_chart.number_said(chart.weights[chart.shape[1] + 1, most])}"
    assert f"Most unusual, with standard deviations from the mean: {said}" in playground.said


def test_of_many_features_the_most_unusual_are_shown():
    x = np.random.default_rng(0).normal(size=(100, 40))
    playground = play.som_atlas(data.Dataset(x))
    wanted = np.abs(playground.look.chart.deviations[playground.look.unit])
    shown = [int(text.get_text().split()[-1]) for text in playground._drawing.unit.names]
    assert len(shown) == atlas_unit.MOST_FEATURES
    assert np.allclose(wanted[shown], np.sort(wanted)[::-1][: len(shown)])


def test_the_strip_has_the_share_of_each_label():
    playground = play.som_atlas(WINE)
    chart = playground.look.chart
    unit = int(np.nanargmin(chart.purity))
    go(playground, *divmod(unit, chart.shape[1]))
    counts = np.bincount(WINE.labels[playground.look.rows], minlength=3)
    assert (counts > 0).sum() > 1
    bars = playground._drawing.labels.bars[0].get_paths()
    widths = [np.ptp(path.vertices[:, 0]) for path in bars]
    assert np.allclose(widths, counts / counts.sum())
    said = " ".join(text.get_text() for text in playground._drawing.labels.parts[0])
    assert str(counts.max()) in said
    assert (
        f"{100 * counts.max() / counts.sum():.0f} % of them labelled {WINE.label_names[counts.argmax()]}"
        in playground.said
    )


def test_choosing_a_feature_shows_it():
    playground = play.som_atlas(WINE)
    assert playground.settings()["layer"] == "labels"
    playground.inputs["feature"].value = "hue"
    assert playground.inputs["layer"].value == playground.look.layer == "component"
    assert "Hue is" in playground.said
    chart = playground.look.chart
    for name in ("hue", "ash"):
        playground.inputs["feature"].value = name
        column = chart.features.index(name)
        assert np.allclose(playground._drawing.map.units.get_array(), chart.weights[:, column])
        assert playground._drawing.map.axes.get_title() == name
    playground.inputs["layer"].value = "hits"
    assert playground.look.layer == "hits"


def test_another_topology_is_another_map_of_the_same_data():
    playground = play.som_atlas(WINE)
    go(playground, 0, 1)
    playground.keep_button.click()
    assert len(playground._drawing.map.ghost.get_xdata()) > 0
    before = playground.look.chart
    playground.inputs["layer"].value = "U-matrix"
    playground.inputs["topology"].value = "hexagonal"
    assert playground.look.chart is not before and playground.look.chart.model.topology == "hexagonal"
    assert np.allclose(playground._drawing.map.units.get_array(), playground.look.chart.u_matrix.ravel())
    assert len(playground._drawing.map.units.get_paths()[0].vertices) == 7  # six corners and back
    assert len(playground._drawing.map.ghost.get_xdata()) == 0  # the kept unit is none of this map
    playground.inputs["topology"].value = "rectangular"
    assert playground.look.chart is before


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_play_walks_from_unit_to_touching_unit_and_comes_to_samples(topology):
    model = trained(FEW, 4, 6, topology=topology, wrap=True)
    playground = play.som_atlas(FEW, model, seed=2)
    grid, seen = model.grid.neighbour_table(), [playground.look.unit]
    for _ in range(60):
        playground.play.value += 1
        seen.append(playground.look.unit)
        assert (playground.inputs["row"].value, playground.inputs["column"].value) == playground.look.place
    assert all(second in grid[first] for first, second in zip(seen, seen[1:], strict=False))
    assert len(set(seen)) > 12
    playground.reset_button.click()
    assert playground.look.unit == seen[0]


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


def test_codes_are_as_short_as_they_can_be_and_all_different():
    assert atlas_chart.short(("Barolo", "Grignolino", "Barbera")) == ("Baro", "Grig", "Barb")
    assert atlas_chart.short(tuple("0123456789")) == tuple("0123456789")
    assert atlas_chart.short(("1", "1000")) == ("1", "1000")
    assert atlas_chart.short(("class_0", "class_1")) == ("0", "1")


@pytest.mark.parametrize(
    ("value", "said"),
    [(13.0, "13.0"), (1060.4, "1,060"), (-0.5, "-0.500"), (0.0, "0"), (1e-30, "0"), (2e-5, "2.00e-05")],
)
def test_numbers_are_said_in_three_digits(value, said):
    assert atlas_chart.number_said(value) == said


def test_the_digits_are_trained_once_for_all_playgrounds():
    first = play.som_atlas()
    chart = first.look.chart
    assert play.som_atlas().look.chart is chart
    assert chart.shape == (atlas.MOST_SIDE, atlas.MOST_SIDE)


def test_the_place_of_a_unit_is_told_by_its_distance_to_its_neighbours():
    playground = play.som_atlas(FEW, trained(FEW, 6, 6))
    u = playground.look.chart.u_matrix
    for unit, wanted in ((u.argmax(), "a border between regions"), (u.argmin(), "the middle of a region")):
        go(playground, *divmod(int(unit), 6))
        assert f"Its neighbours are {u.flat[unit]:.2f} away" in playground.said and wanted in playground.said


def test_no_text_of_the_picture_is_cut_off_or_lies_on_another():
    from sklearn.datasets import load_breast_cancer

    raw = load_breast_cancer()
    cancer = data.Dataset(
        raw.data, raw.target, feature_names=raw.feature_names, label_names=tuple(map(str, raw.target_names))
    )
    for dataset in (WINE, cancer):
        playground = play.som_atlas(dataset)
        playground.keep_button.click()
        go(playground, 1, 2)
        side, strip = playground._drawing.unit, playground._drawing.labels
        figure = playground._drawing.frame.figure
        texts = [side.says, side.axes.xaxis.label, strip.says, *side.names, *side.values]
        boxes = [text.get_window_extent() for text in texts]
        map_box = playground._drawing.map.bar.get_tightbbox()
        for box in boxes:
            assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
            assert not map_box or not box.overlaps(map_box)
        for number, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[number + 1 :])
