"""Watch a self-organizing map spread its sheet over points in the plane, sample by sample or epoch by epoch."""

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np

from udl_teach import inputs
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import controls
from udl_teach.play.controls import RUNNING, Choice, Number, Seed, Switch, Whole
from udl_teach.play.player import taken
from udl_teach.play.points import DRAWN, POINTS, drawn, nothing_learns, too_few
from udl_teach.play.som_unfolding.picture import Drawing
from udl_teach.play.som_unfolding.run import PLANE, SheetRun, dataset
from udl_teach.play.som_unfolding.snapshot import snapshot
from udl_teach.play.som_unfolding.words import words
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

YOURS = "yours"
SPEED = {"batch": 1, "online": 25}


@old_arguments(start="init")
@controls.documented
def som_unfolding(
    x: Any = None,
    data: Annotated[str | None, Choice("The points, 400 each; click Draw to make your own.", (*PLANE, DRAWN))] = None,
    seed: Annotated[int, Seed("Another initialization and order of the samples, same data.")] = 0,
    *,
    points: Annotated[Any, POINTS] = None,
    rule: Annotated[str, Choice("One sample per step, or all samples.", tuple(SPEED))] = "online",
    falling: Annotated[
        bool, Switch("Off, or moving one of their sliders, holds both.", label="decay of radius and rate", acts=RUNNING)
    ] = True,
    radius: Annotated[
        float, Number("Of the neighbourhood on the grid, in units, while it is held.", 0, 10, 0.1, acts=RUNNING)
    ] = 2.0,
    learning_rate: Annotated[float, Number("Of the online rule, while it is held.", acts=RUNNING)] = 0.1,
    speed: Annotated[int | None, controls.speed(200, "Samples (or epochs) between two pictures.")] = None,
    rows: Annotated[int, Whole("Rows of the grid; 1 makes a chain.", 1, 20)] = 15,
    columns: Annotated[int, Whole("Columns of the grid.", 1, 20)] = 15,
    topology: Annotated[
        str, Choice("Which units touch: eight around, or six.", ("rectangular", "hexagonal"))
    ] = "rectangular",
    wrap: Annotated[bool, Switch("Opposite edges of the grid are neighbours: a torus.")] = False,
    init: Annotated[
        str, Choice("Initial weights of the units.", ("random", "data", "pca"), label="initialization")
    ] = "random",
) -> Playground:
    """Watch a map unfold over points in the plane.

    While radius and learning rate decay by themselves, they start from half of the grid's longer side and from 0.5;
    switched on again, they decay from where they are. The units begin at random places ("random"), on points that are
    drawn ("data"), or as a flat sheet ("pca"). Speed is by default 25 samples or 1 epoch.

    Args:
        x: your own points, shape (n, 2), to be chosen as "yours", which is then the default; else it is "square".
    """
    own = None if x is None else _points(x)
    known = (*PLANE, DRAWN) if own is None else (*PLANE, DRAWN, YOURS)
    data = data or (known[0] if own is None else YOURS)
    speed = SPEED[inputs.choice(rule, "rule", SPEED)] if speed is None else speed
    chosen = controls.chosen(som_unfolding, locals(), data={"known": known})
    last = [rule]

    def start(settings: dict) -> tuple[SheetRun, Iterator[Step]]:
        name, rule = settings["data"], settings["rule"]
        cloud = drawn(settings) if name == DRAWN else own if name == YOURS else dataset(name)
        grid = {name: settings[name] for name in ("rows", "columns", "topology", "wrap", "init", "seed")}
        run = SheetRun(SelfOrganizingMap(2, **grid), cloud, settings, {} if rule == last[0] else {"speed": SPEED[rule]})
        last[0] = rule
        return run, nothing_learns() if too_few(settings) else run.steps()

    drawing = Drawing()
    return Playground(
        "som_unfolding",
        controls=chosen,
        snapshot=snapshot,
        drawing=drawing,
        act=lambda player, settings: player.model.take(player.index),
        follow=taken,
        compare={"data": "ring"},
        **drawing.pen.joined(start, words),
    )


def _points(x: Any) -> np.ndarray:
    points = inputs.samples(x).detach().cpu().numpy()
    if points.shape[1] != 2:
        raise ValueError(f"x has {points.shape[1]} columns; a sheet in the plane needs 2: choose two, as in x[:, :2].")
    return points
