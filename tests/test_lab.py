"""The learner's copy: work is never lost, new and changed lessons arrive; the lab opens, answers and closes."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udl_teach import lab

NAMES = ("00_start_here.ipynb", "01_hidden.ipynb")
TEXTS = st.sampled_from(["first", "second", "third"])


def course(folder, **texts):
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.ipynb").write_text(text)
    return sorted(folder.glob("*.ipynb"))


def test_lessons_are_copied_once(tmp_path):
    lessons = course(tmp_path / "course", a="A", b="B")
    assert lab.hand_out(lessons, tmp_path / "mine") == [f"Put into {tmp_path / 'mine'}: a, b."]
    assert [(tmp_path / "mine" / name).read_text() for name in ("a.ipynb", "b.ipynb")] == ["A", "B"]
    assert lab.hand_out(lessons, tmp_path / "mine", refresh=True) == []


def test_a_later_lesson_is_added_and_work_stays(tmp_path):
    lab.hand_out(course(tmp_path / "course", a="A"), tmp_path / "mine")
    (tmp_path / "mine" / "a.ipynb").write_text("my work")
    said = lab.hand_out(course(tmp_path / "course", b="B"), tmp_path / "mine")
    assert said == [f"Put into {tmp_path / 'mine'}: b."]
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "my work"


def test_a_changed_lesson_is_announced_and_put_beside_by_refresh(tmp_path):
    mine = tmp_path / "mine"
    lab.hand_out(course(tmp_path / "course", a="A"), mine)
    (mine / "a.ipynb").write_text("my work")
    changed = course(tmp_path / "course", a="A2")
    (said,) = lab.hand_out(changed, mine)
    assert "a has changed" in said and "--refresh" in said and len(list(mine.glob("*.ipynb"))) == 1
    (said,) = lab.hand_out(changed, mine, refresh=True, today="2026-11-23")
    assert "'a (new 2026-11-23).ipynb'" in said
    assert (mine / "a.ipynb").read_text() == "my work" and (mine / "a (new 2026-11-23).ipynb").read_text() == "A2"
    assert lab.hand_out(changed, mine, refresh=True) == []
    lab.hand_out(course(tmp_path / "course", a="A3"), mine, refresh=True, today="2026-11-23")
    assert (mine / "a (new 2026-11-23, 2).ipynb").read_text() == "A3"


def test_a_lesson_that_was_deleted_comes_again(tmp_path):
    lessons = course(tmp_path / "course", a="A")
    lab.hand_out(lessons, tmp_path / "mine")
    (tmp_path / "mine" / "a.ipynb").unlink()
    lab.hand_out(lessons, tmp_path / "mine")
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "A"


@pytest.mark.parametrize("damage", ["", "[1]", '{"a.ipynb": 3}', "not json"])
def test_a_damaged_manifest_costs_no_work(tmp_path, damage):
    lessons = course(tmp_path / "course", a="A")
    lab.hand_out(lessons, tmp_path / "mine")
    (tmp_path / "mine" / "a.ipynb").write_text("my work")
    (tmp_path / "mine" / lab.MANIFEST).write_text(damage)
    lab.hand_out(lessons, tmp_path / "mine", refresh=True)
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "my work"


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("course changes"), st.sampled_from(NAMES), TEXTS),
        st.tuples(st.just("learner writes"), st.sampled_from(NAMES), TEXTS),
        st.tuples(st.just("learner deletes"), st.sampled_from(NAMES), TEXTS),
        st.tuples(st.just("opened"), st.booleans(), TEXTS),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(ACTIONS)
def test_whatever_happens_no_file_of_the_learner_changes(actions):
    with tempfile.TemporaryDirectory() as place:
        source, mine = Path(place, "course"), Path(place, "mine")
        source.mkdir()
        lab.hand_out([], mine)
        for action, which, text in actions:
            if action == "course changes":
                (source / which).write_text(text)
            elif action == "learner writes":
                (mine / which).write_text("my " + text)
            elif action == "learner deletes":
                (mine / which).unlink(missing_ok=True)
            else:
                before = {path: path.read_text() for path in mine.glob("*.ipynb")}
                lab.hand_out(sorted(source.glob("*")), mine, refresh=which)
                assert before.items() <= {path: path.read_text() for path in mine.glob("*.ipynb")}.items()
                assert all((mine / path.name).exists() for path in source.glob("*"))
                assert not list(mine.glob(".*.new"))


def test_a_taken_port_is_one_sentence_and_a_free_one_is_found():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(lab.CannotOpen, match="leave --port out"):
            lab.free_port(taken.getsockname()[1])
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", lab.free_port()))


def test_the_lab_serves_this_machine_alone_and_asks_nobody_for_news():
    command = " ".join(lab.lab_command(Path("mine"), 8888))
    assert command.startswith(f"{sys.executable} -m jupyterlab")
    for option in ("ServerApp.ip=127.0.0.1", "LabApp.news_url=None", "NeverCheckForUpdate", "answer_yes=True"):
        assert option in command
    assert "token" not in command


def test_without_a_screen_no_browser_is_tried(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not lab.can_open_browser()
    monkeypatch.setenv("DISPLAY", ":0")
    assert lab.can_open_browser()


def test_without_jupyterlab_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(lab.CannotOpen, match="pip install"):
        lab.open_lab(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_the_address_opens_the_first_lesson_until_ctrl_c(tmp_path):
    command = [sys.executable, "-m", "udl_teach.cli", "lab", "--no-browser", "--folder", str(tmp_path / "my course")]
    pipe = subprocess.PIPE
    # Where the tests run in the background the shell has them ignore interrupts, which a child would inherit.
    heeding = {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True, **heeding) as process:
        said = []
        for line in process.stdout:
            said.append(line)
            address = re.search(r"http://127\.0\.0\.1:(\d+)/lab/tree/00_start_here\.ipynb\?token=\w+", line)
            if address:
                break
        assert address, "".join(said)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address[0], timeout=30) as page:
            content = page.read()
        assert b'"news": {"disabled": true}' in content and b"apputils-extension:announcements" in content
        with pytest.raises(urllib.error.HTTPError) as refused:
            opener.open(f"http://127.0.0.1:{address[1]}/api/contents", timeout=30)
        refused.value.close()
        assert refused.value.code == 403
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait() == 0 and "Traceback" not in rest and "[y/" not in rest
