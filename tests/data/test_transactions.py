"""Simulated payments: their size and rates, the three kinds of fraud, and a history that never looks ahead."""

import numpy as np
import pytest

from udl_teach import data
from udl_teach.data.transactions import DAY, _features


@pytest.fixture(scope="module")
def payments():
    return data.transactions()


def test_the_default_has_the_size_and_the_rate_of_the_design(payments):
    assert 82_000 < len(payments) < 90_000 and payments.x.shape[1] == 15
    assert 0.005 < payments.labels.mean() < 0.012
    time = payments.extras["time"]
    assert (np.diff(time) >= np.timedelta64(0)).all() and payments.extras["day"].max() == 89
    np.testing.assert_array_equal(payments.labels, payments.extras["scenario"] > 0)
    assert np.bincount(payments.extras["scenario"], minlength=4).min() > 30


def test_frauds_are_what_the_design_says(payments):
    amount, scenario = payments.x[:, 0], payments.extras["scenario"]
    assert amount[scenario == 1].min() > 220 and amount[scenario == 0].max() <= 220
    day, terminal = payments.extras["day"], payments.extras["terminal"]
    for one in np.unique(terminal[scenario == 2])[:5]:
        theirs = np.flatnonzero(terminal == one)
        known = day[theirs][scenario[theirs] == 2]
        inside = theirs[(day[theirs] >= known.min()) & (day[theirs] <= min(known.max(), known.min() + 27))]
        assert np.isin(scenario[inside], (2, 3)).all()  # all of a terminal's payments, for four weeks
    stolen = payments.extras["customer"] == payments.extras["customer"][scenario == 3][0]
    assert amount[stolen & (scenario == 3)].mean() > 2.5 * amount[stolen & (scenario == 0)].mean()


def counted(payments, row, days, owner, delay):
    """The rows of the past that a feature may use, one by one."""
    second = payments.extras["time"].astype("int64") // 10**6
    same = payments.extras[owner] == payments.extras[owner][row]
    last = second[row] - delay * DAY
    return np.flatnonzero(same & (second <= last) & (second > last - days * DAY))


def test_history_features_equal_counts_one_by_one():
    payments = data.transactions(60, 100, 60, radius=15, seed=3)
    x, names = payments.x, payments.feature_names
    rows = np.concatenate([np.arange(3), np.random.default_rng(0).integers(len(x), size=60)])
    for row in rows:
        for days in (1, 7, 30):
            past = counted(payments, row, days, "customer", 0)
            assert x[row, names.index(f"customer payments {days} d")] == len(past)
            assert x[row, names.index(f"customer mean amount {days} d")] == pytest.approx(x[past, 0].mean(), rel=1e-5)
            past = counted(payments, row, days, "terminal", 7)
            assert x[row, names.index(f"terminal payments {days} d")] == len(past)
            risk = payments.labels[past].mean() if len(past) else 0
            assert x[row, names.index(f"terminal risk {days} d")] == pytest.approx(risk)


def test_features_never_look_ahead():
    rng = np.random.default_rng(0)
    customer, terminal = rng.integers(5, size=(2, 4000))
    second = np.sort(rng.integers(0, 60 * DAY, 4000))
    amount, fraud = rng.uniform(1, 100, 4000).round(2), rng.random(4000) < 0.1
    now = second[2500]
    later, recent = second > now, second > now - 7 * DAY

    def known(amount, fraud, keep=slice(None)):
        parts = (customer, terminal, second, amount, fraud)
        return _features(*(values[keep] for values in parts), True)[0][:2501]

    before = known(amount, fraud)
    # Neither the amounts of the future, nor its payments, nor labels younger than 7 days change what is known now.
    np.testing.assert_array_equal(before, known(np.where(later, 1e6, amount), fraud))
    np.testing.assert_array_equal(before, known(amount, fraud, slice(0, 2501)))
    np.testing.assert_array_equal(before[2500], known(amount, np.where(recent, ~fraud, fraud))[2500])
    assert not np.array_equal(before[2500], known(amount, np.where(recent, fraud, True))[2500])


def test_labels_of_the_past_can_be_left_out():
    without = data.transactions(60, 100, 20, radius=15, risk=False)
    full = data.transactions(60, 100, 20, radius=15)
    kept = [name for name in full.feature_names if "risk" not in name]
    assert without.feature_names == tuple(kept) and without.x.shape[1] == 12
    np.testing.assert_array_equal(without.x, full.x[:, [full.feature_names.index(name) for name in kept]])


def test_the_seed_decides():
    first, again, other = (data.transactions(40, 60, 10, radius=20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.x, again.x)
    assert first.x.shape != other.x.shape or not np.array_equal(first.x, other.x)
    with pytest.raises(ValueError, match="radius was 1e-06; no customer has a terminal"):
        data.transactions(3, 3, 5, radius=1e-6)
