"""Real diamonds for the playground, as plain numbers, and the three questions that a table of fakes is asked."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from udl_teach import data

TRAIN, HELD_OUT, MADE = 800, 800, 300
COLUMNS = ("carat", "cut", "color", "clarity", "depth", "table", "price", "x", "y", "z")
GRADED = ("cut", "color", "clarity")
RULES = ("depth", "carat", "round")


# Compared by identity: there is one per process.
@dataclass(frozen=True, eq=False)
class RealTable:
    """Diamonds to learn from and as many held out.

    Attributes:
        train: the rows that generators learn from, a pandas DataFrame.
        x: the same as numbers, grades counted from 0, shape (TRAIN, 10).
        held_out: rows that no generator sees, as numbers, shape (HELD_OUT, 10).
        sd: standard deviation of each column of x.
        trtr: R² of the price on the held-out rows, learned from x.
        kept: share of the held-out rows that keep each rule, and all of them, shape (4,).
    """

    train: Any
    x: np.ndarray
    held_out: np.ndarray
    sd: np.ndarray
    trtr: float
    kept: np.ndarray


@lru_cache(maxsize=1)
def real_table() -> RealTable:
    """Always the same rows of the diamonds."""
    rows = data.diamonds().sample(TRAIN + HELD_OUT, random_state=0)
    rows = rows[list(COLUMNS)]
    train, held_out = rows[:TRAIN].reset_index(drop=True), rows[TRAIN:]
    x, other = numbers(train), numbers(held_out)
    kept = rules_kept(held_out)
    shares = np.append(kept.mean(axis=1), kept.all(axis=0).mean())
    return RealTable(train, x, other, x.std(axis=0), price_score(x, other), shares)


def numbers(frame: Any) -> np.ndarray:
    """A frame of diamonds as numbers, shape (n, 10): a grade is its place in the order of grades, from 0."""
    columns = [frame[name].cat.codes if name in GRADED else frame[name] for name in COLUMNS]
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def rules_kept(frame: Any) -> np.ndarray:
    """Whether each row keeps each of `RULES`, bool of shape (3, n)."""
    return np.stack([np.asarray(rule(frame), dtype=bool) for rule in data.diamond_rules().values()])


def price_score(train: np.ndarray, test: np.ndarray) -> float:
    """R² on test rows of a linear regression of log price on the other columns, the weight by its logarithm too."""
    given, asked = _given(train), _given(test)
    weights = np.linalg.lstsq(given, _log_price(train), rcond=None)[0]
    right = _log_price(test)
    return float(1 - ((asked @ weights - right) ** 2).sum() / ((right - right.mean()) ** 2).sum())


def _log_price(x: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(x[:, COLUMNS.index("price")], 1.0))


def _given(x: np.ndarray) -> np.ndarray:
    others = np.delete(x, COLUMNS.index("price"), axis=1)
    return np.column_stack([np.ones(len(x)), np.log(np.maximum(x[:, 0], 0.01)), others])


def closest(made: np.ndarray, known: RealTable) -> tuple[np.ndarray, np.ndarray, float]:
    """The closest training row of every fake: its number, the distance, and the share that lies closer than held out.

    Distances are Euclidean, columns in standard deviations. The share compares the closest training row of every fake
    with its closest held-out row (of which there are as many): 0.5 where the training rows have no advantage, 1 for a
    copier; a tie counts half.
    """
    made = made / known.sd
    to_train, to_other = cdist(made, known.x / known.sd), cdist(made, known.held_out / known.sd).min(axis=1)
    row = to_train.argmin(axis=1)
    distance = to_train[np.arange(len(made)), row]
    return row, distance, float((distance < to_other).mean() + 0.5 * (distance == to_other).mean())
