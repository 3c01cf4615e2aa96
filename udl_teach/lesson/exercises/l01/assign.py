"""Assign: the nearest centre."""

from udl_teach.lesson.exercise import difference, mistake


def assign(x, centres):
    """For every row of x, the index of its nearest row in centres (n_clusters, n_features); shape (n_samples,)."""
    ### BEGIN SOLUTION
    differences = x[:, None, :] - centres[None, :, :]
    distances = (differences**2).sum(axis=2)
    return distances.argmin(axis=1)
    ### END SOLUTION


HINTS = (
    "You need a table of squared distances first: one row per sample, one column per centre.",
    "x[:, None, :] - centres[None, :, :] has shape (samples, centres, features): every sample minus every centre.",
    "Square it and sum over the features (the last axis). The result has shape (samples, centres).",
    "argmin along the axis of the centres gives the index of the smallest distance: distances.argmin(axis=1).",
)


def arguments(rng):
    n_samples, n_features, n_clusters = rng.integers(30, 45), rng.integers(3, 5), rng.integers(5, 8)
    return rng.normal(size=(n_samples, n_features)) * 2 + 1, rng.normal(size=(n_clusters, n_features)) * 2 + 1


nearest_sample_of_every_centre = difference(
    assign,
    {"argmin(axis=1)": "argmin(axis=0)"},
    """You found the nearest sample of every centre: one index per centre. Find the nearest centre of every sample: take
    argmin along the axis that runs over the centres.""",
)

summed_over_the_centres = difference(
    assign,
    {"sum(axis=2)": "sum(axis=1)"},
    """You summed over the centres and then compared features. A distance sums over the features: the differences have
    shape (samples, centres, features), and features are the last axis.""",
)

summed_over_the_samples = difference(
    assign,
    {"sum(axis=2)": "sum(axis=0)"},
    "You summed over the samples (axis 0). A distance sums over the features, the last axis.",
)

farthest_centre = difference(
    assign,
    {"argmin": "argmax"},
    "You chose the farthest centre. The nearest centre has the smallest distance: argmin.",
)

differences_not_squared = difference(
    assign,
    {"(differences**2)": "differences"},
    "You added up differences with their signs, so that +3 and -3 make 0. Square them before you add.",
)

summed_before_it_was_made_positive = difference(
    assign,
    {"(differences**2).sum(axis=2)": "abs(differences.sum(axis=2))"},
    """You added up differences with their signs and only then made the sum positive. By then +3 and -3 have become 0:
    square each difference, then add.""",
)

sum_forgotten = difference(
    assign,
    {".sum(axis=2)": ""},
    """You compared the centres in each feature separately and got one index per feature. Sum the squares over the
    features (the last axis) first: that is the squared distance.""",
)

city_block_distance = difference(
    assign,
    {"(differences**2)": "abs(differences)"},
    """You added up absolute differences. That is a distance too (city-block), but k-means moves its centres to the
    mean, which makes squared distances small. With another distance the inertia may rise.""",
)

all_distances = difference(
    assign,
    {".argmin(axis=1)": ""},
    """These are the squared distances, and they are right. Return, for every sample, the index of the centre with the
    smallest distance.""",
)

the_smallest_distance = difference(
    assign,
    {"argmin": "min"},
    "You returned the smallest distance itself. Return the index of its centre: argmin, not min.",
)

argmin_over_everything = difference(
    assign,
    {"argmin(axis=1)": "argmin()"},
    """argmin without an axis searches the whole table and returns one index. Every sample needs an index of its
    own: pass the axis.""",
)


@mistake
def largest_product(x, centres):
    """You compared products x @ centres.T. They favour centres far from the origin, because a distance also depends on
    the length of the centre. Square the differences instead.
    """
    return (x @ centres.T).argmax(axis=1)


@mistake
def counted_from_1(x, centres):
    """You counted the centres from 1. The numbers are used as indices, so count from 0."""
    return assign(x, centres) + 1


@mistake
def samples_paired_with_centres_row_by_row(x, centres):
    """x - centres pairs row with row, but there are fewer centres than samples. x[:, None, :] - centres[None, :, :]
    pairs every sample with every centre.
    """
    return ((x - centres) ** 2).sum(axis=1)
