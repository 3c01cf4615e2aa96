"""Scaling: columns brought to a common scale, and back to their own units."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from udl_teach import inputs


@dataclass(frozen=True, eq=False)
class Scaling:
    """A shift and a width for every column; scaled = (x - shift) / width.

    Attributes:
        kind: "standard" or "minmax".
        shift: float32 array of shape (n_features,), in the units of the data.
        width: float32 array of shape (n_features,), in the units of the data; 1 for a constant column.
    """

    kind: str
    shift: np.ndarray
    width: np.ndarray

    @classmethod
    def measure(cls, x: Any, kind: str = "standard") -> "Scaling":
        """Find the shift and width of every column.

        Args:
            x: array of shape (n_samples, n_features).
            kind: "standard" (mean 0, standard deviation 1) or "minmax" (smallest 0, largest 1).
        """
        kind = inputs.choice(kind, "scale", ("standard", "minmax"))
        x = inputs.samples(x).detach().cpu().numpy().astype(np.float64)
        if kind == "standard":
            shift, width = x.mean(axis=0), x.std(axis=0)
        else:
            shift, width = x.min(axis=0), np.ptp(x, axis=0)
        # In a constant column rounding alone can leave a tiny width, which would blow noise up to size 1.
        constant = np.ptp(x, axis=0) == 0
        shift, width = np.where(constant, x[0], shift), np.where(constant, 1.0, width)
        return cls(kind, shift.astype(np.float32), width.astype(np.float32))

    def apply(self, x: Any) -> Any:
        """Scale data of the same columns; array in, array out, and tensor in, tensor out."""
        shift, width, clean = self._on(x)
        return inputs.given((clean - shift) / width, x)

    def undo(self, x: Any) -> Any:
        """Bring scaled data, such as a reconstruction, back to the units of the columns."""
        shift, width, clean = self._on(x)
        return inputs.given(clean * width + shift, x)

    def _on(self, x: Any) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        clean = inputs.samples(x, n_features=len(self.shift))
        shift, width = (torch.tensor(numbers, device=clean.device) for numbers in (self.shift, self.width))
        return shift, width, clean

    def __repr__(self) -> str:
        """Kind and width; the numbers are in `shift` and `width`."""
        return f"Scaling({self.kind!r}, {len(self.shift)} columns)"
