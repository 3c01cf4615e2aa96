"""Whether claims are judged as they should be: shifted seeds, room, what fell, and going on where it was stopped."""

import json
import math
import subprocess
import sys

import nbformat
import pytest

from udl_teach import sturdy

LESSON = """
import numpy as np, torch, sklearn.cluster, sklearn.model_selection
from udl_teach import data, inputs
from udl_teach.lesson import above, below, claim
rows = np.arange(40.0).reshape(-1, 1)
drawn = [torch.randn(1, generator=inputs.generator(0)).item(), torch.randn(1, generator=torch.manual_seed(0)).item()]
drawn.append(torch.randn(1, generator=torch.Generator().manual_seed(0)).item())
drawn.append(sklearn.cluster.KMeans(5, n_init=1, random_state=0).fit(rows).cluster_centers_.ravel().tolist())
kept = [data.moons(20, seed=0).x.tolist(), sklearn.model_selection.train_test_split(rows, random_state=0)[0].tolist()]
"""


def in_kernel(shift):
    ask = f"from udl_teach import seeds\nseeds.shift({shift})\n{LESSON}\nimport json; print(json.dumps([drawn, kept]))"
    return json.loads(subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout)


def test_seeds_of_learning_are_shifted_those_of_data_and_splits_are_not():
    (plain, kept), (shifted, shifted_kept) = in_kernel(0), in_kernel(3)
    assert all(a != b for a, b in zip(plain, shifted, strict=True)) and kept == shifted_kept


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([(1, -math.inf, 4), (3, -math.inf, 4)], 2.0),  # 2 +- 1, two below 4
        ([(1, 0.5, 4), (3, 0.5, 4)], 1.5),  # the nearer bound counts
        ([(1, -math.inf, 3), (3, -math.inf, 5)], math.inf),  # a bound that moves along
        ([(5, -math.inf, 4), (5, -math.inf, 4)], -math.inf),
        ([(math.nan, -math.inf, 4), (5, -math.inf, 4)], -math.inf),
    ],
)
def test_room_is_the_distance_to_the_bound_in_standard_deviations(values, wanted):
    assert sturdy.room(values) == pytest.approx(wanted)


def run_of(*claims, error=None):
    return {"claims": [{"sentence": s, "holds": h, "comparisons": c} for s, h, c in claims], "error": error}


def test_weak_claims_are_named_and_counted():
    loose = [("good", True, [[1.0, -math.inf, 9.0]]), ("tight", True, [[1.0, -math.inf, 1.5]]), ("plain", True, [])]
    other = [("good", True, [[1.1, -math.inf, 9.0]]), ("tight", True, [[1.4, -math.inf, 1.5]]), ("plain", False, [])]
    lines, count = sturdy.weak({"here": run_of(*loose), "there": run_of(*other)})
    table = "\n".join(lines)
    assert count == 2 and table.count("WEAK") == 2
    assert "WEAK        1.5  tight" in table and "fell in 1 of 2: there" in table
    lines, count = sturdy.weak({"here": run_of(*loose), "there": run_of(error="a.ipynb, cell 3 of 9: KeyError: 'x'")})
    assert count == 1 and "STOPPED  there: a.ipynb, cell 3" in lines[0]


def test_a_run_that_was_stopped_goes_on(tmp_path, monkeypatch, capsys):
    cells = [nbformat.v4.new_code_cell(text) for text in (LESSON, "claim('a number', below(drawn[0], 9), rows.any())")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "00_try.ipynb")
    few = [variant for variant in sturdy.variants() if variant.name in ("seeds + 0", "seeds + 4")]
    monkeypatch.setattr(sturdy, "variants", lambda: few)
    asked = {"folder": tmp_path / "kept", "jobs": 2}
    assert sturdy.sturdy([tmp_path / "00_try.ipynb"], **asked) == 0
    assert "2 runs to make, 0 kept" in capsys.readouterr().out
    next((tmp_path / "kept").rglob("*-4.json")).unlink()
    assert sturdy.sturdy([tmp_path / "00_try.ipynb"], **asked) == 0
    said = capsys.readouterr().out
    assert "1 runs to make, 1 kept" in said and "a number" in said and "All claims are sturdy." in said


def test_every_other_rounding_is_there():
    names = [variant.name for variant in sturdy.variants()]
    assert len(names) == len(set(names)) == 16 and sum(name.startswith("seeds") for name in names) == 10
    assert {name.split(",")[0] for name in names[10:]} == {"plain", "avx2", "2 threads"}
