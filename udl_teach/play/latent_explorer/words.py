"""In words, where the point is on the map of codes, and how far from real images."""

from udl_teach.play.latent_explorer.snapshot import NEIGHBOURS, Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = f"Code ({snapshot.code[0]:.2f}, {snapshot.code[1]:.2f}): the nearest real image is "
    text += "" if snapshot.name is None else f"a {snapshot.name}, "
    text += f"{snapshot.distance:.2f} away on the map; the image decoded here differs from it by "
    text += f"{snapshot.error:.3f} (squared error per pixel)."
    if snapshot.name is not None:
        text += f" Of the {NEIGHBOURS} nearest images {snapshot.agreeing} have this label."
    if snapshot.distance > 4 * snapshot.spacing:
        text += (
            f" Neighbours are typically {snapshot.spacing:.2f} apart, so no real image is near: "
            "this one is the decoder's own."
        )
    if kept is not None:
        change = ((snapshot.decoded - kept.decoded) ** 2).mean()
        text += f" The kept image at ({kept.code[0]:.2f}, {kept.code[1]:.2f}) differs by {change:.3f}."
    return text
