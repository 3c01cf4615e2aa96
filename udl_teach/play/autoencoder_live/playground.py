"""Watch an autoencoder learn: a curve that finds its way through a cloud, or digits that come into focus."""

from typing import Any

from udl_teach.play import controls
from udl_teach.play.autoencoder_live.picture import Drawing
from udl_teach.play.autoencoder_live.run import PLANE, start
from udl_teach.play.autoencoder_live.snapshot import snapshot
from udl_teach.play.autoencoder_live.words import words
from udl_teach.play.player import Player
from udl_teach.play.points import FIRST, draw_button, points_control, with_points
from udl_teach.play.view import Playground

ACTIVATIONS = ("gelu", "tanh", "elu", "relu", "sigmoid", "linear")


def act(player: Player, settings: dict) -> None:
    """Hand a slider's new value to the run that is under way (the learning rate is read by itself)."""
    player.model.noise = settings["noise"]


def autoencoder_live(
    data: str = "spiral",
    seed: int = 0,
    *,
    bottleneck: int | None = None,
    depth: int = 3,
    width: int = 32,
    activation: str = "gelu",
    learning_rate: float = 0.005,
    noise: float = 0.0,
    speed: int = 10,
    points: Any = FIRST,
) -> Playground:
    """Train an autoencoder while watching it.

    Args:
        data: "spiral", "moons", "ring", "grid" (600 points in the plane), "drawn" (see `points`) or "digits" (1,797
            images of 8 x 8 pixels).
        seed: of the initial weights, the order of the batches and the noise; the data stay the same.
        bottleneck: size of the code, 1 to 16; default 1 for points and 2 for digits.
        depth: hidden layers of the encoder, and of the decoder, 0 to 4.
        width: units per hidden layer: 4, 8, 16, 32, 64 or 128.
        activation: "gelu", "tanh", "elu", "relu", "sigmoid" or "linear".
        learning_rate: of Adam, 0.0001 to 0.1; may be moved while it runs.
        noise: standard deviation of the noise on the input while learning, 0 to 0.5; may be moved while it runs.
        speed: steps between two pictures, 1 to 50.
        points: of the data "drawn": rows of (x, y) between -1 and 1, at most 400, or text with the same numbers,
            "x y; x y; ...". Draw empties the picture; press or drag in it to add points.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    if bottleneck is None:
        bottleneck = 2 if data == "digits" else 1
    drawing = Drawing()
    chosen = (
        controls.Choice(
            "data", "data", data, "What the model learns; click Draw to make your own.", known=(*PLANE, "digits")
        ),
        points_control(points),
        controls.Whole("bottleneck", "code size", bottleneck, "Dimensions of the bottleneck.", maximum=16),
        controls.Whole("depth", "depth", depth, "Hidden layers on each side of the code.", minimum=0, maximum=4),
        controls.Pick("width", "width", width, "Units in each hidden layer.", known=(4, 8, 16, 32, 64, 128)),
        controls.Choice(
            "activation", "activation", activation, "The nonlinearity; linear has none.", known=ACTIVATIONS
        ),
        controls.Power("learning_rate", "learning rate", learning_rate, "Of Adam.", controls.RUNNING),
        controls.Number(
            "noise", "noise", noise, "Standard deviation of the input noise.", controls.RUNNING, maximum=0.5
        ),
        controls.speed(speed),
        controls.seed(seed, "Other initial weights and batches, same data."),
    )
    names = {control.name for control in chosen}
    return Playground(
        "autoencoder_live",
        controls=chosen,
        start=drawing.pen.begins(start),
        snapshot=snapshot,
        drawing=drawing,
        words=drawing.pen.words(words),
        act=act,
        buttons=(draw_button(),),
        touch=drawing.pen.touch,
        shows=lambda settings: with_points(settings, names),
    )
