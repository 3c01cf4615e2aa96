"""What learns: an encoder and the centres of clusters, by deep embedded clustering, from a trained autoencoder.

Sources: Xie, Girshick and Farhadi 2016 (arXiv:1511.06335); with the decoder kept: Guo et al. 2017 (IJCAI).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach import data as datasets
from udl_teach import metrics
from udl_teach.data import Dataset
from udl_teach.models import Autoencoder, KMeans, soft_assignment, target_distribution
from udl_teach.training import Step, train

DATA = ("groups", "ring", "moons", "noise", "digits")
INITS = ("k-means", "random", "one place")
# Clusters at most, and updates of the target that the curves remember.
MOST, REMEMBERED = 10, 1000
CENTRES = ((-1.0, -0.6), (0.1, -0.9), (0.9, 0.2), (-0.3, 0.8))


@lru_cache(maxsize=8)
def dataset_of(name: str) -> Dataset:
    """The digits, or 600 points in the plane whose groups are known; the noise is one group."""
    if name == "digits":
        return datasets.digits()
    if name in ("groups", "noise"):
        centres, sd = (CENTRES, 0.24) if name == "groups" else ([(0.0, 0.0)], 0.6)
        return datasets.clusters(centres, 600, sd=sd, seed=0)
    return getattr(datasets, name)(600, seed=0)


@lru_cache(maxsize=8)
def _pretrained(name: str, seed: int) -> dict[str, torch.Tensor]:
    # Changing a control that restarts then costs no second pretraining.
    model, x = _autoencoder(name, seed), dataset_of(name).x
    for _ in train(model, x, epochs=15, batch_size=128, learning_rate=6e-3, seed=seed):
        pass
    return {key: value.clone() for key, value in model.state_dict().items()}


def _autoencoder(name: str, seed: int) -> Autoencoder:
    n_features = dataset_of(name).x.shape[1]
    return Autoencoder(n_features, 2, (128, 64) if name == "digits" else (32, 32), seed=seed)


class Clustering(nn.Module):
    """An autoencoder with a 2-D code, and centres among its codes.

    Args:
        autoencoder: already trained.
        dataset: what is clustered; its labels serve the accuracy alone.
        settings: read anew at each step: update_interval, clustering, reconstruction.

    Attributes:
        centres: shape (n_clusters, 2).
        target: the target distribution P in use, shape (n, n_clusters).
        updates: (step, share of changed labels, accuracy) at each update of the target.
    """

    def __init__(self, autoencoder: Autoencoder, dataset: Dataset, settings: dict) -> None:
        """Place the centres and compute the first target."""
        super().__init__()
        self.autoencoder, self.dataset, self.settings = autoencoder, dataset, settings
        self.x = torch.tensor(dataset.x)
        self.centres = nn.Parameter(_initial(self.codes(), settings))
        self.index, self.updates = 0, []
        self.update_target()
        self.updates = [(0, float("nan"), self.accuracy(self.labels))]  # no labels before

    @torch.no_grad()
    def codes(self) -> torch.Tensor:
        """Codes of all samples, shape (n, 2)."""
        return self.autoencoder.encoder(self.x)

    def soft_assign(self, codes: torch.Tensor) -> torch.Tensor:
        """q_ij, Student's t with one degree of freedom, normalized per sample (Xie 2016, eq. 1)."""
        return soft_assignment(codes, self.centres)

    def accuracy(self, labels: np.ndarray) -> float:
        """Share of samples in the class that fits their cluster best, one class per cluster; NaN for the noise."""
        if len(np.unique(self.dataset.labels)) == 1:
            return float("nan")
        return metrics.clustering_accuracy(self.dataset.labels, labels)

    @torch.no_grad()
    def update_target(self) -> None:
        """Compute the target over all samples, and note how many labels changed since the last update."""
        q = self.soft_assign(self.codes())
        before, self.labels = getattr(self, "labels", None), q.argmax(dim=1).numpy()
        self.target = target_distribution(q)
        if before is not None:
            self.updates.append((self.index, float((before != self.labels).mean()), self.accuracy(self.labels)))
            if len(self.updates) > REMEMBERED:
                self.updates = self.updates[::2]

    def loss(self, x: torch.Tensor, y: torch.Tensor, generator: Any = None) -> dict[str, torch.Tensor]:
        """The weighted sum of KL(P || Q) and the squared error, each averaged over the batch (Guo 2017, eq. 10).

        Args:
            x: samples of the batch.
            y: their rows in the target.
            generator: not used; nothing is drawn.
        """
        if self.index and self.index % self.settings["update_interval"] == 0:
            self.update_target()
        codes = self.autoencoder.encoder(x)
        p, q = self.target[y], self.soft_assign(codes)
        clustering = (p * (p.clamp(min=1e-12) / q.clamp(min=1e-12)).log()).sum(dim=1).mean()
        reconstruction = ((self.autoencoder.decoder(codes) - x) ** 2).mean()
        self.index += 1
        total = self.settings["clustering"] * clustering + self.settings["reconstruction"] * reconstruction
        return {"loss": total, "clustering": clustering, "reconstruction": reconstruction}


def _initial(codes: torch.Tensor, settings: dict) -> torch.Tensor:
    k, seed = settings["n_clusters"], settings["seed"]
    if settings["init"] == "k-means":
        kmeans = KMeans(k, seed=seed)
        for _ in kmeans.steps(codes):
            pass
        return kmeans.centres.clone()
    generator = torch.Generator().manual_seed(seed)
    if settings["init"] == "random":
        return codes[torch.randperm(len(codes), generator=generator)[:k]].clone()
    # Nearly equal centres share every sample equally, so the target has nothing to sharpen.
    return codes.mean(dim=0) + 0.01 * codes.std() * torch.randn(k, 2, generator=generator)


def start(settings: dict) -> tuple[Clustering, Iterator[Step]]:
    """A clustering that begins from the trained autoencoder, and its steps."""
    name, seed = settings["data"], settings["seed"]
    autoencoder = _autoencoder(name, seed)
    autoencoder.load_state_dict(_pretrained(name, seed))
    model = Clustering(autoencoder, dataset_of(name), settings)
    rate = {"learning_rate": lambda index: settings["learning_rate"], "seed": seed}
    return model, train(model, model.x, torch.arange(len(model.x)), epochs=None, batch_size=256, **rate)
