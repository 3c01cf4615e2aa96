"""How good scores are at finding rare samples: precision at k, cost, cards a day, calibrated p-values.

Scores are higher for what is stranger. AUROC and average precision are scikit-learn's (`roc_auc_score`,
`average_precision_score`). Sources: Le Borgne, Siblini, Lebichot and Bontempi 2022, "Reproducible machine learning for
credit card fraud detection", chapter 4, for card precision; Elkan 2001, "The foundations of cost-sensitive learning",
for cost; Bates, Candès, Lei, Romano and Sesia 2023, "Testing for outliers with conformal p-values", for those.
"""

from typing import Any

import numpy as np
import torch

from udl_teach import inputs


def precision_at_k(labels: Any, scores: Any, k: int) -> float:
    """Share of anomalies among the `k` samples with the highest scores.

    Args:
        labels: 1 for an anomaly, 0 for a normal sample, shape (n_samples,).
        scores: higher for what is stranger, same shape.
        k: number of samples that somebody looks at, at most n_samples.

    Returns:
        A number in [0, 1]; among equal scores at the border the expected share, as if drawn at random.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    scores = scores_of(scores)
    labels, k = truth(labels, len(scores)), inputs.whole(k, "k")
    if k > len(scores):
        raise ValueError(f"k was {k}; it must be at most the number of samples, {len(scores)}.")
    border = np.partition(scores, -k)[-k]
    above, ties = scores > border, scores == border
    return float((labels[above].sum() + (k - above.sum()) * labels[ties].mean()) / k)


def expected_cost(
    labels: Any, alarms: Any, *, missed: Any, false_alarm: float, base_rate: float | None = None
) -> float:
    """Mean cost per sample of a set of alarms: what is missed costs, and so does every false alarm.

        cost = rate E[missed; no alarm | anomaly] + (1 - rate) false_alarm P(alarm | normal)

    Args:
        labels: 1 for an anomaly, 0 for a normal sample, shape (n_samples,).
        alarms: True where an alarm was raised, same shape.
        missed: price of a missed anomaly: one number, or one per sample (an amount).
        false_alarm: price of an alarm on a normal sample.
        base_rate: share of anomalies where the detector will work, in [0, 1]; None takes that of `labels`. Test sets
            often hold far more anomalies than the world does.

    Returns:
        The mean cost per sample, in the unit of the prices.

    Raises:
        TypeError, ValueError: an argument is not what it must be; or there is no sample of a class whose rate counts.
    """
    labels = truth(labels)
    alarms = truth(alarms, len(labels), "alarms") == 1
    missed = inputs.each(missed, "missed", len(labels), minimum=0.0)
    false_alarm = inputs.real(false_alarm, "false_alarm", minimum=0.0)
    strange = labels == 1
    rate = strange.mean() if base_rate is None else inputs.real(base_rate, "base_rate", minimum=0.0, maximum=1.0)
    cost = 0.0
    for weight, those, price in (
        (rate, strange, missed * ~alarms),
        (1 - rate, ~strange, false_alarm * alarms),
    ):
        if weight > 0:
            if not those.any():
                raise ValueError("labels holds one class alone; the cost of the other one cannot be known from it.")
            cost += weight * price[those].mean()
    return float(cost)


def card_precision(labels: Any, scores: Any, cards: Any, days: Any, k: int = 100, *, blocked: bool = True) -> float:
    """Share of frauded cards among the `k` cards that are checked each day, averaged over the days (CP@k).

    The score of a card on a day is the highest of its transactions; it counts as frauded if one of them is a fraud.

    Args:
        labels: 1 for a fraud, 0 otherwise, shape (n_transactions,).
        scores: higher for what is stranger, same shape.
        cards: whole numbers that tell the cards apart, same shape.
        days: number of the day, same shape.
        k: cards that can be checked per day.
        blocked: whether a card that was found is blocked and not checked again on later days, as in the source.

    Returns:
        A number in [0, 1]. Days with fewer than `k` frauded cards cannot reach 1.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    scores, k = scores_of(scores), inputs.whole(k, "k")
    labels = truth(labels, len(scores))
    cards, days = inputs.labels(cards, "cards", n=len(scores)), inputs.labels(days, "days", n=len(scores))
    found: set[int] = set()
    shares = []
    for day in np.unique(days):
        today = np.flatnonzero(days == day)
        names, number = np.unique(cards[today], return_inverse=True)
        highest, frauded = np.full(len(names), -np.inf), np.zeros(len(names), dtype=bool)
        np.maximum.at(highest, number, scores[today])
        np.logical_or.at(frauded, number, labels[today] == 1)
        open_ = ~np.isin(names, list(found)) if blocked else np.ones(len(names), dtype=bool)
        checked = np.flatnonzero(open_)[np.argsort(-highest[open_], kind="stable")[:k]]
        hits = checked[frauded[checked]]
        found |= set(names[hits].tolist())
        shares.append(len(hits) / k)
    return float(np.mean(shares))


def conformal_p_values(calibration: Any, scores: Any) -> np.ndarray:
    """Conformal p-values: how often a normal sample would score as high (Bates et al. 2023, eq. 1).

        p = (1 + number of calibration scores >= s) / (n_calibration + 1)

    If the new sample and the calibration samples are exchangeable, P(p <= a) <= a for every level a. That holds only if
    the detector has **not** learned from the calibration samples; without the 1 it does not hold at all.

    Args:
        calibration: scores of normal samples that the detector has not seen, shape (n_calibration,).
        scores: scores of new samples, shape (n_samples,); higher is stranger.

    Returns:
        float64, shape (n_samples,), in [1 / (n_calibration + 1), 1].
    """
    calibration, scores = np.sort(scores_of(calibration, "calibration")), scores_of(scores)
    as_high = len(calibration) - np.searchsorted(calibration, scores, side="left")
    return (1 + as_high) / (len(calibration) + 1)


def calibration_curve(p_values: Any, levels: Any = (0.01, 0.05, 0.1, 0.2, 0.5)) -> np.ndarray:
    """Share of normal samples whose p-value lies at or below each level.

    Args:
        p_values: of normal samples, shape (n_samples,).
        levels: in [0, 1], shape (n_levels,).

    Returns:
        float64, shape (n_levels,). Calibrated p-values give shares near the levels; above them, alarms are more
        frequent than promised.
    """
    p_values, levels = scores_of(p_values, "p_values"), scores_of(levels, "levels")
    return (p_values[:, None] <= levels).mean(axis=0)


def scores_of(values: Any, name: str = "scores") -> np.ndarray:
    """Finite numbers, one per sample, as float64 of shape (n_samples,); an error says what they were."""
    array = inputs.numbers(values, name, dtype=torch.float64).detach().cpu().numpy()
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}; it must be (samples,): one number per sample.")
    return array


def truth(values: Any, n: int | None = None, name: str = "labels") -> np.ndarray:
    """0 or 1 for every sample, int64 of shape (n_samples,); an error says what they were."""
    array = inputs.labels(values, name, n=n)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} holds {array[~np.isin(array, (0, 1))][0]}; it must hold 1 (anomaly) and 0 (normal).")
    return array
