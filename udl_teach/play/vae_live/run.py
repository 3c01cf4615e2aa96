"""A variational autoencoder in the middle of its work: its steps, its two terms so far, and a weight that warms up."""

import math
from collections.abc import Iterator
from functools import cache

import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import VariationalAutoencoder
from udl_teach.models.variational.terms import kl_to_standard_normal
from udl_teach.play.player import Trail
from udl_teach.plots.curves import roomy
from udl_teach.training import Step

PLANE = ("moons", "ring", "grid")
# Points of a set in the plane, and codes on the map.
MAPPED = 600
# Steps whose terms make one point of the curves, and steps after which the map may turn to other dimensions or shrink.
EVERY, TURN = 10, 100


@cache
def dataset(name: str) -> Dataset:
    """The digits, or points of one of the sets in the plane."""
    if name == "digits":
        return datasets.digits()
    more = {"side": 3, "spacing": 1.5, "sd": 0.1} if name == "grid" else {}
    return getattr(datasets, name)(MAPPED, seed=0, **more)


class VariationalRun:
    """A model, its data, and what is worth knowing about the run so far.

    Args:
        settings: of the playground; what a control changes stands in it at once.
        moved: settings that differ, until they are taken.

    Attributes:
        terms: reconstruction and KL along the run, in nats, means of EVERY steps.
        shown: the two dimensions that the map shows, those with the largest KL; one where there is no other.
        reach: half the width of a map that holds the codes and two standard deviations of the prior; one of few sizes.
        highest: a round number of nats above the KL of every dimension.
    """

    def __init__(self, settings: dict, moved: dict) -> None:
        """Stand before the first step."""
        self.settings, self.moved = settings, moved
        self.x = torch.tensor(dataset(settings["data"]).x)
        recipe = {name: (settings | moved)[name] for name in ("latent_size", "likelihood", "free_bits", "seed")}
        # A variance so large at first that collapse, and what prevents it, can be watched.
        rules = {"hidden_sizes": (64, 64), "initial_variance": 1.0}
        self.model = VariationalAutoencoder(self.x.shape[1], **rules, **recipe)
        self.terms = {name: Trail(every=EVERY) for name in ("reconstruction", "kl")}
        self._frame(anew=True)

    def beta(self, index: int) -> float:
        """Weight of the KL term in the step after `index` steps, as the sliders now stand."""
        warm_up = self.settings["warm_up"]
        return self.settings["beta"] * (min(1.0, (index + 1) / warm_up) if warm_up else 1.0)

    def steps(self) -> Iterator[Step]:
        """The model's own steps; every slider is read anew at each."""
        rates = {"beta": self.beta, "learning_rate": lambda index: self.settings["learning_rate"]}
        for step in self.model.steps(self.x, epochs=None, seed=self.settings["seed"], **rates):
            for name, trail in self.terms.items():
                trail.add(step.index, step.terms[name])
            if step.index % EVERY == 0:
                self._frame(anew=step.index % TURN == 0)
            yield step

    def _frame(self, *, anew: bool) -> None:
        # What the picture's limits depend on. They grow at once and shrink seldom, for every change costs a whole
        # drawing; they are chosen here and not by the picture, so that they are the same whatever the speed.
        with torch.no_grad():
            mean, log_variance = self.model.posterior(self.x[:MAPPED])
        kl = kl_to_standard_normal(mean, log_variance).mean(dim=0)
        if anew:
            self.shown = tuple(sorted(kl.argsort(descending=True, stable=True)[:2].tolist()))
            self.reach = self.highest = 0.0
        far = max(1.08 * float(mean[:, list(self.shown)].abs().max()), 3.0)
        # 3 times a power of the root of 2.
        self.reach = max(self.reach, 3.0 * 2.0 ** (math.ceil(2 * math.log2(far / 3.0) - 1e-9) / 2))
        self.highest = max(self.highest, roomy([], [max(1.1 * float(kl.max()), 0.5)], log=False)[1][1])
