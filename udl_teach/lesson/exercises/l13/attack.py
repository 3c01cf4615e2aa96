"""Membership inference."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def attack(shadow_members, shadow_others, members, others, thresholds):
    """The advantage of an attacker who calls a person a member if the closest synthetic record is near enough.

    All arguments are one-dimensional arrays. The first four hold distances from persons to their closest synthetic
    record; near enough is a distance of at most the threshold. The attacker has trained shadow models and knows who was
    in their training data: shadow_members and shadow_others. members and others hold the distances to the released
    table. The attacker chooses the threshold with the largest advantage, not yet knowing who is a member of the
    released table's training data, and then uses it on members and others.

    Returns the share of the members who are called members minus the share of the others who are called members.
    """
    ### BEGIN SOLUTION
    hits = (shadow_members[:, None] <= thresholds).mean(axis=0)
    false_alarms = (shadow_others[:, None] <= thresholds).mean(axis=0)
    chosen = thresholds[(hits - false_alarms).argmax()]
    return (members <= chosen).mean() - (others <= chosen).mean()
    ### END SOLUTION


HINTS = (
    "For one threshold t the share of hits is (shadow_members <= t).mean(), the share of false alarms "
    "(shadow_others <= t).mean().",
    "Choose the threshold where the difference of the two is largest. The attacker chooses before the answer is known, "
    "so only the shadow distances count here.",
    "Then use this one threshold on members and others.",
    "hits = (shadow_members[:, None] <= thresholds).mean(axis=0) has one number per threshold; "
    "thresholds[(hits - false_alarms).argmax()] is the chosen one.",
)


def arguments(rng):
    # More others than members; the released table leaks at other distances than the shadows, so that what is chosen
    # where matters. Drawn again until the best threshold is the only one.
    while True:
        thresholds = np.sort(rng.uniform(0.05, 2.5, 9))
        shadow_members = rng.gamma(3.0, 0.25, int(rng.integers(40, 60)))
        shadow_others = rng.gamma(4.0, 0.3, int(rng.integers(90, 130)))
        members = 0.7 * rng.gamma(3.0, 0.25, int(rng.integers(30, 45)))
        others = 0.8 * rng.gamma(4.0, 0.3, int(rng.integers(70, 110)))
        gains = np.sort([(shadow_members <= t).mean() - (shadow_others <= t).mean() for t in thresholds])
        if gains[-1] > gains[-2] + 1e-6:
            return shadow_members, shadow_others, members, others, thresholds


threshold_from_the_released_table = difference(
    attack,
    {"hits = (shadow_members": "hits = (members", "false_alarms = (shadow_others": "false_alarms = (others"},
    """You chose the threshold on the members that you attack. An attacker does not know them; with the best threshold
    in hindsight even a table without a leak shows an advantage. Choose on the shadow models.""",
)

far_means_member = difference(
    attack,
    {"shadow_members[:, None] <= thresholds": "shadow_members[:, None] > thresholds",
     "shadow_others[:, None] <= thresholds": "shadow_others[:, None] > thresholds",
     "members <= chosen": "members > chosen", "others <= chosen": "others > chosen"},
    """You call a person a member if all synthetic records are far away. A generator puts its rows near those that it
    has learned from: a small distance speaks for a member.""",
)  # fmt: skip

hits_alone = difference(
    attack,
    {"(members <= chosen).mean() - (others <= chosen).mean()": "(members <= chosen).mean()"},
    """You returned the share of members that are found. An attacker who calls everybody a member finds them all:
    subtract the share of false alarms.""",
)

most_hits = difference(
    attack,
    {"(hits - false_alarms).argmax()": "hits.argmax()"},
    """You chose the threshold with the most hits, which is the largest one: there everybody is called a member. Choose
    by hits minus false alarms.""",
)

fewest_false_alarms = difference(
    attack,
    {"(hits - false_alarms).argmax()": "false_alarms.argmin()"},
    """You chose the threshold with the fewest false alarms, which is the smallest one: there almost nobody is called a
    member. Choose by hits minus false alarms.""",
)

gain_on_the_shadows = difference(
    attack,
    {"(members <= chosen).mean() - (others <= chosen).mean()": "(hits - false_alarms).max()"},
    """You returned the advantage on the shadow models. They serve to choose the threshold; what counts is the advantage
    on the released table, members and others.""",
)

counted_instead_of_shares = difference(
    attack,
    {"(shadow_members[:, None] <= thresholds).mean(axis=0)": "(shadow_members[:, None] <= thresholds).sum(axis=0)",
     "(shadow_others[:, None] <= thresholds).mean(axis=0)": "(shadow_others[:, None] <= thresholds).sum(axis=0)"},
    """You compared numbers of persons. There are more others than members, so their false alarms weigh too much:
    compare shares.""",
)  # fmt: skip


@mistake
def accuracy(shadow_members, shadow_others, members, others, thresholds):
    """You returned the share of right answers. It depends on how many members there are: "nobody is a member" is right
    for most persons. Return hits minus false alarms, both as shares of their group.
    """
    gains = [(shadow_members <= t).mean() - (shadow_others <= t).mean() for t in thresholds]
    t = thresholds[int(np.argmax(gains))]
    return ((members <= t).sum() + (others > t).sum()) / (len(members) + len(others))


@mistake
def threshold_returned(shadow_members, shadow_others, members, others, thresholds):
    """You returned the threshold. Apply it to the released table: the share of members within it minus the share of
    others.
    """
    gains = [(shadow_members <= t).mean() - (shadow_others <= t).mean() for t in thresholds]
    return thresholds[int(np.argmax(gains))]
