"""Maps: every unit at its place, in its colour, readable, and changed in place as drawn anew."""

import io

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from udl_teach import plots
from udl_teach.grid import Grid
from udl_teach.plots import maps

TOPOLOGIES = ("rectangular", "hexagonal")


def centres_of(*grid):
    return Grid(*grid).positions().numpy()


def area(polygons):
    x, y = polygons[..., 0], polygons[..., 1]
    return 0.5 * np.abs((x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1))


def drawn(values, **more):
    frame = plots.Frame(4, 4)
    axes = frame.figure.add_axes((0.02, 0.02, 0.96, 0.96))
    return frame, axes, plots.draw_map(axes, values, **more)


def pixels(frame):
    return np.asarray(Image.open(io.BytesIO(frame.png())).convert("RGB"), dtype=int)


def at(frame, axes, centres):
    """The colour of the picture's pixel at each centre."""
    column, row = axes.transData.transform(centres).astype(int).T
    return pixels(frame)[frame.size[1] - 1 - row, column]


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(1, 6), columns=st.integers(1, 6), topology=st.sampled_from(TOPOLOGIES))
def test_units_fill_the_map_without_gap_or_overlap(rows, columns, topology):
    centres = centres_of(rows, columns, topology)
    corners = maps.unit_corners(rows, columns, topology)
    assert np.allclose(corners.mean(axis=1), centres)
    assert np.allclose(area(corners), 1 if topology == "rectangular" else np.sqrt(3) / 2)
    # Of two units that touch, each corner of the shared side belongs to both: so many corners are left in all.
    distinct = len(np.unique(corners.reshape(-1, 2).round(4), axis=0))
    wanted = (rows + 1) * (columns + 1) if topology == "rectangular" else 2 * (rows + 1) * (columns + 1) - 2
    assert distinct == wanted
    gaps = np.linalg.norm(centres[:, None] - centres, axis=2)[~np.eye(len(centres), dtype=bool)]
    assert len(centres) == 1 or gaps.min() > 0.999


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_the_picture_has_each_units_colour_at_its_place_with_row_0_at_the_top(topology):
    values = np.arange(12.0).reshape(3, 4)
    frame, axes, units = drawn(values, topology=topology)
    centres = centres_of(3, 4, topology)
    wanted = np.round(255 * units.get_cmap()(values.ravel() / 11)[:, :3])
    assert np.abs(at(frame, axes, centres) - wanted).max() <= 2
    places = axes.transData.transform(centres)
    assert places[0, 1] > places[-1, 1] and places[0, 0] < places[3, 0]
    across = places[1, 0] - places[0, 0]
    down = places[0, 1] - places[8, 1]  # two rows further down
    assert down / across == pytest.approx(2 if topology == "rectangular" else np.sqrt(3))


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_every_unit_lies_inside_the_axes(topology):
    _, axes, units = drawn(np.zeros((5, 3)), topology=topology)
    places = np.concatenate([path.vertices for path in units.get_paths()])
    inside = axes.transData.transform(places)
    box = axes.get_window_extent()
    assert (inside >= (box.x0, box.y0)).all() and (inside <= (box.x1, box.y1)).all()


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_other_numbers_in_place_are_the_picture_drawn_anew(topology):
    first, second = np.random.default_rng(0).random((2, 4, 5))
    frame, _, units = drawn(first, topology=topology, low=0, high=1)
    frame.moving(units)
    before = pixels(frame)
    units.set_array(second.ravel())
    assert np.array_equal(pixels(frame), pixels(drawn(second, topology=topology, low=0, high=1)[0]))
    assert not np.array_equal(pixels(frame), before)


def test_a_unit_without_a_number_is_grey_and_does_not_set_the_scale():
    values = np.array([[np.nan, 1.0], [3.0, 2.0]])
    frame, axes, units = drawn(values)
    assert units.get_clim() == (1, 3)
    grey = tuple(int(maps.EMPTY[place : place + 2], 16) for place in (1, 3, 5))
    assert tuple(at(frame, axes, centres_of(2, 2))[0]) == grey
    assert drawn(np.full((2, 2), np.nan))[2].get_clim() == (0, 0)  # nothing known: drawn all the same


def test_texts_stand_in_their_units_dark_on_light_and_light_on_dark():
    _, axes, _ = drawn(np.array([[0.0, 1.0]]), texts=[["dark", "light"]])
    dark, light = axes.texts
    assert (dark.get_text(), dark.get_position()) == ("dark", (0, 0))
    assert (light.get_text(), light.get_position()) == ("light", (1, 0))
    assert (dark.get_color(), light.get_color()) == ("#FFFFFF", "#222222")
    assert len(drawn(np.zeros((1, 2)), texts=[["", "x"]])[1].texts) == 1


def test_a_label_stands_beside_a_bar_that_has_the_scale():
    frame, axes, _ = drawn(np.array([[0.0, 2.0]]), label="samples")
    assert [one.get_ylabel() for one in frame.figure.axes if one is not axes] == ["samples"]
    assert len(drawn(np.zeros((2, 2)))[0].figure.axes) == 1


def test_counts_and_tensors_are_drawn_too():
    assert drawn(torch.tensor([[1, 2], [3, 4]]))[2].get_array().tolist() == [1, 2, 3, 4]


BAD = [
    ({"values": np.zeros(4)}, r"values has shape \(4,\)"),
    ({"values": np.zeros((0, 4))}, r"values has shape \(0, 4\)"),
    ({"values": np.zeros((2, 2)), "texts": [["a"]]}, r"texts has shape \(1, 1\)"),
    ({"values": np.zeros((2, 2)), "topology": "round"}, "topology was 'round'"),
]


@pytest.mark.parametrize(("given", "says"), BAD)
def test_bad_maps_get_one_sentence_and_draw_nothing(given, says):
    axes = plots.new_figure().add_subplot()
    with pytest.raises(ValueError, match=says):
        plots.draw_map(axes, **given)
    assert len(axes.collections) == 0


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
    wall, (left, right, bottom, top) = maps.unit_images(images, rows, columns, topology)
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
