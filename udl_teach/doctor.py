"""Looks at the machine and says of each thing that the course needs "ok" or what to do (`udl-teach doctor`)."""

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

PACKAGES = ("torch", "numpy", "matplotlib", "scikit-learn", "scikit-image", "ipywidgets", "jupyterlab")
# The generation of ipywidgets in the kernel and of its front end in JupyterLab must be a pair.
PAIRS = {7: 1, 8: 3}
MEMORY_NEEDED = 2.0


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, what it is, and what to do where it is not right (else None)."""

    name: str
    value: str
    advice: str | None = None

    def __str__(self) -> str:
        """The line as it is printed."""
        return f"{self.name:<14} {self.value:<34} {'ok' if self.advice is None else '-> ' + self.advice}"


def examine(folder: Path) -> Iterator[Finding]:
    """All findings, one after the other; `folder` is where the learner's lessons are or will be."""
    yield python_finding(sys.version_info[:2])
    for package in PACKAGES:
        yield package_finding(package)
    yield device_finding()
    yield memory_finding()
    yield front_end_finding(_version("ipywidgets"), front_end_version(Path(sys.prefix)))
    yield jupyter_finding(shutil.which("jupyter-lab"), Path(sys.prefix))
    yield writing_finding("lessons", folder)
    yield writing_finding("progress", progress_folder())
    yield fonts_finding()


def python_finding(version: tuple[int, int]) -> Finding:
    """Whether this Python is new enough."""
    advice = None if version >= (3, 10) else "install Python 3.10 or newer"
    return Finding("python", f"{platform.python_version()} at {sys.executable}", advice)


def package_finding(package: str) -> Finding:
    """Whether a package is there, and at least as new as this one demands."""
    version = _version(package)
    if version is None:
        what = "udl-teach[lab]" if package == "jupyterlab" else package
        return Finding(package, "missing", f"pip install '{what}'")
    lowest = lowest_allowed(package)
    if lowest and _numbers(version) < _numbers(lowest):
        return Finding(package, version, f"pip install '{package}>={lowest}'")
    return Finding(package, version)


def lowest_allowed(package: str) -> str | None:
    """The lower bound that udl-teach's own metadata states for a package."""
    try:
        requirements = metadata.requires("udl-teach") or []
    except metadata.PackageNotFoundError:
        return None
    for requirement in requirements:
        name, _, rest = requirement.partition(">=")
        if name.strip() == package:
            return rest.split(";")[0].split(",")[0].strip()
    return None


def device_finding() -> Finding:
    """Where models learn; the course itself needs no more than the processor."""
    try:
        import torch
    except Exception as error:
        return Finding("device", f"torch cannot be imported: {error}", "pip install --force-reinstall torch")
    if torch.cuda.is_available():
        return Finding("device", f"CUDA, {torch.cuda.get_device_name()}")
    if torch.backends.mps.is_available():
        return Finding("device", "MPS")
    return Finding("device", f"CPU, {torch.get_num_threads()} threads of {os.cpu_count()} cores")


def memory_finding() -> Finding:
    """Whether the machine has the memory that a lesson and its browser need."""
    if util.find_spec("psutil") is None:
        return Finding("memory", "unknown", "pip install psutil")
    import psutil

    memory = psutil.virtual_memory()
    value = f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free"
    # Lessons stay within 1.2 GB; the rest is for JupyterLab itself.
    enough = memory.available / 1e9 >= MEMORY_NEEDED
    return Finding("memory", value, None if enough else f"close other programs: {MEMORY_NEEDED:.0f} GB should be free")


def front_end_version(prefix: Path) -> str | None:
    """Version of the widgets' front end that the JupyterLab of an environment would load; None if there is none."""
    place = prefix / "share" / "jupyter" / "labextensions" / "@jupyter-widgets" / "jupyterlab-manager" / "package.json"
    try:
        return json.loads(place.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return None


def front_end_finding(kernel: str | None, front_end: str | None) -> Finding:
    """Whether sliders will show: the kernel's ipywidgets and JupyterLab's front end must be of one generation."""
    name = "widgets"
    if kernel is None:
        return Finding(name, "no ipywidgets in the kernel", "pip install ipywidgets")
    generation = int(kernel.split(".")[0])
    wanted = PAIRS.get(generation)
    if wanted is None:
        return Finding(name, f"ipywidgets {kernel}", "pip install 'ipywidgets>=8,<9' 'jupyterlab_widgets>=3,<4'")
    install = f"pip install --force-reinstall 'jupyterlab_widgets>={wanted},<{wanted + 1}', then restart JupyterLab"
    if front_end is None:
        return Finding(name, f"ipywidgets {kernel}, no front end", install)
    found = int(front_end.split(".")[0])
    # The front end's own package is numbered 5 where its Python package is numbered 3, and 3 where that is 1.
    value = f"ipywidgets {kernel}, front end {front_end}"
    return Finding(name, value, None if found == {3: 5, 1: 3}[wanted] else install)


def jupyter_finding(command: str | None, prefix: Path) -> Finding:
    """Whether typing `jupyter lab` would open this environment's own, or that of another Python."""
    if command is None:
        return Finding("jupyter-lab", "not on the PATH; `udl-teach lab` needs none")
    if prefix.resolve() in Path(command).resolve().parents or prefix in Path(command).parents:
        return Finding("jupyter-lab", command)
    return Finding("jupyter-lab", command, "that one belongs to another Python; open the course with udl-teach lab")


def writing_finding(name: str, folder: Path) -> Finding:
    """Whether files can be written in a folder, or in the nearest one above it that exists."""
    place = folder.expanduser().absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        what = error.strerror or type(error).__name__
        return Finding(name, f"{place}: {what}", f"choose a folder that you may write to, or make {place} writable")
    return Finding(name, str(folder))


def progress_folder() -> Path:
    """The folder of the file that keeps a learner's progress."""
    from udl_teach.lesson.progress import file

    return file().parent


def fonts_finding() -> Finding:
    """Whether Matplotlib finds the font that figures and glyphs are drawn with."""
    from matplotlib import font_manager

    try:
        font = font_manager.findfont("DejaVu Sans", fallback_to_default=False)
    except ValueError:
        return Finding("fonts", "no DejaVu Sans", "pip install --force-reinstall matplotlib")
    return Finding("fonts", Path(font).name)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("+")[0].split(".")
    return tuple(int("".join(digit for digit in part if digit.isdigit()) or 0) for part in parts[:3])
