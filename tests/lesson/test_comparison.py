"""The comparison table: what a row measures, how rows meet, where they are found and collected."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from udl_teach.lesson import comparison, comparison_row
from udl_teach.lesson.comparison import committed_file, merged


class Blobs:
    """Ten well separated classes in ten dimensions."""

    def __init__(self, seed, n=300):
        rng = np.random.default_rng(seed)
        self.labels = np.arange(n) % 10
        self.x = (np.eye(10)[self.labels] * 5 + rng.normal(0, 0.1, (n, 10))).astype(np.float32)


def row(method, dimensions, **values):
    base = {"error": 0.0544, "nmi": 0.5, "purity": 0.6, "probe": 0.7, "can_sample": False, "seconds": 1.0}
    return {"method": method, "dimensions": dimensions, **base, **values}


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.delenv("UDL_TEACH_COMPARISON", raising=False)


def test_a_row_measures_codes_and_reconstructions():
    pytest.importorskip("udl_teach.metrics")
    measured = comparison_row(
        "shift", 10, Blobs(0), Blobs(1), encode=lambda x: x + 1, decode=lambda z: z - 0.5, can_sample=True, seconds=2
    )
    assert measured["error"] == pytest.approx(0.25, rel=1e-3)
    assert measured["nmi"] == pytest.approx(1) and measured["purity"] == 1 and measured["probe"] == 1
    assert measured["can_sample"] is True and measured["dimensions"] == 10
    json.dumps(measured)

    def noise(x):
        return torch.rand(len(x), 1, generator=torch.Generator().manual_seed(0), requires_grad=True)

    as_tensors = comparison_row("noise", 1, Blobs(0), Blobs(1), encode=noise, seconds=0.1)
    assert as_tensors["error"] is None and as_tensors["nmi"] < 0.2 and as_tensors["probe"] < 0.3


def test_live_rows_stand_among_the_committed_ones(tmp_path, capsys):
    path = tmp_path / "rows.json"
    path.write_text(
        json.dumps([row("PCA", 2), row("PCA", 8, error=0.0249), row("SOM", 2, error=None, can_sample=False)])
    )
    comparison([row("autoencoder", 2, error=0.0301, can_sample=True), row("PCA", 2, error=0.0111)], path)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[3:]] == ["PCA", "SOM", "autoencoder", "PCA"]
    assert "0.0111" in lines[3] and lines[3].endswith("this lesson")
    assert "–" in lines[4] and lines[4].endswith("the course")
    assert "yes" in lines[5]
    assert "Squared error a pixel" in lines[1] and "Can it sample?" in lines[1]


def test_one_row_and_no_file_are_a_table_too(tmp_path, capsys):
    for path in (tmp_path / "none.json", tmp_path):
        comparison(row("PCA", 2), path)
        assert "PCA" in capsys.readouterr().out
    (tmp_path / "broken.json").write_text("[{")
    comparison([row("PCA", 2)], tmp_path / "broken.json")


def test_rows_are_collected_in_a_file(tmp_path, monkeypatch):
    collected = tmp_path / "new" / "comparison.json"
    monkeypatch.setenv("UDL_TEACH_COMPARISON", str(collected))
    comparison([row("PCA", 2), row("PCA", 8)], tmp_path / "none.json")
    comparison([row("PCA", 2, error=0.01), row("SOM", 2)], tmp_path / "none.json")
    rows = json.loads(collected.read_text())
    assert [(each["method"], each["dimensions"], each["error"]) for each in rows] == [
        ("PCA", 2, 0.01),
        ("SOM", 2, 0.0544),
        ("PCA", 8, 0.0544),
    ]
    assert [path.name for path in collected.parent.iterdir()] == ["comparison.json"]


def test_a_row_without_a_name_is_refused():
    with pytest.raises(ValueError, match="lacks its method or its dimensions"):
        comparison([{"method": "PCA"}])


def test_merging_keeps_the_first_order_within_a_dimension():
    assert [r["method"] for r in merged([row("b", 2)], [row("c", 2), row("b", 2), row("a", 1)])] == ["a", "c", "b"]


def test_the_committed_rows_are_found_in_a_checkout_and_in_a_wheel(tmp_path, monkeypatch):
    assert committed_file() == Path(__file__).resolve().parents[2] / "solutions" / "comparison.json"
    module = sys.modules["udl_teach.lesson.comparison"]
    package = tmp_path / "site-packages" / "udl_teach"
    inside = package / "course" / "solutions" / "comparison.json"
    inside.parent.mkdir(parents=True)
    inside.write_text("[]")
    monkeypatch.setattr(module, "__file__", str(package / "lesson" / "comparison.py"))
    assert committed_file() == inside.resolve()
