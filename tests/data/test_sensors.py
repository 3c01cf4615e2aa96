"""The simulated pump loop: its physics, its labels, and faults that change nothing but what they must."""

import numpy as np
import pytest

from udl_teach import data, metrics
from udl_teach.data.sensors import CHANNELS, KINDS, NOISE, Fault, sensors


@pytest.fixture(scope="module")
def normal():
    return sensors(6000, faults=0)


def column(dataset, name):
    return dataset.x[:, [channel.startswith(name) for channel in CHANNELS].index(True)].astype(float)


def test_the_normal_series_obeys_pump_and_system(normal):
    speed, flow = column(normal, "speed") / 100, column(normal, "flow")
    head = (column(normal, "discharge") - column(normal, "suction")) / 0.0981
    np.testing.assert_allclose(head, 45 * speed**2 - 0.004 * flow**2, atol=1.5)  # the pump curve, but for noise
    assert np.corrcoef(flow, speed)[0, 1] > 0.95 and np.corrcoef(column(normal, "motor"), speed)[0, 1] > 0.9
    hour = np.arange(6000) / 60 % 24
    assert speed[(hour > 12) & (hour < 20)].mean() > speed[hour < 8].mean() + 0.05
    assert not normal.labels.any() and normal.extras["clean"].all()


def test_a_longer_series_begins_like_a_shorter_one(normal):
    np.testing.assert_allclose(sensors(9000, faults=0).x[:6000], normal.x, rtol=1e-5)
    assert not np.allclose(sensors(6000, faults=0, seed=1).x, normal.x)


def test_faults_begin_and_end_where_the_labels_say():
    series = sensors(8000, faults=12, seed=2)
    plain = sensors(8000, faults=0, seed=2)
    faults = data.sensor_faults(series)
    assert [fault.kind for fault in faults] == list(KINDS) * 2
    assert [fault.severity for fault in faults] == [1.0] * 6 + [2.0] * 6
    assert metrics.events(series.labels).tolist() == [[fault.start, fault.end] for fault in faults]
    assert min(fault.start for fault in faults) >= 4000 and series.extras["clean"].sum() == faults[0].start
    changed = (series.x != plain.x).any(axis=1)
    after = np.zeros(8000, dtype=bool)
    for fault in faults:  # the bearing cools down slowly after the fault
        after[fault.end : fault.end + 400] = True
        assert changed[fault.start : fault.end].any()
    assert not (changed & (series.labels == 0) & ~after).any()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_changes_what_it_should_and_more_with_severity(normal, kind):
    channel = 3 if kind in KINDS[:4] else 0
    found = []
    for severity in (1, 3):
        series = sensors(6000, faults=[Fault(kind, 2000, 2400, severity, channel)])
        difference = (series.x - normal.x)[2000:2400] / np.where(NOISE > 0, NOISE, 1)
        touched = np.flatnonzero(np.abs(difference).max(axis=0) > 0.05)
        found.append(np.abs(difference).mean(axis=0))
        names = {CHANNELS[place].split()[0] for place in touched}
        expected = {
            "leak": {"flow", "discharge", "motor"},
            "imbalance": {"vibration", "bearing"},
        }.get(kind, {"discharge"})
        assert expected <= names and ("imbalance" in kind or "vibration" not in names)
    place = {"leak": 1, "imbalance": 7}.get(kind, 3)
    assert found[1][place] > 1.5 * found[0][place]


def test_a_leak_lowers_flow_and_pressure(normal):
    leak = sensors(6000, faults=[Fault("leak", 2000, 2400, 3)]).x[2200:2400] - normal.x[2200:2400]
    assert (leak[:, 1] < 0).all() and (leak[:, 3] < 0).all() and (leak[:, 4] > 0).all()


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        (3000, "faults was 3000; 3000 samples after the clean ones hold at most 100"),
        ([Fault("rust", 1, 5)], "the kind of faults.0. was 'rust'"),
        ([Fault("leak", 5, 5)], "lasts from 5 to 5"),
        ([Fault("stuck", 5, 9)], "the channel of faults.0. was 0"),
        ([Fault("stuck", 5, 9, 1, 8)], "it must be from 1 to 7"),
    ],
)
def test_faults_that_cannot_be_are_refused(faults, message):
    with pytest.raises(ValueError, match=message):
        sensors(6000, faults=faults)
