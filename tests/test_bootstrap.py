"""Installation: what is said when something is missing, and when an environment is made, kept or made again."""

import ast
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from udl_teach import bootstrap

SOURCE = Path(bootstrap.__file__)


def test_an_old_python_hands_over_to_the_newest_on_the_path(monkeypatch):
    monkeypatch.setattr(shutil, "which", {"python3.12": "/usr/bin/python3.12", "python3.10": "x"}.get)
    assert bootstrap.newer_python() == "python3.12"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(bootstrap.Missing, match="^Python 3.10 or newer is needed, this is 3."):
        bootstrap.newer_python()


def test_nothing_but_the_standard_library_is_imported():
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("WARNING: Retrying after connection broken by 'NewConnectionError(...)'", "needs the network"),
        ("Temporary failure in name resolution", "needs the network"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "No space is left"),
        ("ERROR: No matching distribution found for torch==2.13.0", "no torch for this Python"),
        ("ERROR: [Errno 13] Permission denied: '/usr/lib'", "not permitted"),
        ("Collecting x\nERROR: something else\n", "could not be installed (ERROR: something else)"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said, sentence):
    assert sentence in bootstrap.in_words(said)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder, with a space in its name, whose installations are only written down."""
    root = tmp_path / "a project"
    (root / "tests" / "versions").mkdir(parents=True)
    for name in ("pyproject.toml", "constraints.txt", "tests/versions/lowest.txt"):
        (root / name).write_text("first\n")
    calls = []
    make = subprocess.run

    def made(command, **options):
        calls.append("venv")
        return make([*command, "--without-pip"], **options)

    monkeypatch.setattr(subprocess, "run", made)
    monkeypatch.setattr(bootstrap, "has_torch", lambda _: True)
    monkeypatch.setattr(bootstrap, "pip", lambda root, python, arguments, log: calls.append(arguments[-1]))
    return root, calls


def prepare(project, *extras):
    root, calls = project
    calls.clear()
    bootstrap.prepare(root, extras)
    return list(calls)


def test_what_is_there_is_kept_and_what_is_missing_is_added(project):
    assert prepare(project, "lab") == ["venv", ".[lab]"]
    assert prepare(project, "lab") == []
    assert prepare(project, "lab", "test") == [".[lab,test]"]
    assert prepare(project, "lab") == []
    (project[0] / "constraints.txt").write_text("second\n")
    assert prepare(project, "lab") == [".[lab,test]"]
    assert prepare(project, "--lowest") == ["tests/versions/lowest.txt"]
    assert prepare(project, "--lowest") == []


def test_a_moved_folder_and_a_lost_python_are_made_again(project):
    prepare(project, "lab")
    moved = project[0].with_name("elsewhere")
    shutil.move(project[0], moved)
    assert prepare((moved, project[1]), "lab") == ["venv", ".[lab]"]
    bootstrap.python_of(moved / ".venv").unlink()
    assert prepare((moved, project[1]), "lab") == ["venv", ".[lab]"]


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, bootstrap.Missing])
def test_after_an_installation_that_did_not_end_the_next_run_goes_on(project, monkeypatch, stopped):
    def fails(*_):
        raise stopped

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "pip", fails)
        with pytest.raises(stopped):
            prepare(project, "lab")
    assert prepare(project, "lab") == [".[lab]"]


def test_an_environment_made_by_hand_is_installed_into(project):
    venv.create(project[0] / ".venv", with_pip=False, symlinks=os.name != "nt")
    (project[0] / ".venv" / "mine.txt").write_text("kept")
    assert prepare(project, "lab") == [".[lab]"]
    assert (project[0] / ".venv" / "mine.txt").exists()


def test_a_folder_that_is_no_environment_is_not_touched(project):
    (project[0] / ".venv").mkdir()
    (project[0] / ".venv" / "thesis.txt").write_text("mine")
    with pytest.raises(bootstrap.Missing, match="move it away"):
        prepare(project, "lab")
    assert (project[0] / ".venv" / "thesis.txt").read_text() == "mine"


def test_too_little_space_and_a_python_without_venv_are_said_first(project, monkeypatch):
    full = shutil._ntuple_diskusage(10**11, 10**11, 12 * 10**8)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: full)
        with pytest.raises(bootstrap.Missing, match="1.2 GB are left"):
            prepare(project, "lab")
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(bootstrap.Missing, match="sudo apt install python3"):
        prepare(project, "lab")
    assert project[1] == [] and not (project[0] / ".venv").exists()


def test_unknown_words_are_refused(project):
    with pytest.raises(bootstrap.Missing, match="labs is not known here; known are: lab, test"):
        prepare(project, "labs")


def test_a_failing_pip_leaves_its_words_in_a_log(tmp_path):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'connection broken: NewConnectionError'\nexit 1\n")
    fake.chmod(0o755)
    log = tmp_path / "install.log"
    log.write_text("Permission denied, in an earlier run\n")
    with pytest.raises(bootstrap.Missing, match="needs the network.*; pip's own words are in install.log.$"):
        bootstrap.pip(tmp_path, fake, ["torch"], log)
    assert "NewConnectionError" in log.read_text()


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PermissionError(13, "Permission denied"), 1, "This folder cannot be used"),
        (bootstrap.Missing("Something."), 1, "Something."),
        (KeyboardInterrupt(), 130, "\nInterrupted"),
    ],
)
def test_what_stops_it_is_one_sentence(monkeypatch, capsys, error, code, said):
    def refuse(*_):
        raise error

    monkeypatch.setattr(bootstrap, "prepare", refuse)
    assert bootstrap.main(["lab"]) == code
    assert capsys.readouterr().err.startswith(said)


def test_run_as_a_plain_file_it_needs_nothing_else(tmp_path):
    (tmp_path / "udl_teach").mkdir()
    shutil.copy(SOURCE, tmp_path / "udl_teach")
    (tmp_path / "pyproject.toml").write_text("")
    command = [sys.executable, "-I", str(tmp_path / "udl_teach" / "bootstrap.py"), "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("nonsense is not known here")
    assert "\n" not in done.stderr[:-1]


def test_a_stamp_says_what_is_there(project):
    prepare(project, "lab")
    assert json.loads((project[0] / ".venv" / bootstrap.STAMP).read_text())["extras"] == ["lab"]
