"""Sensors of a pump loop (pump, pipe with a valve, heat exchanger), simulated from textbook physics, with faults.

Sources: Gülich 2020, "Centrifugal pumps", for pump curve, efficiency and affinity laws; ISO 20816-1 for vibration as a
velocity in mm/s. The kinds of sensor faults follow Sharma, Golubchik and Govindan 2010, "Sensor faults: detection
methods and prevalence in real-world datasets".
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

CHANNELS = (
    "speed (%)",
    "flow (m3/h)",
    "suction pressure (bar)",
    "discharge pressure (bar)",
    "motor current (A)",
    "water temperature (C)",
    "bearing temperature (C)",
    "vibration (mm/s)",
)
# Standard deviation of each sensor's noise, in its unit; the speed is a set point and exact.
NOISE = np.array([0.0, 0.3, 0.01, 0.02, 0.08, 0.1, 0.15, 0.06])
KINDS = ("stuck", "drift", "spike", "noise", "leak", "imbalance")
SENSOR_KINDS = KINDS[:4]  # of one sensor; the other two are of the plant and show in several
HOUR = 3600.0


class Fault(NamedTuple):
    """One fault.

    Attributes:
        kind: "stuck" (the sensor holds its value), "drift" (an offset that grows), "spike" (single wild values),
            "noise" (noise that grows), "leak" (behind the pump, before the flow meter) or "imbalance" (of the rotor).
        start: first sample.
        end: one past the last sample.
        severity: 1 slight, 2 clear, 3 severe; any number above 0.
        channel: number of the sensor in `CHANNELS`, from 1, for the first four kinds; else 0.
    """

    kind: str
    start: int
    end: int
    severity: float = 2.0
    channel: int = 0


def sensors(
    n: int = 20_000,
    *,
    faults: int | Sequence[Fault] = 18,
    clean: int | None = None,
    interval: float = 60.0,
    seed: int = 0,
) -> Dataset:
    """Eight channels of a pump loop over time, with labelled faults after a clean period.

    Set points change over the day, valve, ambient temperature and tank level wander, and the pipe fouls slowly: what
    is normal is not constant. One seed gives one plant, whatever the faults: they are added to the same normal series.

    Args:
        n: number of samples.
        faults: the faults, or how many are drawn: kinds and severities 1, 2, 3 in turn, 60 to 240 samples long, apart
            from each other.
        clean: samples at the beginning without drawn faults, for training; None takes half.
        interval: seconds between samples.
        seed: of the series and of the faults.

    Returns:
        Dataset in order of time, label 1 within a fault. Extras: "time" (datetime64), "fault" (0 or the number of the
        kind in `KINDS`, from 1), "severity", "channel", "event" (0, or the number of the fault from 1) and "clean"
        (True before the first fault). `sensor_faults(dataset)` lists the faults.

    Raises:
        TypeError, ValueError: an argument is not what it must be, or so many faults do not fit.
    """
    n, interval = inputs.whole(n, "n", minimum=10), inputs.real(interval, "interval", above=0.0)
    clean = n // 2 if clean is None else inputs.whole(clean, "clean", minimum=0)
    seed = inputs.whole(seed, "seed", minimum=0)
    rng = np.random.default_rng([seed, 1])  # the faults' own, so that they change nothing else
    faults = _drawn(faults, n, clean, rng) if not isinstance(faults, Sequence) else _checked(faults, n)
    x = _plant(n, interval, seed, _growth(faults, "leak", n), _growth(faults, "imbalance", n))
    marks = {name: np.zeros(n, dtype=np.int64) for name in ("fault", "channel", "event")}
    severity = np.zeros(n)
    for number, fault in enumerate(faults, start=1):
        span = slice(fault.start, fault.end)
        if fault.kind in SENSOR_KINDS:
            x[span, fault.channel] = _faulty(fault, x[span, fault.channel], rng)
        marks["fault"][span], marks["event"][span] = KINDS.index(fault.kind) + 1, number
        marks["channel"][span], severity[span] = fault.channel, fault.severity
    first = min((fault.start for fault in faults), default=n)
    return Dataset(
        x.astype(np.float32),
        marks["fault"] > 0,
        name="pump loop",
        source=f"simulated from pump curve, system curve and heat balance, seed {seed}",
        license="CC0 1.0",
        label_names=("normal", "fault"),
        feature_names=CHANNELS,
        extras={
            "time": np.datetime64("2024-01-01", "us") + (np.arange(n) * interval * 1e6).astype("timedelta64[us]"),
            "severity": severity,
            "clean": np.arange(n) < first,
        }
        | marks,
    )


def sensor_faults(dataset: Dataset) -> tuple[Fault, ...]:
    """The faults of a series from `sensors`, in order of time."""
    found = []
    for number in np.unique(dataset.extras["event"]):
        rows = np.flatnonzero(dataset.extras["event"] == number)
        kind = int(dataset.extras["fault"][rows[0]])
        if number > 0:
            severity, channel = float(dataset.extras["severity"][rows[0]]), int(dataset.extras["channel"][rows[0]])
            found.append(Fault(KINDS[kind - 1], int(rows[0]), int(rows[-1]) + 1, severity, channel))
    return tuple(sorted(found, key=lambda fault: fault.start))


def _plant(n: int, interval: float, seed: int, leak: np.ndarray, imbalance: np.ndarray) -> np.ndarray:
    """All channels, with noise; `leak` and `imbalance` are severities over time."""
    rng = np.random.default_rng([seed, 0])
    z = rng.normal(size=(n, 4 + len(CHANNELS)))  # row by row: a longer series begins like a shorter one
    hours = np.arange(n) * interval / HOUR
    valve, ambient, tank, pipe = (_wander(z[:, k], interval, 4 * HOUR) for k in range(4))
    speed = _set_points(hours, interval, np.random.default_rng([seed, 2]))

    # Pump curve H = 45 s^2 - k Q^2 (affinity laws), system curve H = 6 + r q^2, with head in m and flow in m3/h. What
    # leaks, c sqrt(H), passes the pump but not the flow meter: Q = q + c sqrt(H).
    r = 0.012 * np.exp(0.03 * valve + 0.01 * pipe + 0.002 * hours / 24)
    k, shut_off, c = 0.004, 45 * speed**2, 0.15 * leak
    head = shut_off - k * (shut_off - 6) / (k + r)
    for _ in range(20):  # the fixed point contracts by k / (k + r) or faster
        flow = np.sqrt(np.maximum(head - 6, 0) / r)
        through = flow + c * np.sqrt(head)
        head = 0.5 * (head + np.maximum(shut_off - k * through**2, 6.01))
    efficiency = 0.72 * (1 - ((through / speed - 48) / 90) ** 2)
    power = 9.81 * through * head / 3600 / efficiency  # kW

    outside = 18 + 4 * np.sin(2 * np.pi * (hours - 9) / 24) + 2 * ambient
    base = 0.3 + 1.2 * speed**2
    vibration = np.hypot(base, 0.6 * imbalance * speed**2)  # of two vibrations out of step
    suction = 1.2 + 0.05 * tank - 2e-5 * through**2
    channels = [
        100 * speed,
        flow,
        suction,
        suction + 0.0981 * head,
        2.0 + power * 1000 / (np.sqrt(3) * 400 * 0.85),
        _lag(outside + 12 / (0.3 + flow / 50), interval, 0.5 * HOUR),
        _lag(outside + 15 + 2.2 * power + 4 * (vibration - base), interval, HOUR / 3),
        vibration,
    ]
    return np.stack(channels, axis=1) + NOISE * z[:, 4:]


def _set_points(hours: np.ndarray, interval: float, rng: np.random.Generator) -> np.ndarray:
    """Speed as a share of the rated one: more by day than by night, in steps of one to four hours, with ramps."""
    changes = [0.0]
    levels = []
    while changes[-1] <= hours[-1]:
        daily = 0.75 - 0.15 * np.cos(2 * np.pi * (changes[-1] - 4) / 24)
        levels.append(np.clip(daily + 0.06 * rng.normal(), 0.5, 1.0))
        changes.append(changes[-1] + rng.uniform(1, 4))
    steps = np.array(levels)[np.searchsorted(changes, hours, side="right") - 1]
    return _lag(steps, interval, HOUR / 12)


def _lag(target: np.ndarray, interval: float, time_constant: float) -> np.ndarray:
    """First-order lag: dy/dt = (target - y) / time_constant, from the first target."""
    from scipy.signal import lfilter

    keep = np.exp(-interval / time_constant)
    return lfilter([1 - keep], [1, -keep], target, zi=[keep * target[0]])[0]


def _wander(z: np.ndarray, interval: float, time_constant: float) -> np.ndarray:
    """A stationary process of standard deviation 1 that forgets within the time constant (Ornstein-Uhlenbeck)."""
    from scipy.signal import lfilter

    keep = np.exp(-interval / time_constant)
    return lfilter([np.sqrt(1 - keep**2)], [1, -keep], z, zi=[keep * z[0]])[0]


def _growth(faults: Sequence[Fault], kind: str, n: int) -> np.ndarray:
    """Severity over time: it grows during the first third of the fault and stays."""
    level = np.zeros(n)
    for fault in faults:
        if fault.kind == kind:
            length = fault.end - fault.start
            level[fault.start : fault.end] += fault.severity * np.minimum(3 * np.arange(1, length + 1) / length, 1)
    return level


def _faulty(fault: Fault, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a faulty sensor reads in place of `values`."""
    noise, grown = NOISE[fault.channel], np.arange(1, len(values) + 1) / len(values)
    if fault.kind == "stuck":  # a slight fault still follows a little
        held = min(fault.severity / 3, 1.0)
        return held * values[0] + (1 - held) * values
    if fault.kind == "drift":
        return values + 8 * noise * fault.severity * grown * rng.choice([-1, 1])
    if fault.kind == "spike":
        wild = rng.random(len(values)) < 0.05
        wild[0] = True
        return values + 8 * noise * fault.severity * wild * rng.choice([-1, 1], len(values))
    return values + 2 * noise * fault.severity * grown * rng.normal(size=len(values))


def _drawn(count: Any, n: int, clean: int, rng: np.random.Generator) -> tuple[Fault, ...]:
    count = inputs.whole(count, "faults", minimum=0)
    if count == 0:
        return ()
    room = (n - clean) // count  # one fault in each equal part of the rest
    if room < 30:
        raise ValueError(
            f"faults was {count}; {n - clean} samples after the clean ones hold at most {max((n - clean) // 30, 0)}: "
            "take a longer series or fewer faults."
        )
    drawn = []
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        length = int(rng.integers(min(60, room // 3), min(240, room // 2) + 1))
        start = clean + number * room + int(rng.integers(0, room - length + 1))
        channel = int(rng.integers(1, len(CHANNELS))) if kind in SENSOR_KINDS else 0
        drawn.append(Fault(kind, start, start + length, 1.0 + number // len(KINDS) % 3, channel))
    return tuple(drawn)


def _checked(faults: Sequence[Fault], n: int) -> tuple[Fault, ...]:
    checked = []
    for number, fault in enumerate(faults):
        kind, start, end, severity, channel = Fault(*fault)
        name = f"faults[{number}]"
        inputs.choice(kind, f"the kind of {name}", KINDS)
        start, end = inputs.whole(start, f"the start of {name}", minimum=0), inputs.whole(end, f"the end of {name}")
        if not start < end <= n:
            raise ValueError(f"{name} lasts from {start} to {end}; it must lie within the {n} samples and have some.")
        severity = inputs.real(severity, f"the severity of {name}", above=0.0)
        channel = inputs.whole(channel, f"the channel of {name}", minimum=1 if kind in SENSOR_KINDS else 0)
        if channel >= len(CHANNELS):
            raise ValueError(f"the channel of {name} was {channel}; it must be from 1 to {len(CHANNELS) - 1}.")
        checked.append(Fault(kind, start, end, severity, channel))
    return tuple(checked)
