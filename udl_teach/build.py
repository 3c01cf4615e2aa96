"""Makes a lesson's two notebooks, the learner's and the one with the answers, from its one source file.

    python -m udl_teach.build            writes notebooks/*.ipynb and solutions/*.ipynb (`make notebooks`)
    python -m udl_teach.build --check    writes nothing; fails and names every notebook that is stale
    python -m udl_teach.build 02         one lesson only
    python -m udl_teach.build 02 --draft the same, though parts of its anatomy are still missing

A source is `solutions/NN_name.py` in jupytext's percent format. What the builder adds or changes:

- `{{badges}}`, `{{times}}`, `{{setup}}` and `{{exercise("02.1")}}` (the function that it asks for, with its
  answer), each alone on its line, are written out;
- between `### BEGIN SOLUTION` and `### END SOLUTION` the learner's notebook has a stub (the markers are nbgrader's);
- a cell tagged `solution-only` or `student-only` goes to that notebook alone;
- `[bottleneck](glossary:bottleneck)` becomes a link to the last section, "Words of this lesson"; its title says what
  the word means, and from there a link leads back to the section where the word is first linked;
- "**Exercise 02.1.**" at the beginning of a paragraph becomes a heading with the function's name, and a heading stands
  above each playground: the table of contents lists them;
- a link to the next lesson stands at the end;
- cells tagged `exercise-02.1` and `check-02.1` get the metadata that nbgrader reads;
- the setup, quizzes, claims and what came out of a prediction are folded away under a line that names them;
- `{{times}}` says how long the lesson runs (measured) and how long it takes to read and do (computed by `sittings` in
  anatomy.py); a markdown cell tagged "sitting" begins a second sitting, which needs the cells tagged "setup" alone;

The same source gives the same bytes on every machine.
"""

import argparse
import difflib
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from udl_teach.anatomy import BEGIN, END, WORDS_HEADING, Cell, Source, problems, read, sittings

STUB = "return ...  # your code here"
VERSIONS = {"solution-only": "solution", "student-only": "student"}
TOOLKIT = """\
    Question, above, below, between, check, claim, comparison, comparison_row, glossary, grade, hint, outcome,
    predict, progress, quiz, solution,
"""
# On the first line of a cell Colab takes it for the title of a form, and shows the form in place of the code;
# JupyterLab shows the first line of a folded cell.
TITLES = {
    "setup": "#@title Setup: run this cell",
    "quiz": "#@title Check yourself: run this cell",
    "outcome": "#@title What came out: run this cell",
    "claim": "#@title Claim, checked here: run this cell",
}

SETUP = """\
import importlib.util
import subprocess
import sys

# Only on Colab, and only what is not there yet: no package of the host is replaced.
if "google.colab" in sys.modules and importlib.util.find_spec("udl_teach") is None:
    wanted = ["git+{repository}"]
    needed = ("pooch", "tqdm", "anywidget", "psygnal", "mlxtend")
    wanted += [name for name in needed if importlib.util.find_spec(name) is None]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *wanted], check=True)

from udl_teach import lesson
from udl_teach.lesson import (
{toolkit})

lesson.begin({arguments})"""


class LessonError(ValueError):
    """A source that cannot become a lesson; the message names the file and everything that is wrong with it."""


def stubbed(text: str) -> str:
    """An exercise's code as the learner gets it: every solution block becomes one line to fill in.

    Raises:
        ValueError: a marker has no partner, or a block does not stand inside a function.
    """
    lines, inside = [], False
    for line in text.splitlines():
        marker = line.strip()
        if marker in (BEGIN, END):
            if inside is (marker == BEGIN):
                raise ValueError(f"{marker} has no partner.")
            if marker == BEGIN:
                indentation = line[: len(line) - len(line.lstrip())]
                if not indentation:
                    raise ValueError(f"{BEGIN} must stand inside a function.")
                lines.append(indentation + STUB)
            inside = marker == BEGIN
        elif not inside:
            lines.append(line)
    if inside:
        raise ValueError(f"{BEGIN} has no partner.")
    if any("# BEGIN SOLUTION" in line or "# END SOLUTION" in line for line in lines):
        raise ValueError(f"a solution marker must be exactly {BEGIN} or {END}, alone on its line.")
    return "\n".join(lines)


def badges(repository: str, name: str) -> str:
    """Links that open the learner's notebook on Colab and Binder; words, not pictures, so that nothing is fetched."""
    owner = repository.removeprefix("https://github.com/").rstrip("/")
    if owner == repository.rstrip("/"):
        return f"[The course]({repository})"
    notebook = f"notebooks/{name}.ipynb"
    colab = f"https://colab.research.google.com/github/{owner}/blob/main/{notebook}"
    binder = f"https://mybinder.org/v2/gh/{owner}/main?labpath={quote(notebook, safe='')}"
    return f"[Open in Colab]({colab}) · [Open in Binder]({binder})"


def rounded(minutes: Sequence[float]) -> list[str]:
    """The minutes of each sitting as a learner is told them, to the nearest five."""
    return [str(max(5, 5 * round(each / 5))) for each in minutes]


def running_time(seconds: float | None, minutes: Sequence[float]) -> str:
    """The line under the title that says how long the lesson takes: seconds to run, minutes of each sitting."""
    if seconds is None:
        measured = "Not measured yet"
    else:
        measured = f"Runs in {max(1, round(seconds))} s on two idle cores (measured)"
    *first, last = rounded(minutes)
    if not first:
        return f"{measured} · about {last} minutes to read and do"
    number = {2: "two", 3: "three"}.get(len(minutes), str(len(minutes)))
    return f"{measured} · {number} sittings of about {', '.join(first)} and {last} minutes"


def anchor(text: str) -> str:
    """The name under which a page's links find a word or, as JupyterLab names them, a heading."""
    return text.replace(" ", "-")


def link_title(text: str) -> str:
    """A text as the title of a link in Markdown, without the signs that would end it or mean something else there."""
    return text.replace("\\", "\\\\").replace('"', "&quot;").replace("`", "")


def glossary_links(text: str, words: Mapping[str, str]) -> tuple[str, list[str]]:
    """Turns `[text](glossary:word)` into a link to the word, its meaning as the title; returns text and linked words.

    Raises:
        ValueError: a word is not in the glossary.
    """
    known = {word.casefold().replace(" ", "-"): word for word in words}
    linked = []

    def link(match: re.Match[str]) -> str:
        asked = match[1].strip().casefold().replace("%20", "-").replace(" ", "-")
        if asked not in known:
            near = [known[word] for word in difflib.get_close_matches(asked, known)]
            raise ValueError(f"the glossary has no {match[1]!r}{f'; near it: {near}' if near else ''}.")
        linked.append(known[asked])
        return f'](#{anchor(known[asked])} "{link_title(words[known[asked]])}")'

    return re.sub(r"\]\(glossary:([^)]*)\)", link, text), linked


def with_exercise_heading(text: str, exercises: Callable[[str], str]) -> str:
    """The text with a heading in place of "**Exercise 02.1.**", its title given there or the name of the function."""

    def heading(match: re.Match[str]) -> str:
        name = re.search(r"^def (\w+)", exercises(match[1]), re.MULTILINE)
        title = match[2] or (f"`{name[1]}`" if name else "")
        return f"#### Exercise {match[1]}{f' · {title}' if title else ''}\n\n"

    return re.sub(r"^\*\*Exercise (\d\d\.\d+)(?: ?[·:] ([^*]+?))?[.:]?\*\*[.:]? *", heading, text, flags=re.MULTILINE)


def shown(cell: Cell, exercises: Callable[[str], str]) -> str | None:
    """The text of a cell in the learner's notebook, exercises as stubs; None where it is not in that notebook."""
    if cell.kind == "heading" or "solution-only" in cell.tags:
        return None
    placed = re.compile(r'^\{\{exercise\("(.+)"\)\}\}$', re.MULTILINE)
    return placed.sub(lambda match: stubbed(exercises(match[1])), cell.text)


def nbgrader_metadata(cell: Cell) -> dict[str, Any]:
    """What nbgrader wants to know of an exercise cell (a solution) and of a check cell (one point, locked)."""
    exercise, checked = cell.tag("exercise-"), cell.tag("check-")
    if not (exercise or checked):
        return {}
    name = f"exercise-{exercise}" if exercise else f"check-{checked}"
    common = {"grade_id": name.replace(".", "-"), "schema_version": 3, "task": False}
    if exercise:
        return {"nbgrader": {**common, "grade": False, "locked": False, "solution": True}}
    return {"nbgrader": {**common, "grade": True, "locked": True, "points": 1, "solution": False}}


def cell_id(cell: Cell, seen: Counter[str]) -> str:
    """An id that depends on the cell alone: the exercise's name, or a hash of what stands in the source."""
    name = next((tag for tag in cell.tags if tag.startswith(("exercise-", "check-"))), None)
    text = name.replace(".", "-") if name else hashlib.sha256(f"{cell.kind}\n{cell.text}".encode()).hexdigest()[:12]
    seen[text] += 1
    return text if seen[text] == 1 else f"{text}-{seen[text]}"


def notebook(
    source: Source,
    version: str,
    *,
    words: Mapping[str, str],
    exercises: Callable[[str], str],
    repository: str,
    seconds: float | None,
    following: str,
) -> str:
    """The text of one notebook file.

    Args:
        source: the lesson, see `read`.
        version: "student" (stubs in place of answers) or "solution".
        words: the glossary, word -> what it means.
        exercises: gives the code of an exercise by its number.
        repository: the project's address, for badges and for Colab's setup.
        seconds: the measured running time, if there is one.
        following: a link to the next lesson, or "" after the last.

    Raises:
        LessonError: a marker without partner, an unknown word or an unknown {{name}}.
    """
    import nbformat
    from nbformat import v4

    solution = ", solution=True" if version == "solution" else ""
    setup = SETUP.format(repository=repository, toolkit=TOOLKIT, arguments=f'"{source.number}"{solution}')
    cells, seen, linked, section = [], Counter(), {}, ""

    def write_out(match: re.Match[str]) -> str:
        name, rest = match[1], match[2].strip()
        if name == "badges":
            return badges(repository, source.name)
        if name == "times" and not rest:
            # The same in both notebooks: the minutes of a learner, who gets stubs.
            return running_time(seconds, sittings(source, lambda cell: shown(cell, exercises)))
        if name == "setup":
            return setup
        if name == "exercise" and (number := re.fullmatch(r'\("(.+)"\)', rest)):
            return exercises(number[1])
        raise ValueError(
            f"{match[0]} is unknown; there are {{{{badges}}}}, {{{{times}}}}, {{{{setup}}}} and "
            '{{exercise("02.1")}}.'
        )

    for cell in source.cells:
        if cell.kind == "heading" or any(VERSIONS.get(tag, version) != version for tag in cell.tags):
            continue
        if cell.kind not in ("markdown", "code"):
            raise LessonError(f"solutions/{source.name}.py: a {cell.kind} cell; only markdown and code are known.")
        try:
            text = re.sub(r"^\{\{(\w+)([^{}]*)\}\}$", write_out, cell.text, flags=re.MULTILINE)
            # The markers are looked at for both versions: an error of the learner's would hide in the other.
            learners = stubbed(text) if cell.kind == "code" else text
            text = learners if version == "student" else text
            if cell.kind == "markdown":
                text = with_exercise_heading(text, exercises)
                section = next(iter(re.findall(r"^## (.+)$", text, re.MULTILINE)), section)
                text, new = glossary_links(text, words)
                linked = dict.fromkeys(new, section) | linked
        except ValueError as error:
            raise LessonError(f"solutions/{source.name}.py: {error}") from None
        folded = {}
        if cell.folded:
            text = f"{TITLES[cell.folded]}\n{text}"
            folded = {"cellView": "form", "jupyter": {"source_hidden": True}}
        make = v4.new_code_cell if cell.kind == "code" else v4.new_markdown_cell
        tags = [tag for tag in cell.tags if tag not in VERSIONS]
        for name in dict.fromkeys(re.findall(r"\bplay\.(\w+)\(", text) if cell.kind == "code" else []):
            heading = Cell("markdown", f"#### Playground: `{name}`")
            cells.append(v4.new_markdown_cell(heading.text, id=cell_id(heading, seen)))
        metadata = {**({"tags": tags} if tags else {}), **nbgrader_metadata(cell), **folded}
        cells.append(make(text, metadata=metadata, id=cell_id(cell, seen)))

    if following:
        cells.append(v4.new_markdown_cell(f"**The next lesson:** {following}", id="next"))
    if linked:
        cells.append(v4.new_markdown_cell(words_section(linked, words), id="words"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    nbformat.validate(whole)
    return nbformat.writes(whole) + "\n"


def words_section(linked: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The last section: every linked word once, in the order of the alphabet, with a way back to its first section.

    Words are no headings, because headings fill the table of contents.
    """
    entries = []
    for word in sorted(linked, key=str.casefold):
        section = linked[word]
        back = f' [↩](#{quote(anchor(section))} "{link_title(f"Back to {section}")}")' if section else ""
        entries.append(f'<a id="{anchor(word)}"></a>**{word}**: {words[word]}{back}')
    return "\n\n".join([f"## {WORDS_HEADING}", *entries])


def repository_address(folder: Path) -> str:
    """The project's address, from `[project.urls]` in pyproject.toml and nowhere else."""
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^Repository *= *"([^"]+)"', text, re.MULTILINE)
    if not found:
        raise LessonError("pyproject.toml has no Repository under [project.urls]; badges need one.")
    return found[1].rstrip("/")


def measured_times(folder: Path) -> dict[str, float]:
    """Seconds of each lesson, by file name without ending, from solutions/times.json (`make times` writes it)."""
    path = folder / "solutions" / "times.json"
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {name: row["seconds"] if isinstance(row, dict) else row for name, row in rows.items()}


def build(
    path: Path, *, words: Mapping[str, str], exercises: Callable[[str], str], folder: Path, draft: bool = False
) -> dict[Path, str]:
    """Both notebooks of one source.

    Args:
        path: the source, `solutions/NN_name.py`.
        words: the glossary, word -> what it means.
        exercises: gives the code of an exercise by its number.
        folder: the repository's root, where pyproject.toml and solutions/times.json are read.
        draft: missing parts are printed instead of raised.

    Returns:
        The text of each notebook by the path where it belongs.

    Raises:
        LessonError: something is missing from the lesson, or wrong in it; the message lists it.
    """
    if not re.fullmatch(r"\d\d_\w+", path.stem):
        raise LessonError(f"{path.name}: a lesson's file is named like 02_autoencoders.py.")
    source = read(path)
    if missing := problems(source):
        message = f"solutions/{path.name}:\n" + "\n".join(f"  - {sentence}" for sentence in missing)
        if not draft:
            raise LessonError(message)
        print(message, file=sys.stderr)
    times = measured_times(folder)
    about = {
        "words": words,
        "exercises": exercises,
        "repository": repository_address(folder),
        "seconds": times.get(path.stem, times.get(source.number)),
        "following": link_to_next(path),
    }
    return {
        folder / "notebooks" / f"{path.stem}.ipynb": notebook(source, "student", **about),
        folder / "solutions" / f"{path.stem}.ipynb": notebook(source, "solution", **about),
    }


def link_to_next(path: Path) -> str:
    """A link to the lesson that follows a source in its folder, by the title of that one; "" where none does."""
    later = [other for other in sources(path.parents[1]) if other.name > path.name]
    if not later:
        return ""
    title = re.search(r"^# # (.+)$", later[0].read_text(encoding="utf-8"), re.MULTILINE)
    return f"[{title[1] if title else later[0].stem}]({later[0].stem}.ipynb)"


def sources(folder: Path) -> list[Path]:
    """The lessons' source files, in order."""
    return sorted((folder / "solutions").glob("[0-9][0-9]_*.py"))


def stale(folder: Path, *, words: Mapping[str, str], exercises: Callable[[str], str]) -> list[str]:
    """Notebooks that are missing, differ from what their source gives, or have no source any more."""
    wanted: dict[Path, str] = {}
    for path in sources(folder):
        wanted |= build(path, words=words, exercises=exercises, folder=folder)
    there = {path for part in ("notebooks", "solutions") for path in (folder / part).glob("*.ipynb")}
    different = [
        path for path, text in wanted.items() if path not in there or path.read_bytes() != text.encode("utf-8")
    ]
    return sorted(path.relative_to(folder).as_posix() for path in {*different, *(there - set(wanted))})


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    # The one import upwards: the command knows where glossary and exercises stand, the functions above are handed them.
    from udl_teach.lesson.exercises import code
    from udl_teach.lesson.glossary import WORDS

    parser = argparse.ArgumentParser(prog="python -m udl_teach.build", description="Notebooks from lesson sources.")
    parser.add_argument("lessons", nargs="*", metavar="NN", help="numbers of lessons; all when none is given")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a notebook is stale")
    parser.add_argument("--draft", action="store_true", help="write a lesson though parts of it are missing")
    parser.add_argument("--folder", type=Path, default=Path("."), help="the repository's root (default: here)")
    asked = parser.parse_args(arguments)
    try:
        if asked.check:
            names = stale(asked.folder, words=WORDS, exercises=code)
            for name in names:
                print(f"stale: {name}")
            print(f"Run `make notebooks`: {len(names)} stale." if names else "All notebooks are up to date.")
            return 1 if names else 0
        chosen = [path for path in sources(asked.folder) if not asked.lessons or path.stem[:2] in asked.lessons]
        if not chosen:
            known = ", ".join(path.stem[:2] for path in sources(asked.folder)) or "none"
            print(f"No such lesson; there are: {known}.", file=sys.stderr)
            return 2
        for path in chosen:
            for target, text in build(
                path, words=WORDS, exercises=code, folder=asked.folder, draft=asked.draft
            ).items():
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(text.encode("utf-8"))
                print(target)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
