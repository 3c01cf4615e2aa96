"""Masks of patches: which patches of an image are hidden from the encoder.

Sources: He et al. 2022, "Masked autoencoders are scalable vision learners", section 3 (random patches) and table 1f
(blocks); Bao et al. 2022, "BEiT", algorithm 1 (blocks).
"""

import torch

from udl_teach import inputs
from udl_teach.models.layers import uniform

KINDS = ("random", "block")


def patch_mask(
    n: int,
    rows: int,
    columns: int,
    share: float = 0.75,
    kind: str = "random",
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Which patches are masked, the same number in every image.

    Each patch draws a score, and the highest scores are masked: a score drawn at random, or, for a block, the
    nearness to a place drawn at random.

    Args:
        n: number of images.
        rows: patches from top to bottom.
        columns: patches from left to right.
        share: of the patches that are masked; rounded to whole patches, of which at least one stays visible.
        kind: "random" patches, or one "block" of neighbours.
        generator: source of the draws, on the CPU.

    Returns:
        Boolean tensor of shape (n, rows, columns), True where a patch is masked.
    """
    inputs.choice(kind, "kind", KINDS)
    like = torch.empty(0, dtype=torch.float32)
    draws = uniform((n, rows, columns), generator, like)
    if kind == "block":
        places = [torch.arange(side, dtype=torch.float32) + 0.5 for side in (rows, columns)]
        middle = uniform((n, 2), generator, like) * torch.tensor([rows, columns])
        down, across = ((place - middle[:, [k]]).abs() for k, place in enumerate(places))
        # The larger of both distances makes a square; the draws only decide among patches equally near.
        draws = 1e-3 * draws - torch.maximum(down[:, :, None], across[:, None, :])
    n_masked = masked_count(rows * columns, share)
    mask = torch.zeros(n, rows * columns, dtype=torch.bool)
    mask.scatter_(1, draws.flatten(1).topk(n_masked, dim=1).indices, True)
    return mask.reshape(n, rows, columns)


def masked_count(n_patches: int, share: float) -> int:
    """How many of an image's patches are masked: `share` of them, but never all."""
    return min(round(inputs.real(share, "share", minimum=0.0, maximum=1.0) * n_patches), n_patches - 1)
