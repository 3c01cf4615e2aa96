"""A run that is watched: what learns, its steps so far, and the recipe that makes it anew. No widgets here."""

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.training import Step


class Trail:
    """A measure along a run in a bounded number of points, however long the run.

    When it is full, every second point is dropped, and from then on half as many are kept.

    Args:
        every: steps that are averaged into one point; the point lies at the last of them.
        most: points kept at most.

    Attributes:
        index: step of each point.
        loss: mean value of the steps that belong to it.
    """

    def __init__(self, most: int = 1000, *, every: int = 1) -> None:
        """Begin with no points."""
        self.most, self.every = inputs.whole(most, "most", minimum=2), inputs.whole(every, "every", minimum=1)
        self.index: list[int] = []
        self.loss: list[float] = []
        self._stride = every
        self._waiting: list[float] = []

    def add(self, index: int, value: float) -> None:
        """Take the value of a step; the steps are numbered 1, 2, 3, ..."""
        self._waiting.append(value)
        if index % self.every:
            return
        value, self._waiting = sum(self._waiting) / len(self._waiting), []
        if index % self._stride:
            return
        self.index.append(index)
        self.loss.append(value)
        if len(self.index) > self.most:
            self._stride *= 2
            kept = [place for place, index in enumerate(self.index) if index % self._stride == 0]
            self.index = [self.index[place] for place in kept]
            self.loss = [self.loss[place] for place in kept]

    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """(steps, values), shape (n,) each."""
        return np.array(self.index, dtype=int), np.array(self.loss)


class Player:
    """Holds a run and advances it when asked.

    Args:
        start: recipe without arguments that returns a new pair: what learns, and the iterator of its steps. Reset
            calls it again, so the same recipe gives the same run.

    Attributes:
        model: what learns.
        step: the last step, or None before the first.
        history: the losses so far.
        finished: whether there is no further step.
        problem: a sentence when the loss became NaN or infinite and learning stopped there, else None.
    """

    def __init__(self, start: Callable[[], tuple[Any, Iterator[Step]]]) -> None:
        """Make the first run."""
        self.start = start
        self.reset()

    def reset(self) -> None:
        """Make everything anew from the recipe; if that fails, the run that was there stays as it was."""
        self.model, self._steps = self.start()
        self.step: Step | None = None
        self.history = Trail()
        self.finished = False
        self.problem: str | None = None

    @property
    def index(self) -> int:
        """Number of steps taken so far."""
        return 0 if self.step is None else self.step.index

    def advance(self, n: int = 1, seconds: float = math.inf) -> int:
        """Take up to `n` steps; returns how many were taken, fewer when the run ends or `seconds` are over.

        A first step is always taken, however long it lasts.
        """
        until = time.perf_counter() + seconds
        for taken in range(n):
            if self.finished or taken and time.perf_counter() > until:
                return taken
            try:
                step = next(self._steps)
            except StopIteration:
                self.finished = True
                return taken
            except FloatingPointError as error:
                self.finished, self.problem = True, str(error)
                return taken
            self.step = step
            self.history.add(step.index, step.loss)
        return n


def taken(player: Player) -> dict:
    """Settings that the run itself has moved since they were last taken: its `moved`, which is then empty."""
    moved, player.model.moved = player.model.moved, {}
    return moved
