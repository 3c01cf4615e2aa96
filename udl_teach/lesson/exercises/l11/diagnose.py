"""Leak, drift or threshold?"""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference

NAMES = ("leak", "drift", "threshold")


def diagnose(systems):
    """What is wrong with each of several detectors: a list of "leak", "drift" and "threshold".

    Each system is a dictionary: "auc in test" and "alarms planned" (a share of the payments) were reported before it
    went to work; "auc" and "alarms" are arrays with one value per week of work.
    """
    ### BEGIN SOLUTION
    names = []
    for system in systems:
        if system["auc"][0] < system["auc in test"] - 0.1:
            names.append("leak")
        elif abs(np.log(system["alarms"][0] / system["alarms planned"])) > np.log(2):
            names.append("threshold")
        else:
            names.append("drift")
    return names
    ### END SOLUTION


HINTS = (
    "Which of the three faults shows in the very first week, and which only later?",
    "A leak makes the test look better than the work will be: the AUC of the first week is far below the AUC in the "
    "test. What does a wrong threshold do to the AUC? Nothing.",
    "With a wrong threshold the ranking is as good as in the test, but the share of alarms is far from what was "
    "planned, above or below, from the first week on. With drift the first week is as it should be.",
    'if system["auc"][0] < system["auc in test"] - 0.1: "leak"; otherwise, if the alarms of the first week differ from '
    'the plan by more than a factor of 2 in either direction: "threshold"; otherwise "drift".',
)


def arguments(rng):
    kinds = ["leak", "leak", "few", "many", "alarms rise", "auc falls", "alarms fall"]
    kinds += rng.choice(kinds, int(rng.integers(1, 4))).tolist()
    return ([_system(kind, rng) for kind in rng.permutation(kinds)],)


def _system(kind, rng):
    weeks = int(rng.integers(6, 10))
    rise = np.linspace(0, 1, weeks)
    tested, planned = float(rng.uniform(0.9, 0.98)), float(rng.uniform(0.004, 0.02))
    auc = (tested - rng.uniform(0.2, 0.3) if kind == "leak" else tested) + rng.normal(0, 0.01, weeks)
    factor = rng.uniform(0.9, 1.1, weeks)
    if kind == "many":
        factor *= rng.uniform(4, 8)
    elif kind == "few":
        factor /= rng.uniform(4, 8)
    elif kind == "alarms rise":
        factor *= rng.uniform(5, 9) ** rise
    elif kind == "alarms fall":
        factor /= rng.uniform(5, 9) ** rise
    elif kind == "auc falls":
        auc -= rng.uniform(0.25, 0.35) * rise
        factor *= rng.uniform(3, 5) ** rise
    return {"auc in test": tested, "alarms planned": planned, "auc": auc.clip(0, 1), "alarms": planned * factor}


def agree(got, wanted):
    return isinstance(got, tuple | list | np.ndarray) and [str(name) for name in got] == wanted


def judge(function, rng):
    (systems,) = arguments(rng)
    got, wanted = function(systems), diagnose(systems)
    if (
        not isinstance(got, tuple | list | np.ndarray)
        or len(got) != len(systems)
        or not set(map(str, got)) <= set(NAMES)
    ):
        raise Wrong('Return a list with one of "leak", "drift" and "threshold" for each system.')
    for name in NAMES:
        missed = [str(said) for said, right in zip(got, wanted, strict=True) if right == name and said != name]
        if missed:
            raise Wrong(
                f'A system with the fault "{name}" was called "{missed[0]}". Look at the first week: is the AUC as in '
                "the test, and is the share of alarms as planned?"
            )


last_week_alone = difference(
    diagnose,
    {
        'if system["auc"][0] < system["auc in test"] - 0.1:': 'if system["auc"][-1] < system["auc in test"] - 0.1:',
        'elif abs(np.log(system["alarms"][0] / system["alarms planned"])) > np.log(2):': (
            'elif abs(np.log(system["alarms"][-1] / system["alarms planned"])) > np.log(2):'
        ),
    },
    """You looked at the last week. By then drift looks like the other two. The first week tells them apart: a leak
    and a wrong threshold show at once, drift does not.""",
)

mean_of_the_weeks = difference(
    diagnose,
    {
        'if system["auc"][0] < system["auc in test"] - 0.1:': 'if system["auc"].mean() < system["auc in test"] - 0.1:',
        'elif abs(np.log(system["alarms"][0] / system["alarms planned"])) > np.log(2):': (
            'elif abs(np.log(system["alarms"].mean() / system["alarms planned"])) > np.log(2):'
        ),
    },
    """You averaged over the weeks. An average hides the order, and the order is what tells drift from the other two:
    look at the first week.""",
)

too_many_alarms_alone = difference(
    diagnose,
    {
        'elif abs(np.log(system["alarms"][0] / system["alarms planned"])) > np.log(2):': (
            'elif system["alarms"][0] > 2 * system["alarms planned"]:'
        )
    },
    """You call a threshold wrong if there are too many alarms. Too few are just as wrong, and more dangerous, because
    nobody complains: compare by a factor in both directions.""",
)

alarms_alone = difference(
    diagnose,
    {'if system["auc"][0] < system["auc in test"] - 0.1:': "if False:"},
    """You never find a leak. Its alarms can be as frequent as planned, but less often right: compare the AUC
    of the first week with the AUC in the test.""",
)

auc_alone = difference(
    diagnose,
    {
        'elif abs(np.log(system["alarms"][0] / system["alarms planned"])) > np.log(2):': (
            'elif system["auc"][-1] > system["auc in test"] - 0.1:'
        )
    },
    """You looked at the AUC alone. Drift need not change it: if all scores rise together, the ranking stays and only
    the number of alarms grows. Look at the share of alarms too.""",
)

leak_and_threshold_exchanged = difference(
    diagnose,
    {'names.append("leak")': 'names.append("threshold")', 'names.append("threshold")': 'names.append("leak")'},
    """You exchanged leak and threshold. A threshold does not change the ranking, so it cannot lower the AUC; a leak
    lowers it in the first week.""",
)

leak_and_drift_exchanged = difference(
    diagnose,
    {'names.append("leak")': 'names.append("drift")', 'names.append("drift")': 'names.append("leak")'},
    """You exchanged leak and drift. With drift the first week is as good as the test, and the later weeks are worse;
    with a leak the first week is already far worse.""",
)
