"""In words, what k components keep, and what the last one added."""

import numpy as np

from udl_teach.play.pca_components.run import Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    share = snapshot.explained
    added = share[snapshot.k - 1] - (share[snapshot.k - 2] if snapshot.k > 1 else 0.0)
    text = (
        f"{counted(snapshot.k)} of {len(share)}: {100 * share[snapshot.k - 1]:.1f} % of the variance is kept, the last "
        f"one added {100 * added:.1f}; the mean squared error per pixel is {snapshot.error:.4f}. For 90 % it takes "
        f"{counted(int(np.searchsorted(share, 0.9)) + 1)}."
    )
    if kept is not None:
        text += f" Kept: {counted(kept.k)}, {100 * kept.explained[kept.k - 1]:.1f} %, error {kept.error:.4f}."
    return text


def counted(k: int) -> str:
    """So many components, in words."""
    return "1 component" if k == 1 else f"{k} components"
