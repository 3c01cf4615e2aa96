"""In words, how near the views of an image lie, how evenly the circle is used, and whether all fell into one point."""

from udl_teach.play.pull_and_push.snapshot import EVEN, NEIGHBOURS, Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = "Start: nothing is learned yet." if snapshot.index == 0 else f"Step {snapshot.index:,}."
    if snapshot.collapsed and snapshot.index:
        text += " Collapse: all images lie on almost one point."
        if not snapshot.repulsion:
            text += " Without repulsion the loss is smallest when the encoder ignores the image."
    elif not snapshot.repulsion:
        text += " Without repulsion nothing keeps the images apart."
    text += (
        f" Alignment {snapshot.alignment:.3f} (mean squared distance between the two views of an image); uniformity "
        f"{snapshot.uniformity:.2f} ({EVEN:.2f} on an even circle, 0 on one point). Of an image's {NEIGHBOURS} nearest "
        f"neighbours on the circle {100 * snapshot.same:.0f} % show the same digit ({_chance(snapshot)} % by chance)."
    )
    if snapshot.repulsion:
        n, image = len(snapshot.labels), snapshot.image
        others = snapshot.shares.copy()
        others[n + image] = 0.0
        nearest = int(others.argmax())
        text += (
            f" Image {image}, a {snapshot.labels[image]}, is pushed most by a {snapshot.labels[nearest % n]}, with "
            f"{100 * others[nearest]:.0f} % of the weight of all other views."
        )
    if kept is not None:
        text += (
            f" The kept run at step {kept.index:,}: alignment {kept.alignment:.3f}, uniformity {kept.uniformity:.2f}, "
            f"{100 * kept.same:.0f} % the same digit."
        )
    return text


def _chance(snapshot: Snapshot) -> str:
    return f"{100 / len(snapshot.digits):.0f}"
