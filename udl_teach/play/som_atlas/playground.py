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
from udl_teach.play.player import Player
from udl_teach.play.som_atlas.chart import Chart, layers_of
from udl_teach.play.som_atlas.picture import Drawing
from udl_teach.play.som_atlas.run import Walker, digits, trained
from udl_teach.play.som_atlas.snapshot import snapshot
from udl_teach.play.som_atlas.words import words
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

TOPOLOGIES = ("rectangular", "hexagonal")


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


def _charts(dataset: Dataset | None) -> Callable[[str], Chart]:
    """Function from the topology to a map trained here; each is trained once."""
    if dataset is None:
        return digits
    dataset = _checked(dataset)
    if dataset.image_shape is None and dataset.scaling is None:
        dataset = dataset.scaled("standard")
    return cache(partial(trained, dataset))


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
    a unit's neighbours are in the space of the data), "hits" (samples per unit), "component" (a feature of all units).
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
    down = "Counted from 0 at the top; the right arrow key goes down. Click a unit of the map to choose it."
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

    def start(settings: dict) -> tuple[Walker, Iterator[Step]]:
        chart = chart_of(settings.get("topology"))
        walker = Walker(chart, origin, settings["layer"], features.index(settings["feature"]), settings["seed"])
        return walker, walker.walk()

    settings = {control.name: control.value for control in chosen}
    drawing = Drawing(snapshot(Player(lambda: start(settings)), settings))

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The unit that is pointed at is chosen."""
        unit = drawing.map.unit_at(touched.x, touched.y) if touched.axes is drawing.map.axes else None
        if unit is None:
            return {}
        row, column = divmod(unit, player.model.chart.shape[1])
        return {"row": row, "column": column}

    return Playground(
        "som_atlas",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=follow,
        touch=touch,
        keep_restarts=False,
    )
