"""In words, how clusters agree with the known groups, how many labels changed, and whether all fell into one."""

import math

from udl_teach.play.cluster_codes.snapshot import Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    k, n = len(snapshot.sizes), snapshot.sizes.sum()
    updated, changed, _ = snapshot.updates[-1]
    text = ""
    if snapshot.collapsed:
        share = snapshot.sizes.max() / n
        text = f"Collapse: one cluster holds {_percent(share)} of the samples. "
    text += f"Step {snapshot.index:,}: {k} clusters"
    if math.isnan(snapshot.accuracy):
        text += " in noise that has no groups"
    else:
        text += f", accuracy {_percent(snapshot.accuracy)} on {snapshot.n_classes} known classes"
    if len(snapshot.updates) > 1:
        text += f"; at the last target update (step {updated:,.0f}) {_percent(changed)} of the labels had changed"
    text += f". The mean largest soft assignment is {snapshot.confidence:.2f}."
    empty = int((snapshot.sizes == 0).sum())
    if empty:
        text += f" Clusters without samples: {empty}."
    if snapshot.terms:
        text += (
            f" Last batch: KL {snapshot.terms['clustering']:.3f}, "
            f"reconstruction error {snapshot.terms['reconstruction']:.4f}."
        )
    if kept is not None:
        text += f" The kept run at step {kept.index:,}: "
        text += "no known groups." if math.isnan(kept.accuracy) else f"accuracy {_percent(kept.accuracy)}."
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
