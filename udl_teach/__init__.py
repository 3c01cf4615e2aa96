"""udl_teach: the helper library of a hands-on course on unsupervised deep learning, written to be read.

Everything is imported where it is first used, so that `import udl_teach` costs next to nothing and the command line
can answer without waiting for torch.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_FOLDERS = ("data", "estimators", "lesson", "metrics", "models", "play", "plots")
_HOMES = {
    "History": "fitting",
    "Step": "training",
    "fit": "fitting",
    "load": "storage",
    "save": "storage",
    "train": "training",
}

__all__ = ["__version__", *_FOLDERS, *_HOMES]


def __getattr__(name: str) -> Any:
    if name in _FOLDERS:
        return import_module(f"udl_teach.{name}")
    if name in _HOMES:
        return getattr(import_module(f"udl_teach.{_HOMES[name]}"), name)
    raise AttributeError(f"udl_teach has no {name!r}; it has {', '.join(__all__)}.")


def __dir__() -> list[str]:
    return sorted(__all__)
