"""The blocks of model space: which columns of an array are one number, and which are a one-hot code."""

from collections.abc import Sequence
from typing import Any

import torch

from udl_teach import inputs
from udl_teach.models.layers import uniform

KINDS = ("number", "category", "position")


def checked_blocks(blocks: Any) -> tuple[tuple[str, int], ...]:
    """(kind, width) of every block, as `MixedTable.blocks` has them; an error says what is wrong."""
    if not isinstance(blocks, Sequence) or isinstance(blocks, str) or not len(blocks):
        raise TypeError(f"blocks was {blocks!r}; it must be pairs (kind, width), as MixedTable.blocks.")
    pairs = []
    for k, block in enumerate(blocks):
        if not isinstance(block, Sequence) or len(block) != 2:
            raise TypeError(f"blocks[{k}] was {block!r}; it must be a pair (kind, width), as in MixedTable.blocks.")
        kind, width = inputs.choice(block[0], f"blocks[{k}][0]", KINDS), inputs.whole(block[1], f"blocks[{k}][1]")
        if kind != "category" and width != 1:
            raise ValueError(f"blocks[{k}] was {block!r}; a {kind} has the width 1.")
        pairs.append((kind, width))
    return tuple(pairs)


def slices(blocks: Sequence[tuple[str, int]]) -> list[slice]:
    """Where each block stands in a row."""
    found, start = [], 0
    for _, width in blocks:
        found.append(slice(start, start + width))
        start += width
    return found


def draw(probabilities: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
    """One category per row, int64 of shape (n,), from probabilities of shape (n, n_categories)."""
    u = uniform((len(probabilities), 1), generator, probabilities)
    total = probabilities.cumsum(dim=1)
    # Rounding may leave the last sum a little below 1.
    return (total < u * total[:, -1:]).sum(dim=1).clamp(max=probabilities.shape[1] - 1)


def one_hot_draw(probabilities: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
    """The draws of `draw` as one-hot rows, in the shape and dtype of the probabilities."""
    rows = torch.zeros_like(probabilities)
    return rows.scatter_(1, draw(probabilities, generator)[:, None], 1.0)
