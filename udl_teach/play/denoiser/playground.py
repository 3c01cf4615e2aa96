"""Spoil a photograph and watch a trained denoiser mend it, beside one that never learned."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from udl_teach.models import CORRUPTIONS
from udl_teach.play import controls, pictures
from udl_teach.play.denoiser.picture import Drawing
from udl_teach.play.denoiser.rivals import RIVALS
from udl_teach.play.denoiser.run import BY_HAND, LEAST, MEASURED, MOST, STRIDE, TRUE, Bench
from udl_teach.play.denoiser.snapshot import snapshot
from udl_teach.play.denoiser.words import words
from udl_teach.play.picture_row import LOUDER
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.pretrained import pretrained
from udl_teach.training import Step

SIDE, SHRINK = 128, 2


def act(player: Player, settings: dict) -> None:
    """Hand what was moved to the bench."""
    player.model.take(settings)


def follow(player: Player) -> dict:
    """Where Play has come to, and what the denoiser is told."""
    return player.model.shown()


def denoiser(
    image: Any = None,
    model: Any = None,
    seed: int = 0,
    *,
    picture: str | None = None,
    noise: str = "gaussian",
    strength: float = 0.1,
    rival: str = "non-local means",
    knows: str = TRUE,
    told: float = 0.1,
    differences: bool = False,
) -> Playground:
    """Put noise on a picture and see how well a trained denoiser and a rival take it away.

    Args:
        image: your own grey picture, shape (height, width) or (1, height, width), at least 128 x 128, values in [0, 1],
            to be chosen as "yours"; None leaves photographs that no model of this course learned from (a square of
            256 x 256 at half its size) and a sheet of letters.
        model: what denoises: anything with denoise(x, strength=) for x of shape (n, 1, height, width); default
            `pretrained("denoiser")`.
        seed: of the noise.
        picture: name of a photograph, "letters" or "yours"; default "yours" where `image` is given, else "astronaut".
        noise: "gaussian", "masking", "salt-and-pepper" or "blur".
        strength: 0.02 to 0.5: standard deviation (Gaussian), share of the pixels (masking, salt and pepper), or
            standard deviation of the blur in units of ten pixels; Play raises it.
        rival: "non-local means", "median", "total variation" or "patch PCA".
        knows: what denoiser and rival know of the noise's strength: "the truth" (root mean square of what the noise
            changed), "measured" (in the noisy picture, by `noise_level`) or "by hand". The median asks for none.
        told: standard deviation that they are told by hand, 0 to 0.5; moving its slider chooses "by hand".
        differences: whether differences from the original are shown.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    if model is not None and not callable(getattr(model, "denoise", None)):
        raise TypeError(
            f"model was {type(model).__name__}; it must have denoise(x, strength=...), as a ConvDenoiser has."
        )
    own = {} if image is None else {pictures.YOURS: pictures.yours(image, SIDE)}
    shown = own | pictures.photographs(SIDE, SHRINK) | {"letters": pictures.letters(SIDE)}
    scale = "Gaussian: standard deviation; masking, salt and pepper: share of pixels; blur: tens of pixels."
    at_once = controls.AT_ONCE
    chosen = (
        controls.Number("strength", "strength", strength, scale, at_once, minimum=LEAST, maximum=MOST, step=STRIDE),
        controls.Choice("noise", "noise", noise, "Kind of corruption.", at_once, known=CORRUPTIONS),
        controls.Choice("rival", "rival", rival, "The baseline to compare with.", at_once, known=tuple(RIVALS)),
        controls.Choice(
            "picture", "picture", picture or next(iter(shown)), "Which picture.", at_once, known=tuple(shown)
        ),
        controls.Choice(
            "knows",
            "noise level",
            knows,
            "Where the noise level that both are given comes from.",
            at_once,
            known=(TRUE, MEASURED, BY_HAND),
        ),
        controls.Number(
            "told",
            "given level",
            told,
            "Standard deviation that both are given; moving it sets it by hand.",
            at_once,
            maximum=MOST,
        ),
        controls.Switch(
            "differences",
            "differences",
            differences,
            f"Show the difference from the original, times {LOUDER}.",
            at_once,
        ),
        controls.Seed("seed", "seed", seed, "Another sample of the noise.", at_once),
    )
    denoises = pretrained("denoiser") if model is None else model
    origin = chosen[0].value
    # Where nothing is told by hand, the slider `told` shows what is told.
    first = Bench(denoises, shown, {control.name: control.value for control in chosen}, origin).shown()
    chosen = tuple(replace(control, value=first.get(control.name, control.value)) for control in chosen)

    def start(settings: dict) -> tuple[Bench, Iterator[Step]]:
        bench = Bench(denoises, shown, settings, origin)
        return bench, bench.sweep()

    return Playground(
        "denoiser",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=Drawing(SIDE),
        words=words,
        act=act,
        follow=follow,
        keep_restarts=False,
    )
