"""What a lesson's cells call around an exercise: check, grade, hint, solution."""

import ast
import re
import sys
from collections.abc import Callable
from html import escape
from typing import Any

from udl_teach.anatomy import BEGIN, END
from udl_teach.lesson import session, show
from udl_teach.lesson.exercises import exercise as find
from udl_teach.lesson.progress import attempted, record


def check(number: str, function: Any, *, seed: int | None = None, _seconds: float | None = None) -> Callable:
    """Run your function on fresh random arguments and say what came of it.

    Args:
        number: the exercise, such as "02.1"; a teacher's own by its path, such as "my_exercise.py".
        function: your function itself, without brackets.
        seed: draws the same arguments again; by default they are fresh every time.
        _seconds: how long your function may take; by default, ten seconds.

    Returns:
        Your function when it is right, ours until then, so that the lesson always runs to its end.

    Raises:
        ValueError: there is no such exercise.
        WrongAnswer: in strict mode (UDL_TEACH_STRICT=1): the answer is not right.
    """
    from udl_teach.lesson.verdict import NOT_ATTEMPTED, RIGHT, SECONDS, verdict_on

    exercise, now = find(number), session.current
    if function is exercise.solution:
        # The name stands for ours since an earlier check: what counts is what was handed in then.
        function = now.submissions.get(number, ...)
    verdict = verdict_on(exercise, function, seed=seed, seconds=SECONDS if _seconds is None else _seconds)
    now.submissions[number], now.verdicts[number] = function, verdict
    if verdict.status != NOT_ATTEMPTED:
        now.attempted.add(number)
        record("check", number, status=verdict.status, mistake=verdict.mistake, version=exercise.version)
    mark, sentences = _words(exercise, verdict)
    printed = list(verdict.printed)
    if verdict.left_out:
        printed.append(f"… and {verdict.left_out} more lines, left out")
    title = "It printed, in its first run:" if printed else ""
    if session.strict() and verdict.status != RIGHT and (verdict.status != NOT_ATTEMPTED or session.in_solution()):
        raise session.WrongAnswer(" ".join([mark, *sentences]))
    if broken := _broken_since(exercise.solution.__name__):
        sentences.insert(1, broken)
    look = {RIGHT: "right", NOT_ATTEMPTED: "plain"}.get(verdict.status, "not yet")
    show.notice(mark, sentences, look=look, code="\n".join(printed), code_title=title)
    return verdict.function if verdict.status == RIGHT else exercise.solution


class Grade(float):
    """1.0 or 0.0, with a sentence where a notebook shows it; as text it is a plain number, as nbgrader wants it."""

    sentence = ""

    def __repr__(self) -> str:
        """The number alone."""
        return float.__repr__(self)

    def _repr_html_(self) -> str:
        # A quiet line: the block above it, which the check has shown, says what is right or missing.
        return f"<small>{escape(self.sentence)}</small>"


def grade(number: str) -> Grade:
    """The points for what was handed in with `check`, whatever the name in the notebook stands for by now.

    Args:
        number: the exercise, such as "02.1".

    Returns:
        1.0 when the last submission was right, else 0.0.
    """
    exercise = find(number)
    verdict = session.current.verdicts.get(number)
    points = Grade(verdict is not None and verdict.status == "right")
    unchecked = " It was not checked yet." if verdict is None else ""
    points.sentence = f"{number} · {exercise.title}: {points:g} of 1 point.{unchecked}"
    return points


def hint(number: str) -> None:
    """Show one more hint of an exercise, from the general to the particular, below those shown before.

    Args:
        number: the exercise, such as "02.1".
    """
    exercise, now = find(number), session.current
    if not exercise.hints:
        show.notice("No hints.", [f'{number} · {exercise.title} has none. solution("{number}") shows the answer.'])
        return
    seen = min(now.hints_seen.get(number, 0) + 1, len(exercise.hints))
    now.hints_seen[number] = seen
    record("hint", number, place=seen)
    left = len(exercise.hints) - seen
    more = (
        f"{left} more: hint({number!r}) again."
        if left
        else f"That was the last one; solution({number!r}) shows the answer."
    )
    title = f"Hint {seen} of {len(exercise.hints)}." if seen == 1 else f"Hints 1 to {seen} of {len(exercise.hints)}."
    # Running the cell again replaces what it showed, so the earlier hints are shown again.
    show.notice(title, [*exercise.hints[:seen], more.replace("'", '"')])


def solution(number: str, *, now: bool = False) -> None:
    """Show the answer, once all hints were seen or an attempt was made.

    Args:
        number: the exercise, such as "02.1".
        now: show it at once (for teachers).
    """
    exercise, seen = find(number), session.current.hints_seen
    left = len(exercise.hints) - seen.get(number, 0)
    tried = number in session.current.attempted or attempted(number)
    if not (now or tried or left <= 0 or session.in_solution()):
        sentence = (
            "Try it once, even if you are not sure: the check tells you what is missing. "
            f'Or climb the hints, {left} left: hint("{number}"). Then the answer opens.'
        )
        show.notice("Not yet.", [sentence])
        return
    code = "\n".join(line for line in exercise.code.splitlines() if line.strip() not in (BEGIN, END))
    show.notice(
        "One right answer.", [f"{number} · {exercise.title}. Yours may look different and be as right."], code=code
    )


def _broken_since(name: str) -> str:
    """A sentence where the last cell that defines the function has a syntax error: an earlier one is checked."""
    ipython = sys.modules["IPython"].get_ipython() if show.in_notebook() else None
    for cell in reversed(ipython.user_ns.get("In", []) if ipython else []):
        if re.search(rf"^\s*def {name}\b", cell, re.MULTILINE):
            try:
                compile(cell, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)
            except SyntaxError as error:
                return f"Your last `{name}` has a syntax error in line {error.lineno}; an earlier version was checked."
            return ""
    return ""


def _words(exercise: Any, verdict: Any) -> tuple[str, list[str]]:
    title = f"{exercise.number} · {exercise.title}."
    helps = f'; hint("{exercise.number}") helps' if exercise.hints else ""
    goes_on = f"The lesson goes on with our function until yours is right{helps}."
    if verdict.status == "right":
        return "Right.", [part for part in (f"{title} Your function is used from here on.", verdict.sentence) if part]
    if verdict.status == "not attempted":
        return "Not attempted yet.", [f"{title} Put your answer in place of the `...` and run both cells.", goes_on]
    sentences = [title, *verdict.sentence.split("\n")]
    if verdict.line:
        text = f": `{verdict.line_text}`" if verdict.line_text else "."
        sentences.append(f"It happened in line {verdict.line} of your code{text}")
    return "Not yet.", [*sentences, goes_on]
