"""Watch the two players of a GAN: move them one at a time or let them play, and see what is happening."""

from collections.abc import Callable, Iterator
from typing import Any

from udl_teach import inputs
from udl_teach.models import GAN
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.gan_game.compose import HANDLES, composed, composed_controls, shown, touched
from udl_teach.play.gan_game.picture import Drawing
from udl_teach.play.gan_game.run import HIDDEN, GameRun
from udl_teach.play.gan_game.scene import COMPOSED, FIRST, PLANE, scene, written
from udl_teach.play.gan_game.snapshot import snapshot
from udl_teach.play.gan_game.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, Touch
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

# What the discriminator's network can be made of against collapse and against slopes that run away.
CURES = {
    "none": {},
    "spectral norm": {"spectral_norm": True},
    "packing 2": {"packing": 2},
    "packing 4": {"packing": 4},
}
BATCHES = (16, 32, 64, 128, 256)
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


def follow(player: Player) -> dict:
    """What the run has moved: the penalty with the loss, and the clusters with their handles."""
    moved, player.model.moved = player.model.moved, {}
    return moved


def pace(settings: dict) -> tuple[int, int]:
    """Steps a picture and milliseconds between two: slow motion shows each phase for a while."""
    return (1, SLOW) if settings["slow"] else (settings["speed"], 50)


def _press(who: str) -> Callable[[Player], None]:
    def press(player: Player) -> None:
        player.model.hand = who
        player.advance(1)

    return press


BUTTONS = (
    controls.Button("step-d", "Step D", "One update of the discriminator", _press("discriminator")),
    controls.Button("step-g", "Step G", "One update of the generator", _press("generator")),
    controls.Button(
        "step-both", "Step both", "One update of the discriminator, then one of the generator", _press("both")
    ),
)


@old_arguments(averaged="ema")
def gan_game(
    data: str = "ring",
    seed: int = 0,
    *,
    objective: str = "non-saturating",
    generator_rate: float = 0.001,
    discriminator_rate: float = 0.001,
    discriminator_steps: int = 1,
    batch_size: int = 128,
    latent_size: int = 2,
    penalty: float | None = None,
    cure: str = "none",
    ema: bool = False,
    clusters: Any = FIRST,
    slow: bool = False,
    speed: int = 5,
) -> Playground:
    """Watch a generator and a discriminator play against each other over points in the plane.

    The map behind the points shows what the discriminator takes for real, the folded sheet where the generator maps the
    latent space, and an arrow on a generated point its sample gradient, the direction that lowers the generator's loss.
    The line below says what is happening: `words.py` holds its thresholds.

    Args:
        data: "ring" (8 modes), "grid" (25), "moons", "spiral", "two clusters", or "composed" (see `clusters`); 2000
            points each.
        seed: of the initial weights, the batches and the noise; the data stay the same.
        objective: "non-saturating", "minimax", "least-squares", "wasserstein" or "relativistic"; may be changed while
            it runs, and brings its own penalty with it.
        generator_rate: learning rate of the generator (Adam's), 0.00001 to 0.1; may be moved while it runs.
        discriminator_rate: of the discriminator, alike.
        discriminator_steps: updates of the discriminator per update of the generator, 1 to 20; may be moved while it
            runs.
        batch_size: real points per step, and as many generated: 16, 32, 64, 128 or 256; may be moved while it runs.
        latent_size: dimensions of a latent vector, 1 to 16; may be moved while it runs: new ones get fresh weights.
        penalty: weight of the gradient penalty on the discriminator, 0 to 20; None takes the objective's own; may be
            moved while it runs.
        cure: how the discriminator is made: "none", "spectral norm", "packing 2" or "packing 4"; restarts.
        ema: whether points and sheet are those of the EMA of the generator.
        clusters: of the data "composed": rows of (x, y, spread, weight), at most 9, or text with the same numbers,
            "x y spread weight; ..."; may be moved while it runs.
        slow: slow motion: each half of a step in three phases, one per picture.
        speed: steps between two pictures, 1 to 50.

    Returns:
        The playground; make it the last line of a cell. `playground.buttons` holds Step D, Step G and Step both.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    inputs.choice(objective, "objective", OBJECTIVES)
    chosen = _controls(
        data=data, seed=seed, objective=objective, generator_rate=generator_rate,
        discriminator_rate=discriminator_rate, discriminator_steps=discriminator_steps, batch_size=batch_size,
        latent_size=latent_size, penalty=own_penalty(objective) if penalty is None else penalty, cure=cure,
        ema=ema, clusters=written(clusters), slow=slow, speed=speed,
    )  # fmt: skip
    names = {control.name for control in chosen}

    def start(settings: dict) -> tuple[GameRun, Iterator[Step]]:
        model = GAN(
            2,
            settings["latent_size"],
            HIDDEN,
            objective=settings["objective"],
            ema=EMA,
            seed=settings["seed"],
            **CURES[settings["cure"]],
        )
        run = GameRun(model, scene(settings), settings)
        run.hands = {name: settings[name] for name in ("objective", "clusters", *HANDLES)}
        return run, run.steps()

    drawing, held = Drawing(), {"grip": None}

    def touch(_player: Player, settings: dict, place: Touch) -> dict:
        inside = settings["data"] == COMPOSED and place.axes is drawing.now.axes
        return touched(settings, place, held) if inside else {}

    return Playground(
        "gan_game",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=follow,
        buttons=BUTTONS,
        pace=pace,
        touch=touch,
        shows=lambda settings: shown(settings, names),
    )


def _controls(**values: Any) -> tuple[controls.Control, ...]:
    """Everything that can be set, with its first values."""
    running, at_once = controls.RUNNING, controls.AT_ONCE

    def made(kind: type, name: str, label: str, says: str, *acts: str, **more: Any) -> controls.Control:
        return kind(name, label, values[name], says, *acts, **more)

    rates = {"lowest": -5, "highest": -1}
    return (
        made(controls.Choice, "data", "data", "The real samples; composed uses your own clusters.", known=PLANE),
        *composed_controls(values["clusters"]),
        made(controls.Choice, "objective", "loss", "The losses of both players.", running, known=OBJECTIVES),
        made(controls.Power, "discriminator_rate", "learning rate D", "Of the discriminator (Adam).", running, **rates),
        made(controls.Power, "generator_rate", "learning rate G", "Of the generator (Adam).", running, **rates),
        made(controls.Whole, "discriminator_steps", "D steps", "Updates of D per update of G.", running, maximum=20),
        made(
            controls.Pick,
            "batch_size",
            "batch size",
            "Real points per step, and as many generated.",
            running,
            known=BATCHES,
        ),
        made(
            controls.Number,
            "penalty",
            "gradient penalty",
            "Weight of the gradient penalty on D (the loss sets its kind).",
            running,
            maximum=20.0,
            step=0.1,
        ),
        made(
            controls.Choice, "cure", "discriminator", "Spectral norm or packing against collapse.", known=tuple(CURES)
        ),
        made(controls.Whole, "latent_size", "latent size", "Dimensions of a latent vector.", running, maximum=16),
        made(controls.Switch, "ema", "EMA generator", "Show the moving average of G's weights.", at_once),
        made(controls.Switch, "slow", "slow motion", "Each half of a step in three phases.", at_once),
        controls.speed(values["speed"]),
        controls.seed(values["seed"], "Other initial weights and noise, same data."),
    )
