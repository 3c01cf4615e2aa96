"""The picture of a map and its unit, against the map and the data themselves."""

import numpy as np
import pytest
from machinery.som_atlas import FEW, TOPOLOGIES, WINE, go, trained

from udl_teach import data, play
from udl_teach.play.som_atlas.unit import MOST_FEATURES, NEAREST
from udl_teach.play.som_atlas.words import number_said
from udl_teach.plots.maps import EMPTY

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def shown_colours(playground):
    units = playground._drawing.map.units
    return np.broadcast_to(units.get_facecolors(), (playground.snapshot.chart.hits.size, 4))


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_chosen_unit_shows_its_own_samples_the_nearest_first(topology):
    model = trained(FEW, topology=topology)
    playground = play.som_atlas(FEW, model)
    distances = model.transform(FEW.x)
    for row, column in ((0, 0), (3, 4), (2, 1)):
        go(playground, row, column)
        unit = 5 * row + column
        own = np.flatnonzero(distances.argmin(axis=1) == unit)
        assert sorted(playground.snapshot.rows) == sorted(own)
        ring = np.stack(playground._drawing.map.ring.get_data(), axis=1)
        assert np.allclose(np.unique(ring.round(4), axis=0).mean(axis=0), model.grid.positions()[unit], atol=1e-3)
        assert (np.diff(distances[playground.snapshot.rows, unit]) >= -1e-4).all()
        wall = playground._drawing.unit.pictures[1].get_array()
        nearest = playground.snapshot.rows[:NEAREST]
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


def test_bars_and_dots_are_standard_deviations_from_the_mean():
    playground = play.som_atlas(WINE)
    go(playground, 1, 1)
    side, chart = playground._drawing.unit, playground.snapshot.chart
    deviations = (WINE.x - WINE.x.mean(axis=0)) / WINE.x.std(axis=0)
    wanted = np.asarray(chart.model.weights)[1, 1]
    bars = np.array([piece[1] for piece in side.bars.get_segments()])
    assert np.allclose(bars[:, 0], np.clip(wanted, -4, 4), atol=1e-4) and bars[:, 1].tolist() == list(range(13))
    x, y = side.samples.get_data()
    for sample, (values, places) in enumerate(zip(x.reshape(-1, 13), y.reshape(-1, 13), strict=True)):
        assert np.allclose(values, np.clip(deviations[playground.snapshot.rows[sample]], -4, 4), atol=1e-3)
        assert places.tolist() == list(range(13))
    most = int(np.abs(wanted).argmax())
    said = f"{WINE.feature_names[most]} {number_said(chart.weights[chart.shape[1] + 1, most])}"
    assert f"Most unusual features (standard deviations from the mean): {said}" in playground.said


def test_of_many_features_the_most_unusual_are_shown():
    x = np.random.default_rng(0).normal(size=(100, 40))
    playground = play.som_atlas(data.Dataset(x))
    wanted = np.abs(playground.snapshot.chart.deviations[playground.snapshot.unit])
    shown = [int(text.get_text().split()[-1]) for text in playground._drawing.unit.names]
    assert len(shown) == MOST_FEATURES
    assert np.allclose(wanted[shown], np.sort(wanted)[::-1][: len(shown)])


def test_the_strip_has_the_share_of_each_label():
    playground = play.som_atlas(WINE)
    chart = playground.snapshot.chart
    unit = int(np.nanargmin(chart.purity))
    go(playground, *divmod(unit, chart.shape[1]))
    counts = np.bincount(WINE.labels[playground.snapshot.rows], minlength=3)
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
