"""Rivals without a network: independent columns, a Gaussian copula, and interpolation between neighbours.

Sources: Sklar 1959 and Patki, Wedge and Veeramachaneni 2016, "The synthetic data vault", for the copula; Chawla,
Bowyer, Hall and Kegelmeyer 2002, "SMOTE: synthetic minority over-sampling technique", for interpolation.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import allocate, normal, uniform
from udl_teach.models.tabular.blocks import checked_blocks, slices
from udl_teach.nearest import nearest


class _Rival(nn.Module):
    """What the three have in common: blocks, and buffers that only fitting fills."""

    numbers = "quantiles"
    learned: tuple[str, ...] = ()

    def __init__(self, blocks: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self.blocks = checked_blocks(blocks)
        self.n_features = sum(width for _, width in self.blocks)
        for name in self.learned:
            self.register_buffer(name, None)

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features).detach()

    def _fitted(self) -> None:
        if getattr(self, self.learned[0]) is None:
            raise ValueError(f"this {type(self).__name__} has not seen data yet; call fit(x) first.")

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, self.learned, state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)


class IndependentColumns(_Rival):
    """Every block drawn by itself from the training rows: all marginals right, no dependence.

    Args:
        blocks: of model space, from `MixedTable`.
    """

    learned = ("rows",)

    def fit(self, x: Any) -> "IndependentColumns":
        """Keep the rows of model space, shape (n_rows, n_features), and return self."""
        self.rows = self._checked(x)
        return self

    def sample(self, n: int, seed: int = 0) -> Any:
        """Rows of model space, float32 of shape (n, n_features)."""
        self._fitted()
        n, generator = inputs.whole(n, "n"), inputs.generator(seed)
        drawn = [self.rows[_places(n, len(self.rows), generator), cut] for cut in slices(self.blocks)]
        return torch.cat(drawn, dim=1).numpy()


class GaussianCopula(_Rival):
    """A multivariate normal distribution of the ranks: marginals and the correlations of pairs, and no more.

    A number in the space of `MixedTable(numbers="quantiles")` is standard normal already. A category covers an interval
    of a standard normal variable as wide as it is frequent; fitting draws a place in it, sampling asks in which the
    variable lies.

    Args:
        blocks: of model space, from `MixedTable(numbers="quantiles")`.
        seed: of the places.
    """

    learned = ("correlation", "frequencies")

    def __init__(self, blocks: Sequence[tuple[str, int]], *, seed: int = 0) -> None:
        super().__init__(blocks)
        self.seed = seed

    def fit(self, x: Any) -> "GaussianCopula":
        """Measure frequencies and correlations on rows of model space, shape (n_rows, n_features); return self."""
        rows, generator = self._checked(x), inputs.generator(self.seed)
        self.frequencies = rows.double().mean(dim=0)
        z = []
        for (kind, _), cut in zip(self.blocks, slices(self.blocks), strict=True):
            part = rows[:, cut].double()
            if kind == "category":
                share = self.frequencies[cut]
                number = part.argmax(dim=1)
                low = share.cumsum(0)[number] - share[number]
                part = _probit(low + share[number] * torch.rand(len(part), generator=generator, dtype=torch.float64))[
                    :, None
                ]
            z.append(part)
        z = torch.cat(z, dim=1)
        z = (z - z.mean(dim=0)) / z.std(dim=0, correction=0).clamp(min=1e-9)
        correlation = z.T @ z / len(z)
        correlation.fill_diagonal_(1.0)
        self.correlation = correlation
        return self

    def sample(self, n: int, seed: int = 0) -> Any:
        """Rows of model space, float32 of shape (n, n_features)."""
        self._fitted()
        # The root of a correlation matrix that may have eigenvalues of 0.
        values, vectors = torch.linalg.eigh(self.correlation)
        root = vectors * values.clamp(min=0.0).sqrt()
        z = normal((inputs.whole(n, "n"), len(self.blocks)), inputs.generator(seed), torch.empty(0)).double() @ root.T
        rows = torch.zeros(len(z), self.n_features, dtype=torch.float32)
        for k, ((kind, _), cut) in enumerate(zip(self.blocks, slices(self.blocks), strict=True)):
            if kind != "category":
                rows[:, cut] = z[:, k : k + 1].float()
                continue
            ends = self.frequencies[cut].cumsum(0)
            number = torch.searchsorted(ends, torch.special.ndtr(z[:, k]) * ends[-1]).clamp(max=len(ends) - 1)
            rows[torch.arange(len(z)), cut.start + number] = 1.0
        return rows.numpy()


class Interpolation(_Rival):
    """A row between a training row and one of its nearest neighbours: SMOTE (Chawla et al. 2002) for whole tables.

        x = a + share (b - a),    share drawn from [0, 1)

    Numbers are interpolated, each category is taken from `a` or `b` as the share says. There is nothing to learn, so
    nothing is hidden: every row lies close to two real ones.

    Args:
        blocks: of model space, from `MixedTable(numbers="quantiles")`.
        k: neighbours to choose from.
    """

    learned = ("rows",)

    def __init__(self, blocks: Sequence[tuple[str, int]], k: int = 5) -> None:
        super().__init__(blocks)
        self.k = inputs.whole(k, "k")

    def fit(self, x: Any) -> "Interpolation":
        """Keep the rows of model space, shape (n_rows, n_features), at least two, and return self."""
        rows = self._checked(x)
        if len(rows) < 2:
            raise ValueError("x has one row; interpolation needs at least 2.")
        self.rows = rows
        return self

    def sample(self, n: int, seed: int = 0) -> Any:
        """Rows of model space, float32 of shape (n, n_features)."""
        self._fitted()
        n, generator = inputs.whole(n, "n"), inputs.generator(seed)
        first = _places(n, len(self.rows), generator)
        k = min(self.k, len(self.rows) - 1)
        # The nearest row of all is the row itself (or its twin).
        _, found = nearest(self.rows[first], self.rows, k=k + 1)
        second = found[torch.arange(n), 1 + _places(n, k, generator)]
        a, b, share = self.rows[first], self.rows[second], uniform((n, 1), generator, self.rows)
        rows = torch.lerp(a, b, share)
        for (kind, _), cut in zip(self.blocks, slices(self.blocks), strict=True):
            if kind == "category":
                rows[:, cut] = torch.where(uniform((n, 1), generator, rows) < share, b[:, cut], a[:, cut])
        return rows.numpy()


def _places(n: int, of: int, generator: torch.Generator) -> torch.Tensor:
    return torch.randint(of, (n,), generator=generator)


def _probit(u: torch.Tensor) -> torch.Tensor:
    return torch.special.ndtri(u.clamp(1e-12, 1 - 1e-12))
