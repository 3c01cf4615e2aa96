"""A learner's progress: one line of JSON an event, appended to a small local file.

The folder is named by UDL_TEACH_PROGRESS_DIR, else it is `.udl_teach` in the home folder. A place that cannot be
written to and lines that cannot be read never stop a lesson.
"""

import json
import os
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from udl_teach.lesson import session, show
from udl_teach.lesson.exercises import numbers, version

HEADER = ("Lesson", "Exercises right", "Tried", "Open", "Predictions", "Quiz answers", "Right at first try")


def file() -> Path:
    """Where progress is kept."""
    folder = os.environ.get("UDL_TEACH_PROGRESS_DIR")
    return (Path(folder) if folder else Path.home() / ".udl_teach") / "progress.jsonl"


def record(kind: str, key: str, **what: Any) -> None:
    """Append one event, in one write.

    Nothing is written for a solutions notebook, nor in strict mode (a test run) unless UDL_TEACH_PROGRESS_DIR is set.

    Args:
        kind: "check", "hint", "prediction" or "quiz".
        key: what it is about, such as "02.1".
        **what: more about it, made of text, numbers and truth values.
    """
    if session.in_solution() or session.strict() and not os.environ.get("UDL_TEACH_PROGRESS_DIR"):
        return
    lesson = key[:2] if re.match(r"\d\d\.", key) else session.current.lesson
    time = datetime.now(timezone.utc).isoformat(timespec="seconds")
    line = json.dumps({"time": time, "lesson": lesson, "kind": kind, "key": key, **what}) + "\n"
    try:
        file().parent.mkdir(parents=True, exist_ok=True)
        with open(file(), "ab+") as opened:
            # A line that was cut off (a full disk, a lost power) must not swallow this one.
            if opened.tell() > 0:
                opened.seek(-1, os.SEEK_END)
                line = line if opened.read(1) == b"\n" else "\n" + line
            opened.write(line.encode())
    except (OSError, RuntimeError) as problem:
        _say_once(
            f"Your progress cannot be saved in {_place()} ({type(problem).__name__}); the lesson works all the same. "
            "To save it elsewhere set UDL_TEACH_PROGRESS_DIR to a folder of yours."
        )


def events() -> list[dict]:
    """All events that were saved and can be read, oldest first."""
    try:
        lines = file().read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except (OSError, RuntimeError):
        _say_once(f"Your saved progress in {_place()} cannot be read; the lesson works all the same.")
        return []
    found, unreadable = [], 0
    for line in filter(None, lines):
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if isinstance(event, dict) and all(isinstance(event.get(name), str) for name in ("lesson", "kind", "key")):
            found.append(event)
        else:
            unreadable += 1
    if unreadable:
        _say_once(f"{unreadable} damaged line(s) in {_place()} were left out; the rest of your progress is there.")
    return found


def attempted(number: str) -> bool:
    """Whether an exercise was ever tried, in the version that it has today."""
    return any(each["key"] == number for each in _checks(events()))


def last_prediction(key: str) -> Any:
    """What was last predicted under that key, in this or an earlier sitting; None where nothing was."""
    said = [event.get("said") for event in events() if event["kind"] == "prediction" and event["key"] == key]
    return said[-1] if said else None


def rows() -> list[tuple[str, ...]]:
    """The progress table, one row per lesson.

    An exercise that was right once stays right, until another one takes its place. A teacher's own exercises count in
    the lesson in which they were checked.
    """
    saved = events()
    checks = _checks(saved)
    right = {each["key"] for each in checks if each.get("status") == "right"}
    tried = {each["key"]: each["lesson"] for each in checks}
    predicted, answered, at_first = {}, {}, set()
    for event in saved:
        if event["kind"] == "prediction":
            predicted[event["key"]] = event["lesson"]
        elif event["kind"] == "quiz":
            question = (event["key"], str(event.get("question")))
            if question not in answered and event.get("right") is True:
                at_first.add(question)
            answered.setdefault(question, event["lesson"])
    places = {key: key[:2] for key in numbers()} | {key: where for key, where in tried.items() if key.endswith(".py")}
    lessons = sorted({*places.values(), *tried.values(), *predicted.values(), *answered.values()})
    table = []
    for lesson in lessons:
        own = {key for key, where in places.items() if where == lesson}
        questions = [question for question, where in answered.items() if where == lesson]
        row = (
            f"{len(own & right)} of {len(own)}",
            len(own & set(tried)),
            len(own - set(tried)),
            sum(where == lesson for where in predicted.values()),
            len(questions),
            sum(question in at_first for question in questions),
        )
        table.append((lesson or "other", *map(str, row)))
    return table


def report() -> str:
    """The progress table as text; imports neither torch nor ipywidgets."""
    return show.table_text(f"Your progress (kept in {_place()})", HEADER, rows())


def progress() -> None:
    """Show how far you are: exercises, predictions and quiz answers, lesson by lesson."""
    show.table(f"Your progress (kept in {_place()})", HEADER, rows())


# The function is what `from udl_teach.lesson import progress` gives; the command line asks it for the text.
progress.report = report


def _checks(saved: list[dict]) -> list[dict]:
    """The checks among the events, but for those of an exercise that has been replaced by another one since."""
    checks = [each for each in saved if each["kind"] == "check"]
    last = {each["key"]: each.get("version") for each in checks}
    # A file of one's own may be out of reach from here: then its last check says what it was.
    now = {key: version(key) or seen for key, seen in last.items()}
    # A check without a version is older than versions are.
    return [each for each in checks if each.get("version") in (None, now[each["key"]])]


def _place() -> str:
    try:
        return str(file())
    except RuntimeError:
        return "your home folder"


def _say_once(sentence: str) -> None:
    if sentence not in session.current.said:
        session.current.said.add(sentence)
        show.notice("Note.", [sentence])
