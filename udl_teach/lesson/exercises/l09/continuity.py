"""Continuity."""

import numpy as np

from udl_teach.lesson.exercise import difference, mistake


def continuity(data_ranks, map_ranks, k):
    """Continuity at k neighbours.

    data_ranks[i, j] is the place of sample j among the neighbours of sample i in the data, 1 for the nearest and 0 for
    i itself; map_ranks is the same in the map. Both have shape (n, n).
    """
    ### BEGIN SOLUTION
    n = len(data_ranks)
    near_in_data = data_ranks <= k
    excess = np.maximum(map_ranks - k, 0)
    return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * excess[near_in_data].sum()
    ### END SOLUTION


HINTS = (
    "Which pairs count? Those that are neighbours in the data: data_ranks <= k, a table of True and False.",
    "What does such a pair cost? How far its place in the map lies beyond k, and nothing if it lies within: "
    "np.maximum(map_ranks - k, 0).",
    "Add up the costs of the pairs that count: excess[near_in_data].sum().",
    "The sample itself has place 0 in both tables and costs nothing. Then scale: 1 - 2 / (n k (2n - 3k - 1)) * sum.",
)


def arguments(rng):
    # A map that differs much, and not alike in both directions: it drops one dimension and tears another.
    n, k = int(rng.integers(26, 36)), int(rng.integers(4, 7))
    x = rng.normal(size=(n, 4))
    z = np.where(x[:, :1] > 0.2, x[:, :2] + 6, x[:, :2])
    return _ranks(x), _ranks(z), k


def _ranks(points):
    distances = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(distances, -1)
    return distances.argsort(axis=1).argsort(axis=1)


@mistake
def trustworthiness(data_ranks, map_ranks, k):
    """You exchanged data and map: this is the trustworthiness, which counts neighbours in the map that are far apart
    in the data. Continuity starts from neighbours in the data and looks up their places in the map.
    """
    return continuity(map_ranks, data_ranks, k)


both_from_the_data = difference(
    continuity,
    {"map_ranks - k": "data_ranks - k"},
    """You take both the neighbours and their places from the data, so nothing ever costs anything. The places that
    cost are those in the map.""",
)

rank_without_minus_k = difference(
    continuity,
    {"np.maximum(map_ranks - k, 0)": "map_ranks * (map_ranks > k)"},
    """You charge the whole place in the map. A neighbour that comes just after the first k costs 1 only: subtract
    k.""",
)

credit_for_the_kept = difference(
    continuity,
    {"np.maximum(map_ranks - k, 0)": "map_ranks - k"},
    """Neighbours that the map keeps give you a negative cost, which hides the torn ones. Cut the cost off at 0:
    np.maximum(map_ranks - k, 0).""",
)

counted_instead_of_charged = difference(
    continuity,
    {"np.maximum(map_ranks - k, 0)": "(map_ranks > k)"},
    """You count the lost neighbours. Continuity weights them: a neighbour that is drawn farther away costs more, its
    place minus k.""",
)

every_pair = difference(
    continuity,
    {"excess[near_in_data].sum()": "excess.sum()"},
    """You charge all pairs. Only neighbours in the data can be torn apart: restrict the sum to data_ranks <= k.""",
)

one_neighbour_too_few = difference(
    continuity,
    {"data_ranks <= k": "data_ranks < k"},
    """You left out the k-th neighbour. The places count from 1, because the sample itself has place 0: data_ranks <=
    k.""",
)

scale_forgotten = difference(
    continuity,
    {"2 / (n * k * (2 * n - 3 * k - 1)) * ": ""},
    """The factor in front of the sum is missing. It makes the result 1 for a perfect map and about 0.5 for a random
    one.""",
)

mean_cost = difference(
    continuity,
    {"2 / (n * k * (2 * n - 3 * k - 1))": "1 / (n * k)"},
    """You averaged the costs over the n k neighbours. The factor of continuity also divides by how large a cost can
    be: 2 / (n k (2n - 3k - 1)).""",
)

one_minus_forgotten = difference(
    continuity,
    {"1 - 2 /": "2 /"},
    """This is the loss of continuity, 0 for a perfect map. Subtract it from 1.""",
)


@mistake
def share_of_kept_neighbours(data_ranks, map_ranks, k):
    """You returned the share of neighbours that the map keeps. It is a fair measure too, but one that treats a
    neighbour in place k + 1 like one at the far end. Continuity charges how far beyond k the place lies.
    """
    near = (data_ranks <= k) & (data_ranks > 0)
    return (map_ranks[near] <= k).mean()
