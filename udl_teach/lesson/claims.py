"""Claims: every quantitative sentence of a lesson is run, and printed with its numbers.

A result of training differs a little from machine to machine. `below`, `above` and `between` state such a result
together with its bound, so that `make sturdy` can measure how much room lies between the two; what is true by
mathematics is claimed by a plain condition.
"""

import json
import math
import os
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np

from udl_teach.lesson import session, show
from udl_teach.lesson.values import as_array


@dataclass(frozen=True)
class Comparison:
    """A number and the bounds between which it is claimed to lie; true where it does.

    Attributes:
        value: what was measured.
        low: it is claimed to be larger than this; minus infinity where there is no such bound.
        high: it is claimed to be smaller than this; infinity where there is no such bound.
    """

    value: float
    low: float = -math.inf
    high: float = math.inf

    def __bool__(self) -> bool:
        return self.low < self.value < self.high

    def __str__(self) -> str:
        if self.low == -math.inf:
            return f"{written(self.value)} {'<' if self else '≮'} {written(self.high)}"
        if self.high == math.inf:
            return f"{written(self.value)} {'>' if self else '≯'} {written(self.low)}"
        return f"{written(self.value)} {'in' if self else 'not in'} {written(self.low)} … {written(self.high)}"


def below(value: Any, bound: Any) -> Comparison:
    """The claim that a measured number is smaller than a bound, which may be measured too."""
    return Comparison(_number(value, "value"), high=_number(bound, "bound"))


def above(value: Any, bound: Any) -> Comparison:
    """The claim that a measured number is larger than a bound, which may be measured too."""
    return Comparison(_number(value, "value"), low=_number(bound, "bound"))


def between(value: Any, low: Any, high: Any) -> Comparison:
    """The claim that a measured number lies between two bounds."""
    return Comparison(_number(value, "value"), low=_number(low, "low"), high=_number(high, "high"))


def claim(sentence: str, *conditions: Any, **numbers: Any) -> None:
    """Say a sentence and whether it holds here.

    Args:
        sentence: the claim, without a full stop: "the autoencoder beats PCA at two dimensions".
        *conditions: one or more that must all hold: `below(error, bound)`, `above(...)`, `between(...)`, or True or
            False (numpy and torch truth values too).
        **numbers: what else the claim rests on, shown beside it: `pca=0.0544`; comparisons show their own numbers.

    Raises:
        TypeError: a condition is neither a comparison nor one single truth value, or there is none.
        FalseClaim: in strict mode (UDL_TEACH_STRICT=1): the claim does not hold.
    """
    if not conditions:
        raise TypeError("condition is missing; a claim needs at least one, such as below(error, 0.05).")
    comparisons = [condition for condition in conditions if isinstance(condition, Comparison)]
    holds = all([bool(each) if isinstance(each, Comparison) else _truth(each) for each in conditions])
    shown = ", ".join([*map(str, comparisons), *(f"{name} = {written(value)}" for name, value in numbers.items())])
    text = sentence + (f" ({shown})" if shown else "")
    if collect := os.environ.get("UDL_TEACH_CLAIMS"):
        _note(Path(collect), sentence, holds, comparisons)
    if not holds and session.strict():
        raise session.FalseClaim(f"Does not hold: {text}")
    show.notice("Holds:" if holds else "Does not hold here:", [text], look="holds" if holds else "fails")


def written(value: Any) -> str:
    """A number as a learner wants to read it: four digits that count, whole numbers whole, anything else as it is."""
    array = as_array(value)
    if array is None or array.size != 1 or isinstance(value, bool):
        return str(value)
    number = array.reshape(-1)[0].item()
    if isinstance(number, int) or not isinstance(number, Real):
        return str(number)
    if number.is_integer() and abs(number) < 1e9:
        return str(int(number))
    return f"{number:.4g}"


def _note(path: Path, sentence: str, holds: bool, comparisons: list[Comparison]) -> None:
    """Add a claim to the file that `make sturdy` reads."""
    numbers = [[each.value, each.low, each.high] for each in comparisons]
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"sentence": sentence, "holds": holds, "comparisons": numbers}) + "\n")


def _number(value: Any, name: str) -> float:
    array = as_array(value)
    if array is None or array.size != 1 or array.dtype.kind not in "biuf":
        what = f"{value!r}" if array is None or array.ndim == 0 else f"an array of shape {array.shape}"
        raise TypeError(f"{name} was {what}; it must be one real number: write (…).max() or (…).mean(), for instance.")
    return float(array.reshape(-1)[0])


def _truth(condition: Any) -> bool:
    array = as_array(condition)
    if array is not None and array.dtype.kind == "b" and array.size == 1:
        return bool(array.reshape(-1)[0])
    what = f"{condition!r}" if array is None or array.ndim == 0 else f"an array of shape {array.shape}"
    if array is not None and array.dtype.kind == "b":
        raise TypeError(f"condition was {what}; it must be one truth value: write (…).all() or (…).any().")
    advice = "a comparison such as below(a, b)"
    if array is not None and np.asarray(array).size == 1:
        advice += ", not the number itself"
    raise TypeError(f"condition was {what}; it must be a comparison or True or False: write {advice}.")
