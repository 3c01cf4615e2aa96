"""Watch the two players of a GAN: move them one at a time or let them play, and see what is happening."""

from functools import partial
from typing import Annotated, Any

from udl_teach import inputs
from udl_teach.models import GAN
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, RUNNING, Choice, Number, Pick, Power, Seed, Switch, Whole
from udl_teach.play.gan_game.picture import Drawing
from udl_teach.play.gan_game.run import CURES, start
from udl_teach.play.gan_game.scene import CLUSTERS, COMPOSED, FIRST, PLANE, Grip
from udl_teach.play.gan_game.snapshot import snapshot
from udl_teach.play.gan_game.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments

SIZES = (16, 32, 64, 128, 256)
# Milliseconds that a phase of slow motion stays.
SLOW = 900


def own_penalty(objective: str) -> float:
    """The weight of the penalty that an objective comes with."""
    return GAN(2, 1, (1,), objective=objective).penalty


def act(player: Player, settings: dict) -> None:
    """Hand a control's new value to the run that is under way; another loss brings its own penalty."""
    if player.model.model.objective != settings["objective"]:
        settings["penalty"] = own_penalty(settings["objective"])
    player.model.take()


def pace(settings: dict) -> tuple[int, int]:
    """Steps per picture and milliseconds between two: slow motion shows each phase for a while."""
    return (1, SLOW) if settings["slow"] else (settings["speed"], 50)


def _step(who: str, player: Player) -> None:
    player.model.hand = who
    player.advance(1)


BUTTONS = tuple(
    controls.Button(f"step-{name.lower()}", f"Step {name}", f"One update of {says}", partial(_step, who))
    for name, says, who in (
        ("D", "the discriminator", "discriminator"),
        ("G", "the generator", "generator"),
        ("both", "the discriminator, then one of the generator", "both"),
    )
)


@old_arguments(averaged="ema")
@controls.documented
def gan_game(
    data: Annotated[str, Choice("The real samples; composed uses your own clusters.", PLANE)] = "ring",
    seed: Annotated[int, Seed("Other initial weights and noise, same data.")] = 0,
    *,
    clusters: Annotated[Any, CLUSTERS] = FIRST,
    objective: Annotated[str, Choice("Of both players.", OBJECTIVES, label="loss", acts=RUNNING)] = "non-saturating",
    discriminator_rate: Annotated[float, Power("Of Adam.", -5, -1, label="learning rate D", acts=RUNNING)] = 0.001,
    generator_rate: Annotated[float, Power("Of Adam.", -5, -1, label="learning rate G", acts=RUNNING)] = 0.001,
    discriminator_steps: Annotated[int, Whole("Per update of G.", 1, 20, label="D steps", acts=RUNNING)] = 1,
    batch_size: Annotated[int, Pick("Real points per step, and as many generated.", SIZES, acts=RUNNING)] = 128,
    penalty: Annotated[
        float | None,
        Number("Weight on D (the loss sets its kind).", 0.0, 20.0, 0.1, label="gradient penalty", acts=RUNNING),
    ] = None,
    cure: Annotated[str, Choice("Changed against mode collapse.", tuple(CURES), label="discriminator")] = "none",
    latent_size: Annotated[int, Whole("Dimensions of a latent vector.", 1, 16)] = 2,
    ema: Annotated[bool, Switch("Show the EMA of G's weights.", label="EMA generator", acts=AT_ONCE)] = False,
    slow: Annotated[bool, Switch("One player at a time, in three phases.", label="slow motion", acts=RUNNING)] = False,
    speed: Annotated[int, controls.speed()] = 5,
) -> Playground:
    """Watch a generator and a discriminator play against each other over points in the plane, 2000 of each set.

    The map behind the points shows what the discriminator takes for real, the folded sheet where the generator maps the
    latent space, and an arrow on a generated point its sample gradient, the direction that lowers the generator's loss.
    The line below says what is happening: `words.py` holds its thresholds. Another loss brings its own penalty with it,
    which `penalty=None` takes too. `clusters` may also be rows of (x, y, spread, weight), at most 9.
    `playground.buttons` holds Step D, Step G and Step both.
    """
    penalty = own_penalty(inputs.choice(objective, "objective", OBJECTIVES)) if penalty is None else penalty
    chosen, drawing = controls.chosen(gan_game, locals()), Drawing()
    return Playground(
        "gan_game",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=lambda player: {"penalty": player.model.settings["penalty"]},
        buttons=BUTTONS,
        pace=pace,
        touch=Grip(drawing.now).touch,
        hides=lambda settings: set() if settings["data"] == COMPOSED else {"clusters"},
    )
