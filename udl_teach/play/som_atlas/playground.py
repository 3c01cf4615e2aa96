"""Read a trained map as an atlas: switch its layers, go from unit to unit, and see what each stands for."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np

from udl_teach import data as datasets
from udl_teach import inputs
from udl_teach.data import Dataset
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import controls
from udl_teach.play.atlas_chart import Chart, Look, layers_of, number_said
from udl_teach.play.atlas_drawing import Drawing
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.training import Step

TOPOLOGIES = ("rectangular", "hexagonal")
UNUSUAL = 3
MOST_SIDE = 10


class Walker:
    """A place on the map that goes, from unit to touching unit, to the unit of one sample after the other.

    Attributes:
        chart: the map.
        unit: number of the unit where it stands.
        layer: what is shown on the map.
        feature: number of the feature that the layer "component" shows.
    """

    def __init__(self, chart: Chart, unit: int, layer: str, feature: int, seed: int) -> None:
        """Stand on `unit`; `seed` chooses the samples to visit."""
        self.chart, self.unit, self.layer, self.feature = chart, unit, layer, feature
        self._order = np.random.default_rng(seed)

    def walk(self) -> Iterator[Step]:
        """One unit a step; a step's loss is the distance of its weight to that of the unit before."""
        grid, weights = self.chart.model.grid, self.chart.deviations
        table, apart = grid.neighbour_table().numpy(), grid.squared_distances().numpy()
        goal, index, legs = self.unit, 0, 0
        while True:
            if goal == self.unit:
                goal, legs = self._goal(), legs + 1
            before, around = self.unit, table[self.unit]
            around = around[around >= 0]
            if len(around):
                self.unit = int(around[apart[goal, around].argmin()])
            index += 1
            yield Step(index, legs, float(np.linalg.norm(weights[self.unit] - weights[before])), {})

    def _goal(self) -> int:
        others = self.chart.assigned[self.chart.assigned != self.unit]
        return int(self._order.choice(others)) if len(others) else self.unit


def act(player: Player, settings: dict) -> None:
    """The sliders move the place, the lists change the layer; whoever chooses a feature wants to see it."""
    walker = player.model
    walker.unit = settings["row"] * walker.chart.shape[1] + settings["column"]
    feature = walker.chart.features.index(settings["feature"])
    walker.layer = settings["layer"] if feature == walker.feature else "component"
    walker.feature = feature


def follow(player: Player) -> dict:
    """Where the walk has come to, and which layer is shown."""
    row, column = divmod(player.model.unit, player.model.chart.shape[1])
    return {"row": row, "column": column, "layer": player.model.layer}


def look(player: Player, settings: dict) -> Look:
    """The unit's samples and their labels."""
    walker = player.model
    chart, rows = walker.chart, walker.chart.members(walker.unit)
    counts = np.zeros(0) if chart.classes is None else np.bincount(chart.classes[rows], minlength=len(chart.names))
    return Look(chart, walker.layer, walker.feature, walker.unit, rows, counts)


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    chart = look.chart
    said = [_samples_said(look), _layer_said(look)]
    near, typical = chart.u_matrix.flat[look.unit], np.median(chart.u_matrix)
    if chart.hits.size > 1:
        said.append(
            f"Its neighbours are {near:.2f} away in the data (for half of the units less than {typical:.2f}): "
            f"{chart.place(look.unit)}."
        )
    if chart.dataset.image_shape is None:
        said.append(_unusual_said(look))
    if kept is not None:
        apart = chart.deviations[look.unit] - kept.chart.deviations[kept.unit]
        most = int(np.abs(apart).argmax())
        said.append(f"Kept: {_samples_said(kept)[:1].lower()}{_samples_said(kept)[1:]}")
        if chart.dataset.image_shape is None:
            more = "more" if apart[most] >= 0 else "less"
            said.append(
                f"The two differ most in {chart.features[most]}: {abs(apart[most]):.1f} standard deviations {more} "
                "than the kept one."
            )
    return " ".join(part for part in said if part)


def _samples_said(look: Look) -> str:
    row, column = look.place
    start = f"Unit in row {row}, column {column}: "
    if len(look.rows) == 0:
        return start + "no sample is nearest to it; it lies between others."
    chart, n = look.chart, len(look.rows)
    text = start + f"{n:,} of {len(chart.assigned):,} samples"
    if chart.names:
        first = int(look.counts.argmax())
        text += f", {100 * look.counts[first] / n:.0f} % of them labelled {chart.names[first]}"
    return text + f", on average {chart.distances[look.rows].mean():.2f} from the unit."


def _layer_said(look: Look) -> str:
    chart = look.chart
    if look.layer == "labels":
        agree = np.nansum(chart.purity * chart.hits) / len(chart.assigned)
        empty = int((chart.hits == 0).sum())
        return (
            f"On the whole map {100 * agree:.1f} % of the samples are of their unit's majority. "
            f"Units without a sample: {empty} of {chart.hits.size}."
        )
    if look.layer == "hits":
        row, column = np.unravel_index(chart.hits.argmax(), chart.shape)
        return f"Most samples, {chart.hits.max()}, are in row {row}, column {column}."
    if look.layer == "component":
        values = chart.weights[:, look.feature]
        here, low, high = (number_said(value) for value in (values[look.unit], values.min(), values.max()))
        return f"{_capital(chart.features[look.feature])} is {here} here; on the map it goes from {low} to {high}."
    return ""


def _unusual_said(look: Look) -> str:
    chart, deviations = look.chart, look.chart.deviations[look.unit]
    most = [number for number in np.argsort(-np.abs(deviations))[:UNUSUAL] if abs(deviations[number]) >= 1]
    if not most:
        return "No feature is further than one standard deviation from the mean of all data."
    parts = [
        f"{chart.features[number]} {number_said(chart.weights[look.unit, number])} ({_signed(deviations[number])})"
        for number in most
    ]
    return f"Most unusual, with standard deviations from the mean: {', '.join(parts)}."


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−'}{abs(value):.1f}"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _usual_side(n_samples: int) -> int:
    # About 5 sqrt(n) units (Vesanto and Alhoniemi 2000), and not more than can be seen.
    return int(np.clip(round(np.sqrt(5 * np.sqrt(n_samples))), 3, MOST_SIDE))


def _trained(dataset: Dataset, topology: str) -> Chart:
    side = _usual_side(len(dataset))
    model = SelfOrganizingMap(dataset.x.shape[1], side, side, topology=topology)
    for _ in model.steps(dataset.x):
        pass
    return Chart(model, dataset)


@cache
def _digits(topology: str) -> Chart:
    return _trained(datasets.digits(), topology)


def _charts(dataset: Dataset | None) -> Callable[[str], Chart]:
    """Function from the topology to a map trained here; each is trained once."""
    if dataset is None:
        return _digits
    dataset = _checked(dataset)
    if dataset.image_shape is None and dataset.scaling is None:
        dataset = dataset.scaled("standard")
    return cache(partial(_trained, dataset))


def _given_chart(model: Any, dataset: Dataset | None) -> Callable[[Any], Chart]:
    """The same for a map that is there."""
    if not isinstance(model, SelfOrganizingMap):
        raise TypeError(f"model was {type(model).__name__}; it must be a trained SelfOrganizingMap, or left out.")
    if model.weights is None:
        raise ValueError("model has no weights yet; train it first with fit(model, dataset.x).")
    chart = Chart(model, datasets.digits() if dataset is None else _checked(dataset))
    return lambda topology: chart


def _checked(dataset: Any) -> Dataset:
    if not isinstance(dataset, Dataset):
        raise TypeError(
            f"dataset was {type(dataset).__name__}; it must be a Dataset: wrap an array with data.Dataset(x, labels), "
            "or read a table with data.table(path)."
        )
    return dataset


def som_atlas(
    dataset: Dataset | None = None,
    model: SelfOrganizingMap | None = None,
    seed: int = 0,
    *,
    layer: str | None = None,
    feature: str | None = None,
    row: int | None = None,
    column: int | None = None,
    topology: str | None = None,
    pause: int = 500,
) -> Playground:
    """Read a self-organizing map: its layers, and what each unit stands for.

    The layers: "prototypes" (the units as images), "labels" (the majority of each unit's samples), "U-matrix" (how far
    a unit's neighbours are in the space of the data), "hits" (samples a unit), "component" (one feature of all units).
    Beside the map stand the chosen unit and its samples: images, or each feature in standard deviations from the mean
    of all data with its value in its own units (those from before `dataset.scaled(...)`).

    Args:
        dataset: any data; default `data.digits()`. Labels, label_names, feature_names and image_shape are used where it
            has them. Without a `model`, a table that was not scaled is scaled to "standard" first.
        model: a map trained on `dataset.x`; default one of at most 10 x 10 units, trained at once.
        seed: of the walk that Play makes from unit to unit.
        layer: the first layer; default the first that the data has in the order above.
        feature: name of the feature that "component" shows; default the one that differs most over
            the map. One that is chosen in the playground is shown at once.
        row: of the chosen unit, counted from 0 at the top; default that of the unit with most samples.
        column: of the chosen unit, counted from 0 at the left; default likewise.
        topology: "rectangular" or "hexagonal", for the map that is trained here; default rectangular.
        pause: milliseconds between two units while it plays, 50 to 3000.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError: `dataset` or `model` is something else.
        ValueError: a setting is not what it must be, the model is not trained or made for other data, or `topology` is
            given beside a model.
    """
    if model is not None and topology is not None:
        raise ValueError(f"topology was {topology!r} beside a model, which has its own; leave one of the two out.")
    own = model is None
    topology = inputs.choice("rectangular" if topology is None else topology, "topology", TOPOLOGIES)
    chart_of = _charts(dataset) if own else _given_chart(model, dataset)
    chart = chart_of(topology)
    layers, features = layers_of(chart.dataset), chart.features
    # The pixels of an image are comparable as they are; those that are seldom lit would stand out by deviations.
    comparable = chart.deviations if chart.dataset.image_shape is None else chart.units
    varied = int(comparable.std(axis=0).argmax())
    busiest = np.unravel_index(chart.hits.argmax(), chart.shape)
    row, column = (int(usual) if wish is None else wish for wish, usual in zip((row, column), busiest, strict=True))
    down = "Counted from 0 at the top; the right arrow key goes down."
    right = "Counted from 0 at the left."
    layer, feature = layer or layers[0], feature or features[varied]
    says = "Choosing one shows it, by the layer component."
    anew = controls.Choice("topology", "topology", topology, "Trains the map anew.", known=TOPOLOGIES)
    chosen = (
        controls.Choice("layer", "layer", layer, "What the map shows.", controls.AT_ONCE, known=layers),
        controls.Whole("row", "row", row, down, controls.AT_ONCE, minimum=0, maximum=chart.shape[0] - 1),
        controls.Whole("column", "column", column, right, controls.AT_ONCE, minimum=0, maximum=chart.shape[1] - 1),
        controls.Choice("feature", "feature", feature, says, controls.AT_ONCE, known=features),
        *((anew,) if own else ()),
        controls.pause(pause),
        controls.seed(seed, "Another walk over the map."),
    )
    origin = chosen[1].value * chart.shape[1] + chosen[2].value

    def begin(settings: dict) -> tuple[Walker, Iterator[Step]]:
        chart = chart_of(settings.get("topology"))
        walker = Walker(chart, origin, settings["layer"], features.index(settings["feature"]), settings["seed"])
        return walker, walker.walk()

    settings = {control.name: control.value for control in chosen}
    return Playground(
        "som_atlas",
        controls=chosen,
        start=begin,
        look=look,
        drawing=Drawing(look(Player(lambda: begin(settings)), settings)),
        words=words,
        act=act,
        follow=follow,
        keep_restarts=False,
    )
