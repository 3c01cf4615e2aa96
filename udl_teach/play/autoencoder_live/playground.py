"""Watch an autoencoder learn: a curve that finds its way through a cloud, or digits that come into focus."""

from typing import Annotated, Any

from udl_teach.play import controls
from udl_teach.play.autoencoder_live.picture import Drawing
from udl_teach.play.autoencoder_live.run import PLANE, start
from udl_teach.play.autoencoder_live.snapshot import snapshot
from udl_teach.play.autoencoder_live.words import words
from udl_teach.play.controls import RUNNING, Choice, Number, Pick, Power, Seed, Whole
from udl_teach.play.player import Player
from udl_teach.play.points import POINTS
from udl_teach.play.view import Playground

ACTIVATIONS = ("gelu", "tanh", "elu", "relu", "sigmoid", "linear")


def act(player: Player, settings: dict) -> None:
    """Hand a slider's new value to the run that is under way (the learning rate is read by itself)."""
    player.model.noise = settings["noise"]


@controls.documented
def autoencoder_live(
    data: Annotated[str, Choice("What the model learns; click Draw to make your own.", (*PLANE, "digits"))] = "spiral",
    seed: Annotated[int, Seed("Other initial weights and batches, same data.")] = 0,
    *,
    points: Annotated[Any, POINTS] = None,
    bottleneck: Annotated[int | None, Whole("Dimensions of the bottleneck.", 1, 16, label="code size")] = None,
    depth: Annotated[int, Whole("Hidden layers on each side of the code.", 0, 4)] = 3,
    width: Annotated[int, Pick("Units in each hidden layer.", (4, 8, 16, 32, 64, 128))] = 32,
    activation: Annotated[str, Choice("The nonlinearity; linear has none.", ACTIVATIONS)] = "gelu",
    learning_rate: Annotated[float, Power("Of Adam.", acts=RUNNING)] = 0.005,
    noise: Annotated[float, Number("Standard deviation of the input noise.", maximum=0.5, acts=RUNNING)] = 0.0,
    speed: Annotated[int, controls.speed()] = 10,
) -> Playground:
    """Train an autoencoder while watching it.

    It learns 600 points in the plane, those that you draw, or 1,797 digits of 8 x 8 pixels. The code size is by default
    1 for points and 2 for digits.
    """
    if bottleneck is None:
        bottleneck = 2 if data == "digits" else 1
    chosen = controls.chosen(autoencoder_live, locals())
    drawing = Drawing()
    return Playground(
        "autoencoder_live",
        controls=chosen,
        snapshot=snapshot,
        drawing=drawing,
        act=act,
        **drawing.pen.joined(start, words),
    )
