"""In words, who fills in hidden patches best: the model, the mean image or the neighbours."""

from udl_teach.play.masked_patches.run import TESTED
from udl_teach.play.masked_patches.snapshot import Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    begin = "Start: nothing is learned yet" if snapshot.index == 0 else f"Step {snapshot.index:,}"
    model, mean, neighbours = snapshot.errors
    block = " in one block" if snapshot.kind == "block" else ""
    text = (
        f"{begin}. {100 * snapshot.share:.0f} % of the patches are masked{block}. Error per masked pixel on {TESTED} "
        f"held-out images: model {model:.4f}, mean image {mean:.4f}, interpolation from the neighbours "
        f"{neighbours:.4f}; {_best(snapshot)}."
    )
    if snapshot.by_hand:
        own, other = snapshot.shown_errors
        text += f" With the mask set by hand, in the pictures: model {own:.4f}, neighbours {other:.4f}."
    if kept is not None:
        text += f" The kept run at step {kept.index:,}: model {kept.errors[0]:.4f}; {_best(kept)}."
    return text


def _best(snapshot: Snapshot) -> str:
    model, mean, neighbours = snapshot.errors
    if model < min(mean, neighbours):
        return "the model is best"
    return f"{'the mean image' if mean < neighbours else 'interpolation'} is best"
