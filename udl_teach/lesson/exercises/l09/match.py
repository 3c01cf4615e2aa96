"""Matching clusters to classes."""

from itertools import permutations

import numpy as np
from scipy.optimize import linear_sum_assignment

from udl_teach.lesson.exercise import difference, mistake


def match(table):
    """The class of every cluster, shape (K,), each class used once, so that as many samples as possible agree.

    table is (K, K): table[c, k] counts the samples of class c in cluster k.
    """
    ### BEGIN SOLUTION
    classes, clusters = linear_sum_assignment(table, maximize=True)
    class_of = np.empty(len(table), dtype=int)
    class_of[clusters] = classes
    return class_of
    ### END SOLUTION


HINTS = (
    "There are too many matchings to try them all. linear_sum_assignment(table, maximize=True) finds the best one.",
    "It returns two arrays, rows and columns: class rows[i] is matched with cluster columns[i]. The rows come in "
    "order, the columns do not.",
    "You need the class of cluster 0, of cluster 1, and so on. Make an array and write each class at the place of its "
    "cluster.",
    "class_of = np.empty(len(table), dtype=int); class_of[clusters] = classes.",
)


def arguments(rng):
    # Drawn again until the best matching is unique and differs from all that is mistaken for it.
    while True:
        size = int(rng.integers(4, 6))
        table = rng.integers(0, 60, (size, size))
        totals = sorted(table[list(order), range(size)].sum() for order in permutations(range(size)))
        right = match(table)
        others = [other(table) for other in (one_by_one, majority_of_each_cluster, cluster_of_every_class)]
        if totals[-1] > totals[-2] and all(list(other) != list(right) for other in others):
            return (table,)


@mistake
def majority_of_each_cluster(table):
    """You gave each cluster its most frequent class, so a class may be used twice. That counts purity. For the
    accuracy every class has one cluster: let linear_sum_assignment match them.
    """
    return table.argmax(axis=0)


@mistake
def cluster_of_every_class(table):
    """You returned the cluster of every class; asked for is the class of every cluster. Write each class at the place
    of its cluster: class_of[clusters] = classes.
    """
    return linear_sum_assignment(table, maximize=True)[1]


@mistake
def one_by_one(table):
    """You matched one by one, the largest count first. An early match can cost more than it brings, because it takes
    a class that another cluster needs. linear_sum_assignment looks at all pairs together.
    """
    left, class_of = table.astype(float), np.empty(len(table), dtype=int)
    for _ in range(len(table)):
        row, column = np.unravel_index(left.argmax(), left.shape)
        class_of[column] = row
        left[row], left[:, column] = -1, -1
    return class_of


smallest_total = difference(
    match,
    {"maximize=True": "maximize=False"},
    """You found the matching with the fewest samples in agreement: linear_sum_assignment minimizes a cost unless you
    pass maximize=True.""",
)


@mistake
def smallest_total_cluster_of_every_class(table):
    """Two things: linear_sum_assignment minimizes unless you pass maximize=True, and its second array holds the
    cluster of every class, not the class of every cluster.
    """
    return linear_sum_assignment(table)[1]


@mistake
def rows_as_they_come(table):
    """You returned the first array, and the classes always come in order there: 0, 1, 2, ... Use the second array to
    write each class at the place of its cluster.
    """
    return linear_sum_assignment(table, maximize=True)[0]


@mistake
def how_many_agree(table):
    """You returned how many samples agree. Return the matching itself: the class of every cluster."""
    return table[linear_sum_assignment(table, maximize=True)].sum()
