"""Conformal p-values."""

import numpy as np

from udl_teach.estimators import NeighbourDetector
from udl_teach.lesson.exercise import difference


def p_values(detector, train, held_out, new):
    """Conformal p-values of the samples in `new`, shape (n_new,).

    The detector has learned from train; train and held_out are normal samples. detector.score_samples(x) is higher for
    what is more *normal*.
    """
    ### BEGIN SOLUTION
    calibration, scores = -detector.score_samples(held_out), -detector.score_samples(new)
    as_strange = (calibration >= scores[:, None]).sum(axis=1)
    return (1 + as_strange) / (len(calibration) + 1)
    ### END SOLUTION


HINTS = (
    "Make anomaly scores first: minus detector.score_samples. Of which samples do you need them?",
    "For every new sample, count the held-out samples that score at least as high. A comparison of all pairs is an "
    "array of shape (n_new, n_held_out): calibration >= scores[:, None].",
    "The new sample itself counts too, above and below the fraction line.",
    "as_strange = (calibration >= scores[:, None]).sum(axis=1); return (1 + as_strange) / (len(calibration) + 1).",
)


def arguments(rng):
    # Whole numbers in a small range, so that many scores are equal.
    train, held_out = rng.integers(-3, 4, (30, 2)).astype(float), rng.integers(-4, 5, (19, 2)).astype(float)
    new = np.r_[rng.integers(-5, 6, (8, 2)), [[9, 9]], held_out[:2]].astype(float)
    detector = NeighbourDetector(int(rng.integers(2, 4)), scale=None).fit(train)
    return detector, train, held_out, new


calibrated_on_training_data = difference(
    p_values,
    {"-detector.score_samples(held_out)": "-detector.score_samples(train)"},
    """You calibrated on the training samples. The detector has seen them, so their scores are too low, and too
    many normal samples look strange beside them. Compare with held_out.""",
)

calibrated_on_both = difference(
    p_values,
    {"-detector.score_samples(held_out)": "-detector.score_samples(np.r_[train, held_out])"},
    """You calibrated on train and held_out together. More samples do not help if the detector has seen some of them:
    their scores are too low. Use held_out alone.""",
)

off_by_one = difference(
    p_values,
    {"(1 + as_strange) / (len(calibration) + 1)": "as_strange / len(calibration)"},
    """Your p-value can be 0, which promises that a normal sample never scores so high. The new sample is one of n +
    1: add 1 to the count and to the number of samples.""",
)

one_in_the_denominator_alone = difference(
    p_values,
    {"(1 + as_strange)": "as_strange"},
    """You added 1 below the fraction line only, and a p-value can still be 0. The new sample counts in the numerator
    too: it scores as high as itself.""",
)

equal_scores_left_out = difference(
    p_values,
    {"calibration >= scores": "calibration > scores"},
    """You counted only the held-out samples that score strictly higher. Equal scores count too: the p-value is how
    often a normal sample scores *at least* as high. Without them, ties cause more false alarms than promised.""",
)

sign_forgotten = difference(
    p_values,
    {
        "-detector.score_samples(held_out), -detector.score_samples(new)": (
            "detector.score_samples(held_out), detector.score_samples(new)"
        )
    },
    """Your p-values are small for the most normal samples. score_samples is higher for what is more normal, as
    everywhere in scikit-learn: put a minus before it, and count the held-out samples that are at least as
    strange.""",
)
