"""Dataset: samples with everything that is known about them, held together and never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import torch

from udl_teach import inputs
from udl_teach.data.description import Description, describe
from udl_teach.data.scaling import Scaling
from udl_teach.data.splitting import split_rows


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Samples, and what is known about each of them.

    All arrays are read-only copies: what one cell of a notebook does to its data is never a surprise to the next.

    Attributes:
        x: float32 array of shape (n_samples, n_features). Choosing, splitting and scaling work with the numbers as they
            were given, so that double precision, which times and coordinates need, is lost after scaling alone.
        labels: int64 array of shape (n_samples,), or None where there are none.
        name: what the data is called.
        source: where it comes from.
        license: what may be done with it.
        label_names: the name of label 0, 1, 2, ...
        feature_names: the name of each column of `x`.
        image_shape: (channels, height, width) where a row of `x` is a flattened image.
        extras: further arrays with one entry a sample, by name: factors, times, groups. Whole numbers stay exact;
            those beyond 64 bits become text.
        scaling: how `x` was scaled, where it was.
        notes: what there is to know about how the data was read, a sentence each.

    Raises:
        TypeError: an array holds what it cannot hold.
        ValueError: the parts do not fit together.
    """

    x: np.ndarray
    labels: np.ndarray | None = None
    name: str = "data"
    source: str = "made by hand"
    license: str = "not stated"
    label_names: tuple[str, ...] | None = None
    feature_names: tuple[str, ...] | None = None
    image_shape: tuple[int, int, int] | None = None
    extras: Mapping[str, np.ndarray] = field(default_factory=dict)
    scaling: Scaling | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the parts fit together, and replace each by a read-only copy."""
        exact = inputs.exact(self.x, "x")
        exact = exact.detach().cpu().numpy() if isinstance(exact, torch.Tensor) else exact
        with np.errstate(over="ignore"):
            x = exact.astype(np.float32, order="C")
        inputs.samples(x)  # what is too large for float32 is infinite now
        exact = x if np.array_equal(x, exact) else exact.copy()
        labels = None if self.labels is None else inputs.labels(self.labels, "labels", n=len(x))
        extras = {name: _extra(name, values, len(x)) for name, values in dict(self.extras).items()}
        for array in [x, *extras.values()] + ([] if labels is None else [labels]):
            array.setflags(write=False)
        clean = {
            "x": x,
            "_exact": exact,
            "labels": labels,
            "extras": MappingProxyType(extras),
            "label_names": _label_names(self.label_names, labels),
            "feature_names": _feature_names(self.feature_names, x.shape[1]),
            "image_shape": _image_shape(self.image_shape, x.shape[1]),
            "notes": tuple(self.notes),
        }
        for name, value in clean.items():
            object.__setattr__(self, name, value)  # the one way to finish a frozen dataclass

    @property
    def images(self) -> np.ndarray:
        """The samples as images: read-only float32 array of shape (n_samples, channels, height, width)."""
        if self.image_shape is None:
            raise ValueError(f"The dataset {self.name!r} holds no images: it has no image_shape; use its x.")
        return self.x.reshape(len(self), *self.image_shape)

    def __len__(self) -> int:
        """The number of samples."""
        return len(self.x)

    def __iter__(self) -> Iterator[Any]:
        """Refused, because a sample alone is an array and has no labels or extras."""
        raise TypeError("A Dataset cannot be walked through by itself: write `for sample in dataset.x`.")

    def __getitem__(self, chosen: Any) -> "Dataset":
        """Some of the samples, with everything that belongs to them.

        Args:
            chosen: a slice, an array of row numbers, or a mask (one True or False a sample).

        Returns:
            Dataset of these samples, in this order.

        Raises:
            IndexError: a row number or a mask that does not fit.
            TypeError: something else than these three.
            ValueError: nothing is chosen.
        """
        rows = _rows(chosen, len(self))
        if len(rows) == 0:
            raise ValueError(
                f"This choice holds none of the {len(self)} samples of {self.name!r}; choose at least one."
            )
        return replace(
            self,
            x=self._exact[rows],
            labels=None if self.labels is None else self.labels[rows],
            extras={name: values[rows] for name, values in self.extras.items()},
        )

    def split(
        self, fractions: tuple[float, ...] = (0.8, 0.2), *, seed: int = 0, by: str | None = None
    ) -> tuple["Dataset", ...]:
        """Divide the samples into parts that share none.

        Args:
            fractions: the share of each part, each above 0, together at most 1 (what is left over is in no part).
            seed: for the shuffle; the same seed gives the same parts.
            by: name of an extra. Without it single samples are shuffled. Whole numbers, texts, and true or false are
                groups: each group lies in one part alone, and the fractions are met as nearly as groups allow. Real
                numbers and dates are an order: the first part holds the smallest, the last one the largest.

        Returns:
            one Dataset a fraction.

        Raises:
            TypeError: `fractions` are not numbers.
            ValueError: a part would be empty, `fractions` are not shares, or `by` is not a usable extra.
        """
        return tuple(self[rows] for rows in split_rows(len(self), fractions, seed, by, self.extras))

    def scaled(self, scale: "str | Scaling", *, clip: bool = False) -> "Dataset":
        """The same data with its columns brought to a common scale, which is remembered.

        Args:
            scale: "standard" (mean 0, standard deviation 1), "minmax" (from 0 to 1) or "robust" (by median and
                quartiles), measured on this data, or a `Scaling` that was measured before, as in
                `test.scaled(train.scaling)`.
            clip: hold what lies outside the range of a "minmax" scaling at 0 and 1, for models that take no other
                values; a note says how many values that were.

        Returns:
            Dataset whose `scaling` applies to data in the units of this one.

        Raises:
            ValueError: `scale` is unknown or of other columns, or `clip` is asked of another kind than "minmax".
        """
        scaling = scale if isinstance(scale, Scaling) else Scaling.measure(self._exact, scale)
        x, notes = scaling.apply(self._exact, clip=clip), self.notes
        if clip and (n := int((x != scaling.apply(self._exact)).sum())):
            notes = (*notes, f"{n} value{'s' if n > 1 else ''} outside the range of the scaling held at its ends")
        return replace(self, x=x, scaling=scaling, notes=notes)

    def describe(self) -> Description:
        """A short table about the data: text in a terminal, HTML in a notebook."""
        return describe(self, self._exact)

    def __repr__(self) -> str:
        """Name and size; `describe()` says more."""
        return f"Dataset({self.name!r}, {len(self)} samples of {self.x.shape[1]} features)"

    def __reduce__(self) -> tuple:
        """Copies and pickles are built anew: a read-only mapping cannot be pickled, and arrays come back writable."""
        parts = {item.name: getattr(self, item.name) for item in fields(self)}
        return partial(Dataset, **(parts | {"x": self._exact, "extras": dict(self.extras)})), ()


def _rows(chosen: Any, n: int) -> np.ndarray:
    if isinstance(chosen, slice):
        return np.arange(n)[chosen]
    rows = np.asarray(chosen)
    if rows.ndim == 0 and rows.dtype.kind in "iu":
        raise TypeError(f"dataset[{chosen}] asks for one row; write dataset.x[{chosen}], or dataset[[{chosen}]].")
    if rows.ndim != 1 or rows.dtype.kind not in "biu" and rows.size:
        raise TypeError("A dataset is indexed by a slice, a one-dimensional array of row numbers, or a mask.")
    if rows.dtype.kind == "b":
        if len(rows) != n:
            raise IndexError(f"The mask has {len(rows)} entries for {n} samples; it must have one a sample.")
        return np.flatnonzero(rows)
    outside = (rows < -n) | (rows >= n)
    if outside.any():
        raise IndexError(f"Row {rows[outside][0]} does not exist; the dataset has rows 0 to {n - 1}.")
    return rows.astype(np.int64)


def _extra(name: str, values: Any, n: int) -> np.ndarray:
    array = np.array(values)
    each = array.ravel().tolist() if array.dtype.kind == "O" else values
    if (
        array.dtype.kind in "fO"
        and isinstance(each, (list, tuple))
        and each
        and all(type(item) is int for item in each)
    ):
        # NumPy would round whole numbers beyond 64 bits, or keep them as objects; as text they stay what they are.
        small = -(2**63) <= min(each) and max(each) < 2**63
        array = np.array(each, dtype=np.int64 if small else str).reshape(array.shape)
    if array.dtype.kind == "O" and all(isinstance(value, str) for value in array.flat):
        array = array.astype(str)
    elif array.dtype.kind == "O" and all(isinstance(value, date) for value in array.flat):
        array = array.astype("datetime64[us]")
    if array.dtype.kind not in "biufUmM":
        raise TypeError(f"The extra {name!r} holds mixed objects; it must hold numbers, texts or dates alone.")
    if array.ndim == 0 or len(array) != n:
        raise ValueError(f"The extra {name!r} has shape {array.shape}; it must have one entry for each of {n} samples.")
    return array


def _label_names(names: Any, labels: np.ndarray | None) -> tuple[str, ...] | None:
    if names is None:
        return None
    names = tuple(str(name) for name in names)
    if labels is None:
        raise ValueError(f"label_names has {len(names)} names but there are no labels; give both or neither.")
    if labels.min() < 0 or labels.max() >= len(names):
        worst = labels.min() if labels.min() < 0 else labels.max()
        raise ValueError(f"There is a label {worst} but label_names names 0 to {len(names) - 1}; name every label.")
    return names


def _feature_names(names: Any, n_features: int) -> tuple[str, ...] | None:
    if names is None:
        return None
    names = tuple(str(name) for name in names)
    if len(names) != n_features:
        raise ValueError(f"feature_names has {len(names)} names for {n_features} features; give one a feature.")
    return names


def _image_shape(shape: Any, n_features: int) -> tuple[int, int, int] | None:
    if shape is None:
        return None
    shape = tuple(int(side) for side in shape)
    if len(shape) != 3 or int(np.prod(shape)) != n_features:
        raise ValueError(
            f"image_shape was {shape} for rows of {n_features} values; "
            "it must be (channels, height, width) with that product."
        )
    return shape
