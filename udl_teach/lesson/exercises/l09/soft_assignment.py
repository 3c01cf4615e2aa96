"""Soft assignment by Student's t."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def soft_assignment(z, centres):
    """The share q of every code in every cluster: z is (n_samples, d), centres (n_clusters, d), q (n_samples,
    n_clusters)."""
    ### BEGIN SOLUTION
    differences = z[:, None, :] - centres[None, :, :]
    squared = (differences**2).sum(axis=2)
    kernel = 1 / (1 + squared)
    return kernel / kernel.sum(axis=1, keepdims=True)
    ### END SOLUTION


HINTS = (
    "First the squared distances, one row per sample and one column per centre, as in exercise 01.4.",
    "((z[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2) has shape (samples, centres).",
    "The kernel of every entry is 1 / (1 + squared distance).",
    "Divide each row by its sum: kernel / kernel.sum(axis=1, keepdims=True).",
)


def arguments(rng):
    n_samples, n_clusters, size = int(rng.integers(20, 30)), int(rng.integers(3, 6)), int(rng.integers(6, 9))
    return rng.normal(size=(n_samples, size)), 1.5 * rng.normal(size=(n_clusters, size))


not_normalized = difference(
    soft_assignment,
    {"kernel / kernel.sum(axis=1, keepdims=True)": "kernel"},
    """You returned the kernel itself. Shares of a sample must sum to 1: divide each row by its sum.""",
)

normalized_over_the_samples = difference(
    soft_assignment,
    {"kernel.sum(axis=1, keepdims=True)": "kernel.sum(axis=0, keepdims=True)"},
    """Your columns sum to 1: you divided by a sum over the samples. The shares of one sample must sum to 1, so sum
    over the clusters, axis 1.""",
)

normalized_over_everything = difference(
    soft_assignment,
    {"kernel.sum(axis=1, keepdims=True)": "kernel.sum()"},
    """You divided by the sum of the whole table. Every sample has shares of its own that sum to 1: sum along axis 1,
    with keepdims=True.""",
)

distance_for_squared_distance = difference(
    soft_assignment,
    {"1 / (1 + squared)": "1 / (1 + np.sqrt(squared))"},
    """You used the distance where the formula has the squared distance. Leave out the square root: the kernel must be
    smooth at the centre and fall off fast enough.""",
)

one_forgotten = difference(
    soft_assignment,
    {"1 / (1 + squared)": "1 / squared"},
    """The 1 in the denominator is missing. Without it a code that lies on a centre has an infinite kernel: 1 / (1 +
    squared distance).""",
)

gaussian_kernel = difference(
    soft_assignment,
    {"1 / (1 + squared)": "np.exp(-squared)"},
    """You used a Gaussian kernel, exp(-d²). Student's t has heavier tails, 1 / (1 + d²), so that a centre far away
    still attracts a code.""",
)

half_a_gaussian_kernel = difference(
    soft_assignment,
    {"1 / (1 + squared)": "np.exp(-squared / 2)"},
    """You used the kernel of a Gaussian of variance 1, exp(-d² / 2). The formula here is that of Student's t with one
    degree of freedom, 1 / (1 + d²).""",
)

exponent_not_halved = difference(
    soft_assignment,
    {"1 / (1 + squared)": "1 / (1 + squared) ** 2"},
    """You squared the kernel. With one degree of freedom the exponent is (1 + 1) / 2 = 1: plain 1 / (1 + d²).""",
)

larger_share_for_the_farther_centre = difference(
    soft_assignment,
    {"1 / (1 + squared)": "1 + squared"},
    """Your shares grow with the distance: the nearest centre gets the smallest one. Take the reciprocal, 1 / (1 +
    d²).""",
)

mean_over_the_features = difference(
    soft_assignment,
    {"sum(axis=2)": "mean(axis=2)"},
    """You averaged over the features. A squared distance is the sum of the squared differences: sum(axis=2).""",
)


@mistake
def hard_assignment(z, centres):
    """You gave the nearest centre everything. That is the assignment of k-means, and it has no gradient. Give every
    centre a share, in proportion to 1 / (1 + d²).
    """
    squared = ((z[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.eye(len(centres))[squared.argmin(axis=1)]


@mistake
def summed_over_the_centres(z, centres):
    """Your table has one column per feature: you summed over the centres (axis 1). A distance sums over the features,
    the last axis.
    """
    kernel = 1 / (1 + ((z[:, None, :] - centres[None, :, :]) ** 2).sum(axis=1))
    return kernel / kernel.sum(axis=1, keepdims=True)


@mistake
def transposed(z, centres):
    """Your table has one row per cluster. The lesson needs one row per sample and one column per cluster: transpose
    it."""
    return soft_assignment(z, centres).T
