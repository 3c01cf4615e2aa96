"""Plots: walls, marks, curves, and pictures that are the same whether they are drawn anew or in place."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image

from udl_teach import plots
from udl_teach.plots.curves import roomy
from udl_teach.plots.points import arrow_lines, segments


@settings(max_examples=25, deadline=None)
@given(
    n=st.integers(1, 9),
    columns=st.integers(1, 9),
    pad=st.integers(0, 2),
    channels=st.sampled_from([1, 3]),
    height=st.integers(1, 4),
    width=st.integers(1, 4),
)
def test_every_image_stands_at_its_place_in_the_wall(n, columns, pad, channels, height, width):
    images = np.random.default_rng(0).random((n, channels, height, width)).astype(np.float32)
    wall = plots.mosaic(images, columns, pad=pad, fill=-1.0)
    rows = -(-n // columns)
    assert wall.shape[:2] == (rows * (height + pad) + pad, columns * (width + pad) + pad)
    for place in range(n):
        top, left = pad + place // columns * (height + pad), pad + place % columns * (width + pad)
        found = wall[top : top + height, left : left + width]
        wanted = images[place, 0] if channels == 1 else np.moveaxis(images[place], 0, -1)
        assert np.array_equal(found, wanted)
    assert (wall == -1.0).sum() == wall.size - images.size


@pytest.mark.parametrize("shape", [(4,), (3, 64), (2, 2, 8, 8), (0, 8, 8)])
def test_a_wall_of_something_else_says_what_it_was(shape):
    with pytest.raises(ValueError, match=r"images has shape .*must be"):
        plots.mosaic(np.zeros(shape))


# What remains of linear RGB for a reader without one kind of cone, Machado et al. 2009, table 1, severity 1.
SEEN = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


@pytest.mark.parametrize("vision", SEEN)
def test_any_two_of_ten_colours_can_be_told_apart(vision):
    from skimage.color import rgb2lab

    rgb = np.array([to_rgb(one) for one in plots.COLOURS])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ np.array(SEEN[vision]).T
    linear = linear.clip(0, 1)
    seen = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    lab = rgb2lab(seen[None])[0]
    apart = np.linalg.norm(lab[:, None] - lab, axis=-1)
    assert apart[~np.eye(10, dtype=bool)].min() > 20


def test_groups_differ_in_colour_and_in_mark():
    axes = plots.new_figure().add_subplot()
    artists = plots.draw_points(axes, np.random.default_rng(0).random((40, 2)), np.arange(40) % 20)
    looks = [
        (tuple(artist.get_facecolor()[0]), artist.get_paths()[0].vertices.round(3).tobytes()) for artist in artists
    ]
    assert len(set(looks)) == 20
    assert len({shape for _, shape in looks[:10]}) == 10
    assert len({colour for colour, _ in looks[:10]}) == 10


def test_points_need_two_columns():
    with pytest.raises(ValueError, match="x has 3 columns; a map of points has 2"):
        plots.draw_points(plots.new_figure().add_subplot(), np.zeros((5, 3)))


def test_a_curve_takes_numbers_or_a_history():
    class History:
        loss = [3.0, 2.0, 1.0]

    axes = plots.new_figure().add_subplot()
    for values in ([3.0, 2.0, 1.0], History()):
        line = plots.draw_curve(axes, values)
        assert line.get_xydata().tolist() == [[1, 3], [2, 2], [3, 1]]
    assert axes.get_yscale() == "log"
    with pytest.raises(ValueError, match="index has 2 entries for 3 values"):
        plots.draw_curve(axes, [3.0, 2.0, 1.0], [1, 2])


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=30), log=st.booleans())
def test_limits_hold_every_value(values, log):
    index = np.arange(1, len(values) + 1) * 37
    (left, right), (bottom, top) = roomy(index, values, log=log)
    assert left <= index[0] and index[-1] <= right
    assert bottom <= min(values) * (1 + 1e-9) and max(values) <= top * (1 + 1e-9)


def test_limits_of_nothing_and_of_values_that_are_no_numbers():
    assert roomy([], []) == ((0, 100), (0.1, 1))
    assert roomy([1, 2], [np.nan, np.inf])[1] == (0.1, 1)


@pytest.mark.parametrize(("values", "ends"), [([-0.4, 0.3], (-0.5, 0.5)), ([-3.0, -1.0], (-5, 0)), ([0.0], (0, 1))])
def test_limits_of_values_below_zero_are_round_and_hold_zero(values, ends):
    assert roomy([1], values, log=False)[1] == pytest.approx(ends)


def test_pieces_of_a_curve_join():
    pieces = segments([[0, 0], [1, 2], [3, 1]])
    assert pieces.tolist() == [[[0, 0], [1, 2]], [[1, 2], [3, 1]]]
    assert segments(np.zeros((1, 2))).shape == (0, 2, 2)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


def scene(at: float, limit: float):
    frame = plots.Frame(3, 2)
    axes = frame.figure.add_subplot()
    (line,) = axes.plot([0, at], [0, at])
    frame.moving(line)
    axes.set(xlim=(0, limit), ylim=(0, limit))
    return frame, axes, line


def test_a_picture_changed_in_place_is_the_picture_drawn_anew():
    frame, axes, line = scene(0.3, 1)
    first = pixels(frame.png())
    line.set_data([0, 0.9], [0, 0.9])
    assert np.array_equal(pixels(frame.png()), pixels(scene(0.9, 1)[0].png()))
    assert not np.array_equal(pixels(frame.png()), first)
    axes.set(xlim=(0, 2), ylim=(0, 2))  # new limits reach the ticks without a word to the frame
    assert np.array_equal(pixels(frame.png()), pixels(scene(0.9, 2)[0].png()))


def test_a_picture_is_white_outside_its_axes_and_of_the_size_it_says():
    frame, _, _ = scene(0.3, 1)
    picture = pixels(frame.png())
    assert picture.shape[:2] == frame.size[::-1]
    assert (picture[0] == 255).all() and (picture[:, 0] == 255).all()


def test_drawing_leaves_pyplot_alone():
    from matplotlib import _pylab_helpers

    plots.draw_points(plots.new_figure().add_subplot(), np.zeros((2, 2)))
    assert _pylab_helpers.Gcf.get_num_fig_managers() == 0


def test_few_colours_change_no_pixel_much_and_leave_white_white():
    pictures = []
    for few in (False, True):
        frame = plots.Frame(3, 2, few_colours=few)
        axes = frame.figure.add_subplot()
        for number in range(10):
            plots.draw_curve(axes, np.sin(np.arange(50) + number), log=False, number=number)
        pictures.append(frame.png())
    full, few = map(pixels, pictures)
    assert len(pictures[1]) < len(pictures[0]) / 1.5
    assert np.abs(full - few).max() <= 48 and np.abs(full - few).mean() < 3
    assert (few[(full == 255).all(axis=2)] == 255).all()


def test_an_arrow_ends_where_it_points():
    lines = arrow_lines(np.zeros((1, 2)), np.array([[1.0, 0.0]]))
    assert lines.shape == (1, 5, 2) and np.allclose(lines[0, [1, 3]], (1, 0)) and lines[0, 2, 1] == -lines[0, 4, 1]
