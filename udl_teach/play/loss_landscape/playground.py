"""What each adversarial loss asks at every score: who learns where it is losing, and whose gradient has died there."""

from typing import Annotated

from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, RUNNING, Choice, Number, Power, Switch
from udl_teach.play.loss_landscape.picture import AXES, SCORE, Drawing
from udl_teach.play.loss_landscape.run import GENERATOR, REACH, WHOSE, start
from udl_teach.play.loss_landscape.snapshot import snapshot
from udl_teach.play.loss_landscape.words import words
from udl_teach.play.view import Playground


@controls.documented
def loss_landscape(
    score: Annotated[
        float, Number("Of generated samples; very negative early in a training.", -REACH, REACH, 0.1)
    ] = -6.0,
    real_score: Annotated[float, Number("Relativistic asks how far it is ahead.", -REACH, REACH, 0.1)] = 3.0,
    *,
    whose: Annotated[str, Choice("Whose loss, over which samples' score.", WHOSE, label="loss")] = GENERATOR,
    learning_rate: Annotated[float, Power("A step is minus this times the slope.", -2, 1, acts=RUNNING)] = 0.5,
    axis: Annotated[str, Choice("Probability is sigmoid(score).", AXES, acts=AT_ONCE)] = SCORE,
    speed: Annotated[int, controls.speed(says="Steps between two pictures.")] = 1,
    non_saturating: Annotated[
        bool, Switch("-log D: what is used in practice.", label="non-saturating", acts=AT_ONCE)
    ] = True,
    minimax: Annotated[bool, Switch("log(1 - D): the original game.", acts=AT_ONCE)] = True,
    least_squares: Annotated[
        bool, Switch("Squared distance of the score from its target.", label="least-squares", acts=AT_ONCE)
    ] = True,
    wasserstein: Annotated[bool, Switch("The plain score.", acts=AT_ONCE)] = True,
    relativistic: Annotated[bool, Switch("Real and generated score compared.", acts=AT_ONCE)] = True,
) -> Playground:
    """See what each loss asks of the generator, or of the discriminator, at every score (logit) of a sample.

    The curves are the library's own losses and their gradients those of automatic derivation, always with respect to
    the score. Play takes steps of plain gradient descent on every curve, with the score itself as the only parameter.
    It begins at `score`; for the loss of the discriminator on real samples it begins at `real_score`, and the
    generated samples stay at `score`.
    """
    chosen = controls.chosen(loss_landscape, locals())
    return Playground(
        "loss_landscape",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=Drawing(),
        words=words,
        compare={"score": -8.0},
    )
