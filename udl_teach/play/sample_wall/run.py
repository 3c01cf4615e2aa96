"""A generator of images that learns, or has learned: its wall, its past, and a path between two of its images."""

import copy
from collections.abc import Iterator
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
# Images a step: fewer where each has more pixels, so that the wall still moves.
BATCH, PIXELS = (64, 32), 16 * 16


class Album:
    """Generators of earlier steps; when there are too many every second is let go, so the memory stays bounded."""

    def __init__(self, most: int = 24) -> None:
        """Begin empty."""
        self.most, self.every = most, EVERY
        self.moments: dict[int, dict[str, torch.Tensor]] = {}

    def add(self, index: int, model: Any) -> None:
        """Keep the generators of this step, if its turn has come."""
        if index % self.every:
            return
        weights = model.state_dict()
        kept = {name: one.clone() for name, one in weights.items() if not name.startswith("discriminator")}
        self.moments[index] = kept
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
        if model is None:
            n_classes = (settings["conditional"] and reality.classes) or None
            rules = {"objective": settings["objective"], "ema": EMA, "seed": settings["seed"]}
            model = ConvGAN(reality.train.image_shape, n_classes=n_classes, **rules)
        self.model, self.n_classes = model, model.n_classes
        # Whether a label may lie between two classes: in the library's models it enters as one number per class.
        self.mixes = self.n_classes is not None and isinstance(model, (GAN, ConvGAN))
        self.learned = 0
        self.curves = {name: Trail(every=EVERY) for name in ("score_real", "score_generated", "auc")}
        self.moved: dict[str, Any] = {}
        self.album = Album()
        self._past: Any = None
        if self.learns:
            self.album.add(0, self.model)

    @property
    def truncation(self) -> float | None:
        """Largest absolute value of a latent vector's entries; None where nothing is cut off."""
        return None if self.settings["truncation"] >= UNCUT else self.settings["truncation"]

    def steps(self) -> Iterator[Step]:
        """Learn or walk, for ever."""
        index, learning = 0, self._learn() if self.learns else None
        while True:
            index += 1
            if self.learns and self.settings["play"] == LEARN:
                step = next(learning)
                yield Step(index, step.epoch, step.loss, step.terms)
            else:
                self._walk()
                yield Step(index, 1, 0.0, {})

    def _learn(self) -> Iterator[Step]:
        train = self.reality.train
        steps = self.model.steps(
            train.images,
            None if self.n_classes is None else train.labels,
            epochs=None,
            batch_size=BATCH[train.x.shape[1] > PIXELS],
            learning_rate=lambda _: self.settings["learning_rate"],
            betas=BETAS,
            seed=self.settings["seed"],
        )
        for step in steps:
            self.learned = step.index
            self.album.add(step.index, self.model)
            for name, trail in self.curves.items():
                trail.add(step.index, step.terms[name])
            yield step

    def _walk(self) -> None:
        # `moved` holds where the steps since the last picture led.
        at = self.settings | self.moved
        along = round(at["between"] + STRIDE, 2)
        if along > 1:
            # On to the next image: what was the end is now the beginning.
            self.moved |= {"first": at["second"], "second": self._next(at["second"])}
            along = 0.0
        self.moved["between"] = along

    def _next(self, number: int) -> int:
        cells = len(layout(self.n_classes, self.settings["shown"])[0])
        return (number - 1 + ONWARD) % cells + 1

    def moment(self) -> int:
        """The step whose generator is shown: the last one, or the kept one that is nearest to what was chosen."""
        share = self.settings["moment"] if self.learns else 100
        return self.learned if share == 100 else self.album.nearest(self.learned * share / 100)

    def paint(self, z: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
        """Images of latent vectors by the generator that is shown: (n, latent_size) -> (n, channels, height, width)."""
        return self._as_images(self._shown().generate(z, labels=labels, ema=self.settings["ema"]))

    def road(self, z: np.ndarray, labels: np.ndarray | None, along: np.ndarray) -> np.ndarray:
        """Images at places `along` the way (0 to 1, shape (n,)) between two latent vectors, shape (2, latent_size).

        Of `labels`, the two classes or None, one that `mixes` goes over gradually, any other half-way.
        """
        codes = path(z[0], z[1], along)
        if labels is None or labels[0] == labels[1] or not self.mixes:
            return self.paint(codes, None if labels is None else np.where(along < 0.5, *labels))
        model, classes = self._shown(), np.eye(self.n_classes, dtype=np.float32)[labels]
        mixed = (1 - along[:, None]) * classes[0] + along[:, None] * classes[1]
        ema = self.settings["ema"] and model.generator_ema is not None
        network = model.generator_ema if ema else model.generator
        inputs = torch.from_numpy(np.concatenate([codes, mixed], axis=1).astype(np.float32))
        with torch.no_grad():
            return self._as_images(network(inputs.to(next(network.parameters()).device)).cpu().numpy())

    def _shown(self) -> Any:
        step = self.moment()
        if step == self.learned:
            return self.model
        if self._past is None:
            self._past = copy.deepcopy(self.model)
        self._past.load_state_dict(self.album.moments[step], strict=False)
        return self._past

    def _as_images(self, made: np.ndarray) -> np.ndarray:
        return np.clip(made.reshape(len(made), *self.reality.train.image_shape), 0, 1).astype(np.float32, copy=False)

    def latent(self) -> tuple[np.ndarray, np.ndarray | None, int]:
        """Latent vectors and classes of the wall, cell by cell, and the number of its columns."""
        numbers, columns, labels = layout(self.n_classes, self.settings["shown"])
        drawn = self.model.latent(CELLS, self.settings["draw"], self.truncation)
        return drawn[numbers], labels, columns


def layout(n_classes: int | None, shown: str) -> tuple[np.ndarray, int, np.ndarray | None]:
    """What stands in the cells of a wall.

    Where all classes are shown, the classes follow each other and share a latent vector; then comes the next vector.

    Returns:
        (number of the latent vector of each cell, columns, class of each cell or None).
    """
    if n_classes is None:
        return np.arange(CELLS), 10, None
    if shown != EVERYTHING:
        return np.arange(CELLS), 10, np.full(CELLS, int(shown))
    columns = next((wide for wide in (10, 12, 11, 13, 9, 8, 14) if wide % n_classes == 0 or n_classes % wide == 0), 10)
    cells = np.arange(CELLS // columns * columns)
    return cells // n_classes, columns, cells % n_classes


def path(start: np.ndarray, end: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Places on the arc between two latent vectors, which keeps their length: (latent_size,) -> (len(shares), ...).

    On the straight line the middle would be nearer to 0 than almost every draw is (White 2016, "Sampling generative
    networks").
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    angle = np.arccos(np.clip(start @ end / (lengths[0] * lengths[1]), -1, 1))
    if angle < 1e-4:
        return start + shares[:, None] * (end - start)
    parts = np.sin((1 - shares) * angle)[:, None] * start + np.sin(shares * angle)[:, None] * end
    return (parts / np.sin(angle)).astype(np.float32)
