"""In words, how much of the data an autoencoder keeps, beside what PCA could."""

import numpy as np

from udl_teach.play.autoencoder_live.snapshot import Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    numbers = "1 number" if snapshot.latent_size == 1 else f"{snapshot.latent_size} numbers"
    thing = "point" if snapshot.plane else "digit"
    text = (
        f"Step {snapshot.index:,}: through {numbers} a {thing} the reconstructions keep "
        f"{_percent(snapshot.explained)} of the data's variance; flat (PCA) it would be at most "
        f"{_percent(snapshot.straight)}."
    )
    if snapshot.plane:
        text += f" Half of the points are within {snapshot.distance:.3f} of their reconstruction."
    if snapshot.path is not None and snapshot.plane:
        length = np.sqrt((np.diff(snapshot.path, axis=0) ** 2).sum(axis=1)).sum()
        text += f" The curve is {length:.1f} long."
    if kept is not None:
        text += f" The kept run kept {_percent(kept.explained)} at step {kept.index:,}."
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share > 0 else "none"
