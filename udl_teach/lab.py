"""The learner's own copy of the lessons, and the JupyterLab that opens it (`udl-teach lab`)."""

import datetime
import hashlib
import importlib.util
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterable
from pathlib import Path

MANIFEST = ".udl-teach.json"
FIRST = "00_start_here.ipynb"


class CannotOpen(RuntimeError):
    """The lab cannot be opened; the message is one sentence that says why and what to do."""


def hand_out(lessons: Iterable[Path], folder: Path, *, refresh: bool = False, today: str | None = None) -> list[str]:
    """Put the lessons into a learner's folder; what is there already is never written over.

    Args:
        lessons: the course's notebooks.
        folder: the learner's folder; made if it is not there.
        refresh: put a lesson that has changed since it was handed out beside the learner's, under a new name.
        today: the date for that name; None takes today's.

    Returns:
        Sentences that tell the learner what was done, none where nothing was.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = _read_manifest(folder)
    sentences, new = [], []
    for lesson in lessons:
        content = lesson.read_bytes()
        version = hashlib.sha256(content).hexdigest()
        known = given.setdefault(lesson.name, [])
        target = folder / lesson.name
        if not os.path.lexists(target):
            new.append(lesson.stem)
        elif version in known:
            continue
        elif refresh:
            target = _free_name(target, today or datetime.date.today().isoformat())
            sentences.append(f"{lesson.stem} has changed; the new one is {target.name!r}, yours stays as it is.")
        else:
            sentences.append(
                f"{lesson.stem} has changed since you got it; `udl-teach lab --refresh` puts it beside yours."
            )
            continue
        _write_atomically(target, content)
        if version not in known:
            known.append(version)
    if new:
        sentences.insert(0, f"Put into {folder}: {', '.join(new)}.")
    _write_atomically(folder / MANIFEST, json.dumps(given, indent=1, sort_keys=True).encode())
    return sentences


def open_lab(folder: Path, *, browser: bool = True, port: int | None = None) -> int:
    """Serve a folder with JupyterLab on this machine alone, open its first lesson, and wait until it is closed.

    Args:
        folder: what JupyterLab shows.
        browser: open a web browser where there is one; the address is printed in any case.
        port: the port to serve on; None takes a free one.

    Returns:
        JupyterLab's exit code; 0 after Ctrl-C.

    Raises:
        CannotOpen: JupyterLab is not installed, the port is taken, or the server ended before it answered.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise CannotOpen("JupyterLab is not installed here: run pip install 'udl-teach[lab]' and try again.")
    port = free_port(port)
    token = secrets.token_hex(24)
    # The token goes through the environment: a command line can be read by every user of the machine.
    environment = {**os.environ, "JUPYTER_TOKEN": token, "JUPYTER_PREFER_ENV_PATH": "1", **without_news()}
    server = subprocess.Popen(lab_command(folder, port), env=environment)
    try:
        _wait_until_it_answers(server, f"http://127.0.0.1:{port}/api/status?token={token}")
        address = f"http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}"
        opened = browser and can_open_browser() and webbrowser.open(address)
        print("The course is open in your browser, at" if opened else "Open this address in a browser:", flush=True)
        print(f"  {address}\nCtrl-C here closes it.", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        print("\nClosing JupyterLab.", flush=True)
        return 0
    finally:
        _end(server)


def without_news() -> dict[str, str]:
    """What the environment must say so that JupyterLab does not ask a learner whether to fetch its news.

    Without an address of news it still asks; what asks is a part of its page, which only a settings folder turns off.
    """
    folders = [str(Path(__file__).parent / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, folders))}


def lab_command(folder: Path, port: int) -> list[str]:
    """The command that starts JupyterLab: local, quiet, without news, update checks or questions at its end."""
    return [
        *(sys.executable, "-m", "jupyterlab"),
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder.resolve()}",
        "--ServerApp.open_browser=False",
        "--ServerApp.answer_yes=True",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]


def free_port(wanted: int | None = None) -> int:
    """A port of this machine that nobody serves on: the wanted one, else one that the system picks.

    Raises:
        CannotOpen: the wanted port is taken.
    """
    with socket.socket() as listener:
        if sys.platform != "win32":
            # As a server does: a port that was left a moment ago counts as free.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", wanted or 0))
        except (OSError, OverflowError):
            raise CannotOpen(f"Port {wanted} cannot be used here; leave --port out and a free one is taken.") from None
        return listener.getsockname()[1]


def can_open_browser() -> bool:
    """Whether this machine has a screen that a browser could open on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER"))


def _wait_until_it_answers(server: subprocess.Popen, address: str) -> None:
    # Never through a proxy: the address is this machine's own.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(600):
        if server.poll() is not None:
            raise CannotOpen("JupyterLab ended before it could be opened; what it said stands above.")
        try:
            opener.open(address, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CannotOpen("JupyterLab did not answer within two minutes; `udl-teach doctor` may tell why.")


def _end(server: subprocess.Popen) -> None:
    # Ctrl-C in a terminal reaches JupyterLab as well; only where it did not is it told to stop.
    for stop in (lambda: None, server.terminate, server.kill):
        stop()
        try:
            server.wait(timeout=4)
            return
        except subprocess.TimeoutExpired:
            continue


def _read_manifest(folder: Path) -> dict[str, list[str]]:
    try:
        given = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {name: [str(version) for version in versions] for name, versions in given.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _free_name(target: Path, today: str) -> Path:
    endings = (f"(new {today})", *(f"(new {today}, {count})" for count in range(2, 1000)))
    candidates = (target.with_name(f"{target.stem} {ending}{target.suffix}") for ending in endings)
    return next(path for path in candidates if not os.path.lexists(path))


def _write_atomically(target: Path, content: bytes) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    temporary.write_bytes(content)
    temporary.replace(target)
