"""The F1 of events."""

import numpy as np

from udl_teach import metrics
from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.judging import one_number


def event_f1(labels, alarms):
    """F1 of events: every fault and every alarm counts once, however long it lasts; 0 if nothing is found.

    labels and alarms hold 0 or 1 per minute. metrics.events(labels) gives the (start, end) of every run of ones, shape
    (runs, 2); end is one past the last.
    """
    ### BEGIN SOLUTION
    faults, raised = metrics.events(labels), metrics.events(alarms)
    found = sum(alarms[start:end].any() for start, end in faults)
    right = sum(labels[start:end].any() for start, end in raised)
    if found == 0:
        return 0.0
    precision, recall = right / len(raised), found / len(faults)
    return 2 * precision * recall / (precision + recall)
    ### END SOLUTION


HINTS = (
    "Recall counts faults, precision counts alarms. Which fault is found? Which alarm is right?",
    "A fault from start to end is found if alarms[start:end] contains a 1. An alarm is right if its labels[start:end] "
    "contains a 1.",
    "recall is the share of the faults that are found, precision the share of the alarms that are right, and F1 is "
    "2 * precision * recall / (precision + recall), or 0 if nothing is found.",
    "found = sum(alarms[start:end].any() for start, end in metrics.events(labels)), and for the alarms "
    "the same with labels and alarms exchanged.",
)

agree = one_number


def arguments(rng):
    # A long fault found by two alarms, a short one by one, one missed, and false alarms of different lengths.
    labels, alarms = np.zeros(200, dtype=int), np.zeros(200, dtype=int)
    labels[20 : 60 + int(rng.integers(10))], labels[90:96], labels[130 : 140 + int(rng.integers(8))] = 1, 1, 1
    alarms[15 : 22 + int(rng.integers(3))], alarms[40:44], alarms[92] = 1, 1, 1
    for start in rng.permutation(np.arange(150, 200, 6))[: int(rng.integers(2, 5))]:
        alarms[start : start + int(rng.integers(1, 5))] = 1
    return labels, alarms


def judge(function, rng):
    labels, alarms = arguments(rng)
    nothing = np.zeros_like(labels)
    if not one_number(function(labels, nothing), 0.0):
        raise Wrong("Without a single alarm nothing is found: the F1 is 0, not an error and not NaN.")
    if not one_number(function(labels, labels), 1.0):
        raise Wrong("If the alarms are exactly the faults, the F1 is 1.")


def f1(precision, recall):
    return 2 * precision * recall / max(precision + recall, 1e-12)


def points(labels, alarms):
    both = (labels * alarms).sum()
    return f1(both / max(alarms.sum(), 1), both / labels.sum())


@mistake
def point_adjusted(labels, alarms):
    """You counted every minute of a fault as found if one of them is. That is point adjustment: a long fault that is
    hit once counts more than several false alarms. Count each fault once, and each alarm once.
    """
    return points(labels, metrics.point_adjust(labels, alarms).astype(int))


@mistake
def minute_by_minute(labels, alarms):
    """You counted minutes. A fault of four hours then counts forty times as much as one of six minutes, and an alarm
    in time counts as little as one that comes late. Count faults and alarms.
    """
    return points(labels, alarms)


@mistake
def precision_by_minutes(labels, alarms):
    """Your recall counts faults, but your precision counts minutes. Take the share of the *alarms* that touch a fault:
    every run of ones in alarms is one of them.
    """
    faults = metrics.events(labels)
    recall = np.mean([alarms[start:end].any() for start, end in faults])
    return f1((labels * alarms).sum() / max(alarms.sum(), 1), recall)


@mistake
def right_alarms_for_found_faults(labels, alarms):
    """You divided the number of right alarms by the number of faults. Two alarms in one fault then count as two faults
    found. Go through the faults, and ask of each whether an alarm lies in it.
    """
    faults, raised = metrics.events(labels), metrics.events(alarms)
    right = sum(labels[start:end].any() for start, end in raised)
    return f1(right / max(len(raised), 1), right / len(faults))


@mistake
def found_faults_for_right_alarms(labels, alarms):
    """You divided the number of found faults by the number of alarms. Two alarms in one fault are both right: for the
    precision go through the alarms, and ask of each whether it touches a fault.
    """
    faults, raised = metrics.events(labels), metrics.events(alarms)
    found = sum(alarms[start:end].any() for start, end in faults)
    return f1(found / max(len(raised), 1), found / len(faults))


@mistake
def found_at_the_start_alone(labels, alarms):
    """You counted a fault only if its first minute has an alarm. It is found if any of its minutes has one; the delay
    is a number of its own.
    """
    faults, raised = metrics.events(labels), metrics.events(alarms)
    recall = np.mean([alarms[start] for start, _ in faults])
    return f1(np.mean([labels[start:end].any() for start, end in raised] or [0.0]), recall)
