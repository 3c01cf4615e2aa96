"""Images along the training of a generator: every image of a wall keeps its latent vector, so one sees it change."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from udl_teach.data import Dataset
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.player import Player
from udl_teach.play.sample_wall.given import classes_of, handed_in
from udl_teach.play.sample_wall.picture import Drawing
from udl_teach.play.sample_wall.reality import DIGITS, EVERYTHING, GLYPHS, OWN, Reality, image_sets
from udl_teach.play.sample_wall.run import CELLS, LEARN, STRIDE, UNCUT, WALK, WallRun
from udl_teach.play.sample_wall.snapshot import snapshot
from udl_teach.play.sample_wall.words import words
from udl_teach.play.view import Playground, Touch
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

OF_ITS_OWN = (DIGITS, GLYPHS)
# Controls that are of no use beside a finished model.
LEARNING = {"data", "objective", "conditional", "play", "moment", "learning_rate", "seed"}


@cache
def _reality(name: str) -> Reality:
    return Reality(*image_sets(name))


class Wall(Playground):
    """A playground where Keep begins a run again only if there is one: a finished model stays where it is."""

    def _keep(self, button: Any) -> None:
        super()._keep(button)
        # What differs in how the walls are looked at the words say themselves, so this is no `keep_restarts`.
        if not self.closed and self.snapshot.learns:
            self._reset()


def follow(player: Player) -> dict:
    """Where the walk has come to."""
    moved, player.model.moved = player.model.moved, {}
    return moved


@old_arguments(averaged="ema")
def sample_wall(
    model: Any = None,
    dataset: Dataset | None = None,
    seed: int = 0,
    *,
    held_out: Dataset | None = None,
    data: str | None = None,
    objective: str = "relativistic",
    conditional: bool = True,
    shown: str = EVERYTHING,
    first: int = 1,
    second: int = 74,
    between: float = 0.0,
    truncation: float = UNCUT,
    ema: bool = True,
    moment: int = 100,
    play: str | None = None,
    learning_rate: float = 0.006,
    draw: int = 0,
    speed: int = 2,
) -> Playground:
    """Watch the images of a generator along its training, and walk between them through its latent space.

    Args:
        model: a finished model of images with `latent` and `generate`, as a `ConvGAN` has; needs `dataset`. None makes
            one that learns in the playground.
        dataset: real images, those that the model learned from, or is to learn from here; sides must be multiples of 4.
        seed: of the initial weights and of all that is drawn while learning.
        held_out: further real images: distances of generated images are compared with theirs. Default: none for a
            `dataset` of yours; then training images are compared with each other.
        data: "digits" (8 x 8 pixels), "glyphs" (28 x 28, letters A to J) or, where `dataset` is given, "yours".
        objective: "non-saturating", "minimax", "least-squares", "wasserstein" or "relativistic"; the last two come with
            their gradient penalties on the discriminator.
        conditional: whether the model that learns here is class-conditional.
        shown: "all" classes, or the number of one ("3"), where the model knows classes.
        first: number of the image of the wall where the path begins, 1 to 80, row by row.
        second: number of the image where it ends; where it is of another class, the label goes over gradually.
        between: place on the path, 0 to 1.
        truncation: largest absolute value of a latent vector's entries, 0.1 to 4; 4 cuts nothing off.
        ema: whether the EMA of the generator is shown, where there is one.
        moment: share of the training so far whose generator is shown, in percent; 100 is now.
        play: what Play does: "learn", or "walk" along the path and on to further images; a finished model only walks.
        learning_rate: of Adam, 0.0001 to 0.1; may be moved while it runs.
        draw: seed of the latent vectors.
        speed: steps between two pictures, 1 to 25; a step of the walk is a twentieth of the path.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    own = handed_in(model, dataset, held_out)
    known = OF_ITS_OWN if own is None else (OWN,)
    chosen = _controls(
        known,
        classes_of(model, own),
        finished=model is not None,
        data=data or known[0],
        objective=objective,
        conditional=conditional,
        shown=shown,
        first=first,
        second=second,
        between=between,
        truncation=truncation,
        ema=ema,
        moment=moment,
        play=play or (LEARN if model is None else WALK),
        learning_rate=learning_rate,
        draw=draw,
        speed=speed,
        seed=seed,
    )
    origin = {control.name: control.value for control in chosen if control.name in ("first", "second", "between")}
    begun = []

    def start(settings: dict) -> tuple[WallRun, Iterator[Step]]:
        run = WallRun(settings, own or _reality(settings["data"]), model)
        if begun and settings["play"] == WALK:
            run.moved = dict(origin)
        begun.append(True)
        return run, run.steps()

    unlabelled = own is not None and own.train.labels is None

    def shows(settings: dict) -> set[str]:
        if model is None:
            idle = {
                "data": len(known) == 1,
                "conditional": unlabelled,
                "shown": unlabelled or not settings["conditional"],
                "learning_rate": settings["play"] == WALK,
            }
        else:
            idle = dict.fromkeys(LEARNING, True)
            idle |= {"shown": model.n_classes is None, "ema": getattr(model, "generator_ema", None) is None}
        return set(settings) - {name for name, is_idle in idle.items() if is_idle}

    drawing = Drawing()

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """A click chooses an image, a drag the path from it to another; or a place on the path, or a checkpoint."""
        now = drawing.now
        if touched.axes is now.axes and (cell := now.cell_at(touched.x, touched.y)) is not None:
            if touched.kind == "down":
                return {"first": cell + 1, "between": 0.0}
            return {} if cell + 1 == settings["first"] else {"second": cell + 1}
        if touched.axes is now.along:
            return {"between": now.share_at(touched.x)}
        if touched.axes is drawing.curves and player.model.learned:
            return {"moment": round(100 * min(max(touched.x / player.model.learned, 0), 1))}
        return {}

    return Wall(
        "sample_wall",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        follow=follow,
        touch=touch,
        keep_restarts=False,
        shows=shows,
    )


def _controls(known: tuple[str, ...], n_classes: int, *, finished: bool, **values: Any) -> tuple[controls.Control, ...]:
    """Everything that can be set, with its first values."""
    at_once = controls.AT_ONCE
    classes = (EVERYTHING, *map(str, range(n_classes)))
    image = {"maximum": CELLS}
    solid = "Solid frame; counted row by row. Or click an image."
    dashed = "Dashed frame. Or drag from one image to another."
    return (
        controls.Number(
            "between",
            "position",
            values["between"],
            "On the path between the two images, 0 to 1; or click or drag on the path.",
            at_once,
            step=STRIDE,
        ),
        controls.Whole("first", "from image", values["first"], solid, at_once, **image),
        controls.Whole("second", "to image", values["second"], dashed, at_once, **image),
        controls.Choice(
            "shown", "classes", values["shown"], "All, side by side, or one, by its number.", at_once, known=classes
        ),
        controls.Number(
            "truncation",
            "truncation",
            values["truncation"],
            f"Largest absolute latent entry; {UNCUT:g} truncates nothing.",
            at_once,
            minimum=0.1,
            maximum=UNCUT,
            step=0.1,
        ),
        controls.Seed("draw", "latent vectors", values["draw"], "Their seed.", at_once),
        controls.Switch("ema", "EMA generator", values["ema"], "Show the moving average of its weights.", at_once),
        controls.Whole(
            "moment",
            "checkpoint",
            values["moment"],
            "In percent of the training so far; 100 is now. Or click the scores.",
            at_once,
            minimum=0,
            maximum=100,
        ),
        controls.Choice(
            "play",
            "Play",
            values["play"],
            "Learn, or walk along the path.",
            at_once,
            known=(WALK,) if finished else (LEARN, WALK),
        ),
        controls.Power(
            "learning_rate", "learning rate", values["learning_rate"], "Of Adam, for both players.", controls.RUNNING
        ),
        controls.speed(values["speed"], 25, "Steps between two pictures."),
        controls.Choice("data", "data", values["data"], "What the model learns.", known=known),
        controls.Choice("objective", "objective", values["objective"], "The losses of both players.", known=OBJECTIVES),
        controls.Switch("conditional", "class-conditional", values["conditional"], "Both players are given the class."),
        controls.seed(values["seed"], "Other initial weights, same images."),
    )
