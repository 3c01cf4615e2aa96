"""Windows of a series: what they hold, where they lie, and parts that share nothing."""

import numpy as np
import pytest

from udl_teach import data


def recorded(n=20):
    person = np.repeat([4, 7], [12, n - 12])
    labels = (np.arange(n) % 6 == 5).astype(int)
    x = np.stack([np.arange(n), -np.arange(n)], axis=1)
    extras = {"person": person, "time": np.arange(n) * 0.5}
    return data.Dataset(x, labels, feature_names=("up", "down"), label_names=("normal", "fault"), extras=extras)


def test_windows_hold_consecutive_samples_and_carry_everything_along():
    found = data.windows(recorded(), 4, 2)
    np.testing.assert_array_equal(found.x.reshape(-1, 4, 2)[3, :, 0], [6, 7, 8, 9])
    assert found.feature_names[:2] == ("up -3", "down -3") and found.feature_names[-1] == "down 0"
    np.testing.assert_array_equal(found.extras["time"], (found.extras["end"] - 1) * 0.5)
    series = recorded()
    for start, end, label in zip(found.extras["start"], found.extras["end"], found.labels, strict=True):
        assert label == series.labels[start:end].max() and end - start == 4


@pytest.mark.parametrize(("labels", "expected"), [("any", [0, 1, 1]), ("all", [0, 0, 1]), ("last", [0, 1, 1])])
def test_the_label_of_a_window_is_chosen(labels, expected):
    series = data.Dataset(np.zeros((6, 1)), [0, 0, 0, 1, 1, 1])
    assert data.windows(series, 2, 2, labels=labels).labels.tolist() == expected


def test_no_window_reaches_into_another_recording():
    found = data.windows(recorded(), 5, group="person")
    assert len(found) == 8 + 4
    assert not ((found.extras["start"] < 12) & (found.extras["end"] > 12)).any()
    assert len(data.windows(recorded().x, 5)) == 16  # an array is one recording
    with pytest.raises(ValueError, match="length was 13; it must be at most 12"):
        data.windows(recorded(), 13, group="person")


@pytest.mark.parametrize("shape", [(9,), (9, 2)])
def test_a_moving_mean_looks_back_and_takes_fewer_at_the_beginning(shape):
    values = np.random.default_rng(0).normal(size=shape)
    found = data.moving_mean(values, 4)
    assert np.allclose(found, [values[max(0, k - 3) : k + 1].mean(axis=0) for k in range(9)])


def test_parts_in_time_share_no_sample():
    found = data.windows(recorded(200), 5)
    train, test = data.split_in_time(found, (0.6, 0.4))
    assert train.extras["end"].max() == 120 == test.extras["start"].min()
    assert len(train) + len(test) == len(found) - 4  # those that reach across are in no part


def test_each_group_is_divided_by_itself():
    train, test = data.split_in_time(recorded(32), (0.5, 0.5), group="person")
    for person in (4, 7):
        ours, theirs = (part.extras["time"][part.extras["person"] == person] for part in (train, test))
        assert len(ours) == len(theirs) and ours.max() < theirs.min()
    with pytest.raises(ValueError, match="holds no whole window"):
        data.split_in_time(data.windows(recorded(), 15), (0.5, 0.5))
