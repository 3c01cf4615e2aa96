"""Scores of rivals for the same payments, what each threshold would let pass, and a threshold that rises."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from udl_teach import data
from udl_teach.data.transactions import SCENARIOS
from udl_teach.metrics.anomalies import scores_of, truth
from udl_teach.training import Step

NAMES = ("reconstruction", "T2 and Q", "isolation forest", "kNN", "amount alone")
LOW, HIGH, STEP = -3.0, 9.0, 0.05
THRESHOLDS = np.round(np.linspace(LOW, HIGH, round((HIGH - LOW) / STEP) + 1), 2)
EDGES = np.linspace(LOW, HIGH, 49)  # of the histograms
# Days that are learned from, without labels, and first day of those that are judged: a week later, as frauds are known.
LEARNED, JUDGED = (50, 57), 64
# Own scores: so many rivals at most.
MOST = 6


@dataclass(frozen=True)
class Rival:
    """One detector on all cases, at each of THRESHOLDS.

    Attributes:
        missed: share of the frauds whose score is not above the threshold.
        raised: share of the normal cases whose score is.
        normal, fraud: histograms over EDGES, as shares.
        kinds: share found of each kind of fraud, by its name.
    """

    missed: np.ndarray
    raised: np.ndarray
    normal: np.ndarray
    fraud: np.ndarray
    kinds: dict[str, np.ndarray]


# Compared by identity.
@dataclass(frozen=True, eq=False)
class Cases:
    """Cases that all rivals have scored, and what they are called: "payments", "fraud", "frauds"."""

    rivals: dict[str, Rival]
    called: tuple[str, str, str]


def place(threshold: float) -> int:
    """Number of the nearest of THRESHOLDS."""
    return int(np.clip(round((threshold - LOW) / STEP), 0, len(THRESHOLDS) - 1))


def rival(scores: np.ndarray, labels: np.ndarray, kinds: dict[str, np.ndarray] | None = None) -> Rival:
    """Count what every threshold does.

    Scores of different detectors have different units and long tails. Here arcsinh(score / median) is drawn, which is
    like a logarithm for large scores, with the normal ones at mean 0 and standard deviation 1. That changes no order.
    """
    values = np.arcsinh(scores / max(np.median(np.abs(scores)), 1e-12))
    normal = values[labels == 0]
    z = (values - normal.mean()) / max(normal.std(), 1e-12)
    z = np.clip(z, LOW + STEP / 2, HIGH)  # at the lowest threshold all raise an alarm, at the highest none

    def passed(those: np.ndarray) -> np.ndarray:
        return np.searchsorted(np.sort(z[those]), THRESHOLDS, side="right") / those.sum()

    def histogram(those: np.ndarray) -> np.ndarray:
        return np.histogram(z[those], EDGES)[0] / those.sum()

    return Rival(
        missed=passed(labels == 1),
        raised=1 - passed(labels == 0),
        normal=histogram(labels == 0),
        fraud=histogram(labels == 1),
        kinds={name: 1 - passed(those) for name, those in (kinds or {}).items() if those.any()},
    )


@lru_cache(maxsize=4)
def payments(seed: int, past_labels: bool) -> Cases:
    """Four weeks of payments, scored by rivals that have learned from an earlier week; takes a few seconds."""
    from sklearn.ensemble import IsolationForest

    from udl_teach.estimators import Detector, NeighbourDetector, PCAMonitor

    made = data.transactions(risk=past_labels, seed=seed)
    day, scenario = made.extras["day"], made.extras["scenario"]
    train, test = made[(day >= LEARNED[0]) & (day < LEARNED[1])], made[day >= JUDGED]
    detectors = (Detector(random_state=seed), PCAMonitor(), IsolationForest(random_state=seed), NeighbourDetector())
    scores = [-detector.fit(train.x).score_samples(test.x) for detector in detectors]
    scores.append(test.x[:, 0])  # a rule that everybody would write: large amounts are suspicious
    kinds = {name: scenario[day >= JUDGED] == number for number, name in enumerate(SCENARIOS) if number}
    rivals = {name: rival(each, test.labels, kinds) for name, each in zip(NAMES, scores, strict=True)}
    return Cases(rivals, ("payments", "fraud", "frauds"))


def own(scores: Any, labels: Any) -> Cases:
    """A learner's scores, one array or several by name; ValueError or TypeError says what is wrong with them."""
    named = scores if isinstance(scores, dict) else {"yours": scores}
    if not 1 <= len(named) <= MOST:
        raise ValueError(f"scores has {len(named)} detectors; it must have 1 to {MOST}.")
    if labels is None:
        raise TypeError("labels was left out; scores need labels: 1 for an anomaly, 0 for a normal sample.")
    checked = {str(name): scores_of(values, f"scores of {name!r}") for name, values in named.items()}
    for values in checked.values():
        labels = truth(labels, len(values))
    if len(np.unique(labels)) < 2:
        raise ValueError("labels holds one class alone; it must hold 1 (anomaly) and 0 (normal).")
    rivals = {name: rival(values, labels) for name, values in checked.items()}
    return Cases(rivals, ("samples", "anomaly", "anomalies"))


class Sweep:
    """A threshold that rises from `threshold` to the highest.

    Attributes:
        threshold: where it is.
        settings: of the playground.
    """

    def __init__(self, threshold: float, settings: dict) -> None:
        """Begin there."""
        self.settings = settings
        self.threshold = float(THRESHOLDS[place(threshold)])

    def rise(self) -> Iterator[Step]:
        """Two notches per step; a step's loss is the threshold."""
        index = 0
        while self.threshold < HIGH:
            self.threshold = float(THRESHOLDS[place(self.threshold + 2 * STEP)])
            index += 1
            yield Step(index, 1, self.threshold, {})
