"""The self-organizing map: units on a grid, drawn to the data so that neighbours on the grid stay neighbours.

Sources: Kohonen 1982, "Self-organized formation of topologically correct feature maps" (the online rule);
Kohonen 2013, "Essentials of the self-organizing map" (the batch rule, eqs. 4 to 8).
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach import inputs
from udl_teach.grid import Grid
from udl_teach.models.network import make_room
from udl_teach.models.som_start import STARTS, start_weights, warn_of_scale
from udl_teach.nearest import nearest
from udl_teach.training import LearningState, Step, batches

RULES = ("batch", "online")
USUAL_EPOCHS = 150
# Below it a float32 has lost its digits, and a mean of so little would be noise.
TOO_LITTLE = 1e-30
# So many units have a table of all their distances that is worth keeping while one sample after the other is learned.
TABLE_OF_UNITS = 2048


def gaussian(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """Share h = exp(-d^2 / (2 radius^2)): 1 at the unit itself, falling smoothly with the distance d on the grid."""
    return torch.exp(-squared_distance / (2 * max(radius, 1e-6) ** 2))


def bubble(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The share h = 1 within the radius, 0 beyond it."""
    return (squared_distance <= radius**2).float()


def cut_gaussian(squared_distance: torch.Tensor, radius: float) -> torch.Tensor:
    """The Gaussian within the radius, 0 beyond it."""
    return gaussian(squared_distance, radius) * bubble(squared_distance, radius)


NEIGHBOURHOODS = {"gaussian": gaussian, "bubble": bubble, "cut_gaussian": cut_gaussian}


class SelfOrganizingMap(nn.Module):
    """Units on a grid, each with a weight vector in the space of the data; competition, cooperation, adaptation.

    Args:
        n_features: columns of the data.
        rows: rows of the grid; 1 makes a chain.
        columns: columns of the grid.
        topology: "rectangular" (eight units touch a unit) or "hexagonal" (six, all equally far).
        wrap: whether the grid's edges are joined, so that no unit stands at a border.
        neighbourhood: how much a unit learns at a distance d from the best one, for a given radius: "gaussian",
            "bubble" (all or nothing) or "cut_gaussian".
        start: where the weights begin: "pca" (a flat sheet along the two directions of largest variance), "random"
            (drawn evenly between the smallest and largest value of every column) or "data" (samples, drawn).
        missing: "refuse" NaN, or "ignore" it: distances and means are then taken over the features that are there
            (Kohonen 2013, section 4.5).
        seed: of the draws of `start`.

    Attributes:
        weights: shape (rows, columns, n_features), in the units of the data; made from the data in the first `steps`,
            None before.
        grid: the grid without data.
    """

    def __init__(
        self,
        n_features: int,
        rows: int = 10,
        columns: int = 10,
        *,
        topology: str = "rectangular",
        wrap: bool = False,
        neighbourhood: str = "gaussian",
        start: str = "pca",
        missing: str = "refuse",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.grid = Grid(rows, columns, topology, wrap)
        self.rows, self.columns = self.grid.rows, self.grid.columns
        self.topology, self.wrap = topology, wrap
        self.neighbourhood = inputs.choice(neighbourhood, "neighbourhood", NEIGHBOURHOODS)
        self.start = inputs.choice(start, "start", STARTS)
        self.missing = inputs.choice(missing, "missing", ("refuse", "ignore"))
        self.seed = inputs.whole(seed, "seed", minimum=0)
        self.arguments = {
            "n_features": self.n_features,
            "rows": self.rows,
            "columns": self.columns,
            "topology": topology,
            "wrap": wrap,
            "neighbourhood": neighbourhood,
            "start": start,
            "missing": missing,
            "seed": self.seed,
        }
        self.register_buffer("weights", None)

    def begin(self, x: Any) -> None:
        """Place the weights as `start` says, for data `x` of shape (n_samples, n_features)."""
        samples = self._checked(x).detach()
        warn_of_scale(samples, getattr(x, "columns", None))
        self.weights = start_weights(samples, self.grid, self.start, self.seed)

    def neighbourhood_of(self, unit: Any, radius: float) -> Any:
        """How much every unit learns when `unit`, a pair (row, column), is the best: array of shape (rows, columns)."""
        number = torch.tensor([self._number(unit)])
        h = NEIGHBOURHOODS[self.neighbourhood](
            self.grid.squared_distances(number), inputs.real(radius, "radius", minimum=0.0)
        )
        return h.reshape(self.rows, self.columns).numpy()

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = USUAL_EPOCHS,
        rule: str = "batch",
        radius: Any = None,
        learning_rate: Any = None,
        batch_size: int | None = None,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn by the batch rule (one step a pass) or by the online rule (one step a sample).

        Args:
            x: samples, shape (n_samples, n_features).
            y: not used; a map learns without labels.
            epochs: passes over the data; None goes on for ever. The online rule needs fewer: 20 are often enough.
            rule: "batch" or "online".
            radius: of the neighbourhood, in steps on the grid: a number, a pair (start, end) between which it falls
                by the same factor every step, or a function of the number of steps made so far. None falls from half
                of the longer side of the grid (a quarter, where it is wrapped) to 0.55 (1 where the neighbourhood is
                not "gaussian") plus half of the units there are for a sample. With epochs=None a pair reaches its end
                after 150 passes and stays there.
            learning_rate: of the online rule, between 0 and 1, given as the radius is. None falls from 0.5 to 0.01.
            batch_size: taken so that every model can be called alike; both rules have their own.
            seed: of the order in which the online rule sees the samples.
            state: where an earlier run stopped. A pair spans all passes, those made before included; where two runs
                must equal one to the last bit, pass a function.

        Yields:
            Steps whose loss is the quantization error (the mean distance of a sample to its best unit; under the
            online rule the distance of the one sample), taken before the update. Terms: "quantization_error",
            "radius", "learning_rate" (1 under the batch rule: a weight moves all the way to the mean); under the
            online rule also "sample", the row in `x`, and "unit", the number of its best unit.
        """
        inputs.no_labels(y, self)
        samples = self._checked(x).detach()
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        rule = inputs.choice(rule, "rule", RULES)
        state = LearningState(seed) if state is None else state
        passes = state.epoch + (USUAL_EPOCHS if epochs is None else epochs)
        n_steps = passes * (1 if rule == "batch" else len(samples))
        radius_at = _schedule(radius, "radius", self._usual_radius(len(samples)), n_steps)
        rate_at = _schedule(learning_rate, "learning_rate", (0.5, 0.01), n_steps, maximum=1.0)
        if self.weights is None:
            self.begin(x)
        samples = samples.to(self.weights.device)
        if rule == "batch":
            return self._batch_steps(samples, epochs, radius_at, state)
        return self._online_steps(samples, epochs, radius_at, rate_at, state)

    def _batch_steps(self, samples, epochs, radius_at, state) -> Iterator[Step]:
        state.batches_per_epoch, done = 1, 0
        if state.batch:
            state.finish_epoch(1)
        while epochs is None or done < epochs:
            radius = radius_at(state.index)
            distances, units = self._nearest(samples)
            self.update(samples, units[:, 0], radius)
            state.learned()
            error = distances.mean().item()
            terms = {"quantization_error": error, "radius": radius, "learning_rate": 1.0}
            yield Step(state.index, state.epoch + 1, error, terms)
            state.finish_epoch(1)
            done += 1

    def update(self, x: torch.Tensor, units: torch.Tensor, radius: float) -> None:
        """Move every weight to the mean of all samples, each counted as much as its best unit is near: the batch rule.

            w_i = sum_k h(c_k, i) x_k / sum_k h(c_k, i)        Kohonen 2013, eq. 8

        with c_k the best unit of sample k. Samples with the same best unit count alike, so they are added up first. A
        unit that no sample reaches keeps its weight.

        Args:
            x: samples, shape (n_samples, n_features).
            units: numbers of their best units, shape (n_samples,).
            radius: of the neighbourhood, in steps on the grid.
        """
        weights = self.weights.reshape(self.grid.n_units, -1)
        if self.missing == "ignore":
            present = (~x.isnan()).float()
            x = x.nan_to_num(nan=0.0)
            counts = torch.zeros_like(weights).index_add_(0, units, present)
        else:
            counts = torch.bincount(units, minlength=len(weights)).float()[:, None]
        sums = torch.zeros_like(weights).index_add_(0, units, x)
        sums, counts = self._spread(sums, radius), self._spread(counts, radius)
        means = torch.where(counts > TOO_LITTLE, sums / counts.clamp(min=TOO_LITTLE), weights)
        self.weights = means.reshape(self.weights.shape)

    def _spread(self, sums: torch.Tensor, radius: float) -> torch.Tensor:
        # sum_j h(i, j) sums_j for all units i.
        h, place = NEIGHBOURHOODS[self.neighbourhood], sums.device
        if self.neighbourhood == "gaussian" and self.topology == "rectangular":
            # A Gaussian of the distance is one of the rows between times one of the columns between, which takes
            # (rows + columns) instead of (rows * columns) products a unit.
            along_rows = h(Grid(self.rows, 1, wrap=self.wrap).squared_distances(device=place), radius)
            along_columns = h(Grid(1, self.columns, wrap=self.wrap).squared_distances(device=place), radius)
            spread = along_rows @ sums.reshape(self.rows, -1)
            return (along_columns @ spread.reshape(self.rows, self.columns, -1)).reshape(sums.shape)
        parts = torch.arange(len(sums), device=place).split(max(1, 2**22 // len(sums)))
        return torch.cat([h(self.grid.squared_distances(part, place), radius) @ sums for part in parts])

    def _online_steps(self, samples, epochs, radius_at, rate_at, state) -> Iterator[Step]:
        h, place = NEIGHBOURHOODS[self.neighbourhood], samples.device
        table = self.grid.squared_distances(device=place) if self.grid.n_units <= TABLE_OF_UNITS else None
        numbers = torch.arange(len(samples), device=place)
        for sample, number in batches(samples, numbers, epochs=epochs, batch_size=1, state=state):
            radius, rate = radius_at(state.index), rate_at(state.index)
            weights = self.weights.reshape(self.grid.n_units, -1)
            apart = sample - weights
            if self.missing == "ignore":
                apart = apart.nan_to_num(nan=0.0)
            distances = torch.linalg.vector_norm(apart, dim=1)
            best = distances.argmin().item()
            reach = self.grid.squared_distances(torch.tensor([best]), place)[0] if table is None else table[best]
            # w_i = w_i + rate h(c, i) (x - w_i)        Kohonen 1982; 2013, eq. 3
            weights = weights + rate * h(reach, radius)[:, None] * apart
            self.weights = weights.reshape(self.weights.shape)
            state.learned()
            error = distances[best].item()
            terms = {"quantization_error": error, "radius": radius, "learning_rate": rate}
            terms |= {"sample": float(number), "unit": float(best)}
            yield Step(state.index, state.epoch + 1, error, terms)

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
        units = self._nearest(self._checked(x))[1][:, 0]
        return units if isinstance(x, torch.Tensor) else units.cpu().numpy()

    def best_units(self, x: Any) -> Any:
        """Row and column of the best unit of every sample: int64 of shape (n_samples, 2)."""
        units = self.assign(x)
        stack = torch.stack if isinstance(units, torch.Tensor) else np.stack
        return stack([units // self.columns, units % self.columns], 1)

    def loss(self, x: Any, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """Quantization error as {"loss": mean distance of a sample to its best unit}; no gradient comes from it."""
        return {"loss": self._nearest(self._checked(x))[0].mean()}

    def quantization_error(self, x: Any) -> float:
        """Mean distance of a sample to the weight of its best unit, in the units of the data."""
        return self.loss(x)["loss"].item()

    def topographic_error(self, x: Any) -> float:
        """Share of samples whose best two units do not touch on the grid: Kiviluoto 1996; 0 on a map of one unit."""
        if self.grid.n_units == 1:
            return 0.0
        units = self._nearest(self._checked(x), k=2)[1]
        return 1.0 - self.grid.touching(units[:, 0], units[:, 1]).float().mean().item()

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

    def _nearest(self, samples: torch.Tensor, k: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
        self._must_have_weights()
        weights = self.weights.reshape(self.grid.n_units, -1)
        return nearest(samples.to(weights.device), weights, k=k, missing=self.missing == "ignore")

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

    def _usual_radius(self, n_samples: int) -> tuple[float, float]:
        # A larger end keeps neighbours together, a smaller one fits the data better. Where a unit has few samples of
        # its own, it leans more on those of its neighbours. Below 1 only a Gaussian reaches beyond the unit itself.
        end = (0.55 if self.neighbourhood == "gaussian" else 1.0) + 0.5 * self.grid.n_units / n_samples
        start = max(self.rows, self.columns) / (4 if self.wrap else 2)
        return max(start, end), end

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        make_room(self, ["weights"], state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)


def _schedule(value: Any, name: str, usual: tuple[float, float], n_steps: int, **bounds) -> Callable[[int], float]:
    if value is None:
        value = usual
    if callable(value):
        return lambda step: inputs.real(value(step), f"{name}({step})", minimum=0.0, **bounds)
    if not isinstance(value, (tuple, list)):
        constant = inputs.real(value, name, minimum=0.0, **bounds)
        return lambda step: constant
    if len(value) != 2:
        raise ValueError(f"{name} was {value!r}; it must be a number, a pair (start, end) or a function of the step.")
    start, end = (inputs.real(part, name, above=0.0, **bounds) for part in value)
    last = max(n_steps - 1, 1)
    # By the same factor every step: folds are laid and mended while the radius is small, so most steps go there.
    return lambda step: start * (end / start) ** min(step / last, 1.0)
