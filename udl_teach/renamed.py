"""Names that have changed: the old ones go on answering for one release and say what to write instead."""

import functools
import warnings
from collections.abc import Callable
from typing import Any


def old_name(old: str, new: Callable) -> Callable:
    """`new` under its old name: it does the same, and warns."""

    @functools.wraps(new)
    def called(*arguments: Any, **named: Any) -> Any:
        _warn(f"{old} is now called {new.__name__}; the old name goes with the next release.")
        return new(*arguments, **named)

    return called


def old_arguments(**names: str) -> Callable[[Callable], Callable]:
    """Decorator of a function or a constructor whose arguments have new names; `start="init"`: start is now init."""

    def decorated(function: Callable) -> Callable:
        @functools.wraps(function)
        def called(*arguments: Any, **named: Any) -> Any:
            for old, new in names.items():
                if old in named:
                    _warn(f"the argument {old} is now called {new}; the old name goes with the next release.")
                    if new in named:
                        raise TypeError(f"{old} is the old name of {new}, and both were given; it must be {new} alone.")
                    named[new] = named.pop(old)
            return function(*arguments, **named)

        return called

    return decorated


def old_attribute(old: str, new: str) -> property:
    """An attribute under its old name, to be set in a class body: it reads the new one, and warns."""

    def read(self: Any) -> Any:
        _warn(f"the attribute {old} is now called {new}; the old name goes with the next release.")
        return getattr(self, new)

    return property(read)


class Renamed(dict):
    """A dict that also answers to old keys, given as pairs of class attribute `old`: {"told_apart": "auc"}."""

    old: dict[str, str] = {}

    def __missing__(self, key: str) -> Any:
        """The value of the key that an old one is now called."""
        new = self.old[key]
        _warn(f"the key {key!r} is now called {new!r}; the old name goes with the next release.")
        return self[new]


def _warn(sentence: str) -> None:
    # The line to change is the caller's, two calls up.
    warnings.warn(sentence, DeprecationWarning, stacklevel=3)
