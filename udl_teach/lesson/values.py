"""Results and arguments of a learner's function: copied, compared, and looked at for changes made in place."""

import copy
import sys
from typing import Any

import numpy as np


def is_tensor(value: Any) -> bool:
    """Whether `value` is a torch tensor; does not import torch to find out."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def copied(value: Any) -> Any:
    """A copy that shares nothing with `value`; tensors become leaves that ask for a gradient where the original did."""
    if isinstance(value, tuple) and type(value) is tuple or isinstance(value, list):
        return type(value)(copied(part) for part in value)
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    if is_tensor(value):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if type(value).__name__ == "Generator" and hasattr(value, "get_state"):
        twin = type(value)(device=value.device)
        twin.set_state(value.get_state())
        return twin
    return copy.deepcopy(value)


def as_array(value: Any) -> np.ndarray | None:
    """Numbers (array, tensor, number, nested list) as a numpy array; None where `value` is not made of them."""
    if is_tensor(value):
        value = value.detach().cpu()
        value = value.float().numpy() if value.is_floating_point() and value.element_size() < 4 else value.numpy()
    elif isinstance(value, list | tuple) and any(is_tensor(part) for part in value):
        parts = [as_array(part) for part in value]
        value = (
            parts
            if len({part.shape for part in parts if part is not None}) == 1 and None not in map(type, parts)
            else None
        )
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biufc" else None


def close(got: Any, wanted: Any) -> bool:
    """Whether two results agree: same structure, same shapes, values equal up to rounding (NaN equals NaN).

    The tolerance is that of 32-bit arithmetic: 1e-4 of each value plus 1e-5 of the largest one.
    """
    if isinstance(wanted, tuple | list) and as_array(wanted) is None or isinstance(wanted, tuple):
        same_length = isinstance(got, tuple | list) and len(got) == len(wanted)
        return same_length and all(close(a, b) for a, b in zip(got, wanted, strict=True))
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(close(got[k], wanted[k]) for k in wanted)
    got_array, wanted_array = as_array(got), as_array(wanted)
    if wanted_array is None or got_array is None:
        return wanted_array is None and got_array is None and type(got) is type(wanted) and bool(got == wanted)
    if got_array.shape != wanted_array.shape:
        return False
    finite = np.abs(wanted_array[np.isfinite(wanted_array)])
    scale = float(finite.max()) if finite.size else 0.0
    return bool(np.allclose(got_array, wanted_array, rtol=1e-4, atol=1e-5 * scale + 1e-12, equal_nan=True))


def in_a_list(got: Any, wanted: Any) -> str:
    """A sentence where `got` is a list or tuple of the right numbers and `wanted` an array or tensor; else ""."""
    return _in_a_list(got, wanted, "Your result")


def _in_a_list(got: Any, wanted: Any, name: str) -> str:
    if type(wanted) is tuple and isinstance(got, tuple | list):
        parts = enumerate(zip(got, wanted, strict=False), start=1)
        return next(filter(None, (_in_a_list(g, w, f"Result {n} of {len(wanted)}") for n, (g, w) in parts)), "")
    if not isinstance(got, tuple | list) or not (is_tensor(wanted) or isinstance(wanted, np.ndarray)):
        return ""
    thing, wrap = "an array", "np.array(...)"
    if is_tensor(wanted):
        thing, wrap = "a tensor", "torch.stack(...)" if any(map(is_tensor, got)) else "torch.tensor(...)"
    return f"{name} is a {'list' if isinstance(got, list) else 'tuple'}; the lesson needs {thing}: wrap it, {wrap}."


def changed(before: Any, after: Any) -> bool:
    """Whether the arrays and tensors in `after` (perhaps in lists, tuples, dicts) are no longer those of `before`."""
    if isinstance(before, tuple | list):
        return len(before) != len(after) or any(changed(a, b) for a, b in zip(before, after, strict=True))
    if isinstance(before, dict):
        return before.keys() != after.keys() or any(changed(before[key], after[key]) for key in before)
    if is_tensor(before) or isinstance(before, np.ndarray):
        a, b = as_array(before), as_array(after)
        if a is None or b is None:
            return False
        return a.shape != b.shape or not np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    return False
