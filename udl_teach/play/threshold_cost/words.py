"""In words, what the threshold lets pass, what that costs, and which rival is the cheapest at these prices."""

from udl_teach.play.threshold_cost.run import THRESHOLDS
from udl_teach.play.threshold_cost.snapshot import CASES, Snapshot


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    things, _, plural = snapshot.cases.called
    _, false, missed, found = snapshot.confusion
    name = snapshot.detector
    text = (
        f"Threshold {snapshot.threshold:.2f} of {name}: per {CASES:,} {things}, {found + false:.1f} alarms, "
        f"{false:.1f} of them false{_precision(found, false)}; {missed:.1f} of {missed + found:.1f} {plural} missed "
        f"(recall {100 * found / (missed + found):.0f} %). "
        f"The cost is {missed:.1f} × {snapshot.missed:,.4g} + {false:.1f} × {snapshot.false_alarm:,.4g} = "
        f"{_money(snapshot.cost)}."
    )
    ranks, (none, every) = snapshot.ranks, snapshot.ends
    ((_, lowest, at),) = [each for each in ranks if each[0] == name]
    if round(snapshot.cost, 6) > round(lowest, 6):
        text += f" At its cheapest threshold, {THRESHOLDS[at]:.2f}, it would be {_money(lowest)}."
    else:
        text += f" No other threshold of {name} is cheaper."
    text += f" Lowest costs: {', '.join(f'{each} {_money(cost)}' for each, cost, _ in ranks)}."
    nothing = min(none, every)
    idle = [each for each, cost, _ in ranks if cost > 0.995 * nothing]
    what = "no alarm at all" if none <= every else "an alarm at everything"
    text += f" Without a detector, {what} costs {_money(nothing)}"
    text += f"; hardly better: {_listed(idle)}." if idle else "."
    if snapshot.rival.kinds:
        shares = [f"{kind} {100 * found[snapshot.place]:.0f} %" for kind, found in snapshot.rival.kinds.items()]
        text += f" Found by kind: {', '.join(shares)}."
    if kept is not None:
        text += f" Kept: {kept.detector}, threshold {kept.threshold:.2f}, cost {_money(kept.cost)}."
    return text


def _precision(found: float, false: float) -> str:
    return f" (precision {100 * found / (found + false):.0f} %)" if found + false > 0 else ""


def _money(cost: float) -> str:
    return f"{cost:,.0f}" if cost >= 100 else f"{cost:.3g}"


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
