"""Which generator would you release?"""

from udl_teach.lesson.exercise import Wrong, difference, mistake


def release(reports, limit):
    """The name of the generator whose table you would release, or None if there is none.

    reports maps each name to a report, a dictionary. report["tstr"] and report["trtr"] are scores of models trained on
    synthetic and on real rows. report["copies"] is the number of synthetic rows that equal a real person's.
    report["advantage"] is the 95 % interval (low, high) of the advantage of a membership attack. An advantage of
    limit or more must be ruled out.
    """
    ### BEGIN SOLUTION
    best = None
    for name, report in reports.items():
        low, high = report["advantage"]
        private = high < limit and report["copies"] == 0
        if private and (best is None or report["tstr"] > reports[best]["tstr"]):
            best = name
    return best
    ### END SOLUTION


HINTS = (
    "Two questions in this order. Which tables may be released at all? Which of them is the most useful?",
    "The interval contains the advantages that agree with the measurement. An advantage is ruled out if it lies above "
    "the whole interval.",
    'A table may be released if report["advantage"][1] < limit and report["copies"] == 0.',
    "Among the tables that may be released, the highest tstr wins. If there are none, return None.",
)


def arguments(rng):
    # Every trap in every draw: the most useful leaks, a small trial proves nothing, a loud one would win by a sum.
    limit = float(rng.uniform(0.08, 0.12))
    real = float(rng.uniform(0.9, 0.95))

    def report(useful, copies, low, high, trtr=real):
        return {"tstr": useful * real, "trtr": trtr, "copies": copies, "advantage": (low, high)}

    u = rng.uniform(0.0, 0.005, 6)
    kinds = {
        "copies itself": report(0.99 + u[0], int(rng.integers(3, 40)), -0.03, 0.05),
        "leaks": report(0.98 + u[1], 0, 0.02 + u[1], limit + 0.2),
        "known leak": report(0.975 + u[1], 0, 0.01, limit + 0.03),
        "small trial": report(0.97 + u[2], 0, -limit - 0.1, limit + 0.1),
        "private": report(0.90 + u[3], 0, 0.005, 0.7 * limit),
        "dull": report(0.70 + u[4], 0, -0.6 * limit, 0.4 * limit),
        "useless": report(0.30 + u[5], 0, -0.9 * limit, 0.1 * limit),
        "low bar": report(0.8 + u[5], 0, -0.5 * limit, 0.5 * limit, trtr=0.75 * real),
    }
    if rng.random() < 0.5:  # nothing may be released
        for each in kinds.values():
            each["advantage"] = (each["advantage"][0], max(each["advantage"][1], limit + 0.05))
    names = [f"generator {letter}" for letter in "ABCDEFGH"]
    order = rng.permutation(list(kinds))
    return {name: kinds[kind] for name, kind in zip(names, order, strict=True)}, limit


def agree(got, wanted):
    return (got is None and wanted is None) or (isinstance(got, str) and got == wanted)


def judge(function, rng):
    # The random arguments may happen to allow a release every time.
    leaks = {"generator A": {"tstr": 0.8, "trtr": 0.9, "copies": 2, "advantage": (0.3, 0.5)}}
    if function(leaks, 0.1) is not None:
        raise Wrong(always_one.hint)


most_useful = difference(
    release,
    {'private = high < limit and report["copies"] == 0': "private = True"},
    """You chose the most useful table whatever it gives away. Usefulness cannot make up for a leak: ask first which
    tables may be released at all.""",
)

interval_that_contains_zero = difference(
    release,
    {"high < limit": "low <= 0"},
    """You ask whether the interval contains 0. A wide interval contains 0 because little was measured, not because
    the table is private. And a small advantage, known precisely, may be acceptable. Look at the upper end.""",
)

lower_end = difference(
    release,
    {"high < limit": "low < limit"},
    """You compared the lower end of the interval with the limit. Then the true advantage may still be far above it: the
    upper end must be below the limit.""",
)

middle_of_the_interval = difference(
    release,
    {"high < limit": "(low + high) / 2 < limit"},
    """You compared the middle of the interval with the limit. Half of the advantages that agree with the measurement
    are larger: the upper end must be below the limit.""",
)

copies_overlooked = difference(
    release,
    {' and report["copies"] == 0': ""},
    """You released a table that contains persons as they are. The attack is an average over all persons and does not
    notice a few copies: no row may equal a real person's.""",
)

most_private = difference(
    release,
    {'report["tstr"] > reports[best]["tstr"]': 'high < reports[best]["advantage"][1]'},
    """You released the table that gives away least. A table of noise would win by this rule. Among all tables that may
    be released take the most useful one.""",
)

useful_relative_to_different_bars = difference(
    release,
    {'report["tstr"] > reports[best]["tstr"]':
     'report["tstr"] / report["trtr"] > reports[best]["tstr"] / reports[best]["trtr"]'},
    """You compared ratios of tstr to trtr. In one report trtr is lower, because its real model was weaker, and the
    ratio makes that generator look good. On the same test rows, compare tstr itself.""",
)  # fmt: skip


@mistake
def added_up(reports, limit):
    """You added usefulness and privacy to one score. A table that is useful enough then buys its way past a leak.
    Privacy is a condition; usefulness decides among the tables that meet it.
    """
    return max(
        reports,
        key=lambda name: reports[name]["tstr"] - reports[name]["advantage"][1] - 0.01 * reports[name]["copies"],
    )


@mistake
def always_one(reports, limit):
    """If no table may be released, return None. To release the least bad one is not allowed by any limit."""
    found = release(reports, limit)
    return min(reports, key=lambda name: reports[name]["advantage"][1]) if found is None else found
