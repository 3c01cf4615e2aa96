"""Gives a learner's function back the names that were reassigned by accident, in a copy of its globals."""

import builtins
import importlib
import sys
import types
from collections.abc import Callable

MODULES = {
    "np": "numpy",
    "numpy": "numpy",
    "torch": "torch",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "math": "math",
    "plt": "matplotlib.pyplot",
    "data": "udl_teach.data",
    "metrics": "udl_teach.metrics",
    "plots": "udl_teach.plots",
}


def apart(function: Callable) -> Callable:
    """The function over a copy of its globals, so that what it writes there stays there.

    Its helper functions move with it, and its own name in the copy means itself (it may be recursive). What is no plain
    function comes back as it is.
    """
    if not isinstance(function, types.FunctionType):
        return function
    return _rebuilt(function, dict(function.__globals__))


def with_names_given_back(function: Callable) -> tuple[Callable, tuple[str, ...]]:
    """The function over a copy of its globals in which library names and builtins mean what they should.

    Returns:
        The function, and the names that had to be given back: module names of the course that no longer (or not yet)
        stand for a module, and builtins such as `sum` hidden by something that cannot be called.
    """
    if not isinstance(function, types.FunctionType):
        return function, ()
    names = dict(function.__globals__)
    given_back = []
    for name in sorted(_names_used(function)):
        if name in MODULES and not isinstance(names.get(name), types.ModuleType):
            try:
                names[name] = importlib.import_module(MODULES[name])
            except ImportError:
                continue
            given_back.append(name)
        elif name in names and callable(getattr(builtins, name, None)) and not callable(names[name]):
            del names[name]
            given_back.append(name)
    return _rebuilt(function, names), tuple(given_back)


def own_globals(function: Callable) -> tuple[dict, ...]:
    """The namespaces that count as the learner's: that of the function, and that of the module it says it is from."""
    module = sys.modules.get(getattr(function, "__module__", None) or type(function).__module__)
    found = [getattr(function, "__globals__", None), vars(module) if module is not None else None]
    return tuple(names for names in found if names is not None)


def _rebuilt(function: types.FunctionType, names: dict) -> types.FunctionType:
    original = function.__globals__
    for name, value in list(names.items()):
        if isinstance(value, types.FunctionType) and value.__globals__ is original and value is not function:
            names[name] = _over(value, names)
    twin = _over(function, names)
    names[function.__name__] = twin
    # IPython's `exit` ends the kernel and Python's closes the keyboard's input; in here both only raise.
    for name in ("exit", "quit"):
        if not isinstance(names.get(name), types.FunctionType):
            names[name] = _leave
    return twin


def _over(function: types.FunctionType, names: dict) -> types.FunctionType:
    twin = types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    twin.__kwdefaults__ = function.__kwdefaults__
    twin.__dict__.update(function.__dict__)
    twin.__doc__, twin.__qualname__, twin.__module__ = function.__doc__, function.__qualname__, function.__module__
    return twin


def _leave(code: int | None = None) -> None:
    raise SystemExit(code)


def _names_used(function: types.FunctionType) -> set[str]:
    helpers = [
        value
        for value in function.__globals__.values()
        if isinstance(value, types.FunctionType) and value.__globals__ is function.__globals__
    ]
    used: set[str] = set()
    waiting = [each.__code__ for each in (function, *helpers)]
    while waiting:
        code = waiting.pop()
        used.update(code.co_names)
        waiting.extend(part for part in code.co_consts if isinstance(part, types.CodeType))
    return used
