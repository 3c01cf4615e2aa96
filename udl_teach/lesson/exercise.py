"""What an exercise is: one file with the function that is asked for, fresh arguments, the classic mistakes and hints.

A file of exercises is plain Python. It holds

- a docstring, whose first line is the title;
- the function that is asked for, its answer between `### BEGIN SOLUTION` and `### END SOLUTION`;
- `arguments(rng)`, which takes a NumPy generator and returns a tuple of fresh arguments. They should make every mistake
  visible on every draw: axes of different sizes, data that are not centred;
- the classic mistakes: functions under `@mistake`, or a `difference` to the answer;
- `HINTS`, a tuple of sentences from the general to the particular;
- where results are not all that counts, `judge(function, rng)`: it looks at more properties (a gradient, an edge case)
  of the learner's function and raises `Wrong` with one sentence. It runs when the results are right, and also when
  they are wrong in a way that no mistake explains;
- where equal results are not equal arrays, `agree(got, wanted)`, which returns whether a learner's result will do.
"""

import ast
import re
import textwrap
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from udl_teach.anatomy import BEGIN, END
from udl_teach.lesson.values import close


class Wrong(Exception):
    """Raised by an exercise's judge: one sentence that tells the learner what is wrong."""


@dataclass(frozen=True)
class Mistake:
    """A classic mistake: a function that makes it, and what a learner is told whose function behaves alike.

    Attributes:
        function: the mistake itself, with the parameters of the function that is asked for.
        hint: one or two sentences.
        name: a few words, for tests and progress; those of the name that it has in its file.
    """

    function: Callable
    hint: str
    name: str = ""

    def __call__(self, *arguments: Any) -> Any:
        """Make the mistake."""
        return self.function(*arguments)


def mistake(function: Callable) -> Mistake:
    """Decorator of a function that makes a classic mistake; its docstring is the hint."""
    return Mistake(function, " ".join((function.__doc__ or "").split()))


def difference(answer: Callable, changes: dict[str, str], hint: str) -> Mistake:
    """A mistake named by how it differs from the right answer, for functions of many lines.

    Args:
        answer: the function that is asked for.
        changes: pieces of its code, one or more lines each, and what stands there instead, all changed at once, so
            that two lines can change places; indentation is carried over.
        hint: as in `Mistake`.

    Raises:
        ValueError: a piece does not occur exactly once.
    """
    import inspect

    code = textwrap.dedent(inspect.getsource(answer))
    places = [(*_place(code, old), new) for old, new in changes.items()]
    for start, end, new in sorted(places, reverse=True):
        line = code[code.rfind("\n", 0, start) + 1 : start]
        margin = line[: len(line) - len(line.lstrip())]
        code = code[:start] + textwrap.indent(textwrap.dedent(new).strip(), margin).lstrip() + code[end:]
    found: dict[str, Any] = {}
    exec(compile(code, f"<{answer.__name__}, changed>", "exec"), answer.__globals__, found)
    return Mistake(found[answer.__name__], " ".join(hint.split()))


def _place(code: str, piece: str) -> tuple[int, int]:
    # Line by line, whatever the indentation of the piece is.
    lines = [re.escape(line.strip()) for line in piece.strip().splitlines()]
    places = list(re.finditer(r"\n\s*".join(lines), code))
    if len(places) != 1:
        raise ValueError(f"changes: {piece.strip()!r} occurs {len(places)} times in the answer; it must occur once.")
    return places[0].span()


@dataclass(frozen=True)
class Exercise:
    """One exercise, as its file says it (see the top of `udl_teach/lesson/exercise.py`).

    Attributes:
        number: lesson and place, such as "02.1", or the path of a file of one's own.
        title: a few words.
        solution: the function that is asked for; it replaces the learner's until that one is right.
        arguments: returns fresh arguments.
        mistakes: in the order in which they are tried.
        hints: from the general to the particular.
        judge: looks at more than results, or None.
        agree: whether a result will do; by default, the same shape and nearly the same values.
        code: the function that is asked for, with its answer, as text.
    """

    number: str
    title: str
    solution: Callable
    arguments: Callable[[np.random.Generator], tuple]
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    judge: Callable[[Callable, np.random.Generator], None] | None = None
    agree: Callable[[Any, Any], bool] = close
    code: str = ""

    @property
    def version(self) -> str:
        """Changes with what is asked for: the function's code without its docstring and comments."""
        return version_of(self.code)


def code_of(text: str, name: str) -> str:
    """The function that an exercise's file asks for, with its answer: the one function with the solution's markers.

    Args:
        text: the whole file.
        name: of the file, for the message.

    Raises:
        ValueError: the file is not valid Python, or does not hold one such function.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ValueError(f"{name} is not valid Python: {error.msg} in line {error.lineno}.") from None
    lines, found = text.splitlines(), []
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef):
            # The end marker is a comment, which the tree does not know.
            block = lines[node.lineno - 1 : len(lines) if following is None else following.lineno - 1]
            stripped = [line.strip() for line in block]
            if BEGIN in stripped and END in stripped:
                last = max(len(block) - stripped[::-1].index(END), node.end_lineno - node.lineno + 1)
                found.append("\n".join(block[:last]))
    if len(found) != 1:
        raise ValueError(
            f"{name} holds {len(found)} functions with the markers {BEGIN} and {END}; it must hold one: the function "
            "that is asked for."
        )
    return found[0]


def version_of(code: str) -> str:
    """Eight hexadecimal digits of a function's code; docstring, comments and spaces do not count."""
    function = ast.parse(code).body[0]
    lines = code.splitlines()
    if ast.get_docstring(function) is not None:
        documented = function.body[0]
        del lines[documented.lineno - 1 : documented.end_lineno]
    kept = "".join("".join(line.split()) for line in lines if not line.lstrip().startswith("#"))
    return f"{zlib.crc32(kept.encode()):08x}"


def exercise_of(module: ModuleType, text: str, number: str) -> Exercise:
    """The exercise that a file holds.

    Args:
        module: the file, imported.
        text: its text.
        number: what it is called by.

    Raises:
        ValueError: something is missing; one sentence says what.
    """
    code = code_of(text, number)
    title = (module.__doc__ or "").strip().partition("\n")[0].rstrip(".")
    if not title:
        raise ValueError(f"{number} has no docstring; its first line must be the title of the exercise.")
    if not callable(getattr(module, "arguments", None)):
        raise ValueError(f"{number} has no function arguments(rng); it must return a tuple of fresh arguments.")
    hints = getattr(module, "HINTS", ())
    if not isinstance(hints, tuple) or not all(isinstance(hint, str) for hint in hints):
        raise ValueError(f"HINTS of {number} was {type(hints).__name__}; it must be a tuple of sentences.")
    mistakes = [
        replace(value, name=name.strip("_").replace("_", " "))
        for name, value in vars(module).items()
        if isinstance(value, Mistake)
    ]
    silent = [each.name for each in mistakes if not each.hint]
    if silent:
        raise ValueError(f"the mistake {silent[0]!r} of {number} has no docstring; it must be the hint for it.")
    return Exercise(
        number=number,
        title=title,
        solution=getattr(module, ast.parse(code).body[0].name),
        arguments=module.arguments,
        mistakes=tuple(mistakes),
        hints=hints,
        judge=getattr(module, "judge", None),
        agree=getattr(module, "agree", close),
        code=code,
    )
