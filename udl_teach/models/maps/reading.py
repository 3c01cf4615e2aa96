"""What a map of units tells about data: where samples lie on it, how well it fits, and its pictures."""

from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach import inputs, metrics
from udl_teach.grid import Grid
from udl_teach.models.layers import allocate
from udl_teach.nearest import nearest


class UnitMap(nn.Module):
    """Units on a grid with a weight vector each; it is asked here, and learns in `SelfOrganizingMap`.

    Args:
        n_features: columns of the data.
        grid: the grid without data.
        missing: "refuse" NaN in the data, or "ignore" it.

    Attributes:
        weights: shape (rows, columns, n_features), in the units of the data; None until there are any.
    """

    def __init__(self, n_features: int, grid: Grid, missing: str) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.grid, self.rows, self.columns = grid, grid.rows, grid.columns
        self.topology, self.wrap = grid.topology, grid.wrap
        self.missing = inputs.choice(missing, "missing", ("refuse", "ignore"))
        self.register_buffer("weights", None)
        # Remembers where the map was moved to while it has no weights yet.
        self.register_buffer("_place", torch.empty(0), persistent=False)

    def transform(self, x: Any) -> Any:
        """Distances of samples to all units, shape (n_samples, rows * columns), in the units of the data."""
        self._must_have_weights()
        samples = self._checked(x).to(self.weights.device)
        weights = self.weights.reshape(self.grid.n_units, -1)
        if self.missing == "ignore":
            parts = [((part[:, None] - weights) ** 2).nansum(dim=2).sqrt() for part in samples.split(64)]
            return inputs.given(torch.cat(parts), x)
        return inputs.given(torch.cdist(samples, weights, compute_mode="donot_use_mm_for_euclid_dist"), x)

    def assign(self, x: Any) -> Any:
        """Number of the best unit of every sample, row * columns + column: int64 of shape (n_samples,)."""
        units = self._nearest(self._checked(x))[1]
        return units if isinstance(x, torch.Tensor) else units.cpu().numpy()

    def best_units(self, x: Any) -> Any:
        """Row and column of the best unit of every sample: int64 of shape (n_samples, 2)."""
        units = self.assign(x)
        stack = torch.stack if isinstance(units, torch.Tensor) else np.stack
        return stack([units // self.columns, units % self.columns], 1)

    def loss(self, x: Any, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Quantization error as {"loss": mean distance of a sample to its best unit}; no gradient comes from it."""
        return {"loss": torch.tensor(self.quantization_error(x))}

    def quantization_error(self, x: Any) -> float:
        """Mean distance of a sample to the weight of its best unit, in the units of the data."""
        self._must_have_weights()
        return metrics.quantization_error(self._checked(x), self.weights, missing=self.missing)

    def topographic_error(self, x: Any) -> float:
        """Share of samples whose best two units do not touch on the grid; 0 on a map of one unit."""
        self._must_have_weights()
        x = self._checked(x)
        return metrics.topographic_error(x, self.weights, self.topology, self.wrap, missing=self.missing)

    def u_matrix(self) -> np.ndarray:
        """Mean distance in the data's space to the units that touch, shape (rows, columns): Ultsch and Siemon 1990.

        High values are borders between groups of units that are alike. A map of one unit has 0.
        """
        self._must_have_weights()
        weights, table = self.weights.reshape(self.grid.n_units, -1).cpu(), self.grid.neighbour_table()
        there = table >= 0
        total = torch.zeros(self.grid.n_units)
        for around in range(table.shape[1]):
            other = weights[table[:, around].clamp(min=0)]
            total += torch.linalg.vector_norm(weights - other, dim=1) * there[:, around]
        return (total / there.sum(dim=1).clamp(min=1)).reshape(self.rows, self.columns).numpy()

    def hits(self, x: Any) -> np.ndarray:
        """Number of samples whose best unit each is, int64 of shape (rows, columns)."""
        units = torch.as_tensor(self.assign(x)).cpu()
        return torch.bincount(units, minlength=self.grid.n_units).reshape(self.rows, self.columns).numpy()

    def component_plane(self, feature: int) -> np.ndarray:
        """One feature of all weights, shape (rows, columns), in the units of the data."""
        self._must_have_weights()
        feature = inputs.whole(feature, "feature", minimum=0)
        if feature >= self.n_features:
            raise ValueError(f"feature was {feature}; it must be below n_features={self.n_features}: count from 0.")
        return self.weights[..., feature].detach().cpu().numpy().copy()

    def label_map(self, x: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
        """What most samples of a unit are, and how many of them.

        Args:
            x: samples, shape (n_samples, n_features).
            labels: their classes, whole numbers of at least 0, shape (n_samples,).

        Returns:
            The majority class of every unit, int64 of shape (rows, columns), -1 where no sample is; and the share of
            its samples that are of that class, float32 of the same shape, NaN where no sample is.
        """
        units = torch.as_tensor(self.assign(x)).cpu().numpy()
        labels = inputs.labels(labels, "labels", n=len(units))
        if labels.min() < 0:
            raise ValueError(f"labels holds {labels.min()}; classes must be at least 0, since -1 stands for none.")
        classes, label = np.unique(labels, return_inverse=True)
        counts = np.zeros((self.grid.n_units, len(classes)), dtype=np.int64)
        np.add.at(counts, (units, label), 1)
        total = counts.sum(axis=1)
        majority = np.where(total > 0, classes[counts.argmax(axis=1)], -1)
        purity = np.where(total > 0, counts.max(axis=1) / np.maximum(total, 1), np.nan).astype(np.float32)
        return majority.reshape(self.rows, self.columns), purity.reshape(self.rows, self.columns)

    def neighbours(self, unit: Any) -> list[tuple[int, int]]:
        """The units that touch a unit, all as pairs (row, column), row by row."""
        touching = self.grid.neighbour_table()[self._number(unit)]
        return [divmod(number, self.columns) for number in sorted(touching[touching >= 0].tolist())]

    def _nearest(self, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        # Distances to the best units, and their numbers, both of shape (n_samples,).
        self._must_have_weights()
        weights = self.weights.reshape(self.grid.n_units, -1)
        distances, units = nearest(samples.to(weights.device), weights, missing=self.missing == "ignore")
        return distances[:, 0], units[:, 0]

    def _checked(self, x: Any) -> torch.Tensor:
        samples = inputs.samples(x, n_features=self.n_features, missing=self.missing)
        if self.missing == "ignore":
            empty = samples.isnan().all(dim=1)
            if empty.any():
                row = int(empty.nonzero()[0])
                raise ValueError(f"x has no value at all in row {row}; every sample must have one: drop such samples.")
        return samples

    def _must_have_weights(self) -> None:
        if self.weights is None:
            raise ValueError("this map has no weights yet; let it learn first, or call begin(x).")

    def _number(self, unit: Any) -> int:
        try:
            row, column = (inputs.whole(part, "unit", minimum=0) for part in unit)
            inside = row < self.rows and column < self.columns
        except (TypeError, ValueError):
            inside = False
        if not inside:
            raise ValueError(
                f"unit was {unit!r}; it must be a pair (row, column) on this map of {self.rows} x {self.columns}, "
                "counted from 0."
            )
        return row * self.columns + column

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, ["weights"], state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)
