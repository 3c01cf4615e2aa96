"""Claims: every quantitative sentence of a lesson is run, and printed with its numbers."""

from numbers import Real
from typing import Any

import numpy as np

from udl_teach.lesson import session, show
from udl_teach.lesson.values import as_array


def claim(sentence: str, condition: Any, **numbers: Any) -> None:
    """Say a sentence and whether it holds here.

    Args:
        sentence: the claim, without a full stop: "the autoencoder beats PCA at two dimensions".
        condition: True or False, or a numpy or torch truth value.
        **numbers: what the claim rests on, shown beside it: `autoencoder=0.0301, pca=0.0544`.

    Raises:
        TypeError: the condition is not one single truth value.
        FalseClaim: in strict mode (UDL_TEACH_STRICT=1): the claim does not hold.
    """
    holds = _truth(condition)
    shown = ", ".join(f"{name} = {written(value)}" for name, value in numbers.items())
    text = sentence + (f" ({shown})" if shown else "")
    if not holds and session.strict():
        raise session.FalseClaim(f"Does not hold: {text}")
    show.notice("Holds:" if holds else "Does not hold here:", [text])


def written(value: Any) -> str:
    """A number as a learner wants to read it: four digits that count, whole numbers whole, anything else as it is."""
    array = as_array(value)
    if array is None or array.size != 1 or isinstance(value, bool):
        return str(value)
    number = array.reshape(-1)[0].item()
    if isinstance(number, int) or not isinstance(number, Real):
        return str(number)
    return f"{number:.4g}"


def _truth(condition: Any) -> bool:
    array = as_array(condition)
    if array is not None and array.dtype.kind == "b" and array.size == 1:
        return bool(array.reshape(-1)[0])
    what = f"{condition!r}" if array is None or array.ndim == 0 else f"an array of shape {array.shape}"
    if array is not None and array.dtype.kind == "b":
        raise TypeError(f"condition was {what}; it must be one truth value: write (…).all() or (…).any().")
    advice = "a comparison such as a < b"
    if array is not None and np.asarray(array).size == 1:
        advice += ", not the number itself"
    raise TypeError(f"condition was {what}; it must be True or False: write {advice}.")
