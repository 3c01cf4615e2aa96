"""What each adversarial loss asks at every score: who learns where it is losing, and whose gradient has died there."""

from collections.abc import Iterator
from typing import Any

from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.loss_landscape.picture import AXES, PROBABILITY, Drawing
from udl_teach.play.loss_landscape.run import GENERATOR, REACH, WHOSE, Descent
from udl_teach.play.loss_landscape.snapshot import snapshot
from udl_teach.play.loss_landscape.words import words
from udl_teach.play.view import Playground
from udl_teach.training import Step


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

    def start(settings: dict) -> tuple[Descent, Iterator[Step]]:
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
        start=start,
        snapshot=snapshot,
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
            "A step is minus this times the slope.",
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
