"""The threshold with the lowest cost."""

import numpy as np

from udl_teach.lesson.exercise import difference
from udl_teach.lesson.judging import one_number


def cheapest_threshold(scores, labels, candidates, missed, false_alarm, base_rate):
    """The candidate with the lowest expected cost per payment; an alarm is a score above it.

    labels holds 1 for a fraud. missed and false_alarm are prices. base_rate is the share of frauds where the detector
    will work; the share in labels can be another one.
    """
    ### BEGIN SOLUTION
    fraud, normal = scores[labels == 1], scores[labels == 0]
    costs = []
    for threshold in candidates:
        share_missed, share_alarmed = (fraud <= threshold).mean(), (normal > threshold).mean()
        costs.append(base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed)
    return candidates[np.argmin(costs)]
    ### END SOLUTION


HINTS = (
    "Go through the candidates and compute the expected cost of each. What share of the frauds would be missed, and "
    "what share of the normal payments would cause an alarm?",
    "Each share belongs to one class: (scores[labels == 1] <= threshold).mean() of the frauds are missed.",
    "A random payment is a fraud with probability base_rate, and then costs missed if there is no alarm. It is normal "
    "with probability 1 - base_rate, and then costs false_alarm if there is one.",
    "cost = base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed; return "
    "candidates[np.argmin(costs)].",
)

agree = one_number


def arguments(rng):
    # Drawn again until the answer and the mistakes below lead to six different thresholds.
    while True:
        n = int(rng.integers(300, 400))
        labels = (rng.random(n) < 0.2).astype(int)
        scores = rng.normal(1.2 * labels, 1.0)
        candidates = np.quantile(scores, np.linspace(0.01, 0.995, 40) - rng.uniform(0, 0.005))
        missed, false_alarm = float(rng.integers(20, 60)), float(rng.integers(2, 5))
        rate, in_labels = float(rng.uniform(0.02, 0.06)), labels.mean()
        # The weights of the two shares: those of the answer, then those of the mistakes.
        weights = np.array(
            [
                (rate * missed, (1 - rate) * false_alarm),
                (rate * false_alarm, (1 - rate) * missed),
                (in_labels * missed, (1 - in_labels) * false_alarm),
                (missed, false_alarm),
                ((1 - rate) * missed, rate * false_alarm),
                (rate, 1 - rate),
            ]
        )
        alarms = scores > candidates[:, None]
        shares = [1 - alarms[:, labels == 1].mean(axis=1), alarms[:, labels == 0].mean(axis=1)]
        if len(set((weights @ shares).argmin(axis=1))) == len(weights):
            return scores, labels, candidates, missed, false_alarm, rate


prices_swapped = difference(
    cheapest_threshold,
    {
        "base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed": (
            "base_rate * false_alarm * share_missed + (1 - base_rate) * missed * share_alarmed"
        )
    },
    """You swapped the prices. A fraud without an alarm costs `missed`, a normal payment with one costs
    `false_alarm`.""",
)

base_rate_forgotten = difference(
    cheapest_threshold,
    {
        "base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed": (
            "labels.mean() * missed * share_missed + (1 - labels.mean()) * false_alarm * share_alarmed"
        )
    },
    """You took the share of frauds from the labels, as any sum over these payments does. They hold more frauds than
    there are at work: weight the two shares by base_rate and 1 - base_rate.""",
)

both_classes_alike = difference(
    cheapest_threshold,
    {
        "base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed": (
            "missed * share_missed + false_alarm * share_alarmed"
        )
    },
    """You left the base rate out, as if half of all payments were frauds. Weight what is missed by base_rate and the
    false alarms by 1 - base_rate.""",
)

base_rate_of_the_wrong_class = difference(
    cheapest_threshold,
    {
        "base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed": (
            "(1 - base_rate) * missed * share_missed + base_rate * false_alarm * share_alarmed"
        )
    },
    """Your weights are exchanged: base_rate is the share of the *frauds*, so it is the weight of what is missed.""",
)

prices_forgotten = difference(
    cheapest_threshold,
    {
        "base_rate * missed * share_missed + (1 - base_rate) * false_alarm * share_alarmed": (
            "base_rate * share_missed + (1 - base_rate) * share_alarmed"
        )
    },
    """Without the prices you minimize the share of errors. With rare frauds, hardly any alarm at all is then best.
    Multiply each share by its price.""",
)

dearest = difference(
    cheapest_threshold,
    {"np.argmin(costs)": "np.argmax(costs)"},
    """You returned the candidate with the highest cost. Use np.argmin, and check the direction: a fraud is missed if
    its score is at most the threshold, and a normal payment causes an alarm if its score is above it.""",
)

the_cost_itself = difference(
    cheapest_threshold,
    {"candidates[np.argmin(costs)]": "min(costs)"},
    "You returned the lowest cost. Return the threshold that leads to it: candidates[np.argmin(costs)].",
)
