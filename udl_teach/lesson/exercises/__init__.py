"""The exercises of all lessons, one file a lesson, found by number."""

import re
from importlib import import_module
from pathlib import Path

from udl_teach.lesson.exercise import Exercise


def lessons() -> tuple[str, ...]:
    """The numbers of the lessons that have exercises, such as ("00", "01")."""
    return tuple(sorted(path.stem[-2:] for path in Path(__file__).parent.glob("lesson_[0-9][0-9].py")))


def exercises(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of one lesson, such as "02"."""
    return import_module(f"{__name__}.lesson_{lesson}").EXERCISES


def exercise(number: str) -> Exercise:
    """The exercise of that number, such as "02.1".

    Raises:
        ValueError: there is none; the sentence lists those that there are.
    """
    if isinstance(number, str) and number.partition(".")[0] in lessons():
        for each in exercises(number.partition(".")[0]):
            if each.number == number:
                return each
    raise ValueError(f"number was {number!r}; it must be one of the exercises {', '.join(map(repr, numbers()))}.")


def numbers() -> tuple[str, ...]:
    """The numbers of all exercises, read from the files as text, so that nothing they need is imported."""
    found = []
    for lesson in lessons():
        text = (Path(__file__).parent / f"lesson_{lesson}.py").read_text(encoding="utf-8")
        found += re.findall(rf'\bnumber="({lesson}\.\d+)"', text)
    return tuple(found)
