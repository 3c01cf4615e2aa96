"""What a lesson is made of: its source read into cells, and a list of what is missing from it.

The anatomy is the same in every lesson, so that a learner always knows where things stand: title, goals, the story with
its playground, predictions, claims and exercises, when it fails, check yourself, summary, where to read on.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CLOSING = ("When it fails", "Check yourself", "Summary", "Where to read on")
WORDS_HEADING = "Words of this lesson"


@dataclass(frozen=True)
class Cell:
    """One cell of a source: its kind ("markdown" or "code"), its text, its tags and the section it stands in."""

    kind: str
    text: str
    tags: tuple[str, ...] = ()
    section: str = ""

    def tag(self, start: str) -> str | None:
        """The rest of the first tag that starts with `start`, if there is one."""
        return next((tag.removeprefix(start) for tag in self.tags if tag.startswith(start)), None)

    def calls(self) -> list[tuple[str, str | None]]:
        """(dotted name, first argument if that is a text) of every function called in a code cell."""
        if self.kind != "code":
            return []
        plain = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in self.text.splitlines())
        found = []
        for node in ast.walk(ast.parse(plain)):
            if isinstance(node, ast.Call):
                first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
                found.append((ast.unparse(node.func), first if isinstance(first, str) else None))
        return found


@dataclass(frozen=True)
class Source:
    """A lesson as written: its file name without ending (`02_autoencoders`) and its cells."""

    name: str
    cells: tuple[Cell, ...] = field(repr=False)

    @property
    def number(self) -> str:
        """The lesson's two digits."""
        return self.name[:2]

    @property
    def sections(self) -> list[str]:
        """Headings of level 2, in order."""
        return list(dict.fromkeys(cell.section for cell in self.cells if cell.section))


def read(path: Path) -> Source:
    """Reads a source file; a cell's section is the last heading of level 2 at or above its start."""
    import jupytext

    # The header is for editors; its short form, on one line, jupytext would take for a cell.
    text = re.sub(r"\A# ---\n(?:#.*\n)*?# ---\n", "", path.read_text(encoding="utf-8"))
    section, cells = "", []
    for raw in jupytext.reads(text, fmt="py:percent").cells:
        headings = re.findall(r"^## +(.+?) *$", raw.source, re.MULTILINE) if raw.cell_type == "markdown" else []
        for heading in headings[:-1]:
            cells.append(Cell("heading", "", (), heading))
        section = headings[-1] if headings else section
        cells.append(Cell(raw.cell_type, raw.source, tuple(raw.metadata.get("tags", ())), section))
    return Source(path.stem, tuple(cells))


def problems(source: Source) -> list[str]:
    """What is missing from a lesson or stands in the wrong order, one sentence each; empty for a whole lesson."""
    found: list[str] = []

    def need(holds: bool, sentence: str) -> None:
        if not holds:
            found.append(sentence)

    number, sections = source.number, source.sections
    text = "\n".join(cell.text for cell in source.cells if cell.kind == "markdown")
    try:
        calls = [(cell, *call) for cell in source.cells for call in cell.calls()]
    except SyntaxError as error:
        return [f"a code cell is not valid Python: {error.msg} in {(error.text or '').strip()!r}."]

    need(text.startswith(f"# {number} · "), f'the first cell must start with the title "# {number} · ...".')
    need("{{badges}}" in text, "{{badges}} is missing under the title.")
    need("{{times " in text, "{{times reading=MINUTES}} is missing under the title.")
    need("**You need:**" in text, '"**You need:** ..." is missing under the title.')
    need(sum("setup" in cell.tags for cell in source.cells) == 1, 'there must be one cell tagged "setup".')

    need(sections[:1] == ["Goals"], 'the first section must be "## Goals".')
    need(tuple(sections[-4:]) == CLOSING, f"the last four sections must be {', '.join(f'## {s}' for s in CLOSING)}.")
    need(len(sections) > 5, 'a story section (such as "## 1. ...") is missing between Goals and When it fails.')
    need(WORDS_HEADING not in sections, f'"## {WORDS_HEADING}" is written by the builder; take it out.')
    need("](glossary:" in text, "no word is linked to the glossary: write [word](glossary:word) at its first place.")

    need(any(name.startswith("play.") for _, name, _ in calls), "a playground is missing: call one of play.…(...).")
    need(any(name == "claim" for _, name, _ in calls), "a claim(...) is missing.")
    need(number == "00" or any(name == "comparison" for _, name, _ in calls), "comparison(...) is missing.")

    order = [(name, key) for _, name, key in calls if name in ("predict", "outcome")]
    need(any(name == "predict" for name, _ in order), "a predict(...) with its outcome(...) is missing.")
    for name, key in order:
        other = ("outcome", key) if name == "predict" else ("predict", key)
        need(other in order, f"{name}({key!r}) has no {other[0]}({key!r}).")
        if name == "predict" and other in order:
            need(order.index((name, key)) < order.index(other), f"outcome({key!r}) stands before its prediction.")

    questions = sum(name == "Question" for cell, name, _ in calls if cell.section == "Check yourself")
    need(any(name == "quiz" for cell, name, _ in calls if cell.section == "Check yourself"), "quiz(...) is missing.")
    need(4 <= questions <= 6, f"the quiz must have 4 to 6 questions; it has {questions}.")

    exercises = [cell.tag("exercise-") for cell in source.cells if cell.tag("exercise-")]
    fewest = 1 if number == "00" else 3
    need(len(exercises) >= fewest, f"there must be at least {fewest} exercise(s); there are {len(exercises)}.")
    wanted = [f"{number}.{place + 1}" for place in range(len(exercises))]
    need(exercises == wanted, f"exercises must be numbered {', '.join(wanted)}; they are {', '.join(exercises)}.")
    checks = [cell.tag("check-") for cell in source.cells if cell.tag("check-")]
    need(checks == exercises, f"checks must follow the exercises one by one; they are {', '.join(checks) or 'none'}.")
    for cell in source.cells:
        exercise, checked = cell.tag("exercise-"), cell.tag("check-")
        if exercise:
            placed = f'{{{{exercise("{exercise}")}}}}'
            need(placed in cell.text, f"the cell of exercise {exercise} must hold {placed}, alone on its line.")
        elif BEGIN in cell.text or END in cell.text:
            found.append(f"a solution marker stands outside an exercise's file: {cell.text.strip().splitlines()[0]!r}.")
        if checked:
            last = (cell.text.strip().splitlines() or [""])[-1]
            need(f'check("{checked}"' in cell.text, f'the check cell {checked} must call check("{checked}", ...).')
            need(last == f'grade("{checked}")', f'the last line of check cell {checked} must be grade("{checked}").')
    return found
