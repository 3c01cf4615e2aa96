"""Deep embedded clustering: an encoder and cluster centres that learn together from their own sharpened assignments.

Sources: Xie, Girshick and Farhadi 2016, "Unsupervised deep embedding for clustering analysis" (DEC); Guo, Gao, Liu and
Yin 2017, "Improved deep embedded clustering with local structure preservation" (IDEC), which keeps the decoder; Guo,
Zhu, Liu and Yin 2018, "Deep embedded clustering with data augmentation".
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.autoencoders.base import EncoderDecoder
from udl_teach.models.autoencoders.dense import Autoencoder
from udl_teach.models.clustering.assignments import soft_assignment, target_distribution
from udl_teach.models.clustering.augmentation import random_affine
from udl_teach.models.clustering.start import STARTS, start_labels
from udl_teach.models.layers import allocate
from udl_teach.modules import example_of
from udl_teach.training import LearningState, Step, train

PRETRAINING_EPOCHS = 20
SETTLING = 10  # intervals for which the groups of the neighbour graph are the target
VIEWS = 20  # augmented versions of each sample by which its neighbours are found
SMALLEST = 12  # side of images that are augmented by themselves: in smaller ones a tenth is less than about a pixel
SCALINGS = ("auto", "columns", "common", "none")
CHUNK = 4096


class DeepEmbeddedClustering(nn.Module):
    """An autoencoder is pretrained, centres are placed on its codes, and both learn to sharpen the assignments.

    The loss of a batch in the clustering phase, with P in use and Q of the batch:

        loss = reconstruction * |x - x_hat|^2 / n_features + weight * KL(P || Q)

    `reconstruction=1` is the improved form (Guo et al. 2017, eq. 9); `reconstruction=0, weight=1` drops the decoder
    (Xie et al. 2016, eq. 2). P is computed over all samples at every update interval, and batches take their rows.

    Args:
        n_features: number of features per sample.
        n_clusters: number of clusters.
        latent_size: size of the code; with `encoder` that encoder's size holds.
        hidden_sizes: widths of the encoder's hidden layers; the decoder has them in reverse order.
        encoder: a trained autoencoder of the course to start from, which learns on in place; None makes a new one,
            which is pretrained.
        pretraining: epochs in which the autoencoder learns alone; None for 20, or 0 with an `encoder`.
        reconstruction: weight of the reconstruction error in the clustering phase; 0 drops the decoder.
        weight: weight of the clustering term; 1 beside an error averaged over scaled features (0.1 in Guo et al. 2017).
        update_interval: number of steps between two updates of the target distribution; None for one epoch.
        tolerance: learning ends when an update changes the cluster of fewer samples than this share; 0 never ends it.
        alpha: degrees of freedom of the t distribution.
        start: initialization of the centres: "kmeans" on the codes, as in the papers, or "neighbours": groups of the
            samples' neighbour graph, which are the target for the first 10 update intervals.
        scaling: of the samples before the encoder: "columns" (each feature to mean 0 and standard deviation 1),
            "common" (one mean and one standard deviation for all, as for pixels), "none"; "auto" takes "none" with an
            `encoder`, "common" where most features reach the lowest or the highest value of all, as pixels do, and
            else "columns".
        augment: "affine" for small random rotations and shifts (with `image_shape`); a function of a batch and a
            generator that returns a batch; or None. The network learns from augmented samples, and the neighbour graph
            counts two samples as near as some of their versions are; the target is always that of the samples
            themselves. "auto" takes "affine" where the samples look like square grey images of at least 12 x 12
            pixels (as `scaling` knows them, those beside and below each other correlated), else and with an `encoder`
            None.
        image_shape: (channels, height, width) for `augment="affine"`.
        seed: of the initial weights and centres.

    Attributes:
        centres: shape (n_clusters, latent_size); zeros until pretraining has ended.
        target: P in use, shape (n_samples, n_clusters); None until pretraining has ended.
        labels: the cluster of every sample at the last update, shape (n_samples,); None until then.

    Raises:
        TypeError, ValueError: an argument is not what it must be.
    """

    def __init__(
        self,
        n_features: int,
        n_clusters: int,
        latent_size: int = 10,
        hidden_sizes: Sequence[int] = (500, 250),
        *,
        encoder: EncoderDecoder | None = None,
        pretraining: int | None = None,
        reconstruction: float = 1.0,
        weight: float = 1.0,
        update_interval: int | None = None,
        tolerance: float = 0.001,
        alpha: float = 1.0,
        start: str = "neighbours",
        scaling: str = "auto",
        augment: str | Callable | None = "auto",
        image_shape: Sequence[int] | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.n_features = inputs.whole(n_features, "n_features")
        self.n_clusters = inputs.whole(n_clusters, "n_clusters")
        if encoder is not None and not (hasattr(encoder, "encode") and hasattr(encoder, "latent_size")):
            raise TypeError(
                f"encoder was {type(encoder).__name__}; it must be an autoencoder of the course, such as Autoencoder."
            )
        self.latent_size = inputs.whole(latent_size if encoder is None else encoder.latent_size, "latent_size")
        self.hidden_sizes = inputs.sizes(hidden_sizes, "hidden_sizes")
        self.pretraining = None if pretraining is None else inputs.whole(pretraining, "pretraining", minimum=0)
        self.reconstruction = inputs.real(reconstruction, "reconstruction", minimum=0.0)
        self.weight = inputs.real(weight, "weight", minimum=0.0)
        self.update_interval = None if update_interval is None else inputs.whole(update_interval, "update_interval")
        self.tolerance = inputs.real(tolerance, "tolerance", minimum=0.0, maximum=1.0)
        self.alpha = inputs.real(alpha, "alpha", above=0.0)
        self.start = inputs.choice(start, "start", STARTS)
        self.scaling = inputs.choice(scaling, "scaling", SCALINGS)
        self.image_shape = None if image_shape is None else inputs.sizes(image_shape, "image_shape")
        self.augment = self._augmentation(augment)
        self.seed = inputs.whole(seed, "seed", minimum=0)
        self.encoder = encoder
        own = None if encoder is not None else Autoencoder(n_features, self.latent_size, self.hidden_sizes, seed=seed)
        self.own = own
        self.centres = nn.Parameter(torch.zeros(self.n_clusters, self.latent_size, dtype=torch.float32))
        for name in ("target", "labels", "offset", "scale"):
            self.register_buffer(name, None)
        # Height and width of the images that `augment="auto"` has found; 0 for none.
        self.register_buffer("side", torch.zeros((), dtype=torch.int64))
        # Steps made in the clustering phase, and the share of labels that the last update changed.
        self.register_buffer("clustering_steps", torch.zeros((), dtype=torch.int64))
        self.register_buffer("changed", torch.ones((), dtype=torch.float32))

    @property
    def network(self) -> nn.Module:
        """The autoencoder that learns: `encoder` where it was given, else the model's own."""
        return self.own if self.encoder is None else self.encoder

    @property
    def pretraining_epochs(self) -> int:
        """Number of epochs before the centres are placed."""
        if self.pretraining is not None:
            return self.pretraining
        return PRETRAINING_EPOCHS if self.encoder is None else 0

    def encode(self, x: Any) -> Any:
        """Codes of samples, shape (n_samples, latent_size)."""
        return inputs.given(self._codes(self._checked(x).to(example_of(self))), x)

    def soft_assign(self, x: Any) -> Any:
        """Soft assignments q of samples to the clusters, shape (n_samples, n_clusters); every row sums to 1."""
        self._must_have_centres()
        return inputs.given(self._assignments(self._checked(x).to(example_of(self))), x)

    def predict(self, x: Any) -> Any:
        """The cluster with the largest share for every sample, int64 of shape (n_samples,)."""
        self._must_have_centres()
        with torch.no_grad():
            clusters = self._assignments(self._checked(x).to(example_of(self))).argmax(dim=1)
        return clusters if isinstance(x, torch.Tensor) else clusters.cpu().numpy()

    def loss(
        self,
        x: torch.Tensor,
        y: torch.Tensor | None = None,
        generator: torch.Generator | None = None,
        *,
        target: torch.Tensor | None = None,
        weight: float | None = None,
    ) -> dict[str, torch.Tensor]:
        """The loss of a batch; see the class.

        Args:
            x: batch, shape (batch, n_features), as it was before scaling.
            y: the numbers of its rows in `target`; None where there is no target, as in validation.
            generator: source of the augmentation and of the encoder's noise.
            target: P over all samples, shape (n_samples, n_clusters); None in pretraining.
            weight: of the clustering term; None for the model's own.

        Returns:
            {"loss", "reconstruction", "clustering", "changed"}: in pretraining "clustering" is 0 and "changed" is 1.
        """
        if self.training and self._augments():
            with torch.no_grad():
                x = self._augmented(x, generator)
        inside = self._scaled(x)
        zero = inside.new_zeros(())
        if target is None:
            error = self.network.loss(inside, generator=generator)["loss"] / self.n_features
            return {"loss": error, "reconstruction": error, "clustering": zero, "changed": zero + 1}
        z = self.network.encode(inside)
        p, q = target[y], soft_assignment(z, self.centres, self.alpha)
        # KL(P || Q) = sum_ij p_ij log(p_ij / q_ij), averaged over the batch
        divergence = (torch.xlogy(p, p) - p * q.clamp(min=1e-30).log()).sum(dim=1).mean()
        error = zero
        if self.reconstruction > 0:
            error = (inside - self.network.decode(z).reshape(inside.shape)).square().mean()
        weight = self.weight if weight is None else weight
        loss = self.reconstruction * error + weight * divergence
        return {"loss": loss, "reconstruction": error, "clustering": divergence, "changed": self.changed}

    def steps(
        self,
        x: Any,
        y: None = None,
        *,
        epochs: int | None = 60,
        batch_size: int = 256,
        learning_rate: float | Callable[[int], float] = 1e-3,
        weight: float | Callable[[int], float] | None = None,
        seed: int = 0,
        state: LearningState | None = None,
    ) -> Iterator[Step]:
        """Pretraining, the start of the centres, then clustering until few labels change.

        Args:
            x: samples, shape (n_samples, n_features).
            y: must be None; clusters are learned without labels.
            epochs: passes over the data at most, pretraining included; None goes on until few labels change.
            batch_size: samples per batch.
            learning_rate: a number, or a function from the number of updates made so far to a number.
            weight: of the clustering term, a number or such a function; None for the model's own.
            seed: of the shuffles, the augmentation and the noise.
            state: where an earlier run stopped, on the same samples.

        Yields:
            Steps whose loss is the batch's, before the update; `loss` names the terms. "changed" is the share of
            labels that the last update of the target changed.
        """
        inputs.no_labels(y, self)
        samples = self._checked(x).detach().to(example_of(self))
        if len(samples) < self.n_clusters:
            raise ValueError(
                f"x has {len(samples)} samples for {self.n_clusters} clusters; pass at least one per cluster, or make "
                "the model with fewer clusters."
            )
        state = LearningState(seed) if state is None else state
        share = inputs.rate(self.weight if weight is None else weight, "weight")
        last = None if epochs is None else _passes(state) + inputs.whole(epochs, "epochs", minimum=0)
        learning = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "state": state}
        if self.offset is None:
            self._measure(samples)
        steps = train(
            self, samples, torch.arange(len(samples)), given=lambda index: self._given(index, share), **learning
        )
        return self._steps(steps, samples, batch_size, last, state)

    def _given(self, index: int, weight: Callable[[int], float]) -> dict[str, Any]:
        # What a step needs besides its batch: nothing in pretraining, P and the weight in clustering.
        return {} if self.target is None else {"target": self.target, "weight": weight(index)}

    def _steps(self, steps, samples, batch_size, last, state) -> Iterator[Step]:
        fresh = state.index == 0
        interval = self.update_interval or max(len(samples) // batch_size, 1)
        while last is None or _passes(state) < last:
            if self.target is None and _passes(state) >= self.pretraining_epochs:
                self.place_centres(samples)
            elif self.target is not None:
                done = int(self.clustering_steps)
                settling = SETTLING * interval if self.start == "neighbours" else 0
                due = done % interval == 0 and done >= settling
                if due or fresh or len(self.target) != len(samples):
                    started = self.labels is not None and len(self.labels) == len(samples) and not fresh
                    self.update_target(samples)
                    if started and self.changed < self.tolerance:
                        break
            fresh = False
            step = next(steps, None)
            if step is None:
                return
            if self.target is not None:
                self.clustering_steps += 1
            yield step
        else:
            next(steps, None)  # lets the last epoch be counted as finished

    def place_centres(self, x: Any) -> None:
        """Place the centres on the codes of `x` as `start` says, and compute the first target distribution."""
        samples = self._checked(x).to(example_of(self))
        with torch.no_grad():
            was = self.training
            self.eval()
            z = self._codes(samples)
            clusters = start_labels(
                z, self._scaled(samples), self.n_clusters, self.start, self.seed, self._views(samples)
            )
            counts = torch.bincount(clusters, minlength=self.n_clusters).clamp(min=1)
            sums = torch.zeros_like(self.centres).index_add_(0, clusters, z)
            self.centres.copy_(sums / counts[:, None])
            self.train(was)
        self.labels = None
        self.clustering_steps.zero_()
        self.update_target(samples)
        self.changed.fill_(1.0)
        if self.start == "neighbours":
            # Groups of the graph need not be round in the codes: the encoder first learns to place them apart.
            self.target = nn.functional.one_hot(clusters, self.n_clusters).to(self.target)

    def update_target(self, x: Any) -> float:
        """Compute P from the assignments of all samples; returns the share of labels that changed since the last."""
        samples = self._checked(x).to(example_of(self))
        was = self.training
        self.eval()
        with torch.no_grad():
            q = self._assignments(samples)
        self.train(was)
        labels = q.argmax(dim=1)
        if self.labels is not None and len(self.labels) == len(labels):
            self.changed.fill_((labels != self.labels).float().mean().item())
        self.target, self.labels = target_distribution(q), labels
        return self.changed.item()

    def _assignments(self, samples: torch.Tensor) -> torch.Tensor:
        return soft_assignment(self._codes(samples), self.centres, self.alpha)

    def _codes(self, samples: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.network.encode(self._scaled(part)) for part in samples.split(CHUNK)])

    def _measure(self, samples: torch.Tensor) -> None:
        scaling = self.scaling
        if scaling == "auto":
            scaling = "none" if self.encoder is not None else _kind_of(samples)
        if self.augment == "auto" and self.encoder is None:
            self.side.fill_(_side_of(samples))
        zero = samples.new_zeros(self.n_features)
        self.offset, self.scale = zero, zero + 1
        if scaling == "columns":
            self.offset, self.scale = samples.mean(dim=0), samples.std(dim=0, correction=0)
        elif scaling == "common":
            self.offset, self.scale = zero + samples.mean(), zero + samples.std(correction=0)
        # A constant column has no spread to divide by.
        self.scale = torch.where(self.scale > 0, self.scale, torch.ones_like(self.scale))

    def _scaled(self, x: torch.Tensor) -> torch.Tensor:
        return x if self.offset is None else (x - self.offset) / self.scale

    def _augmentation(self, augment: Any) -> Any:
        if augment is None or callable(augment):
            return augment
        shape = self.image_shape
        if inputs.choice(augment, "augment", ("auto", "affine")) == "affine" and (
            shape is None or len(shape) != 3 or shape[0] * shape[1] * shape[2] != self.n_features
        ):
            raise ValueError(
                f'augment was "affine" with image_shape={shape}; image_shape must be (channels, height, width) with '
                f"a product of {self.n_features}, the number of features."
            )
        return augment

    def _augments(self) -> bool:
        return self.side > 0 if self.augment == "auto" else self.augment is not None

    def _augmented(self, x: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
        if callable(self.augment):
            return self.augment(x, generator)
        side = int(self.side)
        return random_affine(x, self.image_shape if self.augment == "affine" else (1, side, side), generator)

    def _views(self, samples: torch.Tensor) -> Iterator[torch.Tensor]:
        # Augmented versions for the neighbour graph, one at a time; none without augmentation.
        generator = inputs.generator(self.seed)
        for _ in range(VIEWS if self._augments() else 0):
            yield self._scaled(self._augmented(samples, generator))

    def _checked(self, x: Any) -> torch.Tensor:
        return inputs.samples(x, n_features=self.n_features)

    def _must_have_centres(self) -> None:
        if self.target is None:
            raise ValueError(
                "this DeepEmbeddedClustering has no centres yet; call fit(model, x) with more epochs than pretraining "
                f"takes ({self.pretraining_epochs}), or model.place_centres(x)."
            )

    def _load_from_state_dict(self, state_dict, prefix, *rest):
        allocate(self, ["target", "labels", "offset", "scale"], state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *rest)


def _passes(state: LearningState) -> int:
    """Epochs finished, one whose last batch has just been learned from included."""
    return state.epoch + (0 < state.batches_per_epoch <= state.batch)


def _kind_of(samples: torch.Tensor) -> str:
    """ "common" where at least half of the features that vary reach a bound of all values, as pixels do."""  # noqa: D210
    low, high = samples.amin(dim=0), samples.amax(dim=0)
    varies = high > low
    at_bound = (low == samples.min()) | (high == samples.max())
    return "common" if varies.any() and at_bound[varies].float().mean() >= 0.5 else "columns"


def _side_of(samples: torch.Tensor) -> int:
    """Height and width of square grey images, 0 where the samples do not look like such: see `augment`.

    Pixels beside and below each other have a mean correlation of 0.3 to 0.8 in images of digits and letters, and of
    less than 0.1 in the same images with their pixels shuffled.
    """
    side = math.isqrt(samples.shape[1])
    if side < SMALLEST or side * side != samples.shape[1] or _kind_of(samples) != "common":
        return 0
    away = samples - samples.mean(dim=0)
    images = (away / away.square().mean(dim=0).sqrt().clamp(min=1e-12)).reshape(-1, side, side)
    beside = (images[:, :, 1:] * images[:, :, :-1]).mean()
    below = (images[:, 1:] * images[:, :-1]).mean()
    return side if min(beside, below) > 0.2 else 0
