"""The linear probe: how much a straight line can read off a code (Alain and Bengio 2016)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from udl_teach import inputs


def linear_probe(
    train_codes: Any,
    train_labels: Any,
    test_codes: Any,
    test_labels: Any,
    *,
    per_class: int = 10,
    draws: int = 10,
    seed: int = 0,
) -> float:
    """Accuracy on held-out codes of a logistic regression that saw a few labelled codes of each class.

    Args:
        train_codes: codes of the training data, shape (n_train, latent_size).
        train_labels: their classes, shape (n_train,).
        test_codes: codes of held-out data, shape (n_test, latent_size).
        test_labels: their classes, shape (n_test,).
        per_class: labelled samples a class (all of them where a class has fewer).
        draws: how often the labelled samples are drawn anew; with ten a class one draw would be mostly luck.
        seed: of the draws.

    Returns:
        Share of held-out codes given their class, in [0, 1], averaged over the draws.
    """
    return float(_answers(train_codes, train_labels, test_codes, test_labels, per_class, draws, seed).mean())


@dataclass(frozen=True)
class ProbeScore:
    """Accuracy of a linear probe with so many labels per class.

    Attributes:
        per_class: labelled samples per class.
        accuracy: share of held-out codes given their class, averaged over the draws.
        low: lower end of the interval.
        high: upper end of the interval.
    """

    per_class: int
    accuracy: float
    low: float
    high: float


def probe_curve(
    train_codes: Any,
    train_labels: Any,
    test_codes: Any,
    test_labels: Any,
    *,
    per_class: Sequence[int] = (1, 3, 10, 30, 100),
    draws: int = 10,
    level: float = 0.95,
    seed: int = 0,
) -> list[ProbeScore]:
    """Accuracy of `linear_probe` for several numbers of labels, each with an interval.

    The interval is that of a bootstrap over the draws of labels and over the held-out samples (percentiles of 1,000
    resamples of both; Efron and Tibshirani 1993). It says how far the figure may be off for these codes; how much it
    varies from one training of the encoder to the next, only several trainings can say.

    Args:
        train_codes: codes of the training data, shape (n_train, latent_size).
        train_labels: their classes, shape (n_train,).
        test_codes: codes of held-out data, shape (n_test, latent_size).
        test_labels: their classes, shape (n_test,).
        per_class: numbers of labelled samples per class (all of them where a class has fewer).
        draws: how often the labelled samples are drawn anew for each number.
        level: of the interval, between 0 and 1.
        seed: of the draws.

    Returns:
        One ProbeScore per number, in the order given.
    """
    level = inputs.real(level, "level", above=0.0, below=1.0)
    scores = []
    for n in inputs.sizes(per_class, "per_class"):
        right = _answers(train_codes, train_labels, test_codes, test_labels, n, draws, seed)
        low, high = np.quantile(_resampled_means(right), [(1 - level) / 2, (1 + level) / 2])
        scores.append(ProbeScore(n, float(right.mean()), float(low), float(high)))
    return scores


def _resampled_means(right: np.ndarray, resamples: int = 1000) -> np.ndarray:
    """Means of tables whose rows and columns were drawn with replacement: how often each was drawn are its weights."""
    generator = np.random.default_rng(0)
    draws, n_test = right.shape
    rows = generator.multinomial(draws, np.full(draws, 1 / draws), size=resamples) / draws
    columns = generator.multinomial(n_test, np.full(n_test, 1 / n_test), size=resamples) / n_test
    return ((rows @ right) * columns).sum(axis=1)


def _answers(
    train_codes: Any, train_labels: Any, test_codes: Any, test_labels: Any, per_class: int, draws: int, seed: int
) -> np.ndarray:
    """Which held-out samples the probe of each draw gave their class: 0 or 1, shape (draws, n_test)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train_codes = inputs.samples(train_codes, "train_codes", dtype=None).detach().cpu().numpy()
    test_codes = inputs.samples(test_codes, "test_codes", n_features=train_codes.shape[1], dtype=None)
    test_codes = test_codes.detach().cpu().numpy()
    train_labels = inputs.labels(train_labels, "train_labels", n=len(train_codes))
    test_labels = inputs.labels(test_labels, "test_labels", n=len(test_codes))
    per_class, draws = inputs.whole(per_class, "per_class"), inputs.whole(draws, "draws")
    classes = np.unique(train_labels)
    if len(classes) < 2:
        raise ValueError("train_labels holds a single class; a probe needs at least two to tell apart.")
    generator = np.random.default_rng(seed)
    right = []
    for _ in range(draws):
        chosen = np.concatenate([generator.permutation(np.flatnonzero(train_labels == c))[:per_class] for c in classes])
        probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        probe.fit(train_codes[chosen], train_labels[chosen])
        right.append(probe.predict(test_codes) == test_labels)
    return np.array(right, dtype=float)
