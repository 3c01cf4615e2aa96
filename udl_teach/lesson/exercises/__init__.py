"""The exercises of all lessons, one file each, found by number; and a teacher's own, found by their path."""

from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from udl_teach.lesson import show
from udl_teach.lesson.exercise import Exercise, code_of, exercise_of, version_of

HERE = Path(__file__).parent


def lessons() -> tuple[str, ...]:
    """The numbers of the lessons that have exercises, such as ("00", "01")."""
    return tuple(sorted(path.name[1:] for path in HERE.glob("l[0-9][0-9]") if (path / "__init__.py").exists()))


def numbers() -> tuple[str, ...]:
    """The numbers of all exercises; nothing that they need is imported."""
    return tuple(f"{lesson}.{place}" for lesson in lessons() for place in range(1, len(_order(lesson)) + 1))


def exercises(lesson: str) -> tuple[Exercise, ...]:
    """The exercises of one lesson, such as "02"."""
    return tuple(exercise(f"{lesson}.{place}") for place in range(1, len(_order(lesson)) + 1))


def exercise(number: str | Path) -> Exercise:
    """The exercise of that number, such as "02.1", or in a file of one's own, such as "my_exercise.py".

    Raises:
        ValueError: there is none, or the file is not an exercise; the sentence says what it must be.
    """
    path = file_of(number)
    if path.parent.parent == HERE:
        return _own(str(number))
    return _others(str(number), path.resolve(), path.stat().st_mtime_ns)


def file_of(number: str | Path) -> Path:
    """The file in which an exercise is written.

    Raises:
        ValueError: there is none of that number, or no such file.
    """
    if number in numbers():
        lesson, _, place = number.partition(".")
        return HERE / f"l{lesson}" / f"{_order(lesson)[int(place) - 1]}.py"
    if str(number).endswith(".py"):
        if Path(number).is_file():
            return Path(number)
        raise show.Sentence(f"number was {str(number)!r}, but there is no such file in {Path.cwd()}.")
    raise show.Sentence(
        f"number was {number!r}; it must be one of the exercises {', '.join(map(repr, numbers()))}, or the path of an "
        'exercise of your own, such as "my_exercise.py".'
    )


def code(number: str | Path) -> str:
    """The function that an exercise asks for, with its answer, as text; its file is read, not run."""
    return code_of(file_of(number).read_text(encoding="utf-8"), str(number))


def version(number: str | Path) -> str | None:
    """The version of an exercise's content, as `Exercise.version`; None where it cannot be read."""
    try:
        return version_of(code(number))
    except (ValueError, OSError):
        return None


def _order(lesson: str) -> tuple[str, ...]:
    return import_module(f"{__name__}.l{lesson}").ORDER


@cache
def _own(number: str) -> Exercise:
    path = file_of(number)
    module = import_module(f"{__name__}.{path.parent.name}.{path.stem}")
    return exercise_of(module, path.read_text(encoding="utf-8"), number)


@lru_cache(maxsize=16)
def _others(number: str, path: Path, changed: int) -> Exercise:
    # Read anew when the file has changed, so that a teacher can mend it while the notebook is open.
    text = path.read_text(encoding="utf-8")
    code_of(text, number)  # says in one sentence what Python would say in many
    module = ModuleType(f"exercise_{path.stem}")
    module.__file__ = str(path)
    try:
        exec(compile(text, str(path), "exec"), vars(module))
    except Exception as error:
        raise show.Sentence(f"{number} cannot be run: {type(error).__name__}: {error}") from error
    return exercise_of(module, text, number)
