"""Every test run alike on every machine: no network, no settings or progress of the person who runs it, one thread."""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings

OFFLINE = Path(__file__).parents[1] / "offline"
# One folder a process: two test workers must not write one learner's progress file.
PRIVATE = Path(tempfile.mkdtemp(prefix="udl-teach-tests-"))


def block_network():
    """Blocks the network in this process and, by PYTHONPATH, in every Python that it starts."""
    spec = importlib.util.spec_from_file_location("offline", OFFLINE / "sitecustomize.py")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    before = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    rest = [folder for folder in before if folder and folder != str(OFFLINE)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), *rest])


def private_environment():
    """Points every tool at folders of this run, and torch and NumPy at one thread: two notebooks run at a time."""
    for name in (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "IPYTHONDIR",
        "UDL_TEACH_PROGRESS_DIR",
    ):
        folder = PRIVATE / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[name] = str(folder)
    os.environ["UDL_TEACH_STRICT"] = "1"
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def property_tests():
    """The same examples on every machine; `make fuzz` lets them roam, and prints what it found to be written down."""
    fuzz = bool(os.environ.get("UDL_TEACH_FUZZ"))
    settings.register_profile("udl_teach", derandomize=not fuzz, deadline=None, database=None, print_blob=fuzz)
    settings.load_profile("udl_teach")


block_network()
private_environment()
property_tests()


def pytest_unconfigure():
    shutil.rmtree(PRIVATE, ignore_errors=True)
