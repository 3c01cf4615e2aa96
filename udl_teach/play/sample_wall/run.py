"""A generator of images that learns, or has learned: its wall, its past, and a path between two of its images."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import torch

from udl_teach.models import GAN, ConvGAN
from udl_teach.play.player import Trail
from udl_teach.play.sample_wall.reality import EVERYTHING, Reality
from udl_teach.training import Step

LEARN, WALK = "learn", "walk"
CELLS = 80
# Images of a path, how far a step of the walk goes along it, and steps whose mean makes one point of the curves.
ALONG, STRIDE, EVERY = 9, 0.05, 10
# Images from one end of a path to the next: a prime, so that a walk comes to every image of the wall and every class.
ONWARD = 73
# From here on nothing is cut off: of 80 latent vectors one or two have an entry further out.
UNCUT = 4.0
# What suits small images: no running mean of the gradient, and an EMA of the generator over some hundred steps.
BETAS, EMA = (0.0, 0.99), 0.99
# Images per step: fewer where each has more pixels, so that the wall still moves.
BATCH, PIXELS = (64, 32), 16 * 16


class Album:
    """Copies of the model at earlier steps; when there are too many, every second is dropped."""

    def __init__(self, most: int = 24) -> None:
        """Begin empty."""
        self.most, self.every = most, EVERY
        self.moments: dict[int, Any] = {}

    def add(self, index: int, model: Any) -> None:
        """Keep a copy of the model at this step, if its turn has come."""
        if index % self.every:
            return
        self.moments[index] = copy.deepcopy(model)
        if len(self.moments) > self.most:
            self.every *= 2
            self.moments = {step: one for step, one in self.moments.items() if step % self.every == 0}

    def nearest(self, index: float) -> int:
        """The kept step that is nearest to `index`."""
        return min(self.moments, key=lambda step: abs(step - index))


class WallRun:
    """A model that learns, or has learned, and a walk between images of its wall.

    Args:
        settings: of the playground; what a control changes stands in it at once.
        reality: the real images.
        model: a finished model, which is only asked; None makes one that learns from `reality`.

    Attributes:
        learned: steps that the model has learned here.
        curves: mean scores of real and of generated images and the discriminator's AUC, means of EVERY steps.
        moved: settings that the run has moved, until they are taken.
    """

    def __init__(self, settings: dict, reality: Reality, model: Any = None) -> None:
        """Stand before the first step."""
        self.settings, self.reality, self.learns = settings, reality, model is None
        self.album, self.learned = Album(), 0
        if model is None:
            n_classes = (settings["conditional"] and reality.classes) or None
            rules = {"objective": settings["objective"], "ema": EMA, "seed": settings["seed"]}
            model = ConvGAN(reality.train.image_shape, n_classes=n_classes, **rules)
            self.album.add(0, model)
        self.model, self.n_classes = model, model.n_classes
        # Whether a label may lie between two classes: in the library's models it enters as one number per class.
        self.mixes = self.n_classes is not None and isinstance(model, (GAN, ConvGAN))
        self.curves = {name: Trail(every=EVERY) for name in ("score_real", "score_generated", "auc")}
        self.moved: dict[str, Any] = {}

    def steps(self) -> Iterator[Step]:
        """Learn or walk, for ever."""
        learning = self._learning() if self.learns else None
        for index in count(1):
            if self.settings["play"] == LEARN:
                step = next(learning)
                self.learned = step.index
                self.album.add(step.index, self.model)
                for name, trail in self.curves.items():
                    trail.add(step.index, step.terms[name])
            else:
                step = self._walk()
            yield replace(step, index=index)

    def _learning(self) -> Iterator[Step]:
        train, labels = self.reality.train, None if self.n_classes is None else self.reality.train.labels
        size = BATCH[train.x.shape[1] > PIXELS]
        rules = {"learning_rate": lambda _: self.settings["learning_rate"], "betas": BETAS, "batch_size": size}
        return self.model.steps(train.images, labels, epochs=None, seed=self.settings["seed"], **rules)

    def _walk(self) -> Step:
        # `moved` holds where the steps since the last picture led.
        at = self.settings | self.moved
        along = round(at["between"] + STRIDE, 2)
        if along > 1:
            # On to the next image: what was the end is now the beginning.
            self.moved |= {"first": at["second"], "second": self._next(at["second"])}
            along = 0.0
        self.moved["between"] = along
        return Step(0, 1, 0.0, {})

    def _next(self, number: int) -> int:
        return (number - 1 + ONWARD) % len(layout(self.n_classes, self.settings["shown"])[0]) + 1

    def moment(self) -> int:
        """The step whose generator is shown: the last one, or the kept one that is nearest to what was chosen."""
        share = self.settings["moment"] if self.learns else 100
        return self.learned if share == 100 else self.album.nearest(self.learned * share / 100)

    def latent(self) -> tuple[np.ndarray, np.ndarray | None, int]:
        """Latent vectors and classes of the wall, cell by cell, and the number of its columns."""
        numbers, columns, labels = layout(self.n_classes, self.settings["shown"])
        cut = None if self.settings["truncation"] >= UNCUT else self.settings["truncation"]
        return self.model.latent(CELLS, self.settings["draw"], cut)[numbers], labels, columns

    def paint(self, z: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
        """Images of latent vectors by the generator that is shown: (n, latent_size) -> (n, channels, height, width)."""
        return self._as_images(self._shown().generate(z, labels=labels, ema=self.settings["ema"]))

    def road(self, z: np.ndarray, labels: np.ndarray | None, along: np.ndarray) -> np.ndarray:
        """Images at places `along` the way (0 to 1, shape (n,)) between two latent vectors, shape (2, latent_size).

        Of `labels`, the two classes or None, one that `mixes` goes over gradually, any other half-way.
        """
        codes, share = path(z[0], z[1], along), along[:, None]
        if not self.mixes:
            return self.paint(codes, None if labels is None else np.where(along < 0.5, *labels))
        model, (start, end) = self._shown(), np.eye(self.n_classes)[labels]
        ema = self.settings["ema"] and model.generator_ema is not None
        network = model.generator_ema if ema else model.generator
        mixed = torch.tensor(np.hstack([codes, (1 - share) * start + share * end]), dtype=torch.float32)
        with torch.no_grad():
            return self._as_images(network(mixed.to(next(network.parameters()).device)).cpu().numpy())

    def _shown(self) -> Any:
        step = self.moment()
        return self.model if step == self.learned else self.album.moments[step]

    def _as_images(self, made: np.ndarray) -> np.ndarray:
        return np.clip(made.reshape(len(made), *self.reality.train.image_shape), 0, 1).astype(np.float32, copy=False)


def layout(n_classes: int | None, shown: str) -> tuple[np.ndarray, int, np.ndarray | None]:
    """Number of the latent vector of each cell of a wall, its columns, and the class of each cell or None.

    Where all classes are shown, the classes follow each other and share a latent vector; then comes the next vector.
    """
    cells = np.arange(CELLS)
    if n_classes is None or shown != EVERYTHING:
        return cells, 10, None if n_classes is None else np.full(CELLS, int(shown))
    columns = next((wide for wide in (10, 12, 11, 13, 9, 8, 14) if wide % n_classes == 0 or n_classes % wide == 0), 10)
    cells = cells[: CELLS // columns * columns]
    return cells // n_classes, columns, cells % n_classes


def path(start: np.ndarray, end: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Places on the arc between two latent vectors, which keeps their length: (latent_size,) -> (len(shares), ...).

    On the straight line the middle would be nearer to 0 than almost every draw is (White 2016, "Sampling generative
    networks").
    """
    angle = np.arccos(np.clip(start @ end / (np.linalg.norm(start) * np.linalg.norm(end)), -1, 1))
    if angle < 1e-4:
        return start + shares[:, None] * (end - start)
    parts = np.sin((1 - shares) * angle)[:, None] * start + np.sin(shares * angle)[:, None] * end
    return (parts / np.sin(angle)).astype(np.float32)
