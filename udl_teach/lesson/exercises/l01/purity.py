"""Purity."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from udl_teach.lesson.exercise import difference, mistake


def purity(labels, clusters):
    """The share of samples that belong to the most frequent class of their cluster; both arrays (n_samples,)."""
    ### BEGIN SOLUTION
    in_majority = 0
    for number in np.unique(clusters):
        counts = np.bincount(labels[clusters == number])
        in_majority += counts.max()
    return in_majority / len(labels)
    ### END SOLUTION


HINTS = (
    "Look at one cluster at a time: which class is the most frequent in it, and how many samples are of it?",
    "labels[clusters == number] are the classes in one cluster; np.bincount counts each of them.",
    "Add up the largest count of every cluster. A share of what should come out?",
    "return in_majority / len(labels), with in_majority += np.bincount(...).max() for each of np.unique(clusters)",
)


def arguments(rng):
    n_samples, n_classes, n_clusters = int(rng.integers(60, 90)), int(rng.integers(3, 5)), int(rng.integers(6, 8))
    labels = rng.integers(0, n_classes, n_samples)
    labels[:n_classes] = np.arange(n_classes)
    # Cluster sizes differ, and every class has more than one cluster: then all ways of counting differ.
    home = rng.integers(0, n_clusters, n_classes)
    weights = rng.dirichlet(np.ones(n_clusters) * 2)
    clusters = np.where(rng.random(n_samples) < 0.45, home[labels], rng.choice(n_clusters, n_samples, p=weights))
    clusters[-n_clusters:] = np.arange(n_clusters)
    # One number is missing, so that counting the clusters and counting up to there miss one of them. It is larger than
    # those of the classes: whoever goes through these instead must not come upon an empty cluster.
    gap = rng.integers(n_classes, n_clusters)
    return labels, clusters + (clusters >= gap)


@mistake
def cluster_and_class_swapped(labels, clusters):
    """You took, for every class, its largest cluster. It is the other way round: for every cluster, its most frequent
    class. (Yours would be 1 if everything lay in one cluster.)
    """
    return purity(clusters, labels)


divided_by_the_number_of_clusters = difference(
    purity,
    {"len(labels)": "len(np.unique(clusters))"},
    "You divided by the number of clusters. Purity is a share of the samples: divide by how many samples there are.",
)

mean_of_the_shares_of_the_clusters = difference(
    purity,
    {"counts.max()": "counts.max() / counts.sum()", "len(labels)": "len(np.unique(clusters))"},
    """You averaged the shares of the clusters, so that a cluster of three samples counts as much as one of three
    hundred. Add up the majorities and divide once, by the number of samples.""",
)


@mistake
def one_to_one_matching(labels, clusters):
    """You gave every class at most one cluster. That is clustering accuracy, a stricter measure; in purity several
    clusters may have the same majority class.
    """
    table = np.zeros((labels.max() + 1, clusters.max() + 1))
    np.add.at(table, (labels, clusters), 1)
    return table[linear_sum_assignment(table, maximize=True)].sum() / len(labels)


@mistake
def compared_the_numbers_themselves(labels, clusters):
    """You compared cluster numbers with class numbers. Cluster 3 need not be the digit 3: the numbers are arbitrary
    names. Look which class is most frequent in each cluster.
    """
    return (labels == clusters).mean()


not_divided = difference(
    purity,
    {"/ len(labels)": ""},
    "You counted the samples in the majority; purity is their share. Divide by the number of samples.",
)

divided_by_the_number_of_classes = difference(
    purity,
    {"len(labels)": "len(np.unique(labels))"},
    "You divided by the number of classes. Purity is a share of the samples: divide by len(labels).",
)

which_class_instead_of_how_many = difference(
    purity,
    {"counts.max()": "counts.argmax()"},
    "You added up the numbers of the majority classes (argmax). Wanted is how many samples they have: max.",
)

one_cluster_for_every_class = difference(
    purity,
    {"np.unique(clusters)": "np.unique(labels)"},
    """You go through the numbers of the classes, but choose samples by their cluster (clusters == number). There may be
    more clusters than classes: go through the numbers of the clusters.""",
)

counted_up_over_a_missing_number = difference(
    purity,
    {"np.unique(clusters)": "range(len(np.unique(clusters)))"},
    """You count the clusters up from 0 and come to a number that no sample has. The numbers of clusters may have gaps:
    go through np.unique(clusters).""",
)

counted_up_the_last_cluster_missed = difference(
    purity,
    {"np.unique(clusters)": "np.intersect1d(clusters, range(len(np.unique(clusters))))"},
    """You go through as many numbers as there are clusters, counted from 0. But their numbers may have gaps, and then
    the last cluster is missed: go through np.unique(clusters) itself.""",
)


@mistake
def share_of_the_largest_class(labels, clusters):
    """That is the share of the most frequent class, whatever the clusters are. Count the majority inside each
    cluster.
    """
    return np.bincount(labels).max() / len(labels)
