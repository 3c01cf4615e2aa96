"""Watch a self-organizing map spread its sheet over points in the plane, sample by sample or pass by pass."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.models import SelfOrganizingMap
from udl_teach.play import controls
from udl_teach.play.folds import crossings, turned_cells
from udl_teach.play.player import Player
from udl_teach.play.sheet_picture import Drawing, Look
from udl_teach.play.sheet_run import HAND, PLANE, SheetRun, dataset
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

YOURS = "yours"
MOST = 20
SPEED = {"batch": 1, "online": 25}
# Up to this share of cells turned over a sheet is called nearly flat.
FEW = 0.05


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


def look(player: Player, settings: dict) -> Look:
    """Measure the run as it now is."""
    run, step = player.model, player.step
    som, terms = run.som, {} if step is None else step.terms
    quantization, topographic, hits = run.measure()
    online = "sample" in terms
    unit = int(terms["unit"]) if online else None
    by_hand = step is None or not settings["falling"]
    radius = run.radius(player.index) if by_hand else terms["radius"]
    rate = run.rate(player.index) if by_hand else terms["learning_rate"]
    felt = reach = np.zeros((som.rows, som.columns))
    if online:
        felt, reach = (
            som.neighbourhood_function(divmod(unit, som.columns), wide) for wide in (terms["radius"], radius)
        )
    return Look(
        step=step,
        rule=run.rule,
        start=settings["init"],
        falling=settings["falling"],
        radius=radius,
        rate=rate,
        passes=np.append(run.noted(), player.index) / run.steps_a_pass,
        quantization=np.array([*run.quantization.loss, quantization]),
        topographic=np.array([*run.topographic.loss, topographic]),
        x=run.shown,
        before=run.before.numpy(),
        weights=som.weights.numpy().copy(),
        topology=som.topology,
        wrap=som.wrap,
        sample=run.x[int(terms["sample"])] if online else None,
        unit=unit,
        felt=felt,
        reach=reach,
        hits=hits,
    )


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    rows, columns = look.hits.shape
    falls = "falling by itself" if look.falling else "held by hand"
    if look.step is None:
        text = f"Start ({look.start}): {rows} x {columns} units, {look.rule} rule, radius {look.radius:.2f}, {falls}."
    elif look.rule == "batch":
        text = f"Step {look.step.index:,} (a pass), batch rule: radius {look.radius:.2f}, {falls}."
    else:
        falls = falls.replace("itself", "themselves")
        text = (
            f"Step {look.step.index:,} (pass {look.step.epoch}), online rule: radius {look.radius:.2f} and "
            f"learning rate {look.rate:.2g}, {falls}."
        )
    text += (
        f" A point lies {look.quantization[-1]:.4f} from its best unit on average (quantization error); for "
        f"{_percent(look.topographic[-1])} of the points the best two units do not touch (topographic error)."
    )
    empty = int((look.hits == 0).sum())
    text += f" Units without points: {empty} of {rows * columns}. {_lies(look)}"
    if kept is not None and kept.step is not None:
        text += (
            f" The kept run was at {kept.quantization[-1]:.4f} and {_percent(kept.topographic[-1])} after "
            f"{_count(kept.passes[-1])}."
        )
    return text


def _lies(look: Look) -> str:
    rows, columns = look.hits.shape
    if min(rows, columns) == 1:
        number = crossings(look.weights.reshape(-1, 2))
        return "The chain does not cross itself." if number == 0 else f"The chain crosses itself {_times(number)}."
    turned, cells = turned_cells(look.weights)
    if turned == 0:
        return "No cell of the sheet is turned over: it lies flat."
    many = f"{turned} of {cells} cells of the sheet {'is' if turned == 1 else 'are'} turned over"
    if look.wrap:
        return f"{many}: a sheet closed round its edges cannot lie flat in the plane."
    return f"{many}: it is {'nearly flat' if turned <= FEW * cells else 'folded or twisted'}."


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _count(passes: float) -> str:
    return f"{passes:.3g} pass{'' if passes == 1 else 'es'}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


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
) -> Playground:
    """Watch a map unfold over points in the plane.

    Args:
        x: your own points, shape (n, 2), to be chosen as "yours"; None leaves the sets below.
        data: "square", "ring", "moons", "spiral" or "clusters" (400 points each), or "yours"; default "yours" where `x`
            is given, else "square".
        seed: of the initialization and of the order of the samples; the data stay the same.
        rows: rows of the grid, 1 to 20; 1 makes a chain.
        columns: columns of the grid, 1 to 20.
        topology: "rectangular" or "hexagonal".
        wrap: whether the grid goes round its edges.
        rule: "online" (a step is a sample) or "batch" (a step is a pass over all points).
        init: "random", "data" (units on points that are drawn) or "pca" (a flat sheet).
        falling: whether radius and rate fall by themselves, from half of the grid's longer side and 0.5; switched off
            they stay where they are, moving one of their sliders switches it off, and on again they fall from there.
        radius: of the neighbourhood on the grid while it is held by hand, 0 to 10 units.
        learning_rate: of the online rule while it is held by hand, 0 to 1.
        speed: steps between two pictures, 1 to 200; default 25 samples or 1 pass.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    own = None if x is None else _points(x)
    known = PLANE if own is None else (*PLANE, YOURS)
    rule = inputs.choice(rule, "rule", SPEED)
    last = [rule]

    def begin(settings: dict) -> tuple[SheetRun, Iterator[Step]]:
        points = own if settings["data"] == YOURS else dataset(settings["data"])
        grid = {name: settings[name] for name in ("rows", "columns", "topology", "wrap", "init", "seed")}
        run = SheetRun(SelfOrganizingMap(2, **grid), points, settings)
        if settings["rule"] != last[0]:
            last[0], run.speed = settings["rule"], SPEED[settings["rule"]]
        return run, run.steps()

    return Playground(
        "som_unfolding",
        controls=(
            controls.Choice("data", "data", data or known[-1 if own is not None else 0], "The points.", known=known),
            controls.Choice("rule", "rule", rule, "One sample a step, or all points a step.", known=tuple(SPEED)),
            controls.Switch(
                "falling",
                "radius and rate fall by themselves",
                falling,
                "Off holds them; moving one of the two sliders holds both.",
                controls.RUNNING,
            ),
            controls.Number(
                "radius",
                "radius",
                radius,
                "Held by hand: how far on the grid a sample's pull reaches, in units.",
                controls.RUNNING,
                maximum=10.0,
                step=0.1,
            ),
            controls.Number(
                "learning_rate",
                "rate",
                learning_rate,
                "Held by hand: share of the way that the best unit goes (online rule).",
                controls.RUNNING,
            ),
            controls.speed(
                SPEED[rule] if speed is None else speed, maximum=200, says="Samples (or passes) between two pictures."
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
            controls.Switch("wrap", "wrap", wrap, "The grid goes round its edges, like a torus."),
            controls.Choice("init", "initialization", init, "Where the units begin.", known=("random", "data", "pca")),
            controls.seed(seed, "Another initialization and order of the samples, same data."),
        ),
        start=begin,
        look=look,
        drawing=Drawing(),
        words=words,
        act=act,
        follow=follow,
    )


def _points(x: Any) -> np.ndarray:
    points = inputs.samples(x).detach().cpu().numpy()
    if points.shape[1] != 2:
        raise ValueError(f"x has {points.shape[1]} columns; a sheet in the plane needs 2: choose two, as in x[:, :2].")
    return points
