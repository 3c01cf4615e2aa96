"""Makes the project's own environment (.venv) from a bare Python; `make lab` and `make test` start here.

Run as a plain file, with the standard library alone: `python3 udl_teach/bootstrap.py lab test`. What was installed is
written into the environment, so that the next run has nothing to do.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 10)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.10")
KNOWN = ("lab", "test", "bench", "classroom", "--lowest", "--colab")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
GIGABYTES = 3
ROOT = Path(__file__).resolve().parents[1]
STAMP, LOG = "udl-teach-install.json", "install.log"
# What pip says -> what is missing, in words.
SENTENCES = {
    "No space left on device|Errno 28|WinError 112|Disk quota exceeded": (
        f"No space is left on the disk: free about {GIGABYTES} GB and run the same command again"
    ),
    "NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Max retries exceeded|"
    "name resolution|Network is unreachable|getaddrinfo failed": (
        "The packages could not be fetched: the first installation needs the network, later runs do not"
    ),
    "No matching distribution found for torch": (
        "There is no torch for this Python on this machine: use a 64-bit Python 3.10 to 3.13"
    ),
    "ermission denied": "Writing is not permitted in this folder: choose a folder of your own",
}


class Missing(Exception):
    """Something that the learner must put right first; the message is the one sentence that says what."""


def main(arguments):
    """Make or complete an environment.

    Args:
        arguments: extras of pyproject.toml ("lab", "test", "bench"), or one of "--lowest" and "--colab".

    Returns:
        0 when everything is installed, 1 when something is missing (said in one sentence), 130 when interrupted.
    """
    try:
        if sys.version_info < OLDEST:
            return subprocess.call([newer_python(), str(Path(__file__).resolve()), *arguments])
        prepare(ROOT, arguments)
    except (Missing, OSError) as problem:
        print(problem if isinstance(problem, Missing) else f"This folder cannot be used: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run goes on with the installation.", file=sys.stderr)
        return 130
    return 0


def newer_python():
    """The newest good Python on the PATH."""
    found = next(filter(shutil.which, NAMES), None)
    if found is None:
        own = ".".join(map(str, sys.version_info[:2]))
        raise Missing(
            f"Python 3.10 or newer is needed, this is {own}: install one (from python.org, or with your system's "
            "packages) and run the same command again."
        )
    return found


def prepare(root, arguments):
    """Install what is asked for unless it is there."""
    if unknown := [name for name in arguments if name not in KNOWN]:
        raise Missing(f"{unknown[0]} is not known here; known are: {', '.join(KNOWN)}.")
    if "--lowest" in arguments:
        # The oldest versions go into a folder of their own, to be put before .venv on PYTHONPATH.
        folder, extras, files = root / ".lowest", [], ["tests/versions/lowest.txt"]
        wanted = ["--no-deps", "--only-binary=:all:", "--target", str(folder), "-r", files[0]]
    elif "--colab" in arguments:
        folder, extras, files = root / ".venv-colab", [], ["pyproject.toml", "tests/versions/colab.txt"]
        wanted = ["-r", files[1], "-e", "."]
    else:
        folder, files = root / ".venv", ["pyproject.toml", "constraints.txt"]
        extras = sorted({*arguments, *stamp_of(folder).get("extras", [])})
        wanted = ["-c", files[1], "-e", f".[{','.join(extras)}]" if extras else "."]
    digest = hashlib.sha256(b"\0".join((root / name).read_bytes() for name in files)).hexdigest()
    stamp = {"place": str(folder), "extras": extras, "files": digest}
    python = python_of(root / ".venv" if "--lowest" in arguments else folder)
    if stamp_of(folder) == stamp and python.exists():
        return
    print(f"Installing into {folder.name}; the first time takes a few minutes.", flush=True)
    if "--lowest" in arguments:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    else:
        make_environment(folder)
        if not has_torch(python) and sys.platform.startswith(("linux", "win")) and reachable(f"{CPU_INDEX}/torch/"):
            # The build for the processor: the default one brings gigabytes for graphics cards along.
            try:
                pip(root, python, ["-c", files[1], "--no-deps", "--index-url", CPU_INDEX, "torch"], folder / LOG)
            except Missing:
                print("PyTorch's index of CPU builds did not serve this machine; going on with the default one.")
    pip(root, python, wanted, folder / LOG)
    (folder / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


def make_environment(folder):
    """A virtual environment, emptied first where the one that is there was moved or has lost its Python."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        raise Missing(f"{folder} is there but holds no Python: move it away and run the same command again.")
    if not folder.exists() and shutil.disk_usage(folder.parent).free < GIGABYTES * 1e9:
        free = shutil.disk_usage(folder.parent).free / 1e9
        raise Missing(
            f"About {GIGABYTES} GB of free disk space are needed for the installation and {free:.1f} GB are left: free "
            "some and run the same command again."
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise Missing(
            "Python was found but it cannot make environments: install its venv module (on Debian and Ubuntu: sudo apt "
            f"install python3.{sys.version_info[1]}-venv) and run the same command again."
        )
    moved = stamp_of(folder).get("place", str(folder)) != str(folder)
    if moved or not python_of(folder).exists():
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            raise Missing(f"No environment could be made in {folder}: {in_words(made.stdout + made.stderr)}.")


def pip(root, python, arguments, log):
    """Run pip install, all that it says into the log; Missing says why it failed and where the log is."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    with open(log, "a", encoding="utf-8") as file:
        start = file.tell()
        code = subprocess.call([*command, *arguments], cwd=root, stdout=file, stderr=subprocess.STDOUT)
    if code != 0:
        said = log.read_text(encoding="utf-8", errors="replace")[start:]
        raise Missing(f"{in_words(said)}; pip's own words are in {os.path.relpath(log, root)}.")


def in_words(said):
    """What is missing, as far as it can be read from what pip or venv said; else their last line."""
    for signs, sentence in SENTENCES.items():
        if any(sign in said for sign in signs.split("|")):
            return sentence
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"The packages could not be installed ({lines[-1] if lines else 'nothing was said'})"


def has_torch(python):
    """Whether an environment holds torch."""
    ask = "import importlib.util as i, sys; sys.exit(i.find_spec('torch') is None)"
    return subprocess.call([str(python), "-c", ask]) == 0


def reachable(address):
    """Whether an address answers within a few seconds."""
    from urllib.request import urlopen

    try:
        urlopen(address, timeout=4).close()
    except (OSError, ValueError):
        return False
    return True


def python_of(environment):
    """The environment's own Python."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_of(environment):
    """What an earlier run wrote about an environment; empty where there is nothing readable."""
    try:
        return json.loads((environment / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
