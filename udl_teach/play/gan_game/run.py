"""A game of two players in the middle of it: who moves next, what a hand changes, and what is worth noting."""

import copy
from collections import deque
from collections.abc import Iterator

import numpy as np

from udl_teach.models import GAN
from udl_teach.play.gan_game.measure import EVERY, FEW, LAST, REAL, Note, by_chance, hardly_better, nearness, take_note
from udl_teach.play.gan_game.scene import Scene
from udl_teach.play.player import Trail
from udl_teach.training import LearningState, Step

HIDDEN = (64, 64)
# Generated points that are followed, and latent vectors whose points are counted by mode.
FOLLOWED, COUNTED = 300, 1000
# What slow motion shows of each half of a step: the first two before the update, the last after it.
HALVES = {"discriminator": ("D1", "D2", "D3"), "generator": ("G1", "G2", "G3")}
CURVES = ("discriminator", "generator", "AUC", "found")
BOTH = ("discriminator", "generator")


class GameRun:
    """A model, its real points, and what is worth knowing about the game so far.

    Args:
        model: that has not learned yet.
        scene: the real points.
        settings: of the playground; what a control changes stands in it at once.

    Attributes:
        phase: which part of a step slow motion shows, or the last half that moved ("D3", "G3", "both"); "play"
            where the steps follow each other; None before the first.
        made: moves of each player so far, as far as they are seen.
        hand: who moves next because a button says so, else None.
        curves: the loss of both players (the mean of EVERY steps), the discriminator's AUC and the share of modes
            (or of real points) found, along the run.
        notes: the last 2 LAST notes, one every EVERY steps.
        alone: moves of each player since the other last moved.
        largest_norm: the largest median norm of the sample gradients under this loss so far: of any note, of its first
            EVERY steps, of steps by hand.
        most: the largest share found so far of the points that are there now: the median of FEW notes, and only where
            it was not found by chance.
        near: squared distance of each of the first REAL points to its K-th neighbour.
        chance: the quality that points thrown at random would have.
        moved: settings that the run has moved, until they are taken.
    """

    def __init__(self, model: GAN, scene: Scene, settings: dict) -> None:
        """Stand before the first step."""
        self.model, self.scene, self.settings = model, scene, settings
        self.z, self.many = model.latent(FOLLOWED, seed=1), model.latent(COUNTED, seed=2)
        self.made = dict.fromkeys(BOTH, 0)
        self.phase: str | None = None
        self.hand: str | None = None
        self.curves = {name: Trail(every=EVERY) for name in CURVES}
        self.notes: deque[Note] = deque(maxlen=2 * LAST)
        self.largest_norm, self.most = 0.0, 0.0
        self.alone = dict.fromkeys(BOTH, 0)
        self.moved: dict = {}
        self._state = LearningState(settings["seed"])
        self._fresh = 0  # the step since which this loss is played
        self._camera: GAN | None = None
        self._averages: dict | None = None
        self._step = Step(0, 1, 0.0, {})
        self._measure()
        self._begin()

    @property
    def seen(self) -> GAN:
        """The model as slow motion shows it now: the generator before its move, while the move is on its way."""
        return self.model if self._camera is None else self._camera

    def take(self, scene: Scene) -> None:
        """Take what the controls now say: loss, penalty, rates and turns are read in every step by themselves."""
        if self.model.objective != self.settings["objective"]:
            self.model.objective = self.seen.objective = self.settings["objective"]
            # Under another loss lengths do not compare.
            self.largest_norm, self._fresh = self._gradient_norm(), self._step.index
        if scene is not self.scene:
            self.most = 0.0  # of other points: not lost
            self.notes.clear()
        if scene is not self.scene or self.settings["batch_size"] != self._batch_size:
            if scene is not self.scene:
                self.scene = scene
                self._measure()
            self._begin()

    def resize(self, latent_size: int) -> None:
        """Go on with another number of latent numbers: new ones get fresh weights, the others keep theirs."""
        model, self._camera = self.model, None
        n_kept = min(latent_size, model.latent_size)
        fresh = GAN(2, latent_size, model.hidden_sizes, ema=model.ema, seed=self.settings["seed"])
        for name in ("generator", "generator_ema"):
            old, new = getattr(model, name), getattr(fresh, name)
            if old is None:
                continue
            weights = old.state_dict()
            first = next(iter(weights))
            wider = new.state_dict()[first].clone()
            wider[:, :n_kept] = weights[first][:, :n_kept]
            new.load_state_dict(weights | {first: wider})
            setattr(model, name, new)
        model.latent_size = latent_size
        self._state.optimizers.pop("generator", None)  # its averages belong to the weights that were
        self.z = _widened(model.latent(FOLLOWED, seed=1), self.z)
        self.many = _widened(model.latent(COUNTED, seed=2), self.many)
        self._begin()

    def turn(self, index: int) -> str:
        """Who moves in the step after `index` steps: the hand's choice, else both players after enough of D alone."""
        if self.hand is not None:
            return self.hand
        return "both" if self.alone["discriminator"] + 1 >= self.settings["discriminator_steps"] else "discriminator"

    def steps(self) -> Iterator[Step]:
        """The model's own steps; in slow motion each is yielded several times, phase by phase, under one index."""
        while True:
            halves = self._halves(self.turn(self._step.index))
            yield from self._show(HALVES[halves[0]][:2])
            turn = self.turn(self._step.index)  # a hand may have been laid on meanwhile
            if self.settings["slow"] and self.hand is None and turn == "both":
                self._picture()
            self._step = next(self._learning)  # it goes on for ever
            self.made["discriminator"] += turn != "generator"
            if self._camera is not None:
                self._camera.discriminator.load_state_dict(self.model.discriminator.state_dict())
                for phase in ("D3", *HALVES["generator"][:2]):
                    if self._camera is not None:
                        yield from self._show((phase,))
                if self._camera is not None and self.hand in ("discriminator", "both"):
                    # The generator's move has not been seen, and now is not to come: the step was D's alone.
                    self._take_back()
                    self._note("discriminator")
                    continue
                self._camera = None
            self.made["generator"] += turn != "discriminator"
            self._note(turn)
            if self.hand is None and not self.settings["slow"]:
                self.phase = "play"
            else:
                self.phase = "both" if self.hand == "both" else HALVES[self._halves(turn)[-1]][2]
            self.hand = None
            yield self._step

    def _picture(self) -> None:
        # The model, and the averages of the generator's optimizer, before a step.
        adam = self._state.optimizers.get("generator")
        self._camera, self._averages = copy.deepcopy(self.model), adam and copy.deepcopy(adam.state_dict())

    def _take_back(self) -> None:
        self.model.load_state_dict(self._camera.state_dict())
        self._camera, adam = None, self._state.optimizers["generator"]
        if self._averages is None:
            adam.state.clear()
        else:
            adam.load_state_dict(self._averages)

    def _show(self, phases: tuple[str, ...]) -> Iterator[Step]:
        for phase in phases:
            if self.hand is not None or not self.settings["slow"]:
                return
            self.phase = phase
            yield self._step

    def _halves(self, turn: str) -> tuple[str, ...]:
        return BOTH if turn == "both" else (turn,)

    def _begin(self) -> None:
        # Goes on where the state stands: other points or another batch size need no other players.
        self._batch_size = self.settings["batch_size"]
        self._learning = self.model.steps(
            self.scene.x,
            epochs=None,
            batch_size=self._batch_size,
            learning_rate=lambda index: self.settings["generator_rate"],
            discriminator_learning_rate=lambda index: self.settings["discriminator_rate"],
            penalty=lambda index: self.settings["penalty"],
            turn=self.turn,
            state=self._state,
        )

    def _note(self, turn: str) -> None:
        self.alone = {name: self.alone[name] + 1 if turn == name else 0 for name in BOTH}
        for name in BOTH:
            self.curves[name].add(self._step.index, self._step.terms[name])
        # A strong discriminator is sure before the first note, and a hand may stop it anywhere.
        if self._step.index < self._fresh + EVERY or self.hand is not None:
            self.largest_norm = max(self.largest_norm, self._gradient_norm())
        if self._step.index % EVERY == 0:
            note = take_note(self.model, self)
            self.notes.append(note)
            self.largest_norm = max(self.largest_norm, note.gradient_norm)
            few = list(self.notes)[-FEW:]
            if not hardly_better(float(np.median([one.quality for one in few])), self.chance):
                self.most = max(self.most, float(np.median([one.found for one in few])))
            self.curves["AUC"].add(self._step.index, note.auc)
            self.curves["found"].add(self._step.index, note.found)

    def _gradient_norm(self) -> float:
        return float(np.median(np.hypot(*self.model.sample_gradient(self.z)[1].T)))

    def _measure(self) -> None:
        # What is to be known of the real points alone.
        self.near = nearness(self.scene.x[:REAL])
        self.chance = by_chance(self.scene, self.near, FOLLOWED)


def _widened(z: np.ndarray, before: np.ndarray) -> np.ndarray:
    # Latent vectors whose first numbers are those of before, so that the points that are followed stay the same ones.
    n_kept = min(z.shape[1], before.shape[1])
    z[:, :n_kept] = before[:, :n_kept]
    return z
