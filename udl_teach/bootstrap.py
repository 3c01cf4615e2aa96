"""Makes the project's own environment (.venv) from a bare Python; `make lab` and `make test` start here.

Run as a plain file, with the standard library alone: `python3 udl_teach/bootstrap.py lab`. It is written so that even
a Python 2.7 can read it, because the first thing that it may have to say is that a newer Python is needed.
"""

from __future__ import print_function

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys

OLDEST = (3, 10)
NAMES = ("python3.13", "python3.12", "python3.11", "python3.10")
KNOWN = ("lab", "test", "bench", "classroom", "--lowest", "--colab")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
GIGABYTES = 3.0
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STAMP = "udl-teach-install.json"
LOG = "install.log"

NO_NETWORK = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Max retries exceeded",
    "name resolution",
    "Network is unreachable",
    "getaddrinfo failed",
)
NO_SPACE = ("No space left on device", "Errno 28", "WinError 112", "Disk quota exceeded")


class Missing(Exception):
    """Something that the learner must put right first; the message is the one sentence that says what."""


def main(arguments):
    """Make or complete an environment; returns the exit code.

    Args:
        arguments: extras of pyproject.toml ("lab", "test", "bench"), or one of "--lowest" and "--colab".

    Returns:
        0 when everything is installed, 1 when something is missing (said in one sentence), 130 when interrupted.
    """
    try:
        own = (sys.version_info[0], sys.version_info[1])
        python = choose_python(sys.executable, own, version_of, can_make_environments)
        if python != sys.executable:
            return subprocess.call([python, os.path.abspath(__file__)] + list(arguments))
        with_lock(lambda: prepare(ROOT, arguments, python))
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    except (IOError, OSError) as error:
        why = (
            "No space is left on the disk" if error.errno == errno.ENOSPC else "This folder cannot be used (%s)" % error
        )
        print("%s: put it right and run the same command again." % why, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run begins the installation anew.", file=sys.stderr)
        return 130
    return 0


def choose_python(own, own_version, find_version, is_complete):
    """The Python to build on: this one if it is new enough, else the newest good one on the PATH.

    Args:
        own: path of the running Python.
        own_version: its (major, minor).
        find_version: function from a command to its (major, minor), None where it does not run.
        is_complete: function from a command to whether it has venv and ensurepip.

    Returns:
        A command.

    Raises:
        Missing: there is none.
    """
    found = [(own, own_version)] + [(name, find_version(name)) for name in NAMES if own_version < OLDEST]
    new_enough = [(command, version) for command, version in found if version is not None and version >= OLDEST]
    if not new_enough:
        raise Missing(
            "Python %d.%d or newer is needed, this is %d.%d: install one (from python.org, or with your system's "
            "packages) and run the same command again." % (OLDEST + own_version)
        )
    for command, _ in new_enough:
        if is_complete(command):
            return command
    raise Missing(
        "Python %d.%d was found but it cannot make environments: install its venv module (on Debian and Ubuntu: "
        "sudo apt install python%d.%d-venv) and run the same command again." % (new_enough[0][1] * 2)
    )


def version_of(command):
    """(major, minor) of a Python command, or None where it does not run."""
    answer = output_of([command, "-c", "import sys; print('%d %d' % sys.version_info[:2])"])
    try:
        major, minor = answer.split()
        return int(major), int(minor)
    except (AttributeError, ValueError):
        return None


def can_make_environments(command):
    """Whether a Python has both modules that a new environment needs; Debian packs them apart."""
    return output_of([command, "-c", "import venv, ensurepip; print('yes')"]) == "yes"


def prepare(root, arguments, python):
    """Install what is asked for unless it stands already."""
    unknown = [name for name in arguments if name not in KNOWN]
    if unknown:
        raise Missing("%s is not known here; known are: %s." % (unknown[0], ", ".join(KNOWN)))
    if "--lowest" in arguments:
        require(root, beside=".lowest", requirements=os.path.join("tests", "versions", "lowest.txt"))
        return
    if "--colab" in arguments:
        folder, extras, files = ".venv-colab", [], ["pyproject.toml", os.path.join("tests", "versions", "colab.txt")]
        wanted = ["-r", files[1], "-e", "."]
    else:
        folder, files = ".venv", ["pyproject.toml", "constraints.txt"]
        extras = sorted(set(arguments) | set(read_stamp(os.path.join(root, ".venv")).get("extras", [])))
        wanted = ["-c", files[1], "-e", ".[%s]" % ",".join(extras) if extras else "."]
    environment = os.path.join(root, folder)
    stamp = {"state": "complete", "place": environment, "extras": extras, "files": fingerprint(root, files)}
    state = state_of(environment, stamp)
    if state == "complete":
        return
    check_space(free_gigabytes(root), "torch" if state == "new" else None)
    if state == "broken":
        print("The environment in %s was moved, or its installation was interrupted; it is made again." % folder)
        remove(environment)
    if state in ("new", "broken"):
        os.makedirs(environment)
    print("Installing into %s; the first time takes a few minutes." % folder)
    write_stamp(environment, dict(stamp, state="installing"))
    if state in ("new", "broken"):
        make_environment(python, environment)
    log = os.path.join(environment, LOG)
    open(log, "w").close()
    try:
        install_torch(root, environment, files[1], log)
        pip(root, environment, wanted, log)
    except Missing:
        # pip gave up by itself and left the environment whole: the next run can go on with it.
        write_stamp(environment, dict(stamp, state="unfinished"))
        raise
    write_stamp(environment, stamp)
    print("Installed.")


def require(root, beside, requirements):
    """Install a list of versions into a folder of their own, to be put before .venv on PYTHONPATH."""
    folder = os.path.join(root, beside)
    stamp = {"state": "complete", "place": folder, "extras": [], "files": fingerprint(root, [requirements])}
    if read_stamp(folder) == stamp:
        return
    remove(folder)
    os.makedirs(folder)
    print("Installing the oldest versions allowed into %s." % beside)
    pip(
        root,
        os.path.join(root, ".venv"),
        ["--no-deps", "--only-binary=:all:", "--target", folder, "-r", requirements],
        os.path.join(folder, LOG),
    )
    write_stamp(folder, stamp)


def remove(folder):
    """Delete a folder; interrupted half-way, nothing is left under its name that looks whole."""
    doomed = folder + "-removed"
    shutil.rmtree(doomed, ignore_errors=True)
    if os.path.isdir(folder):
        os.rename(folder, doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def state_of(environment, stamp):
    """What stands there: "new" (nothing), "complete", "broken" (make it again) or "old" (install into it)."""
    if not os.path.isdir(environment):
        return "new"
    found = read_stamp(environment)
    runs = os.path.exists(python_of(environment))
    if found == stamp and runs:
        return "complete"
    if not found and not runs and not os.listdir(environment):
        return "broken"
    if not found and not runs:
        raise Missing("%s is there but holds no Python: move it away and run the same command again." % environment)
    if not runs or found.get("state") == "installing" or found.get("place", environment) != environment:
        return "broken"
    return "old"


def make_environment(python, environment):
    """An empty virtual environment; what went wrong is said in one sentence."""
    process = subprocess.Popen(
        [python, "-m", "venv", environment],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    said = process.communicate()[0]
    if process.returncode != 0:
        raise Missing(sentence(said) or "No environment could be made in %s: %s" % (environment, last_line(said)))


def install_torch(root, environment, constraints, log):
    """The CPU build of torch, where the default one would bring gigabytes for graphics cards along."""
    if not sys.platform.startswith(("linux", "win")) or output_of(
        [python_of(environment), "-c", "import importlib.util as i; print(i.find_spec('torch'))"]
    ) not in ("None", None):
        return
    if not reachable(CPU_INDEX + "/torch/"):
        return
    try:
        pip(root, environment, ["-c", constraints, "--no-deps", "--index-url", CPU_INDEX, "torch"], log)
    except Missing:
        print("PyTorch's index of CPU builds did not serve this machine; going on with the default one.")


def reachable(address):
    """Whether an address answers within a few seconds."""
    from urllib.request import urlopen

    try:
        urlopen(address, timeout=4).close()
    except (OSError, ValueError):
        return False
    return True


def pip(root, environment, arguments, log):
    """Run pip install, everything it says into the log and one line of it on the screen.

    Raises:
        Missing: it failed; the sentence says why and where the log is.
    """
    command = [python_of(environment), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    process = subprocess.Popen(
        command + ["--retries", "2"] + arguments,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    said = []
    try:
        with open(log, "a") as file:
            for line in process.stdout:
                said.append(line)
                file.write(line)
                show(line.strip())
    except BaseException:
        process.kill()
        raise
    finally:
        process.stdout.close()
        process.wait()
        show("")
    if process.returncode != 0:
        text = "".join(said)
        why = sentence(text) or "pip could not install the packages (%s)" % last_line(text)
        raise Missing("%s; pip's own words are in %s." % (why.rstrip("."), os.path.relpath(log, root)))


def sentence(said):
    """What is missing, in words, as far as it can be read from what pip or venv said; None where it cannot."""
    if any(sign in said for sign in NO_SPACE):
        return "No space is left on the disk: free about %d GB and run the same command again" % GIGABYTES
    if any(sign in said for sign in NO_NETWORK):
        return "The packages could not be fetched: the first installation needs the network, later runs do not"
    if "No matching distribution found for torch" in said:
        return "There is no torch for this Python on this machine: use a 64-bit Python 3.10 to 3.13"
    if "requires a different Python" in said:
        return "The environment that is there holds an older Python: remove its folder and run the same command again"
    if "ermission denied" in said:
        return "Writing is not permitted in this folder: choose a folder of your own"
    return None


def check_space(gigabytes, what):
    """Raise Missing where the disk cannot hold a new environment."""
    if what is not None and gigabytes < GIGABYTES:
        raise Missing(
            "About %d GB of free disk space are needed for the installation and %.1f GB are left: free some and run "
            "the same command again." % (GIGABYTES, gigabytes)
        )


def free_gigabytes(folder):
    """Free space where a folder lies."""
    return shutil.disk_usage(folder).free / 1e9


def fingerprint(root, files):
    """One hash of the files that decide what is installed."""
    digest = hashlib.sha256()
    for name in files:
        with open(os.path.join(root, name), "rb") as file:
            digest.update(file.read() + b"\0")
    return digest.hexdigest()


def python_of(environment):
    """The environment's own Python."""
    windows = os.path.join(environment, "Scripts", "python.exe")
    return windows if os.name == "nt" else os.path.join(environment, "bin", "python")


def read_stamp(environment):
    """What an earlier run wrote about an environment; empty where it wrote nothing readable."""
    try:
        with open(os.path.join(environment, STAMP)) as file:
            return json.load(file)
    except (IOError, OSError, ValueError):
        return {}


def write_stamp(environment, stamp):
    """Say what an environment holds, for the next run."""
    temporary = os.path.join(environment, STAMP + ".new")
    with open(temporary, "w") as file:
        file.write(json.dumps(stamp, indent=1, sort_keys=True) + "\n")
    os.replace(temporary, os.path.join(environment, STAMP))


def with_lock(work):
    """Do the work while no other run of this file does it in the same folder."""
    try:
        import fcntl
    except ImportError:
        return work()
    with open(os.path.join(ROOT, "pyproject.toml")) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another installation runs in this folder; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        return work()


def show(line):
    """One line that is written over in a terminal; elsewhere nothing, the log has it."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        sys.stdout.write("\r" + line[:width].ljust(width) + "\r")
        sys.stdout.flush()


def last_line(said):
    """The last line that is not empty."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def output_of(command):
    """What a command prints, None where it cannot run or fails."""
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    except OSError:
        return None
    said = process.communicate()[0]
    return said.strip() if process.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
