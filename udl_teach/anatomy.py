"""What a lesson is made of: its source read into cells, what is missing from it, and how long it takes.

The anatomy is the same in every lesson, so that a learner always knows where things stand: title, goals, the story with
its playground, predictions, claims and exercises, when it fails, check yourself, summary, where to read on.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CLOSING = ("When it fails", "Check yourself", "Summary", "Where to read on")
WORDS_HEADING = "Words of this lesson"
WORDS_A_MINUTE, LINES_A_MINUTE, FORMULAS_A_MINUTE = 100, 20, 1


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

    def statements(self) -> list[ast.stmt]:
        """The statements of a code cell, lines for IPython left out."""
        return ast.parse(_plain(self.text)).body if self.kind == "code" else []

    @property
    def folded(self) -> str | None:
        """What a cell holds whose source is folded away ("setup", "quiz", "outcome" or "claim"); None if it is shown.

        Folded are the one cell that brings the toolkit, a quiz, a cell that only claims, and one that calls `outcome`
        and otherwise only compares, claims and prints: what it says would give a prediction's answer away.
        """
        if self.kind != "code":
            return None
        if re.search(r"^\{\{setup\}\}$", self.text, re.MULTILINE):
            return "setup"
        if "{{" in self.text:
            return None
        called = {
            ast.unparse(each.value.func) if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call) else ""
            for each in self.statements()
        }
        if "quiz(" in self.text and any(name == "quiz" for name, _ in self.calls()):
            return "quiz"
        if called == {"claim"}:
            return "claim"
        if "outcome" in called and all(map(_compares, self.statements())):
            return "outcome"
        return None

    def calls(self) -> list[tuple[str, str | None]]:
        """(dotted name, first argument if that is a text) of every function called in a code cell."""
        found = []
        for node in (node for statement in self.statements() for node in ast.walk(statement)):
            if isinstance(node, ast.Call):
                first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
                found.append((ast.unparse(node.func), first if isinstance(first, str) else None))
        return found


def _compares(statement: ast.stmt) -> bool:
    """Whether a statement only gives a name, chooses between such, or calls `outcome`, `claim` or `print`."""
    if isinstance(statement, ast.If):
        return all(map(_compares, [*statement.body, *statement.orelse]))
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func) in ("outcome", "claim", "print")
    return isinstance(statement, ast.Assign | ast.AugAssign)


def _plain(text: str) -> str:
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in text.splitlines())


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


def sittings(source: Source, shown: Callable[[Cell], str | None]) -> list[float]:
    """The minutes of each sitting, read and done with care; a cell tagged "sitting" begins a new one.

    Words count 100 a minute, lines of visible code 20, displayed formulas one; what is folded away does not count.

    Args:
        source: the lesson.
        shown: gives the text of a cell as the learner gets it; None for a cell that is not in that notebook.
    """
    minutes = [0.0]
    for cell in source.cells:
        text = shown(cell)
        if text is None or cell.folded:
            continue
        if "sitting" in cell.tags:
            minutes.append(0.0)
        words, lines, formulas = (_code if cell.kind == "code" else _prose)(text)
        minutes[-1] += words / WORDS_A_MINUTE + lines / LINES_A_MINUTE + formulas / FORMULAS_A_MINUTE
    return minutes


def _prose(text: str) -> tuple[int, int, int]:
    """Words, lines of code and displayed formulas of a markdown cell; a formula within a line counts as a word."""
    text, formulas = re.subn(r"\$\$.+?\$\$", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$[^$]+\$", " x ", text)
    return _words(re.sub(r"\]\([^)]*\)", "]", text)), 0, formulas


def _code(text: str) -> tuple[int, int, int]:
    """The same of a code cell: its sentences (comments, docstrings and other texts with spaces) count as words."""
    text = _plain(text)
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    literals = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    words = sum(_words(literal) for literal in literals if " " in literal.strip())
    words += sum(_words(comment.string) for comment in comments)
    # A line with nothing but a comment or a part of a docstring was read as words.
    told = {comment.start[0] for comment in comments if comment.line.lstrip().startswith("#")}
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, node.end_lineno + 1))
    lines = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    return words, len(lines - told), 0


def _words(text: str) -> int:
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


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
    need("{{times}}" in text, "{{times}} is missing under the title.")
    need("**You need:**" in text, '"**You need:** ..." is missing under the title.')
    setups = [cell for cell in source.cells if cell.folded == "setup"]
    need(len(setups) == 1 and "setup" in setups[0].tags, 'there must be one cell with {{setup}}, tagged "setup".')
    pauses = [cell for cell in source.cells if "sitting" in cell.tags]
    need(all(cell.kind == "markdown" for cell in pauses), 'a cell tagged "sitting" must be a markdown cell.')

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
