"""Points that a learner draws: their text, the pen, and the three playgrounds that learn from them."""

import re

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import play
from udl_teach.play import points

MAKERS = {
    "kmeans_steps": play.kmeans_steps,
    "autoencoder_live": lambda **more: play.autoencoder_live(**({"depth": 1, "width": 8} | more)),
    "som_unfolding": lambda **more: play.som_unfolding(**({"rows": 5, "columns": 4} | more)),
}
FEW = "0 0; 0.5 0.5; -0.5 0.5"
pytestmark = pytest.mark.usefixtures("nothing_left_open")


@pytest.fixture(params=MAKERS)
def make(request):
    return MAKERS[request.param]


def stroke(playground, *places):
    for kind, place in zip(["down"] + ["move"] * (len(places) - 2) + ["up"], places, strict=True):
        touch(playground, kind, *place)


def test_text_and_rows_are_the_same_points():
    rows = np.array([[0.1, -0.25], [1, 0]])
    assert points.written(rows) == points.written([(0.1, -0.25), (1, 0)]) == "0.1 -0.25; 1 0"
    assert np.allclose(points.parse(" 0.1, -0.25 ;1 0"), rows) and points.parse(" ").shape == (0, 2)
    assert points.LEAST <= len(points.parse(points.FIRST)) <= points.MOST


@pytest.mark.parametrize(
    ("bad", "error", "says"),
    [
        ("0 0; 1", ValueError, "points holds '1'; each point must be 2 numbers, x y"),
        ("0 x", ValueError, "points holds '0 x'"),
        ("0 nan", ValueError, "points has y nan; it must lie between -1 and 1"),
        ("0 2", ValueError, "points has y 2; it must lie between -1 and 1"),
        ("0 0;" * 400 + "0 0", ValueError, "points holds 401 points; there must be at most 400"),
        (7, TypeError, "points was int; it must be rows of 2 numbers, (x, y)"),
        ([(1, 2, 3)], ValueError, "points holds '1 2 3'"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(make, bad, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make(data="drawn", points=bad)
    assert play.open_playgrounds() == 0


def test_points_along_a_way_keep_their_distance():
    way = points.added([], (-0.9, 0), (0.9, 0.5))
    way = points.added(way, (0.9, 0.5), (3, -3))  # beyond the end
    apart = np.linalg.norm(np.array(way)[:, None] - np.array(way), axis=2)[np.triu_indices(len(way), 1)]
    assert len(way) > 40 and apart.min() > points.APART - 1e-9 and np.abs(way).max() == points.END
    assert points.added(way, way[3], way[3]) == way
    assert len(points.added([(9, 9)] * points.MOST, (0, 0), (1, 1))) == points.MOST


def test_a_run_learns_from_the_points_that_are_there_at_first(make):
    playground = make(data="drawn")
    tick(playground, 3)
    assert playground.player.index > 0 and playground.settings()["points"] == points.FIRST
    assert np.array_equal(playground.snapshot.x, points.parse(points.FIRST))
    assert playground.inputs["points"] and playground._panels["points"].layout.display != "none"
    playground.inputs["data"].value = "ring"
    assert playground._panels["points"].layout.display == "none"


def test_the_run_restarts_with_the_new_points_when_the_pointer_is_lifted(make):
    playground = make(data="drawn")
    tick(playground, 2)
    index, n_points = playground.player.index, len(playground.snapshot.x)
    limits = playground._drawing.now.axes.get_xlim()
    touch(playground, "down", -0.8, 0.9)
    touch(playground, "move", -0.8, 0.5)
    ink = playground._drawing.pen.ink.get_offsets()
    assert len(ink) >= 10 and np.allclose(ink[0], (-0.8, 0.9))
    assert playground.player.index == index and playground.settings()["points"] == points.FIRST
    touch(playground, "up", -0.8, 0.3)
    assert playground.player.index == 0 and len(playground.snapshot.x) >= n_points + 15
    assert playground.inputs["points"].value == playground.settings()["points"] != points.FIRST
    assert len(playground._drawing.pen.ink.get_offsets()) == 0  # now they are the run's
    assert playground._drawing.now.axes.get_xlim() == limits
    tick(playground)
    settings, said = playground.settings(), playground.said
    again = make(**settings)
    tick(again)
    assert again.said == said


def test_a_press_adds_a_point_and_lifting_outside_ends_a_stroke(make):
    playground = make(data="drawn")
    n_points = len(playground.snapshot.x)
    stroke(playground, (0.7, 0.7), (0.7, 0.7))
    assert len(playground.snapshot.x) == n_points + 1
    assert np.allclose(playground.snapshot.x[-1], (0.7, 0.7), atol=0.011)
    touch(playground, "down", 0.8, -0.8)
    playground._report(playground.canvas, {"event": "pointer", "kind": "up", "x": -5, "y": -5}, [])
    assert len(playground.snapshot.x) == n_points + 2
    touch(playground, "move", 0.8, -0.4)  # not pressed
    assert len(playground._drawing.pen.ink.get_offsets()) == 0


def test_elsewhere_and_with_other_data_nothing_happens(make):
    playground = make(data="drawn")
    tick(playground)
    before, index = playground.settings(), playground.player.index
    axes = playground._drawing.curves[0].axes
    for kind in ("down", "move", "up"):
        touch(playground, kind, axes.get_xlim()[1] / 2, sum(axes.get_ylim()) / 2, axes)
    assert playground.settings() == before and playground.player.index == index
    playground.inputs["data"].value = "ring"
    before = playground.settings()
    stroke(playground, (0, 0), (0.5, 0.5), (0.7, 0.5))
    assert playground.settings() == before and "wrong" not in playground.said


def test_draw_empties_the_picture_and_learning_begins_with_enough_points(make):
    playground = make()
    tick(playground)
    playground.buttons["draw"].click()
    pen = playground._drawing.pen
    assert playground.settings()["data"] == "drawn" and playground.settings()["points"] == ""
    assert pen.paper.get_visible() and pen.hint.get_visible()
    assert f"learning begins with {points.LEAST}, and there are 0." in playground.said
    tick(playground)
    assert "there are too few points; draw more in the picture." in playground.said and playground.player.index == 0
    stroke(playground, (-0.5, 0), (-0.4, 0))
    assert "there are 3." in playground.said and len(pen.ink.get_offsets()) == 3 and not pen.hint.get_visible()
    stroke(playground, (0.5, 0), (0.5, 0.3), (0.5, 0.6))
    assert not pen.paper.get_visible() and len(playground.snapshot.x) > 15
    tick(playground)
    assert playground.player.index > 0 and "Draw" not in playground.said


def test_typing_does_what_drawing_does(make):
    playground = make(data="drawn")
    playground.inputs["points"].value = FEW
    assert "there are 3." in playground.said
    playground.inputs["points"].value = "; ".join(f"{k / 20} {k % 3 / 3:.2f}" for k in range(12))
    assert len(playground.snapshot.x) == 12
    kept = playground.settings()
    playground.inputs["points"].value = "1 2 3"
    assert "points holds '1 2 3'" in playground.said and playground.settings() == kept
    playground.inputs["points"].value = ""
    assert playground._drawing.pen.paper.get_visible()
