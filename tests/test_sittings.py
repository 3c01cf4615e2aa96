"""A lesson of two sittings: the setup and the second half run without anything of the first."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

from udl_teach.places import lessons
from udl_teach.running import run_notebook


def tags(cell):
    return cell.metadata.get("tags", ())


def second_half(notebook):
    """The notebook without what only the first sitting runs."""
    start = next((place for place, cell in enumerate(notebook.cells) if "sitting" in tags(cell)), None)
    if start is None:
        return None
    cells = [cell for place, cell in enumerate(notebook.cells) if place >= start or "setup" in tags(cell)]
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


HALVES = {path: second_half(nbformat.read(path, as_version=4)) for path in lessons(solution=True)}


TWO_SITTINGS = pytest.mark.parametrize(
    "path", [path for path, half in HALVES.items() if half], ids=lambda path: path.stem
)


def undefined(source):
    """The names that a program uses and nothing in it defines."""
    asked = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821", "--output-format", "concise", "-"]
    told = subprocess.run(asked, input=source, capture_output=True, text=True).stdout
    return re.findall(r"F821 Undefined name `(\w+)`", told)


@TWO_SITTINGS
def test_the_second_sitting_uses_no_name_of_the_first(path):
    code = [cell.source for cell in HALVES[path].cells if cell.cell_type == "code"]
    assert undefined("\n".join(code)) == []


def test_a_name_of_the_first_sitting_is_found():
    assert undefined("x = 1\nprint([x + y for _ in range(3)])\n") == ["y"]


@pytest.mark.skipif(not os.environ.get("UDL_TEACH_FUZZ"), reason="two minutes: `make fuzz` runs it")
@TWO_SITTINGS
def test_the_second_sitting_runs_in_a_fresh_kernel(path, tmp_path):
    nbformat.write(HALVES[path], tmp_path / path.name)
    assert run_notebook(tmp_path / path.name, environment={"UDL_TEACH_STRICT": "1"}).error is None


def test_what_only_the_first_sitting_runs_is_left_out():
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    setup, pause = {"tags": ["setup"]}, {"tags": ["sitting"]}
    cells = [text("a"), code("b", metadata=setup), code("c"), text("d", metadata=pause), code("e")]
    assert [cell.source for cell in second_half(nbformat.v4.new_notebook(cells=cells)).cells] == ["b", "d", "e"]
    assert second_half(nbformat.v4.new_notebook(cells=cells[:3])) is None
