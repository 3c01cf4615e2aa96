"""Choose the learning rate."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def choose_rate(curves):
    """The learning rate whose run ends with the lowest loss.

    curves is a dictionary: each key is a learning rate, each value the losses of its run, one per step. A single loss
    is noisy, so judge a run by the mean of its last 50 losses. A run that ends with nan ("not a number") has failed.
    """
    ### BEGIN SOLUTION
    best, lowest = None, np.inf
    for rate, losses in curves.items():
        end = np.mean(losses[-50:])
        if end < lowest:  # False for nan
            best, lowest = rate, end
    return best
    ### END SOLUTION


HINTS = (
    "Visit the runs one after the other, as in the search for the line: compute how low each one ends, and remember "
    "the best so far.",
    "`for rate, losses in curves.items()` visits the runs, and losses[-50:] are the last 50 losses of one.",
    "Start with lowest = np.inf. A run is better if its end < lowest. That is False when its end is nan, so a run that "
    "failed is never chosen.",
    "best, lowest = None, np.inf; then, for every run, end = np.mean(losses[-50:]), and if end < lowest: best, lowest "
    "= rate, end.",
)


def arguments(rng):
    # Each wrong way of judging prefers another run; the one that fails comes first, because its rate is the largest.
    time = np.arange(400)

    def run(level, start, decay):
        return (level + start * np.exp(-time / decay)) * rng.uniform(0.7, 1.3, 400)

    best = run(0.012, 0.5, 60)
    best[-1] = 0.03
    lucky_at_the_end = run(0.025, 0.5, 50)
    lucky_at_the_end[-1] = 0.002
    quick = run(0.03, 0.5, 8)
    leaping = run(0.1, 4, 30)
    leaping[rng.integers(150, 250)] = 0.0005
    crawling = run(0.2, 0.3, 150)
    failed = run(0.02, 2, 40)
    failed[rng.integers(200, 300) :] = np.nan
    others = [best, lucky_at_the_end, quick, leaping, crawling]
    rates = rng.uniform(1, 3) * 10.0 ** -np.arange(6)
    return ({float(rate): losses for rate, losses in zip(rates, [failed, *(others[i] for i in rng.permutation(5))])},)


@mistake
def nan_is_taken_for_the_lowest(curves):
    """You chose the run that ended with nan. Every comparison with nan is False, and min keeps such a run when it comes
    first. Leave out runs whose end is not finite (np.isfinite), or search with `if end < lowest`.
    """
    return min(curves, key=lambda rate: np.mean(curves[rate][-50:]))


only_the_last_loss = difference(
    choose_rate,
    {"np.mean(losses[-50:])": "losses[-1]"},
    """You judged each run by its very last loss. That is the loss of one batch, and partly luck: take the mean of the
    last 50.""",
)


@mistake
def lowest_loss_at_any_time(curves):
    """You looked for the lowest loss at any time. A run can have one low loss by chance and still end high: judge the
    end, by the mean of the last 50 losses.
    """
    return min(curves, key=lambda rate: np.nanmin(curves[rate]))


fast_beginning = difference(
    choose_rate,
    {"np.mean(losses[-50:])": "np.mean(losses)"},
    """You chose the run that began fast. Did you average over the whole run, or over losses[:50]? The end of a run is
    losses[-50:], with a minus sign.""",
)

highest_loss = difference(
    choose_rate,
    {"np.inf": "-np.inf", "end < lowest": "end > lowest"},
    "You chose the run that ends with the highest loss. The lower the loss, the better.",
)

loss_in_place_of_the_rate = difference(
    choose_rate,
    {"return best": "return lowest"},
    "You returned the loss of the best run. Asked for is its learning rate, the key of the dictionary.",
)


@mistake
def place_in_place_of_the_rate(curves):
    """You returned the place of the best run, counted from 0. Asked for is its learning rate: the key at that place."""
    return list(curves).index(choose_rate(curves))
