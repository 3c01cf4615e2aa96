"""The one place that checks input: what a user hands over becomes a clean tensor or number, or one clear sentence.

Every function here either returns something that the rest of the library can trust or raises before anything has
changed. A message names the argument, says what it was and what it must be, and what to do.
"""

import warnings
from collections.abc import Callable, Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch

ROUNDING = 1e-6


def samples(
    x: Any,
    name: str = "x",
    *,
    n_features: int | None = None,
    missing: str | None = None,
    dtype: torch.dtype | None = torch.float32,
) -> torch.Tensor:
    """A table of samples as a tensor.

    Args:
        x: array, tensor, nested list or data frame of numbers, shape (n_samples, n_features).
        name: the argument's name, for messages.
        n_features: the number of columns that is expected, if there is one.
        missing: "ignore" lets NaN through, as a missing value; "refuse" is for models that could ignore it.
        dtype: of the result; None keeps the precision that came in: float64, where float32 could lose digits, or
            float32. In float32, in which models compute, a warning names columns that lose theirs.

    Returns:
        Tensor of shape (n_samples, n_features), contiguous, on the device of `x`; a tensor keeps its graph.

    Raises:
        TypeError: `x` is not made of numbers.
        ValueError: `x` is empty, has another shape, or holds a NaN or an infinity (the first place is named).
    """
    tensor = _numbers(x, name, None)
    if tensor.ndim != 2:
        advice = ""
        if tensor.ndim == 1:
            advice = f": for one sample write {name}.reshape(1, -1), for one feature {name}.reshape(-1, 1)"
        elif tensor.ndim > 2:
            advice = f": flatten each sample with {name}.reshape(len({name}), -1)"
        raise ValueError(f"{name} has shape {tuple(tensor.shape)}; it must be (samples, features){advice}.")
    if n_features is not None and tensor.shape[1] != n_features:
        raise ValueError(
            f"{name} has {tensor.shape[1]} features per sample; this model was made for {n_features}: "
            f"pass data of that width or make the model with n_features={tensor.shape[1]}."
        )
    clean = _finite(_not_empty(tensor.to(dtype or tensor.dtype), name), name, missing)
    if clean.dtype == torch.float32 and tensor.dtype == torch.float64:
        _warn_of_lost_digits(tensor.detach(), name)
    return clean


def exact(x: Any, name: str = "x", *, n_features: int | None = None) -> torch.Tensor | np.ndarray:
    """The same as `samples` in the precision that came in, as an array unless `x` is a tensor."""
    tensor = samples(x, name, n_features=n_features, dtype=None)
    return tensor if isinstance(x, torch.Tensor) else tensor.numpy()


def images(x: Any, name: str = "x", *, shape: tuple[int, int, int] | None = None) -> torch.Tensor:
    """A stack of images as a tensor.

    Args:
        x: array or tensor of shape (n_samples, channels, height, width); with `shape` given also the same images
            flattened, (n_samples, channels * height * width).
        name: the argument's name, for messages.
        shape: the (channels, height, width) that is expected, if there is one.

    Returns:
        float32 tensor of shape (n_samples, channels, height, width), contiguous.

    Raises:
        TypeError: `x` is not made of numbers.
        ValueError: `x` is empty, has another shape, or holds a NaN or an infinity.
    """
    tensor = _numbers(x, name)
    if shape is not None and tensor.ndim == 2 and tensor.shape[1] == int(np.prod(shape)):
        tensor = tensor.reshape(len(tensor), *shape)
    if tensor.ndim != 4:
        flat = "" if shape is None else f" or (samples, {int(np.prod(shape))})"
        raise ValueError(
            f"{name} has shape {tuple(tensor.shape)}; images must be (samples, channels, height, width){flat}: "
            f"greyscale images of shape (samples, height, width) want {name}[:, None]."
        )
    if shape is not None and tuple(tensor.shape[1:]) != tuple(shape):
        raise ValueError(
            f"{name} holds images of shape {tuple(tensor.shape[1:])}; this model was made for {tuple(shape)}: "
            f"resize them or make the model with image_shape={tuple(tensor.shape[1:])}."
        )
    return _finite(_not_empty(tensor, name), name)


def numbers(
    x: Any, name: str = "x", *, missing: str | None = None, dtype: torch.dtype | None = torch.float32
) -> torch.Tensor:
    """Samples of any shape (n_samples, ...) as a tensor; the same errors as `samples`, whatever the shape."""
    tensor = _numbers(x, name, dtype)
    if tensor.ndim == 0:
        raise ValueError(f"{name} was a single number; its first axis must be the samples.")
    return _finite(_not_empty(tensor, name), name, missing)


def mask(values: Any, name: str, shape: tuple[int, ...]) -> torch.Tensor:
    """True or False for every value of samples.

    Args:
        values: array, tensor or list of booleans.
        name: the argument's name, for messages.
        shape: of the samples, (n_samples, ...).

    Returns:
        Boolean tensor on the CPU, in that shape or in the shape of one sample.

    Raises:
        TypeError: `values` holds something else than booleans.
        ValueError: `values` has another shape.
    """
    array = values.detach().cpu().numpy() if isinstance(values, torch.Tensor) else np.array(values)
    if array.dtype.kind != "b":
        raise TypeError(f"{name} holds {_kind(array)}; it must hold True and False: write {name} == 1.")
    if array.shape not in (shape, shape[1:]):
        raise ValueError(
            f"{name} has shape {array.shape} for samples of shape {shape}; it must have that shape, or {shape[1:]} for "
            "all samples alike."
        )
    return torch.from_numpy(array)


def labels(y: Any, name: str = "y", *, n: int | None = None) -> np.ndarray:
    """Class labels or cluster numbers as an array.

    Args:
        y: whole numbers, shape (n_samples,); array, tensor or list.
        name: the argument's name, for messages.
        n: the number of labels that is expected, if there is one.

    Returns:
        int64 array of shape (n_samples,).

    Raises:
        TypeError: `y` is not made of whole numbers.
        ValueError: `y` is empty, not one-dimensional, or of another length.
    """
    array = y.detach().cpu().numpy() if isinstance(y, torch.Tensor) else _array(y, name)
    whole_numbers = array.dtype.kind in "biu" or (
        array.dtype.kind == "f" and np.isfinite(array).all() and np.array_equal(array, np.round(array))
    )
    if not whole_numbers:
        raise TypeError(f"{name} holds {_kind(array)}; labels must be whole numbers such as 0, 1, 2.")
    if array.ndim != 1:
        raise ValueError(f"{name} has shape {array.shape}; labels must be (samples,): one whole number per sample.")
    if len(array) == 0:
        raise ValueError(f"{name} is empty; it must hold at least one label.")
    if n is not None and len(array) != n:
        raise ValueError(f"{name} has {len(array)} labels for {n} samples; there must be one per sample.")
    return array.astype(np.int64)


def whole(value: Any, name: str, *, minimum: int = 1) -> int:
    """A whole number of at least `minimum`; TypeError or ValueError says what it was."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        if not (isinstance(value, Real) and not isinstance(value, bool) and float(value).is_integer()):
            kind = TypeError if not isinstance(value, Real) or isinstance(value, bool) else ValueError
            raise kind(f"{name} was {value!r}; it must be a whole number of at least {minimum}.")
    if value < minimum:
        raise ValueError(f"{name} was {value!r}; it must be a whole number of at least {minimum}.")
    return int(value)


def sizes(values: Any, name: str) -> tuple[int, ...]:
    """Some whole numbers of at least 1, such as the widths of layers; an empty sequence is allowed."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise TypeError(f"{name} was {values!r}; it must be a sequence of whole numbers such as (128, 64).")
    return tuple(whole(value, f"{name}[{index}]") for index, value in enumerate(values))


def real(
    value: Any,
    name: str,
    *,
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
    below: float | None = None,
) -> float:
    """A finite number with minimum <= value <= maximum and above < value < below; an error says what it was instead."""
    bounds = [
        f"of at least {minimum}" if minimum is not None else "",
        f"above {above}" if above is not None else "",
        f"at most {maximum}" if maximum is not None else "",
        f"below {below}" if below is not None else "",
    ]
    wanted = " ".join(["a finite number", " and ".join(bound for bound in bounds if bound)]).rstrip()
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} was {value!r}; it must be {wanted}.")
    number = float(value)
    outside = (
        not np.isfinite(number)
        or (minimum is not None and number < minimum)
        or (above is not None and number <= above)
        or (maximum is not None and number > maximum)
        or (below is not None and number >= below)
    )
    if outside:
        raise ValueError(f"{name} was {value!r}; it must be {wanted}.")
    return number


def each(values: Any, name: str, n: int, *, minimum: float) -> np.ndarray:
    """Finite numbers of at least `minimum`, one for each of `n`; one number stands for all. Array of shape (n,)."""
    if isinstance(values, Real):
        return np.full(n, real(values, name, minimum=minimum))
    array = np.asarray(values.detach().cpu() if isinstance(values, torch.Tensor) else values)
    if array.dtype.kind not in "biuf" or array.shape not in ((), (n,)):
        raise ValueError(f"{name} was {values!r}; it must be one number of at least {minimum}, or {n} of them.")
    return np.array([real(float(value), name, minimum=minimum) for value in np.broadcast_to(array, n)])


def choice(value: Any, name: str, known: Iterable[str]) -> str:
    """One of the known names; the ValueError lists them."""
    known = tuple(known)
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} was {value!r}; it must be one of {', '.join(map(repr, known))}.")
    return value


def rate(value: Any, name: str) -> Callable[[int], float]:
    """A number, or a function from the step index to a number, as a function that checks what it returns."""
    if callable(value):
        return lambda index: real(value(index), f"{name}({index})", minimum=0.0)
    number = real(value, name, minimum=0.0)
    return lambda index: number


def generator(seed: Any, name: str = "seed") -> torch.Generator:
    """A random generator of one's own on the CPU, so that the global one is never touched."""
    number = whole(seed, name, minimum=0)
    if number >= 2**63:
        raise ValueError(f"{name} was {number}; it must be a whole number below 2**63.")
    return torch.Generator().manual_seed(number)


def given(result: torch.Tensor, like: Any) -> torch.Tensor | np.ndarray:
    """Answer in kind: a tensor (with its graph) to who passed a tensor, a float32 array to everybody else."""
    if isinstance(like, torch.Tensor):
        return result
    return result.detach().cpu().numpy()


def picture(x: Any, name: str = "image", *, reader: str) -> torch.Tensor:
    """One picture as a float32 tensor on the CPU: (1 or 3, height, width) with values in [0, 1].

    Raises:
        TypeError, ValueError: it is not that; `reader` names who needs it.
    """
    tensor = numbers(x, name).detach().cpu()
    if tensor.ndim != 3 or tensor.shape[0] not in (1, 3):
        raise ValueError(
            f"{name} has shape {tuple(tensor.shape)}; it must be (1, height, width), or (3, height, width) in colour: "
            "a grey picture of shape (height, width) wants another axis, as in image[None]."
        )
    within_unit(tensor, reader, name)
    return tensor


def within_unit(x: torch.Tensor, reader: str, name: str = "x") -> None:
    """Refuse values outside [0, 1] where a model or a likelihood, named as `reader`, speaks of such values alone."""
    within(x, (0, 1), reader, name)


def within(x: torch.Tensor, bounds: tuple[int, int], reader: str, name: str = "x", otherwise: str = "") -> None:
    """Refuse values outside `bounds` where what is named as `reader` speaks of values between them alone.

    Args:
        x: of any shape.
        bounds: the lowest and the highest value.
        reader: who needs them.
        name: the argument's name, for messages.
        otherwise: what else can be done about it, such as "or take another reader".
    """
    low, high = x.min().item(), x.max().item()
    # What was scaled in single precision may stand beyond a bound by its last digit.
    if low >= bounds[0] - ROUNDING and high <= bounds[1] + ROUNDING:
        return
    how = 'scale with what the training data alone says, as in scaling = data.Scaling.measure(train, "minmax")'
    if x.ndim > 2:
        how = "divide pixels of 8 bits by 255"
    onto = "" if bounds == (0, 1) else f", bring [0, 1] to {list(bounds)}"
    raise ValueError(
        f"{name} holds values from {low:g} to {high:g}; {reader} needs values from {bounds[0]} to {bounds[1]}: "
        f"{how}{onto}, and hold the unusual values of other data at the bounds, as scaling.apply(x, clip=True) "
        f"does{otherwise}."
    )


def no_labels(y: Any, model: Any) -> None:
    """Refuse labels where a model learns without them."""
    if y is not None:
        raise TypeError(f"y was given, but {type(model).__name__} learns without labels: leave y out.")


def _numbers(x: Any, name: str, dtype: torch.dtype | None = torch.float32) -> torch.Tensor:
    if isinstance(x, torch.Tensor):
        if x.is_complex():
            raise TypeError(f"{name} holds complex numbers; it must hold real ones: pass {name}.real or {name}.abs().")
        wide = x.dtype in (torch.float64, torch.int32, torch.int64)
        dtype = dtype or (torch.float64 if wide else torch.float32)
        return (x if x.layout == torch.strided else x.to_dense()).to(dtype).contiguous()
    array = _array(x, name)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} holds {_kind(array)}; it must hold real numbers: convert or drop those columns.")
    dtype = dtype or (torch.float32 if np.can_cast(array.dtype, np.float32) else torch.float64)
    with np.errstate(over="ignore"):  # what is too large for float32 becomes infinite, and is named as such
        array = np.asarray(array, dtype=np.float64 if dtype == torch.float64 else np.float32, order="C")
    # torch shares memory with what it is given, and would write into a read-only array.
    return torch.from_numpy(array if array.flags.writeable else array.copy()).to(dtype)


def _array(x: Any, name: str) -> np.ndarray:
    """What a user handed in as an array of whatever it holds; TypeError says what to pass in place of a container."""
    if hasattr(x, "to_numpy") and hasattr(x, "iloc"):
        return _of_frame(x, name)
    if hasattr(x, "x") and hasattr(x, "describe"):
        raise TypeError(f"{name} was a Dataset; it must be an array: pass its samples, {name}=dataset.x.")
    if isinstance(x, (torch.utils.data.DataLoader, torch.utils.data.Dataset)):
        kind, source, path = type(x).__name__, x, "dataset"
        if isinstance(x, torch.utils.data.DataLoader):
            source, path = x.dataset, "loader.dataset"
        whole = f"{path}.tensors[0]"
        if not hasattr(source, "tensors"):
            whole = f"torch.stack([pair[0] for pair in {path}])"
        raise TypeError(
            f"{name} was a {kind}; it must be an array or a tensor of all samples: pass {whole} (and batch_size, where "
            "batches are wanted)."
        )
    if hasattr(x, "toarray"):
        raise TypeError(f"{name} was {type(x).__name__}, a sparse matrix; it must be an array: pass {name}.toarray().")
    if np.ma.isMaskedArray(x):  # what is masked is missing
        return np.ma.filled(x.astype(np.float64), np.nan) if x.mask.any() else x.data
    try:
        array = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; every sample must have the same features.") from None
    if array.ndim == 0 and array.dtype.kind not in "biuf":
        raise TypeError(f"{name} was {type(x).__name__}; it must be an array, a tensor, a list or a data frame.")
    return array


def _of_frame(x: Any, name: str) -> np.ndarray:
    """A data frame, or one column of it, as an array; a missing value becomes NaN."""
    kinds = [("", x.dtype)] if x.ndim == 1 else list(zip(x.columns, x.dtypes, strict=True))
    # Columns of pandas' own kinds, which know missing values, call themselves by NumPy's letters too.
    others = [f"{column!r} ({dtype})" for column, dtype in kinds if getattr(dtype, "kind", "O") not in "biuf"]
    if others and x.ndim == 1:
        return np.asarray(x)
    if others:
        more = "" if len(others) <= 5 else f" and {len(others) - 5} more"
        raise TypeError(
            f"{name} holds columns that are not numbers, {', '.join(others[:5])}{more}; it must hold real numbers: "
            f"convert or drop those columns, or let data.table({name}) sort them out."
        )
    if all(isinstance(dtype, np.dtype) for _, dtype in kinds):
        array = x.to_numpy()
        return array if array.dtype.kind in "biuf" else x.to_numpy(dtype=np.float64)
    return x.to_numpy(dtype=np.float64, na_value=np.nan)


def _warn_of_lost_digits(x: torch.Tensor, name: str) -> None:
    """Name the columns of float64 numbers that float32 leaves fewer steps than a byte has."""
    low, high = x.nan_to_num(nan=torch.inf).amin(dim=0), x.nan_to_num(nan=-torch.inf).amax(dim=0)
    step = torch.maximum(low.abs(), high.abs()) * torch.finfo(torch.float32).eps
    lost = ((high > low) & (high - low < 256 * step)).nonzero().flatten().tolist()
    if lost:
        column = lost[0]
        more = f" (and {len(lost) - 1} more columns)" if len(lost) > 1 else ""
        warnings.warn(
            f"column {column} of {name}{more} holds values from {low[column]:.15g} to {high[column]:.15g}, which are "
            "hardly told apart in the single precision that models compute in: subtract a common offset or scale the "
            "columns first, as data.Scaling.measure does.",
            UserWarning,
            stacklevel=3,
        )


def _not_empty(tensor: torch.Tensor, name: str) -> torch.Tensor:
    if tensor.numel() == 0:
        raise ValueError(f"{name} is empty (shape {tuple(tensor.shape)}); it must hold at least one sample.")
    return tensor


def _finite(tensor: torch.Tensor, name: str, missing: str | None = None) -> torch.Tensor:
    # One sum says whether anything is wrong (a NaN or an infinity stays in it); only then is the place searched for.
    if torch.isfinite(tensor.detach().sum()):
        return tensor
    bad = tensor.detach().isinf() if missing == "ignore" else ~torch.isfinite(tensor.detach())
    if not bad.any():
        return tensor
    row, *rest = torch.nonzero(bad)[0].tolist()
    value = tensor[(row, *rest)].item()
    column = f"column {rest[0]}" if len(rest) == 1 else f"position {tuple(rest)}"
    what = "a missing value (NaN)" if np.isnan(value) else "an infinite value"
    advice = "fill or drop such samples first"
    if missing == "refuse" and np.isnan(value):
        advice += ', or make the model with missing="ignore"'
    raise ValueError(f"{name} holds {what} first in row {row}, {column}; every value must be finite: {advice}.")


def _kind(array: np.ndarray) -> str:
    return {
        "U": "text",
        "S": "text",
        "O": "mixed objects",
        "M": "dates",
        "m": "time spans",
        "c": "complex numbers",
    }.get(array.dtype.kind, f"{array.dtype} values")
