"""What is watched: a pump loop with a fault, minute by minute, and the score of a detector that knows a clean week."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from udl_teach import data
from udl_teach.data.sensors import CHANNELS, KINDS, SENSOR_KINDS
from udl_teach.models import threshold
from udl_teach.training import Step

NONE = "none"
FAULTS = (NONE, *KINDS)
NAMES = tuple(name.split(" (")[0] for name in CHANNELS)
DETECTORS = ("reconstruction", "T2 and Q", "isolation forest", "kNN")
WINDOWS = (1, 4, 16)
# Minutes of a clean week, to learn from and to hold out for the limit; of the watch, which begins at 7 in the morning;
# and of it those that are shown at first.
LEARNED, HELD_OUT, WATCHED, FIRST = 8400, 2100, 600, 60
CLEAN, DAY = LEARNED + HELD_OUT, 1440
LONGEST = 60  # minutes over which the score is averaged, at most


@lru_cache(maxsize=8)
def series(seed: int, fault: data.Fault | None = None) -> np.ndarray:
    """All channels over all minutes, shape (CLEAN + WATCHED, 8); a fault counts its minutes from the watch on."""
    faults = () if fault is None else (fault._replace(start=CLEAN + fault.start, end=CLEAN + fault.end),)
    return data.sensors(CLEAN + WATCHED, faults=faults, seed=seed).x


@lru_cache(maxsize=16)
def trained(seed: int, detector: str, window: int) -> tuple[Any, np.ndarray]:
    """A detector that has learned from clean windows, and its scores of those that were held out."""
    from sklearn.ensemble import IsolationForest

    from udl_teach.estimators import Detector, NeighbourDetector, PCAMonitor

    makers = {
        "reconstruction": lambda: Detector(random_state=seed),
        "T2 and Q": PCAMonitor,
        "isolation forest": lambda: IsolationForest(random_state=seed),
        "kNN": lambda: NeighbourDetector(scale="standard"),
    }
    clean = series(seed)[:CLEAN]
    found = makers[detector]().fit(data.windows(clean[:LEARNED], window).x)
    return found, -found.score_samples(data.windows(clean[LEARNED - window + 1 :], window).x)


@lru_cache(maxsize=16)
def scores(seed: int, fault: data.Fault | None, detector: str, window: int) -> np.ndarray:
    """Score of the window that ends with each minute of the watch, and of LONGEST - 1 minutes before it."""
    found, _ = trained(seed, detector, window)
    rows = series(seed, fault)[CLEAN - LONGEST - window + 2 :]
    return -found.score_samples(data.windows(rows, window).x)


def averaged(values: np.ndarray, minutes: int) -> np.ndarray:
    """Mean over the last `minutes` values, where there are so many: shape (n - minutes + 1,)."""
    return data.moving_mean(values, minutes)[minutes - 1 :]


@lru_cache(maxsize=1)
def ranges(seed: int) -> np.ndarray:
    """Lowest and highest reading of each channel in the clean week, shape (2, 8)."""
    clean = series(seed)[:CLEAN]
    return np.stack([clean.min(axis=0), clean.max(axis=0)])


class Watch:
    """A watch in the middle of its time; what is set acts on all of it, also on what has passed.

    Attributes:
        now: minutes that have passed.
        fault: counted from the beginning of the watch, or None.
        x: all channels, shape (WATCHED, 8), those to come included.
        score: of each minute, shape (WATCHED,): 0 for the median of the held-out minutes, 1 for the limit.
        blurred: minutes after which nothing of the past is left in the score.
    """

    def __init__(self, settings: dict) -> None:
        """Begin."""
        self.now = FIRST
        self.turn(settings)

    def turn(self, settings: dict) -> None:
        """Take settings over."""
        self.seed, fault = settings["seed"], None
        if settings["kind"] != NONE:
            end = min(settings["moment"] + settings["length"], WATCHED)
            channel = NAMES.index(settings["channel"]) if settings["kind"] in SENSOR_KINDS else 0
            fault = data.Fault(settings["kind"], settings["moment"], end, settings["severity"], channel)
        how = settings["detector"], settings["window"]
        held_out, minutes = averaged(trained(self.seed, *how)[1], settings["smoothing"]), settings["smoothing"]
        usual, limit = np.median(held_out), threshold(held_out, rate=settings["false_alarms"] / DAY)
        raw = scores(self.seed, fault, *how)[LONGEST - minutes :]
        self.score = (averaged(raw, minutes) - usual) / max(limit - usual, 1e-12)
        self.fault, self.x = fault, series(self.seed, fault)[CLEAN:]
        self.blurred = minutes + settings["window"] - 2

    def minutes(self) -> Iterator[Step]:
        """A minute per step, to the end; a step's loss is the score."""
        for index in range(1, WATCHED - FIRST + 1):
            self.now += 1
            yield Step(index, 1, float(self.score[self.now - 1]), {})


def start(settings: dict) -> tuple[Watch, Iterator[Step]]:
    """A new watch and its minutes."""
    watch = Watch(settings)
    return watch, watch.minutes()
