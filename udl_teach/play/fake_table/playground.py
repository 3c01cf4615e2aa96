"""Watch a table of fakes come about, and ask it three questions: is it useful, is it private, does it keep rules?"""

from typing import Annotated

from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, Choice, Seed, Whole
from udl_teach.play.fake_table.picture import Drawing
from udl_teach.play.fake_table.run import GENERATORS, NETWORKS, start
from udl_teach.play.fake_table.snapshot import snapshot
from udl_teach.play.fake_table.table import COLUMNS, MADE, RULES
from udl_teach.play.fake_table.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, Touch


@controls.documented
def fake_table(
    generator: Annotated[str, Choice("What makes the fakes.", GENERATORS)] = "VAE",
    seed: Annotated[int, Seed("Other initial weights, batches and fakes, same diamonds.")] = 0,
    *,
    epochs: Annotated[int, Whole("Epochs of training (VAE, GAN).", 1, 200)] = 60,
    across: Annotated[str, Choice("Column on the horizontal axis.", COLUMNS, acts=AT_ONCE)] = "carat",
    up: Annotated[str, Choice("Column on the vertical axis.", COLUMNS, acts=AT_ONCE)] = "price",
    rule: Annotated[str, Choice("Fakes that break it get a cross.", RULES, acts=AT_ONCE)] = "depth",
    fake: Annotated[int, Whole("Chosen fake; its closest real record is joined to it.", 0, MADE - 1, acts=AT_ONCE)] = 0,
    speed: Annotated[int, controls.speed()] = 2,
) -> Playground:
    """Compare fake diamonds with real ones while a generator learns; press near a fake to choose it.

    Each generator learns from 800 diamonds and makes 300; the networks make new ones every ten steps, the others at
    once. A regression of the price that learned from the fakes is tested on 800 diamonds held out: useful. Private is
    1 where as many fakes are closer to a held-out diamond as to one of the training data, 0 for copies. The rules:
    depth = 200 z / (x + y), the weight follows x y z, x and y are nearly equal. Keep lays a second run beside it.
    """
    chosen = controls.chosen(fake_table, locals())
    drawing = Drawing()
    return Playground(
        "fake_table",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        touch=lambda player, settings, touch: chosen_fake(drawing, player, settings, touch),
        hides=lambda settings: set() if settings["generator"] in NETWORKS else {"epochs", "speed"},
    )


def chosen_fake(drawing: Drawing, player: Player, settings: dict, touch: Touch) -> dict:
    """The fake that was pressed in the picture."""
    if touch.kind != "down" or touch.axes is not drawing.now.axes:
        return {}
    return {"fake": drawing.fake_at(snapshot(player, settings), touch.x, touch.y)}
