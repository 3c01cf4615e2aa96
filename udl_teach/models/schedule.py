"""Schedules: a rate that is constant, decays exponentially between two values, or follows the caller's function."""

from collections.abc import Callable
from typing import Any

from udl_teach import inputs


def schedule(value: Any, name: str, default: tuple[float, float], n_steps: int, **bounds) -> Callable[[int], float]:
    """The value of a rate or a radius at every step.

    Args:
        value: a constant of at least 0; a pair (start, end), both above 0, for exponential decay; a function of the
            number of steps made so far; or None for `default`.
        name: the argument's name, for messages.
        default: the pair used where `value` is None.
        n_steps: number of steps from start to end; later steps keep the end.
        bounds: further bounds for `inputs.real`, such as maximum=1.0.

    Returns:
        A function from the number of steps made so far to the value; it checks what a caller's function returns.
    """
    if value is None:
        value = default
    if callable(value):
        return lambda step: inputs.real(value(step), f"{name}({step})", minimum=0.0, **bounds)
    if not isinstance(value, (tuple, list)):
        constant = inputs.real(value, name, minimum=0.0, **bounds)
        return lambda step: constant
    if len(value) != 2:
        raise ValueError(f"{name} was {value!r}; it must be a number, a pair (start, end) or a function of the step.")
    start, end = (inputs.real(part, name, above=0.0, **bounds) for part in value)
    last = max(n_steps - 1, 1)
    # Exponential decay spends most steps at small radii, where a map removes its folds.
    return lambda step: start * (end / start) ** min(step / last, 1.0)
