"""Splitting: which rows belong to which part, so that no part knows what another one is tested on."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.times import look


def split_rows(
    n: int, fractions: Any, seed: int, by: str | None, extras: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, ...]:
    """The row numbers of each part; see `Dataset.split`."""
    fractions = _fractions(fractions)
    rng = np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
    if by is None:
        return _cut(rng.permutation(n), fractions)
    if by not in extras:
        known = f"it must be one of the extras {', '.join(map(repr, extras))}" if extras else "this data has no extras"
        raise ValueError(f"by was {by!r}; {known}.")
    values = extras[by]
    if values.ndim != 1:
        raise ValueError(f"by was {by!r}, an extra of shape {values.shape}; it must hold one value a sample.")
    if values.dtype.kind in "fmM":
        if np.isnan(values).any() if values.dtype.kind == "f" else np.isnat(values).any():
            raise ValueError(f"by was {by!r}, an extra with missing values; an order needs a value for every sample.")
        return _cut(np.argsort(values, kind="stable"), fractions)
    if kind := look(values, by):
        read = f"parse_dates=[{by!r}]" if values.dtype.kind == "U" else f"dtype={{{by!r}: float}}"
        warnings.warn(
            f"by was {by!r}, which looks like time ({kind}), but whole numbers and texts are groups, dealt out at "
            f"random: to split in time hold it as dates or real numbers, in data.table by {read}.",
            stacklevel=3,
        )
    return _deal(values, by, fractions, rng)


def _fractions(fractions: Any) -> np.ndarray:
    if isinstance(fractions, (str, bytes)) or not np.iterable(fractions):
        raise TypeError(f"fractions was {fractions!r}; it must be a tuple of shares such as (0.8, 0.2).")
    shares = np.array([inputs.real(share, "a fraction", above=0.0, maximum=1.0) for share in fractions])
    if len(shares) == 0 or shares.sum() > 1 + 1e-9:
        raise ValueError(f"fractions was {tuple(fractions)}; the shares must add up to at most 1, as (0.8, 0.2) do.")
    return shares


def _cut(rows: np.ndarray, fractions: np.ndarray) -> tuple[np.ndarray, ...]:
    ends = np.round(np.cumsum(fractions) * len(rows)).astype(int)
    parts = np.split(rows, ends)[: len(fractions)]
    for number, part in enumerate(parts, start=1):
        if len(part) == 0:
            raise ValueError(
                f"fractions was {tuple(fractions.tolist())}; part {number} of {len(rows)} samples would be empty: "
                "use larger shares or fewer parts."
            )
    return tuple(parts)


def _deal(groups: np.ndarray, by: str, fractions: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    names, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    n_parts = len(fractions)
    if len(names) < n_parts:
        raise ValueError(
            f"by was {by!r}, which has {len(names)} groups; {n_parts} parts need at least {n_parts} groups."
        )
    left_over = max(0.0, 1.0 - fractions.sum())
    missing = np.append(fractions, left_over) * len(groups)
    part_of = np.empty(len(names), dtype=int)
    taken = np.zeros(n_parts, dtype=bool)
    for dealt, group in enumerate(rng.permutation(len(names))):
        # Each group goes where most is missing; the last ones go to parts that would otherwise stay empty.
        candidates = missing.copy()
        if len(names) - dealt == (~taken).sum():
            candidates[np.append(taken, True)] = -np.inf
        part = int(np.argmax(candidates))
        part_of[group] = part
        missing[part] -= sizes[group]
        taken[part : part + 1] = True  # an empty slice for the left-over part
    return tuple(np.flatnonzero(part_of[group_of.reshape(-1)] == part) for part in range(n_parts))
