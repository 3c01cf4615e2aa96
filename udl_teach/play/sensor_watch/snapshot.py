"""The numbers of one moment of a watch: readings, scores and alarms so far, and when the fault was noticed."""

from dataclasses import dataclass

import numpy as np

from udl_teach import metrics
from udl_teach.data import Fault
from udl_teach.play.player import Player
from udl_teach.play.sensor_watch.run import ranges


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; minutes count from the beginning of the watch.

    Attributes:
        now: minutes that have passed.
        fault: where it is injected, or None.
        x: readings so far, shape (now, 8).
        ranges: lowest and highest of each channel in the clean week, shape (2, 8).
        score: so far, shape (now,): 0 is usual, 1 the limit.
        detector, window: what scores, and how many minutes it sees at once.
        alarms: runs of minutes above the limit, (first, one past the last), shape (n, 2).
        noticed: first minute of the fault with an alarm, or None.
        seen: first minute of the fault with a reading outside the range of the clean week, or None.
        false: number of alarms that neither begin nor lie in the fault or its echo, and their minutes.
    """

    now: int
    fault: Fault | None
    x: np.ndarray
    ranges: np.ndarray
    score: np.ndarray
    detector: str
    window: int
    alarms: np.ndarray
    noticed: int | None
    seen: int | None
    false: tuple[int, int]

    @property
    def alarmed(self) -> bool:
        """Whether there is an alarm now."""
        return bool(self.score[-1] > 1)

    @property
    def delay(self) -> int | None:
        """Minutes from the beginning of the fault to its first alarm."""
        return None if self.noticed is None else self.noticed - self.fault.start


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the watch as it now is."""
    watch = player.model
    x, score, known = watch.x[: watch.now], watch.score[: watch.now], ranges(watch.seed)
    alarm, during, echo = score > 1, np.zeros(watch.now, dtype=bool), np.zeros(watch.now, dtype=bool)
    if watch.fault is not None:
        during[watch.fault.start : watch.fault.end] = True
        # What the score still remembers of a fault that is over is no false alarm.
        echo[watch.fault.start : watch.fault.end + watch.blurred] = True
    outside = ((x < known[0]) | (x > known[1])).any(axis=1)
    return Snapshot(
        now=watch.now,
        fault=watch.fault,
        x=x,
        ranges=known,
        score=score,
        detector=settings["detector"],
        window=settings["window"],
        alarms=metrics.events(alarm),
        noticed=_first(alarm & during),
        seen=_first(outside & during),
        false=(len(metrics.events(alarm & ~echo)), int((alarm & ~echo).sum())),
    )


def _first(minutes: np.ndarray) -> int | None:
    return int(minutes.argmax()) if minutes.any() else None
