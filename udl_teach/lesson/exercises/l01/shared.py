"""The cloud of samples of both exercises on principal components."""

import numpy as np


def cloud(rng):
    # Far from the origin and with variances well apart, so that centring and order matter on every draw.
    n_samples, n_features, n_components = rng.integers(30, 50), rng.integers(5, 8), rng.integers(2, 4)
    rotation = np.linalg.qr(rng.normal(size=(n_features, n_features)))[0]
    spread = 4.0 * 0.6 ** np.arange(n_features)
    middle = rng.uniform(3, 8, n_features) * rng.choice([-1, 1], n_features)
    return rng.normal(size=(n_samples, n_features)) * spread @ rotation + middle, int(n_components)
