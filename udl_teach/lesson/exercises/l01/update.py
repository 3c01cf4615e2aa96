"""Update: move the centres."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import close


def update(x, clusters, centres):
    """Every centre moved to the mean of its samples, shape (n_clusters, n_features); one without samples stays."""
    ### BEGIN SOLUTION
    moved = centres.copy()
    for number in range(len(centres)):
        members = x[clusters == number]
        if len(members) > 0:
            moved[number] = members.mean(axis=0)
    return moved
    ### END SOLUTION


def _moved(mean):
    """An update in which the mean is replaced by something else, and which leaves empty clusters alone."""

    def wrong(x, clusters, centres):
        moved = centres.copy()
        for number in range(len(centres)):
            if (clusters == number).any():
                moved[number] = mean(x[clusters == number])
        return moved

    return wrong


def _sums(x, clusters, centres):
    return np.stack([x[clusters == number].sum(axis=0) for number in range(len(centres))])


def _not_a_number(x, clusters, centres):
    with np.errstate(invalid="ignore"):
        return _sums(x, clusters, centres) / np.bincount(clusters, minlength=len(centres))[:, None]


_UPDATE_MISTAKES = (
    Mistake(
        "empty cluster gives NaN",
        _not_a_number,
        "A centre without samples became NaN: the mean of nothing is 0/0. From then on it is at no distance from "
        "anything, and what it holds is lost. Leave such a centre where it is.",
    ),
    Mistake(
        "empty cluster jumps to the origin",
        lambda x, j, c: _sums(x, j, c) / np.maximum(np.bincount(j, minlength=len(c)), 1)[:, None],
        "A centre without samples jumped to the origin, where perhaps no data are. Leave it where it is: begin with a "
        "copy of the centres, not with zeros.",
    ),
    Mistake(
        "empty cluster is dropped",
        lambda x, j, c: np.stack([x[j == number].mean(axis=0) for number in np.unique(j)]),
        "A centre without samples is missing from your result, and the ones behind it have moved up. Return one row "
        "for every row of centres, in the same order.",
    ),
    Mistake(
        "mean over the wrong axis",
        _moved(lambda members: members.mean(axis=1)),
        "You averaged every sample over its features. A centre is a point in feature space: average over the samples "
        "of its cluster, axis 0.",
    ),
    Mistake(
        "mean over the wrong axis, stacked",
        lambda x, j, c: np.stack([x[j == number].mean(axis=1) for number in range(len(c))]),
        "mean(axis=1) gives one number a sample, and clusters differ in size: they cannot be stacked. Average "
        "over the samples, axis 0: one number a feature.",
    ),
    Mistake(
        "mean over the wrong axis, as a list",
        lambda x, j, c: np.array([x[j == number].mean(axis=1) for number in range(len(c))]),
        "Your list holds rows of different lengths, because mean(axis=1) gives one number a sample. axis=0 gives one "
        "number a feature, as many for every cluster.",
    ),
    Mistake(
        "one mean over samples and features",
        _moved(lambda members: members.mean()),
        "mean() without an axis makes one number of a whole cluster. A centre has one number a feature: axis=0.",
    ),
    Mistake(
        "one mean over samples and features, as a list",
        lambda x, j, c: np.array([x[j == number].mean() for number in range(len(c))]),
        "Each of your centres is a single number, because mean() without an axis averages over samples and features "
        "alike. Average over the samples alone, axis 0: one number a feature.",
    ),
    Mistake(
        "sum instead of mean",
        _moved(lambda members: members.sum(axis=0)),
        "You added up the samples of a cluster without dividing by how many they are.",
    ),
    Mistake(
        "divided by all samples",
        lambda x, j, c: np.where(np.bincount(j, minlength=len(c))[:, None] > 0, _sums(x, j, c) / len(x), c),
        "You divided by the number of all samples. A centre is the mean of its own samples: divide by how many the "
        "cluster holds.",
    ),
    Mistake(
        "median",
        _moved(lambda members: np.median(members, axis=0)),
        "You took the median. It makes absolute differences small; Lloyd's algorithm is about squared ones, and these "
        "are smallest at the mean.",
    ),
    Mistake(
        "centres are not moved",
        lambda x, j, c: c,
        "Your centres have not moved. Put the mean of its samples in the place of every centre that has some.",
    ),
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


HINTS = (
    "Go through the centres one by one: which samples are its own, and where is their mean?",
    "x[clusters == number] are the samples of one cluster, shape (members, n_features). Average over the members.",
    "What is the mean of no samples at all? Only move a centre if len(members) > 0.",
    "Begin with moved = centres.copy(); in a loop set moved[number] = members.mean(axis=0); return moved.",
)


@mistake
def empty_cluster_gives_nan(x, clusters, centres):
    """A centre without samples became NaN: the mean of nothing is 0/0. From then on it is at no distance from anything,
    and what it holds is lost. Leave such a centre where it is.
    """
    return _not_a_number(x, clusters, centres)


@mistake
def empty_cluster_jumps_to_the_origin(x, j, c):
    """A centre without samples jumped to the origin, where perhaps no data are. Leave it where it is: begin with a copy
    of the centres, not with zeros.
    """
    return _sums(x, j, c) / np.maximum(np.bincount(j, minlength=len(c)), 1)[:, None]


@mistake
def empty_cluster_is_dropped(x, j, c):
    """A centre without samples is missing from your result, and the ones behind it have moved up. Return one row for
    every row of centres, in the same order.
    """
    return np.stack([x[j == number].mean(axis=0) for number in np.unique(j)])


@mistake
def mean_over_the_wrong_axis(x, clusters, centres):
    """You averaged every sample over its features. A centre is a point in feature space: average over the samples of
    its cluster, axis 0.
    """
    return _moved(lambda members: members.mean(axis=1))(x, clusters, centres)


@mistake
def mean_over_the_wrong_axis_stacked(x, j, c):
    """mean(axis=1) gives one number a sample, and clusters differ in size: they cannot be stacked. Average over the
    samples, axis 0: one number a feature.
    """
    return np.stack([x[j == number].mean(axis=1) for number in range(len(c))])


@mistake
def mean_over_the_wrong_axis_as_a_list(x, j, c):
    """Your list holds rows of different lengths, because mean(axis=1) gives one number a sample. axis=0 gives one
    number a feature, as many for every cluster.
    """
    return np.array([x[j == number].mean(axis=1) for number in range(len(c))])


@mistake
def one_mean_over_samples_and_features(x, clusters, centres):
    """mean() without an axis makes one number of a whole cluster. A centre has one number a feature: axis=0."""
    return _moved(lambda members: members.mean())(x, clusters, centres)


@mistake
def one_mean_over_samples_and_features_as_a_list(x, j, c):
    """Each of your centres is a single number, because mean() without an axis averages over samples and features alike.
    Average over the samples alone, axis 0: one number a feature.
    """
    return np.array([x[j == number].mean() for number in range(len(c))])


@mistake
def sum_instead_of_mean(x, clusters, centres):
    """You added up the samples of a cluster without dividing by how many they are."""
    return _moved(lambda members: members.sum(axis=0))(x, clusters, centres)


@mistake
def divided_by_all_samples(x, j, c):
    """You divided by the number of all samples. A centre is the mean of its own samples: divide by how many the cluster
    holds.
    """
    return np.where(np.bincount(j, minlength=len(c))[:, None] > 0, _sums(x, j, c) / len(x), c)


@mistake
def median(x, clusters, centres):
    """You took the median. It makes absolute differences small; Lloyd's algorithm is about squared ones, and these are
    smallest at the mean.
    """
    return _moved(lambda members: np.median(members, axis=0))(x, clusters, centres)


@mistake
def centres_are_not_moved(x, j, c):
    """Your centres have not moved. Put the mean of its samples in the place of every centre that has some."""
    return c


def judge(submission, rng):
    # Several slips at once: where no cluster is empty, only what is wrong with the mean itself remains.
    draws = [arguments(rng, empty=False) for _ in range(3)]
    results = [submission(*(part.copy() for part in draw)) for draw in draws]
    if all(close(got, update(*draw)) for got, draw in zip(results, draws, strict=True)):
        draw = arguments(rng)
        if not close(submission(*(part.copy() for part in draw)), update(*draw)):
            raise Wrong(
                "Your centres are right as long as every cluster has samples. One that has none must stay where it is."
            )
        return
    for mistake in _UPDATE_MISTAKES[6:]:
        if all(close(got, mistake.function(*draw)) for got, draw in zip(results, draws, strict=True)):
            raise Wrong(mistake.hint)
