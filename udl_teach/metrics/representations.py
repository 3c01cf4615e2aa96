"""Numbers about representations: do views agree, are codes spread out, and how many directions do they use?

Sources: Wang and Isola 2020, "Understanding contrastive representation learning through alignment and uniformity on the
hypersphere", eq. 2 and 3; Roy and Vetterli 2007, "The effective rank"; Garrido et al. 2023, "RankMe".
"""

from typing import Any

import torch
from torch.nn import functional

from udl_teach import inputs


def alignment(z1: Any, z2: Any) -> float:
    """Mean squared distance of two views on the unit sphere: mean |z1/|z1| - z2/|z2||^2.

    Args:
        z1: codes or projections of first views, shape (n_samples, features).
        z2: those of second views, in the same order.

    Returns:
        A number from 0 (views agree) to 4; about 2 for unrelated codes in many dimensions.
    """
    z1, z2 = (_codes(z, name) for z, name in ((z1, "z1"), (z2, "z2")))
    if z1.shape != z2.shape:
        raise ValueError(f"z2 has shape {tuple(z2.shape)}; it must be that of z1, {tuple(z1.shape)}, row for row.")
    return float((functional.normalize(z1, dim=1) - functional.normalize(z2, dim=1)).square().sum(dim=1).mean())


def uniformity(z: Any, t: float = 2.0) -> float:
    """How evenly codes cover the unit sphere: log of the mean of exp(-t |z_i - z_j|^2) over all pairs i < j.

    Args:
        z: codes or projections, shape (n_samples, features), at least 2; time grows with the square of n_samples.
        t: the larger, the more only near neighbours count.

    Returns:
        A number from about -2t (spread evenly in many dimensions; lower is more even) to 0 (all codes are one point).
    """
    z, t = _codes(z, "z"), inputs.real(t, "t", above=0.0)
    if len(z) < 2:
        raise ValueError(f"z has {len(z)} sample; uniformity is about pairs and needs at least 2.")
    squares = torch.pdist(functional.normalize(z, dim=1)).square()
    return float(torch.logsumexp(-t * squares, dim=0) - torch.log(torch.tensor(len(squares), dtype=z.dtype)))


def effective_rank(z: Any) -> float:
    """How many directions codes use: exp of the entropy of their singular values, after the mean is taken away.

        exp(-sum_k p_k log p_k),    p_k = s_k / sum_j s_j

    Args:
        z: codes, shape (n_samples, features).

    Returns:
        A number from 1 (one direction) to min(n_samples - 1, features) (all directions alike); 0 where all codes are
        the same point.
    """
    z = _codes(z, "z")
    values = torch.linalg.svdvals(z - z.mean(dim=0))
    # Codes that differ by rounding alone are one point.
    if values[0] <= 1e-6 * torch.linalg.norm(z):
        return 0.0
    share = values / values.sum()
    return float(torch.exp(torch.special.entr(share).sum()))


def _codes(z: Any, name: str) -> torch.Tensor:
    return inputs.samples(z, name, dtype=None).detach().cpu().double()
