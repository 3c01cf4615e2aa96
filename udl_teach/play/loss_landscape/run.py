"""What each objective asks at every score: its loss and the slope of it, and a walk downhill on that curve."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from udl_teach.models.adversarial.losses import OBJECTIVES, discriminator_loss, generator_loss
from udl_teach.training import Step

GENERATOR, ON_GENERATED, ON_REAL = "generator", "discriminator on generated", "discriminator on real"
WHOSE = (GENERATOR, ON_GENERATED, ON_REAL)
# Scores reach from -REACH to REACH in the picture; a walk rests where it has run off further than FAR.
REACH, FAR = 10.0, 100.0
SCORES = np.linspace(-REACH, REACH, 241)
# A walk that is as near to 0 as this has reached it; that of least squares on generated samples never crosses it.
NEAR = 0.005
# Below this share of its largest value in the picture a gradient is called small.
SMALL = 0.1
SATURATED, BOTTOM = "saturated", "at the bottom"


def loss_at(whose: str, objective: str, scores: torch.Tensor, other: float) -> torch.Tensor:
    """A loss of the library, averaged over the batch, at scores of shape (n,); those of the other kind are `other`."""
    others = torch.full_like(scores, other)
    if whose == GENERATOR:
        return generator_loss(others, scores, objective)
    real, generated = (scores, others) if whose == ON_REAL else (others, scores)
    return discriminator_loss(real, generated, objective)


def values_and_slopes(whose: str, objective: str, scores: np.ndarray, other: float) -> tuple[np.ndarray, np.ndarray]:
    """The loss of every single sample and its derivative with respect to that sample's score, both of shape (n,)."""
    batch = torch.tensor(scores, dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        (slopes,) = torch.autograd.grad(loss_at(whose, objective, batch, other), batch)
    with torch.no_grad():
        values = [loss_at(whose, objective, score, other).item() for score in batch[:, None]]
    # The mean over the batch gives each sample an n-th of its own slope.
    return np.array(values), len(batch) * slopes.numpy()


def reading(whose: str, objective: str, score: float, other: float) -> tuple[float, float]:
    """The loss and its slope at one score."""
    values, slopes = values_and_slopes(whose, objective, np.array([score]), other)
    return float(values[0]), float(slopes[0])


@dataclass(frozen=True)
class Curve:
    """A loss over SCORES."""

    values: np.ndarray  # the loss of a sample of that score, shape (len(SCORES),)
    slopes: np.ndarray  # its derivative, shape (len(SCORES),)

    def share(self, slope: float) -> float:
        """The size of a gradient as a share of the largest one in the picture."""
        return abs(slope) / float(np.abs(self.slopes).max())

    def state(self, value: float, slope: float) -> str:
        """SATURATED where the gradient is small though much is left to win, BOTTOM where little is, else nothing."""
        if self.share(slope) >= SMALL:
            return ""
        return SATURATED if value > (self.values.min() + self.values.max()) / 2 else BOTTOM


@lru_cache(maxsize=64)
def curve(whose: str, objective: str, other: float) -> Curve:
    """The curve of an objective."""
    return Curve(*values_and_slopes(whose, objective, SCORES, other))


def flat_parts(curve: Curve) -> list[tuple[float, float, str]]:
    """Where a gradient is small: (from, to, state), from left to right, in scores."""
    states = [curve.state(value, slope) for value, slope in zip(curve.values, curve.slopes, strict=True)]
    edges = [0, *(k for k in range(1, len(states)) if states[k] != states[k - 1]), len(states)]
    middles = np.concatenate([[SCORES[0]], (SCORES[1:] + SCORES[:-1]) / 2, [SCORES[-1]]]).tolist()
    return [(middles[k], middles[end], states[k]) for k, end in zip(edges, edges[1:], strict=False) if states[k]]


class Descent:
    """One score for each objective, walking downhill on its loss by plain gradient descent.

    Attributes:
        start: score at which all began; `other`: score of the samples of the other kind.
        scores: where each objective's score stands.
        upwards: whether downhill leads to higher scores: all but the discriminator's on generated samples do.
        begins_lost: whether the start lies on that side of 0 which the loss leads away from.
        reached: the step in which each first came to 0; None for not yet, or no need.
    """

    def __init__(self, settings: dict) -> None:
        """Stand at the start."""
        self.settings, self.whose = settings, settings["whose"]
        self.start, self.other = settings["score"], settings["real_score"]
        if self.whose == ON_REAL:
            self.start, self.other = self.other, self.start
        self.upwards = self.whose != ON_GENERATED
        self.begins_lost = self.start < 0 if self.upwards else self.start > 0
        self.scores = dict.fromkeys(OBJECTIVES, self.start)
        self.reached: dict[str, int | None] = dict.fromkeys(OBJECTIVES)

    def steps(self) -> Iterator[Step]:
        """Steps of gradient descent, for ever; a step's loss is the mean of all objectives' before it."""
        index = 0
        while True:
            index += 1
            losses = [self._walk(objective, index) for objective in OBJECTIVES]
            yield Step(index, 1, float(np.mean(losses)), {})

    def _walk(self, objective: str, index: int) -> float:
        score = self.scores[objective]
        value, slope = reading(self.whose, objective, score, self.other)
        if abs(score) < FAR:
            score = float(np.clip(score - self.settings["learning_rate"] * slope, -FAR, FAR))
            self.scores[objective] = score
        left = -score if self.upwards else score
        if self.begins_lost and self.reached[objective] is None and left < NEAR:
            self.reached[objective] = index
        return value


def start(settings: dict) -> tuple[Descent, Iterator[Step]]:
    """A new walk and its steps."""
    run = Descent(settings)
    return run, run.steps()
