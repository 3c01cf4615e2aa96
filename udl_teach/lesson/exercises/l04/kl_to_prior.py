"""KL to the prior."""

import math

import torch
from torch.distributions import Normal, kl_divergence

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l04.shared import _with_gradient
from udl_teach.lesson.values import close


def kl_to_prior(mean, log_variance):
    """KL(N(mean, variance) || N(0, 1)) in nats, summed over the dimensions: one number a sample."""
    ### BEGIN SOLUTION
    variance = log_variance.exp()
    return 0.5 * (mean**2 + variance - 1 - log_variance).sum(dim=1)
    ### END SOLUTION


def arguments(rng):
    # Batch and dimensions never agree in size, and log-variances have both signs: every slip shows.
    n, n_dimensions = int(rng.integers(3, 7)), int(rng.integers(8, 13))
    mean, log_variance = rng.normal(size=(2, n, n_dimensions))
    return torch.tensor(mean, dtype=torch.float32), torch.tensor(1.2 * log_variance, dtype=torch.float32)


HINTS = (
    "The formula stands above the exercise, for a single dimension. What happens to the nats of several dimensions "
    "that are independent?",
    "log_variance is the logarithm of the variance: variance = log_variance.exp().",
    "mean and log_variance have shape (batch, dimensions). Four terms, a half, and a sum over the dimensions, "
    "dim=1; nothing is averaged.",
    "return 0.5 * (mean**2 + log_variance.exp() - 1 - ...).sum(dim=1)",
)


@mistake
def log_standard_deviation(mean, log_variance):
    """You took log_variance for the logarithm of the standard deviation: yours has exp(2 · log_variance). It is the
    logarithm of the variance itself, so the variance is log_variance.exp().
    """
    return 0.5 * (mean**2 + (2 * log_variance).exp() - 1 - 2 * log_variance).sum(dim=1)


@mistake
def standard_deviation_in_place_of_the_variance(mean, log_variance):
    """Where the variance belongs you put the standard deviation, exp(log_variance / 2). In this formula stands the
    variance, log_variance.exp().
    """
    return 0.5 * (mean**2 + (0.5 * log_variance).exp() - 1 - log_variance).sum(dim=1)


@mistake
def log_variance_in_place_of_the_variance(mean, log_variance):
    """Where the variance belongs you put its logarithm, so the two terms cancel. The variance is log_variance.exp()."""
    return 0.5 * (mean**2 + log_variance - 1 - log_variance).sum(dim=1)


@mistake
def logarithm_of_the_log_variance(mean, log_variance):
    """You took log_variance for the variance and its logarithm once more; where it is negative that is no number. The
    variance is log_variance.exp(), its logarithm is log_variance.
    """
    return 0.5 * (mean**2 + log_variance - 1 - log_variance.log()).sum(dim=1)


@mistake
def sign(mean, log_variance):
    """Yours is the right one with its sign turned: a KL divergence is never negative. Papers often print -KL, as a part
    of the bound; here it is the KL itself.
    """
    return -kl_to_prior(mean, log_variance)


@mistake
def sign_of_the_logarithm(mean, log_variance):
    """The logarithm of the variance is subtracted, not added. Try mean 0 and a small variance: a narrow cloud must cost
    much, and with your sign the cost is negative.
    """
    return 0.5 * (mean**2 + log_variance.exp() - 1 + log_variance).sum(dim=1)


@mistake
def mean_over_dimensions(mean, log_variance):
    """You averaged over the dimensions. The nats of independent dimensions add up, so sum over them; with a mean a code
    of 8 numbers would be charged for one.
    """
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean(dim=1)


@mistake
def averaged_over_the_batch_too(mean, log_variance):
    """You averaged over the batch as well. Return one number a sample, shape (batch,): we shall want to look at single
    digits, too.
    """
    return kl_to_prior(mean, log_variance).mean()


@mistake
def averaged_over_everything(mean, log_variance):
    """You averaged over dimensions and batch alike. Sum over the dimensions, dim=1, and leave the batch as it is: one
    number a sample.
    """
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean()


@mistake
def summed_over_the_batch_too(mean, log_variance):
    """You summed over the batch as well. Sum over the dimensions alone, dim=1: one number a sample, shape (batch,)."""
    return kl_to_prior(mean, log_variance).sum()


@mistake
def wrong_axis(mean, log_variance):
    """You summed over the samples: axis 0 is the batch. The dimensions are axis 1, dim=1."""
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=0)


@mistake
def nothing_summed(mean, log_variance):
    """You have the KL of every dimension by itself. Sum over the dimensions, dim=1: one number a sample."""
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)


@mistake
def half_forgotten(mean, log_variance):
    """Yours is twice the right one: the factor 1/2 is missing. It comes from the exponent of the Gaussian."""
    return (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1)


@mistake
def one_forgotten(mean, log_variance):
    """The -1 is missing, once for every dimension: with mean 0 and variance 1 the two distributions are equal, and the
    KL must be 0.
    """
    return 0.5 * (mean**2 + log_variance.exp() - log_variance).sum(dim=1)


@mistake
def one_subtracted_once_in_all(mean, log_variance):
    """The -1 counts once for every dimension, so it belongs inside the sum: at mean 0 and variance 1 every dimension
    must cost 0.
    """
    return 0.5 * ((mean**2 + log_variance.exp() - log_variance).sum(dim=1) - 1)


@mistake
def half_of_the_mean_alone(mean, log_variance):
    """Only the square of the mean is halved in yours. The 1/2 stands before all four terms: set brackets."""
    return (0.5 * mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1)


@mistake
def logarithm_of_the_standard_deviation(mean, log_variance):
    """Your last term is halved twice: inside the brackets stands the logarithm of the variance, log_variance as it is,
    not that of the standard deviation.
    """
    return 0.5 * (mean**2 + log_variance.exp() - 1 - 0.5 * log_variance).sum(dim=1)


@mistake
def mean_forgotten(mean, log_variance):
    """The square of the mean is missing: a cloud far from the middle would cost nothing."""
    return 0.5 * (log_variance.exp() - 1 - log_variance).sum(dim=1)


@mistake
def math_exp_of_a_tensor(mean, log_variance):
    """math.exp takes a single number; of a whole tensor it is log_variance.exp() or torch.exp(log_variance)."""
    return 0.5 * (mean**2 + math.exp(log_variance) - 1 - log_variance).sum(dim=1)


@mistake
def log_variance_handed_to_normal(mean, log_variance):
    """Normal wants the standard deviation as its second argument, which is never negative; log_variance is a logarithm.
    The standard deviation is exp(log_variance / 2).
    """
    return kl_divergence(Normal(mean, log_variance), Normal(0.0, 1.0)).sum(dim=1)


@mistake
def mean_not_squared(mean, log_variance):
    """The mean is not squared in yours, so a shift to the left would be rewarded. What counts is how far the mean is
    from 0, squared.
    """
    return 0.5 * (mean + log_variance.exp() - 1 - log_variance).sum(dim=1)


@mistake
def the_other_way_round(mean, log_variance):
    """You have KL(prior || q), the two distributions swapped. A KL divergence is not symmetric: here q stands first,
    and its variance is not divided by.
    """
    return 0.5 * ((1 + mean**2) / log_variance.exp() - 1 + log_variance).sum(dim=1)


def judge(function, rng):
    mean, log_variance = arguments(rng)
    if close(function(mean, log_variance), kl_to_prior(mean, log_variance)):
        _with_gradient(function, mean, log_variance)
