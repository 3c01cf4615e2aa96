"""Moving artists as arrays: the places, colours and sizes are those that Matplotlib itself would draw."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Ellipse, Rectangle
from matplotlib.table import Table

from udl_teach import plots
from udl_teach.plots.scene import scene


@pytest.fixture
def frame():
    frame = plots.Frame(4.0, 3.0)
    frame.axes = frame.figure.add_axes((0.1, 0.2, 0.6, 0.7))
    frame.axes.set_xlim(-1, 3)
    frame.axes.set_ylim(0, 10)
    return frame


def one(artist):
    (command,) = scene([artist])
    return command


def down(frame, points):
    pixels = frame.axes.transData.transform(points)
    return np.stack([pixels[:, 0], frame.size[1] - pixels[:, 1]], axis=1)


POINTS = np.array([[0.0, 1.0], [1.5, 9.0], [2.0, 4.0]])


def test_points_stand_where_they_are_drawn_with_their_colours_and_sizes(frame):
    cloud = frame.axes.scatter(*POINTS.T, s=[4, 16, 36], c=["red", "lime", "blue"], linewidths=0)
    command = one(cloud)
    assert command["draw"] == "marks" and np.allclose(command["places"], down(frame, POINTS), atol=1e-3)
    assert np.allclose(command["scale"], np.array([2, 4, 6]) * 90 / 72)
    assert command["fill"].tolist() == [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]]
    # A circle of diameter 1 round 0.
    assert np.hypot(*command["points"].T).max() == pytest.approx(0.5, abs=0.01)


def test_points_without_a_place_are_left_out_with_their_colours(frame):
    places = np.array([[0.0, 1.0], [np.nan, 2.0], [2.0, 4.0]])
    command = one(frame.axes.scatter(*places.T, c=["red", "lime", "blue"]))
    assert len(command["places"]) == 2 and command["fill"][:, 2].tolist() == [0, 255]


def test_values_become_colours_of_the_map(frame):
    cloud = frame.axes.scatter(*POINTS.T, c=[0.0, 0.5, 1.0], cmap="gray")
    assert one(cloud)["fill"][[0, 2]].tolist() == [[0, 0, 0, 255], [255, 255, 255, 255]]


def test_a_mark_at_the_last_point_alone(frame):
    (line,) = frame.axes.plot(*POINTS.T, marker="o", markevery=[-1])
    assert np.allclose(scene([line])[1]["places"], down(frame, POINTS[-1:]), atol=1e-3)
    line.set_data([], [])
    assert scene([line]) == []


def test_a_line_breaks_where_a_value_is_missing_and_keeps_its_dashes(frame):
    values = np.array([[0, 1], [1, 2], [2, np.nan], [2.5, 4], [3, 5]])
    (line,) = frame.axes.plot(*values.T, color="#336699", linestyle="--", linewidth=2)
    command = one(line)
    assert command["counts"].tolist() == [2, 2] and command["width"] == pytest.approx(2 * 90 / 72)
    assert np.allclose(command["points"], down(frame, values[[0, 1, 3, 4]]), atol=1e-3)
    assert len(command["dash"]) == 2 and command["stroke"].tolist() == [[0x33, 0x66, 0x99, 255]]


def test_markers_of_a_line_are_marks(frame):
    (line,) = frame.axes.plot(*POINTS.T, "s", markersize=8, color="none", markeredgecolor="black")
    command = one(line)
    assert command["draw"] == "marks" and command["fill"] is None
    assert np.ptp(command["points"] * command["scale"], axis=0) == pytest.approx(np.full(2, 8 * 90 / 72), rel=0.01)


def test_a_line_with_markers_is_both(frame):
    (line,) = frame.axes.plot(*POINTS.T, "o-")
    stroke, marks = scene([line])
    assert (stroke["draw"], marks["draw"]) == ("polygons", "marks")
    assert np.allclose(stroke["points"], marks["places"]) and stroke["counts"].tolist() == [3]
    line.set_linestyle("none")
    assert one(line)["draw"] == "marks"


def test_segments_and_polygons_keep_their_corners(frame):
    lines = frame.axes.add_collection(LineCollection([POINTS[:2], POINTS], colors=["red", "blue"], linewidths=3))
    command = one(lines)
    assert command["counts"].tolist() == [2, 3] and not command["closed"]
    assert np.allclose(command["points"], down(frame, np.concatenate([POINTS[:2], POINTS])), atol=1e-3)
    assert command["dash"] == []
    lines.set_linestyle([(0, (3, 1)), "-"])
    assert one(lines)["dash"] == [pytest.approx([3 * 3 * 90 / 72, 3 * 90 / 72]), []]
    lines.set_linestyle("--")
    assert len(one(lines)["dash"]) == 2 and one(lines)["dash"][0] > 0
    shapes = frame.axes.add_collection(PolyCollection([POINTS], facecolors="red", edgecolors="none"))
    command = one(shapes)
    assert command["closed"] and np.allclose(command["points"], down(frame, POINTS), atol=1e-3)


@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_an_image_lies_as_it_is_drawn(frame, origin):
    pixels = np.zeros((2, 3))
    pixels[0, 0] = 1.0
    image = frame.axes.imshow(pixels, origin=origin, extent=(0, 2, 0, 10), cmap="gray", interpolation="nearest")
    frame.axes.set_aspect("auto")
    command = one(image)
    white = np.argwhere(command["pixels"][:, :, 0] == 255)[0].tolist()
    assert white == ([0, 0] if origin == "upper" else [1, 0]) and not command["smooth"]
    (left, top), (right, bottom) = down(frame, np.array([[0, 10], [2, 0]]))
    assert np.allclose(command["box"], [left, top, right, bottom], atol=1e-3)


def test_an_axis_that_points_down_turns_no_image_over(frame):
    image = plots.draw_images(frame.axes, np.eye(4)[None])
    command = one(image)
    # Of a wall of one image, whose rim is one pixel of white.
    assert command["pixels"][1, 1, 0] == 255 and command["pixels"][1, 4, 0] == 0
    assert command["box"][1] < command["box"][3]


def test_arrows_point_where_they_should(frame):
    arrows = frame.axes.quiver(
        [1.0], [5.0], [1.0], [0.0], angles="xy", scale_units="xy", scale=1, units="dots", width=2
    )
    frame.png()
    command = one(arrows)
    reach = command["points"][:, 0].max() - command["points"][:, 0].min()
    assert reach == pytest.approx(np.ptp(down(frame, np.array([[1.0, 5], [2.0, 5]]))[:, 0]), rel=0.05)


def test_texts_keep_their_place_and_words(frame):
    text = frame.axes.text(1.0, 5.0, "two\nlines", fontsize=9, ha="right", va="top", rotation=90, color="red")
    command = one(text)
    assert command["text"] == "two\nlines" and command["align"] == "right" and command["angle"] == 90
    assert np.allclose(command["place"], down(frame, np.array([[1.0, 5.0]]))[0], atol=1e-3)
    assert scene([frame.axes.text(0, 0, "")]) == []


def test_what_is_clipped_names_the_box_of_its_axes_and_what_is_hidden_is_left_out(frame):
    (line,) = frame.axes.plot([0, 9], [0, 9])
    box = one(line)["clip"]
    assert np.allclose(box, [0.1 * 360, 270 - 0.9 * 270, 0.7 * 360, 270 - 0.2 * 270], atol=1.0)
    line.set_clip_on(False)
    assert "clip" not in one(line)
    line.set_visible(False)
    assert scene([line]) == []
    line.set_visible(True)
    frame.axes.set_visible(False)
    assert scene([line]) == []


def test_a_rectangle_is_a_polygon_and_what_is_unknown_is_not_drawn_wrongly(frame):
    patch = frame.axes.add_patch(Rectangle((0, 1), 1, 2, facecolor="red"))
    assert np.allclose(one(patch)["points"].min(axis=0), down(frame, np.array([[0, 3]]))[0], atol=1e-3)
    assert one(frame.axes.add_patch(Ellipse((1, 5), 1, 2)))["draw"] == "polygons"
    table = Table(frame.axes)
    assert scene([patch, table]) is None


def test_nothing_to_draw_is_nothing(frame):
    assert scene([frame.axes.scatter([], []), *frame.axes.plot([], [])]) == []
    assert scene([frame.axes.add_collection(LineCollection([]))]) == []
