"""The numbers of one moment: two columns of real and fake diamonds, the chosen fake, and the three bars."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.fake_table.table import COLUMNS, GRADED, MADE, RULES
from udl_teach.play.player import Player

BINS = 16
# Grades are spread a little, always alike, so that points of one grade do not hide each other.
SPREAD = np.random.default_rng(0).uniform(-0.3, 0.3, (2, MADE))


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment.

    Attributes:
        index: steps taken.
        generator: its name.
        names: the two columns, across and up.
        rule: name of the rule that is looked at.
        real: real rows in the two columns, shape (MADE, 2).
        made: fakes, likewise.
        broken: whether each fake breaks the rule, shape (MADE,).
        limits: smallest and largest real value of each column with some room, shape (2, 2).
        shares: of real rows and of fakes in each bin of the column across, shape (2, BINS).
        edges: of the bins, shape (BINS + 1,).
        chosen: number of the chosen fake.
        pair: place of the chosen fake and of its closest real record, shape (2, 2).
        rows: these two as numbers, shape (2, 10).
        distance: between them, in standard deviations of the columns.
        bars: useful, private and rules kept, each at most 1; 1 is best.
        marks: what real rows reach, likewise.
        closer: share of the fakes that are closer to a training row than to any held-out row.
    """

    index: int
    generator: str
    names: tuple[str, str]
    rule: str
    real: np.ndarray
    made: np.ndarray
    broken: np.ndarray
    limits: np.ndarray
    shares: np.ndarray
    edges: np.ndarray
    chosen: int
    pair: np.ndarray
    rows: np.ndarray
    distance: float
    bars: np.ndarray
    marks: np.ndarray
    closer: float


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Look at the last table of fakes; the run stays as it is."""
    run, names = player.model, (settings["across"], settings["up"])
    known, fakes, chosen = run.known, run.fakes, settings["fake"]
    places = [COLUMNS.index(name) for name in names]
    spread = np.stack([SPREAD[k] * (name in GRADED) for k, name in enumerate(names)], axis=1)
    real, made = known.x[:MADE, places] + spread, fakes.x[:, places] + spread
    limits = limits_of(known.x[:, places])
    edges = np.linspace(*limits[0], BINS + 1)
    # What lies outside counts in the outermost bins.
    columns = known.x[:, places[0]], fakes.x[:, places[0]]
    shares = [np.histogram(np.clip(x, *limits[0]), edges)[0] / len(x) for x in columns]
    return Snapshot(
        index=player.index,
        generator=run.name,
        names=names,
        rule=settings["rule"],
        real=real,
        made=made,
        broken=~fakes.kept[RULES.index(settings["rule"])],
        limits=limits,
        shares=np.array(shares),
        edges=edges,
        chosen=chosen,
        pair=np.stack([made[chosen], known.x[fakes.row[chosen], places]]),
        rows=np.stack([fakes.x[chosen], known.x[fakes.row[chosen]]]),
        distance=float(fakes.distance[chosen]),
        bars=np.array([fakes.tstr, 2 * (1 - fakes.closer), fakes.kept.all(axis=0).mean()]).clip(0, 1),
        marks=np.array([known.trtr, 1.0, known.kept[3]]),
        closer=fakes.closer,
    )


def limits_of(x: np.ndarray) -> np.ndarray:
    """Limits of two columns, from the rows that stay: they do not move while it learns; shape (2, 2)."""
    low, high = x.min(axis=0), x.max(axis=0)
    room = np.maximum(0.06 * (high - low), 0.4 * (high - low < 8))
    return np.stack([low - room, high + room], axis=1)
