"""The numbers of one moment: what is decoded at the point, and the real image whose code is nearest."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.player import Player

NEIGHBOURS = 10


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    codes: np.ndarray  # the map, shape (n, 2); the same array while the model is the same
    labels: np.ndarray | None  # label of each code, or None
    corners: tuple[np.ndarray, np.ndarray]  # the map's low and high corner
    code: np.ndarray  # the point, shape (2,)
    decoded: np.ndarray  # the image there, shape (channels, height, width)
    nearest: np.ndarray  # the real image whose code is nearest
    nearest_code: np.ndarray  # its code
    name: str | None  # its label's name, or None
    distance: float  # between the point and that code, on the map
    spacing: float  # typical distance between neighbouring codes
    error: float  # mean squared error per pixel between `decoded` and `nearest`
    agreeing: int  # how many of the NEIGHBOURS nearest codes have the label of the nearest


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Decode the point and find the nearest real image."""
    atlas, percent = player.model.atlas, player.model.percent
    code, dataset = atlas.place(percent), atlas.dataset
    distances = np.sqrt(((atlas.codes - code) ** 2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:NEIGHBOURS]
    decoded, real = atlas.decode(code), dataset.images[order[0]]
    labels, names = dataset.labels, dataset.label_names
    label = None if labels is None else labels[order[0]]
    return Snapshot(
        codes=atlas.codes,
        labels=labels,
        corners=(atlas.low, atlas.high),
        code=code,
        decoded=decoded,
        nearest=real,
        nearest_code=atlas.codes[order[0]],
        name=None if labels is None else str(label if names is None else names[label]),
        distance=float(distances[order[0]]),
        spacing=atlas.spacing,
        error=float(((decoded - real) ** 2).mean()),
        agreeing=0 if labels is None else int((labels[order] == label).sum()),
    )
