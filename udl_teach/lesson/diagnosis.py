"""What can be said about a wrong result that no registered mistake explains: its kind, its shape, a constant factor."""

from typing import Any

import numpy as np

from udl_teach.lesson.values import as_array, close


def diagnosis(results: list[tuple], wanted: list[Any], got: list[Any]) -> str:
    """One or two sentences about the first of several results that is wrong.

    Args:
        results: the arguments of each call.
        wanted: what each call should have returned.
        got: what it returned.
    """
    draw = next((i for i in range(len(got)) if not close(got[i], wanted[i])), 0)
    arguments, want, have = results[draw], wanted[draw], got[draw]
    if isinstance(want, tuple):
        if have is None:
            return "Your function returns None: is there a `return` at its end?"
        if not isinstance(have, tuple | list) or len(have) != len(want):
            count = f"{len(have)} things" if isinstance(have, tuple | list) else f"one thing ({_kind(have)})"
            return f"Your function returns {count}; it must return {len(want)}, with commas between them."
        place = next((i for i in range(len(want)) if not close(have[i], want[i])), 0)
        parts = ([g[place] for g in got] if all(_same_length(g, want) for g in got) else [have[place]]) or [have]
        wants = [w[place] for w in wanted] if len(parts) == len(wanted) else [want[place]]
        return f"Result {place + 1} of {len(want)}: " + _one(arguments, want[place], have[place], wants, parts)
    return _one(arguments, want, have, wanted, got)


def _one(arguments: tuple, want: Any, have: Any, wanted: list[Any], got: list[Any]) -> str:
    if have is None:
        return "Your function returns None: is there a `return` at its end?"
    want_array, have_array = as_array(want), as_array(have)
    if want_array is None:
        return f"Your function returns {_kind(have)}, {_short(have)}; it must return {_short(want)}."
    if have_array is None:
        return f"Your function returns {_kind(have)}; it must return {_numbers(want_array)}."
    if have_array.shape != want_array.shape:
        sentence = f"Your result has the wrong shape: it is {_shape(have_array)}, it must be {_shape(want_array)}."
        if have_array.ndim == 2 and close(have_array.T, want_array):
            sentence += " The values are right, rows and columns are swapped."
        elif have_array.size == want_array.size and close(have_array.reshape(-1), want_array.reshape(-1)):
            sentence += " The values are right."
        return sentence
    not_numbers = int((~np.isfinite(have_array)).sum())
    if not_numbers and np.isfinite(want_array).all():
        where = "is not a finite number" if have_array.ndim == 0 else f"has {not_numbers} values that are not finite"
        return f"Your result {where} (NaN or infinite): was something divided by zero, or the logarithm of zero taken?"
    factors = [_factor(g, w) for g, w in zip(got, wanted, strict=True)]
    factor = _factor(have, want)
    if factor is not None and None not in factors:
        return _about_factor(factor, bool(np.allclose(factors, factor, rtol=1e-3)), arguments)
    difference = (have_array.astype(float) - want_array.astype(float)).reshape(-1)
    if have_array.size > 1 and abs(difference[0]) > 0 and np.allclose(difference, difference[0], rtol=1e-3):
        return f"Every value of your result is off by the same amount: {difference[0]:+.4g}."
    if have_array.size > 1 and close(np.sort(have_array, axis=None), np.sort(want_array, axis=None)):
        return "Your result holds the right values in another order."
    place = int(np.abs(difference).argmax())
    yours, ours = have_array.reshape(-1)[place], want_array.reshape(-1)[place]
    at = "" if have_array.ndim == 0 else f" at place {list(map(int, np.unravel_index(place, have_array.shape)))}"
    return (
        f"The shape is right, the values are not: in one trial yours was {yours:.4g}{at}, where {ours:.4g} was wanted."
    )


def _about_factor(factor: float, constant: bool, arguments: tuple) -> str:
    if constant and abs(factor + 1) < 1e-3:
        return "Your result has the wrong sign: it is the right one times -1."
    sign = "-" if factor < 0 else ""
    large, times = abs(factor) > 1, max(abs(factor), 1 / abs(factor))
    sentence = (
        f"Your result is the right one up to a factor: {sign}{times:.4g} times too {'large' if large else 'small'}"
    )
    if constant:
        return sentence + ", whatever the input."
    for number, argument in enumerate(arguments, start=1):
        array = as_array(argument)
        for axis, size in enumerate(array.shape if array is not None else ()):
            if size > 1 and abs(times - size) < 1e-3 * size:
                return f"{sentence}, and {size} is the size of axis {axis} of argument {number}: sum or mean over it?"
    return sentence + " in one trial, and the factor changes with the input."


def _factor(have: Any, want: Any) -> float | None:
    h, w = as_array(have), as_array(want)
    if h is None or w is None or h.shape != w.shape or h.dtype.kind == "b" or w.dtype.kind == "b":
        return None
    h, w = h.astype(float), w.astype(float)
    squares = float((w * w).sum())
    if not squares > 0:
        return None
    factor = float((h * w).sum()) / squares
    if not np.isfinite(factor) or abs(factor) < 1e-9 or abs(factor - 1) < 1e-4:
        return None
    # A single number is always some multiple of another: only a round factor says anything there.
    if h.size == 1 and min(abs(factor - round(factor)), abs(1 / factor - round(1 / factor))) > 1e-3:
        return None
    return factor if np.allclose(h, factor * w, rtol=1e-3, atol=1e-6 * float(np.abs(w).max())) else None


def _same_length(got: Any, want: Any) -> bool:
    return isinstance(got, tuple | list) and len(got) == len(want)


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + " …"


def _shape(array: np.ndarray) -> str:
    return "a single number" if array.ndim == 0 else f"of shape {array.shape}"


def _numbers(array: np.ndarray) -> str:
    return "a single number" if array.ndim == 0 else f"numbers of shape {array.shape}"
