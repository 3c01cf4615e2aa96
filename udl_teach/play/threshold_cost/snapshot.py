"""The numbers of one moment: what the threshold lets pass, what that costs, and how the rivals rank."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.threshold_cost.run import THRESHOLDS, Cases, Rival, place

# All counts and costs are per so many cases.
CASES = 1000


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; counts and costs are per 1,000 cases.

    Attributes:
        cases: what was scored.
        detector: the rival whose threshold it is.
        place: number of the threshold in THRESHOLDS.
        missed, false_alarm: prices.
        rate: share of frauds where the detectors will work.
    """

    cases: Cases
    detector: str
    place: int
    missed: float
    false_alarm: float
    rate: float

    @property
    def rival(self) -> Rival:
        """The chosen one."""
        return self.cases.rivals[self.detector]

    @property
    def threshold(self) -> float:
        """Where it is."""
        return float(THRESHOLDS[self.place])

    @property
    def confusion(self) -> tuple[float, float, float, float]:
        """Normal without an alarm, false alarms, frauds missed, frauds found; together 1,000."""
        raised, missed = self.rival.raised[self.place], self.rival.missed[self.place]
        normal, fraud = CASES * (1 - self.rate), CASES * self.rate
        return normal * (1 - raised), normal * raised, fraud * missed, fraud * (1 - missed)

    def costs(self, name: str) -> np.ndarray:
        """Of a rival at each threshold: rate * price * share missed + (1 - rate) * price * share of false alarms."""
        rival = self.cases.rivals[name]
        return CASES * (self.rate * self.missed * rival.missed + (1 - self.rate) * self.false_alarm * rival.raised)

    def precision(self, name: str) -> np.ndarray:
        """Share of a rival's alarms that are frauds, at each threshold; NaN without alarms."""
        rival = self.cases.rivals[name]
        found, false = self.rate * (1 - rival.missed), (1 - self.rate) * rival.raised
        with np.errstate(invalid="ignore"):
            return found / (found + false)

    @property
    def cost(self) -> float:
        """Of the chosen rival at the threshold."""
        return float(self.costs(self.detector)[self.place])

    @property
    def ends(self) -> tuple[float, float]:
        """Costs of no alarm at all and of an alarm at every case."""
        return CASES * self.rate * self.missed, CASES * (1 - self.rate) * self.false_alarm

    @property
    def ranks(self) -> list[tuple[str, float, int]]:
        """(name, lowest cost, number of its threshold), the cheapest rival first."""
        found = []
        for name in self.cases.rivals:
            costs = self.costs(name)
            # Of equally cheap ones the highest: fewer alarms.
            lowest = len(costs) - 1 - int(np.argmin(costs[::-1]))
            found.append((name, float(costs[lowest]), lowest))
        return sorted(found, key=lambda each: each[1])


def snapshot_of(cases: Cases, threshold: float, settings: dict) -> Snapshot:
    """Measure with the threshold and the prices as they now are."""
    prices = settings["missed"], settings["false_alarm"]
    return Snapshot(cases, settings["detector"], place(threshold), *prices, settings["base_rate"])
