"""The numbers of one moment: a wall of images, a path through it, and the nearest real images."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.player import Player
from udl_teach.play.sample_wall.reality import Reality, spread
from udl_teach.play.sample_wall.run import ALONG, WallRun


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    learns: bool  # whether the model learns here (else it was handed in)
    learned: int  # steps that it has learned here
    moment: int  # the step whose generator is shown
    wall: np.ndarray  # its images, row by row, shape (n, channels, height, width), values in [0, 1]
    columns: int  # images per row
    first: int  # number of the image where the path begins, counted from 0
    second: int  # number of the image where it ends
    between: float  # place on the path, 0 to 1
    path: np.ndarray  # images along it, shape (ALONG, channels, height, width)
    here: np.ndarray  # the image at the place, shape (channels, height, width)
    ends: tuple[str, str] | None  # classes of the images at both ends, or None where the model knows none
    mixes: bool  # whether the label goes over gradually between two classes (else it jumps half-way)
    one_vector: bool  # whether both ends have the same latent vector
    reality: Reality  # the real images
    nearest: np.ndarray  # the one nearest to the image at the place, same shape
    name: str | None  # class of that real image, or None
    distance: float  # between the two, square root of the summed squares over the pixels
    next_distance: float  # that to the second nearest real image
    typical: float  # the distance of half the wall's images to the nearest real one
    truncation: float  # largest absolute value of a latent vector's entries; UNCUT cuts nothing off
    kinds: str | None  # classes within which variance is compared: all, one by its number, or None without classes
    spread: float  # variance of the wall as a share of the real images'
    real: tuple[np.ndarray, np.ndarray]  # (steps, mean scores of real images), shape (m,) each
    generated: tuple[np.ndarray, np.ndarray]  # likewise of generated ones
    auc: float | None  # of the discriminator's scores, or None before it is measured


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Paint the wall, the path and the place, and look for the nearest real image; the model is only asked."""
    run: WallRun = player.model
    reality = run.reality
    z, labels, columns = run.latent()
    ends = [min(settings[name], len(z)) - 1 for name in ("first", "second")]
    along = np.append(np.linspace(0, 1, ALONG), settings["between"])
    *path, here = run.road(z[ends], None if labels is None else labels[ends], along)
    wall = run.paint(z, labels)
    distances, numbers = reality.nearest(np.concatenate([wall, here[None]]))
    nearest, names = numbers[-1, 0], reality.train.labels
    kinds = None if labels is None or names is None else settings["shown"]
    groups = np.zeros(len(z)) if kinds is None else labels
    return Snapshot(
        learns=run.learns,
        learned=run.learned,
        moment=run.moment(),
        wall=wall,
        columns=columns,
        first=ends[0],
        second=ends[1],
        between=settings["between"],
        path=np.array(path),
        here=here,
        ends=None if labels is None else tuple(reality.name_of_class(int(label)) for label in labels[ends]),
        mixes=run.mixes,
        one_vector=np.array_equal(*z[ends]),
        reality=reality,
        nearest=reality.train.images[nearest],
        name=None if names is None else reality.name_of_class(int(names[nearest])),
        distance=float(distances[-1, 0]),
        next_distance=float(distances[-1, 1]),
        typical=float(np.median(distances[:-1, 0])),
        truncation=settings["truncation"],
        kinds=kinds,
        spread=spread(wall.reshape(len(wall), -1), groups) / reality.spread(kinds),
        real=run.curves["score_real"].curve(),
        generated=run.curves["score_generated"].curve(),
        auc=next(reversed(run.curves["auc"].loss), None),
    )
