"""In words, what the last half step of k-means did, and how large the clusters are."""

import numpy as np

from udl_teach.play.kmeans_steps.snapshot import Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    k = len(snapshot.centres)
    if snapshot.step is None:
        text = f"Start: {k} centres placed ({snapshot.init}) among {len(snapshot.x)} points; nothing is chosen yet."
    else:
        terms = snapshot.step.terms
        if "changed" in terms:
            what = f"{terms['changed']:.0f} of {len(snapshot.x)} points chose another centre"
        else:
            what = f"each centre moved to the mean of its points, the farthest by {terms['centre_shift']:.3f}"
        sizes = np.bincount(snapshot.clusters, minlength=k)
        text = (
            f"Half step {snapshot.step.index} (iteration {snapshot.step.epoch}): {what}. The mean squared distance to "
            f"the centre is {snapshot.step.loss:.4f}; the {k} clusters hold {', '.join(map(str, sizes))} points."
        )
        if (sizes == 0).any():
            text += f" Centres without points: {(sizes == 0).sum()}."
    if kept is not None and kept.step is not None:
        text += f" The kept run was at {kept.step.loss:.4f} after {kept.step.index} half steps."
    return text
