"""A watch of sensors: scores are those of the detector, faults go where they are put, and the words count minutes."""

import numpy as np
import pytest
from machinery.playgrounds import tick, touch

from udl_teach import data, play
from udl_teach.data.sensors import KINDS, SENSOR_KINDS
from udl_teach.estimators import PCAMonitor
from udl_teach.models import threshold
from udl_teach.play.sensor_watch.run import CLEAN, LEARNED, NAMES, WATCHED, averaged
from udl_teach.play.sensor_watch.words import SAID

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def watch(**more):
    return play.sensor_watch(**({"detector": "T2 and Q"} | more))


@pytest.mark.parametrize("window", [1, 4])
def test_the_score_is_the_detectors_over_its_limit(window):
    model = watch(kind="leak", severity=4.0, window=window, smoothing=10).player.model
    fault = data.Fault("leak", CLEAN + 150, CLEAN + 270, 4.0)
    made = data.windows(data.sensors(CLEAN + WATCHED, faults=[fault], seed=0), window, labels="last")
    ends, monitor = made.extras["end"], PCAMonitor()
    monitor.fit(made.x[ends <= LEARNED])
    mean = averaged(-monitor.score_samples(made.x), 10)
    held_out = mean[(ends[9:] > LEARNED + 9) & (ends[9:] <= CLEAN)]
    usual, limit = np.median(held_out), threshold(held_out, rate=7 / 1440)
    assert np.allclose(model.score, (mean[-WATCHED:] - usual) / (limit - usual), atol=1e-3)


def test_nothing_of_the_future_is_in_a_score():
    whole = watch(kind="imbalance", severity=8.0, moment=300).player.model
    before = whole.score.copy()
    whole.turn(watch(kind="none")._settings | {"detector": "T2 and Q"})
    assert np.allclose(before[:300], whole.score[:300]) and not np.allclose(before[300:], whole.score[300:])


def test_a_fault_is_noticed_and_the_delay_is_said():
    playground = watch(kind="imbalance", severity=6.0, moment=100, length=100)
    assert "Nothing is wrong yet; an imbalance of the rotor will begin in minute 100." in playground.said
    playground.buttons["end"].click()
    snapshot, score = playground.snapshot, playground.player.model.score
    assert playground.player.finished and snapshot.now == WATCHED
    assert snapshot.delay == np.flatnonzero(score[100:200] > 1)[0]
    assert f"from minute 100 to 200: noticed {snapshot.delay} minutes after it began" in playground.said
    # The echo of the fault in the averaged score is no false alarm.
    assert (score[200:215] > 1).any() and snapshot.false == (0, 0) and "False alarms so far: none." in playground.said


def test_what_is_missed_and_what_is_false_is_said():
    playground = watch(kind="drift", severity=0.5, false_alarms=1)
    playground.buttons["end"].click()
    assert "missed" in playground.said and "No reading has left its range" in playground.said
    playground.inputs["kind"].value = "none"
    playground.inputs["false_alarms"].value = 144
    snapshot = playground.snapshot
    assert snapshot.false == (len(snapshot.alarms), int((snapshot.score > 1).sum())) and snapshot.false[0] > 0
    assert f"False alarms so far: {snapshot.false[0]}, together {snapshot.false[1]} minutes" in playground.said
    assert "channel" in playground._hides(playground._settings)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_from_its_first_minute_on_and_not_before(kind):
    clean = watch(kind="none").player.model.x
    changed = watch(kind=kind, severity=3.0).player.model.x != clean
    assert np.flatnonzero(changed.any(axis=1))[0] in (150, 151)  # a stuck sensor holds its first value
    if kind in SENSOR_KINDS:
        assert np.flatnonzero(changed.any(axis=0)).tolist() == [NAMES.index("discharge pressure")]
    assert set(SAID) == set(KINDS)


def test_pressing_in_a_row_moves_the_fault_there_and_the_watch_goes_on():
    playground = watch()
    tick(playground, 3)
    index = playground.player.index
    touch(playground, "down", 321.4, 7.2, playground._drawing.channels)
    assert (playground.settings()["moment"], playground.settings()["channel"]) == (321, "vibration")
    touch(playground, "move", 80.0, 0.1, playground._drawing.channels)  # the speed has no sensor
    assert (playground.settings()["moment"], playground.settings()["channel"]) == (80, "vibration")
    assert playground.player.index == index and "Moved while it ran: moment, channel." in playground.said
    touch(playground, "up", 80.0, 0.1, playground._drawing.channels)
    touch(playground, "down", 50.0, 1.0, playground._drawing.scores)
    assert playground.settings()["moment"] == 80


def test_the_kept_watch_is_told_and_drawn():
    playground = watch(kind="imbalance", severity=6.0)
    playground.buttons["end"].click()
    delay = playground.snapshot.delay
    playground.keep()
    assert playground.player.index == 0
    assert f"Kept (T2 and Q, to minute 600): noticed {delay} minutes after it began" in playground.said
    assert len(playground._drawing.before.get_xdata()) == WATCHED
    assert len(playground._drawing.called_before[0].get_xdata()) == 2


@pytest.mark.parametrize("detector", ["isolation forest", "kNN"])
def test_other_detectors_watch_too(detector):
    playground = watch(detector=detector, window=4)
    tick(playground)
    assert np.isfinite(playground.player.model.score).all()
    assert f"({detector} on windows of 4 minutes" in playground.said
