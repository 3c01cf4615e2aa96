"""Which true factor does a number of the code follow? Measured where the factors are known, as they are for glyphs.

Source: the idea of comparing single numbers of a code with single factors: Higgins et al. 2017, "beta-VAE"; the
measures are the squared correlation and, for groups, the correlation ratio (Fisher 1925).
"""

import numpy as np

# A factor is named where at least this share of a dimension's variance goes with it.
LEAST = 0.3


def factor_shares(codes: np.ndarray, factors: dict[str, np.ndarray]) -> np.ndarray:
    """Share of every dimension's variance that goes with every factor.

    Args:
        codes: shape (n, latent_size).
        factors: name -> value of each sample, shape (n,): numbers (the share is the squared correlation) or text
            (the share is what lies between the groups' means).

    Returns:
        Shape (latent_size, number of factors), from 0 to 1; 0 where a dimension or a factor does not vary.
    """
    codes = np.asarray(codes, dtype=float)
    codes = codes - codes.mean(axis=0)
    whole = (codes**2).mean(axis=0)
    shares = []
    for values in map(np.asarray, factors.values()):
        if values.dtype.kind in "US":
            explained = np.zeros(codes.shape[1])
            for group in np.unique(values):
                members = values == group
                explained += members.mean() * codes[members].mean(axis=0) ** 2
        else:
            centred = values - values.mean()
            explained = (codes * centred[:, None]).mean(axis=0) ** 2 / max((centred**2).mean(), 1e-12)
        shares.append(explained / np.maximum(whole, 1e-12))
    return np.clip(np.stack(shares, axis=1), 0.0, 1.0)


def followed(shares: np.ndarray, active: np.ndarray, names: tuple[str, ...]) -> list[tuple[str | None, float]]:
    """The factor of every dimension with its share, the largest; None where it is not active or that is below LEAST.

    Shares are as `factor_shares` gives them, `active` has shape (latent_size,), and `names` are those of the factors.
    """
    best = shares.argmax(axis=1)
    return [
        (names[place] if used and row[place] >= LEAST else None, float(row[place]))
        for row, place, used in zip(shares, best, active, strict=True)
    ]
