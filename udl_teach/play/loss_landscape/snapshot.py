"""The numbers of one moment: every curve, and where the walk on it stands."""

from dataclasses import dataclass

from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play.loss_landscape.run import Curve, curve, reading
from udl_teach.play.player import Player


@dataclass(frozen=True)
class Point:
    """Where the walk on one curve has come to."""

    score: float  # of the sample
    value: float  # the loss there
    slope: float  # its derivative with respect to the score
    share: float  # size of the slope as a share of the curve's largest
    state: str  # "saturated", "at the bottom" or nothing
    reached: int | None  # the step in which it came to 0, or None


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    index: int  # steps taken
    whose: str  # whose loss it is, and which samples the scores are of
    start: float  # score at which all walks began
    upwards: bool  # whether the loss leads to higher scores
    begins_lost: bool  # whether the start lies on the side of 0 that the loss leads away from
    other: float  # score of the samples of the other kind
    axis: str  # SCORE or PROBABILITY
    curves: dict[str, Curve]  # the losses that are drawn, by objective
    points: dict[str, Point]  # the walks on them, by objective


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Read each curve where its walk stands."""
    run, curves, points = player.model, {}, {}
    for name in OBJECTIVES:
        if settings[name.replace("-", "_")]:
            one = curves[name] = curve(run.whose, name, run.other)
            value, slope = reading(run.whose, name, run.scores[name], run.other)
            state = one.state(value, slope)
            points[name] = Point(run.scores[name], value, slope, one.share(slope), state, run.reached[name])
    facts = {name: getattr(run, name) for name in ("whose", "start", "upwards", "begins_lost", "other")}
    return Snapshot(index=player.index, axis=settings["axis"], curves=curves, points=points, **facts)
