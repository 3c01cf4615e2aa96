"""Thresholds: what each method promises, on scores drawn from known distributions."""

import math

import numpy as np
import pytest

from udl_teach import metrics
from udl_teach.models import threshold

SCORES = np.random.default_rng(0).exponential(size=2000)


def test_a_quantile_leaves_its_share_above():
    assert (SCORES > threshold(SCORES, rate=0.05)).mean() == pytest.approx(0.05)


def test_the_conformal_promise_holds_for_small_samples_too():
    rng = np.random.default_rng(1)
    alarms, quantile = [], []
    for _ in range(3000):
        calibration, new = rng.normal(size=19), rng.normal(size=20)
        alarms.append((new > threshold(calibration, "conformal", rate=0.1)).mean())
        quantile.append((new > threshold(calibration, rate=0.1)).mean())
    assert np.mean(alarms) == pytest.approx(0.1, abs=0.006) and np.mean(quantile) > 0.115
    new = rng.normal(size=500)
    calibration = rng.normal(size=57)
    by_p = metrics.conformal_p_values(calibration, new) <= 0.07
    np.testing.assert_array_equal(new > threshold(calibration, "conformal", rate=0.07), by_p)
    assert threshold(calibration, "conformal", rate=0.01) == math.inf  # 57 scores cannot promise 1 in 100


def test_extreme_value_theory_reads_rates_below_one_sample():
    far = [threshold(np.random.default_rng(seed).exponential(size=2000), "extreme", rate=1e-4) for seed in range(10)]
    assert np.mean(far) == pytest.approx(-math.log(1e-4), rel=0.15)  # 9.2; a quantile could say at most the maximum
    assert threshold(SCORES, "extreme", rate=0.2) == threshold(SCORES, rate=0.2)


def test_cost_finds_the_cheapest_threshold_of_all():
    rng = np.random.default_rng(2)
    labels = (rng.random(300) < 0.2).astype(int)
    scores = (rng.normal(size=300) + 1.5 * labels).round(1)  # with ties
    for missed, false_alarm, base_rate in ((100, 5, None), (5, 5, None), (100, 5, 0.01), (0, 1, None), (1, 0, None)):
        prices = {"missed": missed, "false_alarm": false_alarm, "base_rate": base_rate}
        found = threshold(scores, "cost", labels=labels, **prices)
        costs = [metrics.expected_cost(labels, scores > t, **prices) for t in np.r_[-9, np.unique(scores)]]
        assert metrics.expected_cost(labels, scores > found, **prices) == pytest.approx(min(costs))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: threshold(SCORES, "best"), "method was 'best'"),
        (lambda: threshold(SCORES, rate=0), "rate was 0"),
        (lambda: threshold(SCORES, rate=0.1, missed=3), 'missed was given, but the method "quantile"'),
        (lambda: threshold(SCORES, "cost", labels=SCORES > 1), "missed was left out"),
        (lambda: threshold([1, 2], "cost", labels=[0, 0], missed=1, false_alarm=1), "one class alone"),
        (lambda: threshold(SCORES[:20], "extreme"), "scores has 20 values"),
        (lambda: threshold(SCORES[:, None]), "scores has shape"),
    ],
)
def test_what_cannot_be_is_told(call, message):
    with pytest.raises((TypeError, ValueError), match=message):
        call()
