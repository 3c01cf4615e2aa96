"""Images along the training of a generator: every image of a wall keeps its latent vector, so one sees it change."""

from collections.abc import Iterator
from typing import Annotated, Any

from udl_teach.data import Dataset
from udl_teach.models.adversarial.losses import OBJECTIVES
from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, RUNNING, Choice, Number, Power, Seed, Switch, Whole
from udl_teach.play.player import taken
from udl_teach.play.sample_wall.picture import Drawing
from udl_teach.play.sample_wall.reality import EVERYTHING, OF_ITS_OWN, OWN, handed_in, reality_of
from udl_teach.play.sample_wall.run import CELLS, LEARN, STRIDE, UNCUT, WALK, WallRun
from udl_teach.play.sample_wall.snapshot import snapshot
from udl_teach.play.sample_wall.words import words
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

# How the wall is looked at; and what is of no use beside a finished model.
VIEW = {"acts": AT_ONCE, "compared": True}
LEARNING = {"data", "objective", "conditional", "play", "moment", "learning_rate", "seed"}


@old_arguments(averaged="ema")
@controls.documented
def sample_wall(
    model: Any = None,
    dataset: Dataset | None = None,
    seed: Annotated[int, Seed("Other initial weights, same images.")] = 0,
    *,
    held_out: Dataset | None = None,
    between: Annotated[float, Number("On the path; or drag there.", step=STRIDE, label="position", acts=AT_ONCE)] = 0.0,
    first: Annotated[int, Whole("Solid frame; or click an image.", 1, CELLS, label="from image", acts=AT_ONCE)] = 1,
    second: Annotated[int, Whole("Dashed frame; or drag to an image.", 1, CELLS, label="to image", acts=AT_ONCE)] = 74,
    shown: Annotated[
        str, Choice("All, side by side, or one, by its number.", (EVERYTHING,), label="classes", **VIEW)
    ] = EVERYTHING,
    truncation: Annotated[
        float, Number(f"Largest absolute latent entry; {UNCUT:g} truncates nothing.", 0.1, UNCUT, 0.1, **VIEW)
    ] = UNCUT,
    draw: Annotated[int, Seed("Seed of the latent vectors.", label="latent vectors", **VIEW)] = 0,
    ema: Annotated[bool, Switch("Show the moving average of its weights.", label="EMA generator", **VIEW)] = True,
    moment: Annotated[
        int, Whole("Percent of the training so far; or click the scores.", 0, 100, label="checkpoint", acts=AT_ONCE)
    ] = 100,
    play: Annotated[
        str | None, Choice("Learn, or walk along the path.", (LEARN, WALK), label="Play", acts=AT_ONCE)
    ] = None,
    learning_rate: Annotated[float, Power("Of Adam, for both players.", acts=RUNNING)] = 0.006,
    speed: Annotated[int, controls.speed(25, "Steps between two pictures.")] = 2,
    data: Annotated[str | None, Choice("What the model learns.", (*OF_ITS_OWN, OWN))] = None,
    objective: Annotated[str, Choice("The losses of both players.", OBJECTIVES)] = "relativistic",
    conditional: Annotated[bool, Switch("Both players are given the class.", label="class-conditional")] = True,
) -> Playground:
    """Watch the images of a generator along its training, and walk between them through its latent space.

    Between two images of different classes the label changes gradually. A step of the walk is a twentieth of the path;
    a finished model only walks.

    Args:
        model: a finished model of images with `latent` and `generate`, as a `ConvGAN` has; needs `dataset`. None makes
            one that learns in the playground.
        dataset: real images, those that the model learned from, or is to learn from here; sides must be multiples of 4.
        held_out: further real images: distances of generated images are compared with theirs. Default: none for a
            `dataset` of yours; then training images are compared with each other.
    """
    own, finished = handed_in(model, dataset, held_out), model is not None
    known = OF_ITS_OWN if own is None else (OWN,)
    data, play = data or known[0], play or (WALK if finished else LEARN)
    n_classes = model.n_classes or 0 if finished else (own or reality_of(known[0])).classes
    chosen = controls.chosen(
        sample_wall,
        locals(),
        data={"known": known},
        shown={"known": (EVERYTHING, *map(str, range(n_classes)))},
        play={"known": (WALK,) if finished else (LEARN, WALK)},
    )
    origin = {"first": first, "second": second, "between": between}

    def start(settings: dict) -> tuple[WallRun, Iterator[Step]]:
        run = WallRun(settings, own or reality_of(settings["data"]), model)
        run.moved = dict(origin) if settings["play"] == WALK else {}
        return run, run.steps()

    def hides(settings: dict) -> set[str]:
        idle = {
            "data": own is not None,
            "conditional": not n_classes,
            "shown": not n_classes or not (finished or settings["conditional"]),
            "ema": finished and getattr(model, "generator_ema", None) is None,
            "learning_rate": settings["play"] == WALK,
        }
        return {name for name in idle if idle[name]} | (LEARNING if finished else set())

    drawing = Drawing()
    return Playground(
        "sample_wall",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        follow=taken,
        touch=drawing.touch,
        keep_restarts=not finished,
        hides=hides,
    )
