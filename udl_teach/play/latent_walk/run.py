"""A model of glyphs whose code is walked through: it learns, or a point moves through what it has learned."""

from collections.abc import Iterator
from functools import cache, lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import VariationalAutoencoder
from udl_teach.models.variational.terms import kl_to_standard_normal
from udl_teach.play.latent_walk.factors import factor_shares
from udl_teach.training import LearningState, Step

FACTORS = ("slant", "size", "stroke", "x", "y")
LEARNED_FROM, HELD_OUT = 2000, 400
HIDDEN, LEARNING_RATE = (128, 64), 3e-3
# Steps that a model learns before the first picture, and steps after which its dimensions are ordered anew.
TRAINED, TURN = 1000, 100
# Images a side of the grid and a row of the traversals, how far the rows reach, and the way of a step.
SIDE, COLUMNS, FAR, STRIDE = 9, 7, 2.5, 0.05
# A dimension is active where the mean of its posterior varies by more than this over the samples (Burda et al. 2016).
ACTIVE = 0.01


@cache
def glyph_sets(characters: str) -> tuple[Dataset, Dataset]:
    """Glyphs to learn from, and others to measure with."""
    more = {"characters": characters, "fonts": ("sans",)}
    return datasets.glyphs(LEARNED_FROM, **more, seed=0), datasets.glyphs(HELD_OUT, **more, seed=1)


def quantiles() -> np.ndarray:
    """SIDE values of a dimension that are equally likely under the prior: the middles of as many equal shares."""
    return np.array([NormalDist().inv_cdf((k + 0.5) / SIDE) for k in range(SIDE)])


@lru_cache(maxsize=8)
def _trained(characters: str, latent_size: int, beta: float, seed: int) -> tuple[dict, dict]:
    x = glyph_sets(characters)[0].x
    model, state = _new(x.shape[1], latent_size, beta, seed)
    for step in _learning(model, x, state, seed):
        if step.index == TRAINED:
            break
    return {name: value.clone() for name, value in model.state_dict().items()}, state.state_dict()


def _new(n_features: int, latent_size: int, beta: float, seed: int) -> tuple[VariationalAutoencoder, LearningState]:
    return VariationalAutoencoder(n_features, latent_size, HIDDEN, beta=beta, seed=seed), LearningState(seed)


def _learning(model: VariationalAutoencoder, x: np.ndarray, state: LearningState, seed: int) -> Iterator[Step]:
    return model.steps(x, epochs=None, learning_rate=LEARNING_RATE, seed=seed, state=state)


class WalkRun:
    """A model and a point in its code; a step is one of learning or one of the walk, as the settings say.

    Args:
        settings: of the playground; what a control changes stands in it at once.

    Attributes:
        order: the model's dimensions by their KL, the largest first; everywhere else they are numbered by this order.
        moved: settings that the run has moved, until they are taken.
    """

    def __init__(self, settings: dict) -> None:
        """Learn first where the settings ask for it."""
        self.settings = settings
        learned_from, self.held_out = glyph_sets(settings["characters"])
        recipe = tuple(settings[name] for name in ("latent_size", "beta", "seed"))
        self.model, self.state = _new(learned_from.x.shape[1], *recipe)
        if settings["trained"]:
            weights, state = _trained(settings["characters"], *recipe)
            self.model.load_state_dict(weights)
            self.state.load_state_dict(state)
        self._steps = _learning(self.model, learned_from.x, self.state, settings["seed"])
        self._measured: tuple[int, dict] | None = None
        self._x = torch.tensor(self.held_out.x)
        factors = {"character": self.held_out.extras["character"]} if len(settings["characters"]) > 1 else {}
        self.factors = factors | {name: self.held_out.extras[name] for name in FACTORS}
        self._upwards = True
        self.moved: dict[str, Any] = {}
        self._known = (settings["across"], settings["up"])
        self._rank()

    def steps(self) -> Iterator[Step]:
        """Learn or walk, for ever."""
        index = 0
        while True:
            index += 1
            if self.settings["play"] == "learn":
                step = next(self._steps)  # it goes on for ever
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
        (across, up), (was_across, was_up) = (self.settings["across"], self.settings["up"]), self._known
        most = self.model.latent_size
        across, up = min(across, most), min(up, most)
        if across == up:
            across, up = (across, min(was_across, most)) if up == was_up else (min(was_up, most), up)
        if across == up:
            up = across - 1 if across > 1 else 2
        self._known = across, up
        for name, now in (("across", across), ("up", up)):
            if self.settings[name] != now:
                self.settings[name] = self.moved[name] = now

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
            kl = kl_to_standard_normal(mean, log_variance).mean(dim=0).numpy()[self.order]
            measured = {
                "codes": codes,
                "kl_each": kl,
                "active": codes.var(axis=0) > ACTIVE,
                "shares": factor_shares(codes, self.factors),
                "reconstruction": float(terms["reconstruction"]),
            }
            self._measured = self.state.index, measured
        return self._measured[1]

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Images of codes whose dimensions are in our order: (n, latent_size) -> (n, 28, 28)."""
        own = np.empty_like(codes, dtype=np.float32)
        own[:, self.order] = codes
        with torch.no_grad():
            return self.model.decode(own).reshape(len(codes), *self.held_out.image_shape[1:])
