"""Assign: the nearest centre."""

from udl_teach.lesson.exercise import difference, mistake


def assign(x, centres):
    """The number of the nearest row of centres (n_clusters, n_features) for every row of x, shape (n_samples,)."""
    ### BEGIN SOLUTION
    differences = x[:, None, :] - centres[None, :, :]
    distances = (differences**2).sum(axis=2)
    return distances.argmin(axis=1)
    ### END SOLUTION


HINTS = (
    "You need a table of squared distances first: one row per sample, one column per centre.",
    "x[:, None, :] - centres[None, :, :] has shape (samples, centres, features): every sample minus every centre.",
    "Square it and sum over the features (the last axis). What is left has shape (samples, centres).",
    "argmin along the axis of the centres says at which place the smallest stands: distances.argmin(axis=1).",
)


def arguments(rng):
    n_samples, n_features, n_clusters = rng.integers(30, 45), rng.integers(3, 5), rng.integers(5, 8)
    return rng.normal(size=(n_samples, n_features)) * 2 + 1, rng.normal(size=(n_clusters, n_features)) * 2 + 1


nearest_sample_of_every_centre = difference(
    assign,
    {"argmin(axis=1)": "argmin(axis=0)"},
    """You asked every centre for its nearest sample, and got one answer per centre. Ask every sample for its nearest
    centre: the smallest along the axis that runs over the centres.""",
)

summed_over_the_centres = difference(
    assign,
    {"sum(axis=2)": "sum(axis=1)"},
    """You summed over the centres, so what you compare are features. A distance sums over the features: the differences
    have shape (samples, centres, features), and features are the last axis.""",
)

summed_over_the_samples = difference(
    assign,
    {"sum(axis=2)": "sum(axis=0)"},
    "You summed over the samples (axis 0), so they are gone. A distance sums over the features, the last axis.",
)

farthest_centre = difference(
    assign,
    {"argmin": "argmax"},
    "You chose the farthest centre. The nearest is where the distance is smallest.",
)

differences_not_squared = difference(
    assign,
    {"(differences**2)": "differences"},
    "You added up differences with their signs, so that +3 and -3 make 0. Square them before you add.",
)

summed_before_it_was_made_positive = difference(
    assign,
    {"(differences**2).sum(axis=2)": "abs(differences.sum(axis=2))"},
    """You added up differences with their signs first, and made only the sum positive. By then +3 and -3 have become 0:
    square each difference, then add.""",
)

sum_forgotten = difference(
    assign,
    {".sum(axis=2)": ""},
    """You asked for the nearest centre in every feature by itself, and got one answer per feature. Sum the squares over
    the features (the last axis) first: that is the distance.""",
)

city_block_distance = difference(
    assign,
    {"(differences**2)": "abs(differences)"},
    """You added up absolute differences. That is a distance too (city-block), but the mean, to which the centres move,
    belongs to squared ones; with others Lloyd's algorithm may go round in circles.""",
)

all_distances = difference(
    assign,
    {".argmin(axis=1)": ""},
    """These are the squared distances, and they are right. Wanted is, for every sample, the number of the centre where
    its distance is smallest.""",
)

the_smallest_distance = difference(
    assign,
    {"argmin": "min"},
    "You returned the smallest distance itself. Wanted is which centre it belongs to: argmin, not min.",
)

argmin_over_everything = difference(
    assign,
    {"argmin(axis=1)": "argmin()"},
    """argmin without an axis looks at the whole table and answers once. Every sample needs an answer: say along which
    axis.""",
)


@mistake
def largest_product(x, centres):
    """You compared products x @ centres.T. They favour centres far from the origin; distance also needs the length of
    the centre. Square the differences instead.
    """
    return (x @ centres.T).argmax(axis=1)


@mistake
def counted_from_1(x, centres):
    """You counted the centres from 1. Their numbers are used to look them up, so count from 0."""
    return assign(x, centres) + 1


@mistake
def samples_paired_with_centres_row_by_row(x, centres):
    """x - centres pairs row with row, and there are not as many centres as samples. x[:, None, :] - centres[None, :, :]
    pairs every sample with every centre.
    """
    return ((x - centres) ** 2).sum(axis=1)
