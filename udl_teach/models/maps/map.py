"""The self-organizing map: units on a grid that learn by competition, cooperation and adaptation.

Sources: Kohonen 1982, "Self-organized formation of topologically correct feature maps" (the online rule);
Kohonen 2013, "Essentials of the self-organizing map" (the batch rule); Samad and Harp 1992, "Self-organization with
partial data" (missing values).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach import inputs, metrics
from udl_teach.grid import Grid
from udl_teach.models.layers import allocate
from udl_teach.models.maps import visualization
from udl_teach.models.maps.initialization import INITS, imputed, initial_weights, warn_of_scale
from udl_teach.models.maps.neighbourhood import NEIGHBOURHOODS, default_radius, neighbourhood_sums
from udl_teach.models.schedule import schedule
from udl_teach.nearest import nearest
from udl_teach.renamed import old_arguments, old_name
from udl_teach.threads import on_few_threads
from udl_teach.training import LearningState, Step, batches, passes

RULES = ("batch", "online")
DEFAULT_EPOCHS = 150
# A sum of h below it has lost its digits in float32, and a mean over so little would be noise.
SMALLEST_SUM = 1e-30
# Up to so many units, the online rule looks up their distances on the grid in a table.
LARGEST_TABLE = 2048


class SelfOrganizingMap(nn.Module):
    """Units on a grid, each with a codebook vector in the space of the data.

    Args:
        n_features: columns of the data.
        rows: rows of the grid; 1 makes a chain.
        columns: columns of the grid.
        topology: "rectangular" (a unit has eight neighbours) or "hexagonal" (six, all equally far).
        wrap: whether opposite edges of the grid are joined to a torus, so that no unit lies at a border.
        neighbourhood: the neighbourhood function: "gaussian", "bubble" (1 within the radius, 0 beyond it) or
            "cut_gaussian" (the Gaussian within the radius, 0 beyond it).
        init: initialization of the weights: "pca" (a flat sheet along the first two principal components), "random"
            (drawn uniformly between the smallest and largest value of each column) or "data" (samples, drawn at
            random).
        missing: "refuse" NaN, or "ignore" it: distances and means are then taken over the features that are present.
        seed: of the draws of `init`.

    Attributes:
        weights: the codebook vectors, shape (rows, columns, n_features), in the units of the data; None until the
            first `steps` initialize them.
        grid: the grid without data.
    """

    @old_arguments(start="init")
    def __init__(
        self,
        n_features: int,
        rows: int = 10,
        columns: int = 10,
        *,
        topology: str = "rectangular",
        wrap: bool = False,
        neighbourhood: str = "gaussian",
        init: str = "pca",
        missing: str = "refuse",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.grid = Grid(rows, columns, topology, wrap)
        self.rows, self.columns, self.topology, self.wrap = self.grid.rows, self.grid.columns, topology, wrap
        self.neighbourhood = inputs.choice(neighbourhood, "neighbourhood", NEIGHBOURHOODS)
        self.init = inputs.choice(init, "init", INITS)
        self.missing = inputs.choice(missing, "missing", ("refuse", "ignore"))
        self.seed = inputs.whole(seed, "seed", minimum=0)
        self.register_buffer("weights", None)
        # Knows the device that the map was moved to while it has no weights yet.
        self.register_buffer("_on_device", torch.empty(0), persistent=False)

    def initialize(self, x: Any) -> None:
        """Initialize the weights as `init` says, for data `x` of shape (n_samples, n_features)."""
        samples = imputed(self._checked(x).detach().to(self._on_device.device))
        warn_of_scale(samples, getattr(x, "columns", None))
        self.weights = initial_weights(samples, self.grid, self.init, self.seed)

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = DEFAULT_EPOCHS,
        rule: str = "batch",
        radius: Any = None,
        learning_rate: Any = None,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn by the batch rule (one step per epoch) or by the online rule (one step per sample).

        Args:
            x: samples, shape (n_samples, n_features).
            y: must be None; a map learns without labels.
            epochs: passes over the data; None goes on for ever. The online rule needs fewer: 20 are often enough.
            rule: "batch" or "online".
            radius: of the neighbourhood, in steps on the grid: a number, a pair (start, end) between which it falls
                by the same factor in every step, or a function of the number of steps made so far. None falls from
                half of the longer side of the grid (a quarter, where it is wrapped) to 0.51 (1 where the neighbourhood
                is not "gaussian") plus 1.65 times the number of units per sample; with fewer than three samples per
                unit the end grows by half the gap between samples on the grid, and it is at most 0.7 times the start.
                With epochs=None a pair reaches its end after 150 epochs and stays there.
            learning_rate: of the online rule, between 0 and 1, given as the radius is. None falls from 0.5 to 0.01.
            seed: of the order in which the online rule sees the samples; the batch rule draws nothing.
            state: where an earlier run stopped. A pair spans all epochs, those made before included; where two runs
                must equal one to the last bit, pass a function.

        Yields:
            Steps whose loss is the quantization error (the mean distance of a sample to its best matching unit; under
            the online rule the distance of the one sample), taken before the update. Terms: "quantization_error",
            "radius", "learning_rate" (1 under the batch rule: a codebook vector moves all the way to the mean); under
            the online rule also "sample", the row in `x`, and "unit", the number of its best matching unit.
        """
        inputs.no_labels(y, self)
        samples = self._checked(x).detach()
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        if inputs.choice(rule, "rule", RULES) == "batch" and learning_rate is not None:
            raise ValueError('learning_rate was given, but the batch rule has none: use rule="online" or leave it out.')
        state = LearningState(seed) if state is None else state
        n_epochs = state.epoch + (DEFAULT_EPOCHS if epochs is None else epochs)
        n_steps = n_epochs * (1 if rule == "batch" else len(samples))
        radius_at = schedule(radius, "radius", default_radius(self.grid, self.neighbourhood, len(samples)), n_steps)
        rate_at = schedule(learning_rate, "learning_rate", (0.5, 0.01), n_steps, maximum=1.0)
        if self.weights is None:
            self.initialize(x)
        samples = samples.to(self.weights.device)
        if rule == "batch":
            steps = self._batch_steps(samples, epochs, radius_at, state)
            return on_few_threads(steps, samples, self.grid.n_units * samples.numel())
        return self._online_steps(samples, epochs, radius_at, rate_at, state)

    def _batch_steps(self, samples, epochs, radius_at, state) -> Iterator[Step]:
        for _ in passes(epochs, state):
            radius = radius_at(state.index)
            distances, units = self._nearest(samples)
            self.batch_update(samples, units, radius)
            state.learned()
            error = distances.mean().item()
            terms = {"quantization_error": error, "radius": radius, "learning_rate": 1.0}
            yield Step(state.index, state.epoch + 1, error, terms)

    def batch_update(self, x: torch.Tensor, units: torch.Tensor, radius: float) -> None:
        """The batch rule: move every codebook vector to the mean of all samples, weighted by the neighbourhood.

            w_i = sum_k h(c_k, i) x_k / sum_k h(c_k, i)

        with c_k the best matching unit of sample k. Samples with the same one have the same weight, so they are summed
        first. A unit whose neighbourhood holds no samples keeps its codebook vector.

        Args:
            x: samples, shape (n_samples, n_features).
            units: numbers of their best matching units, shape (n_samples,).
            radius: of the neighbourhood, in steps on the grid.
        """
        weights = self.weights.reshape(self.grid.n_units, -1)
        if self.missing == "ignore":
            counts = torch.zeros_like(weights).index_add_(0, units, (~x.isnan()).float())
            x = x.nan_to_num(nan=0.0)
        else:
            counts = torch.bincount(units, minlength=len(weights)).float()[:, None]
        sums = torch.zeros_like(weights).index_add_(0, units, x)
        both = neighbourhood_sums(torch.cat([sums, counts], dim=1), self.grid, self.neighbourhood, radius)
        sums, counts = both.tensor_split([self.n_features], dim=1)
        means = torch.where(counts > SMALLEST_SUM, sums / counts.clamp(min=SMALLEST_SUM), weights)
        self.weights = means.reshape(self.weights.shape)

    def _online_steps(self, samples, epochs, radius_at, rate_at, state) -> Iterator[Step]:
        h, device = NEIGHBOURHOODS[self.neighbourhood], samples.device
        table = self.grid.squared_distances(device=device) if self.grid.n_units <= LARGEST_TABLE else None
        numbers = torch.arange(len(samples), device=device)
        for sample, number in batches(samples, numbers, epochs=epochs, batch_size=1, state=state):
            radius, rate = radius_at(state.index), rate_at(state.index)
            weights = self.weights.reshape(self.grid.n_units, -1)
            difference = sample - weights
            if self.missing == "ignore":
                difference = difference.nan_to_num(nan=0.0)
            # Competition: c = argmin_i |x - w_i|
            distances = torch.linalg.vector_norm(difference, dim=1)
            c = distances.argmin().item()
            # Cooperation and adaptation: w_i = w_i + rate h(c, i) (x - w_i)
            on_grid = self.grid.squared_distances(torch.tensor([c]), device)[0] if table is None else table[c]
            weights = weights + rate * h(on_grid, radius)[:, None] * difference
            self.weights = weights.reshape(self.weights.shape)
            state.learned()
            error = distances[c].item()
            terms = {"quantization_error": error, "radius": radius, "learning_rate": rate}
            terms |= {"sample": float(number), "unit": float(c)}
            yield Step(state.index, state.epoch + 1, error, terms)

    def predict(self, x: Any) -> Any:
        """Number of the best matching unit of every sample, row * columns + column: int64 of shape (n_samples,)."""
        units = self._best(x)
        return units if isinstance(x, torch.Tensor) else units.cpu().numpy()

    def best_units(self, x: Any) -> Any:
        """Row and column of the best matching unit of every sample: int64 of shape (n_samples, 2)."""
        units = self.predict(x)
        stack = torch.stack if isinstance(units, torch.Tensor) else np.stack
        return stack([units // self.columns, units % self.columns], 1)

    def transform(self, x: Any) -> Any:
        """Distances of samples to all codebook vectors, shape (n_samples, rows * columns), in the units of the data."""
        self._must_have_weights()
        samples = self._checked(x).to(self.weights.device)
        weights = self.weights.reshape(self.grid.n_units, -1)
        if self.missing == "ignore":
            parts = [((part[:, None] - weights) ** 2).nansum(dim=2).sqrt() for part in samples.split(64)]
            return inputs.given(torch.cat(parts), x)
        return inputs.given(torch.cdist(samples, weights, compute_mode="donot_use_mm_for_euclid_dist"), x)

    def loss(self, x: Any, generator: torch.Generator | None = None) -> dict[str, torch.Tensor]:
        """The quantization error as {"loss": ...}, for validation; it has no gradient, and `generator` is not used."""
        return {"loss": torch.tensor(self.quantization_error(x))}

    def quantization_error(self, x: Any) -> float:
        """Mean distance of a sample to the codebook vector of its best matching unit, in the units of the data."""
        self._must_have_weights()
        return metrics.quantization_error(self._checked(x), self.weights, missing=self.missing)

    def topographic_error(self, x: Any) -> float:
        """Share of samples whose best two matching units are not neighbours on the grid; 0 on a map of one unit."""
        self._must_have_weights()
        x = self._checked(x)
        return metrics.topographic_error(x, self.weights, self.topology, self.wrap, missing=self.missing)

    def u_matrix(self) -> np.ndarray:
        """The U-matrix: mean distance of each codebook vector to those of its neighbours, shape (rows, columns).

        High values are borders between groups of similar units. A map of one unit has 0.
        """
        self._must_have_weights()
        return visualization.u_matrix(self.weights, self.grid)

    def hits(self, x: Any) -> np.ndarray:
        """The hit histogram: number of samples of which each unit is the best matching one, int64 (rows, columns)."""
        return visualization.hit_histogram(self._best(x).cpu(), self.grid)

    def component_plane(self, feature: int) -> np.ndarray:
        """One feature of all codebook vectors, shape (rows, columns), in the units of the data."""
        self._must_have_weights()
        return visualization.component_plane(self.weights, feature)

    def label_map(self, x: Any, labels: Any) -> tuple[np.ndarray, np.ndarray]:
        """Majority class per unit, and its share.

        Args:
            x: samples, shape (n_samples, n_features).
            labels: their classes, whole numbers of at least 0, shape (n_samples,).

        Returns:
            The majority class of every unit, int64 of shape (rows, columns), -1 for a unit without samples; and the
            share of that class among the samples of the unit, float32 of the same shape, NaN for a unit without any.
        """
        return visualization.label_map(self._best(x).cpu(), labels, self.grid)

    def neighbours(self, unit: Any) -> list[tuple[int, int]]:
        """The neighbours of a unit on the grid, all as pairs (row, column), row by row."""
        numbers = self.grid.neighbour_table()[self._number(unit)]
        return [divmod(number, self.columns) for number in sorted(numbers[numbers >= 0].tolist())]

    def neighbourhood_function(self, unit: Any, radius: float) -> np.ndarray:
        """h(c, i) of all units i, for the best matching unit c = (row, column): array of shape (rows, columns)."""
        number = torch.tensor([self._number(unit)])
        radius = inputs.real(radius, "radius", minimum=0.0)
        h = NEIGHBOURHOODS[self.neighbourhood](self.grid.squared_distances(number), radius)
        return h.reshape(self.rows, self.columns).numpy()

    def _best(self, x: Any) -> torch.Tensor:
        return self._nearest(self._checked(x))[1]

    def _nearest(self, samples: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        # Distances to the best matching units, and their numbers, both of shape (n_samples,).
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
            raise ValueError("this map has no weights yet; call fit(model, x) or model.initialize(x) first.")

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

    begin = old_name("begin", initialize)
    update = old_name("update", batch_update)
    assign = old_name("assign", predict)
    neighbourhood_of = old_name("neighbourhood_of", neighbourhood_function)
