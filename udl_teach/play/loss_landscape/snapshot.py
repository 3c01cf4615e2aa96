"""The numbers of one moment: every curve, and where the walk on it stands."""

from dataclasses import dataclass

from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape.run import Curve, curve, reading
from udl_teach.play.player import Player


@dataclass(frozen=True)
class Point:
    """Where the walk on one curve has come to.

    Attributes:
        score: of the sample.
        value: the loss there.
        slope: its derivative with respect to the score.
        share: size of the slope as a share of the curve's largest.
        state: "saturated", "at the bottom" or nothing.
        reached: the step in which it came to 0, or None.
    """

    score: float
    value: float
    slope: float
    share: float
    state: str
    reached: int | None


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment.

    Attributes:
        index: steps taken.
        whose: whose loss it is, and which samples the scores are of.
        start: score at which all walks began.
        upwards: whether the loss leads to higher scores.
        begins_lost: whether it leads from the start to 0 and mostly beyond.
        other: score of the samples of the other kind.
        axis: SCORE or PROBABILITY.
        curves: the losses that are drawn, by objective.
        points: the walks on them, by objective.
    """

    index: int
    whose: str
    start: float
    upwards: bool
    begins_lost: bool
    other: float
    axis: str
    curves: dict[str, Curve]
    points: dict[str, Point]


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Read each curve where its walk stands."""
    run = player.model
    drawn = [name for name in OBJECTIVES if settings[name.replace("-", "_")]]
    curves = {name: curve(run.whose, name, run.other) for name in drawn}
    points = {}
    for name in drawn:
        value, slope = reading(run.whose, name, run.scores[name], run.other)
        share, state = curves[name].share(slope), curves[name].state(value, slope)
        points[name] = Point(run.scores[name], value, slope, share, state, run.reached[name])
    return Snapshot(
        index=player.index,
        whose=run.whose,
        start=run.start,
        upwards=run.upwards,
        begins_lost=run.begins_lost,
        other=run.other,
        axis=settings["axis"],
        curves=curves,
        points=points,
    )
