"""Curves and walks: the slopes of the papers' formulas, and gradient descent by hand."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machinery.playgrounds import tick

from udl_teach import play
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape import run
from udl_teach.play.loss_landscape.run import BOTTOM, GENERATOR, ON_GENERATED, ON_REAL, SATURATED, SCORES, WHOSE

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
    curve = run.curve(whose, objective, 1.5)
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
    curve = run.curve(whose, objective, other)
    value, slope = run.reading(whose, objective, float(SCORES[place]), other)
    assert value == pytest.approx(curve.values[place]) and slope == pytest.approx(curve.slopes[place])
    assert 0 <= curve.share(slope) <= 1
    state = curve.state(value, slope)
    assert (state in (SATURATED, BOTTOM)) == (abs(slope) < 0.1 * np.abs(curve.slopes).max())


def test_the_flat_parts_end_where_a_tenth_of_the_largest_gradient_is_left():
    step, largest = SCORES[1] - SCORES[0], sigma(10)
    end = np.log(0.1 * largest / (1 - 0.1 * largest))
    ((start, stop, state),) = run.flat_parts(run.curve(GENERATOR, "minimax", 0.0))
    assert (start, state) == (-10, SATURATED) and stop == pytest.approx(end, abs=step)
    # The non-saturating loss is flat as well, but only where the generator has won.
    ((start, stop, state),) = run.flat_parts(run.curve(GENERATOR, "non-saturating", 0.0))
    assert (stop, state) == (10, BOTTOM) and start == pytest.approx(-end, abs=step)
    assert run.flat_parts(run.curve(GENERATOR, "wasserstein", 0.0)) == []


def test_play_walks_downhill_as_gradient_descent_by_hand_does():
    playground = play.loss_landscape(score=-4.0, real_score=2.0, learning_rate=0.3)
    tick(playground, 30)
    for objective, point in playground.snapshot.points.items():
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
    assert playground.snapshot.start == -3.0 and "A real sample has score -3.00" in playground.said
    assert "the generated ones 2.00" in playground.said
    tick(playground, 40)
    assert all(point.score > 0 for point in playground.snapshot.points.values())
    playground.inputs["whose"].value = ON_GENERATED
    assert playground.player.index == 0 and playground.snapshot.start == 2.0
    tick(playground, 40)
    assert all(point.score < 0.01 for point in playground.snapshot.points.values())
    race = playground.said[playground.said.index("Reached 0") :]
    assert all(name in race for name in OBJECTIVES) and "Not yet" not in race


def test_who_runs_off_rests_and_is_said_to_and_the_others_walk_on():
    playground = play.loss_landscape(score=-1.0, learning_rate=10.0, speed=20)
    tick(playground, 2)
    points = playground.snapshot.points
    assert {name for name, point in points.items() if abs(point.score) == 100} == {
        "minimax",
        "least-squares",
        "wasserstein",
    }
    assert "Ran off beyond 100 and rests there: minimax, least-squares, wasserstein." in playground.said
    assert playground.player.problem is None
    score = points["non-saturating"].score
    tick(playground)
    assert playground.snapshot.points["non-saturating"].score > score
    assert playground.snapshot.points["wasserstein"].score == 100
