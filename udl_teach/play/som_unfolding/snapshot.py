"""The numbers of one moment: where the units are, what the last step did, and the errors so far."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play import points
from udl_teach.play.player import Player
from udl_teach.training import Step


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    step: Step | None  # the last step, or None
    rule: str  # "batch" or "online"
    init: str  # name of the initialization
    falling: bool  # whether radius and rate fall by themselves
    radius: float  # held by hand as its slider stands, else of the last step (before it, of the first)
    rate: float  # as radius
    epochs: np.ndarray  # epochs at each noted moment, shape (k,)
    quantization: np.ndarray  # error at each noted moment, the present one last, shape (k,)
    topographic: np.ndarray  # error at each noted moment, the present one last, shape (k,)
    x: np.ndarray  # the points, shape (n, 2)
    before: np.ndarray  # where the units were before the last step, shape (rows, columns, 2)
    weights: np.ndarray  # where they are, shape (rows, columns, 2)
    topology: str  # "rectangular" or "hexagonal"
    wrap: bool  # whether the grid goes round its edges
    sample: np.ndarray | None  # the point of the last online step, shape (2,), or None
    unit: int | None  # number of its best unit, or None
    felt: np.ndarray  # share of the sample's pull that each unit felt, shape (rows, columns); zeros without a sample
    reach: np.ndarray  # the same share at the present radius, shape (rows, columns)
    hits: np.ndarray  # points whose best unit each is, shape (rows, columns)
    box: tuple | None  # ((left, right), (bottom, top)) of the picture; None where it follows the points


def snapshot(player: Player, settings: dict) -> Snapshot:
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
        place = divmod(unit, som.columns)
        felt, reach = (som.neighbourhood_function(place, wide) for wide in (terms["radius"], radius))
    return Snapshot(
        step=step,
        rule=run.rule,
        init=settings["init"],
        falling=settings["falling"],
        radius=radius,
        rate=rate,
        epochs=run.epochs(np.append(run.quantization.index, player.index)),
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
        box=points.BOX if settings["data"] == points.DRAWN else None,
    )
