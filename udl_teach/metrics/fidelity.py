"""Are generated samples like real ones (precision, density), and are all kinds of real ones there (recall, coverage)?

Sources: Kynkäänniemi et al. 2019, "Improved precision and recall metric for assessing generative models", eq. 1 and 2;
Naeem et al. 2020, "Reliable fidelity and diversity metrics for generative models", eq. 4 and 5.
"""

import math
import warnings
from typing import Any, NamedTuple

import numpy as np
import torch

from udl_teach import inputs

# Squared distances in a block: 4 million numbers are 32 megabytes.
BLOCK = 2**22


class PRDC(NamedTuple):
    """Two measures of fidelity and two of diversity; for samples of the same distribution none of them need be 1.

    Attributes:
        precision: share of the generated samples that lie in the ball of some real one, in [0, 1].
        recall: share of the real samples that lie in the ball of some generated one, in [0, 1].
        density: in how many balls of real samples a generated one lies, as a multiple of the k that it would be on
            average; at least 0, may be above 1, expected 1 for equal distributions. One outlier cannot raise it much.
        coverage: share of the real samples in whose ball some generated one lies, in [0, 1].
    """

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(real: Any, generated: Any, k: int = 5) -> PRDC:
    """Precision, recall, density and coverage, by balls that reach from every sample to its k-th nearest neighbour.

    Neighbours are looked for among the samples of the same set, without the sample itself; a ball includes its surface,
    so copies of real samples lie in their balls. The numbers depend on how many samples there are and on the space:
    say both beside them; a warning tells where there are too few generated samples to cover the real ones. Time grows
    with the square of the numbers of samples, memory does not.

    Args:
        real: samples of the data, shape (n_real, ...), flattened; pixels, or better features of a classifier.
        generated: samples of a generator, shape (n_generated, ...), of the same size each.
        k: which neighbour a ball reaches to; below both numbers of samples.

    Returns:
        A PRDC.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or they do not fit each other.
    """
    real, generated = _pair(real, generated)
    k = inputs.whole(k, "k")
    for name, points in (("real", real), ("generated", generated)):
        if len(points) <= k:
            raise ValueError(
                f"{name} has {len(points)} samples; k = {k} neighbours need at least {k + 1}: pass more or lower k."
            )
    _warn_of_few(len(real), len(generated), k)
    reach_real, reach_generated = _reach(real, k), _reach(generated, k)
    in_some_real = torch.zeros(len(generated), dtype=torch.bool)
    in_some_generated, covered, total = [], [], 0
    for part, reach in _blocks(real, reach_real, len(generated)):
        squares = _squares(part, generated)
        inside = squares <= reach[:, None]  # (part, generated): the generated one lies in the real one's ball
        in_some_real |= inside.any(dim=0)
        covered.append(inside.any(dim=1))
        total += int(inside.sum())
        in_some_generated.append((squares <= reach_generated).any(dim=1))
    return PRDC(
        precision=float(in_some_real.double().mean()),
        recall=float(torch.cat(in_some_generated).double().mean()),
        density=total / (k * len(generated)),
        coverage=float(torch.cat(covered).double().mean()),
    )


def _warn_of_few(n_real: int, n_generated: int, k: int) -> None:
    # Naeem et al. 2020, section 3.3: what coverage is on average where both sets have the same distribution.
    neighbours = np.arange(1, k + 1)
    best = 1 - np.prod((n_real - neighbours) / (n_real + n_generated - neighbours))
    if best < 0.9:
        enough = math.ceil(n_real * (10 ** (1 / k) - 1))
        warnings.warn(
            f"generated has {n_generated} samples beside {n_real} of real: with k = {k} a perfect generator too has a "
            f"coverage of only {best:.2f} on average; pass at least {enough}, best as many as real ones.",
            stacklevel=3,
        )


def _pair(real: Any, generated: Any) -> tuple[torch.Tensor, torch.Tensor]:
    real = inputs.numbers(real, "real", dtype=torch.float64).detach().cpu().flatten(1)
    generated = inputs.numbers(generated, "generated", dtype=torch.float64).detach().cpu().flatten(1)
    if real.shape[1] != generated.shape[1]:
        raise ValueError(
            f"generated has {generated.shape[1]} numbers a sample; it must have as many as real, {real.shape[1]}."
        )
    # Around their middle the squares are small, and little is lost in rounding, wherever the data lie.
    middle = real.mean(dim=0)
    return real - middle, generated - middle


def _reach(points: torch.Tensor, k: int) -> torch.Tensor:
    """Squared distance of every point to its k-th nearest neighbour, with room for rounding; shape (n_points,)."""
    found, start = [], 0
    for (part,) in _blocks(points, None, len(points)):
        squares = _squares(part, points)
        rows = torch.arange(len(part))
        squares[rows, start + rows] = torch.inf  # nobody is a neighbour of themselves
        found.append(squares.topk(k, dim=1, largest=False).values[:, -1].clamp(min=0.0))
        start += len(part)
    reach = torch.cat(found)
    # A sum of squares is exact to some 1e-15 of its parts: without this, copies would be in or out by chance.
    return reach + 1e-13 * (reach + points.square().sum(dim=1))


def _blocks(points: torch.Tensor, beside: torch.Tensor | None, n_others: int) -> Any:
    size = max(BLOCK // n_others, 1)
    return zip(*(tensor.split(size) for tensor in (points, beside) if tensor is not None), strict=True)


def _squares(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """|x|^2 - 2 x.y + |y|^2, shape (n_x, n_y)."""
    return torch.addmm(y.square().sum(dim=1), x, y.T, alpha=-2).add_(x.square().sum(dim=1, keepdim=True))
