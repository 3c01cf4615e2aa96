"""Coverage."""

import numpy as np
from scipy.spatial.distance import cdist

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.judging import one_number


def coverage(real, generated, k):
    """Share of the real samples that have a generated one no farther away than their k-th nearest real neighbour."""
    ### BEGIN SOLUTION
    radius = np.sort(cdist(real, real), axis=1)[:, k]  # place 0 is the sample itself
    nearest = cdist(real, generated).min(axis=1)
    return (nearest <= radius).mean()
    ### END SOLUTION


HINTS = (
    "Around each real sample there is a circle that reaches to its k-th nearest real neighbour. What share of the "
    "circles contains at least one generated sample?",
    "cdist(a, b) contains the distance of every row of a to every row of b, shape (len(a), len(b)). You need it "
    "twice: real to real, and real to generated.",
    "radius = np.sort(cdist(real, real), axis=1)[:, k]: place 0 is the sample itself, place k its k-th neighbour.",
    "nearest = cdist(real, generated).min(axis=1), then return (nearest <= ...).mean()",
)


def arguments(rng):
    # Three groups of real samples; the generated ones leave one out, crowd another, and a few are far from all.
    n_features = int(rng.integers(2, 5))
    middles = 5 * rng.normal(size=(3, n_features))
    real = np.concatenate(
        [
            m + s * rng.normal(size=(n, n_features))
            for m, s, n in zip(middles, (0.5, 1.0, 1.5), (17, 25, 30), strict=True)
        ]
    )
    generated = np.concatenate(
        [
            middles[1] + 0.8 * rng.normal(size=(int(rng.integers(14, 22)), n_features)),
            middles[2] + 0.5 * rng.normal(size=(9, n_features)),
            middles[2] + 4.0 * rng.normal(size=(24, n_features)),
        ]
    )
    return rng.permutation(real), rng.permutation(generated), int(rng.integers(3, 6))


agree = one_number


direction_of_precision = difference(
    coverage,
    {"(nearest <= radius)": "(cdist(real, generated) <= radius[:, None]).any(axis=0)"},
    """This is precision: the share of the generated samples that lie in the circle of some real one. Coverage asks
    each real sample whether a generated one lies in its circle.""",
)

radius_of_the_generated_samples = difference(
    coverage,
    {
        "cdist(real, real)": "cdist(generated, generated)",
        "(nearest <= radius)": "(cdist(real, generated) <= radius).any(axis=1)",
    },
    """This is recall: your circles are drawn around the generated samples. One generated sample far from all others has
    a huge circle and covers half of the data. Draw the circles around the real samples.""",
)

the_sample_counted_as_its_own_neighbour = difference(
    coverage,
    {"[:, k]": "[:, k - 1]"},
    """Each real sample is its own nearest, at distance 0, and you counted it among the k: your circles reach to the
    (k - 1)-th neighbour. In a sorted row of distances the k-th neighbour is at place k.""",
)

one_neighbour_too_far = difference(
    coverage,
    {"[:, k]": "[:, k + 1]"},
    """Your circles reach to the (k + 1)-th neighbour. In a sorted row the sample itself is at place 0, so the k-th
    neighbour is at place k.""",
)

density = difference(
    coverage,
    {"(nearest <= radius).mean()": "(cdist(real, generated) <= radius[:, None]).sum() / (k * len(generated))"},
    """This is density: it counts how many circles each generated sample lies in, divided by k. Coverage asks each real
    sample a yes-or-no question.""",
)

pairs_counted = difference(
    coverage,
    {"nearest <= radius": "cdist(real, generated) <= radius[:, None]"},
    """You averaged over all pairs. Ask each real sample whether any generated one lies in its circle, .any(axis=1),
    then average over the real samples.""",
)

kth_nearest_generated_sample = difference(
    coverage,
    {"cdist(real, generated).min(axis=1)": "np.sort(cdist(real, generated), axis=1)[:, k - 1]"},
    "You require k generated samples in the circle. One is enough: take the nearest, .min(axis=1).",
)

kth_nearest_generated_sample_counted_from_0 = difference(
    coverage,
    {"cdist(real, generated).min(axis=1)": "np.sort(cdist(real, generated), axis=1)[:, k]"},
    """You compare with the generated sample at place k of the sorted row. The nearest is enough, at place 0: no sample
    is its own neighbour here.""",
)

radius_from_the_generated_samples = difference(
    coverage,
    {"cdist(real, real)": "cdist(real, generated)"},
    """In yours every real sample is covered, whatever was generated: the circles are too large. Their radius depends
    on the real samples alone: cdist(real, real), each row sorted.""",
)

mean_radius = difference(
    coverage,
    {"<= radius": "<= radius.mean()"},
    """You gave all samples one radius, the mean. Each has its own: small where the data are dense, large where they
    are sparse.""",
)

largest_radius = difference(
    coverage,
    {"<= radius": "<= radius.max()"},
    "You gave all samples the largest radius. Each has its own: small where the data are dense.",
)

mean_distance_to_the_neighbours = difference(
    coverage,
    {"[:, k]": "[:, 1 : k + 1].mean(axis=1)"},
    "Your radius is the mean distance to the k neighbours. Use the distance to the k-th, the farthest of them.",
)


@mistake
def nearest_real_sample_of_each_generated_one(real, generated, k):
    """You let each generated sample cover its nearest real one, however far that is. Circles are
    missing: a real sample is covered if a generated one is no farther away than its k-th real neighbour.
    """
    return len(np.unique(cdist(real, generated).argmin(axis=0))) / len(real)


count = difference(
    coverage,
    {".mean()": ".sum()"},
    "You counted the covered samples. Return their share: .mean() instead of .sum().",
)


@mistake
def percent(real, generated, k):
    """Your result is in percent; a share lies between 0 and 1."""
    return 100 * coverage(real, generated, k)


@mistake
def divided_by_the_number_of_generated_samples(real, generated, k):
    """You divided by the number of generated samples. Coverage is a share of the real ones."""
    return coverage(real, generated, k) * len(real) / len(generated)


@mistake
def share_that_is_not_covered(real, generated, k):
    """This is the share that is not covered: reverse the comparison."""
    return 1 - coverage(real, generated, k)


yes_and_no_not_averaged = difference(
    coverage,
    {".mean()": ""},
    "You have True or False for every real sample. One step is left: the share of True, .mean().",
)

smallest_distance_of_each_generated_sample = difference(
    coverage,
    {"min(axis=1)": "min(axis=0)"},
    """axis=0 gives each generated sample its nearest real one. Rows of cdist(real, generated) are the real samples:
    axis=1.""",
)


@mistake
def real_and_generated_swapped(real, generated, k):
    """Real and generated samples are swapped: this is the share of the generated samples that have a real one near.
    Coverage is the share of the real samples that have a generated one near.
    """
    return coverage(generated, real, k)


places_in_place_of_distances = difference(
    coverage,
    {"np.sort": "np.argsort"},
    "np.argsort returns the places of the neighbours, not their distances. The radius is a distance: np.sort.",
)

farthest_generated_sample = difference(
    coverage,
    {"min(axis=1)": "max(axis=1)"},
    """You take the farthest generated sample, so all of them would have to lie in the circle. One is enough: the
    nearest, .min(axis=1).""",
)

not_sorted = difference(
    coverage,
    {"np.sort(cdist(real, real), axis=1)": "cdist(real, real)"},
    """Your radius is the distance to sample number k, whichever that is. Sort each row of distances first: np.sort(...,
    axis=1).""",
)

sorted_along_the_wrong_axis = difference(
    coverage,
    {"np.sort(cdist(real, real), axis=1)": "np.sort(cdist(real, real), axis=0)"},
    "You sorted columns and then read along rows. Sort each row, axis=1, and take place k of each.",
)

squared_against_plain = difference(
    coverage,
    {"nearest <=": "nearest**2 <="},
    "You compare a squared distance with a plain one. Square both or neither.",
)


def judge(function, rng):
    real, generated, k = arguments(rng)
    if not one_number(function(real, generated, k), coverage(real, generated, k)):
        return
    if not one_number(function(real, real, k), 1.0):
        raise Wrong("If the generated samples are the real ones, every real sample is covered: coverage must be 1.")
    if not one_number(function(real, generated + 1000, k), 0.0):
        raise Wrong("Generated samples that are far from everything cover nothing: coverage must be 0.")
    few = generated[:3]
    if not one_number(function(real, few, k), coverage(real, few, k)):
        raise Wrong("Right for many generated samples, but wrong with 3 of them and k = 5.")
