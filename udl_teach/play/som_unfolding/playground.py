"""Watch a self-organizing map spread its sheet over points in the plane, sample by sample or epoch by epoch."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import controls
from udl_teach.play.player import Player
from udl_teach.play.points import DRAWN, FIRST, draw_button, drawn, nothing_learns, points_control, too_few, with_points
from udl_teach.play.som_unfolding.picture import Drawing
from udl_teach.play.som_unfolding.run import HAND, PLANE, SheetRun, dataset
from udl_teach.play.som_unfolding.snapshot import snapshot
from udl_teach.play.som_unfolding.words import words
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

YOURS = "yours"
MOST = 20
SPEED = {"batch": 1, "online": 25}


def act(player: Player, settings: dict) -> None:
    """Hand a control's new value to the run that is under way."""
    player.model.take(player.index)


def follow(player: Player) -> dict:
    """What the run has moved: who holds radius and rate, and the speed where another rule was chosen."""
    run = player.model
    moved = {name: run.settings[name] for name in HAND}
    if run.speed is not None:
        moved["speed"], run.speed = run.speed, None
    return moved


@old_arguments(start="init")
def som_unfolding(
    x: Any = None,
    data: str | None = None,
    seed: int = 0,
    *,
    rows: int = 15,
    columns: int = 15,
    topology: str = "rectangular",
    wrap: bool = False,
    rule: str = "online",
    init: str = "random",
    falling: bool = True,
    radius: float = 2.0,
    learning_rate: float = 0.1,
    speed: int | None = None,
    points: Any = FIRST,
) -> Playground:
    """Watch a map unfold over points in the plane.

    Args:
        x: your own points, shape (n, 2), to be chosen as "yours"; None leaves the sets below.
        data: "square", "ring", "moons", "spiral" or "clusters" (400 points each), "drawn" (see `points`), or "yours";
            default "yours" where `x` is given, else "square".
        seed: of the initialization and of the order of the samples; the data stay the same.
        rows: rows of the grid, 1 to 20; 1 makes a chain.
        columns: columns of the grid, 1 to 20.
        topology: "rectangular" or "hexagonal".
        wrap: whether the grid goes round its edges.
        rule: "online" (a step is a sample) or "batch" (a step is an epoch).
        init: "random", "data" (units on points that are drawn) or "pca" (a flat sheet).
        falling: whether radius and rate fall by themselves, from half of the grid's longer side and 0.5; switched off
            they stay where they are, moving one of their sliders switches it off, and on again they fall from there.
        radius: of the neighbourhood on the grid while it is held by hand, 0 to 10 units.
        learning_rate: of the online rule while it is held by hand, 0 to 1.
        speed: steps between two pictures, 1 to 200; default 25 samples or 1 epoch.
        points: of the data "drawn": rows of (x, y) between -1 and 1, at most 400, or text with the same numbers,
            "x y; x y; ...". Draw empties the picture; press or drag in it to add points.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    own = None if x is None else _points(x)
    known = (*PLANE, DRAWN) if own is None else (*PLANE, DRAWN, YOURS)
    rule = inputs.choice(rule, "rule", SPEED)
    last = [rule]

    def start(settings: dict) -> tuple[SheetRun, Iterator[Step]]:
        if settings["data"] == DRAWN:
            cloud = drawn(settings)
        else:
            cloud = own if settings["data"] == YOURS else dataset(settings["data"])
        grid = {name: settings[name] for name in ("rows", "columns", "topology", "wrap", "init", "seed")}
        run = SheetRun(SelfOrganizingMap(2, **grid), cloud, settings)
        if settings["rule"] != last[0]:
            last[0], run.speed = settings["rule"], SPEED[settings["rule"]]
        return run, nothing_learns() if too_few(settings) else run.steps()

    drawing = Drawing()
    chosen = (
        controls.Choice(
            "data",
            "data",
            data or known[-1 if own is not None else 0],
            "The points; click Draw to make your own.",
            known=known,
        ),
        points_control(points),
        controls.Choice("rule", "rule", rule, "One sample per step, or all samples.", known=tuple(SPEED)),
        controls.Switch(
            "falling",
            "decay of radius and rate",
            falling,
            "Off holds both; moving one of their sliders switches it off.",
            controls.RUNNING,
        ),
        controls.Number(
            "radius",
            "radius",
            radius,
            "Of the neighbourhood on the grid, in units, while it is held.",
            controls.RUNNING,
            maximum=10.0,
            step=0.1,
        ),
        controls.Number(
            "learning_rate",
            "learning rate",
            learning_rate,
            "Of the online rule, while it is held.",
            controls.RUNNING,
        ),
        controls.speed(
            SPEED[rule] if speed is None else speed, maximum=200, says="Samples (or epochs) between two pictures."
        ),
        controls.Whole("rows", "rows", rows, "Rows of the grid; 1 makes a chain.", maximum=MOST),
        controls.Whole("columns", "columns", columns, "Columns of the grid.", maximum=MOST),
        controls.Choice(
            "topology",
            "topology",
            topology,
            "Which units touch: eight around, or six.",
            known=("rectangular", "hexagonal"),
        ),
        controls.Switch("wrap", "wrap", wrap, "Opposite edges of the grid are neighbours: a torus."),
        controls.Choice(
            "init", "initialization", init, "Initial weights of the units.", known=("random", "data", "pca")
        ),
        controls.seed(seed, "Another initialization and order of the samples, same data."),
    )
    names = {control.name for control in chosen}
    return Playground(
        "som_unfolding",
        controls=chosen,
        start=drawing.pen.begins(start),
        snapshot=snapshot,
        drawing=drawing,
        words=drawing.pen.words(words),
        act=act,
        follow=follow,
        buttons=(draw_button(),),
        touch=drawing.pen.touch,
        shows=lambda settings: with_points(settings, names),
    )


def _points(x: Any) -> np.ndarray:
    points = inputs.samples(x).detach().cpu().numpy()
    if points.shape[1] != 2:
        raise ValueError(f"x has {points.shape[1]} columns; a sheet in the plane needs 2: choose two, as in x[:, :2].")
    return points
