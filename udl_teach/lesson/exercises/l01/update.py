"""Update: move the centres."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import close, copied


def update(x, clusters, centres):
    """The means of the clusters, shape (n_clusters, n_features); an empty cluster keeps its centre."""
    ### BEGIN SOLUTION
    moved = centres.copy()
    for number in range(len(centres)):
        members = x[clusters == number]
        if len(members) > 0:
            moved[number] = members.mean(axis=0)
    return moved
    ### END SOLUTION


HINTS = (
    "Go through the centres one by one: which samples belong to this centre, and what is their mean?",
    "x[clusters == number] are the samples of one cluster, shape (members, n_features). Average over the members.",
    "What is the mean of no samples at all? Only move a centre if len(members) > 0.",
    "Begin with moved = centres.copy(); in a loop set moved[number] = members.mean(axis=0); return moved.",
)


def arguments(rng, empty=True):
    # Sizes differ from each other and from the number of features, so that a mean over the wrong axis shows.
    n_features, n_clusters = int(rng.integers(3, 5)), int(rng.integers(4, 7))
    sizes = rng.permutation(np.arange(n_clusters) * 2 + 6)
    if empty:
        sizes[rng.integers(n_clusters)] = 0
    clusters = rng.permutation(np.repeat(np.arange(n_clusters), sizes))
    middles = rng.normal(size=(n_clusters, n_features)) * 3 + 2
    x = middles[clusters] + rng.normal(size=(len(clusters), n_features))
    return x, clusters, middles + rng.normal(size=middles.shape)


empty_cluster_gives_nan = difference(
    update,
    {"if len(members) > 0:": "if True:"},
    """A centre without samples became NaN: the mean of nothing is 0/0. It would stay NaN in all later steps. Leave
    such a centre where it is.""",
)

empty_cluster_jumps_to_the_origin = difference(
    update,
    {"centres.copy()": "np.zeros_like(centres)"},
    """A centre without samples jumped to the origin, where there may be no data. Leave it where it is: start from a
    copy of the centres, not from zeros.""",
)


@mistake
def empty_cluster_is_dropped(x, clusters, centres):
    """A centre without samples is missing from your result, and the rows after it have moved up. Return one row for
    every row of centres, in the same order.
    """
    return np.stack([x[clusters == number].mean(axis=0) for number in np.unique(clusters)])


mean_over_the_wrong_axis = difference(
    update,
    {"axis=0": "axis=1"},
    """You averaged every sample over its features. A centre is a point in feature space: average over the samples of
    its cluster, axis 0.""",
)


@mistake
def mean_over_the_wrong_axis_stacked(x, clusters, centres):
    """mean(axis=1) gives one number per sample, and clusters of different sizes cannot be stacked. Average over the
    samples, axis 0: one number per feature.
    """
    return np.stack([x[clusters == number].mean(axis=1) for number in range(len(centres))])


@mistake
def mean_over_the_wrong_axis_as_a_list(x, clusters, centres):
    """Your list holds rows of different lengths, because mean(axis=1) gives one number per sample. With axis=0 every
    cluster gets one number per feature.
    """
    return np.array([x[clusters == number].mean(axis=1) for number in range(len(centres))])


one_mean_over_samples_and_features = difference(
    update,
    {"axis=0": ""},
    "mean() without an axis averages a whole cluster to one number. A centre has one number per feature: axis=0.",
)


@mistake
def one_mean_over_samples_and_features_as_a_list(x, clusters, centres):
    """Each of your centres is a single number, because mean() without an axis averages over samples and features alike.
    Average over the samples alone, axis 0: one number per feature.
    """
    return np.array([x[clusters == number].mean() for number in range(len(centres))])


sum_instead_of_mean = difference(
    update,
    {"members.mean": "members.sum"},
    "You added up the samples of a cluster without dividing by their number.",
)

divided_by_all_samples = difference(
    update,
    {"members.mean(axis=0)": "members.sum(axis=0) / len(x)"},
    """You divided by the number of all samples. A centre is the mean of its own samples: divide by the size of the
    cluster.""",
)

median = difference(
    update,
    {"members.mean(axis=0)": "np.median(members, axis=0)"},
    """You took the median, which makes the sum of absolute differences smallest. k-means uses squared differences,
    whose sum is smallest at the mean.""",
)


@mistake
def centres_are_not_moved(x, clusters, centres):
    """Your centres have not moved. Replace every centre that has samples by the mean of its samples."""
    return centres


def judge(function, rng):
    # Several slips at once: where no cluster is empty, only what is wrong with the mean itself remains.
    draws = [arguments(rng, empty=False) for _ in range(3)]
    results = [function(*copied(draw)) for draw in draws]
    if all(close(got, update(*draw)) for got, draw in zip(results, draws)):
        draw = arguments(rng)
        if not close(function(*copied(draw)), update(*draw)):
            raise Wrong(
                "Your centres are right if every cluster has samples. A centre without samples must stay where it is."
            )
        return
    for each in (
        one_mean_over_samples_and_features,
        one_mean_over_samples_and_features_as_a_list,
        sum_instead_of_mean,
        divided_by_all_samples,
        median,
        centres_are_not_moved,
    ):
        if all(close(got, each(*draw)) for got, draw in zip(results, draws)):
            raise Wrong(each.hint)
