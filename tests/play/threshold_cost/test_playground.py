"""What a threshold costs: counts and costs are those of the library's metrics, and words, touch and buttons agree."""

import numpy as np
import pytest
from machinery.playgrounds import touch

from udl_teach import metrics, play
from udl_teach.models import threshold
from udl_teach.play.threshold_cost.run import HIGH, LOW, MOST, NAMES, THRESHOLDS

pytestmark = pytest.mark.usefixtures("nothing_left_open")

LABELS = (np.random.default_rng(0).random(4000) < 0.05).astype(int)
DRAWS = np.random.default_rng(1).normal(size=(2, 4000))
SCORES = {"good": DRAWS[0] + 2.5 * LABELS, "poor": DRAWS[1] + 1.0 * LABELS}


def standardized(scores):
    scores = np.arcsinh(scores / np.median(np.abs(scores)))
    normal = scores[LABELS == 0]
    return (scores - normal.mean()) / normal.std()


@pytest.fixture
def playground():
    return play.threshold_cost(SCORES, LABELS)


def test_counts_and_costs_are_those_of_the_metrics(playground):
    playground.inputs["threshold"].value = 1.5
    playground.inputs["base_rate"].value = 0.02
    snapshot = playground.snapshot
    alarms = standardized(SCORES["good"]) > 1.5
    cost = metrics.expected_cost(LABELS, alarms, missed=100, false_alarm=5, base_rate=snapshot.rate)
    assert snapshot.cost == pytest.approx(1000 * cost)
    normal, false, missed, found = snapshot.confusion
    assert found / (found + missed) == pytest.approx(alarms[LABELS == 1].mean())
    assert false / (false + normal) == pytest.approx(alarms[LABELS == 0].mean())
    assert normal + false + missed + found == pytest.approx(1000) and missed + found == pytest.approx(20, rel=0.02)
    assert snapshot.precision("good")[snapshot.place] == pytest.approx(found / (found + false))
    assert f"= {snapshot.cost:,.0f}" in playground.said


def test_cheapest_is_the_threshold_by_cost(playground):
    playground.buttons["cheapest"].click()
    z = standardized(SCORES["good"])
    best = threshold(z, "cost", labels=LABELS, missed=100, false_alarm=5, base_rate=0.01)
    lowest = metrics.expected_cost(LABELS, z > best, missed=100, false_alarm=5, base_rate=0.01)
    assert 1000 * lowest <= playground.snapshot.cost * (1 + 1e-9) <= 1050 * lowest  # of a slider's thresholds
    assert playground.snapshot.cost == pytest.approx(playground.snapshot.ranks[0][1])
    assert "No other threshold of good is cheaper." in playground.said


def test_at_the_ends_nothing_or_everything_raises_an_alarm(playground):
    none, every = playground.snapshot.ends
    assert (none, every) == (1000, 990 * 5)
    for name in SCORES:
        assert playground.snapshot.costs(name)[[0, -1]] == pytest.approx([every, none])


def test_a_threshold_is_dragged_and_a_bar_chooses_the_rival(playground):
    drawing = playground._drawing
    touch(playground, "down", 1.0, 0.5, drawing.scores)
    assert playground.settings()["threshold"] == 1.0
    touch(playground, "move", 2.02, 0.5, drawing.scores)
    assert playground.settings()["threshold"] == 2.0 and playground.player.model.threshold == 2.0
    touch(playground, "up", 2.02, 0.5, drawing.scores)
    touch(playground, "down", 0.5, 1.0, drawing.bars)
    assert playground.settings()["detector"] == "poor"
    touch(playground, "down", 0.5, 4.0, drawing.bars)  # no rival stands there
    assert playground.settings()["detector"] == "poor"
    recall = 1 - playground.snapshot.rival.missed
    touch(playground, "down", recall[100], playground.snapshot.precision("poor")[100], drawing.curves)
    assert recall[playground.snapshot.place] == pytest.approx(recall[100], abs=0.02)


def test_play_raises_the_threshold_to_the_end_and_reset_goes_back(playground):
    playground.player.advance(10)
    assert playground.player.model.threshold == 4.0
    playground._advance(1000, announce=True)
    assert playground.settings()["threshold"] == HIGH and playground.player.finished
    playground.reset_button.click()
    assert playground.settings()["threshold"] == 3.0


def test_ranks_change_with_prices_and_no_detector_may_be_the_best():
    labels, x = np.zeros(2000), np.random.default_rng(0).normal(size=2000)
    labels[:100] = 1
    careful, sharp = x.copy(), x.copy()
    careful[:100] += 1.0  # finds most frauds among false alarms
    sharp[:30] += 9.0  # finds a third of them, without false alarms
    playground = play.threshold_cost({"careful": careful, "sharp": sharp}, labels, false_alarm=0.5)
    assert playground.snapshot.ranks[0][0] == "careful"
    playground.inputs["false_alarm"].value = 100
    assert playground.snapshot.ranks[0][0] == "sharp"
    assert "hardly better: careful" in playground.said and "no alarm at all costs 1,000" in playground.said


def test_keep_says_what_has_changed(playground):
    playground.keep()
    playground.inputs["missed"].value = 1000
    playground.inputs["detector"].value = "poor"
    assert "Kept: good, threshold 3.00" in playground.said
    assert "detector poor instead of good, missed fraud 1000 instead of 100" in playground.said
    assert playground._drawing.kept[2].get_xdata().size == len(THRESHOLDS)


def test_payments_are_scored_by_five_rivals_and_found_by_kind():
    playground = play.threshold_cost()
    assert tuple(playground.snapshot.cases.rivals) == NAMES
    assert "Found by kind: large amount" in playground.said and "Threshold 3.00 of reconstruction" in playground.said


def test_scores_far_out_are_drawn_at_the_ends_and_many_rivals_have_room():
    labels = np.arange(100) % 10 == 0
    playground = play.threshold_cost({str(k): np.exp(np.arange(100.0)) * (1 + labels) for k in range(MOST)}, labels)
    rival = playground.snapshot.rival
    assert rival.normal.sum() == pytest.approx(1) and rival.fraud.sum() == pytest.approx(1)
    assert (rival.raised[0], rival.raised[-1]) == (1.0, 0.0) and THRESHOLDS[0] == LOW
