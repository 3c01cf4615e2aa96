"""The picture of the landscape: lines, points and the words on its bars."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.play.loss_landscape.run import SCORES, WHOSE

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def sigma(score):
    return 1 / (1 + np.exp(-np.asarray(score, dtype=float)))


@pytest.mark.parametrize("axis", ["score", "probability"])
def test_each_line_is_shown_beside_its_name_as_it_is_drawn(axis):
    drawing = play.loss_landscape(axis=axis)._drawing
    drawing.frame.figure.canvas.draw()
    for key, name, line, other in zip(drawing.keys, drawing.names, *drawing.lines, strict=True):
        shown, text = key.get_window_extent(), name.get_window_extent()
        assert 0 < shown.x0 < shown.x1 < text.x0 and text.y0 < shown.y0 < text.y1
        for drawn in (line, other):
            assert (key.get_color(), key._dash_pattern) == (drawn.get_color(), drawn._dash_pattern)


def test_as_probabilities_the_same_points_stand_at_their_sigmoid():
    playground = play.loss_landscape(axis="probability", score=-2.0)
    tick(playground, 3)
    drawing, point = playground._drawing, playground.snapshot.points["non-saturating"]
    assert np.allclose(drawing.lines[0][0].get_xdata(), sigma(SCORES))
    assert np.allclose(drawing.points[0][0].get_xdata(), sigma(point.score))
    assert drawing.points[1][0].get_ydata()[0] == pytest.approx(abs(point.slope))
    assert drawing.losses.get_xlim() == (0, 1) and "sigmoid" in drawing.losses.get_xlabel()
    playground.inputs["axis"].value = "score"
    assert playground.player.index == 3 and np.allclose(drawing.points[0][0].get_xdata(), point.score)


@pytest.mark.parametrize(
    ("axis", "whose", "kept"),
    [("score", WHOSE[0], WHOSE[0]), ("probability", WHOSE[1], WHOSE[2]), ("score", WHOSE[2], WHOSE[1])],
)
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(axis, whose, kept):
    playground = play.loss_landscape(axis=axis, whose=kept)
    playground.keep_button.click()
    playground.inputs["whose"].value = whose
    tick(playground, 3)
    drawing = playground._drawing
    assert drawing.kept.get_text() == "thin, hollow: kept" + ("" if kept == whose else f" {kept}")
    whole = drawing.frame.figure.bbox
    axes = (drawing.losses, drawing.sizes, drawing.bars)
    outer = [text for one in axes for text in (one.title, one.xaxis.label)] + drawing.names + [drawing.kept]
    boxes = [text.get_window_extent() for text in outer]
    for place, box in enumerate(boxes):
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert not any(box.overlaps(other) for other in boxes[:place])


def test_bars_are_dark_and_broad_where_saturated_and_pale_at_the_bottom():
    drawing = play.loss_landscape(score=-6.0)._drawing
    bars = zip(drawing.flat.get_segments(), drawing.flat.get_linewidth(), strict=True)
    found = {(start[1], width): (start[0], end[0]) for (start, end), width in bars if width > 1}
    assert set(found) == {(0, 5.0), (1, 9.0), (2, 5.0), (4, 5.0)}  # wasserstein is nowhere flat
    assert found[1, 9.0][0] == -10 and found[0, 5.0][1] == 10
