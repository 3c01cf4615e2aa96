"""Where the code runs, and where the course's own files lie: in a checkout, or inside the installed package."""

import sys
from pathlib import Path


class UnknownLesson(ValueError):
    """No lesson of that number and no file of that name; the message lists the lessons there are."""


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this code; does not import IPython to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def course_folder() -> Path:
    """The folder that holds the course's notebooks/ and solutions/.

    Raises:
        FileNotFoundError: the package was installed without its lessons.
    """
    package = Path(__file__).resolve().parent
    checkout = package.parent
    for folder in (package / "course", checkout):
        if (folder / "notebooks").is_dir() and (folder != checkout or (folder / "pyproject.toml").is_file()):
            return folder
    raise FileNotFoundError(f"{package} holds no lessons; install udl-teach again, from a wheel or its whole folder.")


def lessons(*, solution: bool = False) -> list[Path]:
    """The course's notebooks in order; with `solution` those that hold the answers."""
    return sorted((course_folder() / ("solutions" if solution else "notebooks")).glob("[0-9][0-9]_*.ipynb"))


def find_notebook(wanted: str, *, solution: bool = False) -> Path:
    """The notebook that a learner means.

    Args:
        wanted: a lesson's number ("02" or "2"), its name ("02_autoencoders"), or the path of a notebook.
        solution: look among the notebooks that hold the answers.

    Raises:
        UnknownLesson: there is no such lesson and no such file.
    """
    number = wanted.zfill(2) if wanted.isdigit() else wanted
    for path in lessons(solution=solution):
        if number in (path.name[:2], path.stem):
            return path
    path = Path(wanted)
    if path.suffix == ".ipynb" and path.is_file():
        return path
    known = ", ".join(path.stem for path in lessons(solution=solution)) or "none"
    raise UnknownLesson(f"There is no lesson or notebook {wanted!r}; the lessons are: {known}.")
