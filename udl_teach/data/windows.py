"""Windows: a series of samples cut into stretches of equal length, and parts of it that share no sample.

A model of windows sees how values follow each other. Labels and extras are carried along, and no window reaches from
one recording into the next.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

LABELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "any": lambda labels: labels.max(axis=1),
    "all": lambda labels: labels.min(axis=1),
    "last": lambda labels: labels[:, -1],
}


def windows(series: Any, length: int, stride: int = 1, *, labels: str = "any", group: str | None = None) -> Dataset:
    """Cut a series into windows of equal length.

    Args:
        series: a `Dataset` whose samples are in order of time, or an array of shape (n_samples, n_channels).
        length: samples per window.
        stride: samples from the start of a window to that of the next.
        labels: the label of a window: that of "any" sample (the largest of its labels), of "all" (the smallest) or of
            the "last". Which one is right depends on the use: an alarm in time needs "last".
        group: name of an extra that tells recordings apart (a person, a machine): windows lie within one run of equal
            values. A gap in time needs one, or a window would join what does not belong together.

    Returns:
        Dataset with one window per row: `x` of shape (n_windows, length * n_channels), time after time, so that
        `x.reshape(-1, length, n_channels)` has them apart. Extras are those of the last sample; "start" and "end" (one
        past the last) are row numbers in the series.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or no window fits.
    """
    length, stride = inputs.whole(length, "length"), inputs.whole(stride, "stride")
    combine = LABELS[inputs.choice(labels, "labels", LABELS)]
    dataset = series if isinstance(series, Dataset) else Dataset(series, name="series")
    if group is not None:
        inputs.choice(group, "group", dataset.extras)
    n, n_channels = dataset.x.shape
    borders = np.array([0, n])
    if group is not None:
        values = dataset.extras[group]
        borders = np.concatenate([[0], 1 + np.flatnonzero(values[1:] != values[:-1]), [n]])
    starts = np.concatenate(
        [np.arange(first, last - length + 1, stride) for first, last in zip(borders[:-1], borders[1:], strict=True)]
    )
    if len(starts) == 0:
        longest = int(np.diff(borders).max())
        raise ValueError(f"length was {length}; it must be at most {longest}, the samples of the longest recording.")
    rows = starts[:, None] + np.arange(length)
    names = dataset.feature_names
    if names is not None:
        names = tuple(f"{name} {step - length + 1}" for step in range(length) for name in names)
    ends = starts + length
    return Dataset(
        dataset.x[rows].reshape(len(starts), length * n_channels),
        None if dataset.labels is None else combine(dataset.labels[rows]),
        name=f"{dataset.name}, windows of {length}",
        source=dataset.source,
        license=dataset.license,
        label_names=dataset.label_names,
        feature_names=names,
        extras={name: values[ends - 1] for name, values in dataset.extras.items()} | {"start": starts, "end": ends},
        notes=dataset.notes,
    )


def moving_mean(values: Any, length: int) -> np.ndarray:
    """The mean of the last `length` rows at every time, of fewer at the beginning.

    Args:
        values: series of shape (n,) or (n, n_channels), in order of time.
        length: rows in a mean, the present one included.

    Returns:
        float64 array of the shape of `values`.
    """
    values = np.asarray(values, dtype=np.float64)
    length = inputs.whole(length, "length")
    total = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    now = np.arange(1, len(values) + 1)
    first = np.maximum(now - length, 0)
    return ((total[now] - total[first]).T / (now - first)).T


def split_in_time(
    dataset: Dataset, fractions: tuple[float, ...] = (0.8, 0.2), *, group: str | None = None
) -> tuple[Dataset, ...]:
    """Divide samples or windows into parts that follow each other in time and share nothing.

    A random split would put overlapping windows, which are nearly equal, into training and test alike.

    Args:
        dataset: samples in order of time, or what `windows` returned; windows that reach from one part into the next
            are in no part.
        fractions: the share of each part, each above 0, together at most 1.
        group: name of an extra: each group (a person, a machine) is divided by itself, so that every part holds the
            beginning, the middle or the end of all. To hold whole groups out, use `dataset.split(by=group)`.

    Returns:
        One Dataset per fraction.

    Raises:
        ValueError: a part would be empty, or an argument is not what it must be.
    """
    shares = np.array([inputs.real(share, "a fraction", above=0.0, maximum=1.0) for share in fractions])
    if shares.sum() > 1 + 1e-9:
        raise ValueError(f"fractions was {tuple(fractions)}; the shares must add up to at most 1, as (0.8, 0.2) do.")
    if group is not None:
        inputs.choice(group, "group", dataset.extras)
    number = np.zeros(len(dataset), dtype=int)
    if group is not None:
        number = np.unique(dataset.extras[group], return_inverse=True)[1].reshape(-1)
    starts = dataset.extras.get("start", np.arange(len(dataset)))
    ends = dataset.extras.get("end", starts + 1)
    part_of = np.full(len(dataset), -1)
    for one in range(number.max() + 1):
        rows = np.flatnonzero(number == one)
        first, last = starts[rows].min(), ends[rows].max()
        cuts = first + np.round(np.concatenate([[0], np.cumsum(shares)]) * (last - first))
        for part in range(len(shares)):
            inside = (starts[rows] >= cuts[part]) & (ends[rows] <= cuts[part + 1])
            part_of[rows[inside]] = part
    for part, share in enumerate(shares):
        if not (part_of == part).any():
            raise ValueError(f"fractions was {tuple(fractions)}; the part of {share:g} holds no whole window.")
    return tuple(dataset[part_of == part] for part in range(len(shares)))
