"""A model of glyphs whose code is walked through: it learns, or a point moves through what it has learned."""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import count
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import VariationalAutoencoder
from udl_teach.models.variational.terms import kl_to_standard_normal
from udl_teach.training import LearningState, Step

# What makes a model; another recipe is another model.
RECIPE = ("characters", "latent_size", "beta", "seed")
FACTORS = ("slant", "size", "stroke", "x", "y")
HELD_OUT = 400
# Steps that a model learns before the first picture, and steps after which its dimensions are ordered anew.
TRAINED, TURN = 1000, 100
# Images a side of the grid and a row of the traversals, how far the rows reach, and the way of a step.
SIDE, COLUMNS, FAR, STRIDE = 9, 7, 2.5, 0.05
# A dimension is active where the mean of its posterior varies by more than this over the samples (Burda et al. 2016).
ACTIVE = 0.01


@cache
def glyph_sets(characters: str) -> tuple[Dataset, Dataset]:
    """2,000 glyphs to learn from, and others to measure with."""
    more = {"characters": characters, "fonts": ("sans",)}
    return datasets.glyphs(2000, **more, seed=0), datasets.glyphs(HELD_OUT, **more, seed=1)


def _learner(characters: str, latent_size: int, beta: float, seed: int) -> tuple:
    # A new model, its state, and its steps, for ever.
    x, state = glyph_sets(characters)[0].x, LearningState(seed)
    model = VariationalAutoencoder(x.shape[1], latent_size, (128, 64), beta=beta, seed=seed)
    return model, state, model.steps(x, epochs=None, learning_rate=3e-3, seed=seed, state=state)


@lru_cache(maxsize=8)
def _trained(*recipe: Any) -> tuple[dict, dict]:
    model, state, steps = _learner(*recipe)
    for _ in range(TRAINED):
        next(steps)
    return model.state_dict(), state.state_dict()


class WalkRun:
    """A model and a point in its code; a step is one of learning or one of the walk, as the settings say.

    Args:
        settings: of the playground; what a control changes stands in it at once.
        moved: settings that differ, until they are taken; the run adds to them.

    Attributes:
        order: the model's dimensions by their KL, the largest first; everywhere else they are numbered by this order.
    """

    def __init__(self, settings: dict, moved: dict) -> None:
        """Learn first where the settings ask for it."""
        self.settings, self.moved = settings, moved
        recipe = tuple(settings[name] for name in RECIPE)
        self.model, self.state, self._steps = _learner(*recipe)
        if (settings | moved)["trained"]:
            weights, state = _trained(*recipe)
            self.model.load_state_dict(weights)
            self.state.load_state_dict(state)
        self.held_out = glyph_sets(settings["characters"])[1]
        self._x = torch.tensor(self.held_out.x)
        named = ("character", *FACTORS) if len(settings["characters"]) > 1 else FACTORS
        self.factors = {name: self.held_out.extras[name] for name in named}
        self._measured: tuple[int, dict] | None = None
        self._upwards = True
        self._known = settings["across"], settings["up"]
        self._rank()
        self.take()

    def steps(self) -> Iterator[Step]:
        """Learn or walk, for ever."""
        for index in count(1):
            if self.settings["play"] == "learn":
                step = next(self._steps)
                loss, epoch = step.loss, step.epoch
                if self.state.index % TURN == 0:
                    self._rank()
            else:
                loss, epoch = self._walk(), 1
            yield Step(index, epoch, loss, {})

    def _walk(self) -> float:
        # To and fro, in places that the slider can show; `moved` holds where the steps since the last picture led.
        place = self.moved.get("first", self.settings["first"])
        self._upwards = place < FAR if self._upwards else place <= -FAR
        place = float(np.clip(round(place + (STRIDE if self._upwards else -STRIDE), 2), -FAR, FAR))
        self.moved["first"] = place
        return abs(place)

    def take(self) -> None:
        """Look at the settings: two sliders may not stand at one dimension, so the other takes what was left."""
        most = self.model.latent_size
        across, up = min(self.settings["across"], most), min(self.settings["up"], most)
        if across == up:
            moved = across != self._known[0]  # else the slider of `up` was
            left = next(k for k in (self._known[not moved], 1, 2) if k != up and k <= most)
            across, up = (across, left) if moved else (left, up)
        self._known = across, up
        self.moved |= {"across": across, "up": up}
        self.settings |= {"across": across, "up": up}

    def _rank(self) -> None:
        with torch.no_grad():
            kl = kl_to_standard_normal(*self.model.posterior(self._x)).mean(dim=0)
        self.order = kl.argsort(descending=True, stable=True).numpy()

    def measure(self) -> dict[str, Any]:
        """KL, activity and factors of every dimension on held-out glyphs, and the two terms; noted until it learns."""
        if self._measured is None or self._measured[0] != self.state.index:
            with torch.no_grad():
                mean, log_variance = self.model.posterior(self._x)
                terms = self.model.loss(self._x, generator=torch.Generator().manual_seed(0))
            codes = mean.numpy()[:, self.order]
            self._measured = (
                self.state.index,
                {
                    "codes": codes,
                    "kl_each": kl_to_standard_normal(mean, log_variance).mean(dim=0).numpy()[self.order],
                    "active": codes.var(axis=0) > ACTIVE,
                    "shares": factor_shares(codes, self.factors),
                    "reconstruction": float(terms["reconstruction"]),
                },
            )
        return self._measured[1]

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Images of codes whose dimensions are in our order: (n, latent_size) -> (n, 28, 28)."""
        own = np.empty_like(codes, dtype=np.float32)
        own[:, self.order] = codes
        with torch.no_grad():
            return self.model.decode(own).reshape(len(codes), *self.held_out.image_shape[1:])


def factor_shares(codes: np.ndarray, factors: dict[str, np.ndarray]) -> np.ndarray:
    """Share of every dimension's variance that a least-squares fit to a factor explains: R^2.

    Source: the idea of comparing single numbers of a code with single factors: Higgins et al. 2017, "beta-VAE".

    Args:
        codes: shape (n, latent_size).
        factors: name -> value of each sample, shape (n,): numbers, which are fitted by a line (R^2 is the squared
            correlation), or text, of which each kind has a mean of its own (the correlation ratio).

    Returns:
        Shape (latent_size, number of factors), from 0 to 1; 0 where a dimension or a factor does not vary.
    """
    codes = np.asarray(codes - codes.mean(axis=0), dtype=float)
    shares = []
    for values in map(np.asarray, factors.values()):
        text = values.dtype.kind in "US"
        columns = values[:, None] == np.unique(values) if text else values[:, None] ** [0.0, 1.0]
        fit = columns @ np.linalg.lstsq(columns.astype(float), codes, rcond=None)[0]
        shares.append(fit.var(axis=0) / np.maximum(codes.var(axis=0), 1e-12))
    return np.clip(np.stack(shares, axis=1), 0.0, 1.0)
