"""The self-organizing map: units on a grid, drawn to the data so that neighbours on the grid stay neighbours.

Sources: Kohonen 1982, "Self-organized formation of topologically correct feature maps" (the online rule);
Kohonen 2013, "Essentials of the self-organizing map" (the batch rule); Samad and Harp 1992, "Self-organization with
partial data" (missing values).
"""

from collections.abc import Iterator
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.grid import Grid, squared_steps
from udl_teach.models.maps.initialization import STARTS, filled, start_weights, warn_of_scale
from udl_teach.models.maps.neighbourhood import NEIGHBOURHOODS
from udl_teach.models.maps.reading import UnitMap
from udl_teach.models.schedule import schedule
from udl_teach.threads import on_few_threads
from udl_teach.training import LearningState, Step, batches

RULES = ("batch", "online")
USUAL_EPOCHS = 150
# Below it a float32 has lost its digits, and a mean of so little would be noise.
TOO_LITTLE = 1e-30
# So many units have a table of all their distances that is worth keeping while one sample after the other is learned.
TABLE_OF_UNITS = 2048
# Units for a sample beyond which the gaps between samples, not their noise, say how far a unit must reach.
CROWDED = 1 / 3


class SelfOrganizingMap(UnitMap):
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
        missing: "refuse" NaN, or "ignore" it: distances and means are then taken over the features that are there.
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
        super().__init__(n_features, Grid(rows, columns, topology, wrap), missing)
        self.neighbourhood = inputs.choice(neighbourhood, "neighbourhood", NEIGHBOURHOODS)
        self.start = inputs.choice(start, "start", STARTS)
        self.seed = inputs.whole(seed, "seed", minimum=0)

    def begin(self, x: Any) -> None:
        """Place the weights as `start` says, for data `x` of shape (n_samples, n_features)."""
        samples = filled(self._checked(x).detach().to(self._place.device))
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
                of the longer side of the grid (a quarter, where it is wrapped) to 0.51 (1 where the neighbourhood is
                not "gaussian") plus 1.65 times the units there are for a sample; where there are fewer than three
                samples for a unit, it grows by half the gap between samples on the grid, and it is at most 0.7 times
                the start. With epochs=None a pair reaches its end after 150 passes and stays there.
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
        radius_at = schedule(radius, "radius", self._usual_radius(len(samples)), n_steps)
        rate_at = schedule(learning_rate, "learning_rate", (0.5, 0.01), n_steps, maximum=1.0)
        if self.weights is None:
            self.begin(x)
        samples = samples.to(self.weights.device)
        if rule == "batch":
            steps = self._batch_steps(samples, epochs, radius_at, state)
            return on_few_threads(steps, samples, self.grid.n_units * samples.numel())
        return self._online_steps(samples, epochs, radius_at, rate_at, state)

    def _batch_steps(self, samples, epochs, radius_at, state) -> Iterator[Step]:
        state.batches_per_epoch, done = 1, 0
        if state.batch:
            state.finish_epoch(1)
        while epochs is None or done < epochs:
            radius = radius_at(state.index)
            distances, units = self._nearest(samples)
            self.update(samples, units, radius)
            state.learned()
            error = distances.mean().item()
            terms = {"quantization_error": error, "radius": radius, "learning_rate": 1.0}
            yield Step(state.index, state.epoch + 1, error, terms)
            state.finish_epoch(1)
            done += 1

    def update(self, x: torch.Tensor, units: torch.Tensor, radius: float) -> None:
        """Move every weight to the mean of all samples, each counted as much as its best unit is near: the batch rule.

            w_i = sum_k h(c_k, i) x_k / sum_k h(c_k, i)

        with c_k the best unit of sample k. Samples with the same best unit count alike, so they are added up first. A
        unit that no sample reaches keeps its weight.

        Args:
            x: samples, shape (n_samples, n_features).
            units: numbers of their best units, shape (n_samples,).
            radius: of the neighbourhood, in steps on the grid.
        """
        weights = self.weights.reshape(self.grid.n_units, -1)
        if self.missing == "ignore":
            counts = torch.zeros_like(weights).index_add_(0, units, (~x.isnan()).float())
            x = x.nan_to_num(nan=0.0)
        else:
            counts = torch.bincount(units, minlength=len(weights)).float()[:, None]
        sums = torch.zeros_like(weights).index_add_(0, units, x)
        sums, counts = self._spread(torch.cat([sums, counts], dim=1), radius).tensor_split([self.n_features], dim=1)
        means = torch.where(counts > TOO_LITTLE, sums / counts.clamp(min=TOO_LITTLE), weights)
        self.weights = means.reshape(self.weights.shape)

    def _spread(self, totals: torch.Tensor, radius: float) -> torch.Tensor:
        # sum_j h(i, j) totals_j for all units i.
        h, place = NEIGHBOURHOODS[self.neighbourhood], totals.device
        if self.neighbourhood == "gaussian" and self.topology == "rectangular":
            # A Gaussian of the distance is one of the rows between times one of the columns between, which takes
            # (rows + columns) instead of (rows * columns) products a unit.
            along_rows = h(squared_steps(self.rows, self.wrap, place), radius)
            along_columns = h(squared_steps(self.columns, self.wrap, place), radius)
            spread = along_rows @ totals.reshape(self.rows, -1)
            return (along_columns @ spread.reshape(self.rows, self.columns, -1)).reshape(totals.shape)
        parts = torch.arange(len(totals), device=place).split(max(1, 2**22 // len(totals)))
        return torch.cat([h(self.grid.squared_distances(part, place), radius) @ totals for part in parts])

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
            # w_i = w_i + rate h(c, i) (x - w_i)
            weights = weights + rate * h(reach, radius)[:, None] * apart
            self.weights = weights.reshape(self.weights.shape)
            state.learned()
            error = distances[best].item()
            terms = {"quantization_error": error, "radius": radius, "learning_rate": rate}
            terms |= {"sample": float(number), "unit": float(best)}
            yield Step(state.index, state.epoch + 1, error, terms)

    def _usual_radius(self, n_samples: int) -> tuple[float, float]:
        # A larger end keeps neighbours together, a smaller one fits the data better. Where a unit has few samples of
        # its own, it leans more on those of its neighbours; where there are hardly more samples than units, only as far
        # as the gap between samples on the grid. Below 1 only a Gaussian reaches beyond the unit itself.
        least = 0.51 if self.neighbourhood == "gaussian" else 1.0
        end = least + 1.65 * self.grid.n_units / n_samples
        units_per_sample = self.grid.n_units / n_samples
        if units_per_sample > CROWDED:
            gap = max(units_per_sample**0.5, units_per_sample / min(self.rows, self.columns))
            end = least + 1.65 * CROWDED + 0.5 * (gap - CROWDED**0.5)
        start = max(self.rows, self.columns) / (4 if self.wrap else 2)
        # A radius of most of the map draws every unit to the mean of all data.
        end = min(end, max(0.7 * start, least))
        return max(start, end), end
