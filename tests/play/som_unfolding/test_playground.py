"""The sheet that unfolds: what is drawn and said is what the map does, and a hand on the radius is felt at once."""

import re

import numpy as np
import pytest
from machinery.playgrounds import pixels, tick

from udl_teach import data, metrics, play
from udl_teach.play import sheet_picture, sheet_run
from udl_teach.play.folds import crossings, turned_cells

SMALL = {"rows": 6, "columns": 5}


pytestmark = pytest.mark.usefixtures("nothing_left_open")


def flat(rows, columns):
    row, column = np.indices((rows, columns)).astype(float)
    return np.stack([column, row], axis=-1)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_flat_sheet_has_no_cell_turned_over_whichever_side_is_up(turn):
    assert turned_cells(flat(4, 6) * [turn, 1]) == (0, 15)


def test_a_sheet_folded_along_a_column_has_the_cells_beyond_it_turned_over():
    sheet = flat(4, 8)
    sheet[..., 0] = np.abs(sheet[..., 0] - 2)
    assert turned_cells(sheet) == (2 * 3, 7 * 3)


def test_crossings_of_a_chain_are_counted_and_neighbours_do_not_cross():
    assert crossings(np.array([[0, 0], [1, 0], [1, 1], [0, 1]])) == 0
    assert crossings(np.array([[0, 0], [2, 2], [2, 0], [0, 2]])) == 1
    assert crossings(np.array([[0, 0], [4, 0], [4, 1], [3, -1], [2, 1], [1, -1]])) == 3
    assert crossings(np.zeros((1, 2))) == 0


def test_an_arrow_goes_from_start_to_end_and_its_head_is_no_longer_than_a_third():
    start, end = np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 0.0], [1.0, 1.3]])
    drawn = sheet_picture.arrows(start, end, head=0.5)
    assert np.array_equal(drawn[:, 0], start) and np.array_equal(drawn[:, 1], end) and np.array_equal(drawn[:, 3], end)
    assert np.allclose(drawn[:, [2, 4]].mean(axis=1), [[2.5, 0.0], [1.0, 1.2]])
    assert np.isfinite(sheet_picture.arrows(start, start, head=0.5)).all()


@pytest.mark.parametrize("rule", ["online", "batch"])
@pytest.mark.parametrize("grid", [{}, {"topology": "hexagonal"}, {"topology": "hexagonal", "wrap": True}])
def test_the_words_say_what_the_metrics_measure(rule, grid):
    playground = play.som_unfolding(data="moons", rule=rule, **SMALL, **grid)
    tick(playground, 3)
    som, x = playground.player.model.som, data.moons(400, seed=0).x
    assert f"{metrics.quantization_error(x, som.weights):.4f} from its best unit" in playground.said
    assert f"{100 * metrics.topographic_error(x, som.weights, **grid):.1f} % of the points" in playground.said
    assert f"Units without points: {(som.hits(x) == 0).sum()} of 30." in playground.said
    assert f"radius {playground.player.step.terms['radius']:.2f}" in playground.said
    assert f"{rule} rule" in playground.said


def test_an_online_step_shows_its_sample_its_best_unit_and_the_pull_that_every_unit_felt():
    playground = play.som_unfolding(**SMALL)
    for _ in range(3):
        playground.step_button.click()
    look, som = playground.look, playground.player.model.som
    places = look.before.reshape(-1, 2)
    assert look.unit == np.linalg.norm(places - look.sample, axis=1).argmin()
    row, column = np.indices((6, 5))
    apart = (row - look.unit // 5) ** 2 + (column - look.unit % 5) ** 2
    h = np.exp(-apart / (2 * look.radius**2))
    assert np.allclose(look.reach, h, atol=1e-5)
    moved = look.rate * h[..., None] * (look.sample - look.before)
    assert np.allclose(som.weights.numpy() - look.before, moved, atol=1e-5)
    panel = playground._drawing.now
    assert np.allclose(panel.sample.get_offsets(), look.sample)
    assert np.allclose(panel.best.get_offsets(), som.weights.reshape(-1, 2)[look.unit])
    assert np.allclose(panel.units.get_array(), h.ravel(), atol=1e-5)
    arrows = np.array(panel.moves.get_segments())
    assert np.allclose(arrows[:, 1] - arrows[:, 0], moved.reshape(-1, 2)[h.ravel() > sheet_picture.FELT], atol=1e-5)


def test_a_small_rate_has_its_arrows_drawn_longer_and_says_so():
    playground = play.som_unfolding(**SMALL, falling=False, radius=2.0, learning_rate=0.02)
    playground.step_button.click()
    look, panel = playground.look, playground._drawing.now
    arrows = np.array(panel.moves.get_segments())
    felt = look.reach > sheet_picture.FELT
    assert np.allclose(arrows[:, 1] - arrows[:, 0], 20 * (look.weights - look.before)[felt], atol=1e-5)
    said = [text.get_text() for text in playground._drawing.legends["online"].get_texts()]
    assert "pull, 20 x as long" in said
    playground.inputs["learning_rate"].value = 0.01
    playground.step_button.click()
    fresh = sheet_picture.Drawing()
    fresh.draw(playground.look)
    assert np.array_equal(pixels(fresh.frame.png()), pixels(playground.png))  # the legend has followed


def test_a_batch_step_shows_the_way_of_each_unit_from_old_to_new():
    playground = play.som_unfolding(**SMALL, rule="batch")
    old = playground.player.model.som.weights.numpy().reshape(-1, 2)
    playground.step_button.click()
    arrows = np.array(playground._drawing.now.moves.get_segments())
    assert np.allclose(arrows[:, 0], old)
    assert np.allclose(arrows[:, 1], playground.player.model.som.weights.reshape(-1, 2))
    assert len(playground._drawing.now.sample.get_offsets()) == 0


@pytest.mark.parametrize(("rule", "falls"), [("batch", 60), ("online", 20 * 400)])
def test_radius_and_rate_fall_by_the_same_factor_a_step_until_their_end(rule, falls):
    run = play.som_unfolding(**SMALL, rule=rule).player.model
    assert run.radius(0) == 3.0 and run.rate(0) == 0.5
    assert run.radius(falls) == run.radius(2 * falls) == pytest.approx(0.7)
    assert run.radius(falls // 2) == pytest.approx(np.sqrt(3.0 * 0.7))
    assert run.rate(falls // 2) == pytest.approx(np.sqrt(0.5 * 0.02))


def test_a_hand_on_the_radius_is_felt_in_the_next_step_and_ends_the_falling():
    playground = play.som_unfolding(**SMALL)
    tick(playground)
    index = playground.player.index
    fallen = playground.player.model.rate(index)
    playground.inputs["radius"].value = 1.5
    assert playground.inputs["falling"].value is False
    assert playground.inputs["learning_rate"].value == pytest.approx(fallen, abs=0.0051)  # no jump of the other
    shown = playground._drawing.now.units.get_array()
    row, column = np.indices((6, 5))
    unit = playground.look.unit
    apart = (row - unit // 5) ** 2 + (column - unit % 5) ** 2
    assert np.allclose(shown, np.exp(-apart / (2 * 1.5**2)).ravel(), atol=1e-5)  # seen before the next step
    playground.step_button.click()
    assert playground.player.index == index + 1
    assert playground.player.step.terms["radius"] == 1.5
    playground.inputs["learning_rate"].value = 0.33
    playground.step_button.click()
    assert playground.player.step.terms["learning_rate"] == 0.33
    assert "held by hand" in playground.said and "Moved while it ran: radius" in playground.said


def test_falling_switched_off_holds_and_switched_on_falls_from_there():
    playground = play.som_unfolding(**SMALL, rule="batch")
    tick(playground, 20)
    fallen = playground.player.model.radius(20)
    playground.inputs["falling"].value = False
    assert playground.inputs["radius"].value == pytest.approx(fallen, abs=0.051)
    held = playground.inputs["radius"].value
    tick(playground, 5)
    assert playground.player.step.terms["radius"] == held
    playground.inputs["radius"].value = 2.5
    playground.inputs["falling"].value = True
    tick(playground)
    assert playground.player.step.terms["radius"] == 2.5
    tick(playground)
    assert 2.4 < playground.player.step.terms["radius"] < 2.5


def test_another_rule_restarts_at_its_own_speed_and_a_chosen_speed_stays():
    playground = play.som_unfolding(**SMALL, speed=7)
    tick(playground, 2)
    playground.inputs["seed"].value = 3
    assert playground.player.index == 0 and playground.inputs["speed"].value == 7
    playground.inputs["rule"].value = "batch"
    assert playground.inputs["speed"].value == 1
    playground.inputs["speed"].value = 2
    tick(playground)
    assert playground.player.index == playground.inputs["speed"].value == 2
    playground.inputs["rule"].value = "online"
    assert playground.inputs["speed"].value == 25


def test_a_radius_too_small_leaves_a_twisted_sheet_and_a_wide_one_mends_it():
    playground = play.som_unfolding(rows=10, columns=10, falling=False, radius=0.8, learning_rate=0.3, speed=200)
    tick(playground, 4)
    turned, torn = turned_cells(playground.look.weights)[0], playground.look.topographic[-1]
    assert turned > 10 and torn > 0.1 and "it is folded or twisted." in playground.said
    playground.inputs["radius"].value = 5.0
    tick(playground, 2)
    playground.inputs["falling"].value = True
    tick(playground, 10)
    assert "No cell of the sheet is turned over: it lies flat." in playground.said
    assert playground.look.topographic[-1] < torn / 2


def test_the_curves_are_noted_at_the_same_steps_whatever_the_speed():
    curves = []
    for speed in (5, 60):
        playground = play.som_unfolding(**SMALL, speed=speed)
        tick(playground, 120 // speed)
        curves.append(playground.look)
        assert playground.player.index == 120
    assert np.array_equal(curves[0].passes, curves[1].passes)
    assert curves[0].passes.tolist() == [step / 400 for step in (20, 40, 60, 80, 100, 120, 120)]
    assert np.array_equal(curves[0].quantization, curves[1].quantization)
    assert np.array_equal(curves[0].topographic, curves[1].topographic)


@pytest.mark.parametrize(("rows", "columns"), [(1, 12), (12, 1), (1, 1), (2, 2)])
def test_chains_and_single_units_work_under_both_rules(rows, columns):
    for rule in ("online", "batch"):
        playground = play.som_unfolding(data="spiral", rows=rows, columns=columns, rule=rule)
        tick(playground, 3)
        assert "Something went wrong" not in playground.words.value
        assert ("The chain" in playground.said) == (min(rows, columns) == 1)


def test_your_own_points_can_be_chosen_beside_the_sets():
    x = np.random.default_rng(0).normal(5, 1, (5001, 2))
    x.setflags(write=False)
    playground = play.som_unfolding(x, **SMALL)
    assert playground.settings()["data"] == "yours"
    tick(playground)
    assert len(playground.look.x) <= sheet_run.MEASURED and np.isin(playground.look.x, x.astype(np.float32)).all()
    playground.inputs["data"].value = "ring"
    assert len(playground.look.x) == 400
    playground.inputs["data"].value = "yours"
    assert playground.player.model.x.shape == (5001, 2)


def test_a_grid_that_cannot_be_closed_is_said_and_the_run_goes_on():
    playground = play.som_unfolding(rows=5, columns=5, topology="hexagonal")
    playground.inputs["wrap"].value = True
    assert "rows was 5" in playground.said and "even number of rows" in playground.said
    assert playground.inputs["wrap"].value is False and playground.settings()["wrap"] is False
    tick(playground)
    assert playground.player.index == 25


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
    boxes += [axes.get_tightbbox() for axes, _, _ in drawing.curves]
    for place, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 + 1
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:place])


BAD = [
    (lambda: play.som_unfolding(data="cube"), ValueError, "data was 'cube'"),
    (lambda: play.som_unfolding(data="yours"), ValueError, "data was 'yours'"),
    (lambda: play.som_unfolding(np.zeros((9, 3))), ValueError, "x has 3 columns"),
    (lambda: play.som_unfolding(data.moons(50)), TypeError, "x was a Dataset"),
    (lambda: play.som_unfolding(rule="both"), ValueError, "rule was 'both'"),
    (lambda: play.som_unfolding(rows=21), ValueError, "rows was 21"),
    (lambda: play.som_unfolding(wrap="yes"), TypeError, "wrap was 'yes'; it must be True or False"),
    (lambda: play.som_unfolding(radius=-1), ValueError, "radius was -1"),
    (lambda: play.som_unfolding(learning_rate=2), ValueError, "learning_rate was 2"),
    (lambda: play.som_unfolding(rows=5, topology="hexagonal", wrap=True), ValueError, "rows was 5"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
