"""The landscape of losses: what is drawn is the library's own, and who is called saturated has no gradient there."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import landscape_run
from udl_teach.play.landscape_run import BOTTOM, GENERATOR, ON_GENERATED, ON_REAL, SATURATED, SCORES, WHOSE

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def sigma(score):
    return 1 / (1 + np.exp(-np.asarray(score, dtype=float)))


# The slopes of the papers' formulas, worked out by hand; s is the score on the axis, o that of the other samples.
SLOPES = {
    (GENERATOR, "non-saturating"): lambda s, o: -sigma(-s),
    (GENERATOR, "minimax"): lambda s, o: -sigma(s),
    (GENERATOR, "least-squares"): lambda s, o: s - 1,
    (GENERATOR, "wasserstein"): lambda s, o: -np.ones_like(s),
    (GENERATOR, "relativistic"): lambda s, o: -sigma(o - s),
    (ON_GENERATED, "non-saturating"): lambda s, o: sigma(s),
    (ON_GENERATED, "minimax"): lambda s, o: sigma(s),
    (ON_GENERATED, "least-squares"): lambda s, o: s,
    (ON_GENERATED, "wasserstein"): lambda s, o: np.ones_like(s),
    (ON_GENERATED, "relativistic"): lambda s, o: sigma(s - o),
    (ON_REAL, "non-saturating"): lambda s, o: -sigma(-s),
    (ON_REAL, "minimax"): lambda s, o: -sigma(-s),
    (ON_REAL, "least-squares"): lambda s, o: s - 1,
    (ON_REAL, "wasserstein"): lambda s, o: -np.ones_like(s),
    (ON_REAL, "relativistic"): lambda s, o: -sigma(o - s),
}


@pytest.mark.parametrize(("whose", "objective"), SLOPES)
def test_every_curve_has_the_slope_of_its_formula_and_the_values_that_belong_to_it(whose, objective):
    curve = landscape_run.curve(whose, objective, 1.5)
    assert np.allclose(curve.slopes, SLOPES[whose, objective](SCORES, 1.5), atol=1e-12)
    risen = np.diff(curve.values) / np.diff(SCORES)
    assert np.allclose(risen, (curve.slopes[1:] + curve.slopes[:-1]) / 2, atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    whose=st.sampled_from(WHOSE),
    objective=st.sampled_from(OBJECTIVES),
    place=st.integers(0, len(SCORES) - 1),
    other=st.integers(-100, 100).map(lambda tenths: tenths / 10),
)
def test_a_reading_is_the_point_of_the_curve_and_small_gradients_alone_have_a_state(whose, objective, place, other):
    curve = landscape_run.curve(whose, objective, other)
    value, slope = landscape_run.reading(whose, objective, float(SCORES[place]), other)
    assert value == pytest.approx(curve.values[place]) and slope == pytest.approx(curve.slopes[place])
    assert 0 <= curve.share(slope) <= 1
    state = curve.state(value, slope)
    assert (state in (SATURATED, BOTTOM)) == (abs(slope) < 0.1 * np.abs(curve.slopes).max())


def test_the_flat_parts_end_where_a_tenth_and_a_hundredth_of_the_largest_gradient_are_left():
    step = SCORES[1] - SCORES[0]
    largest = sigma(10)
    ends = [np.log(share * largest / (1 - share * largest)) for share in (0.01, 0.1)]
    very, small = landscape_run.flat_parts(landscape_run.curve(GENERATOR, "minimax", 0.0))
    assert very[0] == -10 and very[1] == pytest.approx(ends[0], abs=step) and very[2:] == (True, SATURATED)
    assert small[0] == very[1] and small[1] == pytest.approx(ends[1], abs=step) and small[2:] == (False, SATURATED)
    # The non-saturating loss is flat as well, but only where the generator has won.
    small, very = landscape_run.flat_parts(landscape_run.curve(GENERATOR, "non-saturating", 0.0))
    assert small[0] == pytest.approx(-ends[1], abs=step) and very[1] == 10 and small[3] == very[3] == BOTTOM
    assert landscape_run.flat_parts(landscape_run.curve(GENERATOR, "wasserstein", 0.0)) == []


def test_the_words_say_who_is_saturated_and_who_is_at_the_bottom():
    playground = play.loss_landscape(score=-6.0)
    assert "score -6.00, so D = 0.0025; the real ones 3.00" in playground.said
    assert "minimax loss 0.00, slope -0.0025;" in playground.said
    assert "non-saturating loss 6.00, slope -1;" in playground.said
    assert re.search(r"Saturated, [^:]*: minimax 0\.25 %\.", playground.said) and "At the bottom" not in playground.said
    playground.inputs["score"].value = 7.5
    assert "Nobody is saturated. At the bottom, where little is left to win: non-saturating, relativistic." in (
        playground.said
    )
    playground.inputs["whose"].value = ON_GENERATED
    assert "Nobody is saturated." in playground.said and "At the bottom" not in playground.said


def test_play_walks_downhill_as_gradient_descent_by_hand_does():
    playground = play.loss_landscape(score=-4.0, real_score=2.0, learning_rate=0.3)
    tick(playground, 30)
    for objective, point in playground.look.points.items():
        score, reached = -4.0, None
        for index in range(1, 31):
            score -= 0.3 * SLOPES[GENERATOR, objective](np.array(score), 2.0)
            reached = index if reached is None and score > -0.005 else reached
        assert point.score == pytest.approx(float(score)) and point.reached == reached
    race = playground.said[playground.said.index("Reached 0") :]
    steps = [int(step) for step in re.findall(r"step (\d+)", race)]
    assert len(steps) == 4 and steps == sorted(steps) and race.endswith("Not yet: minimax.")


def test_the_discriminator_drives_real_scores_up_from_where_they_are_and_generated_ones_down():
    playground = play.loss_landscape(score=2.0, real_score=-3.0, whose=ON_REAL)
    assert playground.look.start == -3.0 and "A real sample has score -3.00" in playground.said
    assert "the generated ones 2.00" in playground.said
    tick(playground, 40)
    assert all(point.score > 0 for point in playground.look.points.values())
    playground.inputs["whose"].value = ON_GENERATED
    assert playground.player.index == 0 and playground.look.start == 2.0
    tick(playground, 40)
    assert all(point.score < 0.01 for point in playground.look.points.values())
    race = playground.said[playground.said.index("Reached 0") :]
    assert all(name in race for name in OBJECTIVES) and "Not yet" not in race


def test_who_begins_where_the_loss_leads_has_nothing_to_cross():
    playground = play.loss_landscape(score=4.0)
    tick(playground, 5)
    assert "All began at 0 or above, where this loss leads." in playground.said and "eached" not in playground.said
    playground.inputs["whose"].value = ON_GENERATED
    tick(playground, 1)
    assert "Nobody reached 0 in 1 step." in playground.said


def test_the_real_score_moves_the_relativistic_curve_alone():
    playground = play.loss_landscape()
    before = playground.look.curves
    playground.inputs["real_score"].value = -2.0
    for name, curve in playground.look.curves.items():
        assert np.array_equal(curve.values, before[name].values) == (name != "relativistic")


def test_an_objective_that_is_not_ticked_is_neither_drawn_nor_said():
    playground = play.loss_landscape(wasserstein=False)
    drawing = playground._drawing
    assert "wasserstein" not in playground.said and len(drawing.lines[0][3].get_xdata()) == 0
    assert [text.get_text() for text in drawing.names] == [*OBJECTIVES[:3], "", "relativistic"]
    assert [key.get_visible() for key in drawing.keys] == [True, True, True, False, True]
    playground.inputs["wasserstein"].value = True
    assert "wasserstein" in playground.said and len(drawing.lines[0][3].get_xdata()) == len(SCORES)
    for name in OBJECTIVES:
        playground.inputs[name.replace("-", "_")].value = False
    tick(playground)
    assert "No objective is drawn: tick one." in playground.said


@pytest.mark.parametrize("axis", ["score", "probability"])
def test_each_line_is_shown_beside_its_name_as_it_is_drawn(axis):
    drawing = play.loss_landscape(axis=axis)._drawing
    drawing.frame.figure.canvas.draw()
    for key, name, line, other in zip(drawing.keys, drawing.names, *drawing.lines, strict=True):
        shown, text = key.get_window_extent(), name.get_window_extent()
        assert 0 < shown.x0 < shown.x1 < text.x0 and text.y0 < shown.y0 < text.y1
        for drawn in (line, other):
            assert (key.get_color(), key._dash_pattern) == (drawn.get_color(), drawn._dash_pattern)


def test_who_runs_off_rests_and_is_said_to_and_the_others_walk_on():
    playground = play.loss_landscape(score=-1.0, learning_rate=10.0, speed=20)
    tick(playground, 2)
    points = playground.look.points
    assert {name for name, point in points.items() if abs(point.score) == 100} == {
        "minimax",
        "least-squares",
        "wasserstein",
    }
    assert "Ran off beyond 100 and rests there: minimax, least-squares, wasserstein." in playground.said
    assert playground.player.problem is None
    score = points["non-saturating"].score
    tick(playground)
    assert playground.look.points["non-saturating"].score > score
    assert playground.look.points["wasserstein"].score == 100


def test_as_probabilities_the_same_points_stand_at_their_sigmoid():
    playground = play.loss_landscape(axis="probability", score=-2.0)
    tick(playground, 3)
    drawing, point = playground._drawing, playground.look.points["non-saturating"]
    assert np.allclose(drawing.lines[0][0].get_xdata(), sigma(SCORES))
    assert np.allclose(drawing.points[0][0].get_xdata(), sigma(point.score))
    assert drawing.points[1][0].get_ydata()[0] == pytest.approx(abs(point.slope))
    assert drawing.losses.get_xlim() == (0, 1) and "sigmoid" in drawing.losses.get_xlabel()
    playground.inputs["axis"].value = "score"
    assert playground.player.index == 3 and np.allclose(drawing.points[0][0].get_xdata(), point.score)


def test_the_rate_acts_while_it_runs_and_the_kept_walk_stays_where_it_stood():
    playground = play.loss_landscape(learning_rate=0.5)
    tick(playground, 4)
    stood = playground.look.points["non-saturating"].score
    playground.keep_button.click()
    playground.inputs["learning_rate"].value = 2.0
    tick(playground, 4)
    now = playground.look.points["non-saturating"].score
    drawing = playground._drawing
    assert now > stood and drawing.before[0][0].get_xdata()[0] == pytest.approx(stood)
    assert drawing.points[0][0].get_xdata()[0] == pytest.approx(now)
    assert "Kept, generator, from -6.00: Reached 0: least-squares (step 3)." in playground.said
    assert "learning rate 2 instead of 0.5" in playground.said
    playground.inputs["learning_rate"].value = 0.1
    assert playground.player.index == 4 and "Moved while it ran: learning rate." in playground.said


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
    rows = [text for text in drawing.says if text.get_text()]
    for texts in (outer, rows):
        boxes = [text.get_window_extent() for text in texts]
        for place, box in enumerate(boxes):
            assert whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
            assert not any(box.overlaps(other) for other in boxes[:place])


@pytest.mark.parametrize(("axis", "whose"), [("score", WHOSE[0]), ("probability", WHOSE[1]), ("score", WHOSE[2])])
def test_no_point_hides_the_word_of_its_row(axis, whose):
    playground = play.loss_landscape(axis=axis, whose=whose, score=-3.0)
    hidden, words = 0, []
    for score in np.arange(-10, 10.1, 2.0):
        playground.inputs["real_score" if whose == ON_REAL else "score"].value = score
        drawing = playground._drawing
        for row in range(5):
            x, y = drawing.points[2][row].get_data()
            at = drawing.bars.transData.transform((x[0], y[0]))
            for text in drawing.says:
                box = text.get_window_extent()
                assert not text.get_text() or drawing.bars.bbox.x0 - 1 <= box.x0 and box.x1 <= drawing.bars.bbox.x1 + 1
                hidden += bool(text.get_text()) and box.y0 < at[1] < box.y1 and box.x0 - 4 < at[0] < box.x1 + 4
        words.append(sum(bool(text.get_text()) for text in drawing.says))
    assert hidden == 0 and min(words) >= max(words) - 3


BAD = [
    (lambda: play.loss_landscape(score=-11), ValueError, "score was -11"),
    (lambda: play.loss_landscape(real_score="high"), TypeError, "real_score was 'high'"),
    (lambda: play.loss_landscape(whose="critic"), ValueError, "whose was 'critic'"),
    (lambda: play.loss_landscape(axis="logit"), ValueError, "axis was 'logit'"),
    (lambda: play.loss_landscape(minimax=1), TypeError, "minimax was 1; it must be True or False"),
    (lambda: play.loss_landscape(learning_rate=0), ValueError, "learning_rate was 0"),
    (lambda: play.loss_landscape(speed=51), ValueError, "speed was 51"),
]


@pytest.mark.parametrize(("make_it", "error", "says"), BAD)
def test_bad_settings_get_one_sentence_and_leave_nothing_behind(make_it, error, says):
    with pytest.raises(error, match=re.escape(says)):
        make_it()
    assert play.open_playgrounds() == 0
