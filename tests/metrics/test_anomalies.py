"""Precision at k, cost, cards, p-values, ranges and events, beside counts made by hand."""

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from udl_teach import metrics


def test_precision_at_k_counts_the_highest_scores():
    labels, scores = [1, 0, 1, 0, 0], [5.0, 4.0, 3.0, 2.0, 1.0]
    assert [metrics.precision_at_k(labels, scores, k) for k in (1, 2, 3, 5)] == pytest.approx([1, 1 / 2, 2 / 3, 2 / 5])
    assert metrics.precision_at_k([1, 0, 0, 1], [2, 1, 1, 1], 2) == pytest.approx(
        (1 + 1 / 3) / 2
    )  # a tie for one place


def test_cost_follows_prices_and_base_rate():
    labels, alarms = np.array([1, 1, 0, 0, 0, 0]), np.array([1, 0, 1, 0, 0, 0]) == 1
    assert metrics.expected_cost(labels, alarms, missed=60, false_alarm=6) == pytest.approx((60 + 6) / 6)
    amounts = [10, 30, 0, 0, 0, 0]
    assert metrics.expected_cost(labels, alarms, missed=amounts, false_alarm=6) == pytest.approx((30 + 6) / 6)
    rare = metrics.expected_cost(labels, alarms, missed=60, false_alarm=6, base_rate=0.01)
    assert rare == pytest.approx(0.01 * 60 / 2 + 0.99 * 6 / 4)
    assert metrics.expected_cost([0, 0], [1, 0], missed=60, false_alarm=6) == 3
    with pytest.raises(ValueError, match="one class alone"):
        metrics.expected_cost([0, 0], [1, 0], missed=60, false_alarm=6, base_rate=0.1)


def test_cards_are_checked_once_a_day_and_blocked_once_found():
    days, cards = [0, 0, 0, 1, 1, 1], [7, 7, 8, 7, 8, 9]
    labels, scores = [0, 1, 0, 1, 0, 1], [1, 9, 8, 9, 8, 7]
    assert metrics.card_precision(labels, scores, cards, days, k=1) == 0.5  # on day 1 card 8 comes first
    assert metrics.card_precision(labels, scores, cards, days, k=1, blocked=False) == 1.0
    assert metrics.card_precision(labels, scores, cards, days, k=2) == 0.5


def test_conformal_p_values_keep_their_promise_on_data_not_learned_from():
    rng = np.random.default_rng(0)
    assert metrics.conformal_p_values([1, 2, 3], [0, 2, 9]).tolist() == [1.0, 0.75, 0.25]
    shares = [
        metrics.calibration_curve(metrics.conformal_p_values(rng.normal(size=19), rng.normal(size=50)), (0.05, 0.2))
        for _ in range(2000)
    ]
    # With 19 calibration scores both levels are multiples of 1 / 20, so that the shares equal them.
    np.testing.assert_allclose(np.mean(shares, axis=0), [0.05, 0.2], atol=0.006)


def test_events_are_runs():
    assert metrics.events([1, 1, 0, 1, 0, 0, 1]).tolist() == [[0, 2], [3, 4], [6, 7]]
    assert metrics.events([0, 0]).shape == (0, 2)


def test_event_score_counts_each_event_once_and_its_delay():
    labels = np.array([0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0])
    alarms = np.array([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1])
    assert metrics.event_score(labels, alarms) == (0.5, 0.5, 0.5, 2.0, 1)
    nothing = metrics.event_score(labels, np.zeros(12, dtype=bool))
    assert nothing[:3] == (0, 0, 0) and np.isnan(nothing.delay)


def test_ranges_of_one_sample_give_the_usual_scores():
    rng = np.random.default_rng(0)
    labels, alarms = np.zeros((2, 400), dtype=int)
    labels[::2], alarms[::2] = rng.random((2, 200)) < 0.3  # never two in a row
    score = metrics.range_score(labels, alarms)
    usual = [f(labels, alarms) for f in (precision_score, recall_score, f1_score)]
    np.testing.assert_allclose(score, usual)


def test_ranges_follow_the_definition():
    labels, alarms = np.array([0, 1, 1, 1, 1, 0, 0, 0]), np.array([0, 1, 0, 1, 0, 0, 1, 1])
    whole = metrics.range_score(labels, alarms, cardinality="one")
    assert whole[:2] == pytest.approx((2 / 3, 1 / 2))  # alarms: right, right, wrong
    assert metrics.range_score(labels, alarms).recall == pytest.approx(1 / 4)  # found in two pieces
    assert metrics.range_score(labels, alarms, alpha=1.0).recall == 1
    front = metrics.range_score(labels, alarms, bias="front", cardinality="one")
    assert front.recall == pytest.approx((4 + 2) / 10)
    middle = metrics.range_score(labels, alarms, bias="middle", cardinality="one")
    assert middle.recall == pytest.approx((1 + 2) / 6)
    assert metrics.range_score(labels, alarms, bias="back", cardinality="one").recall == pytest.approx((1 + 3) / 10)


def test_point_adjustment_lets_a_random_score_look_good():
    labels = np.zeros(10_000, dtype=int)
    labels[2000:2500] = labels[6000:6500] = 1
    scores = np.random.default_rng(0).random(10_000)
    plain = max(f1_score(labels, scores > t) for t in np.linspace(0, 0.999, 50))
    adjusted = max(f1_score(labels, metrics.point_adjust(labels, scores > t)) for t in np.linspace(0, 0.999, 50))
    ranges = max(metrics.range_score(labels, scores > t).f1 for t in np.linspace(0, 0.999, 50))
    assert plain < 0.25 and ranges < 0.25 and adjusted > 0.9


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.precision_at_k([0, 1], [1, 2], 3), "k was 3; it must be at most"),
        (lambda: metrics.precision_at_k([0, 2], [1, 2], 1), "labels holds 2; it must hold 1"),
        (lambda: metrics.precision_at_k([0, 1], [[1], [2]], 1), "scores has shape"),
        (lambda: metrics.event_score([0, 1], [0, 1, 1]), "alarms has 3 labels for 2"),
        (lambda: metrics.range_score([0, 1], [0, 1], bias="left"), "bias was 'left'"),
    ],
)
def test_what_cannot_be_is_told(call, message):
    with pytest.raises(ValueError, match=message):
        call()
