"""From scores to alarms: four ways to choose a threshold.

Sources: Vovk, Gammerman and Shafer 2005, "Algorithmic learning in a random world", for conformal p-values; Pickands
1975 and Siffer, Fouque, Termier and Largouët 2017, "Anomaly detection in streams with extreme value theory", eq. 1,
for peaks over threshold; Elkan 2001, "The foundations of cost-sensitive learning", for cost.
"""

import math
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.metrics.anomalies import scores_of, truth

METHODS = ("quantile", "cost", "conformal", "extreme")
# Peaks over threshold: the tail begins at this quantile (Siffer et al. 2017), and needs so many peaks.
TAIL, PEAKS = 0.98, 20


def threshold(
    scores: Any,
    method: str = "quantile",
    *,
    rate: float | None = None,
    labels: Any = None,
    missed: float | None = None,
    false_alarm: float | None = None,
    base_rate: float | None = None,
) -> float:
    """Choose the threshold above which a score is an alarm, as in `model.anomaly_score(x) > t`.

    Args:
        scores: higher for what is stranger, shape (n_samples,). Take them from samples that the model has **not**
            learned from: scores of training samples are too low, and so is their threshold.
        method: how to choose.
            "quantile": the share `rate` of the scores lies above it.
            "conformal": an alarm has a conformal p-value of at most `rate`. If the next normal sample and those of
            `scores` are exchangeable, P(false alarm) <= rate, whatever the model and the distribution. The threshold is
            the ceil((1 - rate) (n + 1))-th lowest score, infinite where n is smaller than 1 / rate - 1.
            "extreme": peaks over threshold. Above a high quantile t the excesses follow a generalized Pareto
            distribution (shape xi, scale s), from which far smaller rates can be read than 1 / n:
            t + s / xi ((rate n / n_peaks)^-xi - 1).
            "cost": the lowest mean cost on `scores` with `labels`.
        rate: accepted share of false alarms, in (0, 1), for all methods but "cost"; None takes 0.01.
        labels: for "cost": 1 for an anomaly, 0 for a normal sample, shape (n_samples,).
        missed: for "cost": price of a missed anomaly.
        false_alarm: for "cost": price of a false alarm.
        base_rate: for "cost": share of anomalies where the detector will work; None takes that of `labels`.

    Returns:
        The threshold.

    Raises:
        TypeError, ValueError: an argument is not what it must be, is missing, or belongs to another method.
    """
    inputs.choice(method, "method", METHODS)
    values = np.sort(scores_of(scores))
    prices = {"labels": labels, "missed": missed, "false_alarm": false_alarm}
    needless = {"rate": rate} if method == "cost" else prices | {"base_rate": base_rate}
    for name, value in needless.items():
        if value is not None:
            raise TypeError(f'{name} was given, but the method "{method}" does without it: leave it out.')
    if method == "cost":
        for name, value in prices.items():
            if value is None:
                raise TypeError(f'{name} was left out; the method "cost" needs labels, missed and false_alarm.')
        return _by_cost(scores_of(scores), labels, missed, false_alarm, base_rate)
    rate = inputs.real(0.01 if rate is None else rate, "rate", above=0.0, below=1.0)
    if method == "quantile":
        return float(np.quantile(values, 1 - rate))
    if method == "conformal":
        # Rounding must not turn 0.9 * 10 into 9.000...1, and with it the 9th score into the 10th.
        rank = math.ceil((1 - rate) * (len(values) + 1) - 1e-9)
        return float(values[rank - 1]) if rank <= len(values) else math.inf
    return _by_extremes(values, rate)


def _by_extremes(values: np.ndarray, rate: float) -> float:
    from scipy.stats import genpareto

    tail = min(TAIL, 1 - PEAKS / len(values))
    if tail <= 0:
        raise ValueError(f"scores has {len(values)} values; extreme value theory needs more than {PEAKS}.")
    start = float(np.quantile(values, tail))
    excesses = values[values > start] - start
    share = len(excesses) / len(values)
    if rate >= share:
        return float(np.quantile(values, 1 - rate))  # not in the tail: the scores themselves say it
    if len(excesses) < PEAKS // 2:
        raise ValueError("scores holds too many equal high values to fit a tail; choose another method.")
    shape, _, scale = genpareto.fit(excesses, floc=0)
    return start + float(genpareto.ppf(1 - rate / share, shape, scale=scale))


def _by_cost(scores: np.ndarray, labels: Any, missed: float, false_alarm: float, base_rate: float | None) -> float:
    missed = inputs.real(missed, "missed", minimum=0.0)
    false_alarm = inputs.real(false_alarm, "false_alarm", minimum=0.0)
    strange = truth(labels, len(scores)) == 1
    if strange.all() or not strange.any():
        raise ValueError("labels holds one class alone; the cost of the other one cannot be known from it.")
    rate = strange.mean() if base_rate is None else inputs.real(base_rate, "base_rate", minimum=0.0, maximum=1.0)
    order = np.argsort(scores, kind="stable")
    # After the k lowest scores are let pass: anomalies among them are missed, normal samples above are false alarms.
    passed = np.concatenate([[0], np.cumsum(strange[order])]) / strange.sum()
    alarmed = 1 - np.concatenate([[0], np.cumsum(~strange[order])]) / (~strange).sum()
    cost = rate * missed * passed + (1 - rate) * false_alarm * alarmed
    ranked = scores[order]
    possible = np.concatenate([[True], ranked[1:] > ranked[:-1], [True]])  # equal scores pass together
    best = int(np.flatnonzero(possible)[np.argmin(cost[possible])])
    if best == 0:
        return float(np.nextafter(ranked[0], -np.inf))
    return float(ranked[-1]) if best == len(ranked) else float((ranked[best - 1] + ranked[best]) / 2)
