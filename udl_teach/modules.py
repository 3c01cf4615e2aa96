"""What can be asked of any torch module: where it is, how it was made, its weights as a number, its modes."""

import inspect
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

import torch
from torch import nn


def device_of(module: nn.Module) -> torch.device:
    """The device where a module's parameters (or buffers, where it has no parameters) are."""
    for tensor in chain(module.parameters(), module.buffers()):
        return tensor.device
    return torch.device("cpu")


def example_of(module: nn.Module) -> torch.Tensor:
    """One of a module's tensors of real numbers: `x.to(example_of(module))` has its device and its precision."""
    for tensor in chain(module.parameters(), module.buffers()):
        if tensor.is_floating_point():
            return tensor
    return torch.empty(0, dtype=torch.float32)


def arguments_of(model: nn.Module) -> dict[str, Any]:
    """What a model of this library was made with, by the names of its constructor's parameters, fit for JSON.

    A model keeps every argument in an attribute of the same name, as scikit-learn's estimators do.
    """
    arguments = {name: getattr(model, name) for name in inspect.signature(type(model)).parameters}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in arguments.items()}


def fingerprint(model: nn.Module | dict[str, Any]) -> int:
    """A number that tells models, or their state dicts, apart by their weights."""
    mark = 0
    for name, value in (model.state_dict() if isinstance(model, nn.Module) else model).items():
        if isinstance(value, torch.Tensor):
            raw = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
            mark = zlib.crc32(raw, zlib.crc32(name.encode(), mark))
    return mark


def modes_of(model: nn.Module) -> list[tuple[nn.Module, bool]]:
    """Every layer of a model, and whether it is told that it learns: a frozen layer may be told otherwise."""
    return [(layer, layer.training) for layer in model.modules()]


def set_modes(modes: list[tuple[nn.Module, bool]]) -> None:
    """Go back to what `modes_of` returned."""
    for layer, learning in modes:
        layer.training = learning


@contextmanager
def draws_apart(device: torch.device) -> Iterator[None]:
    """What is drawn inside from the global generators leaves them as they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        yield
