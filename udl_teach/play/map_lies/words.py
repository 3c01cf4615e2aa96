"""In words, what the map says and what is true: a pair's distance, the sizes of clusters, and order where none is."""

from udl_teach.play.map_lies.run import EARLY
from udl_teach.play.map_lies.snapshot import NEIGHBOURS, Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    index = 0 if snapshot.step is None else snapshot.step.index
    early = " (early exaggeration)" if snapshot.method == "t-SNE" and 0 < index <= EARLY else ""
    begin = "Start: nothing is learned yet." if index == 0 else f"Step {index:,} of {snapshot.method}{early}."
    true, drawn = snapshot.chosen
    text = (
        f"{begin} In the data: {snapshot.structure.truth} "
        f"Points {snapshot.pair[0]} and {snapshot.pair[1]} lie {true:.2f} mean distances apart in the data and "
        f"{drawn:.2f} in the map{_compared(true, drawn)}."
    )
    names, sizes = snapshot.structure.names, snapshot.sizes
    if 1 < len(names) <= 4:
        each = ", ".join(f"{name} {a:.2f} drawn {b:.2f}" for name, (a, b) in zip(names, sizes, strict=True))
        text += f" Cluster sizes (mean distances): {each}."
    text += f" The map keeps {100 * snapshot.kept:.0f} % of the {NEIGHBOURS} nearest neighbours."
    if len(names) == 1:
        text += f" Clumping {snapshot.clumping:.2f}, where points strewn at random have 1 and clumps have less."
    if kept is not None and kept.step is not None:
        text += (
            f" The kept map ({kept.method}, step {kept.step.index:,}) draws its pair at {kept.chosen[1]:.2f} and keeps "
            f"{100 * kept.kept:.0f} %."
        )
    return text


def _compared(true: float, drawn: float) -> str:
    if true == 0:
        return ""
    if drawn > 1.5 * true:
        return ": drawn too far"
    return ": drawn too near" if drawn < true / 1.5 else ": drawn about right"
