"""`save` and `load`: a model, and where its learning stands, in one file of plain arrays.

The file is NumPy's .npz (a zip of arrays) with one text entry in JSON. Nothing in it is ever unpickled, so opening a
file from a stranger cannot run a stranger's code.
"""

import copy
import json
import os
import tempfile
import warnings
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach.fitting import History
from udl_teach.modules import arguments_of, fingerprint
from udl_teach.training import LearningState

_FORMAT = "udl_teach model 1"


def save(model: nn.Module, path: str | Path, history: History | None = None) -> Path:
    """Write a model to a file, whole or not at all: a killed process leaves the file that was there before.

    Args:
        model: a model of this library, or any module (see `load`).
        path: the file; its folder must exist.
        history: what `fit` returned, to go on learning later with `fit(..., resume=history)`.

    Returns:
        The path.

    Raises:
        TypeError: `model` is not a torch module.
        FileNotFoundError: the folder does not exist.
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model was {type(model).__name__}; it must be a torch module.")
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"path was {str(path)!r}, whose folder does not exist; make the folder first.")
    arrays: dict[str, np.ndarray] = {}
    about = {
        "format": _FORMAT,
        "model": type(model).__name__,
        "arguments": _arguments(model),
        "weights": _taken_apart(dict(model.state_dict()), "weights", arrays),
        "history": None if history is None else _taken_apart(_history_dict(history), "history", arrays),
    }
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        # A temporary file is for its owner alone; this one is as open as any other that the user writes.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def load(path: str | Path, *, into: nn.Module | None = None, with_history: bool = False) -> Any:
    """Read a model back.

    Args:
        path: a file that `save` wrote.
        into: a model to fill, for modules that are not this library's; else the model is made anew.
        with_history: return the history as well.

    Returns:
        The model on the CPU (`into` where it was), ready to use; with `with_history` the pair (model, history).

    Raises:
        TypeError: `into` is not a torch module.
        FileNotFoundError: there is no such file.
        ValueError: the file is not one of ours, is damaged, or does not fit `into`, which is then as it was.
    """
    if into is not None and not isinstance(into, nn.Module):
        raise TypeError(f"into was {type(into).__name__}; it must be a model, that is, a torch module.")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"path was {str(path)!r}; there is no such file.")
    about, arrays = _read(path)
    if with_history and about["history"] is None:
        raise ValueError(f"{path.name} was saved without a history; load it with with_history=False.")
    history = _history(_put_together(about["history"], arrays)) if with_history else None
    weights = _put_together(about["weights"], arrays)
    model = _made_anew(about, path) if into is None else into
    try:
        if into is not None:
            # torch fills what fits before it refuses what does not, so a copy is filled first.
            copy.deepcopy(into).load_state_dict(weights)
        model.load_state_dict(weights)
        if history is not None and history.fingerprint == fingerprint(weights):
            history.fingerprint = fingerprint(model)  # an older file may name its weights otherwise
    except (RuntimeError, KeyError) as error:
        reason = str(error).splitlines()[-1].strip()
        raise ValueError(
            f"{path.name} holds a {about['model']} that does not fit this {type(model).__name__} ({reason}); "
            "make the model with the sizes that it was saved with."
        ) from None
    model.eval()
    return (model, history) if with_history else model


def _arguments(model: nn.Module) -> dict[str, Any] | None:
    models = import_module("udl_teach.models")
    if type(model) is not getattr(models, type(model).__name__, None):
        return None
    return {name: _argument(value) for name, value in arguments_of(model).items()}


def _argument(value: Any) -> Any:
    # A model that was made from another one keeps how that one was made; its weights are among the model's own.
    if isinstance(value, nn.Module):
        return {"model": type(value).__name__, "arguments": _arguments(value)}
    return {"cannot be written": str(value)} if callable(value) else value


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(arrays["about"].tobytes().decode())
        if about["format"] != _FORMAT:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, zipfile.BadZipFile):
        raise ValueError(
            f"{path.name} is not a whole file written by udl_teach's save (foreign, cut short or damaged); "
            "save the model again."
        ) from None
    return about, arrays


def _made_anew(about: dict[str, Any], path: Path) -> nn.Module:
    # By name, from this library's own list: a file can choose among our models and nothing else.
    models = import_module("udl_teach.models")
    name = about["model"]
    if name not in models.__all__ or about["arguments"] is None:
        raise ValueError(f"{path.name} holds a {name}, which this library cannot make; pass load(path, into=model).")
    arguments = dict(about["arguments"])
    for argument, value in arguments.items():
        if isinstance(value, dict) and "cannot be written" in value:
            raise ValueError(
                f"{path.name} holds a {name} whose {argument} is a function, which a file cannot hold; make the model "
                f"again with that function and pass load(path, into=model)."
            )
        if isinstance(value, dict) and "model" in value:
            arguments[argument] = _made_anew(value, path)
    try:
        with warnings.catch_warnings():
            # An older file names arguments as they were called then.
            warnings.simplefilter("ignore", DeprecationWarning)
            return getattr(models, name)(**arguments)
    except TypeError:
        raise ValueError(
            f"{path.name} holds a {name} that was saved by another version of udl_teach; load it with that version, or "
            "make a model that fits and pass load(path, into=model)."
        ) from None


def _history_dict(history: History) -> dict[str, Any]:
    return {
        "loss": history.loss,
        "epochs": history.epochs,
        "terms": history.terms,
        "validation": history.validation,
        "seconds": history.seconds,
        "stopped": history.stopped,
        "fingerprint": history.fingerprint,
        "state": history.state.state_dict(),
    }


def _history(values: dict[str, Any]) -> History:
    state = LearningState()
    state.load_state_dict(values.pop("state"))
    history = History(state)
    for name, value in values.items():
        setattr(history, name, value)
    return history


def _taken_apart(value: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """The same structure fit for JSON: each tensor goes to `arrays` and leaves its name behind."""
    if isinstance(value, torch.Tensor):
        arrays[name] = value.detach().cpu().numpy()
        return {"array": name}
    if isinstance(value, dict):
        # Pairs, because JSON would turn the optimizer's whole-number keys into text.
        return {"pairs": [[key, _taken_apart(item, f"{name}.{key}", arrays)] for key, item in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_taken_apart(item, f"{name}.{index}", arrays) for index, item in enumerate(value)]
    return value


def _put_together(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, dict) and "array" in value:
        return torch.from_numpy(arrays[value["array"]].copy())
    if isinstance(value, dict):
        return {key: _put_together(item, arrays) for key, item in value["pairs"]}
    if isinstance(value, list):
        return [_put_together(item, arrays) for item in value]
    return value
