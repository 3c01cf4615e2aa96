"""Progress: what is saved, what it adds up to, and that nothing about the file can stop a lesson."""

import json
import subprocess
import sys

import pytest

from udl_teach.lesson import Question, check, predict, progress, quiz, session
from udl_teach.lesson.progress import events, file, record, report, rows


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(session, "current", session.Session())
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(tmp_path / "deep" / "folder"))
    monkeypatch.delenv("UDL_TEACH_STRICT", raising=False)
    monkeypatch.delenv("UDL_TEACH_SOLUTION", raising=False)
    return tmp_path / "deep" / "folder"


def row(lesson):
    return next(each for each in rows() if each[0] == lesson)


def test_the_table_counts_what_was_done(capsys):
    assert row("00")[1:4] == ("0 of 2", "0", "2")
    check("00.1", lambda x: ...)
    assert row("00")[1:4] == ("0 of 2", "0", "2")
    check("00.1", lambda x: x)
    assert row("00")[1:4] == ("0 of 2", "1", "1")
    check("00.1", lambda x: x - x.mean(axis=0))
    check("00.1", lambda x: x)
    assert row("00")[1:4] == ("1 of 2", "1", "1")
    predict("00.first", "Which?", ["a", "b"]).answer("a")
    predict("00.first", "Which?", ["a", "b"]).answer("b")
    asked = quiz("00.quiz", [Question("?", [("a", True, "x"), ("b", False, "y")])] * 4)
    asked.answer(1, 2)
    asked.answer(1, 1)
    asked.answer(2, 1)
    assert row("00")[4:] == ("1", "2", "1")
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out.strip() == report()
    assert "1 of 2" in report() and "Exercises right" in report() and str(file()) in report()


def test_a_key_without_a_lesson_belongs_to_the_one_that_was_begun():
    session.begin("07")
    record("prediction", "guess", said=1)
    assert row("07")[4] == "1"


def test_every_event_is_one_line_and_a_torn_line_costs_only_itself(folder, capsys):
    record("check", "00.1", status="wrong")
    with open(file(), "ab") as opened:
        opened.write(b'{"time": "2026", "lesson": "00", "ki')
    record("check", "00.1", status="right")
    with open(file(), "ab") as opened:
        opened.write(b"\xff\xfe\x00\n[1, 2]\n\n")
    record("check", "00.1", status="wrong")
    assert [event["status"] for event in events()] == ["wrong", "right", "wrong"]
    assert row("00")[1] == "1 of 2"
    assert capsys.readouterr().out.count("damaged") == 1
    json.loads(file().read_text(errors="replace").splitlines()[0])


def test_a_place_that_cannot_be_written_is_said_once_and_stops_nothing(folder, capsys, monkeypatch, tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    monkeypatch.setenv("UDL_TEACH_PROGRESS_DIR", str(blocked / "folder"))
    for _ in range(3):
        assert check("00.1", right) is right
    shown = capsys.readouterr().out
    assert shown.count("cannot be saved") == 1 and shown.count("Right.") == 3
    assert "UDL_TEACH_PROGRESS_DIR" in shown


def right(x):
    return x - x.mean(axis=0)


def test_neither_solutions_nor_test_runs_are_a_learners_progress(monkeypatch, tmp_path):
    session.begin("00", solution=True)
    check("00.1", right)
    session.begin("00")
    assert events() == []
    monkeypatch.delenv("UDL_TEACH_PROGRESS_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("UDL_TEACH_STRICT", "1")
    check("00.1", right)
    assert not file().exists()
    monkeypatch.delenv("UDL_TEACH_STRICT")
    check("00.1", right)
    assert file() == tmp_path / ".udl_teach" / "progress.jsonl" and len(events()) == 1


def test_the_report_needs_neither_torch_nor_widgets():
    code = (
        "import sys; from udl_teach.lesson import progress; print(progress.report());"
        "from udl_teach.lesson.progress import report; assert report() == progress.report();"
        "print(sorted({'torch', 'ipywidgets', 'matplotlib', 'sklearn'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.endswith("[]\n") and "0 of 2" in run.stdout
