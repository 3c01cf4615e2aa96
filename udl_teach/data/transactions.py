"""Transactions: card payments of customers at terminals, with three kinds of fraud; made from a seed.

Written anew after the published design of Le Borgne, Siblini, Lebichot and Bontempi 2022, "Reproducible machine
learning for credit card fraud detection: practical handbook", chapter 3 (simulator and features).
"""

import numpy as np

from udl_teach import inputs
from udl_teach.data.dataset import Dataset

SIDE = 100.0  # customers and terminals lie on a square of this side
DAY = 86_400  # seconds
LARGE = 220.0  # scenario 1: every amount above it is a fraud
# Scenarios 2 and 3: how many begin per day at full size (5,000 customers, 10,000 terminals), and for how many days.
TERMINALS_A_DAY, TERMINAL_DAYS = 2 / 10_000, 28
CUSTOMERS_A_DAY, CUSTOMER_DAYS = 3 / 5_000, 14
FACTOR, SHARE = 5.0, 1 / 3  # of the amounts, and of the transactions, of a customer in scenario 3
WINDOWS = (1, 7, 30)  # days of history
DELAY = 7  # days until a fraud is known
SCENARIOS = ("normal", "large amount", "terminal", "stolen card")


def transactions(
    n_customers: int = 500,
    n_terminals: int = 1000,
    days: int = 90,
    *,
    radius: float = 5.0,
    risk: bool = True,
    seed: int = 0,
) -> Dataset:
    """Card payments with frauds, and features of the history of each customer and terminal.

    The default makes about 85,000 payments with 0.6 to 0.9 % fraud. `transactions(5000, 10_000, 183)` is the published
    size: 1.75 million payments.

    Features never look ahead. Those of a payment use the customer's payments up to and including it, and the
    terminal's payments that are at least 7 days old, since a fraud becomes known only then.

    Args:
        n_customers: number of customers, each with a place, a mean amount from U(5, 100) and a rate from U(0, 4) a day.
        n_terminals: number of terminals; a customer uses those within `radius`.
        days: length of time; the first 37 days have a shorter history.
        radius: in units of a square of side 100.
        risk: whether to add the share of frauds among a terminal's past payments: features made from labels, without
            which the second kind of fraud can hardly be seen.
        seed: of everything that is drawn.

    Returns:
        Dataset of one payment per row, in order of time; label 1 is a fraud. Extras: "time" (datetime64), "day" (from
        0), "customer", "terminal", "scenario" (0 normal, 1 amount above 220, 2 terminal taken over for 28 days, 3 card
        stolen: for 14 days a third of the amounts times 5).

    Raises:
        TypeError, ValueError: an argument is not what it must be, or no customer has a terminal within `radius`.
    """
    n_customers, n_terminals = inputs.whole(n_customers, "n_customers"), inputs.whole(n_terminals, "n_terminals")
    days, radius = inputs.whole(days, "days"), inputs.real(radius, "radius", above=0.0)
    rng = np.random.default_rng(inputs.whole(seed, "seed", minimum=0))
    customer, terminal, second, amount = _payments(n_customers, n_terminals, days, radius, rng)
    scenario, amount = _frauds(customer, terminal, second, amount, n_customers, n_terminals, days, rng)
    x, names = _features(customer, terminal, second, amount, scenario > 0, risk)
    return Dataset(
        x,
        scenario > 0,
        name="transactions",
        source=f"simulated after Le Borgne et al. 2022, {n_customers} customers, {n_terminals} terminals, seed {seed}",
        license="CC BY 4.0",
        label_names=("normal", "fraud"),
        feature_names=names,
        extras={
            "time": np.datetime64("2018-04-01", "us") + second.astype("timedelta64[s]"),
            "day": (second // DAY).astype(np.int32),
            "customer": customer,
            "terminal": terminal,
            "scenario": scenario,
        },
    )


def _payments(n_customers, n_terminals, days, radius, rng):
    """Customer, terminal, second since the start and amount of every payment, in order of time."""
    places, terminals = rng.uniform(0, SIDE, (n_customers, 2)), rng.uniform(0, SIDE, (n_terminals, 2))
    mean, rate = rng.uniform(5, 100, n_customers), rng.uniform(0, 4, n_customers)
    near = [np.flatnonzero(np.hypot(*(terminals - place).T) < radius) for place in places]
    n_near = np.array([len(some) for some in near])
    if not n_near.any():
        raise ValueError(f"radius was {radius:g}; no customer has a terminal so near: make it larger, or n_terminals.")
    rate = np.where(n_near > 0, rate, 0.0)
    counts = rng.poisson(rate[:, None], (n_customers, days))
    customer = np.repeat(np.arange(n_customers, dtype=np.int32), counts.sum(axis=1))
    day = np.repeat(np.tile(np.arange(days), n_customers), counts.reshape(-1))
    within = rng.normal(DAY / 2, 20_000, len(customer)).astype(np.int64)
    today = (within > 0) & (within < DAY)
    customer, second = customer[today], day[today] * DAY + within[today]
    if len(customer) == 0:
        raise ValueError(f"days was {days}; not one payment fell into them: take more days or more customers.")
    order = np.argsort(second, kind="stable")
    customer, second = customer[order], second[order]
    amount = rng.normal(mean[customer], mean[customer] / 2)
    amount = np.where(amount < 0, rng.uniform(0, 2 * mean[customer]), amount).round(2)
    first = np.concatenate([[0], np.cumsum(n_near)[:-1]])
    chosen = (rng.random(len(customer)) * n_near[customer]).astype(np.int64)
    terminal = np.concatenate(near)[first[customer] + chosen].astype(np.int32)
    return customer, terminal, second, amount


def _frauds(customer, terminal, second, amount, n_customers, n_terminals, days, rng):
    """The scenario of every payment, and the amounts with those of stolen cards raised."""
    day = second // DAY
    scenario = np.where(amount > LARGE, 1, 0).astype(np.int8)
    for start, names in _begun(TERMINALS_A_DAY * n_terminals, n_terminals, days, rng):
        rows = _rows(day, start, start + TERMINAL_DAYS)
        scenario[rows] = np.where(np.isin(terminal[rows], names), 2, scenario[rows])
    amount = amount.copy()
    for start, names in _begun(CUSTOMERS_A_DAY * n_customers, n_customers, days, rng):
        rows = _rows(day, start, start + CUSTOMER_DAYS)
        theirs = rows.start + np.flatnonzero(np.isin(customer[rows], names))
        raised = rng.permutation(theirs)[: int(len(theirs) * SHARE)]
        amount[raised] = (amount[raised] * FACTOR).round(2)
        scenario[raised] = 3
    return scenario, amount


def _begun(mean, n, days, rng):
    """For every day the terminals or customers with which fraud begins; `mean` of them on average."""
    for day in range(days):
        count = int(mean) + (rng.random() < mean - int(mean))
        if count:
            yield day, rng.choice(n, min(count, n), replace=False)


def _rows(day, start, end):
    return slice(*np.searchsorted(day, (start, end)))


def _features(customer, terminal, second, amount, fraud, risk):
    """Features of shape (n, 15), or (n, 12) without the terminals' risk, and their names."""
    weekday = (second // DAY + 6) % 7  # 2018-04-01 was a Sunday: 6, with Monday 0
    columns = {
        "amount": amount,
        "weekend": weekday >= 5,
        "night": second % DAY <= 6 * 3600,
    }
    cents = np.round(100 * amount)  # sums of whole numbers are exact
    history = _History(customer, second)
    for days in WINDOWS:
        n = history.sum(np.ones(len(second)), days * DAY, 0)
        columns[f"customer payments {days} d"] = n
        columns[f"customer mean amount {days} d"] = history.sum(cents, days * DAY, 0) / (100 * n)
    history = _History(terminal, second)
    for days in WINDOWS:
        n = history.sum(np.ones(len(second)), days * DAY, DELAY * DAY)
        columns[f"terminal payments {days} d"] = n
        if risk:
            columns[f"terminal risk {days} d"] = history.sum(fraud, days * DAY, DELAY * DAY) / np.maximum(n, 1)
    x = np.empty((len(second), len(columns)), dtype=np.float32)
    for place, values in enumerate(columns.values()):
        x[:, place] = values
    return x, tuple(columns)


class _History:
    """Sums over the past of a customer or a terminal, for all payments at once.

    Payments are sorted by owner, then by time; a sum over a window is a difference of two cumulative sums.
    """

    def __init__(self, owner, second):
        self.order = np.argsort(owner, kind="stable")  # within an owner the order of time stays
        # Owners lie so far apart on one axis that no window reaches from one to another.
        self.axis = owner[self.order].astype(np.int64) * (2 * int(second.max()) + 100 * DAY) + second[self.order]

    def sum(self, values, window, delay):
        """Sum over the payments of the same owner in (t - delay - window, t - delay], for every payment at t."""
        total = np.concatenate([[0.0], np.cumsum(values[self.order], dtype=np.float64)])
        last = np.searchsorted(self.axis, self.axis - delay, side="right")
        first = np.searchsorted(self.axis, self.axis - delay - window, side="right")
        found = np.empty(len(values))
        found[self.order] = total[last] - total[first]
        return found
