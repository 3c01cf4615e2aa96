"""The verdict on a learner's function: not attempted, raises, wrong with the misconception named, or right.

The function is run on fresh random arguments and its results are looked at; its source text never is.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from udl_teach.lesson import namespace, sandbox
from udl_teach.lesson.diagnosis import diagnosis
from udl_teach.lesson.exercise import Exercise, Wrong
from udl_teach.lesson.values import changed, copied, in_a_list

NOT_ATTEMPTED, RAISES, WRONG, RIGHT = "not attempted", "raises", "wrong", "right"
DRAWS = 8
# How long a learner's function may take, for all draws together; and one of our own mistakes.
SECONDS = 10.0


@dataclass(frozen=True)
class Verdict:
    """What a check came to.

    Attributes:
        status: "not attempted", "raises", "wrong" or "right".
        sentence: what the learner is told.
        mistake: the name of the recorded mistake that the function makes, or "".
        line: the number of the learner's own line that failed, 0 where there is none.
        line_text: the text of that line.
        printed: the first lines that the function printed in its first call.
        left_out: how many more there were.
        function: the learner's function, fit to be used (with its library names given back where they were lost).
    """

    status: str
    sentence: str = ""
    mistake: str = ""
    line: int = 0
    line_text: str = ""
    printed: tuple[str, ...] = ()
    left_out: int = 0
    function: Any = None


def verdict_on(
    exercise: Exercise, function: Any, *, seed: int | None = None, draws: int = DRAWS, seconds: float = SECONDS
) -> Verdict:
    """Run a learner's function and say what came of it.

    Args:
        exercise: the exercise.
        function: what the learner handed in; anything at all.
        seed: for arguments that can be repeated; None draws fresh ones.
        draws: on how many sets of arguments the function is run.
        seconds: how long it may take for all of them together.
    """
    if function is ...:
        return Verdict(NOT_ATTEMPTED)
    if not callable(function):
        what = "None" if function is None else f"{_short(function)} ({type(function).__name__})"
        return Verdict(WRONG, f"This check wants your function itself; it got {what}: {_how_to_call(exercise)}.")
    entropy = np.random.SeedSequence(seed).entropy
    sentence = _parameters_differ(exercise, function, entropy)
    if sentence:
        return Verdict(WRONG, sentence)
    first = _tried(exercise, function, namespace.apart(function), entropy, draws, seconds)
    if first.status in (NOT_ATTEMPTED, RIGHT) or first.mistake:
        return replace(first, function=function)
    mended, given_back = namespace.with_names_given_back(function)
    if not given_back or first.sentence.startswith(_TOO_LONG):
        return first
    second = _tried(exercise, function, mended, entropy, draws, seconds)
    if second.status == RIGHT:
        names = " and ".join(f"`{name}`" for name in given_back)
        note = f"In your notebook {names} no longer means what it did; it was given back here."
        return replace(second, sentence=note, function=mended)
    return second if first.status == RAISES and second.status == WRONG else first


_TOO_LONG = "Your function did not come to an end"


def _tried(
    exercise: Exercise, written: Callable, function: Callable, entropy: int, draws: int, seconds: float
) -> Verdict:
    rng = np.random.default_rng(entropy)
    own = (*namespace.own_globals(function), *namespace.own_globals(written))
    printed = sandbox.FirstLines()
    originals, wanted, outcomes, touched = [], [], [], ""
    left = seconds
    for draw in range(draws):
        original = exercise.arguments(rng)
        for_us, for_learner = copied(original), copied(original)
        want = exercise.solution(*for_us)
        output = printed if draw == 0 else sandbox.FirstLines()
        outcome = sandbox.call(function, for_learner, output, seconds=left, own=own)
        left -= outcome.seconds
        problem = _stopped(outcome, seconds)
        if problem is not None:
            hinted = _mistake_that_raises(exercise, original, outcome) if problem.status == RAISES else problem
            return replace(hinted or problem, printed=tuple(printed.lines), left_out=printed.left_out)
        touched = touched or _touched(exercise, original, for_us, for_learner)
        originals.append(original)
        wanted.append(want)
        outcomes.append(outcome.result)
    verdict = _looked_at(exercise, function, originals, wanted, outcomes, rng, left, own, seconds)
    if touched and verdict.status == RIGHT:
        verdict = Verdict(WRONG, f"Your results are right, but {touched}", mistake="changes its argument")
    elif touched:
        verdict = replace(verdict, sentence=f"{verdict.sentence} Also, {touched}")
    return replace(verdict, printed=tuple(printed.lines), left_out=printed.left_out)


def _looked_at(
    exercise: Exercise,
    function: Callable,
    originals: list[tuple],
    wanted: list,
    got: list,
    rng: np.random.Generator,
    left: float,
    own: tuple,
    seconds: float,
) -> Verdict:
    all_right = all(_agree(exercise, a, b) for a, b in zip(got, wanted, strict=True))
    if not all_right:
        for mistake in exercise.mistakes:
            if _makes(exercise, mistake.function, originals, got):
                return Verdict(WRONG, mistake.hint, mistake.name)
    if exercise.judge is not None:
        outcome = sandbox.call(exercise.judge, (function, rng), sandbox.FirstLines(), seconds=left, own=own)
        if isinstance(outcome.error, Wrong):
            hint = str(outcome.error)
            name = next((mistake.name for mistake in exercise.mistakes if mistake.hint == hint), "")
            return Verdict(WRONG, hint, name)
        problem = _stopped(outcome, seconds) if outcome.error is not None else None
        if all_right and problem is not None:
            return problem
    if not all_right:
        return Verdict(WRONG, diagnosis(originals, wanted, got))
    # A list of the right numbers would pass here and then break a later cell of the lesson.
    listed = next(filter(None, (in_a_list(a, b) for a, b in zip(got, wanted, strict=True))), "")
    return Verdict(WRONG, listed, "a list in place of an array") if listed else Verdict(RIGHT)


def _stopped(outcome: sandbox.Outcome, seconds: float) -> Verdict | None:
    error = outcome.error
    if error is None:
        open_end = outcome.result is ... or isinstance(outcome.result, tuple) and any(r is ... for r in outcome.result)
        return Verdict(NOT_ATTEMPTED) if open_end else None
    # A stub says nothing more; torch raises the same error, with words, where an operation does not fit its numbers.
    if isinstance(error, NotImplementedError) and not error.args:
        return Verdict(NOT_ATTEMPTED)
    where = {"line": outcome.line, "line_text": outcome.line_text}
    if isinstance(error, sandbox.TimeUp):
        return Verdict(
            RAISES, f"{_TOO_LONG} within {seconds:g} seconds and was stopped: is there an endless loop?", **where
        )
    if isinstance(error, SystemExit):
        return Verdict(
            RAISES, "Your function tried to leave Python with exit(); end it with `return` instead.", **where
        )
    if isinstance(error, RecursionError):
        return Verdict(RAISES, "RecursionError: your function calls itself without end.", **where)
    message = str(error).strip()
    message = message if len(message) <= 500 else message[:500] + " …"
    sentence = f"Your function stopped with {type(error).__name__}" + (f": {message}" if message else ".")
    if "ellipsis" in message.lower():
        sentence += ". There is still a `...` left to replace."
    return Verdict(RAISES, sentence, **where)


def _mistake_that_raises(exercise: Exercise, original: tuple, outcome: sandbox.Outcome) -> Verdict | None:
    problem = _stopped(outcome, 0.0)
    for mistake in exercise.mistakes:
        ours = sandbox.call(mistake.function, copied(original), sandbox.FirstLines(), seconds=SECONDS)
        if type(ours.error) is type(outcome.error) and str(ours.error) == str(outcome.error):
            return replace(problem, sentence=f"{problem.sentence}\n{mistake.hint}", mistake=mistake.name)
    return None


def _makes(exercise: Exercise, mistake: Callable, originals: list[tuple], got: list) -> bool:
    for original, have in zip(originals, got, strict=True):
        ours = sandbox.call(mistake, copied(original), sandbox.FirstLines(), seconds=SECONDS)
        if ours.error is not None or not _agree(exercise, have, ours.result):
            return False
    return True


def _agree(exercise: Exercise, got: Any, wanted: Any) -> bool:
    # An exercise's own comparison may trip over what a learner returns (None, text); then the two do not agree.
    try:
        return bool(exercise.agree(got, wanted))
    except Exception:
        return False


def _touched(exercise: Exercise, original: tuple, for_us: tuple, for_learner: tuple) -> str:
    names = list(inspect.signature(exercise.solution).parameters)
    for place, (before, ours, theirs) in enumerate(zip(original, for_us, for_learner, strict=True)):
        if changed(before, theirs) and not changed(before, ours):
            name = names[place] if place < len(names) else f"number {place + 1}"
            return (
                f"your function changed its argument {name}, and with it the caller's data: work on a new array "
                "(`a = a - b`, not `a -= b` or `a[...] = b`)."
            )
    return ""


def _parameters_differ(exercise: Exercise, function: Callable, entropy: int) -> str:
    arguments = exercise.arguments(np.random.default_rng(entropy))
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return ""
    try:
        signature.bind(*arguments)
    except TypeError:
        wanted = ", ".join(list(inspect.signature(exercise.solution).parameters)[: len(arguments)])
        yours = ", ".join(signature.parameters) or "nothing"
        count = f"{len(arguments)} argument{'s' * (len(arguments) > 1)}"
        return f"Your function must take {count} ({wanted}); yours takes {yours}."
    return ""


def _how_to_call(exercise: Exercise) -> str:
    name = exercise.solution.__name__
    return f'write check("{exercise.number}", {name}), without brackets after {name}'


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else text[:40] + " …"
