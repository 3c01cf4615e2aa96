"""The picture of a sheet: sample, best unit, arrows, and no text cut off."""

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import play
from udl_teach.play.som_unfolding.picture import FELT, Drawing, arrows

pytestmark = pytest.mark.usefixtures("nothing_left_open")
SMALL = {"rows": 6, "columns": 5}


def test_an_arrow_goes_from_start_to_end_and_its_head_is_no_longer_than_a_third():
    start, end = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 0.0], [1.0, 1.3]])
    drawn = arrows(start, end, head=0.5)
    assert np.array_equal(drawn[:, 0], start) and np.array_equal(drawn[:, 1], end) and np.array_equal(drawn[:, 3], end)
    assert np.allclose(drawn[:, [2, 4]].mean(axis=1), [[2.5, 0.0], [1.0, 1.2]])
    assert np.isfinite(arrows(start, start, head=0.5)).all()


def test_an_online_step_shows_its_sample_its_best_unit_and_the_pull_that_every_unit_felt():
    playground = play.som_unfolding(**SMALL)
    for _ in range(3):
        playground.step_button.click()
    now, som = playground.snapshot, playground.player.model.som
    places = now.before.reshape(-1, 2)
    assert now.unit == np.linalg.norm(places - now.sample, axis=1).argmin()
    row, column = np.indices((6, 5))
    apart = (row - now.unit // 5) ** 2 + (column - now.unit % 5) ** 2
    h = np.exp(-apart / (2 * now.radius**2))
    assert np.allclose(now.reach, h, atol=1e-5)
    moved = now.rate * h[..., None] * (now.sample - now.before)
    assert np.allclose(som.weights.numpy() - now.before, moved, atol=1e-5)
    panel = playground._drawing.now
    assert np.allclose(panel.sample.get_offsets(), now.sample)
    assert np.allclose(panel.best.get_offsets(), som.weights.reshape(-1, 2)[now.unit])
    assert np.allclose(panel.units.get_array(), h.ravel(), atol=1e-5)
    arrows = np.array(panel.moves.get_segments())
    assert np.allclose(arrows[:, 1] - arrows[:, 0], moved.reshape(-1, 2)[h.ravel() > FELT], atol=1e-5)


def test_a_small_rate_has_its_arrows_drawn_longer_and_says_so():
    playground = play.som_unfolding(**SMALL, falling=False, radius=2.0, learning_rate=0.02)
    playground.step_button.click()
    now, panel = playground.snapshot, playground._drawing.now
    arrows = np.array(panel.moves.get_segments())
    felt = now.reach > FELT
    assert np.allclose(arrows[:, 1] - arrows[:, 0], 20 * (now.weights - now.before)[felt], atol=1e-5)
    said = [text.get_text() for text in playground._drawing.legends["online"].get_texts()]
    assert "pull, 20 x as long" in said
    playground.inputs["learning_rate"].value = 0.01
    playground.step_button.click()
    fresh = Drawing()
    fresh.draw(playground.snapshot)
    assert np.array_equal(pixels(fresh.frame.png()), pixels(playground.png))  # the legend has followed


def test_a_batch_step_shows_the_way_of_each_unit_from_old_to_new():
    playground = play.som_unfolding(**SMALL, rule="batch")
    old = playground.player.model.som.weights.numpy().reshape(-1, 2)
    playground.step_button.click()
    arrows = np.array(playground._drawing.now.moves.get_segments())
    assert np.allclose(arrows[:, 0], old)
    assert np.allclose(arrows[:, 1], playground.player.model.som.weights.reshape(-1, 2))
    assert len(playground._drawing.now.sample.get_offsets()) == 0


@pytest.mark.parametrize(("rule", "kept"), [("online", True), ("batch", False)])
def test_no_text_of_the_picture_is_cut_off_or_lies_over_another(rule, kept):
    playground = play.som_unfolding(rule=rule, falling=False, radius=2.0, learning_rate=0.02, speed=200)
    ticks = 10 if rule == "online" else 6
    if kept:
        tick(playground, ticks)
        playground.keep_button.click()
    tick(playground, ticks)
    drawing = playground._drawing
    figure = drawing.frame.figure
    panels = [drawing.now, drawing.before] if kept else [drawing.now]
    boxes = [panel.says.get_window_extent() for panel in panels]
    boxes += [panel.axes.get_window_extent() for panel in panels]
    boxes += [legend.get_window_extent() for legend in drawing.legends.values() if legend.get_visible()]
    boxes += [curve.axes.get_tightbbox() for curve in drawing.curves]
    for place, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:place])
