"""In words, how much of the data an autoencoder keeps, beside what PCA could."""

import numpy as np

from udl_teach.play.autoencoder_live.snapshot import Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    thing = "point" if snapshot.plane else "digit"
    text = (
        f"Step {snapshot.index:,}: with a code of size {snapshot.latent_size} the reconstructed {thing}s keep "
        f"{_percent(snapshot.explained)} of the variance; PCA would keep at most {_percent(snapshot.pca)}."
    )
    if snapshot.plane:
        text += f" Half of the points are within {snapshot.distance:.3f} of their reconstruction."
    if snapshot.path is not None and snapshot.plane:
        length = np.sqrt((np.diff(snapshot.path, axis=0) ** 2).sum(axis=1)).sum()
        text += f" The curve has a length of {length:.1f}."
    if kept is not None:
        text += f" The kept run kept {_percent(kept.explained)} at step {kept.index:,}."
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share > 0 else "none"
