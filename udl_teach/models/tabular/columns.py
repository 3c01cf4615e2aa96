"""One column of a table in model space: a category as one-hot, a number by quantiles, by modes or by bins.

Sources: Xu, Skoularidou, Cuesta-Infante and Veeramachaneni 2019, "Modeling tabular data using conditional GAN", section
4.2, for mode-specific normalization; Dempster, Laird and Rubin 1977 for the expectation-maximization algorithm.
"""

import numpy as np
import torch

MOST_KNOTS = 2000  # points of a quantile function that are kept
FINEST = 1e-3  # width of the narrowest mode, as a share of the column's spread


class Category:
    """One-hot code of a column of categories.

    Args:
        values: the different values.
    """

    def __init__(self, values: list) -> None:
        self.values = list(values)
        self.blocks = (("category", len(self.values)),)

    def to_model(self, codes: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Numbers of the values, shape (n,) -> one-hot rows, shape (n, n_values)."""
        return np.eye(len(self.values))[codes]

    def to_column(self, x: np.ndarray) -> np.ndarray:
        """Numbers of the values: those of the largest entry in each row."""
        return x.argmax(axis=1)


class Quantiles:
    """A number by its place among the values that were measured: u in (0, 1), and z = Phi^-1(u), a standard normal.

    Between the order statistics the quantile function is linear. A value that occurs more than once covers an interval
    of u; `to_model` takes its middle, or draws from it (dequantization), so that z is standard normal even where a
    third of the column is 0.

    Args:
        values: shape (n,), without missing ones.

    Attributes:
        knots: values, in order; of many, some in equal steps of rank, and both ends of every longer run of ties.
        places: u of every knot: (rank + 1/2) / n.
    """

    blocks: tuple[tuple[str, int], ...] = (("number", 1),)

    def __init__(self, values: np.ndarray) -> None:
        ordered = np.sort(np.asarray(values, dtype=np.float64))
        n = self.n = len(ordered)
        ranks = np.unique(np.linspace(0, n - 1, min(n, MOST_KNOTS)).round().astype(int))
        if len(ranks) < n:
            first = np.flatnonzero(np.r_[True, ordered[1:] > ordered[:-1]])
            last = np.r_[first[1:], n] - 1
            runs = last - first >= n / MOST_KNOTS
            ranks = np.unique(np.r_[ranks, first[runs], last[runs]])
        self.knots, self.places = ordered[ranks], (ranks + 0.5) / n

    def to_model(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Values, shape (n,) -> z, shape (n, 1); values outside the measured range are taken to its ends."""
        return _probit(self.rank(values, rng))[:, None]

    def to_column(self, x: np.ndarray) -> np.ndarray:
        """Values of z, shape (n, 1) -> (n,)."""
        return self.value(_normal_cdf(x[:, 0]))

    def rank(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """U of every value, by linear interpolation."""
        low, high = self.ends(values)
        return low + (0.5 if rng is None else rng.random(len(values))) * (high - low)

    def ends(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest u of every value; the two differ where a run of ties is long enough to have two knots."""
        values = np.clip(values, self.knots[0], self.knots[-1])
        left = np.searchsorted(self.knots, values, side="left")
        right = np.searchsorted(self.knots, values, side="right") - 1
        on_knot = self.knots[left] == values
        # Elsewhere a value lies between knot `right` and knot `left`, the next one.
        gap = np.where(on_knot, 1.0, self.knots[left] - self.knots[right])
        between = self.places[right] + (values - self.knots[right]) / gap * (self.places[left] - self.places[right])
        return np.where(on_knot, self.places[left], between), np.where(on_knot, self.places[right], between)

    def value(self, u: np.ndarray) -> np.ndarray:
        """The quantile function at `u`."""
        return np.interp(u, self.places, self.knots)


class Bins:
    """A number as one of about `n_bins` bins of equal counts, and its position in the bin, in [0, 1].

    A value that fills a bin by itself, such as the 0 of many columns, gets one. The position is that of the rank, so
    that all positions are equally frequent. Where every bin holds a single value there is no position.

    Args:
        values: shape (n,), without missing ones.
        n_bins: number of bins of equal counts.

    Attributes:
        first, last: lowest and highest value of every bin.
    """

    def __init__(self, values: np.ndarray, n_bins: int = 64) -> None:
        self.quantiles = Quantiles(values)
        found, counts = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
        target, starts, filled = len(values) / n_bins, [0], 0
        for place, count in enumerate(counts):
            if filled and (filled >= target or count >= target):
                starts.append(place)
                filled = 0
            filled += count
        self.first, self.last = found[starts], found[np.array([*starts[1:], len(found)]) - 1]
        single = self.first == self.last
        self.low, self.high = self.quantiles.ends(self.first)[0], self.quantiles.ends(self.last)[1]
        self.low[single] = self.high[single] = (self.low[single] + self.high[single]) / 2
        self.blocks = (("category", len(starts)),) + (() if single.all() else (("position", 1),))

    def to_model(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Values, shape (n,) -> one-hot bins and positions, shape (n, n_bins + 1), or (n, n_bins) without positions."""
        number = np.clip(np.searchsorted(self.first, values, side="right") - 1, 0, None)
        x = np.eye(len(self.first))[number]
        if len(self.blocks) == 1:
            return x
        width = self.high[number] - self.low[number]
        position = (self.quantiles.rank(values, rng) - self.low[number]) / np.where(width > 0, width, 1.0)
        return np.c_[x, np.where(width > 0, position.clip(0, 1), 0.5)]

    def to_column(self, x: np.ndarray) -> np.ndarray:
        """Values of bins and positions, shape (n,)."""
        number = x[:, : len(self.first)].argmax(axis=1)
        position = x[:, -1].clip(0, 1) if len(self.blocks) > 1 else 0.5
        return self.quantiles.value(self.low[number] + position * (self.high[number] - self.low[number]))


class Modes:
    """A number by the mode of a Gaussian mixture that it lies in, and its position there: Xu et al. 2019, section 4.2.

        alpha = (c - mean_k) / (4 scale_k),    beta = one-hot of k

    k is the most probable mode, or drawn from its posterior. alpha is not clipped here, so that nothing is lost.

    Args:
        values: shape (n,), without missing ones.
        n_modes: of the mixture; those with next to no weight are dropped.

    Attributes:
        means, scales, weights: of the modes, shape (n_modes,).
    """

    def __init__(self, values: np.ndarray, n_modes: int = 10) -> None:
        values = np.asarray(values, dtype=np.float64)
        self.weights, self.means, self.scales = gaussian_mixture(values, n_modes)
        self.blocks = (("category", len(self.means)), ("position", 1))

    def to_model(self, values: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
        """Values, shape (n,) -> one-hot modes and positions, shape (n, n_modes + 1)."""
        posterior = self.posterior(values)
        if rng is None:
            mode = posterior.argmax(axis=1)
        else:
            mode = (posterior.cumsum(axis=1) < rng.random((len(values), 1))).sum(axis=1).clip(max=len(self.means) - 1)
        return np.c_[np.eye(len(self.means))[mode], (values - self.means[mode]) / (4 * self.scales[mode])]

    def to_column(self, x: np.ndarray) -> np.ndarray:
        """Values of modes and positions, shape (n,)."""
        mode = x[:, :-1].argmax(axis=1)
        return self.means[mode] + 4 * self.scales[mode] * x[:, -1]

    def posterior(self, values: np.ndarray) -> np.ndarray:
        """Probability of each mode given each value, shape (n, n_modes)."""
        return _responsibilities(np.asarray(values, dtype=np.float64), self.weights, self.means, self.scales)


def gaussian_mixture(values: np.ndarray, n_modes: int, iterations: int = 50) -> tuple[np.ndarray, ...]:
    """Weights, means and standard deviations of a Gaussian mixture, by expectation-maximization from the quantiles."""
    if len(values) > 10_000:  # every so-many-th of them in order says as much
        values = np.sort(values)[:: len(values) // 5_000]
    spread = values.std()
    floor = max(FINEST * spread, 1e-12 * max(1.0, np.abs(values).max()))
    means = np.unique(np.quantile(values, (np.arange(n_modes) + 0.5) / n_modes))
    weights, scales = np.full(len(means), 1 / len(means)), np.full(len(means), max(spread / len(means), floor))
    for _ in range(iterations):
        share = _responsibilities(values, weights, means, scales)
        mass = share.sum(axis=0)
        kept = mass > 0.005 * len(values)
        share, mass = share[:, kept], mass[kept]
        weights, means = mass / mass.sum(), (share * values[:, None]).sum(axis=0) / mass
        scales = np.sqrt((share * (values[:, None] - means) ** 2).sum(axis=0) / mass).clip(min=floor)
    return weights, means, scales


def _responsibilities(values, weights, means, scales) -> np.ndarray:
    log_p = np.log(weights / scales) - 0.5 * ((values[:, None] - means) / scales) ** 2
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def _probit(u: np.ndarray) -> np.ndarray:
    return torch.special.ndtri(torch.from_numpy(u)).numpy()


def _normal_cdf(z: np.ndarray) -> np.ndarray:
    return torch.special.ndtr(torch.from_numpy(np.asarray(z, dtype=np.float64))).numpy()
