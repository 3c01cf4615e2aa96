"""Neighbour embedding with a network: a map of samples into the plane that also has a place for new ones.

Sources: van der Maaten 2009, "Learning a parametric embedding by preserving local structure" (t-SNE's loss); McInnes,
Healy and Melville 2018, "UMAP", and Sainburg, McInnes and Gentner 2021, "Parametric UMAP embeddings" (UMAP's loss).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models.clustering.affinities import Neighbours, tsne_neighbours, umap_neighbours
from udl_teach.models.layers import mlp
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

OBJECTIVES = ("tsne", "umap")
# Other samples that UMAP's loss pushes each sample away from: the default of umap-learn (negative_sample_rate).
NEGATIVES = 5
# Early exaggeration (van der Maaten and Hinton 2008, section 3.4): the probabilities are larger in the first steps, so
# that clusters find together before they spread.
EXAGGERATION, EXAGGERATED_STEPS = 4.0, 100


# Factor on the network's output: maps are tens of units wide, which weights of usual size reach sooner this way. UMAP's
# repulsion falls off so fast that points which start close together would scatter without order (umap-learn starts on a
# square of side 20).
OUTPUT_SCALE = 10.0


class NeighbourEmbedding(nn.Module):
    """A multilayer perceptron that places samples so that near neighbours stay near.

    It is trained on neighbours alone: there is no decoder, and distances between far samples mean little.

    Args:
        n_features: number of features per sample.
        latent_size: dimensions of the map.
        hidden_sizes: widths of the hidden layers.
        objective: "tsne" (a KL divergence between neighbour probabilities) or "umap" (a cross-entropy of single ties,
            with negative sampling), which keeps fewer neighbours: on 1,000 images of MNIST the trustworthiness of its
            map is about 0.1 lower.
        perplexity: of "tsne": effective number of neighbours, above 1.
        n_neighbors: of "umap": neighbours per sample, at least 2.
        min_dist: of "umap": distance in the map below which tied samples attract each other no further, in [0, 3).
        seed: of the initial weights.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        latent_size: int = 2,
        hidden_sizes: Sequence[int] = (256, 256),
        *,
        objective: str = "tsne",
        perplexity: float = 30.0,
        n_neighbors: int = 15,
        min_dist: float = 0.1,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.latent_size = inputs.whole(latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.objective = inputs.choice(objective, "objective", OBJECTIVES)
        self.perplexity = inputs.real(perplexity, "perplexity", above=1.0)
        self.n_neighbors = inputs.whole(n_neighbors, "n_neighbors", minimum=2)
        self.min_dist = inputs.real(min_dist, "min_dist", minimum=0.0, maximum=2.9)
        self.seed = seed
        self.curve = low_dimensional_curve(self.min_dist) if objective == "umap" else None
        widths = (self.n_features, *self.hidden_sizes, self.latent_size)
        self.encoder = mlp(widths, "gelu", inputs.generator(seed))

    def encode(self, x: Any) -> Any:
        """Places in the map: (n_samples, n_features) -> (n_samples, latent_size), also of new samples."""
        return inputs.given(self._place(self._checked(x).to(example_of(self))), x)

    def forward(self, x: Any) -> Any:
        """Places in the map, as `encode`."""
        return self.encode(x)

    def neighbours(self, x: torch.Tensor) -> Neighbours:
        """The ties between samples (n_samples, n_features) that the map is to keep, as the objective defines them."""
        if self.objective == "tsne":
            return tsne_neighbours(x, self.perplexity)
        return umap_neighbours(x, self.n_neighbors)

    def loss(
        self,
        x: torch.Tensor,
        y: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        *,
        neighbours: Neighbours | None = None,
        exaggeration: float = 1.0,
    ) -> dict[str, torch.Tensor]:
        """The objective, for the ties within the batch.

        Args:
            x: batch, shape (n, n_features), n at least 3.
            y: row numbers of the batch in `neighbours`, shape (n,).
            generator: source of UMAP's negative samples, on the CPU.
            neighbours: the ties among all samples; None takes those among the samples of the batch.
            exaggeration: factor on t-SNE's probabilities.

        Returns:
            {"loss"}: for "tsne" the KL divergence in nats, for "umap" also "attraction" and "repulsion", nats per tie.
        """
        z = self._place(x)
        if neighbours is None:
            neighbours, y = self.neighbours(x), torch.arange(len(x), device=x.device)
        ties = neighbours.among(y)
        if self.objective == "tsne":
            return {"loss": tsne_loss(z, ties, exaggeration)}
        attraction, repulsion = umap_terms(z, ties, self.curve, generator)
        return {"loss": attraction + repulsion, "attraction": attraction, "repulsion": repulsion}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 500,
        batch_size: int = 500,
        learning_rate: float | Callable[[int], float] = 1e-3,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Learn to keep the neighbours of `x`, at least three samples; `training.train` explains the arguments.

        The neighbours are those among all samples, found once; a batch keeps the ties within it, so small batches see
        few of them.
        """
        inputs.no_labels(y, self)
        samples = self._checked(x).detach().to(example_of(self))
        if len(samples) < 3:
            raise ValueError(f"x has {len(samples)} samples; a map of neighbours needs at least 3.")
        neighbours = self.neighbours(samples)

        def given(index: int) -> dict[str, Any]:
            early = EXAGGERATION if index < EXAGGERATED_STEPS else 1.0
            return {"neighbours": neighbours, "exaggeration": early}

        rest = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "seed": seed}
        # The labels of the loop are row numbers here: by them the loss finds the ties of its batch.
        return train(self, samples, torch.arange(len(samples)), **rest, given=given, state=state)

    def _place(self, x: torch.Tensor) -> torch.Tensor:
        return OUTPUT_SCALE * self.encoder(x)

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)


def tsne_loss(z: torch.Tensor, ties: torch.Tensor, exaggeration: float = 1.0) -> torch.Tensor:
    """KL(P || Q) between neighbour probabilities of data and map: van der Maaten 2009, eqs. 2 to 4.

        p_ij = (p(j|i) + p(i|j)) / sum,    q_ij = (1 + |z_i - z_j|^2 / alpha)^(-(alpha + 1) / 2) / sum

    with alpha = latent_size - 1 degrees of freedom of Student's t, at least 1 (section 3.2 of that paper).

    Args:
        z: places, shape (n, latent_size).
        ties: conditional probabilities p(j|i), shape (n, n), with a zero diagonal.
        exaggeration: factor on p.

    Returns:
        The divergence in nats (with exaggeration, p is no distribution, and this is the loss that has its gradient).
    """
    p = ties + ties.T
    p = p / p.sum().clamp(min=1e-12)
    alpha = max(z.shape[1] - 1, 1)
    log_kernel = -(alpha + 1) / 2 * torch.log1p(_squared_distances(z) / alpha)
    # The sum runs over pairs of different samples; a sample with itself has a kernel of 1.
    log_q = log_kernel - torch.log((log_kernel.exp().sum() - len(z)).clamp(min=1e-12))
    p = exaggeration * p
    return (torch.special.xlogy(p, p) - p * log_q).sum()


def umap_terms(
    z: torch.Tensor, ties: torch.Tensor, curve: tuple[float, float], generator: torch.Generator | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attraction along ties and repulsion from samples drawn at random: McInnes et al. 2018, section 3.2.

        v_ij = u_ij + u_ji - u_ij u_ji,    q_ij = 1 / (1 + a |z_i - z_j|^(2 b))
        attraction = -sum_ij v_ij log q_ij / sum v,    repulsion = -sum_i v_i. sum_j log(1 - q_ij) / sum v

    where j runs over NEGATIVES samples of the batch, drawn anew for each i. As in umap-learn they push i away and are
    not pushed themselves.

    Args:
        z: places, shape (n, latent_size).
        ties: memberships u, shape (n, n), with a zero diagonal.
        curve: a and b.
        generator: of the draws, on the CPU.

    Returns:
        (attraction, repulsion), both in nats per tie.
    """
    a, b = curve
    v = ties + ties.T - ties * ties.T
    total = v.sum().clamp(min=1e-12)
    # log q = -log(1 + a d^(2b)), written with log d^2 so that its gradient stays finite at 0
    logits = -_log_curve(_squared_distances(z), a, b)
    attraction = -(v * functional.logsigmoid(logits)).sum() / total
    n = len(z)
    # Any sample but i itself: a draw from the n - 1 others, counted on from i.
    drawn = 1 + torch.randint(n - 1, (n, NEGATIVES), generator=generator).to(z.device)
    j = (torch.arange(n, device=z.device)[:, None] + drawn) % n
    squares = (z[:, None] - z.detach()[j]).square().sum(dim=2)
    away = functional.logsigmoid(_log_curve(squares, a, b)).sum(dim=1)
    return attraction, -(v.sum(dim=1) * away).sum() / total


def low_dimensional_curve(min_dist: float) -> tuple[float, float]:
    """The a and b for which 1 / (1 + a d^(2b)) comes closest to 1 below `min_dist` and exp(min_dist - d) above it.

    As umap-learn does: least squares on 300 distances from 0 to 3, with a spread of 1.
    """
    distances = torch.linspace(0, 3, 300, dtype=torch.float64)
    wanted = torch.exp(-(distances - min_dist).clamp(min=0.0))
    log_ab = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([log_ab], max_iter=200, line_search_fn="strong_wolfe", tolerance_change=1e-12)

    def misfit() -> torch.Tensor:
        optimizer.zero_grad()
        a, b = log_ab.exp()
        error = (1 / (1 + a * distances.clamp(min=1e-9) ** (2 * b)) - wanted).square().sum()
        error.backward()
        return error

    with torch.enable_grad():
        optimizer.step(misfit)
    a, b = log_ab.detach().exp().tolist()
    return a, b


def _squared_distances(z: torch.Tensor) -> torch.Tensor:
    norms = z.square().sum(dim=1)
    squares = torch.addmm(norms, z, z.T, alpha=-2.0) + norms[:, None]
    # Rounding leaves a sample a little away from itself.
    return squares.clamp(min=0.0) * (1 - torch.eye(len(z), dtype=z.dtype, device=z.device))


def _log_curve(squared: torch.Tensor, a: float, b: float) -> torch.Tensor:
    # log(a d^(2b)); below 1e-4 the place of two samples is the same to the eye
    return torch.log(torch.as_tensor(a, dtype=squared.dtype)) + b * torch.log(squared.clamp(min=1e-4))
