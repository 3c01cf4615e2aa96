"""What a picture costs in bits: a learned codec, JPEG and PCA side by side at equal bytes."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any

from udl_teach.play import controls, pictures
from udl_teach.play.controls import AT_ONCE, Choice, Pick, Seed
from udl_teach.play.picture_row import DIFFERENCES
from udl_teach.play.player import Player
from udl_teach.play.rate_distortion.picture import SCORES, Drawing
from udl_teach.play.rate_distortion.run import RATES, Climber, Curves, measured, shipped_codec
from udl_teach.play.rate_distortion.snapshot import snapshot
from udl_teach.play.rate_distortion.words import words
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

SIDE = 192


@cache
def _photograph(picture: str, seed: int) -> Curves:
    return measured(pictures.photographs(SIDE, seed=seed)[picture], shipped_codec())


@controls.documented
def rate_distortion(
    image: Any = None,
    codec: Any = None,
    seed: Annotated[int, Seed("0 shows what was chosen; others cut another square.", acts=AT_ONCE)] = 0,
    *,
    rate: Annotated[
        float,
        Pick(
            "Of all three streams, as near as they come; or click the curves.",
            RATES,
            label="bits per pixel",
            acts=AT_ONCE,
        ),
    ] = 0.3,
    picture: Annotated[
        str | None, Choice("Which picture; a new one takes a few seconds.", tuple(pictures.MIDDLES), acts=AT_ONCE)
    ] = None,
    score: Annotated[str, Choice("What the curves and the words compare.", tuple(SCORES), acts=AT_ONCE)] = "PSNR",
    differences: Annotated[bool, DIFFERENCES] = False,
    pause: Annotated[int, controls.pause()] = 500,
) -> Playground:
    """See what a learned codec, JPEG and PCA make of a picture from equally many bytes.

    All streams are real: what is counted is bytes, headers and tables included (not the weights of the codec, nor the
    components of PCA, which both sides have). Each codec's setting is the one whose stream comes nearest to the rate,
    in bits per pixel, which Play raises. A picture's curves take a few seconds when it is first chosen.

    Args:
        image: your own grey picture, shape (height, width) or (1, height, width), at least 192 x 192, values in [0, 1],
            to be chosen as "yours", which is then the default. The others are squares of 192 x 192 pixels from
            photographs that no model of this course learned from, "astronaut" first.
        codec: anything with compress(image, step_size) -> bytes and decompress(bytes) for images of shape (1,
            height, width), where a larger quantization step size means fewer bytes; default `pretrained("codec")`.
    """
    if codec is not None and not all(callable(getattr(codec, name, None)) for name in ("compress", "decompress")):
        raise TypeError(
            f"codec was {type(codec).__name__}; it must have compress(image, step_size) and decompress(bytes), as a "
            "LearnedCodec has."
        )
    own = None if image is None else pictures.yours(image, SIDE)
    known = (*(() if own is None else (pictures.YOURS,)), *pictures.MIDDLES)
    picture = picture or known[0]
    chosen = controls.chosen(rate_distortion, locals(), picture={"known": known})

    @cache
    def curves(name: str, place: int) -> Curves:
        if codec is None and name != pictures.YOURS:
            return _photograph(name, place)
        shown = own if name == pictures.YOURS else pictures.photographs(SIDE, seed=place)[name]
        return measured(shown, shipped_codec() if codec is None else codec)

    def curves_of(settings: dict) -> Curves:
        return curves(settings["picture"], 0 if settings["picture"] == pictures.YOURS else settings["seed"])

    def start(settings: dict) -> tuple[Climber, Iterator[Step]]:
        climber = Climber(curves_of(settings), RATES.index(rate))
        return climber, climber.climb()

    def act(player: Player, settings: dict) -> None:
        player.model.curves, player.model.place = curves_of(settings), RATES.index(settings["rate"])

    drawing = Drawing(SIDE)

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The rate of the points that lie nearest, to the left or the right."""
        return {"rate": min(RATES, key=lambda rate: abs(rate - touched.x))} if touched.axes is drawing.axes else {}

    return Playground(
        "rate_distortion",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=lambda player: {"rate": RATES[player.model.place]},
        touch=touch,
        keep_restarts=False,
        compare={"score": "SSIM"},
    )
