"""What each adversarial loss asks at every score: who learns where it is losing, and whose gradient has died there."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.landscape_picture import AXES, PROBABILITY, Drawing, Look, Point
from udl_teach.play.landscape_run import (
    BOTTOM,
    FAR,
    GENERATOR,
    ON_REAL,
    REACH,
    SATURATED,
    WHOSE,
    Descent,
    curve,
    reading,
)
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.training import Step


def look(player: Player, settings: dict) -> Look:
    """Read each curve where its walk stands."""
    run = player.model
    drawn = [name for name in OBJECTIVES if settings[name.replace("-", "_")]]
    curves = {name: curve(run.whose, name, run.other) for name in drawn}
    points = {}
    for name in drawn:
        value, slope = reading(run.whose, name, run.scores[name], run.other)
        share, state = curves[name].share(slope), curves[name].state(value, slope)
        points[name] = Point(run.scores[name], value, slope, share, state, run.reached[name])
    return Look(
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


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    kinds = ("real", "generated") if look.whose == ON_REAL else ("generated", "real")
    text = (
        f"A {kinds[0]} sample has score {_number(look.start)}, so D = {1 / (1 + np.exp(-look.start)):.2g}; "
        f"the {kinds[1]} ones {_number(look.other)}. "
    )
    if not look.points:
        return text + "No objective is drawn: tick one."
    if look.index == 0:
        text += f"Loss of the {look.whose} and its slope there: "
    else:
        text += f"After {_steps(look.index)} downhill: "
    text += "; ".join(_said(name, point, look.index) for name, point in look.points.items()) + ". "
    text += _states(look)
    if look.index:
        text += f" {_race(look)}"
    if kept is not None and kept.index and kept.points:
        text += f" Kept, {kept.whose}, from {_number(kept.start)}: {_race(kept)}"
    return text


def _steps(n: int) -> str:
    return f"{n:,} step{'s' * (n > 1)}"


def _said(name: str, point: Point, index: int) -> str:
    reading = f"loss {_number(point.value)}, slope {_slope(point.slope)}"
    return f"{name} {reading}" if index == 0 else f"{name} at {_number(point.score)} ({reading})"


def _number(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00")


def _slope(value: float) -> str:
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.0f}"


def _states(look: Look) -> str:
    found = {
        state: [name for name, point in look.points.items() if point.state == state] for state in (SATURATED, BOTTOM)
    }
    parts = []
    if found[SATURATED]:
        shares = ", ".join(f"{name} {100 * look.points[name].share:.2g} %" for name in found[SATURATED])
        parts.append(
            f"Saturated, with much left to win but hardly a gradient (share of the largest in the picture): {shares}."
        )
    else:
        parts.append("Nobody is saturated.")
    if found[BOTTOM]:
        parts.append(f"At the bottom, where little is left to win: {', '.join(found[BOTTOM])}.")
    return " ".join(parts)


def _race(look: Look) -> str:
    """Who came to 0, and when."""
    if not look.begins_lost:
        text = f"All began at 0 or {'above' if look.upwards else 'below'}, where this loss leads."
    else:
        reached = {name: point.reached for name, point in look.points.items() if point.reached is not None}
        waiting = [name for name in look.points if name not in reached]
        parts = [f"{name} (step {reached[name]:,})" for name in sorted(reached, key=reached.get)]
        text = f"Reached 0: {', '.join(parts)}." if parts else f"Nobody reached 0 in {_steps(look.index)}."
        if parts and waiting:
            text += f" Not yet: {', '.join(waiting)}."
    away = [name for name, point in look.points.items() if abs(point.score) >= FAR]
    if away:
        text += f" Ran off beyond {FAR:g} and rests there: {', '.join(away)}."
    return text


def loss_landscape(
    score: float = -6.0,
    real_score: float = 3.0,
    *,
    whose: str = GENERATOR,
    axis: str = "score",
    non_saturating: bool = True,
    minimax: bool = True,
    least_squares: bool = True,
    wasserstein: bool = True,
    relativistic: bool = True,
    learning_rate: float = 0.5,
    speed: int = 1,
) -> Playground:
    """See what each loss asks of the generator, or of the discriminator, at every score of a sample.

    The curves are the library's own losses and their gradients those of automatic derivation. Play takes steps of plain
    gradient descent on every curve, with the score itself as the only parameter.

    Args:
        score: the discriminator's score (logit) of generated samples, -10 to 10: where the curves are read and where
            Play begins. Early in a training it is very negative.
        real_score: score of the real samples, -10 to 10; the relativistic loss compares the two.
        whose: "generator", "discriminator on generated" or "discriminator on real": whose loss, over whose score. With
            the last the walk begins at `real_score`, and the generated samples stay at `score`.
        axis: "score", or "probability" for D = sigmoid(score); gradients stay those with respect to the score.
        non_saturating: whether -log D is drawn.
        minimax: whether log(1 - D) is drawn.
        least_squares: whether the squared distance of the score from its target is drawn.
        wasserstein: whether the plain score is drawn.
        relativistic: whether the loss of the difference of two scores is drawn.
        learning_rate: of the walk, 0.01 to 10; may be moved while it runs.
        speed: steps between two pictures, 1 to 50.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """

    def begin(settings: dict) -> tuple[Descent, Iterator[Step]]:
        run = Descent(settings)
        return run, run.steps()

    return Playground(
        "loss_landscape",
        controls=_controls(
            score=score,
            real_score=real_score,
            whose=whose,
            axis=axis,
            non_saturating=non_saturating,
            minimax=minimax,
            least_squares=least_squares,
            wasserstein=wasserstein,
            relativistic=relativistic,
            learning_rate=learning_rate,
            speed=speed,
        ),
        start=begin,
        look=look,
        drawing=Drawing(),
        words=words,
    )


def _controls(**values: Any) -> tuple[controls.Control, ...]:
    """Everything that can be set, with its first values."""
    at_once, reach = controls.AT_ONCE, {"minimum": -REACH, "maximum": REACH, "step": 0.1}
    says = {
        "non-saturating": "-log D: what is used in practice.",
        "minimax": "log(1 - D): the original game.",
        "least-squares": "Squared distance of the score from its target.",
        "wasserstein": "The plain score.",
        "relativistic": "Real and generated score compared.",
    }
    return (
        controls.Number(
            "score", "score", values["score"], "Of generated samples; very negative early in a training.", **reach
        ),
        controls.Number(
            "real_score", "real score", values["real_score"], "Relativistic asks how far it is ahead.", **reach
        ),
        controls.Choice("whose", "loss", values["whose"], "Whose loss, over which samples' score.", known=WHOSE),
        controls.Power(
            "learning_rate",
            "learning rate",
            values["learning_rate"],
            "Length of a step is this times the slope.",
            controls.RUNNING,
            lowest=-2,
            highest=1,
        ),
        controls.Choice(
            "axis", "axis", values["axis"], f"{PROBABILITY.capitalize()} is sigmoid(score).", at_once, known=AXES
        ),
        controls.speed(values["speed"], says="Steps between two pictures."),
        *(
            controls.Switch(name.replace("-", "_"), name, values[name.replace("-", "_")], says[name], at_once)
            for name in OBJECTIVES
        ),
    )
