"""Add noise to a photograph and watch a trained denoiser remove it, beside a method that never learned."""

from collections.abc import Iterator
from typing import Annotated, Any

from udl_teach.models import CORRUPTIONS
from udl_teach.play import controls, pictures
from udl_teach.play.controls import AT_ONCE, Choice, Number, Seed
from udl_teach.play.denoiser.picture import Drawing
from udl_teach.play.denoiser.rivals import RIVALS
from udl_teach.play.denoiser.run import BY_HAND, LEAST, MEASURED, MOST, STRIDE, TRUE, Bench
from udl_teach.play.denoiser.snapshot import snapshot
from udl_teach.play.denoiser.words import words
from udl_teach.play.picture_row import DIFFERENCES
from udl_teach.play.view import Playground
from udl_teach.pretrained import pretrained
from udl_teach.training import Step

SIDE, SHRINK = 128, 2
SCALE = "Gaussian: standard deviation; masking, salt and pepper: share of pixels; blur: tens of pixels."


@controls.documented
def denoiser(
    image: Any = None,
    model: Any = None,
    seed: Annotated[int, Seed("Another sample of the noise.", acts=AT_ONCE)] = 0,
    *,
    strength: Annotated[float, Number(SCALE, LEAST, MOST, STRIDE, acts=AT_ONCE)] = 0.1,
    noise: Annotated[str, Choice("Kind of corruption.", CORRUPTIONS, acts=AT_ONCE)] = "gaussian",
    rival: Annotated[str, Choice("The baseline to compare with.", tuple(RIVALS), acts=AT_ONCE)] = "non-local means",
    picture: Annotated[str | None, Choice("Which picture.", (*pictures.MIDDLES, "letters"), acts=AT_ONCE)] = None,
    knows: Annotated[
        str,
        Choice(
            "Where the noise level that both are given comes from.",
            (TRUE, MEASURED, BY_HAND),
            label="noise level",
            acts=AT_ONCE,
        ),
    ] = TRUE,
    told: Annotated[
        float,
        Number(
            "Standard deviation that both are given; moving it sets it by hand.",
            maximum=MOST,
            label="given level",
            acts=AT_ONCE,
        ),
    ] = 0.1,
    differences: Annotated[bool, DIFFERENCES] = False,
) -> Playground:
    """Add noise to a picture and see how well a trained denoiser and a baseline remove it.

    Play raises the strength. "The truth" is the root mean square of what the noise changed; "measured" comes from
    `noise_level` of the noisy picture. The median filter needs no noise level.

    Args:
        image: your own grey picture, shape (height, width) or (1, height, width), at least 128 x 128, values in [0, 1],
            to be chosen as "yours", which is then the default. The others are photographs that no model of this course
            learned from (a square of 256 x 256 at half its size), "astronaut" first, and a sheet of letters.
        model: what denoises: anything with denoise(x, strength=) for x of shape (n, 1, height, width); default
            `pretrained("denoiser")`.
    """
    if model is not None and not callable(getattr(model, "denoise", None)):
        raise TypeError(
            f"model was {type(model).__name__}; it must have denoise(x, strength=...), as a ConvDenoiser has."
        )
    own = {} if image is None else {pictures.YOURS: pictures.yours(image, SIDE)}
    shown = own | pictures.photographs(SIDE, SHRINK) | {"letters": pictures.letters(SIDE)}
    picture = picture or next(iter(shown))
    chosen = controls.chosen(denoiser, locals(), picture={"known": tuple(shown)})
    denoises = pretrained("denoiser") if model is None else model

    def start(settings: dict) -> tuple[Bench, Iterator[Step]]:
        bench = Bench(denoises, shown, settings, strength)
        return bench, bench.sweep()

    return Playground(
        "denoiser",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=Drawing(SIDE),
        words=words,
        follow=lambda player: player.model.moved(),
        keep_restarts=False,
        compare={"noise": "salt-and-pepper"},
    )
