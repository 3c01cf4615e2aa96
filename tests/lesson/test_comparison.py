"""The comparison table: what a row measures, how rows meet, where they are found and collected."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from udl_teach.lesson import comparison, comparison_row, session
from udl_teach.lesson.comparison import committed_file, merged, pooled


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
    monkeypatch.setattr(session, "current", session.Session())


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
    assert [line.split()[0] for line in lines[3:7]] == ["PCA", "SOM", "autoencoder", "PCA"]
    assert "0.0111" in lines[3] and lines[3].endswith("this lesson")
    assert "–" in lines[4] and lines[4].endswith("the course")
    assert "yes" in lines[5]
    assert "Squared error per pixel" in lines[1] and "Can it sample?" in lines[1]


def test_a_lesson_shows_the_rows_that_its_learner_has_met(tmp_path, capsys, monkeypatch):
    path = tmp_path / "rows.json"
    stored = [("raw", None), ("PCA", "01"), ("autoencoder", "02"), ("denoiser", "03"), ("GAN", "07")]
    path.write_text(json.dumps([row(name, 2, lesson=lesson) if lesson else row(name, 2) for name, lesson in stored]))

    def shown(lesson):
        monkeypatch.setattr(session, "current", session.Session(lesson=lesson))
        comparison([row("autoencoder", 2, lesson="02")], path)
        lines = capsys.readouterr().out.split("How to read it.")[0].splitlines()[3:]
        return [(line.split()[0], line.split("  ")[-1]) for line in lines]

    raw, own = ("raw", "the course"), ("autoencoder", "this lesson")
    assert shown("01") == [raw, ("PCA", "lesson 01"), own]
    assert shown("02") == [raw, ("PCA", "lesson 01"), own]
    assert shown("05") == [raw, ("PCA", "lesson 01"), own, ("denoiser", "lesson 03")]
    assert [name for name, _ in shown("")] == ["raw", "PCA", "autoencoder", "denoiser", "GAN"]


def test_a_row_remembers_the_lesson_that_made_it_and_the_course_knows_all_of_its_own(monkeypatch):
    pytest.importorskip("udl_teach.metrics")
    monkeypatch.setattr(session, "current", session.Session(lesson="02"))
    assert comparison_row("same", 10, Blobs(0), Blobs(1), encode=lambda x: x, seconds=2)["lesson"] == "02"
    rows = json.loads(committed_file().read_text(encoding="utf-8"))
    lessons = [path.name[:2] for path in committed_file().parent.glob("[0-9][0-9]_*.py")]
    assert rows and all(each["lesson"] in lessons for each in rows)


def test_rows_of_several_seeds_become_one_with_its_spread(tmp_path, capsys):
    seeds = [row("AE", 2, nmi=nmi, seconds=seconds) for nmi, seconds in ((0.6, 1.0), (0.7, 2.0), (0.8, 3.0))]
    seeds = [{**each, "error": None} for each in seeds]
    whole, alone = pooled([*seeds, row("PCA", 2)])
    assert whole["nmi"] == pytest.approx(0.7) and whole["seconds"] == 2 and whole["runs"] == 3
    assert whole["spread"]["nmi"] == pytest.approx(0.1) and whole["error"] is None and "spread" not in alone
    comparison([*seeds, row("PCA", 2)], tmp_path / "none.json")
    lines = capsys.readouterr().out.splitlines()
    assert "0.70 ± 0.10" in lines[3] and "–" in lines[3] and "±" not in lines[4]
    assert "Compare rows with the same number of dimensions." in "".join(lines[5:])


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
