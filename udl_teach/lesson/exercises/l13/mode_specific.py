"""Mode-specific normalization, and back."""

import numpy as np

from udl_teach.lesson.exercise import difference


def mode_specific(values, made, weights, means, sds):
    """Normalize real values by their modes, and turn what a generator has made back into values.

    values has shape (n,). made is a pair: m positions, shape (m,), and for each of them a score per mode, shape (m, K).
    The mixture has weights, means and sds (standard deviations), each of shape (K,).

    Returns three arrays: the position of every real value and its mode (a whole number from 0), both of shape (n,), and
    the values that the generator has made, shape (m,).
    """
    ### BEGIN SOLUTION
    away = (values[:, None] - means) / sds
    joint = weights * np.exp(-(away**2) / 2) / sds
    mode = joint.argmax(axis=1)
    position = (values - means[mode]) / (4 * sds[mode])
    made_position, scores = made
    made_mode = scores.argmax(axis=1)
    return position, mode, means[made_mode] + 4 * sds[made_mode] * made_position
    ### END SOLUTION


HINTS = (
    "Begin with the mode: for every value and every mode, compute the weight times the Gaussian density. The mode with "
    "the largest product is the most probable one.",
    "(values[:, None] - means) / sds has shape (n, K). The density also has the factor 1 / sds, which differs between "
    "modes; the factor 1 / sqrt(2 pi) is the same for all.",
    "With mode of shape (n,), means[mode] is the mean that belongs to each value: the position is (values - "
    "means[mode]) / (4 * sds[mode]).",
    "The way back: the mode with the highest score, then means[m] + 4 * sds[m] * position.",
)


def arguments(rng):
    # A frequent narrow mode beside a rare wide one, and a third that overlaps with both, so that every part matters.
    weights = np.array([0.55, 0.15, 0.3]) * rng.uniform(0.9, 1.1, 3)
    weights /= weights.sum()
    means = np.array([0.0, 2.0, 4.5]) + rng.uniform(-0.2, 0.2, 3)
    sds = np.array([0.6, 2.0, 0.8]) * rng.uniform(0.9, 1.1, 3)
    values = rng.uniform(-3, 8, int(rng.integers(60, 80)))
    n_made = int(rng.integers(8, 12))
    made = (rng.uniform(-1, 1, n_made), rng.dirichlet(np.ones(3), n_made))
    order = rng.permutation(3)
    return values, made, weights[order], means[order], sds[order]


nearest_mean = difference(
    mode_specific,
    {"joint = weights * np.exp(-(away**2) / 2) / sds": "joint = -np.abs(values[:, None] - means)"},
    """You chose the mode with the nearest mean. A wide mode reaches further than a narrow one, and a frequent mode is
    more likely than a rare one: compare weight times density.""",
)

nearest_in_deviations = difference(
    mode_specific,
    {"joint = weights * np.exp(-(away**2) / 2) / sds": "joint = -np.abs(away)"},
    """You chose the mode whose mean is the fewest standard deviations away. That favours wide modes: a Gaussian that is
    twice as wide is only half as high. Compare weight times density, with its factor 1 / sd.""",
)

weights_forgotten = difference(
    mode_specific,
    {"weights * np.exp": "np.exp"},
    """You compared the densities without the weights of the modes. A mode that holds more of the column is more likely
    for the same density: multiply by its weight.""",
)

height_forgotten = difference(
    mode_specific,
    {"/ 2) / sds": "/ 2)"},
    """The densities lack the factor 1 / sd. It is not the same for all modes: a narrow Gaussian is higher than a wide
    one.""",
)

one_standard_deviation = difference(
    mode_specific,
    {"(4 * sds[mode])": "sds[mode]", "4 * sds[made_mode]": "sds[made_mode]"},
    """You divided by one standard deviation. Here the unit is four of them, so that nearly all positions lie between -1
    and 1, where tanh, the last layer of the generator, can produce them.""",
)

one_standard_deviation_on_the_way_back = difference(
    mode_specific,
    {"4 * sds[made_mode]": "sds[made_mode]"},
    """The way there divides by four standard deviations, your way back multiplies by one. The modes come out four times
    too narrow: multiply by 4 * sds.""",
)

variance_for_standard_deviation = difference(
    mode_specific,
    {"4 * sds[mode]": "4 * sds[mode] ** 2", "4 * sds[made_mode]": "4 * sds[made_mode] ** 2"},
    """You divided by the variance. A position has no unit only if you divide by the standard deviation.""",
)

mean_forgotten_on_the_way_back = difference(
    mode_specific,
    {"means[made_mode] + 4": "4"},
    """Your way back returns how far each value lies from the mean of its mode. Add the mean.""",
)

modes_mixed = difference(
    mode_specific,
    {"means[made_mode] + 4 * sds[made_mode] * made_position": "scores @ means + 4 * (scores @ sds) * made_position"},
    """You averaged the modes with their scores as weights. Such values lie between the modes, where real values are
    rare. Choose the mode with the highest score.""",
)

mode_with_the_largest_weight = difference(
    mode_specific,
    {"made_mode = scores.argmax(axis=1)": "made_mode = (scores * weights).argmax(axis=1)"},
    """You multiplied the generator's scores by the weights of the modes. The generator has learned the frequencies
    already: its highest score decides.""",
)

whole_column = difference(
    mode_specific,
    {"position = (values - means[mode]) / (4 * sds[mode])":
     "position = (values - values.mean()) / (4 * values.std())"},
    """You normalized by the mean and standard deviation of the whole column. Mode-specific means: by those of the
    value's own mode, means[mode] and sds[mode].""",
)  # fmt: skip
