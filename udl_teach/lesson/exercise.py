"""What an exercise is: a solution, fresh arguments to try it on, the classic mistakes as code, a ladder of hints."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from udl_teach.lesson.values import close


class Wrong(Exception):
    """Raised by an exercise's judge: one sentence that tells the learner what is wrong."""


@dataclass(frozen=True)
class Mistake:
    """A classic mistake as code.

    Attributes:
        name: a few words, for tests and teachers ("mean over the wrong axis").
        function: the mistake itself, with the parameters of the solution.
        hint: what a learner is told whose function behaves like this one.
    """

    name: str
    function: Callable
    hint: str


@dataclass(frozen=True)
class Exercise:
    """One exercise of one lesson.

    Attributes:
        number: lesson and place, such as "02.1"; written as a literal, because the progress table reads it as text.
        title: a few words.
        solution: the function that is asked for; it stands in for the learner's until that one is right.
        arguments: takes a numpy Generator, returns a tuple of fresh arguments for the function. Make what the
            mistakes get wrong visible on every draw (sizes of axes that differ, data that is not centred).
        mistakes: at least three.
        hints: from the general to the particular; the last one nearly gives the answer.
        judge: looks at more properties (a gradient, an edge case): takes the learner's function and a numpy
            Generator, raises `Wrong` with one sentence. It runs when the results are right, and also when they are
            wrong in a way that no mistake explains. None: the results are all that counts.
        compare: takes the learner's result and the wanted one, returns whether they agree. By default: the same shape
            and nearly the same values, numpy or torch, 32 or 64 bits.

    Raises:
        ValueError: the number is no exercise number, or mistakes or hints are missing or repeated.
    """

    number: str
    title: str
    solution: Callable
    arguments: Callable[[np.random.Generator], tuple]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    judge: Callable[[Callable, np.random.Generator], None] | None = None
    compare: Callable[[Any, Any], bool] = close

    def __post_init__(self) -> None:
        """Refuse an exercise that could not answer back."""
        if not re.fullmatch(r"\d\d\.\d+", self.number):
            raise ValueError(f'number was {self.number!r}; it must be lesson, point, place, such as "02.1".')
        if len({mistake.hint for mistake in self.mistakes}) != len(self.mistakes) or len(self.mistakes) < 3:
            raise ValueError(f"mistakes of {self.number}: there must be at least three, each with a hint of its own.")
        if not self.hints or len(set(self.hints)) != len(self.hints):
            raise ValueError(f"hints of {self.number}: there must be at least one, and no two alike.")
