"""Read a trained map as an atlas: switch its layers, go from unit to unit, and see what each represents."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np

from udl_teach import inputs
from udl_teach.data import Dataset
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, Choice, Pick, Seed, Whole
from udl_teach.play.player import Player
from udl_teach.play.som_atlas.picture import Drawing
from udl_teach.play.som_atlas.run import MOST_SIDE, Walker, charts, snapshot
from udl_teach.play.som_atlas.words import words
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

TOPOLOGIES = ("rectangular", "hexagonal")
# Rows are counted from the top, and a slider that goes up goes up on the map.
UPWARDS = tuple(range(MOST_SIDE))[::-1]
LAYERS = ("prototypes", "labels", "U-matrix", "hits", "component")


@controls.documented
def som_atlas(
    dataset: Dataset | None = None,
    model: SelfOrganizingMap | None = None,
    seed: Annotated[int, Seed("Another walk over the map.")] = 0,
    *,
    layer: Annotated[str | None, Choice("What the map shows.", LAYERS, acts=AT_ONCE)] = None,
    row: Annotated[int | None, Pick("From 0 at the top; or click a unit of the map.", UPWARDS, acts=AT_ONCE)] = None,
    column: Annotated[int | None, Whole("From 0 at the left.", 0, MOST_SIDE - 1, acts=AT_ONCE)] = None,
    feature: Annotated[str | None, Choice("Shown on the map by the layer component.", acts=AT_ONCE)] = None,
    topology: Annotated[str | None, Choice("Trains the map anew.", TOPOLOGIES)] = None,
    pause: Annotated[int, controls.pause()] = 500,
) -> Playground:
    """Read a self-organizing map: its layers, and what each unit represents.

    The layers: "prototypes" (the units as images), "labels" (the majority of each unit's samples), "U-matrix" (how far
    a unit's neighbours are in the space of the data), "hits" (samples per unit), "component" (a feature of all units).
    By default the map shows the first layer that the data has, the feature that varies most over the map, and the unit
    with most samples. Beside the map are this unit and its samples: images, or each feature in standard deviations from
    the mean of all data, with its value in its original units (before `dataset.scaled(...)`).

    Args:
        dataset: any data; default `data.digits()`. Labels, label_names, feature_names and image_shape are used if
            present. Without a `model`, a table that was not scaled is scaled to "standard" first.
        model: a map trained on `dataset.x`, with its own topology and size; by default one of at most 10 x 10 units is
            trained first.
    """
    if model is not None and topology is not None:
        raise ValueError(f"topology was {topology!r} beside a model, which has its own; leave one of the two out.")
    topology = inputs.choice(topology or TOPOLOGIES[0], "topology", TOPOLOGIES)
    chart_of = charts(dataset, model)
    chart = chart_of(topology)
    images, features = chart.dataset.image_shape is not None, chart.features
    missing = {"prototypes": not images, "labels": not chart.names}
    layers = tuple(name for name in LAYERS if not missing.get(name))
    # The pixels of an image are comparable as they are; those that are seldom lit would stand out by deviations.
    varied = int((chart.units if images else chart.deviations).std(axis=0).argmax())
    layer, feature = layer or layers[0], feature or features[varied]
    busiest = np.unravel_index(chart.hits.argmax(), chart.shape)
    row, column = (int(usual) if wish is None else wish for wish, usual in zip((row, column), busiest, strict=True))
    changes = {
        "layer": {"known": layers},
        "row": {"known": tuple(range(chart.shape[0]))[::-1]},
        "column": {"maximum": chart.shape[1] - 1},
        "feature": {"known": features},
    }
    chosen = controls.chosen(som_atlas, locals(), **changes)
    if model is not None:
        chosen = tuple(control for control in chosen if control.name != "topology")

    def start(settings: dict) -> tuple[Walker, Iterator[Step]]:
        settings |= {"row": row, "column": column}
        walker = Walker(chart_of(settings.get("topology")), settings)
        return walker, walker.walk()

    drawing = Drawing(chart)

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The unit that is pointed at is chosen."""
        unit = drawing.map.unit_at(touched.x, touched.y) if touched.axes is drawing.map.axes else None
        return {} if unit is None else dict(zip(("row", "column"), divmod(unit, chart.shape[1]), strict=True))

    return Playground(
        "som_atlas",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=lambda player, settings: player.model.take(),
        follow=lambda player: player.model.moved(),
        touch=touch,
        keep_restarts=False,
    )
