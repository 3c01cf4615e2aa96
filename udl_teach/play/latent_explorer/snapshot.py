"""The numbers of one moment: what is decoded at the point, and the real image whose code is nearest."""

from dataclasses import dataclass

import numpy as np

from udl_teach.data import Dataset
from udl_teach.play.player import Player

NEIGHBOURS = 10


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment.

    Attributes:
        codes: the map, shape (n, 2); the same array while the model is the same.
        labels: label of each code, or None.
        corners: the map's low and high corner.
        code: the point, shape (2,).
        decoded: the image there, shape (channels, height, width).
        nearest: the real image whose code is nearest.
        nearest_code: its code.
        name: its label's name, or None.
        distance: between the point and that code, on the map.
        spacing: typical distance between neighbouring codes.
        error: mean squared error per pixel between `decoded` and `nearest`.
        agreeing: how many of the NEIGHBOURS nearest codes have the label of the nearest.
    """

    codes: np.ndarray
    labels: np.ndarray | None
    corners: tuple[np.ndarray, np.ndarray]
    code: np.ndarray
    decoded: np.ndarray
    nearest: np.ndarray
    nearest_code: np.ndarray
    name: str | None
    distance: float
    spacing: float
    error: float
    agreeing: int


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Decode the point and find the nearest real image."""
    atlas, percent = player.model.atlas, player.model.percent
    code, dataset = atlas.place(percent), atlas.dataset
    distances = np.sqrt(((atlas.codes - code) ** 2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:NEIGHBOURS]
    decoded, real = atlas.decode(code), dataset.images[order[0]]
    labels = dataset.labels
    return Snapshot(
        codes=atlas.codes,
        labels=labels,
        corners=(atlas.low, atlas.high),
        code=code,
        decoded=decoded,
        nearest=real,
        nearest_code=atlas.codes[order[0]],
        name=None if labels is None else _name(dataset, labels[order[0]]),
        distance=float(distances[order[0]]),
        spacing=atlas.spacing,
        error=float(((decoded - real) ** 2).mean()),
        agreeing=0 if labels is None else int((labels[order] == labels[order[0]]).sum()),
    )


def _name(dataset: Dataset, label: int) -> str:
    return str(label) if dataset.label_names is None else dataset.label_names[label]
