"""Lesson 11: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import numpy as np
import pytest

from udl_teach import data, metrics
from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import RIGHT, WRONG, verdict_on
from udl_teach.models import threshold


def windows_of_the_library(train, series, labels, recording, length):
    z = (series - train.mean(0)) / train.std(0)
    dataset = data.Dataset((z**2).sum(axis=1, keepdims=True), labels, name="scores", extras={"recording": recording})
    made = data.windows(dataset, length, labels="last", group="recording")
    return made.x.mean(axis=1), made.labels


def counted(detector, train, held_out, new):
    normal = detector.score_samples(held_out)
    return np.array([(1 + sum(normal <= one)) / (1 + len(normal)) for one in detector.score_samples(new)])


def by_the_library(detector, train, held_out, new):
    return metrics.conformal_p_values(-detector.score_samples(held_out), -detector.score_samples(new))


def cost_by_the_library(scores, labels, candidates, missed, false_alarm, base_rate):
    prices = {"missed": missed, "false_alarm": false_alarm, "base_rate": base_rate}
    return min(candidates, key=lambda limit: metrics.expected_cost(labels, scores > limit, **prices))


def diagnosed(systems):
    def one(system):
        if system["auc in test"] - system["auc"][:2].mean() > 0.08:
            return "leak"
        times = system["alarms"][0] / system["alarms planned"]
        return "drift" if 0.4 < times < 2.5 else "threshold"

    return tuple(map(one, systems))


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("11.1", windows_of_the_library),
        ("11.2", counted),
        ("11.2", by_the_library),
        ("11.3", lambda labels, alarms: metrics.event_score(labels, alarms).f1),
        ("11.4", cost_by_the_library),
        ("11.5", diagnosed),
    ],
)
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("11.1", lambda train, series, labels, recording, length: windows_of_the_library(
            train, series, labels, np.zeros(len(series), int), length), "across gaps"),
        ("11.1", lambda train, series, labels, recording, length: windows_of_the_library(
            series, series, labels, recording, length), "scaled by the test"),
        ("11.2", lambda detector, train, held_out, new: by_the_library(detector, train, train, new),
         "calibrated on training data"),
        ("11.2", lambda detector, train, held_out, new: 1 - by_the_library(detector, train, held_out, new), None),
        ("11.2", lambda detector, train, held_out, new: counted(detector, train, held_out, new) * 20 / 19 - 1 / 19,
         "off by one"),
        ("11.3", lambda labels, alarms: metrics.range_score(labels, metrics.point_adjust(labels, alarms)).f1, None),
        ("11.4", lambda scores, labels, candidates, missed, false_alarm, base_rate: cost_by_the_library(
            scores, labels, candidates, false_alarm, missed, base_rate), "prices swapped"),
        ("11.4", lambda scores, labels, candidates, missed, false_alarm, base_rate: cost_by_the_library(
            scores, labels, candidates, missed, false_alarm, None), "base rate forgotten"),
        ("11.5", lambda systems: ["drift" for _ in systems], None),
        ("11.5", lambda systems: diagnosed(systems)[0], None),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert (verdict.status, verdict.mistake) == (WRONG, mistake or ""), verdict.sentence


def test_a_f1_without_alarms_is_nought():
    def divides_by_the_alarms(labels, alarms):
        with np.errstate(all="ignore"):
            faults, raised = metrics.events(labels), metrics.events(alarms)
            recall = np.mean([alarms[start:end].any() for start, end in faults])
            precision = np.float64(sum(labels[start:end].any() for start, end in raised)) / len(raised)
            return 2 * precision * recall / (precision + recall)

    verdict = verdict_on(exercise("11.3"), divides_by_the_alarms, seed=0)
    assert verdict.status == WRONG and "Without a single alarm" in verdict.sentence


@pytest.mark.parametrize("seed", range(5))
def test_the_cheapest_candidate_is_near_the_threshold_of_the_library(seed):
    scores, labels, candidates, missed, false_alarm, rate = exercise("11.4").arguments(np.random.default_rng(seed))
    best = exercise("11.4").solution(scores, labels, candidates, missed, false_alarm, rate)
    free = threshold(scores, "cost", labels=labels, missed=missed, false_alarm=false_alarm, base_rate=rate)
    costs = [
        metrics.expected_cost(labels, scores > limit, missed=missed, false_alarm=false_alarm, base_rate=rate)
        for limit in (free, best, *candidates)
    ]
    assert costs[0] <= costs[1] == min(costs[1:])
