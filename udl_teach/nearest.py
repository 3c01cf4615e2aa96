"""Nearest-neighbour search in chunks: the nearest units of every sample, never all distances at once."""

import torch

# Scores per chunk: as many as fit into the cache of a CPU, or keep a GPU busy.
SCORES_ON_CPU, SCORES_ON_GPU = 2**20, 2**25


def nearest(
    x: torch.Tensor, units: torch.Tensor, *, k: int = 1, chunk: int | None = None, missing: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """The `k` nearest units of every sample by Euclidean distance, nearest first.

        |x - w|^2 = |x|^2 - 2 x.w + |w|^2, and |x|^2 is the same for all units

    so one matrix product compares a whole chunk of samples with all units.

    Args:
        x: samples, shape (n_samples, n_features).
        units: weights of the units, shape (n_units, n_features).
        k: number of units to find per sample, at most n_units.
        chunk: samples compared at a time; None takes what is fast. It changes the memory needed, not the result.
        missing: whether NaN in `x` is a missing value, which is left out of the sum.

    Returns:
        Distances of shape (n_samples, k), in the unit of the data, and the numbers of those units, int64 of the same
        shape. Among units at equal distance the first one is taken.
    """
    x, units = x.detach(), units.detach()
    if chunk is None:
        scores_per_chunk = SCORES_ON_CPU if x.device.type == "cpu" else SCORES_ON_GPU
        chunk = max(scores_per_chunk // len(units), 128)
    # Centred, the products are small and little is lost in rounding, wherever the data lie.
    mean = units.mean(dim=0)
    centred = units - mean
    squared_norms, minus_two_w = centred.square().sum(dim=1), (-2 * centred).T.contiguous()
    buffer = x.new_empty(min(chunk, len(x)), len(units))
    distances = torch.empty(len(x), k, dtype=x.dtype, device=x.device)
    numbers = torch.empty(len(x), k, dtype=torch.int64, device=x.device)
    for start in range(0, len(x), chunk):
        part = x[start : start + chunk] - mean
        if missing:
            present = ~part.isnan()
            part = part.nan_to_num(nan=0.0)
            scores = torch.addmm(present.to(x.dtype) @ centred.square().T, part, minus_two_w)
        else:
            scores = torch.addmm(squared_norms, part, minus_two_w, out=buffer[: len(part)])
        for rank in range(k):
            found = _argmin(scores)
            difference = part - centred.index_select(0, found)
            if missing:
                difference = difference * present
            distances[start : start + chunk, rank] = torch.linalg.vector_norm(difference, dim=1)
            numbers[start : start + chunk, rank] = found
            if rank + 1 < k:
                scores.scatter_(1, found[:, None], torch.inf)
    return distances, numbers


def _argmin(scores: torch.Tensor) -> torch.Tensor:
    # On a CPU torch's argmin compares one number at a time; NumPy's compares sixteen.
    if scores.device.type == "cpu":
        return torch.from_numpy(scores.numpy().argmin(axis=1))
    return scores.argmin(dim=1)
