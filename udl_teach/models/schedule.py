"""A number that may change while a model learns: constant, falling between two values, or as the caller says."""

from collections.abc import Callable
from typing import Any

from udl_teach import inputs


def schedule(value: Any, name: str, usual: tuple[float, float], n_steps: int, **bounds) -> Callable[[int], float]:
    """What a rate or a radius is at every step.

    Args:
        value: a number of at least 0; a pair (start, end), both above 0; a function of the number of steps made so
            far; or None for `usual`.
        name: the argument's name, for messages.
        usual: the pair that None stands for.
        n_steps: steps over which a pair falls; later ones keep its end.
        bounds: further bounds, such as maximum=1.0, as `inputs.real` takes them.

    Returns:
        A function from the number of steps made so far to the number; it checks what a caller's function returns.
    """
    if value is None:
        value = usual
    if callable(value):
        return lambda step: inputs.real(value(step), f"{name}({step})", minimum=0.0, **bounds)
    if not isinstance(value, (tuple, list)):
        constant = inputs.real(value, name, minimum=0.0, **bounds)
        return lambda step: constant
    if len(value) != 2:
        raise ValueError(f"{name} was {value!r}; it must be a number, a pair (start, end) or a function of the step.")
    start, end = (inputs.real(part, name, above=0.0, **bounds) for part in value)
    last = max(n_steps - 1, 1)
    # By the same factor every step: folds are laid and mended while the radius is small, so most steps go there.
    return lambda step: start * (end / start) ** min(step / last, 1.0)
