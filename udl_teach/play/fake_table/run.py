"""What learns: a generator of diamonds, which is asked for a table of fakes at intervals."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from udl_teach.models import GaussianCopula, IndependentColumns, Interpolation, MixedTable, TabularGAN, TabularVAE
from udl_teach.play.fake_table.table import MADE, closest, numbers, price_score, real_table, rules_kept
from udl_teach.training import Step

AT_ONCE = {"independent columns": IndependentColumns, "copula": GaussianCopula, "interpolation": Interpolation}
NETWORKS = {"VAE": TabularVAE, "GAN": TabularGAN}
# Small enough for a picture's time, and what `steps` is given.
SIZES = {"VAE": {"latent_size": 16, "hidden_sizes": (128,)}, "GAN": {"latent_size": 32, "hidden_sizes": (64, 64)}}
LEARNS = {"VAE": {"batch_size": 100, "learning_rate": 3e-3}, "GAN": {"batch_size": 100, "learning_rate": 1e-3}}
GENERATORS = (*AT_ONCE, "copier", *NETWORKS)
# Steps between two tables of fakes: to make and to judge one takes longer than a step.
EVERY = 10


@dataclass(frozen=True)
class Fakes:
    """A table of fakes, judged.

    Attributes:
        x: the fakes as numbers, shape (MADE, 10).
        kept: whether each rule is kept, bool of shape (3, MADE).
        row: the closest training row of each, shape (MADE,).
        distance: how far it is, in standard deviations of the columns, shape (MADE,).
        tstr: R² of the price on real rows, learned from the fakes.
        closer: share of the fakes that are closer to a training row than to any held-out row.
    """

    x: np.ndarray
    kept: np.ndarray
    row: np.ndarray
    distance: np.ndarray
    tstr: float
    closer: float


class Forgery:
    """A generator in the middle of its training, and the last table that it has made.

    Attributes:
        known: the real table.
        fakes: the last table of fakes, judged.
        name: of the generator.
    """

    def __init__(self, settings: dict) -> None:
        """Make the generator; what needs no training is ready at once."""
        self.known, self.settings, self.name = real_table(), settings, settings["generator"]
        kind = (AT_ONCE | NETWORKS).get(self.name)
        if kind is not None:
            self.table = MixedTable(numbers=kind.numbers).measure(self.known.train)
            self.x = self.table.to_model(self.known.train, seed=0)
        if self.name in NETWORKS:
            self.model = kind(self.table.blocks, **SIZES[self.name], seed=settings["seed"])
        elif kind is not None:
            self.model = kind(self.table.blocks)
            self.model.fit(self.x)
        self.ask()

    def ask(self) -> None:
        """Ask for a table of fakes, and judge it."""
        seed = self.settings["seed"]
        if self.name == "copier":
            frame = self.known.train.sample(MADE, replace=True, random_state=seed)
        else:
            frame = self.table.to_frame(self.model.sample(MADE, seed=seed))
        x = numbers(frame)
        row, distance, closer = closest(x, self.known)
        self.fakes = Fakes(x, rules_kept(frame), row, distance, price_score(x, self.known.held_out), closer)

    def steps(self) -> Iterator[Step]:
        """The model's own steps; where nothing is learned step by step, a single one."""
        if self.name not in NETWORKS:
            yield Step(1, 1, 0.0, {})
            return
        learns = {"epochs": self.settings["epochs"], "seed": self.settings["seed"]} | LEARNS[self.name]
        for step in self.model.steps(self.x, **learns):
            if step.index % EVERY == 0:
                self.ask()
            yield step


def start(settings: dict) -> tuple[Forgery, Iterator[Step]]:
    """A new generator and its steps."""
    run = Forgery(settings)
    return run, run.steps()
