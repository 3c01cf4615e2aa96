"""Watch a masked autoencoder fill in patches of digits that it does not see."""

from dataclasses import dataclass
from typing import Annotated, Any

from udl_teach.play import controls
from udl_teach.play.controls import RUNNING, Choice, Number, Power, Seed, Text
from udl_teach.play.masked_patches.picture import Drawing, patch_at, toggled
from udl_teach.play.masked_patches.run import DATA, GRID, KINDS, start
from udl_teach.play.masked_patches.snapshot import snapshot
from udl_teach.play.masked_patches.words import words
from udl_teach.play.player import Player, taken
from udl_teach.play.view import Playground, Touch

LAST = GRID * GRID - 1


@dataclass(frozen=True)
class Patches(Text):
    """A line of text that holds numbers of patches."""

    def checked(self, name: str, value: Any) -> str:
        """The text; TypeError or ValueError if it cannot be read."""
        numbers = super().checked(name, value).replace(",", " ").split()
        if not all(number.isdecimal() and int(number) <= LAST for number in numbers) or len(set(numbers)) > LAST:
            raise ValueError(
                f"{name} was {value!r}; it must be numbers from 0 to {LAST} with spaces between them, and one patch "
                "must stay visible."
            )
        return " ".join(numbers)


MASKED = Patches(
    f"Patches masked in the pictures, numbered 0 to {LAST} row by row; click a patch, or leave empty to draw them.",
    label="masked patches",
    acts=controls.AT_ONCE,
)


def act(player: Player, settings: dict) -> None:
    """Hand the masks' share and kind to the run (the learning rate is read by itself)."""
    MASKED.checked("masked", settings["masked"])
    player.model.take()


@controls.documented
def masked_patches(
    data: Annotated[str, Choice("Which digits of MNIST are learned.", DATA)] = "all digits",
    seed: Annotated[int, Seed("Other initial weights, batches and masks.")] = 0,
    *,
    share: Annotated[float, Number("Of the patches that are masked.", 0.1, 0.9, 0.05, acts=RUNNING)] = 0.5,
    kind: Annotated[str, Choice("Scattered patches or one block.", KINDS, label="mask", acts=RUNNING)] = "random",
    masked: Annotated[str, MASKED] = "",
    learning_rate: Annotated[float, Power("Of Adam.", acts=RUNNING)] = 0.003,
    speed: Annotated[int, controls.speed(20)] = 1,
) -> Playground:
    """Watch hidden patches being filled in while a masked autoencoder learns.

    Each batch is masked anew; the five images in the picture are not learned from and share one mask, which a click on
    a patch changes. Blue is what the model (third row) and an interpolation from the visible neighbours (fourth row)
    fill in. The curves show the error on hidden patches of 64 held-out images, beside the mean of all training images.
    """
    chosen = controls.chosen(masked_patches, locals())
    drawing = Drawing()

    def touch(player: Player, settings: dict, touch: Touch) -> dict:
        if touch.kind != "down" or touch.axes is not drawing.now.axes:
            return {}
        return {"masked": toggled(snapshot(player, settings), patch_at(touch.x, touch.y))}

    return Playground(
        "masked_patches",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=taken,
        touch=touch,
        compare={"kind": "block"},
    )
