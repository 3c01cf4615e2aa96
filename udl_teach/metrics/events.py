"""Alarms on a time series, judged by events rather than by points.

Sources: Tatbul, Lee, Zdonik, Alam and Gottschlich 2018, "Precision and recall for time series" (ranges); Xu et al.
2018, "Unsupervised anomaly detection via variational auto-encoder for seasonal KPIs in web applications" (point
adjustment); Kim, Choi, Choi, Lee and Yoon 2022, "Towards a rigorous evaluation of time-series anomaly detection" (why
it flatters).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from udl_teach import inputs
from udl_teach.metrics.anomalies import truth

BIASES = ("flat", "front", "middle", "back")
CARDINALITIES = ("one", "reciprocal")


class RangeScore(NamedTuple):
    """Precision, recall and their harmonic mean, each in [0, 1]; 0 where there is no alarm or no event."""

    precision: float
    recall: float
    f1: float


class EventScore(NamedTuple):
    """Events found and alarms that were right.

    Attributes:
        precision: share of the alarms (runs of points) that touch an event; 0 without alarms.
        recall: share of the events that are touched by an alarm; 0 without events.
        f1: harmonic mean of the two.
        delay: mean number of samples from the beginning of a found event to its first alarm; NaN if none is found.
        false_alarms: number of alarms that touch no event.
    """

    precision: float
    recall: float
    f1: float
    delay: float
    false_alarms: int


def events(labels: Any) -> np.ndarray:
    """The runs of ones in a series of 0 and 1, as (first, one past the last): int64 of shape (n_events, 2)."""
    padded = np.concatenate([[0], truth(labels), [0]])
    edges = np.diff(padded)
    return np.stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)], axis=1)


def event_score(labels: Any, alarms: Any) -> EventScore:
    """Each event and each alarm counts once, however long it is.

    Args:
        labels: 1 where an event is going on, shape (n_samples,).
        alarms: True where there is an alarm, same shape; consecutive points are one alarm.

    Returns:
        An EventScore. A single alarm over the whole series finds all events with precision 1: look at the delay and at
        `range_score` too.
    """
    labels, alarms = _pair(labels, alarms)
    real, raised = events(labels), events(alarms)
    first = [np.flatnonzero(alarms[start:end]) for start, end in real]
    delays = [found[0] for found in first if len(found)]
    right = sum(labels[start:end].any() for start, end in raised)
    precision, recall = right / max(len(raised), 1), len(delays) / max(len(real), 1)
    delay = float(np.mean(delays)) if delays else float("nan")
    return EventScore(float(precision), float(recall), _f1(precision, recall), delay, int(len(raised) - right))


def range_score(
    labels: Any, alarms: Any, *, alpha: float = 0.0, bias: str = "flat", cardinality: str = "reciprocal"
) -> RangeScore:
    """Range-based precision and recall (Tatbul et al. 2018, eq. 2 to 8), averaged over alarms and over events.

        recall(R)    = alpha [R is touched] + (1 - alpha) gamma(R) sum_P w(R, R and P)
        precision(P) = gamma(P) sum_R w(P, P and R)

    w is the share of a range that is overlapped, each place weighted by `bias`, and gamma the cardinality factor.

    Args:
        labels: 1 where an event is going on, shape (n_samples,).
        alarms: True where there is an alarm, same shape.
        alpha: weight of finding an event at all, in [0, 1]; the rest is for how much of it is found.
        bias: which places of an event count most: "flat" (all alike), "front", "middle" or "back". Precision is flat
            in any case.
        cardinality: "reciprocal" divides by the number of alarms in which an event is found (and of events in which an
            alarm lies); "one" does not mind pieces.

    Returns:
        A RangeScore. With alpha=0, "flat" and "one", and all ranges one sample long, these are the usual scores.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """
    labels, alarms = _pair(labels, alarms)
    alpha = inputs.real(alpha, "alpha", minimum=0.0, maximum=1.0)
    weight = _weights(inputs.choice(bias, "bias", BIASES))
    reciprocal = inputs.choice(cardinality, "cardinality", CARDINALITIES) == "reciprocal"
    recall = _mean_reward(events(labels), alarms, alpha, weight, reciprocal)
    precision = _mean_reward(events(alarms), labels, 0.0, _weights("flat"), reciprocal)
    return RangeScore(precision, recall, _f1(precision, recall))


def point_adjust(labels: Any, alarms: Any) -> np.ndarray:
    """Alarms after point adjustment: an event with one alarm anywhere counts as found in all its points.

    It is common in papers and **flatters**: long events are hit by chance, so that a random score reaches a high F1.

    Args:
        labels: 1 where an event is going on, shape (n_samples,).
        alarms: True where there is an alarm, same shape.

    Returns:
        Adjusted alarms, boolean of the same shape.
    """
    labels, alarms = _pair(labels, alarms)
    adjusted = alarms == 1
    for start, end in events(labels):
        adjusted[start:end] = adjusted[start:end].any()
    return adjusted


def _mean_reward(
    ranges: np.ndarray, other: np.ndarray, alpha: float, weight: Callable[[int], np.ndarray], reciprocal: bool
) -> float:
    rewards = []
    for start, end in ranges:
        inside = other[start:end]
        w = weight(end - start)
        pieces = int((np.diff(np.concatenate([[0], inside])) == 1).sum())
        share = w[inside == 1].sum() / w.sum() / (max(pieces, 1) if reciprocal else 1)
        rewards.append(alpha * (pieces > 0) + (1 - alpha) * share)
    return float(np.mean(rewards)) if rewards else 0.0


def _weights(bias: str) -> Callable[[int], np.ndarray]:
    # Tatbul et al. 2018, figure 3b: the weight of places 1 to n of a range.
    if bias == "flat":
        return lambda n: np.ones(n)
    if bias == "front":
        return lambda n: np.arange(n, 0, -1.0)
    if bias == "back":
        return lambda n: np.arange(1.0, n + 1)
    return lambda n: np.minimum(np.arange(1.0, n + 1), np.arange(n, 0, -1.0))


def _f1(precision: float, recall: float) -> float:
    return float(2 * precision * recall / (precision + recall)) if precision + recall > 0 else 0.0


def _pair(labels: Any, alarms: Any) -> tuple[np.ndarray, np.ndarray]:
    labels = truth(labels)
    return labels, truth(alarms, len(labels), "alarms")
