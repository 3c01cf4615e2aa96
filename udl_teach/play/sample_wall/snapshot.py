"""The numbers of one moment: a wall of images, a path through it, and the nearest real images."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.player import Player
from udl_teach.play.sample_wall.reality import spread
from udl_teach.play.sample_wall.run import ALONG, WallRun


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    learned: int  # steps that the model has learned in this playground
    moment: int  # the step whose generator is shown
    learns: bool  # whether the model learns here (else it was handed in)
    wall: np.ndarray  # its images, row by row, shape (n, channels, height, width), values in [0, 1]
    columns: int  # images per row
    first: int  # number of the image where the path begins, counted from 0
    second: int  # number of the image where it ends
    between: float  # place on the path, 0 to 1
    path: np.ndarray  # images along it, shape (k, channels, height, width)
    here: np.ndarray  # the image at the place, shape (channels, height, width)
    # classes of the two images between which the path leads, or None where the model knows none
    ends: tuple[str, str] | None
    mixes: bool  # whether the label goes over gradually between two classes (else it jumps half-way)
    one_vector: bool  # whether both have the same latent vector
    nearest: np.ndarray  # the real image nearest to it, same shape
    name: str | None  # class of that real image, or None
    distance: float  # between the two, square root of the summed squares over the pixels
    next_distance: float  # that to the second nearest real image
    usual: np.ndarray  # distances of real images to the nearest one: 5 %, half and 95 % of them are below, shape (3,)
    alone: bool  # whether these are distances among the training images, for want of held-out ones
    truncation: float | None  # largest absolute value of a latent vector's entries, or None where nothing is cut off
    typical: float  # the distance of half the wall's images to the nearest real one
    spread: float  # variance of the wall as a share of the real images', within classes where there are some
    # the classes that are compared: all of them, the number of one, or None where variance knows no classes
    kinds: str | None
    seen: dict[str, str]  # how the wall is looked at, label and value of what does not touch the run
    real: tuple[np.ndarray, np.ndarray]  # (steps, mean scores of real images), shape (m,) each
    generated: tuple[np.ndarray, np.ndarray]  # likewise of generated ones
    auc: float | None  # of the discriminator's scores, or None before it is measured


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Paint the wall, the path and the place, and look for the nearest real image; the model is only asked."""
    run, reality = player.model, player.model.reality
    z, labels, columns = run.latent()
    first, second = (min(settings[name], len(z)) - 1 for name in ("first", "second"))
    along = np.append(np.linspace(0, 1, ALONG), settings["between"])
    ends = [first, second]
    road = run.road(z[ends], None if labels is None else labels[ends], along)
    wall, path, here = run.paint(z, labels), road[:-1], road[-1]
    distances, numbers = reality.nearest(np.concatenate([wall, here[None]]))
    nearest, names = numbers[-1, 0], reality.train.labels
    conditional = labels is not None and names is not None
    varies = spread(wall.reshape(len(wall), -1), labels if conditional else np.zeros(len(z)))
    return Snapshot(
        learned=run.learned,
        moment=run.moment(),
        learns=run.learns,
        wall=wall,
        columns=columns,
        first=first,
        second=second,
        between=settings["between"],
        path=path,
        here=here,
        ends=None if labels is None else tuple(reality.name_of_class(int(label)) for label in labels[ends]),
        mixes=run.mixes,
        one_vector=np.array_equal(z[first], z[second]),
        nearest=reality.train.images[nearest],
        name=None if names is None else reality.name_of_class(int(names[nearest])),
        distance=float(distances[-1, 0]),
        next_distance=float(distances[-1, 1]),
        usual=reality.usual,
        alone=reality.alone,
        truncation=run.truncation,
        typical=float(np.median(distances[:-1, 0])),
        spread=varies / reality.spread(conditional, settings["shown"]),
        kinds=settings["shown"] if conditional else None,
        seen=_seen(run, settings),
        real=run.curves["score_real"].curve(),
        generated=run.curves["score_generated"].curve(),
        auc=next(reversed(run.curves["auc"].loss), None),
    )


def _seen(run: WallRun, settings: dict) -> dict[str, str]:
    """How the wall is looked at, in words, which says nothing about how the model learned."""
    seen = {"truncation": "none" if run.truncation is None else f"{run.truncation:g}"}
    seen["latent vectors"] = str(settings["draw"])
    if run.n_classes is not None:
        seen["classes"] = settings["shown"]
    if getattr(run.model, "generator_ema", None) is not None:
        seen["EMA generator"] = "on" if settings["ema"] else "off"
    return seen
