"""Scaling: columns brought to a common scale, and back to their own units."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from udl_teach import inputs


@dataclass(frozen=True, eq=False)
class Scaling:
    """A shift and a width for every column; scaled = (x - shift) / width, or arsinh of that where robust.

    Attributes:
        kind: "standard", "minmax" or "robust".
        shift: float64 array of shape (n_features,), in the units of the data.
        width: float64 array of shape (n_features,), in the units of the data; 1 for a constant column.
    """

    kind: str
    shift: np.ndarray
    width: np.ndarray

    @classmethod
    def measure(cls, x: Any, kind: str = "standard") -> "Scaling":
        """Find the shift and width of every column.

        Args:
            x: array of shape (n_samples, n_features).
            kind: "standard" (mean 0, standard deviation 1), "minmax" (smallest 0, largest 1) or "robust" (median 0,
                interquartile range 1.349, as of a normal distribution, then the inverse hyperbolic sine, which leaves
                values near 0 as they are and takes the logarithm of large ones: a few extreme values change nothing,
                and heavy tails stay in reach; a column whose quartiles are equal takes its standard deviation).
        """
        kind = inputs.choice(kind, "scale", ("standard", "minmax", "robust"))
        x = inputs.exact(x)
        x = x.detach().cpu().double().numpy() if isinstance(x, torch.Tensor) else x.astype(np.float64)
        if kind == "standard":
            shift, width = x.mean(axis=0), x.std(axis=0)
        elif kind == "robust":
            low, shift, high = np.quantile(x, (0.25, 0.5, 0.75), axis=0)
            width = np.where(high > low, (high - low) / 1.349, x.std(axis=0))
        else:
            shift, width = x.min(axis=0), np.ptp(x, axis=0)
        # In a constant column rounding alone can leave a tiny width, which would blow noise up to size 1.
        constant = np.ptp(x, axis=0) == 0
        shift, width = np.where(constant, x[0], shift), np.where(constant, 1.0, width)
        return cls(kind, shift, width)

    def apply(self, x: Any, *, clip: bool = False) -> Any:
        """Scale data of the same columns.

        Args:
            x: array, DataFrame or tensor of shape (n_samples, n_features), in the units of the data that was measured.
            clip: for "minmax": hold what lies outside the measured range, such as unusual values of test data, at 0
                and 1, for models that take no other values.

        Returns:
            a tensor for a tensor, in its precision and with its graph; else an array, float32 where `x` was float32 and
            float64 otherwise.

        Raises:
            ValueError: `x` has other columns or missing values, or `clip` is asked of another kind than "minmax".
        """
        if clip and self.kind != "minmax":
            raise ValueError(f'clip was {clip}, but a {self.kind!r} scale has no bounds; scale with "minmax" to clip.')
        clean, shift, width = self._on(x)
        scaled = (clean - shift) / width
        if self.kind == "robust":
            scaled = scaled.arcsinh() if isinstance(scaled, torch.Tensor) else np.arcsinh(scaled)
        scaled = scaled.clip(0, 1) if clip else scaled
        return scaled.astype(np.float32) if getattr(x, "dtype", None) == np.float32 else scaled

    def undo(self, x: Any) -> Any:
        """Bring scaled data, such as a reconstruction, back to the units of the columns.

        A tensor comes back in its precision and with its graph, anything else as a float64 array, because float32
        cannot tell apart such values as times in seconds since 1970.
        """
        clean, shift, width = self._on(x)
        if self.kind == "robust":
            clean = clean.sinh() if isinstance(clean, torch.Tensor) else np.sinh(clean)
        return clean * width + shift

    def _on(self, x: Any) -> tuple[Any, Any, Any]:
        clean = inputs.exact(x, n_features=len(self.shift))
        if isinstance(clean, np.ndarray):
            return clean, self.shift, self.width
        shift, width = (
            torch.as_tensor(part, dtype=clean.dtype, device=clean.device) for part in (self.shift, self.width)
        )
        return clean, shift, width

    def __repr__(self) -> str:
        """Kind and width; the numbers are in `shift` and `width`."""
        return f"Scaling({self.kind!r}, {len(self.shift)} columns)"
