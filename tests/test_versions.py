"""`make test-lowest` really runs the oldest versions, in the tests' own process and in the kernels they start."""

import importlib
import os
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement

from udl_teach.running import run_notebook

LOWEST = Path(__file__).parent / "versions" / "lowest.txt"
MODULES = {"scikit-learn": "sklearn", "scikit-image": "skimage", "pillow": "PIL", "ipython-genutils": None}


def wanted():
    """Module -> version, for this Python."""
    lines = LOWEST.read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    pins = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    modules = {MODULES.get(pin.name, pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    return {name: version for name, version in modules.items() if name}


@pytest.mark.skipif(not os.environ.get("UDL_TEACH_LOWEST"), reason="only make test-lowest runs the oldest versions")
@pytest.mark.filterwarnings("ignore")
def test_the_oldest_versions_are_what_runs(tmp_path):
    assert {name: importlib.import_module(name).__version__.removeprefix("v") for name in wanted()} == wanted()
    asks = f"import importlib\nfor name in {list(wanted())}: print(importlib.import_module(name).__version__)"
    cells = [nbformat.v4.new_code_cell(asks)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    result = run_notebook(tmp_path / "a.ipynb")
    said = "".join(output.text for output in result.notebook.cells[0].outputs if output.get("name") == "stdout")
    assert [version.removeprefix("v") for version in said.split()] == list(wanted().values())
