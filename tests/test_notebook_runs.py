"""How notebooks are run as tests: cells in order in one kernel, however many messages, measured and printed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).parents[1]


@pytest.fixture
def course(tmp_path):
    """A folder whose tests run the way ours do, with two notebooks in it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "conftest.py", tmp_path)
    for part in ("machinery", "offline"):
        shutil.copytree(ROOT / "tests" / part, tmp_path / "tests" / part)
    (tmp_path / "notebooks").mkdir()
    for name in ("one", "two"):
        cells = ["import os; seen = [0]"]
        cells += [f"assert seen == list(range({place})), seen; seen.append({place})" for place in range(1, 8)]
        if name == "one":
            # Far more messages than a socket holds back, with some work between two of them, as a playground has it.
            play = "for place in range(2500): w.value = os.urandom(100_000)[:20_000]"
            cells += [f"import ipywidgets; w = ipywidgets.Image()\n{play}"]
        cells += ["assert os.environ['UDL_TEACH_STRICT'] == '1' and os.environ['OMP_NUM_THREADS'] == '1'"]
        whole = v4.new_notebook(cells=[v4.new_code_cell(text) for text in cells])
        nbformat.write(whole, tmp_path / "notebooks" / f"{name}.ipynb")
    return tmp_path


def test_two_workers_run_whole_notebooks_in_order_and_measure_them(course):
    command = [sys.executable, "-m", "pytest", "-n", "2", "notebooks"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=300)
    assert "19 passed" in done.stdout and done.returncode == 0, done.stdout + done.stderr
    for name in ("one", "two"):
        row = re.search(rf"notebooks/{name}\.ipynb +([\d.]+) +([\d.]+) +(\d+)$", done.stdout, re.MULTILINE)
        assert row, done.stdout
        assert float(row[1]) > 0 and float(row[2]) > 0 and int(row[3]) > 20
    assert "OVER BUDGET" not in done.stdout
