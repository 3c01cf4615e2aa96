"""A game of two players in the middle of it: who moves next, what a hand changes, and what is noted along the way."""

from collections import deque
from collections.abc import Iterator

import numpy as np

from udl_teach.models import GAN
from udl_teach.play.gan_game.scene import SHOWN, scene
from udl_teach.play.player import Trail
from udl_teach.training import LearningState, Step

HIDDEN = (64, 64)
# Decay of the exponential moving average (EMA) of the generator's weights.
EMA = 0.99
# What the discriminator's network can be made of against collapse and against slopes that run away.
CURES = {"none": {}, "spectral norm": {"spectral_norm": True}, "packing 2": {"packing": 2}, "packing 4": {"packing": 4}}
# Steps between two notes, and how many notes the words look back on.
EVERY, LAST = 20, 15
# Latent vectors whose points are counted by mode; those of the first SHOWN are drawn.
COUNTED = 1000
BOTH = ("discriminator", "generator")
CURVES = (*BOTH, "auc", "found")
# What is shown of a move: the first two before it, in slow motion alone, the last one after it.
PHASES = {"discriminator": ("D1", "D2", "D3"), "generator": ("G1", "G2", "G3"), "both": (None, None, "both")}


class GameRun:
    """A model, the scene of its real points, the playground's settings, and what is worth knowing about the game.

    Attributes:
        phase: which part of a move slow motion shows, or the last move ("D3", "G3", "both"); "play" where the steps
            follow each other; None before the first.
        made: moves of each player; `alone`: its moves since the other last moved.
        hand: who moves next because a button says so, else None.
        curves: the losses of both players and the discriminator's AUC (means of EVERY steps), and the share found.
        notes: the points shown of the last LAST notes, one every EVERY steps.
        largest_norm: the largest median norm of the sample gradients under this loss, of all notes, its first EVERY
            steps and steps by hand: a strong discriminator is sure before the first note.
    """

    def __init__(self, settings: dict) -> None:
        """Stand before the first step."""
        rules = {name: settings[name] for name in ("latent_size", "objective", "seed")} | CURES[settings["cure"]]
        self.model, self.settings = GAN(2, hidden_sizes=HIDDEN, ema=EMA, **rules), settings
        self.z = self.model.latent(COUNTED, seed=1)
        self.made, self.alone = dict.fromkeys(BOTH, 0), dict.fromkeys(BOTH, 0)
        self.phase, self.hand = None, None
        self.curves = {name: Trail(every=EVERY) for name in CURVES}
        self.notes: deque[np.ndarray] = deque(maxlen=LAST)
        self.largest_norm, self._fresh = 0.0, 0  # the latter: the step since which this loss is played
        self._state = LearningState(settings["seed"])
        self._step = Step(0, 1, 0.0, {})
        self._begin()

    def take(self) -> None:
        """Take what the controls now say; penalty, rates and turns are read in every step by themselves."""
        if self.model.objective != self.settings["objective"]:
            self.model.objective = self.settings["objective"]
            # Under another loss norms do not compare.
            self.largest_norm, self._fresh = self.gradients()[2], self._step.index
        self._begin()

    def turn(self, index: int) -> str:
        """Who moves in the step after `index` steps: the hand's choice, else both players after enough of D alone."""
        left = self.settings["discriminator_steps"] - self.alone["discriminator"]
        if self.settings["slow"]:
            return self.hand or ("discriminator" if left > 0 else "generator")
        return self.hand or ("discriminator" if left > 1 else "both")

    def steps(self) -> Iterator[Step]:
        """The model's own steps; slow motion yields the last one again while it shows what comes before the next."""
        while True:
            for number in range(2):
                if self.settings["slow"] and self.hand is None:  # which may change while it is shown
                    self.phase = PHASES[self.turn(self._step.index)][number]
                    yield self._step
            turn = self.turn(self._step.index)
            self._step = next(self._learning)  # it goes on for ever
            self._note(turn)
            self.phase = PHASES[turn][2] if self.settings["slow"] or self.hand else "play"
            self.hand = None
            yield self._step

    def _begin(self) -> None:
        # Goes on where the state stands: other points or another batch size need no other players.
        self.scene = scene(self.settings["data"], self.settings["clusters"])
        self._learning = self.model.steps(
            self.scene.x,
            epochs=None,
            batch_size=self.settings["batch_size"],
            learning_rate=lambda index: self.settings["generator_rate"],
            discriminator_learning_rate=lambda index: self.settings["discriminator_rate"],
            penalty=lambda index: self.settings["penalty"],
            turn=self.turn,
            state=self._state,
        )

    def _note(self, turn: str) -> None:
        index = self._step.index
        for name in BOTH:
            self.made[name] += turn in (name, "both")
            self.alone[name] = self.alone[name] + 1 if turn == name else 0
        for name in CURVES[:3]:
            self.curves[name].add(index, self._step.terms[name])
        if index < self._fresh + EVERY or index % EVERY == 0 or self.hand is not None:
            self.largest_norm = max(self.largest_norm, self.gradients()[2])
        if index % EVERY == 0:
            made = self.model.generate(self.z, ema=False)
            self.notes.append(made[:SHOWN])
            self.curves["found"].add(index, self.scene.found(made)[1])

    def gradients(self) -> tuple[np.ndarray, np.ndarray, float]:
        """The points shown, their sample gradients, shape (SHOWN, 2) each, and the median norm of these."""
        points, gradients = self.model.sample_gradient(self.z[:SHOWN])
        # The mean would be that of the few at an edge of the map, where a sure discriminator is steep.
        return points, gradients, float(np.median(np.hypot(*gradients.T)))


def start(settings: dict) -> tuple[GameRun, Iterator[Step]]:
    """Two new players and their steps."""
    run = GameRun(settings)
    return run, run.steps()
