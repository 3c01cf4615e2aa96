"""How strongly each sample is tied to its nearest neighbours: t-SNE's probabilities and UMAP's memberships.

Sources: van der Maaten and Hinton 2008, "Visualizing data using t-SNE", eq. 1; van der Maaten 2014, "Accelerating t-SNE
using tree-based algorithms", section 4.1, for the restriction to the nearest neighbours; McInnes, Healy and Melville
2018, "UMAP", algorithm 3.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch

from udl_teach.nearest import nearest

# Halvings of an interval of exponents from -40 to 40: precise to 1e-10.
HALVINGS = 40


@dataclass(frozen=True)
class Neighbours:
    """The ties of each sample to its k nearest neighbours, not yet symmetric.

    Attributes:
        numbers: of the neighbours, nearest first, shape (n_samples, k).
        strengths: of the ties, in [0, 1], shape (n_samples, k).
    """

    numbers: torch.Tensor
    strengths: torch.Tensor

    def among(self, rows: torch.Tensor) -> torch.Tensor:
        """The ties between the samples `rows` (b,) as a table of shape (b, b); 0 where there is none."""
        n, b = len(self.numbers), len(rows)
        # Place of each sample in the batch; those outside go to an extra column, which is dropped.
        places = torch.full((n,), b, device=rows.device)
        places[rows] = torch.arange(b, device=rows.device)
        table = self.strengths.new_zeros(b, b + 1)
        table.scatter_(1, places[self.numbers[rows]], self.strengths[rows])
        return table[:, :b]


def nearest_others(x: torch.Tensor, k: int, views: Iterable[torch.Tensor] = ()) -> tuple[torch.Tensor, torch.Tensor]:
    """Distances to the `k` nearest other samples and their numbers, each of shape (n_samples, k), nearest first.

    Args:
        x: samples, shape (n_samples, n_features).
        k: neighbours per sample, fewer than there are samples.
        views: other versions of all samples, shape as `x`; the distance to a sample is that to its nearest version.
    """
    distances, numbers = x.new_zeros(len(x), 0), torch.zeros(len(x), 0, dtype=torch.int64, device=x.device)
    for view in itertools.chain([x], views):
        found = nearest(x, view, k=k + 1)
        distances, order = torch.cat([distances, found[0]], dim=1).sort(dim=1, stable=True)
        numbers = torch.cat([numbers, found[1]], dim=1).gather(1, order)
        # Out go the sample itself and what stands nearer before; at least k others stay.
        out = (numbers[:, :, None] == numbers[:, None]).tril(-1).any(dim=2)
        out |= numbers == torch.arange(len(x), device=x.device)[:, None]
        distances, order = distances.masked_fill(out, math.inf).sort(dim=1, stable=True)
        distances, numbers = distances[:, :k], numbers.gather(1, order[:, :k])
    return distances, numbers


def tsne_neighbours(x: torch.Tensor, perplexity: float) -> Neighbours:
    """Conditional probabilities p(j | i) over the 3 * perplexity nearest neighbours: van der Maaten 2014, eq. 6.

        p(j | i) = exp(-beta_i d_ij^2) / sum_k exp(-beta_i d_ik^2),    2^entropy(p(. | i)) = perplexity

    Args:
        x: samples, shape (n_samples, n_features), at least three.
        perplexity: effective number of neighbours; lowered to a third of the other samples where it is larger.

    Returns:
        Neighbours whose strengths sum to 1 per sample.
    """
    others = len(x) - 1
    k = min(max(math.ceil(3 * perplexity), 2), others)
    perplexity = max(min(perplexity, others / 3), 1.01)
    distances, numbers = nearest_others(x, k)
    squares = distances.double().square()
    squares = squares - squares[:, :1]  # the factor that this takes out cancels; the exponentials stay in range
    unit = squares.mean(dim=1, keepdim=True).clamp(min=1e-300)

    def probabilities(log_beta: torch.Tensor) -> torch.Tensor:
        return torch.softmax(-log_beta.exp() * squares / unit, dim=1)

    def too_wide(log_beta: torch.Tensor) -> torch.Tensor:
        p = probabilities(log_beta)
        return -torch.special.xlogy(p, p).sum(dim=1, keepdim=True) > math.log(perplexity)

    return Neighbours(numbers, probabilities(_bisect(too_wide, unit)).to(x.dtype))


def umap_neighbours(x: torch.Tensor, n_neighbors: int, views: Iterable[torch.Tensor] = ()) -> Neighbours:
    """Memberships exp(-(d_ij - rho_i) / sigma_i) of the nearest neighbours: McInnes et al. 2018, algorithm 3.

    rho_i is the distance to the nearest other sample, and sigma_i is such that the memberships of a sample sum to
    log2(n_neighbors).

    Args:
        x: samples, shape (n_samples, n_features), at least three.
        n_neighbors: neighbours per sample, itself counted as umap-learn does; fewer where there are fewer samples.
        views: other versions of all samples, as `nearest_others` takes them.

    Returns:
        Neighbours whose strengths lie in (0, 1], the nearest one at 1.
    """
    k = min(n_neighbors - 1, len(x) - 1)
    distances, numbers = nearest_others(x, k, views)
    beyond = (distances - distances[:, :1]).double()
    unit = beyond.mean(dim=1, keepdim=True).clamp(min=1e-300)

    def too_wide(log_beta: torch.Tensor) -> torch.Tensor:
        memberships = torch.exp(-log_beta.exp() * beyond / unit)
        return memberships.sum(dim=1, keepdim=True) > math.log2(k + 1)

    return Neighbours(numbers, torch.exp(-_bisect(too_wide, unit).exp() * beyond / unit).to(x.dtype))


def _bisect(too_wide, like: torch.Tensor) -> torch.Tensor:
    # The logarithm of the inverse width, by halving: both sums fall as it grows.
    low, high = torch.full_like(like, -40.0), torch.full_like(like, 40.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        wide = too_wide(middle)
        low, high = torch.where(wide, middle, low), torch.where(wide, high, middle)
    return (low + high) / 2
