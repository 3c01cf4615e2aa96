"""In words: what the fakes are good for, what they give away, which rules they break, and the chosen one."""

import numpy as np

from udl_teach.data.diamonds import GRADES
from udl_teach.play.fake_table.snapshot import Snapshot
from udl_teach.play.fake_table.table import COLUMNS

SAID = {
    "depth": "depth is 200 z / (x + y)",
    "carat": "the weight follows x, y and z",
    "round": "x and y are nearly equal",
}


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    useful, _, rules = snapshot.bars
    text = f"Step {snapshot.index:,}, {snapshot.generator}: a price model that learned from the fakes has R² "
    text += f"{useful:.2f} on real diamonds ({snapshot.marks[0]:.2f} if it learned from real ones). "
    text += f"{_percent(snapshot.closer)} of the fakes are closer to a training row than to any row held out (50 % is "
    text += f"best). {_percent(rules)} keep all rules; {_percent(snapshot.broken.mean())} break this one: "
    text += f"{SAID[snapshot.rule]}. Fake {snapshot.chosen} ({_diamond(snapshot.rows[0])}) is "
    if snapshot.distance < 1e-6:
        text += "a copy of a real diamond."
    else:
        text += f"{snapshot.distance:.2f} standard deviations from its closest real record "
        text += f"({_diamond(snapshot.rows[1])})."
    if kept is not None:
        text += f" The kept run, {kept.generator} at step {kept.index:,}: R² {kept.bars[0]:.2f}, "
        text += f"{_percent(kept.closer)} closer to a training row, {_percent(kept.bars[2])} keep all rules."
    return text


def _diamond(row: np.ndarray) -> str:
    by_name = dict(zip(COLUMNS, row, strict=True))
    grades = [GRADES[name][int(by_name[name])] for name in ("cut", "color", "clarity")]
    return f"{by_name['carat']:.2f} carat, {', '.join(grades)}, ${by_name['price']:,.0f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
