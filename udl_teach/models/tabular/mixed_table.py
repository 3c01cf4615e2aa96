"""A table of numbers and categories in model space, and back without loss.

Source: Xu et al. 2019, "Modeling tabular data using conditional GAN", section 4.2, for the whole of it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from udl_teach import inputs
from udl_teach.models.tabular.columns import Bins, Category, Modes, Quantiles

NUMBERS = {"quantiles": Quantiles, "modes": Modes, "bins": Bins}
FEW_VALUES = 10  # whole numbers with no more different values are treated as categories
MOST_VALUES = 20  # a column of text with more, and a different one in most rows, holds names
MOST_DECIMALS = 6
BINS, ALL_BINS, FEWEST_BINS = 64, 1024, 16  # per number; of all numbers together; per number of a wide table


class MixedTable:
    """Columns of numbers and categories as the numbers that a network learns from, and back.

    Text, true and false, pandas' categories, and whole numbers with at most 10 different values become one-hot codes;
    all other numbers are normalized. A missing number has a one-hot code of its own (present, missing) before it, a
    missing category is one of the categories. On the way back whole numbers are whole, numbers have the decimals that
    they had, and every column has its dtype. Values come back as they were; whole numbers that differ by more than 2^50
    may lose their last digits.

    Args:
        numbers: how numbers are normalized: by "quantiles" (to a standard normal distribution), by "modes" (of a
            Gaussian mixture: a one-hot code and a position, Xu et al. 2019) or by "bins" (of equal counts: a one-hot
            code and a position).

    Attributes:
        columns: one `TableColumn` per column of the frame.
        blocks: (kind, width) of every block of model space, kinds being "number", "category" (one-hot) and "position"
            (inside the mode or the bin before it).
        n_features: width of model space.
    """

    def __init__(self, numbers: str = "quantiles") -> None:
        self.numbers = inputs.choice(numbers, "numbers", NUMBERS)
        self.columns: list[TableColumn] | None = None

    def measure(self, frame: Any) -> "MixedTable":
        """Measure the columns of a pandas DataFrame, from training rows alone, and return self.

        Raises:
            TypeError: `frame` is no DataFrame, or a column holds dates, time spans or mixed objects.
            ValueError: it has no rows or no columns, two columns of the same name, an infinite value, or a column of
                names (a different text in most rows).
        """
        checked_frame(frame)
        n_numbers = sum(getattr(dtype, "kind", "O") in "iuf" for dtype in frame.dtypes)
        n_bins = int(np.clip(ALL_BINS // max(n_numbers, 1), FEWEST_BINS, BINS))
        encode = partial(Bins, n_bins=n_bins) if self.numbers == "bins" else NUMBERS[self.numbers]
        self.columns = [TableColumn(frame.iloc[:, k], name, encode) for k, name in enumerate(frame.columns)]
        return self

    @property
    def blocks(self) -> tuple[tuple[str, int], ...]:
        """(kind, width) of every block of model space, from left to right."""
        return tuple(block for column in self._measured() for block in column.blocks)

    @property
    def n_features(self) -> int:
        """Width of model space."""
        return sum(width for _, width in self.blocks)

    def column_blocks(self, name: Any) -> list[int]:
        """Which of `blocks` are those of a column."""
        start = 0
        for column in self._measured():
            if column.name == name:
                return list(range(start, start + len(column.blocks)))
            start += len(column.blocks)
        raise ValueError(f"name was {name!r}; it must be one of {', '.join(repr(c.name) for c in self.columns)}.")

    def to_model(self, frame: Any, seed: int | None = None) -> np.ndarray:
        """Rows of a frame with the measured columns in model space.

        Args:
            frame: pandas DataFrame.
            seed: of draws, where one value has several places: the mode of a number, its place among ties, and the
                meaningless number beside "missing". None draws nothing and takes the most probable or middle place.

        Returns:
            float64, shape (n_rows, n_features). On the way back, numbers beyond the measured range are taken to its
            ends; with "bins" those between two bins to the end of one.

        Raises:
            TypeError, ValueError: as in `measure`; or the columns are others, or a category was not measured.
        """
        columns = self._measured()
        checked_frame(frame)
        names = [column.name for column in columns]
        if list(frame.columns) != names:
            raise ValueError(
                f"frame has the columns {_list(frame.columns)}; it must have those measured: {_list(names)}."
            )
        rng = None if seed is None else np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
        return np.concatenate([c.to_model(frame.iloc[:, k], rng) for k, c in enumerate(columns)], axis=1)

    def to_frame(self, x: Any) -> Any:
        """Rows of model space, shape (n_rows, n_features), as a DataFrame with the measured columns and dtypes."""
        import pandas as pd

        columns, x = self._measured(), inputs.exact(x, "x", n_features=self.n_features)
        x, start, found = np.asarray(x, dtype=np.float64), 0, []
        for column in columns:
            found.append(column.to_series(x[:, start : start + column.width]))
            start += column.width
        frame = pd.concat(found, axis=1)
        frame.columns = pd.Index([column.name for column in columns])
        return frame

    def _measured(self) -> list["TableColumn"]:
        if self.columns is None:
            raise ValueError("this MixedTable has not seen a table yet; call measure(frame) first.")
        return self.columns


class TableColumn:
    """One column: what it was in the frame, and its code in model space.

    Attributes:
        name: of the column.
        dtype: pandas' dtype, which `to_series` restores.
        kind: "category" or "number".
        code: the `Category`, `Quantiles`, `Modes` or `Bins`.
        has_missing: whether there were missing values.
        decimals: of a number: as many as its values have; None if more than 6.
    """

    def __init__(self, series: Any, name: Any, encode: Callable[[np.ndarray], Any]) -> None:
        self.name, self.dtype = name, series.dtype
        absent = series.isna().to_numpy()
        self.has_missing = bool(absent.any())
        present = series[~absent]
        _checked_column(series, present, name)
        number = series.dtype.kind in "iuf" and not _is_categorical(series)
        few = number and present.nunique() <= FEW_VALUES and (present == present.round()).all()
        self.kind = "number" if number and not few else "category"
        self.decimals = self.offset = None
        if self.kind == "category":
            values = sorted(present.unique().tolist(), key=lambda value: (str(type(value)), value))
            if _is_categorical(series):
                values = [value for value in series.cat.categories.tolist() if value in set(values)]
            self.absent = series[absent].iloc[0] if self.has_missing else None
            self.code = Category(values + ([None] if self.has_missing else []))
            self.number = {value: place for place, value in enumerate(values)}
        else:
            values = self._floats(present, measuring=True)
            self.decimals = _decimals(values) if series.dtype.kind == "f" else 0
            self.code = encode(values)
            self.low, self.middle, self.high = values.min(), float(np.median(values)), values.max()
            self.flag = Category(["present", "missing"]) if self.has_missing else None
        self.blocks = self.code.blocks
        if self.kind == "number" and self.has_missing:
            self.blocks = self.flag.blocks + self.blocks
        self.width = sum(width for _, width in self.blocks)

    def to_model(self, series: Any, rng: np.random.Generator | None) -> np.ndarray:
        """The column in model space, shape (n_rows, width)."""
        absent = series.isna().to_numpy()
        if absent.any() and not self.has_missing:
            raise ValueError(f"column {self.name!r} has missing values, but had none when it was measured.")
        if self.kind == "category":
            codes = np.array([self.number.get(value, -1) for value in series.tolist()])
            codes[absent] = len(self.code.values) - 1
            if (codes < 0).any():
                value = series.iloc[int(np.flatnonzero(codes < 0)[0])]
                raise ValueError(f"column {self.name!r} holds {value!r}, which did not occur when it was measured.")
            return self.code.to_model(codes)
        _checked_column(series, series[~absent], self.name)
        values = np.full(len(series), self.middle)
        values[~absent] = self._floats(series[~absent])
        if rng is not None and absent.any():  # beside "missing" any number will do; one of its usual distribution
            values[absent] = rng.choice(values[~absent], absent.sum()) if not absent.all() else self.middle
        x = self.code.to_model(values, rng)
        return np.c_[self.flag.to_model(absent.astype(int)), x] if self.has_missing else x

    def to_series(self, x: np.ndarray) -> Any:
        """The column of the frame, from model space."""
        import pandas as pd

        if self.kind == "category":
            codes = self.code.to_column(x)
            values = np.empty(len(self.code.values), dtype=object)
            values[:] = self.code.values
            if self.has_missing:
                values[-1] = self.absent
            return _series(values[codes], self.dtype)
        values = self.code.to_column(x[:, 2:] if self.has_missing else x).clip(self.low, self.high)
        if self.decimals is not None:
            values = np.round(values, self.decimals)
        if self.offset is not None:
            values = values.astype(np.int64) + self.offset
        absent = self.flag.to_column(x[:, :2]) == 1 if self.has_missing else np.zeros(len(x), dtype=bool)
        if not absent.any():
            return pd.Series(values).astype(self.dtype)
        kept = pd.Series(values).astype(self.dtype)
        return kept.where(~absent)

    def _floats(self, present: Any, measuring: bool = False) -> np.ndarray:
        if self.dtype.kind == "f":
            return present.to_numpy(dtype=np.float64)
        whole = present.to_numpy(dtype=np.int64)
        if measuring and np.abs(whole.astype(np.float64)).max() >= 2**53:
            self.offset = int(whole.min())  # without it a float could not tell neighbours apart
        return (whole - (self.offset or 0)).astype(np.float64)


def checked_frame(frame: Any, name: str = "frame") -> Any:
    """The frame, if it is a pandas DataFrame with rows and columns of different names; else an error says so."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(
            f"{name} was {type(frame).__name__}; it must be a pandas DataFrame: wrap an array as pandas.DataFrame(x)."
        )
    if not len(frame) or not len(frame.columns):
        raise ValueError(f"{name} has shape {frame.shape}; it must have at least one row and one column.")
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ValueError(f"{name} has more than one column {twice!r}; rename or drop the others.")
    return frame


def _checked_column(series: Any, present: Any, name: Any) -> None:
    kind = getattr(series.dtype, "kind", "O")
    if kind in "mM" or str(series.dtype).startswith("period"):
        what = "time spans" if kind == "m" else "dates"
        raise TypeError(
            f"column {name!r} holds {what}; turn them into numbers first, such as days since the first one, or the "
            f"month (frame[{name!r}].dt.month), or drop the column."
        )
    if kind == "c":
        raise TypeError(f"column {name!r} holds complex numbers; keep their real and imaginary parts as two columns.")
    if kind == "O" and not _is_categorical(series):
        odd = {type(value) for value in present.tolist()} - {str, bool, int, float, np.bool_}
        if odd:
            dates = any(hasattr(each, "isoformat") for each in odd)
            raise TypeError(
                f"column {name!r} holds {'dates' if dates else next(iter(odd)).__name__ + ' objects'}; "
                + ("turn them into numbers first, such as days since the first one" if dates else "convert it to text")
                + ", or drop the column."
            )
        _not_names(present, name)
    elif kind == "f" and len(present) and np.isinf(present.to_numpy(dtype=np.float64)).any():
        raise ValueError(f"column {name!r} holds an infinite value; every number must be finite: mark it as missing.")


def _not_names(present: Any, name: Any) -> None:
    different = present.nunique()
    if different <= max(MOST_VALUES, len(present) / 2):
        return
    import pandas as pd

    texts = present.astype(str)
    if texts.str.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}").mean() > 0.9:
        raise TypeError(
            f"column {name!r} holds dates as text; turn them into numbers first, such as days: "
            f"(pandas.to_datetime(frame[{name!r}]) - pandas.Timestamp('2000-01-01')).dt.days, or drop the column."
        )
    if pd.to_numeric(texts, errors="coerce").notna().all():
        raise TypeError(f"column {name!r} holds numbers as text; convert it: pandas.to_numeric(frame[{name!r}]).")
    raise ValueError(
        f"column {name!r} holds {different} different texts in {len(present)} rows, names rather than categories, "
        "which a synthetic table must not repeat: drop the column, or group its values."
    )


def _is_categorical(series: Any) -> bool:
    return hasattr(series, "cat")


def _series(values: np.ndarray, dtype: Any) -> Any:
    import pandas as pd

    return pd.Series(values, dtype=object).astype(dtype)


def _decimals(values: np.ndarray) -> int | None:
    """The fewest decimals that all values have, at most `MOST_DECIMALS`."""
    for decimals in range(MOST_DECIMALS + 1):
        if np.array_equal(np.round(values, decimals), values):
            return decimals
    return None


def _list(names: Any, at_most: int = 10) -> str:
    names = list(names)
    return ", ".join(repr(name) for name in names[:at_most]) + (", ..." if len(names) > at_most else "")
