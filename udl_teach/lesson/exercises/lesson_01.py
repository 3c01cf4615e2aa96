"""Exercises of lesson 01: principal directions, explained variance, both halves of Lloyd's algorithm, purity."""

import numpy as np

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import as_array, close


def principal_directions(x, n_components):
    """Directions of largest variance, one a row, by falling variance: shape (n_components, n_features)."""
    centred = x - x.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    return directions[:n_components]


def explained_variance_ratio(x, n_components):
    """Share of the whole variance along each of the first directions, shape (n_components,)."""
    centred = x - x.mean(axis=0)
    singular_values = np.linalg.svd(centred, compute_uv=False)
    variances = singular_values**2
    return variances[:n_components] / variances.sum()


def assign(x, centres):
    """Number of the nearest centre for every sample, shape (n_samples,)."""
    differences = x[:, None, :] - centres[None, :, :]
    distances = (differences**2).sum(axis=2)
    return distances.argmin(axis=1)


def update(x, clusters, centres):
    """Every centre at the mean of its samples, shape (n_clusters, n_features); one without samples stays."""
    moved = centres.copy()
    for number in range(len(centres)):
        members = x[clusters == number]
        if len(members) > 0:
            moved[number] = members.mean(axis=0)
    return moved


def purity(labels, clusters):
    """Share of samples that belong to the most frequent class of their cluster."""
    in_majority = 0
    for number in np.unique(clusters):
        counts = np.bincount(labels[clusters == number])
        in_majority += counts.max()
    return in_majority / len(labels)


def _cloud(rng):
    # Far from the origin and with variances well apart, so that centring and order matter on every draw.
    n_samples, n_features, n_components = rng.integers(30, 50), rng.integers(5, 8), rng.integers(2, 4)
    rotation = np.linalg.qr(rng.normal(size=(n_features, n_features)))[0]
    spread = 4.0 * 0.6 ** np.arange(n_features)
    middle = rng.uniform(3, 8, n_features) * rng.choice([-1, 1], n_features)
    return (rng.normal(size=(n_samples, n_features)) * spread @ rotation + middle, int(n_components))


def _up_to_sign(got, wanted):
    # A direction and its opposite are equally good. There are never more directions than features, so each lies along
    # the longer axis, also in a result that is transposed.
    got, wanted = as_array(got), as_array(wanted)
    if got is None or got.shape != wanted.shape or got.ndim != 2:
        return close(got, wanted)
    along = int(got.shape[1] >= got.shape[0])
    opposite = (got * wanted).sum(axis=along, keepdims=True) < 0
    return close(np.where(opposite, -got, got), wanted)


def _svd(x):
    return np.linalg.svd(x - x.mean(axis=0), full_matrices=False)


_DIRECTIONS = Exercise(
    number="01.1",
    title="Principal directions",
    solution=principal_directions,
    arguments=_cloud,
    compare=_up_to_sign,
    mistakes=(
        Mistake(
            "not centred",
            lambda x, k: np.linalg.svd(x, full_matrices=False)[2][:k],
            "You decomposed x as it is. Then the first direction points from the origin to the middle of the cloud: it "
            "says where the cloud is, not how it spreads. Subtract the mean of every feature first.",
        ),
        Mistake(
            "centred over the wrong axis",
            lambda x, k: np.linalg.svd(x - x.mean(axis=1, keepdims=True), full_matrices=False)[2][:k],
            "You subtracted from every sample its own mean. Wanted is the mean of every feature, taken down the "
            "columns: x.mean(axis=0).",
        ),
        Mistake(
            "centred over the wrong axis, shapes do not fit",
            lambda x, k: np.linalg.svd(x - x.mean(axis=1), full_matrices=False)[2][:k],
            "x.mean(axis=1) is one number a sample; centring needs one number a feature, x.mean(axis=0).",
        ),
        Mistake(
            "one grand mean",
            lambda x, k: np.linalg.svd(x - x.mean(), full_matrices=False)[2][:k],
            "You subtracted one mean over everything. Every feature has a mean of its own: give mean the axis that "
            "runs over the samples.",
        ),
        Mistake(
            "standardized as well",
            lambda x, k: np.linalg.svd((x - x.mean(axis=0)) / x.std(axis=0), full_matrices=False)[2][:k],
            "You also divided by the standard deviations. Sometimes that is wise (see the end of this lesson), but it "
            "is another question: here only subtract the mean.",
        ),
        Mistake(
            "columns of V' instead of rows",
            lambda x, k: _svd(x)[2][:, :k],
            "You cut columns out of the third result. NumPy hands back V', already transposed: every ROW of it is a "
            "direction, so take its first n_components rows.",
        ),
        Mistake(
            "V' transposed again",
            lambda x, k: _svd(x)[2].T[:k],
            "The third result of np.linalg.svd is V', already transposed; you transposed it once more, and its rows "
            "are no directions any longer. Leave out the .T.",
        ),
        Mistake(
            "directions as columns",
            lambda x, k: _svd(x)[2][:k].T,
            "You have the right directions as columns. Here they are wanted as rows, shape (n_components, n_features): "
            "leave out the last transposition.",
        ),
        Mistake(
            "rows of U",
            lambda x, k: _svd(x)[0][:k],
            "You took the first result, U. Its rows belong to samples; the directions live in feature space and are "
            "the rows of the third result.",
        ),
        Mistake(
            "columns of U",
            lambda x, k: _svd(x)[0][:, :k].T,
            "You took columns of U, which have one number a sample. A direction has one number a feature: look in the "
            "third result of np.linalg.svd.",
        ),
        Mistake(
            "columns of U, not turned",
            lambda x, k: _svd(x)[0][:, :k],
            "You returned columns of U, the first result: they say where each sample lies along a direction, not where "
            "the direction points. The directions are the rows of the third result, V'.",
        ),
        Mistake(
            "all of U",
            lambda x, k: _svd(x)[0],
            "You returned the first result, U, which has one row a sample. The directions are the rows of the third "
            "result, and of these the first n_components.",
        ),
        Mistake(
            "all directions",
            lambda x, k: _svd(x)[2],
            "These are the right directions, but all of them: take the first n_components.",
        ),
        Mistake(
            "unsorted: smallest first",
            lambda x, k: _svd(x)[2][::-1][:k],
            "Your directions come by rising variance, so the first is the one along which the data vary least. "
            "np.linalg.eigh sorts that way; np.linalg.svd sorts the largest first.",
        ),
        Mistake(
            "the last ones",
            lambda x, k: _svd(x)[2][-k:],
            "You took the last directions, along which the data hardly vary. The largest variances come first.",
        ),
        Mistake(
            "directions times singular values",
            lambda x, k: (_svd(x)[1][:, None] * _svd(x)[2])[:k],
            "Your directions are multiplied by their singular values. A direction has length 1: return the rows of V' "
            "as they are.",
        ),
        Mistake(
            "codes instead of directions",
            lambda x, k: (x - x.mean(axis=0)) @ _svd(x)[2][:k].T,
            "You went one step further and projected the samples: these are their codes. Return the directions.",
        ),
    ),
    hints=(
        "Two moves: bring the middle of the cloud to the origin, then decompose what is left.",
        "x - x.mean(axis=0) centres; np.linalg.svd(..., full_matrices=False) returns three things: U, S and V'.",
        "The rows of the third result are the directions, the one of largest variance first. How many are wanted?",
        "return directions[:n_components], where _, _, directions = np.linalg.svd(x - x.mean(axis=0), ...)",
    ),
)


def _values(x):
    return np.linalg.svd(x - x.mean(axis=0), compute_uv=False)


def _share(variances, k):
    return variances[:k] / variances.sum()


_EXPLAINED = Exercise(
    number="01.2",
    title="Explained variance ratio",
    solution=explained_variance_ratio,
    arguments=_cloud,
    mistakes=(
        Mistake(
            "singular values not squared",
            lambda x, k: _share(_values(x), k),
            "You took shares of the singular values themselves. They are in the unit of the data, like a standard "
            "deviation; a variance is their square. Square them before you divide.",
        ),
        Mistake(
            "squared below the line only",
            lambda x, k: _values(x)[:k] / (_values(x) ** 2).sum(),
            "You squared the singular values in the sum, but not those that you divide by it. A share is variance by "
            "variance: square both.",
        ),
        Mistake(
            "squared above the line only",
            lambda x, k: _values(x)[:k] ** 2 / _values(x).sum(),
            "You squared the singular values, but divided by the sum of those that are not squared. The whole variance "
            "is the sum of the squares.",
        ),
        Mistake(
            "not centred",
            lambda x, k: _share(np.linalg.svd(x, compute_uv=False) ** 2, k),
            "You did not centre: most of your first share is the distance of the cloud from the origin, which is no "
            "variance at all. Subtract the mean of every feature first.",
        ),
        Mistake(
            "not centred, not squared",
            lambda x, k: _share(np.linalg.svd(x, compute_uv=False), k),
            "Two things are missing: subtract the mean of every feature before the decomposition, and square the "
            "singular values after it.",
        ),
        Mistake(
            "centred over the wrong axis",
            lambda x, k: _share(np.linalg.svd(x - x.mean(axis=1, keepdims=True), compute_uv=False) ** 2, k),
            "You subtracted from every sample its own mean; centring takes the mean of every feature, over axis 0.",
        ),
        Mistake(
            "shares of what was kept",
            lambda x, k: _values(x)[:k] ** 2 / (_values(x)[:k] ** 2).sum(),
            "Your shares add up to 1 although some directions were left out. Divide by the variance along ALL "
            "directions, then cut off the first n_components.",
        ),
        Mistake(
            "unsorted: smallest first",
            lambda x, k: _share(_values(x)[::-1] ** 2, k),
            "Your shares rise: the smallest come first. np.linalg.eigvalsh sorts that way; turn them round, or take "
            "np.linalg.svd, which puts the largest first.",
        ),
        Mistake(
            "variances of the features",
            lambda x, k: _share(x.var(axis=0), k),
            "These are the shares of the first features, not of the first directions. The variance along direction i "
            "is in singular value i.",
        ),
        Mistake(
            "not divided",
            lambda x, k: _values(x)[:k] ** 2,
            "You returned the squared singular values. A ratio is a share of the whole: divide by the sum of all of "
            "them.",
        ),
        Mistake(
            "variances instead of shares",
            lambda x, k: _values(x)[:k] ** 2 / (len(x) - 1),
            "These are the variances along the directions. The ratio is their share of the whole: divide by the sum "
            "over all directions (the n - 1 then cancels).",
        ),
        Mistake(
            "added up",
            lambda x, k: np.cumsum(_share(_values(x) ** 2, k)),
            "You added the shares up on the way (cumsum). Wanted is the share of each direction alone.",
        ),
        Mistake(
            "one number for all",
            lambda x, k: _share(_values(x) ** 2, k).sum(),
            "You returned the sum of the shares. Wanted is one share for each of the first n_components directions.",
        ),
        Mistake(
            "all of them",
            lambda x, k: _share(_values(x) ** 2, None),
            "Your shares are right, but you returned those of all directions: cut off the first n_components.",
        ),
    ),
    hints=(
        "Centre and decompose as before; this time the second result, the singular values, is what counts.",
        "A singular value is in the unit of the data, a variance in its square.",
        "Share number i: the square of singular value i, divided by the sum of ALL squares, kept or not.",
        "return squares[:n_components] / squares.sum()",
    ),
)


def _samples_and_centres(rng):
    n_samples, n_features, n_clusters = rng.integers(30, 45), rng.integers(3, 5), rng.integers(5, 8)
    return rng.normal(size=(n_samples, n_features)) * 2 + 1, rng.normal(size=(n_clusters, n_features)) * 2 + 1


def _differences(x, centres):
    return x[:, None, :] - centres[None, :, :]


_ASSIGN = Exercise(
    number="01.3",
    title="Assign: the nearest centre",
    solution=assign,
    arguments=_samples_and_centres,
    mistakes=(
        Mistake(
            "nearest sample of every centre",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=2).argmin(axis=0),
            "You asked every centre for its nearest sample, and got one answer a centre. Ask every sample for its "
            "nearest centre: the smallest along the axis that runs over the centres.",
        ),
        Mistake(
            "summed over the centres",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=1).argmin(axis=1),
            "You summed over the centres, so what you compare are features. A distance sums over the features: the "
            "differences have shape (samples, centres, features), and features are the last axis.",
        ),
        Mistake(
            "summed over the samples",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=0).argmin(axis=1),
            "You summed over the samples (axis 0), so they are gone. A distance sums over the features, the last axis.",
        ),
        Mistake(
            "farthest centre",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=2).argmax(axis=1),
            "You chose the farthest centre. The nearest is where the distance is smallest.",
        ),
        Mistake(
            "differences not squared",
            lambda x, c: _differences(x, c).sum(axis=2).argmin(axis=1),
            "You added up differences with their signs, so that +3 and -3 make 0. Square them before you add.",
        ),
        Mistake(
            "summed before it was made positive",
            lambda x, c: np.abs(_differences(x, c).sum(axis=2)).argmin(axis=1),
            "You added up differences with their signs first, and made only the sum positive. By then +3 and -3 have "
            "become 0: square each difference, then add.",
        ),
        Mistake(
            "sum forgotten",
            lambda x, c: (_differences(x, c) ** 2).argmin(axis=1),
            "You asked for the nearest centre in every feature by itself, and got one answer a feature. Sum the "
            "squares over the features (the last axis) first: that is the distance.",
        ),
        Mistake(
            "city-block distance",
            lambda x, c: np.abs(_differences(x, c)).sum(axis=2).argmin(axis=1),
            "You added up absolute differences. That is a distance too (city-block), but the mean, to which the "
            "centres move, belongs to squared ones; with others Lloyd's algorithm may go round in circles.",
        ),
        Mistake(
            "all distances",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=2),
            "These are the squared distances, and they are right. Wanted is, for every sample, the number of the "
            "centre where its distance is smallest.",
        ),
        Mistake(
            "the smallest distance",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=2).min(axis=1),
            "You returned the smallest distance itself. Wanted is which centre it belongs to: argmin, not min.",
        ),
        Mistake(
            "argmin over everything",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=2).argmin(),
            "argmin without an axis looks at the whole table and answers once. Every sample needs an answer: say along "
            "which axis.",
        ),
        Mistake(
            "largest product",
            lambda x, c: (x @ c.T).argmax(axis=1),
            "You compared products x @ centres.T. They favour centres far from the origin; distance also needs the "
            "length of the centre. Square the differences instead.",
        ),
        Mistake(
            "counted from 1",
            lambda x, c: (_differences(x, c) ** 2).sum(axis=2).argmin(axis=1) + 1,
            "You counted the centres from 1. Their numbers are used to look them up, so count from 0.",
        ),
        Mistake(
            "samples paired with centres row by row",
            lambda x, c: ((x - c) ** 2).sum(axis=1),
            "x - centres pairs row with row, and there are not as many centres as samples. x[:, None, :] - "
            "centres[None, :, :] pairs every sample with every centre.",
        ),
    ),
    hints=(
        "You need a table of squared distances first: one row a sample, one column a centre.",
        "x[:, None, :] - centres[None, :, :] has shape (samples, centres, features): every sample minus every centre.",
        "Square it and sum over the features (the last axis). What is left has shape (samples, centres).",
        "argmin along the axis of the centres says at which place the smallest stands: distances.argmin(axis=1).",
    ),
)


def _assigned(rng, empty=True):
    # Sizes differ from each other and from the number of features, so that a mean over the wrong axis shows.
    n_features, n_clusters = int(rng.integers(3, 5)), int(rng.integers(4, 7))
    sizes = rng.permutation(np.arange(n_clusters) * 2 + 6)
    if empty:
        sizes[rng.integers(n_clusters)] = 0
    clusters = rng.permutation(np.repeat(np.arange(n_clusters), sizes))
    middles = rng.normal(size=(n_clusters, n_features)) * 3 + 2
    x = middles[clusters] + rng.normal(size=(len(clusters), n_features))
    return x, clusters, middles + rng.normal(size=middles.shape)


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


def _look_without_empty_clusters(submission, rng):
    # Several slips at once: where no cluster is empty, only what is wrong with the mean itself remains.
    draws = [_assigned(rng, empty=False) for _ in range(3)]
    results = [submission(*(part.copy() for part in draw)) for draw in draws]
    if all(close(got, update(*draw)) for got, draw in zip(results, draws, strict=True)):
        draw = _assigned(rng)
        if not close(submission(*(part.copy() for part in draw)), update(*draw)):
            raise Wrong(
                "Your centres are right as long as every cluster has samples. One that has none must stay where it is."
            )
        return
    for mistake in _UPDATE_MISTAKES[6:]:
        if all(close(got, mistake.function(*draw)) for got, draw in zip(results, draws, strict=True)):
            raise Wrong(mistake.hint)


_UPDATE = Exercise(
    number="01.4",
    title="Update: move the centres",
    solution=update,
    arguments=_assigned,
    mistakes=_UPDATE_MISTAKES,
    judge=_look_without_empty_clusters,
    hints=(
        "Go through the centres one by one: which samples are its own, and where is their mean?",
        "x[clusters == number] are the samples of one cluster, shape (members, n_features). Average over the members.",
        "What is the mean of no samples at all? Only move a centre if len(members) > 0.",
        "Begin with moved = centres.copy(); in a loop set moved[number] = members.mean(axis=0); return moved.",
    ),
)


def _classes_and_clusters(rng):
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


def _table(labels, clusters):
    numbers, clusters = np.unique(clusters, return_inverse=True)
    table = np.zeros((labels.max() + 1, len(numbers)))
    np.add.at(table, (labels, clusters), 1)
    return table


def _majorities(labels, clusters, numbers):
    return sum(np.bincount(labels[clusters == number]).max() for number in numbers) / len(labels)


def _matched_one_to_one(labels, clusters):
    from scipy.optimize import linear_sum_assignment

    table = _table(labels, clusters)
    return table[linear_sum_assignment(table, maximize=True)].sum() / len(labels)


_PURITY = Exercise(
    number="01.5",
    title="Purity",
    solution=purity,
    arguments=_classes_and_clusters,
    mistakes=(
        Mistake(
            "cluster and class swapped",
            lambda y, j: _table(y, j).max(axis=1).sum() / len(y),
            "You took, for every class, its largest cluster. It is the other way round: for every cluster, its most "
            "frequent class. (Yours would be 1 if everything lay in one cluster.)",
        ),
        Mistake(
            "divided by the number of clusters",
            lambda y, j: _table(y, j).max(axis=0).sum() / len(np.unique(j)),
            "You divided by the number of clusters. Purity is a share of the samples: divide by how many samples there "
            "are.",
        ),
        Mistake(
            "mean of the clusters' shares",
            lambda y, j: (_table(y, j).max(axis=0) / _table(y, j).sum(axis=0)).mean(),
            "You averaged the shares of the clusters, so that a cluster of three samples counts as much as one of "
            "three hundred. Add up the majorities and divide once, by the number of samples.",
        ),
        Mistake(
            "one-to-one matching",
            _matched_one_to_one,
            "You gave every class at most one cluster. That is clustering accuracy, a stricter measure; in purity "
            "several clusters may have the same majority class.",
        ),
        Mistake(
            "compared the numbers themselves",
            lambda y, j: (y == j).mean(),
            "You compared cluster numbers with class numbers. Cluster 3 need not be the digit 3: the numbers are names "
            "that chance gave. Look which class is most frequent in each cluster.",
        ),
        Mistake(
            "not divided",
            lambda y, j: _table(y, j).max(axis=0).sum(),
            "You counted the samples in the majority; purity is their share. Divide by the number of samples.",
        ),
        Mistake(
            "divided by the number of classes",
            lambda y, j: _table(y, j).max(axis=0).sum() / len(np.unique(y)),
            "You divided by the number of classes. Purity is a share of the samples: divide by len(labels).",
        ),
        Mistake(
            "which class instead of how many",
            lambda y, j: _table(y, j).argmax(axis=0).sum() / len(y),
            "You added up the numbers of the majority classes (argmax). Wanted is how many samples they have: max.",
        ),
        Mistake(
            "one cluster for every class",
            lambda y, j: _majorities(y, j, np.unique(y)),
            "You go through the numbers of the classes, but choose samples by their cluster (clusters == number). "
            "There may be more clusters than classes: go through the numbers of the clusters.",
        ),
        Mistake(
            "counted up, over a missing number",
            lambda y, j: _majorities(y, j, range(len(np.unique(j)))),
            "You count the clusters up from 0 and come to a number that no sample has. The numbers of clusters may "
            "have gaps: go through np.unique(clusters).",
        ),
        Mistake(
            "counted up, the last cluster missed",
            lambda y, j: _majorities(y, j, np.intersect1d(j, np.arange(len(np.unique(j))))),
            "You go through as many numbers as there are clusters, counted from 0. But their numbers may have gaps, "
            "and then the last cluster is missed: go through np.unique(clusters) itself.",
        ),
        Mistake(
            "share of the largest class",
            lambda y, j: np.bincount(y).max() / len(y),
            "That is the share of the most frequent class, whatever the clusters are. Count the majority inside each "
            "cluster.",
        ),
    ),
    hints=(
        "Look at one cluster at a time: which class is the most frequent in it, and how many samples are of it?",
        "labels[clusters == number] are the classes in one cluster; np.bincount counts each of them.",
        "Add up the largest count of every cluster. A share of what should come out?",
        "return in_majority / len(labels), with in_majority += np.bincount(...).max() for each of np.unique(clusters)",
    ),
)


EXERCISES = (_DIRECTIONS, _EXPLAINED, _ASSIGN, _UPDATE, _PURITY)
