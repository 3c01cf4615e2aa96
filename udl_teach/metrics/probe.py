"""The linear probe: how much a straight line can read off a code (Alain and Bengio 2016)."""

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
    accuracies = []
    for _ in range(draws):
        chosen = np.concatenate([generator.permutation(np.flatnonzero(train_labels == c))[:per_class] for c in classes])
        probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
        probe.fit(train_codes[chosen], train_labels[chosen])
        accuracies.append(probe.score(test_codes, test_labels))
    return float(np.mean(accuracies))
