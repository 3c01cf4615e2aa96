"""The best denoiser in squared error."""

import numpy as np

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.values import as_array, close


def posterior_mean(noisy, clean, sigma):
    """For each noisy point, the answer with the smallest mean squared error: shape (len(noisy), n_features)."""
    ### BEGIN SOLUTION
    squared_distance = ((noisy[:, None] - clean[None]) ** 2).sum(axis=2)
    weights = np.exp(-squared_distance / (2 * sigma**2))
    return weights @ clean / weights.sum(axis=1, keepdims=True)
    ### END SOLUTION


HINTS = (
    "Take one noisy point and one clean point. How probable is the noise that leads from the clean point to the noisy "
    "one? That is the weight of the clean point.",
    "The density of Gaussian noise of length d is proportional to exp(-d**2 / (2 * sigma**2)); the constant in front "
    "cancels later. noisy[:, None] - clean[None] holds all the differences, shape (noisy, clean, features).",
    "squared_distance = ((noisy[:, None] - clean[None]) ** 2).sum(axis=2) has a row per noisy point and a column per "
    "clean point, and so have the weights, np.exp(-squared_distance / (2 * sigma**2)).",
    "weights @ clean is the weighted sum. Divide each row by its sum of weights, weights.sum(axis=1, keepdims=True).",
)


def arguments(rng):
    # Clean points a few sigma apart, more of them than noisy ones, and a sigma that is neither 1 nor its own square.
    n_noisy, n_clean, n_features = int(rng.integers(5, 8)), int(rng.integers(10, 14)), 3
    sigma = float(rng.uniform(0.5, 0.75))
    clean = rng.normal(1.0, 1.0, size=(n_clean, n_features))
    noisy = clean[rng.permutation(n_clean)[:n_noisy]] + rng.normal(0, sigma, size=(n_noisy, n_features))
    return noisy, clean, sigma


nearest_clean_point = difference(
    posterior_mean,
    {"weights @ clean / weights.sum(axis=1, keepdims=True)": "clean[weights.argmax(axis=1)]"},
    """You answered with the nearest clean point, the most probable one. The smallest mean squared error needs the mean
    of all the clean points, each weighted by its probability.""",
)

all_alike = difference(
    posterior_mean,
    {"np.exp(-squared_distance / (2 * sigma**2))": "np.ones_like(squared_distance)"},
    """You averaged all clean points with equal weights, so every noisy point gets the same answer. A clean point close
    to the noisy one is the more probable origin: weight it by np.exp(-squared_distance / (2 * sigma**2)).""",
)

not_normalized = difference(
    posterior_mean,
    {" / weights.sum(axis=1, keepdims=True)": ""},
    "Your weights do not add up to 1, so this is a weighted sum, not a mean. Divide each row by its sum of weights.",
)

mean_for_sum_of_weights = difference(
    posterior_mean,
    {"weights.sum(axis=1, keepdims=True)": "len(clean)"},
    """You divided by the number of clean points. A weighted mean is divided by the sum of the weights,
    weights.sum(axis=1, keepdims=True).""",
)

normalized_over_the_noisy_points = difference(
    posterior_mean,
    {"weights @ clean / weights.sum(axis=1, keepdims=True)": "weights / weights.sum(axis=0) @ clean"},
    """You normalized over the noisy points: your weights add up to 1 for each clean point. They must add up to 1 for
    each noisy point: sum over the clean ones, axis=1.""",
)

all_weights_together = difference(
    posterior_mean,
    {"weights.sum(axis=1, keepdims=True)": "weights.sum()"},
    """You divided by the sum of all weights together. Each noisy point has weights of its own: divide by
    weights.sum(axis=1, keepdims=True).""",
)

factor_two_missing = difference(
    posterior_mean,
    {"(2 * sigma**2)": "sigma**2"},
    "The 2 is missing: the Gaussian density is proportional to np.exp(-squared_distance / (2 * sigma**2)).",
)

sigma_not_squared = difference(
    posterior_mean,
    {"sigma**2": "sigma"},
    "sigma is the standard deviation; the density divides by twice the variance, 2 * sigma**2.",
)

distance_not_squared = difference(
    posterior_mean,
    {"-squared_distance": "-np.sqrt(squared_distance)"},
    "You took the distance itself. The exponent of a Gaussian holds the squared distance: leave the root out.",
)

without_the_half_of_the_variance = difference(
    posterior_mean,
    {"-squared_distance / (2 * sigma**2)": "-squared_distance"},
    "Your weights do not depend on sigma. Strong noise reaches farther: divide the squared distance by 2 * sigma**2.",
)

sign_of_the_exponent = difference(
    posterior_mean,
    {"-squared_distance / (2": "squared_distance / (2"},
    "The minus sign is missing in the exponent, so your weights grow with the distance. Far points must count less.",
)

inverse_distance = difference(
    posterior_mean,
    {"np.exp(-squared_distance / (2 * sigma**2))": "1 / squared_distance"},
    """You weighted by one over the squared distance. The noise is Gaussian, so the weight is
    np.exp(-squared_distance / (2 * sigma**2)).""",
)

logarithms_for_weights = difference(
    posterior_mean,
    {"np.exp(-squared_distance / (2 * sigma**2))": "-squared_distance / (2 * sigma**2)"},
    "Those are the logarithms of the weights. Take np.exp of them before you average.",
)

mean_over_features = difference(
    posterior_mean,
    {".sum(axis=2)": ".mean(axis=2)"},
    "You averaged the squares over the features. A squared distance is their sum: .sum(axis=2).",
)


@mistake
def arrow_in_place_of_the_answer(noisy, clean, sigma):
    """You returned the arrow from the noisy point to the answer. Return the answer itself: add the noisy point."""
    return posterior_mean(noisy, clean, sigma) - noisy


@mistake
def score_in_place_of_the_answer(noisy, clean, sigma):
    """You returned the score, which comes next in the lesson. Return the mean of the clean points itself."""
    return (posterior_mean(noisy, clean, sigma) - noisy) / sigma**2


@mistake
def noisy_points_unchanged(noisy, clean, sigma):
    """You returned the noisy points as they are. Return a weighted mean of clean points for each of them."""
    return noisy


@mistake
def the_weights_alone(noisy, clean, sigma):
    """You returned the weights. Use them to average the clean points: weights @ clean, over the sum of the weights."""
    weights = np.exp(-((noisy[:, None] - clean[None]) ** 2).sum(axis=2) / (2 * sigma**2))
    return weights / weights.sum(axis=1, keepdims=True)


def judge(function, rng):
    # With one clean point there is nothing to doubt; between two of them the answer is their middle.
    noisy, clean, sigma = arguments(rng)
    value = as_array(function(noisy, clean[:1], sigma))
    if value is not None and value.shape == noisy.shape and not close(value, np.repeat(clean[:1], len(noisy), axis=0)):
        raise Wrong("With a single clean point every answer must be that point, however far away the noisy one is.")
    middle = clean[:2].mean(axis=0, keepdims=True)
    value = as_array(function(middle, clean[:2], sigma))
    if value is not None and value.shape == middle.shape and not close(value, middle):
        raise Wrong("Half-way between two clean points both are equally probable, and the answer must be their middle.")
