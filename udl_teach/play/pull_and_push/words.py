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
        f" Of an image's {NEIGHBOURS} nearest neighbours on the circle {100 * snapshot.same:.0f} % show the same digit "
        f"({100 / len(snapshot.digits):.0f} % by chance). Alignment {snapshot.alignment:.3f} (mean squared distance "
        f"between the two views of an image); uniformity {snapshot.uniformity:.2f} ({EVEN:.2f} on an even circle, 0 on "
        "one point)."
    )
    if snapshot.repulsion:
        n, image = len(snapshot.labels), snapshot.image
        others = snapshot.shares.copy()
        others[n + image] = 0.0
        nearest = int(others.argmax())
        own, other, share = snapshot.labels[image], snapshot.labels[nearest % n], 100 * others[nearest]
        text += (
            f" Image {image}, a {own}: of the views that repel it a {other} counts most, with {share:.0f} % of the "
            "denominator."
        )
    if kept is not None:
        text += (
            f" The kept run at step {kept.index:,}: alignment {kept.alignment:.3f}, uniformity {kept.uniformity:.2f}, "
            f"{100 * kept.same:.0f} % the same digit."
        )
    return text
