"""The numbers of one moment of an autoencoder's run: reconstructions, codes, and the best that PCA could do."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from udl_teach.data import Dataset
from udl_teach.play import points
from udl_teach.play.autoencoder_live.run import dataset_of
from udl_teach.play.player import Player


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment of a run."""

    index: int  # steps taken
    history: tuple[np.ndarray, np.ndarray]  # (steps, losses) so far
    explained: float  # share of the data's variance that the reconstructions keep, of all samples and without noise
    pca: float  # the same share for PCA with a code of the same size
    distance: float  # the typical (median) distance between a sample and its reconstruction
    latent_size: int  # size of the code
    x: np.ndarray  # the samples that are shown, shape (n, n_features)
    x_hat: np.ndarray  # their reconstructions
    codes: np.ndarray  # codes of the samples on the map, shape (n, latent_size)
    labels: np.ndarray | None  # their labels, or None
    path: np.ndarray | None  # a line of codes decoded, shape (200, 2); None where a code has more than one number
    box: tuple | None  # ((left, right), (bottom, top)) of the picture; None where it follows the samples

    @property
    def plane(self) -> bool:
        """Whether the samples are points in the plane (else they are digits)."""
        return self.x.shape[1] == 2


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is; the model is only asked, never changed."""
    dataset = dataset_of(settings)
    x, model = dataset.x, player.model
    with torch.no_grad():
        codes = model.encode(x)
        x_hat = model.decode(codes)
        path = None
        if model.latent_size == 1:
            path = model.decode(np.linspace(codes.min(), codes.max(), 200, dtype=np.float32)[:, None])
    squares = ((x - x_hat) ** 2).sum(axis=1)
    spectrum = _spectrum(dataset)
    shown = slice(None) if x.shape[1] == 2 else np.unique(dataset.labels, return_index=True)[1]  # one digit each
    mapped = slice(600)
    return Snapshot(
        index=player.index,
        history=player.history.curve(),
        explained=float(1 - squares.mean() / x.var(axis=0).sum()),
        pca=float(spectrum[min(model.latent_size, len(spectrum)) - 1]),
        distance=float(np.median(np.sqrt(squares))),
        latent_size=model.latent_size,
        x=x[shown],
        x_hat=x_hat[shown],
        codes=codes[mapped],
        labels=None if dataset.labels is None else dataset.labels[mapped],
        path=path,
        box=points.BOX if settings["data"] == points.DRAWN else None,
    )


@lru_cache(maxsize=16)
def _spectrum(dataset: Dataset) -> np.ndarray:
    """Share of the variance that PCA keeps with 1, 2, 3, ... components."""
    x = dataset.x
    squares = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    return np.cumsum(squares) / squares.sum()
