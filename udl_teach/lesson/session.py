"""What this kernel remembers: which lesson runs, in which mode, and what was handed in."""

import os
from dataclasses import dataclass, field
from typing import Any

from udl_teach.lesson import show


class WrongAnswer(AssertionError):
    """In strict mode: an exercise is not right."""


class FalseClaim(AssertionError):
    """In strict mode: a claim does not hold."""


@dataclass
class Session:
    """The record of one kernel.

    Attributes:
        lesson: the lesson that was begun, such as "02", or "".
        solution: whether it is a solutions notebook.
        verdicts: the last verdict on each exercise.
        submissions: the learner's function for each exercise.
        attempted: exercises that were tried at least once.
        hints_seen: how many hints of each exercise were shown.
        asked: the questions asked by `predict`, by key.
        predictions: what was predicted.
        outcomes: what came out.
        said: sentences that are said once only.
    """

    lesson: str = ""
    solution: bool = False
    verdicts: dict[str, Any] = field(default_factory=dict)
    submissions: dict[str, Any] = field(default_factory=dict)
    attempted: set[str] = field(default_factory=set)
    hints_seen: dict[str, int] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)
    predictions: dict[str, Any] = field(default_factory=dict)
    outcomes: dict[str, Any] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)


current = Session()


def begin(lesson: str, solution: bool = False) -> None:
    """Begin a lesson: its checks in this kernel are forgotten, progress that was saved is not.

    Args:
        lesson: its number, such as "02".
        solution: True in a solutions notebook, where an exercise that is not attempted is an error in strict mode and
            nothing is written to the learner's progress.
    """
    current.lesson, current.solution = lesson, solution
    show.dress_page()
    for number in [key for key in current.verdicts if key.startswith(lesson + ".")]:
        del current.verdicts[number]
        current.submissions.pop(number, None)
    if "OMP_NUM_THREADS" not in os.environ:
        import torch

        # The lessons' layers are too small to share out, and threads that wait for each other on a busy or rationed
        # machine (two notebooks open, Binder's one core) are slower than one thread, up to a hundred times.
        torch.set_num_threads(1)


def strict() -> bool:
    """Whether a wrong answer or a false claim is an error (UDL_TEACH_STRICT=1)."""
    return os.environ.get("UDL_TEACH_STRICT", "") not in ("", "0")


def in_solution() -> bool:
    """Whether a solutions notebook runs (begun as one, or UDL_TEACH_SOLUTION=1)."""
    return current.solution or os.environ.get("UDL_TEACH_SOLUTION", "") not in ("", "0")
