"""Was the collapse an accident?"""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def judge_collapse(runs):
    """Name what each run shows: "in use", "accident" or "optimal"."""
    names = []
    for run in runs:
        # run["kl"], run["loss"] and run["loss_with_warm_up"] are in nats. Find the name of this run, called name.
        ### BEGIN SOLUTION
        if min(run["kl"]) >= 0.01:
            name = "in use"
        elif run["loss_with_warm_up"] < run["loss"] - 1:
            name = "accident"
        else:
            name = "optimal"
        ### END SOLUTION
        names.append(name)
    return names


HINTS = (
    "Write if, elif, else: the first condition that holds gives the name.",
    "Every number of the code is in use if the smallest KL is at least 0.01.",
    "A loss here is minus a bound. A bound that is more than 1 nat higher is a loss that is more than 1 nat lower.",
    'The conditions are: min(run["kl"]) >= 0.01; run["loss_with_warm_up"] < run["loss"] - 1.',
)


def arguments(rng):
    # Every draw holds every case, in an order of its own, so every mistake shows.
    def run(kl, gain):
        loss = rng.uniform(-40, 120)
        return {"kl": np.array(kl) * rng.uniform(0.9, 1.1), "loss": loss, "loss_with_warm_up": loss - gain}

    runs = [
        run([1.2, 0.4, 2.0], 0.2),
        run([0.9, 0.6, 0.05], 3.0),
        run([2.5, 0.001, 1.4], 4.0),
        run([2.5, 0.001, 1.4], 0.4),
        run([2.5, 0.001, 1.4], -3.0),
        run([0.0001, 0.0002, 0.0001], 6.0),
        run([0.0001, 0.0002, 0.0001], -0.1),
        run([0.004, 0.004, 0.004], 2.0),
        run([0.02, 0.001, 0.001], 2.0),
    ]
    return ([runs[place] for place in rng.permutation(len(runs))],)


def agree(got, wanted):
    return list(got) == wanted


one_number_is_enough = difference(
    judge_collapse,
    {'min(run["kl"])': 'max(run["kl"])'},
    """You call a code "in use" if one of its numbers carries something. Collapse can strike some numbers and spare
    others: ask for the smallest KL.""",
)

kl_added_up = difference(
    judge_collapse,
    {'min(run["kl"])': 'sum(run["kl"])'},
    """You add up the KL of all numbers, so one busy number hides those that say nothing. Look at each number, or at the
    smallest.""",
)

kl_averaged = difference(
    judge_collapse,
    {'min(run["kl"])': 'np.mean(run["kl"])'},
    """You average the KL over the numbers, so one busy number hides those that say nothing. Look at each number, or at
    the smallest.""",
)

loss_taken_for_the_bound = difference(
    judge_collapse,
    {'run["loss_with_warm_up"] < run["loss"] - 1': 'run["loss_with_warm_up"] > run["loss"] + 1'},
    """You looked for a higher loss. The loss is minus the bound: a run with a higher bound has a lower loss, which
    proves an accident.""",
)

any_gain = difference(
    judge_collapse,
    {'run["loss"] - 1': 'run["loss"]'},
    """You call every gain an accident, however small. Two runs of the same model differ by some tenths of a nat anyway:
    ask for more than 1 nat.""",
)

any_difference = difference(
    judge_collapse,
    {'run["loss_with_warm_up"] < run["loss"] - 1': 'abs(run["loss_with_warm_up"] - run["loss"]) > 1'},
    """You call a difference in either direction an accident. A warm-up that ends with a lower bound shows nothing: only
    a higher bound proves that the first run missed something.""",
)


@mistake
def warm_up_judged_first(runs):
    """A run whose numbers are all in use was called an accident, because warm-up improved it. Ask first whether there
    is a collapse at all.
    """
    names = judge_collapse(runs)
    return [
        "accident" if run["loss_with_warm_up"] < run["loss"] - 1 else name
        for run, name in zip(runs, names, strict=True)
    ]


@mistake
def names_exchanged(runs):
    """You exchanged "accident" and "optimal". If another start reaches a higher bound, the collapse was no optimum."""
    exchanged = {"accident": "optimal", "optimal": "accident"}
    return [exchanged.get(name, name) for name in judge_collapse(runs)]
