"""Read a trained map as an atlas: switch its layers, go from unit to unit, and see what each stands for."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Annotated, Any

import numpy as np

from udl_teach import data as datasets
from udl_teach import inputs
from udl_teach.data import Dataset
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, Choice, Seed, Whole
from udl_teach.play.player import Player
from udl_teach.play.som_atlas.chart import LAYERS, Chart, layers_of
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


@controls.documented
def som_atlas(
    dataset: Dataset | None = None,
    model: SelfOrganizingMap | None = None,
    seed: Annotated[int, Seed("Another walk over the map.")] = 0,
    *,
    layer: Annotated[str | None, Choice("What the map shows.", LAYERS, acts=AT_ONCE)] = None,
    row: Annotated[
        int | None,
        Whole(
            "Counted from 0 at the top; the right arrow key goes down. Click a unit of the map to choose it.",
            0,
            acts=AT_ONCE,
        ),
    ] = None,
    column: Annotated[int | None, Whole("Counted from 0 at the left.", 0, acts=AT_ONCE)] = None,
    feature: Annotated[str | None, Choice("Choosing one shows it, by the layer component.", acts=AT_ONCE)] = None,
    topology: Annotated[str | None, Choice("Trains the map anew.", TOPOLOGIES)] = None,
    pause: Annotated[int, controls.pause()] = 500,
) -> Playground:
    """Read a self-organizing map: its layers, and what each unit stands for.

    The layers: "prototypes" (the units as images), "labels" (the majority of each unit's samples), "U-matrix" (how far
    a unit's neighbours are in the space of the data), "hits" (samples per unit), "component" (a feature of all units).
    Beside the map are the chosen unit and its samples: images, or each feature in standard deviations from the mean of
    all data with its value in its own units (those from before `dataset.scaled(...)`). By default the first layer that
    the data have, the unit with most samples and the feature that differs most over the map are shown.

    Args:
        dataset: any data; default `data.digits()`. Labels, label_names, feature_names and image_shape are used where it
            has them. Without a `model`, a table that was not scaled is scaled to "standard" first.
        model: a map trained on `dataset.x`, which has a topology of its own; default one of at most 10 x 10 units,
            trained at once.
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
    layer, feature = layer or layers[0], feature or features[varied]
    chosen = controls.chosen(
        som_atlas,
        locals(),
        layer={"known": layers},
        feature={"known": features},
        row={"maximum": chart.shape[0] - 1},
        column={"maximum": chart.shape[1] - 1},
    )
    chosen = tuple(control for control in chosen if own or control.name != "topology")
    origin = row * chart.shape[1] + column

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
