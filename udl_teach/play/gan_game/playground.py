"""Watch the two players of a GAN: move them one at a time or let them play, and see what is happening."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from udl_teach import inputs
from udl_teach.models import GAN
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, RUNNING, Choice, Number, Pick, Power, Seed, Switch, Whole
from udl_teach.play.gan_game.compose import CLUSTERS, HANDLES, Grip, composed, handles, hides
from udl_teach.play.gan_game.picture import Drawing
from udl_teach.play.gan_game.run import HIDDEN, GameRun
from udl_teach.play.gan_game.scene import FIRST, PLANE, scene
from udl_teach.play.gan_game.snapshot import snapshot
from udl_teach.play.gan_game.words import words
from udl_teach.play.player import Player, taken
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

# What the discriminator's network can be made of against collapse and against slopes that run away.
CURES = {"none": {}, "spectral norm": {"spectral_norm": True}, "packing 2": {"packing": 2}, "packing 4": {"packing": 4}}
# Decay of the exponential moving average (EMA) of the generator's weights.
EMA = 0.99
# Milliseconds that a phase of slow motion stays.
SLOW = 900


def own_penalty(objective: str) -> float:
    """The weight of the penalty that an objective comes with."""
    return GAN(2, 1, (1,), objective=objective).penalty


def act(player: Player, settings: dict) -> None:
    """Hand a control's new value to the run that is under way."""
    run = player.model
    if settings["latent_size"] != run.model.latent_size:
        if player.index == 0 and run.phase is None:
            player.reset()
        else:
            run.resize(settings["latent_size"])
        return
    before = run.hands
    hands = {name: settings[name] for name in before}
    if hands["objective"] != before["objective"]:
        run.moved["penalty"] = settings["penalty"] = own_penalty(settings["objective"])
    if any(hands[name] != before[name] for name in ("clusters", *HANDLES)):
        moved = composed(settings, before)
        settings.update(moved)
        run.moved.update(moved)
    run.hands = {name: settings[name] for name in before}
    run.take(scene(settings))


def pace(settings: dict) -> tuple[int, int]:
    """Steps a picture and milliseconds between two: slow motion shows each phase for a while."""
    return (1, SLOW) if settings["slow"] else (settings["speed"], 50)


def _press(who: str) -> Callable[[Player], None]:
    def press(player: Player) -> None:
        player.model.hand = who
        player.advance(1)

    return press


BUTTONS = tuple(
    controls.Button(f"step-{name.lower()}", f"Step {name}", f"One update of {says}", _press(who))
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
    objective: Annotated[
        str, Choice("The losses of both players.", OBJECTIVES, label="loss", acts=RUNNING)
    ] = "non-saturating",
    discriminator_rate: Annotated[
        float, Power("Of the discriminator (Adam).", -5, -1, label="learning rate D", acts=RUNNING)
    ] = 0.001,
    generator_rate: Annotated[
        float, Power("Of the generator (Adam).", -5, -1, label="learning rate G", acts=RUNNING)
    ] = 0.001,
    discriminator_steps: Annotated[
        int, Whole("Updates of D per update of G.", 1, 20, label="D steps", acts=RUNNING)
    ] = 1,
    batch_size: Annotated[
        int, Pick("Real points per step, and as many generated.", (16, 32, 64, 128, 256), acts=RUNNING)
    ] = 128,
    penalty: Annotated[
        float | None,
        Number(
            "Weight of the gradient penalty on D (the loss sets its kind).",
            0.0,
            20.0,
            0.1,
            label="gradient penalty",
            acts=RUNNING,
        ),
    ] = None,
    cure: Annotated[
        str, Choice("Spectral norm or packing against collapse.", tuple(CURES), label="discriminator")
    ] = "none",
    latent_size: Annotated[int, Whole("Dimensions of a latent vector.", 1, 16, acts=RUNNING)] = 2,
    ema: Annotated[
        bool, Switch("Show the moving average of G's weights.", label="EMA generator", acts=AT_ONCE)
    ] = False,
    slow: Annotated[bool, Switch("Each half of a step in three phases.", label="slow motion", acts=AT_ONCE)] = False,
    speed: Annotated[int, controls.speed()] = 5,
) -> Playground:
    """Watch a generator and a discriminator play against each other over points in the plane, 2000 of each set.

    The map behind the points shows what the discriminator takes for real, the folded sheet where the generator maps the
    latent space, and an arrow on a generated point its sample gradient, the direction that lowers the generator's loss.
    The line below says what is happening: `words.py` holds its thresholds. Another loss brings its own penalty with it,
    which `penalty=None` takes too; latent dimensions that are added get fresh weights. `clusters` may also be rows of
    (x, y, spread, weight), at most 9. `playground.buttons` holds Step D, Step G and Step both.
    """
    penalty = own_penalty(inputs.choice(objective, "objective", OBJECTIVES)) if penalty is None else penalty
    chosen = controls.chosen(gan_game, locals())

    def start(settings: dict) -> tuple[GameRun, Iterator[Step]]:
        rules = {name: settings[name] for name in ("objective", "seed")}
        model = GAN(2, settings["latent_size"], HIDDEN, ema=EMA, **rules, **CURES[settings["cure"]])
        run = GameRun(model, scene(settings), settings)
        run.hands = {name: settings[name] for name in ("objective", "clusters", *HANDLES)}
        return run, run.steps()

    drawing = Drawing()
    return Playground(
        "gan_game",
        controls=(*chosen[:2], *handles(chosen[1].value), *chosen[2:]),
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=taken,
        buttons=BUTTONS,
        pace=pace,
        touch=Grip(drawing.now).touch,
        hides=hides,
    )
