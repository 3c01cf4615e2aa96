"""k-means by Lloyd's algorithm: assign every sample to its nearest centre, move every centre to its samples' mean.

Sources: Lloyd 1982, "Least squares quantization in PCM"; the start: Arthur and Vassilvitskii 2007, "k-means++".
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import allocate
from udl_teach.threads import on_few_threads
from udl_teach.training import LearningState, Step

# Differences first, squares after: the faster |x|^2 - 2xc + |c|^2 loses the small distances in rounding.
EXACT = "donot_use_mm_for_euclid_dist"
STARTS = ("k-means++", "random", "corner")


class KMeans(nn.Module):
    """Centres that move, one whole assign-and-update a step; no gradient and no learning rate.

    Args:
        n_clusters: number of centres.
        start: where the centres begin: "k-means++" (samples far from each other, drawn), "random" (samples drawn
            evenly) or "corner" (the samples nearest to the lowest corner of the data: a bad start, to learn from).
        seed: of the draws.

    Attributes:
        centres: shape (n_clusters, n_features); made from the data in the first `steps`.
    """

    def __init__(self, n_clusters: int = 3, *, start: str = "k-means++", seed: int = 0) -> None:
        super().__init__()
        self.n_clusters = inputs.whole(n_clusters, "n_clusters")
        self.start = inputs.choice(start, "start", STARTS)
        self.seed = inputs.whole(seed, "seed", minimum=0)
        self.register_buffer("centres", None)

    def begin(self, x: Any) -> None:
        """Place the centres on samples of `x` (n_samples, n_features), as `start` says."""
        samples = inputs.samples(x)
        if self.n_clusters > len(samples):
            raise ValueError(f"n_clusters was {self.n_clusters}, more than the {len(samples)} samples; take fewer.")
        generator = inputs.generator(self.seed)
        if self.start == "random":
            chosen = torch.randperm(len(samples), generator=generator)[: self.n_clusters]
        elif self.start == "corner":
            chosen = (samples - samples.min(dim=0).values).norm(dim=1).argsort()[: self.n_clusters]
        else:
            chosen = _far_apart(samples, self.n_clusters, generator)
        self.centres = samples[chosen].detach().clone()

    def distances(self, x: Any) -> torch.Tensor:
        """Squared distances of samples to centres, shape (n_samples, n_clusters)."""
        if self.centres is None:
            raise ValueError("this KMeans has no centres yet; let it learn first, or call begin(x).")
        samples = inputs.samples(x, n_features=self.centres.shape[1]).to(self.centres)
        return torch.cdist(samples, self.centres, compute_mode=EXACT) ** 2

    def assign(self, x: Any) -> Any:
        """Number of the nearest centre for every sample, shape (n_samples,)."""
        nearest = self.distances(x).argmin(dim=1)
        return nearest if isinstance(x, torch.Tensor) else nearest.cpu().numpy()

    def update(self, x: Any, clusters: Any) -> float:
        """Move every centre to the mean of its samples; returns the farthest that a centre moved.

        A centre without samples stays where it is: there is nothing that its mean could be.
        """
        samples = inputs.samples(x, n_features=self.centres.shape[1]).to(self.centres)
        members = torch.as_tensor(clusters, device=samples.device)
        counts = torch.bincount(members, minlength=self.n_clusters)
        sums = torch.zeros_like(self.centres).index_add_(0, members, samples)
        means = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], self.centres)
        moved = (means - self.centres).norm(dim=1).max().item()
        self.centres = means
        return moved

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 100,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        seed: int | None = None,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """One assign-and-update a step, until no centre moves or `epochs` passes are over.

        `batch_size`, `learning_rate` and `seed` are taken so that every model can be called alike; Lloyd's algorithm
        sees all samples at once, has no rate, and draws only its start (by the constructor's seed).

        Yields:
            Steps whose loss is the inertia a sample: the mean squared distance of a sample to its centre, before the
            update; terms "moved": the farthest that a centre moved; "empty": the centres without samples.
        """
        inputs.no_labels(y, self)
        samples = inputs.samples(x)
        if epochs is not None:
            epochs = inputs.whole(epochs, "epochs", minimum=0)
        if self.centres is None:
            self.begin(samples)
        self.distances(samples[:1])
        steps = self._steps(samples.detach(), epochs, LearningState() if state is None else state)
        return on_few_threads(steps, samples, self.n_clusters * samples.numel())

    def _steps(self, samples: torch.Tensor, epochs: int | None, state: LearningState) -> Iterator[Step]:
        state.batches_per_epoch, done = 1, 0
        if state.batch:
            state.finish_epoch(1)
        while epochs is None or done < epochs:
            distances = self.distances(samples)
            inertia, clusters = distances.min(dim=1)
            moved = self.update(samples, clusters)
            empty = self.n_clusters - len(torch.unique(clusters))
            state.learned()
            yield Step(state.index, state.epoch + 1, inertia.mean().item(), {"moved": moved, "empty": float(empty)})
            state.finish_epoch(1)
            done += 1
            if moved == 0:
                return

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, ["centres"], state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)


def _far_apart(samples: torch.Tensor, n_clusters: int, generator: torch.Generator) -> torch.Tensor:
    # Each next centre is drawn with a chance in proportion to its squared distance to the nearest centre so far.
    chosen = [int(torch.randint(len(samples), (1,), generator=generator))]
    for _ in range(1, n_clusters):
        nearest = torch.cdist(samples.cpu(), samples[chosen].cpu(), compute_mode=EXACT).min(dim=1).values ** 2
        if nearest.sum() == 0:
            nearest = torch.ones_like(nearest)
            nearest[chosen] = 0
        chosen.append(int(torch.multinomial(nearest, 1, generator=generator)))
    return torch.tensor(chosen)
