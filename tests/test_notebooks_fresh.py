"""The notebooks in the repository are what the builder makes of their sources, and carry no outputs."""

from pathlib import Path

import nbformat
import pytest

from udl_teach import build

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "solutions").glob("*.ipynb")])


def test_every_notebook_is_what_its_source_gives():
    from udl_teach.lesson.exercises import code
    from udl_teach.lesson.glossary import WORDS

    stale = build.stale(ROOT, words=WORDS, exercises=code)
    assert stale == [], "run `make notebooks`, commit what changed, and edit only solutions/*.py"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_notebook_in_the_repository_has_no_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
