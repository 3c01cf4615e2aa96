"""The best discriminator."""

import math

import numpy as np
import torch
from torch.nn import functional

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array, close


def best_discriminator(log_real, log_generated):
    """The best D at points whose log-densities are known: probabilities of "real", the shape of log_real."""
    ### BEGIN SOLUTION
    return torch.sigmoid(log_real - log_generated)
    ### END SOLUTION


HINTS = (
    "Start from p / (p + q). What remains when you divide numerator and denominator by p(x)?",
    "1 / (1 + q(x) / p(x)): only the ratio matters, and the logarithm of a ratio is a difference of logarithms.",
    "1 / (1 + exp(-s)) is the sigmoid of s. What is s here?",
    "return torch.sigmoid(... - ...)",
)


def arguments(rng):
    # Some places where both densities can be held in 32 bits, others where not even 64 bits hold them.
    n = int(rng.integers(12, 18))
    level = rng.uniform(-3, 1, size=n)
    level[: n // 3] = rng.uniform(-2000, -900, size=n // 3)
    gap = rng.normal(0, 1.5, size=n)
    return tuple(torch.tensor(level + sign * gap / 2, dtype=torch.float64) for sign in (1, -1))


@mistake
def nothing_divided_by_nothing(log_real, log_generated):
    """Right on paper, and right near the data. Far from both, exp(-900) is 0 even in 64 bits, and yours is 0 divided by
    0. Divide numerator and denominator by p(x): only the ratio of the two densities remains, and its logarithm is
    log_real - log_generated.
    """
    return log_real.exp() / (log_real.exp() + log_generated.exp())


@mistake
def logarithm_of_a_sum_of_nothings(log_real, log_generated):
    """Right near the data. Far from it both exp() are 0, and so is their sum, which has no logarithm.
    torch.logaddexp(log_real, log_generated) computes the logarithm of the sum directly; shorter still: only the
    difference log_real - log_generated matters.
    """
    return (log_real - (log_real.exp() + log_generated.exp()).log()).exp()


@mistake
def softmax_over_the_points(log_real, log_generated):
    """Your softmax runs over the points, so that the probabilities of all points add up to 1. At each point the two
    answers, real and generated, should add up to 1: take the softmax over the axis of these two.
    """
    return torch.softmax(torch.stack([log_real, log_generated]), dim=1)[0]


@mistake
def swapped(log_real, log_generated):
    """Yours is the probability of *generated*. D(x) is the probability of *real*: p(x) is the numerator."""
    return torch.sigmoid(log_generated - log_real)


@mistake
def ratio_of_the_densities(log_real, log_generated):
    """That is the ratio p(x) / q(x), which can be any positive number. D(x) is a probability: p(x) / (p(x) + q(x))."""
    return (log_real - log_generated).exp()


@mistake
def ratio_of_the_densities_the_other_way(log_real, log_generated):
    """That is the ratio q(x) / p(x). D(x) is a probability: p(x) / (p(x) + q(x))."""
    return (log_generated - log_real).exp()


@mistake
def score_in_place_of_the_probability(log_real, log_generated):
    """That is the score of the best discriminator, the logarithm of p(x) / q(x). One step is missing: torch.sigmoid
    turns it into a probability.
    """
    return log_real - log_generated


@mistake
def logarithm_of_the_probability(log_real, log_generated):
    """That is log D(x). Return D(x) itself, between 0 and 1."""
    return functional.logsigmoid(log_real - log_generated)


@mistake
def log_densities_taken_for_densities(log_real, log_generated):
    """You put the logarithms where the formula has the densities. Dividing densities means subtracting their
    logarithms.
    """
    return log_real / (log_real + log_generated)


@mistake
def sigmoid_of_the_ratio(log_real, log_generated):
    """You took the sigmoid of the ratio itself. The sigmoid is 1 / (1 + exp(-s)): it contains the exp already, so give
    it the logarithm of the ratio.
    """
    return torch.sigmoid((log_real - log_generated).exp())


@mistake
def real_density_alone(log_real, log_generated):
    """Yours does not depend on the density of generated points. The probability that a point is real depends on both
    densities.
    """
    return torch.sigmoid(log_real)


@mistake
def logarithms_added(log_real, log_generated):
    """You added the logarithms, which multiplies the densities. To divide them, subtract."""
    return torch.sigmoid(log_real + log_generated)


@mistake
def difference_of_the_densities(log_real, log_generated):
    """You subtracted the densities themselves. What matters is their ratio: subtract their logarithms."""
    return torch.sigmoid(log_real.exp() - log_generated.exp())


@mistake
def yes_or_no(log_real, log_generated):
    """You answer yes or no. The best answer is a probability: p(x) / (p(x) + q(x))."""
    return (log_real > log_generated).double()


@mistake
def math_exp_of_a_tensor(log_real, log_generated):
    """math.log and math.exp take a single number; for a whole tensor there are torch.log and torch.exp."""
    return 1 / (1 + math.exp(log_generated - log_real))


def judge(function, rng):
    given = arguments(rng)
    result = function(*given)
    got, wanted = as_array(result), as_array(best_discriminator(*given))
    if got is None or got.shape != wanted.shape or not np.isfinite(got).all():
        return
    if isinstance(result, np.ndarray) and close(got, wanted):
        raise Wrong(
            "The values are right, but yours is a numpy array, and the lesson goes on with tensors. torch has the same "
            "functions (torch.sigmoid, torch.exp)."
        )
    far = as_array(given[0]) < -500
    right = np.isclose(got, wanted, atol=1e-3)
    if right[~far].all() and not right[far].all() and np.ptp(got[far]) < 1e-6:
        raise Wrong(
            "Something guards your division (a number added, a clamp, a NaN replaced), and far from the data only the "
            "guard remains: your answer is the same everywhere there. Only the ratio of the densities matters, and its "
            "logarithm is log_real - log_generated."
        )
