"""What a picture costs in bits: a learned codec, JPEG and PCA side by side at equal bytes."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from udl_teach.play import controls, pictures
from udl_teach.play.picture_row import LOUDER
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


def follow(player: Player) -> dict:
    """The rate that Play has climbed to."""
    return {"rate": RATES[player.model.place]}


def rate_distortion(
    image: Any = None,
    codec: Any = None,
    seed: int = 0,
    *,
    picture: str | None = None,
    rate: float = 0.3,
    score: str = "PSNR",
    differences: bool = False,
    pause: int = 500,
) -> Playground:
    """See what a learned codec, JPEG and PCA make of a picture from equally many bytes.

    All streams are real: what is counted is bytes, heads and tables included (not the weights of the codec, nor the
    components of PCA, which both sides have). Each codec's setting is the one whose stream comes nearest to the rate.

    Args:
        image: your own grey picture, shape (height, width) or (1, height, width), at least 192 x 192, values in [0, 1],
            to be chosen as "yours"; None leaves photographs that no model of this course learned from.
        codec: anything with compress(image, step_size) -> bytes and decompress(bytes) for images of shape (1,
            height, width), where a larger quantization step size means fewer bytes; default `pretrained("codec")`.
        seed: 0 cuts 192 x 192 pixels round what is worth looking at in a photograph, other numbers somewhere else.
        picture: name of a photograph, or "yours"; default "yours" where `image` is given, else "astronaut".
        rate: bits per pixel: 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0 or 1.2; Play raises it.
        score: "PSNR" or "SSIM", for the curves and the words.
        differences: whether differences from the original are shown.
        pause: milliseconds between two steps while it plays, 50 to 3000.

    Returns:
        The playground; make it the last line of a cell. A picture's curves take a few seconds when it is first chosen.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    if codec is not None and not all(callable(getattr(codec, name, None)) for name in ("compress", "decompress")):
        raise TypeError(
            f"codec was {type(codec).__name__}; it must have compress(image, step_size) and decompress(bytes), as a "
            "LearnedCodec has."
        )
    own = None if image is None else pictures.yours(image, SIDE)
    known = (*(() if own is None else (pictures.YOURS,)), *pictures.MIDDLES)
    at_once = controls.AT_ONCE
    chosen = (
        controls.Pick(
            "rate",
            "bits per pixel",
            rate,
            "Of all three streams, as near as they come; or click the curves.",
            at_once,
            known=RATES,
        ),
        controls.Choice(
            "picture",
            "picture",
            picture or known[0],
            "Which picture; a new one takes a few seconds.",
            at_once,
            known=known,
        ),
        controls.Choice(
            "score", "score", score, "What the curves and the words compare.", at_once, known=tuple(SCORES)
        ),
        controls.Switch(
            "differences",
            "differences",
            differences,
            f"Show the difference from the original, times {LOUDER}.",
            at_once,
        ),
        controls.pause(pause),
        controls.Seed("seed", "seed", seed, "0 shows what was chosen; others cut another square.", at_once),
    )
    origin = RATES.index(chosen[0].value)

    @cache
    def curves(name: str, place: int) -> Curves:
        if codec is None and name != pictures.YOURS:
            return _photograph(name, place)
        shown = own if name == pictures.YOURS else pictures.photographs(SIDE, seed=place)[name]
        return measured(shown, shipped_codec() if codec is None else codec)

    def curves_of(settings: dict) -> Curves:
        return curves(settings["picture"], 0 if settings["picture"] == pictures.YOURS else settings["seed"])

    def start(settings: dict) -> tuple[Climber, Iterator[Step]]:
        climber = Climber(curves_of(settings), origin)
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
        follow=follow,
        touch=touch,
        keep_restarts=False,
    )
