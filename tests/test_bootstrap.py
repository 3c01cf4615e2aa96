"""Installation: what is said when something is missing, and when an environment is made, kept or made again."""

import ast
import errno
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


def choose(own_version, others=None, incomplete=()):
    return bootstrap.choose_python("own", own_version, (others or {}).get, lambda command: command not in incomplete)


def test_this_python_is_taken_when_it_is_new_enough():
    assert choose((3, 10), {"python3.13": (3, 13)}) == "own"


def test_an_old_python_hands_over_to_the_newest_on_the_path_that_runs():
    assert choose((3, 8), {"python3.12": (3, 12), "python3.10": (3, 10)}) == "python3.12"


@pytest.mark.parametrize("old", [(2, 7), (3, 9)])
def test_no_new_python_is_one_sentence(old):
    with pytest.raises(bootstrap.Missing, match=rf"^Python 3.10 or newer is needed, this is {old[0]}.{old[1]}: "):
        choose(old, {"python3.11": None})


def test_a_python_without_venv_is_passed_over_or_named():
    assert choose((3, 9), {"python3.12": (3, 12), "python3.11": (3, 11)}, ["python3.12"]) == "python3.11"
    with pytest.raises(bootstrap.Missing, match="sudo apt install python3.11-venv"):
        choose((3, 11), incomplete=["own"])


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
        ("ERROR: udl-teach requires a different Python: 3.9.2 not in '>=3.10'", "holds an older Python"),
        ("ERROR: [Errno 13] Permission denied: '/usr/lib'", "not permitted"),
    ],
)
def test_what_pip_says_becomes_a_sentence(said, sentence):
    assert sentence in bootstrap.sentence(said)
    assert bootstrap.sentence("ERROR: something else") is None


def test_too_little_space_is_said_before_anything_is_installed():
    with pytest.raises(bootstrap.Missing, match="1.2 GB are left"):
        bootstrap.check_space(1.2, "torch")
    bootstrap.check_space(3.5, "torch")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder, with a space in its name, whose installations are only written down."""
    root = tmp_path / "a project"
    (root / "tests" / "versions").mkdir(parents=True)
    for name in ("pyproject.toml", "constraints.txt", "tests/versions/lowest.txt"):
        (root / name).write_text("first\n")
    calls = []

    def make(python, environment):
        calls.append("venv")
        venv.create(environment, with_pip=False, symlinks=os.name != "nt")

    monkeypatch.setattr(bootstrap, "make_environment", make)
    monkeypatch.setattr(bootstrap, "install_torch", lambda *_: None)
    monkeypatch.setattr(bootstrap, "free_gigabytes", lambda _: 100.0)
    monkeypatch.setattr(bootstrap, "pip", lambda root, environment, arguments, log: calls.append(arguments[-1]))
    return root, calls


def prepare(project, *extras):
    root, calls = project
    calls.clear()
    bootstrap.prepare(str(root), extras, sys.executable)
    return list(calls)


def test_a_second_run_does_nothing(project):
    assert prepare(project, "lab") == ["venv", ".[lab]"]
    assert prepare(project, "lab") == []


def test_more_extras_are_added_and_fewer_change_nothing(project):
    prepare(project, "lab")
    assert prepare(project, "lab", "test") == [".[lab,test]"]
    assert prepare(project, "lab") == []


def test_changed_requirements_are_installed_into_what_is_there(project):
    prepare(project, "lab")
    (project[0] / "constraints.txt").write_text("second\n")
    assert prepare(project, "lab") == [".[lab]"]


def test_a_moved_folder_is_made_again(project, capsys):
    prepare(project, "lab")
    moved = project[0].with_name("elsewhere")
    shutil.move(project[0], moved)
    assert prepare((moved, project[1]), "lab") == ["venv", ".[lab]"]
    assert "was moved" in capsys.readouterr().out


def test_an_interrupted_installation_is_made_again(project, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            prepare(project, "lab")
    assert prepare(project, "lab") == ["venv", ".[lab]"]
    assert "interrupted" in capsys.readouterr().out


def test_after_a_failed_download_the_next_run_goes_on(project, monkeypatch):
    def failed(*_):
        raise bootstrap.Missing("no network")

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "pip", failed)
        with pytest.raises(bootstrap.Missing):
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


def test_an_environment_whose_python_is_gone_is_made_again(project):
    prepare(project, "lab")
    Path(bootstrap.python_of(str(project[0] / ".venv"))).unlink()
    assert prepare(project, "lab") == ["venv", ".[lab]"]


def test_the_oldest_versions_go_into_a_folder_of_their_own_once(project):
    assert prepare(project, "--lowest") == [os.path.join("tests", "versions", "lowest.txt")]
    assert prepare(project, "--lowest") == []


def test_unknown_words_are_refused(project):
    with pytest.raises(bootstrap.Missing, match="'?labs'? is not known here; known are: lab, test"):
        prepare(project, "labs")


def test_a_failing_pip_leaves_its_words_in_a_log(tmp_path, monkeypatch):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'connection broken: NewConnectionError'\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(bootstrap, "python_of", lambda _: str(fake))
    log = tmp_path / "install.log"
    with pytest.raises(bootstrap.Missing, match="needs the network.*; pip's own words are in install.log.$"):
        bootstrap.pip(str(tmp_path), str(tmp_path), ["torch"], str(log))
    assert "NewConnectionError" in log.read_text()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space is left on the disk"),
        (PermissionError(errno.EACCES, "Permission denied"), "This folder cannot be used"),
    ],
)
def test_a_disk_that_refuses_is_one_sentence_too(monkeypatch, capsys, error, said):
    def refuse(_):
        raise error

    monkeypatch.setattr(bootstrap, "with_lock", refuse)
    assert bootstrap.main(["lab"]) == 1
    assert capsys.readouterr().err.startswith(said)


def test_run_as_a_plain_file_it_needs_nothing_else(tmp_path):
    (tmp_path / "udl_teach").mkdir()
    shutil.copy(SOURCE, tmp_path / "udl_teach")
    (tmp_path / "pyproject.toml").write_text("")
    command = [sys.executable, "-I", str(tmp_path / "udl_teach" / "bootstrap.py"), "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (
        done.returncode == 1 and done.stderr.startswith("nonsense is not known here") and "\n" not in done.stderr[:-1]
    )


def test_a_stamp_says_what_is_there(project):
    prepare(project, "lab")
    stamp = json.loads((project[0] / ".venv" / bootstrap.STAMP).read_text())
    assert stamp["state"] == "complete" and stamp["extras"] == ["lab"]
