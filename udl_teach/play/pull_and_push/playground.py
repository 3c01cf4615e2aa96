"""Watch contrastive learning on the unit circle: two views of an image attract, views of different images repel."""

from typing import Annotated

from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, RUNNING, Choice, Number, Pick, Power, Seed, Switch, Whole
from udl_teach.play.player import Player
from udl_teach.play.pull_and_push.picture import Drawing
from udl_teach.play.pull_and_push.run import DATA, SHOWN, start
from udl_teach.play.pull_and_push.snapshot import snapshot
from udl_teach.play.pull_and_push.words import words
from udl_teach.play.view import Playground, Touch


@controls.documented
def pull_and_push(
    data: Annotated[str, Choice("Which digits of MNIST are learned, without their labels.", DATA)] = "0 1 4 7",
    seed: Annotated[int, Seed("Other initial weights, batches and views.")] = 0,
    *,
    repulsion: Annotated[bool, Switch("Off: the loss only pulls, by the numerator of NT-Xent.", acts=RUNNING)] = True,
    temperature: Annotated[
        float, Number("The smaller, the more the nearest views push.", 0.05, 1.0, 0.05, acts=RUNNING)
    ] = 0.5,
    strength: Annotated[
        float,
        Number("Of shift, scale, shear and noise; 0 is none.", 0.0, 1.0, 0.1, label="augmentation", acts=RUNNING),
    ] = 0.3,
    rotation: Annotated[int, Whole("Largest rotation of a view, in degrees.", 0, 180, 5, acts=RUNNING)] = 15,
    batch_size: Annotated[int, Pick("Images per batch; each has two views.", (8, 16, 32, 64), acts=RUNNING)] = 32,
    learning_rate: Annotated[float, Power("Of Adam.", acts=RUNNING)] = 0.003,
    image: Annotated[
        int, Whole("Whose forces are drawn as lines; a click in the picture chooses.", 0, SHOWN - 1, acts=AT_ONCE)
    ] = 0,
    speed: Annotated[int, controls.speed(20)] = 4,
) -> Playground:
    """Watch an encoder learn to place images on a circle, by contrastive learning.

    The picture follows one batch: filled marks are the first views of eight images, hollow marks the second ones, grey
    points the other views. Arrows inside the circle pull a view to the other view of its image, arrows outside push it
    away from all other images. The ring outside shows 300 images that are not learned from.
    """
    chosen = controls.chosen(pull_and_push, locals())
    drawing = Drawing()

    def touch(player: Player, settings: dict, touch: Touch) -> dict:
        if touch.kind != "down" or touch.axes is not drawing.now.axes:
            return {}
        found = drawing.now.image_at(snapshot(player, settings), touch.x, touch.y)
        return {} if found is None else {"image": found}

    return Playground(
        "pull_and_push",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        touch=touch,
        compare={"repulsion": False},
    )
