"""k-means by Lloyd's algorithm: assign every sample to its nearest centre, move every centre to its samples' mean.

Sources: Lloyd 1982, "Least squares quantization in PCM"; initialization: Arthur and Vassilvitskii 2007, "k-means++".
"""

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import allocate
from udl_teach.renamed import Renamed, old_arguments, old_name
from udl_teach.threads import on_few_threads
from udl_teach.training import LearningState, Step, passes

# Differences first, squares after: the faster |x|^2 - 2xc + |c|^2 loses the small distances in rounding.
EXACT = "donot_use_mm_for_euclid_dist"
INITS = ("k-means++", "random", "corner")


class Terms(Renamed):
    """The terms of a step of k-means."""

    old = {"moved": "centre_shift", "empty": "empty_clusters"}


class KMeans(nn.Module):
    """Centres that move, one assignment and one update per step; no gradient and no learning rate.

    Args:
        n_clusters: number of centres.
        init: initialization of the centres: "k-means++" (samples far from each other, drawn), "random" (samples drawn
            uniformly) or "corner" (the samples nearest to the lowest corner of the data: a bad one, to learn from).
        seed: of the draws of `init`.

    Attributes:
        centres: shape (n_clusters, n_features); None until the first `steps` initialize them.
    """

    @old_arguments(start="init")
    def __init__(self, n_clusters: int = 3, *, init: str = "k-means++", seed: int = 0) -> None:
        super().__init__()
        self.n_clusters = inputs.whole(n_clusters, "n_clusters")
        self.init = inputs.choice(init, "init", INITS)
        self.seed = inputs.whole(seed, "seed", minimum=0)
        self.register_buffer("centres", None)

    def initialize(self, x: Any) -> None:
        """Place the centres on samples of `x` (n_samples, n_features), as `init` says."""
        samples = inputs.samples(x)
        if self.n_clusters > len(samples):
            raise ValueError(f"n_clusters was {self.n_clusters}, more than the {len(samples)} samples; take fewer.")
        generator = inputs.generator(self.seed)
        if self.init == "random":
            chosen = torch.randperm(len(samples), generator=generator)[: self.n_clusters]
        elif self.init == "corner":
            chosen = (samples - samples.min(dim=0).values).norm(dim=1).argsort()[: self.n_clusters]
        else:
            chosen = _kmeans_plus_plus(samples, self.n_clusters, generator)
        self.centres = samples[chosen].detach().clone()

    def squared_distances(self, x: Any) -> torch.Tensor:
        """Squared distances of samples to centres, shape (n_samples, n_clusters)."""
        if self.centres is None:
            raise ValueError("this KMeans has no centres yet; call fit(model, x) or model.initialize(x) first.")
        samples = inputs.samples(x, n_features=self.centres.shape[1]).to(self.centres)
        return torch.cdist(samples, self.centres, compute_mode=EXACT) ** 2

    def predict(self, x: Any) -> Any:
        """Number of the nearest centre for every sample, shape (n_samples,)."""
        nearest = self.squared_distances(x).argmin(dim=1)
        return nearest if isinstance(x, torch.Tensor) else nearest.cpu().numpy()

    def update(self, x: Any, clusters: Any) -> float:
        """Move every centre to the mean of its samples; returns the largest distance that a centre moved.

        The centre of an empty cluster stays where it is, since there is no mean to move to.
        """
        samples = inputs.samples(x, n_features=self.centres.shape[1]).to(self.centres)
        members = torch.as_tensor(clusters, device=samples.device)
        counts = torch.bincount(members, minlength=self.n_clusters)
        sums = torch.zeros_like(self.centres).index_add_(0, members, samples)
        means = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], self.centres)
        centre_shift = (means - self.centres).norm(dim=1).max().item()
        self.centres = means
        return centre_shift

    def steps(
        self, x: Any, y: None = None, *, epochs: int | None = 100, state: LearningState | None = None
    ) -> Iterator[Step]:
        """Lloyd's algorithm, one assignment and one update per step, until no centre moves.

        There is no batch size, learning rate or seed: a step sees all samples and draws nothing. The initialization
        draws, by the seed of the constructor.

        Args:
            x: samples, shape (n_samples, n_features).
            y: must be None; k-means learns without labels.
            epochs: steps at most; None sets no limit.
            state: where an earlier run stopped.

        Yields:
            Steps whose loss is the inertia averaged over samples: the mean squared distance of a sample to its centre,
            before the update. Terms: "centre_shift", the largest distance that a centre moved; "empty_clusters", the
            number of centres without samples.
        """
        inputs.no_labels(y, self)
        samples = inputs.samples(x)
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        if self.centres is None:
            self.initialize(samples)
        self.squared_distances(samples[:1])
        steps = self._steps(samples.detach(), epochs, LearningState() if state is None else state)
        return on_few_threads(steps, samples, self.n_clusters * samples.numel())

    def _steps(self, samples: torch.Tensor, epochs: int | None, state: LearningState) -> Iterator[Step]:
        centre_shift = math.inf
        for _ in passes(epochs, state):
            if centre_shift == 0:  # asked here, so that the last pass is counted as finished
                return
            inertia, clusters = self.squared_distances(samples).min(dim=1)
            centre_shift = self.update(samples, clusters)
            empty = self.n_clusters - len(torch.unique(clusters))
            state.learned()
            terms = Terms(centre_shift=centre_shift, empty_clusters=float(empty))
            yield Step(state.index, state.epoch + 1, inertia.mean().item(), terms)

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, ["centres"], state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)

    begin = old_name("begin", initialize)
    distances = old_name("distances", squared_distances)
    assign = old_name("assign", predict)


def _kmeans_plus_plus(samples: torch.Tensor, n_clusters: int, generator: torch.Generator) -> torch.Tensor:
    # Each next centre is drawn with a probability proportional to its squared distance to the nearest centre so far.
    chosen = [int(torch.randint(len(samples), (1,), generator=generator))]
    for _ in range(1, n_clusters):
        nearest = torch.cdist(samples.cpu(), samples[chosen].cpu(), compute_mode=EXACT).min(dim=1).values ** 2
        if nearest.sum() == 0:
            nearest = torch.ones_like(nearest)
            nearest[chosen] = 0
        chosen.append(int(torch.multinomial(nearest, 1, generator=generator)))
    return torch.tensor(chosen)
