"""Modes counted."""

import numpy as np
import torch

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import close


def count_modes(x, centres, sd):
    """How many modes are nearest to a sample of high quality (within 3 sd of it), and the share of such samples."""
    ### BEGIN SOLUTION
    distances = np.linalg.norm(x[:, None, :] - centres[None, :, :], axis=2)
    nearest = distances.argmin(axis=1)
    near = distances.min(axis=1) <= 3 * sd
    return len(np.unique(nearest[near])), near.mean()
    ### END SOLUTION


HINTS = (
    "Compute three things: the distance of each sample to each centre, the nearest centre, and whether it is near "
    "enough.",
    "x[:, None, :] - centres[None, :, :] has shape (samples, modes, 2); np.linalg.norm(..., axis=2) makes the table of "
    "distances.",
    "near = distances.min(axis=1) <= 3 * sd. The share is its mean. The modes are the different values of "
    "distances.argmin(axis=1) among the near samples.",
    "return len(np.unique(nearest[near])), near.mean()",
)


def arguments(rng):
    # Some modes are missed, some have only samples that lie too far out, and some samples are far along one axis only.
    # Two more are so near to another that a sample is near all three; they are nearest to none.
    k, sd = int(rng.integers(7, 10)), float(rng.uniform(0.05, 0.12))
    angle = 2 * np.pi * (np.arange(k) + rng.uniform()) / k
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 1.5
    hit = rng.permutation(k)[:4]
    # Shares of their own for each mode, and fewer good samples than modes would suggest.
    good = np.repeat(hit[:3], (6, 4, 1))
    rays = rng.normal(size=(len(good), 2))
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    lengths = rng.uniform(1.2, 2.8, size=(len(good), 1))
    lengths[:2] = rng.uniform(0.5, 0.9, size=(2, 1))
    lengths[-1] = 2.95
    outward = centres / 1.5
    crowded = outward[hit[1]]
    rays[6:10] -= 2 * crowded * np.maximum(rays[6:10] @ crowded, 0)[:, None]
    rays[6], lengths[6] = crowded, 1.7
    inside = centres[good] + sd * lengths * rays
    # Within 3 sd along each axis, and yet farther than 3 sd away.
    signs = rng.choice([-1, 1], size=(5, 2))
    corners = centres[np.repeat(hit[3], 5)] + signs * sd * rng.uniform(2.5, 2.9, size=(5, 2))
    beside = centres[hit[:3]] - sd * np.array([[3.1], [3.6], [4.7]]) * outward[hit[:3]]
    # Between 6 sd and the root of 3 sd, which is what a squared distance compared with 3 sd allows.
    between = centres[hit[:1]] * (1 + (6 * sd + np.sqrt(3 * sd)) / 2 / 1.5)
    outside = centres[rng.permutation(k)[:4]] * 0.4
    x = np.concatenate([inside, corners, beside, between, outside])
    aside = 4 * sd * np.sin(np.radians(35)) * np.array([[-crowded[1], crowded[0]]])
    twins = centres[hit[1]] + 4 * sd * np.cos(np.radians(35)) * crowded + np.array([[1], [-1]]) * aside
    return rng.permutation(x), rng.permutation(np.concatenate([centres, twins])), sd


def agree(got, wanted):
    """Whether two results are the same pair; an array or tensor of two numbers counts as one."""
    if isinstance(got, np.ndarray | torch.Tensor) and got.shape == (2,):
        got = tuple(got)
    return close(got, wanted)


nearest_mode_without_a_limit = difference(
    count_modes,
    {"nearest[near]": "nearest"},
    """A sample counts for its nearest mode however far away that is, so a cloud of noise would cover all modes. Only
    samples within 3 sd count.""",
)

any_sample_near_whether_nearest_or_not = difference(
    count_modes,
    {"len(np.unique(nearest[near]))": "(distances <= 3 * sd).any(axis=0).sum()"},
    """You count a mode as found when any sample lies within 3 sd of it. Where two modes stand close, one sample would
    then find both. By the protocol a good sample counts only for its nearest mode: distances.argmin(axis=1).""",
)

samples_and_modes_not_paired = difference(
    count_modes,
    {"distances.min(axis=1)": "np.linalg.norm(x - centres, axis=1)"},
    "Compare each sample with each centre, not row with row: x[:, None] - centres[None] has shape (samples, modes, 2).",
)

limit_of_this_lessons_ring = difference(
    count_modes,
    {"3 * sd": "0.15"},
    """You compare with a fixed limit, 0.15, which is right only for the ring of this lesson (its SD is 0.05). Use the
    argument: 3 * sd.""",
)

comparison_turned_round = difference(
    count_modes,
    {"<=": ">"},
    """Your comparison is reversed: you count the samples that are farther away than 3 sd. Samples of high quality have
    a distance <= 3 * sd.""",
)

within_one_standard_deviation = difference(
    count_modes,
    {"3 * sd": "sd"},
    "You allow one standard deviation; the protocol allows three, 3 * sd.",
)

within_two_standard_deviations = difference(
    count_modes,
    {"3 * sd": "2 * sd"},
    "You allow 2 sd; the protocol allows three, 3 * sd.",
)

variance_in_place_of_the_standard_deviation = difference(
    count_modes,
    {"3 * sd": "3 * sd**2"},
    "You compare a distance with 3 sd². sd is the standard deviation already: 3 * sd.",
)

standard_deviation_forgotten = difference(
    count_modes,
    {"3 * sd": "3"},
    "You compare the distance with 3 itself. The limit is 3 standard deviations, 3 * sd.",
)

squared_distance = difference(
    count_modes,
    {"distances.min(axis=1)": "distances.min(axis=1) ** 2"},
    "You compare squared distances with 3 sd. Take the root, or compare with (3 sd)².",
)


@mistake
def each_axis_by_itself(x, centres, sd):
    """You allow 3 sd along each axis, which is a square; its corners are farther away than 3 sd. Take the distance, the
    square root of the sum of squares.
    """
    near = (abs(x[:, None, :] - centres[None, :, :]) <= 3 * sd).all(axis=2)
    return near.any(axis=0).sum(), near.any(axis=1).mean()


manhattan = difference(
    count_modes,
    {"axis=2": "axis=2, ord=1"},
    """You added up the absolute differences of the coordinates. The distance is the square root of the sum of their
    squares, np.linalg.norm(..., axis=...).""",
)

share_of_the_modes = difference(
    count_modes,
    {"near.mean()": "len(np.unique(nearest[near])) / len(centres)"},
    "Your second result is the share of the modes that are covered. Return the share of the samples of high quality.",
)

number_in_place_of_the_share = difference(
    count_modes,
    {"near.mean()": "near.sum()"},
    """Your second result counts the good samples. Return their share: divide by the number of samples, or take the
    mean.""",
)

percent = difference(
    count_modes,
    {"near.mean()": "100 * near.mean()"},
    "Your share is in percent; return a number between 0 and 1.",
)

samples_counted_in_place_of_modes = difference(
    count_modes,
    {"len(np.unique(nearest[near]))": "near.sum()"},
    "Your first result counts samples. Two samples near the same mode are one mode: count distinct modes, np.unique.",
)

modes_that_are_missed = difference(
    count_modes,
    {"len(np.unique(nearest[near]))": "len(centres) - len(np.unique(nearest[near]))"},
    "Your first result counts the modes that are missed. Count those that are found.",
)

bad_samples_kept_as_a_mode = difference(
    count_modes,
    {"nearest[near]": "np.where(near, nearest, -1)"},
    """Samples that are too far away all got one number (-1 or 0, say), and it was counted as another mode. Leave them
    out first: nearest[near].""",
)

share_of_the_modes_first = difference(
    count_modes,
    {"len(np.unique(nearest[near]))": "len(np.unique(nearest[near])) / len(centres)"},
    "Your first result is the share of the modes that are found. Return their number.",
)

share_of_the_pairs = difference(
    count_modes,
    {"near.mean()": "(distances <= 3 * sd).mean()"},
    """Yours is the share of all pairs of a sample and a mode. Count each sample once, with its nearest mode:
    distances.min(axis=1) <= 3 * sd, and the mean of that.""",
)

number_of_the_pairs = difference(
    count_modes,
    {"near.mean()": "(distances <= 3 * sd).sum()"},
    """Your second result counts pairs of a sample and a mode that are near each other. Return the share of the samples
    that are near their nearest mode.""",
)

which_modes_in_place_of_how_many = difference(
    count_modes,
    {"len(np.unique(nearest[near]))": "np.unique(nearest[near])"},
    "Your first result lists the modes that are found. Return how many there are: its length.",
)

swapped = difference(
    count_modes,
    {"len(np.unique(nearest[near])), near.mean()": "near.mean(), len(np.unique(nearest[near]))"},
    "The two results are swapped: first the number of modes, then the share.",
)

modes_alone = difference(
    count_modes,
    {", near.mean()": ""},
    "The number of modes is right. Return the share of good samples as well, after a comma.",
)

share_alone = difference(
    count_modes,
    {"len(np.unique(nearest[near])), near.mean()": "near.mean()"},
    "The share is right. Return the number of modes as well, before it.",
)

samples_that_are_bad = difference(
    count_modes,
    {"near.mean()": "1 - near.mean()"},
    "Yours is the share of the samples that are too far away. Return the share of those that are near.",
)

only_modes_with_more_than_one_sample = difference(
    count_modes,
    {"len(np.unique(nearest[near]))": "(np.bincount(nearest[near]) > 1).sum()"},
    "You leave out a mode that has a single good sample. By the protocol one is enough.",
)


def judge(function, rng):
    x, centres, sd = arguments(rng)
    if agree(function(np.concatenate([centres[2:4], [[0.0, 0.0]]]), centres, sd), (3, 2 / 3)):
        raise Wrong(bad_samples_kept_as_a_mode.hint)
    if not agree(function(x, centres, sd), count_modes(x, centres, sd)):
        return
    lost = np.zeros((4, 2))
    result = function(lost, centres, sd)
    if not agree(result, (0, 0.0)):
        raise Wrong(
            f"Four samples in the middle of the ring, near no mode: the result is 0 modes and a share of 0, yours was "
            f"{result}."
        )
    crowd = np.repeat(centres[:1], 300, axis=0)
    if not agree(function(crowd, centres, sd), (1, 1.0)):
        raise Wrong("Three hundred samples on one mode: that is 1 mode and a share of 1, and yours says otherwise.")
    line = centres[:1] + np.array([[100 * sd, 0.0]])
    if not agree(function(line, centres[:1], sd), (0, 0.0)):
        raise Wrong("One sample, far from the only mode: that is 0 modes, and yours says otherwise.")
