"""In words, how far the map has unfolded: its errors, its empty units, and whether it lies flat."""

from udl_teach.play.som_unfolding.folds import crossings, turned_cells
from udl_teach.play.som_unfolding.snapshot import Snapshot

# Up to this share of cells turned over a sheet is called nearly flat.
FEW = 0.05


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    rows, columns = snapshot.hits.shape
    falls = "falling by itself" if snapshot.falling else "held by hand"
    if snapshot.step is None:
        text = f"Start ({snapshot.init}): {rows} x {columns} units, {snapshot.rule} rule, "
        text += f"radius {snapshot.radius:.2f}, {falls}."
    elif snapshot.rule == "batch":
        text = f"Step {snapshot.step.index:,} (an epoch), batch rule: radius {snapshot.radius:.2f}, {falls}."
    else:
        falls = falls.replace("itself", "themselves")
        text = (
            f"Step {snapshot.step.index:,} (epoch {snapshot.step.epoch}), online rule: radius {snapshot.radius:.2f} "
            f"and learning rate {snapshot.rate:.2g}, {falls}."
        )
    text += (
        f" A point lies {snapshot.quantization[-1]:.4f} from its best unit on average (quantization error); for "
        f"{_percent(snapshot.topographic[-1])} of the points the best two units do not touch (topographic error)."
    )
    empty = int((snapshot.hits == 0).sum())
    text += f" Units without points: {empty} of {rows * columns}. {_lies(snapshot)}"
    if kept is not None and kept.step is not None:
        text += (
            f" The kept run was at {kept.quantization[-1]:.4f} and {_percent(kept.topographic[-1])} after "
            f"{_count(kept.epochs[-1])}."
        )
    return text


def _lies(snapshot: Snapshot) -> str:
    rows, columns = snapshot.hits.shape
    if min(rows, columns) == 1:
        number = crossings(snapshot.weights.reshape(-1, 2))
        return "The chain does not cross itself." if number == 0 else f"The chain crosses itself {_times(number)}."
    turned, cells = turned_cells(snapshot.weights)
    if turned == 0:
        return "No cell of the sheet is turned over: it lies flat."
    many = f"{turned} of {cells} cells of the sheet {'is' if turned == 1 else 'are'} turned over"
    if snapshot.wrap:
        return f"{many}: a sheet closed round its edges cannot lie flat in the plane."
    return f"{many}: it is {'nearly flat' if turned <= FEW * cells else 'folded or twisted'}."


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _count(epochs: float) -> str:
    return f"{epochs:.3g} epoch{'' if epochs == 1 else 's'}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
