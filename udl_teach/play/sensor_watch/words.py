"""In words, whether there is an alarm, how long the fault went unnoticed, and how often the alarm was false."""

from udl_teach.play.sensor_watch.run import NAMES, WATCHED
from udl_teach.play.sensor_watch.snapshot import Snapshot

SAID = {
    "stuck": "a stuck reading of the {} sensor",
    "drift": "a drift of the {} sensor",
    "spike": "spikes in the {} sensor",
    "noise": "growing noise in the {} sensor",
    "leak": "a leak",
    "imbalance": "an imbalance of the rotor",
}


def words(snapshot: Snapshot, kept: Snapshot | None = None) -> str:
    """What the picture shows, from what was measured."""
    seen = "single minutes" if snapshot.window == 1 else f"windows of {snapshot.window} minutes"
    text = (
        f"Minute {snapshot.now} of {WATCHED}, {'ALARM' if snapshot.alarmed else 'no alarm'} ({snapshot.detector} on "
        f"{seen}, score {snapshot.score[-1]:.2f}, limit 1). {_fate(snapshot)}"
    )
    text += f" False alarms so far: {_false(snapshot)}."
    if kept is not None:
        text += f" Kept ({kept.detector}, to minute {kept.now}): {_short(kept)}; false alarms: {_false(kept)}."
    return text


def _false(snapshot: Snapshot) -> str:
    count, minutes = snapshot.false
    return f"{count}, together {_minutes(minutes)}" if count else "none"


def _fate(snapshot: Snapshot) -> str:
    fault, now = snapshot.fault, snapshot.now
    if fault is None:
        return "No fault is injected: every alarm is false."
    what = SAID[fault.kind].format(NAMES[fault.channel])
    if now <= fault.start:
        return f"Nothing is wrong yet; {what} will begin in minute {fault.start}."
    text = f"{what[0].upper()}{what[1:]}, severity {fault.severity:g}, {_since(snapshot)}: {_short(snapshot)}."
    if snapshot.seen is None:
        return f"{text} No reading has left its range of the clean week meanwhile."
    return f"{text} A reading left its range of the clean week after {_minutes(snapshot.seen - fault.start)}."


def _since(snapshot: Snapshot) -> str:
    fault, past = snapshot.fault, snapshot.now - snapshot.fault.start
    return f"for {_minutes(past)}" if snapshot.now <= fault.end else f"from minute {fault.start} to {fault.end}"


def _short(snapshot: Snapshot) -> str:
    fault = snapshot.fault
    if fault is None:
        return "no fault"
    if snapshot.delay is not None:
        return f"noticed {_minutes(snapshot.delay)} after it began"
    return "not noticed yet" if snapshot.now < fault.end else "missed"


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"
