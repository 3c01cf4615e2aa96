"""The search that a map spends its time on: for every sample the nearest of many units, never all distances at once."""

import torch

# Numbers in a block of scores: as many as a processor's cache holds, or as fill a graphics card.
ON_A_PROCESSOR, ON_A_CARD = 2**20, 2**25


def nearest(
    x: torch.Tensor, units: torch.Tensor, *, k: int = 1, chunk: int | None = None, missing: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """The `k` nearest units of every sample, by Euclidean distance; the nearest first.

        |x - w|^2 = |x|^2 - 2 x.w + |w|^2, and |x|^2 is the same for all units

    so that one matrix product compares a whole chunk of samples with all units.

    Args:
        x: samples, shape (n_samples, n_features).
        units: what they are compared with, shape (n_units, n_features).
        k: how many to find, at most n_units.
        chunk: samples compared at a time; None takes what is fast. It bounds the memory, not the result.
        missing: whether NaN in `x` stands for a missing value, which is left out of the sum.

    Returns:
        Distances of shape (n_samples, k), in the units of the data, and the numbers of those units, int64 of the same
        shape. Of units equally far the first is taken.
    """
    x, units = x.detach(), units.detach()
    if chunk is None:
        entries = ON_A_PROCESSOR if x.device.type == "cpu" else ON_A_CARD
        chunk = max(entries // len(units), 128)
    # Around their middle the products are small, and little is lost in rounding, wherever the data lie.
    middle = units.mean(dim=0)
    centred = units - middle
    lengths, twice = centred.square().sum(dim=1), (-2 * centred).T.contiguous()
    blocks = x.new_empty(min(chunk, len(x)), len(units))
    distances = torch.empty(len(x), k, dtype=x.dtype, device=x.device)
    numbers = torch.empty(len(x), k, dtype=torch.int64, device=x.device)
    for start in range(0, len(x), chunk):
        part = x[start : start + chunk] - middle
        if missing:
            present = ~part.isnan()
            part = part.nan_to_num(nan=0.0)
            scores = torch.addmm(present.to(x.dtype) @ centred.square().T, part, twice)
        else:
            scores = torch.addmm(lengths, part, twice, out=blocks[: len(part)])
        for rank in range(k):
            found = _smallest(scores)
            apart = part - centred.index_select(0, found)
            if missing:
                apart = apart * present
            distances[start : start + chunk, rank] = torch.linalg.vector_norm(apart, dim=1)
            numbers[start : start + chunk, rank] = found
            if rank + 1 < k:
                scores.scatter_(1, found[:, None], torch.inf)
    return distances, numbers


def _smallest(scores: torch.Tensor) -> torch.Tensor:
    # On a processor torch's argmin compares one number after the other; numpy's compares sixteen at once.
    if scores.device.type == "cpu":
        return torch.from_numpy(scores.numpy().argmin(axis=1))
    return scores.argmin(dim=1)
