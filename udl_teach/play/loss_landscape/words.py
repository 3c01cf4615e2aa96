"""In words, which objectives are saturated, and which walk reached a score of 0 first."""

import numpy as np

from udl_teach.play.loss_landscape.run import BOTTOM, FAR, ON_REAL, SATURATED
from udl_teach.play.loss_landscape.snapshot import Point, Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    one, other = ("real", "generated") if snapshot.whose == ON_REAL else ("generated", "real")
    text = (
        f"A {one} sample has score {_number(snapshot.start)}, so D = {1 / (1 + np.exp(-snapshot.start)):.2g}; "
        f"the {other} ones {_number(snapshot.other)}. "
    )
    if not snapshot.points:
        return text + "No objective is drawn: tick one."
    if snapshot.index == 0:
        text += f"Loss of the {snapshot.whose} and its slope there: "
    else:
        text += f"After {_steps(snapshot.index)} downhill: "
    text += "; ".join(_said(name, point, snapshot.index) for name, point in snapshot.points.items()) + ". "
    text += _states(snapshot)
    if snapshot.index:
        text += f" {_race(snapshot)}"
    if kept is not None and kept.index and kept.points:
        text += f" Kept, {kept.whose}, from {_number(kept.start)}: {_race(kept)}"
    return text


def _steps(n: int) -> str:
    return f"{n:,} step{'s' * (n > 1)}"


def _said(name: str, point: Point, index: int) -> str:
    slope = f"{point.slope:.2g}" if abs(point.slope) < 10 else f"{point.slope:.0f}"
    reading = f"loss {_number(point.value)}, slope {slope}"
    return f"{name} {reading}" if index == 0 else f"{name} at {_number(point.score)} ({reading})"


def _number(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00")


def _states(snapshot: Snapshot) -> str:
    saturated = [
        f"{name} {100 * point.share:.2g} %" for name, point in snapshot.points.items() if point.state == SATURATED
    ]
    bottom = [name for name, point in snapshot.points.items() if point.state == BOTTOM]
    text = "Nobody is saturated."
    if saturated:
        text = "Saturated, with much left to win but hardly a gradient (share of the largest in the picture): "
        text += f"{', '.join(saturated)}."
    return text + (f" At the bottom, where little is left to win: {', '.join(bottom)}." if bottom else "")


def _race(snapshot: Snapshot) -> str:
    """Who came to 0, and when."""
    if not snapshot.begins_lost:
        text = f"All began at 0 or {'above' if snapshot.upwards else 'below'}, where this loss leads."
    else:
        reached = {name: point.reached for name, point in snapshot.points.items() if point.reached is not None}
        waiting = [name for name in snapshot.points if name not in reached]
        parts = [f"{name} (step {reached[name]:,})" for name in sorted(reached, key=reached.get)]
        text = f"Reached 0: {', '.join(parts)}." if parts else f"Nobody reached 0 in {_steps(snapshot.index)}."
        if parts and waiting:
            text += f" Not yet: {', '.join(waiting)}."
    away = [name for name, point in snapshot.points.items() if abs(point.score) >= FAR]
    return text + (f" Ran off beyond {FAR:g} and rests there: {', '.join(away)}." if away else "")
