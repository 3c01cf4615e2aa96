"""KL to the prior."""

import math

import torch
from torch.distributions import Normal, kl_divergence

from udl_teach.lesson.exercise import difference, mistake
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def kl_to_prior(mean, log_variance):
    """KL(N(mean, variance) || N(0, 1)) in nats, summed over the dimensions: one number per sample."""
    ### BEGIN SOLUTION
    variance = log_variance.exp()
    return 0.5 * (mean**2 + variance - 1 - log_variance).sum(dim=1)
    ### END SOLUTION


HINTS = (
    "log q(z) - log p(z) is -(z - mean)**2 / (2 variance) - log(variance) / 2 + z**2 / 2. Take the expectation of each "
    "term over q; that of (z - mean)**2 is the variance.",
    "In one dimension: half of mean**2 + variance - 1 - log(variance). The nats of independent dimensions add up.",
    "log_variance is the logarithm of the variance: variance = log_variance.exp().",
    "mean and log_variance have shape (batch, dimensions). Four terms, a half, and a sum over the dimensions, "
    "dim=1; nothing is averaged.",
    "return 0.5 * (mean**2 + log_variance.exp() - 1 - ...).sum(dim=1)",
)


def arguments(rng):
    # Batch and dimensions never agree in size, and log-variances have both signs: every slip shows.
    n, n_dimensions = int(rng.integers(3, 7)), int(rng.integers(8, 13))
    mean, log_variance = rng.normal(size=(2, n, n_dimensions))
    return torch.tensor(mean, dtype=torch.float32), torch.tensor(1.2 * log_variance, dtype=torch.float32)


log_standard_deviation = difference(
    kl_to_prior,
    {"log_variance.exp()": "(2 * log_variance).exp()", "- log_variance)": "- 2 * log_variance)"},
    """You took log_variance for the logarithm of the standard deviation: yours has exp(2 · log_variance). It is the
    logarithm of the variance itself, so the variance is log_variance.exp().""",
)

standard_deviation_in_place_of_the_variance = difference(
    kl_to_prior,
    {"log_variance.exp()": "(0.5 * log_variance).exp()"},
    """Where the variance belongs you put the standard deviation, exp(log_variance / 2). In this formula stands the
    variance, log_variance.exp().""",
)

log_variance_in_place_of_the_variance = difference(
    kl_to_prior,
    {"log_variance.exp()": "log_variance"},
    "Where the variance belongs you put its logarithm, so the two terms cancel. The variance is log_variance.exp().",
)

logarithm_of_the_log_variance = difference(
    kl_to_prior,
    {"log_variance.exp()": "log_variance", "- log_variance)": "- log_variance.log())"},
    """You took log_variance for the variance and its logarithm once more; where it is negative that is no number. The
    variance is log_variance.exp(), its logarithm is log_variance.""",
)


@mistake
def sign(mean, log_variance):
    """Yours is the right one with its sign turned: a KL divergence is never negative. Papers often print -KL, as a part
    of the bound; here it is the KL itself.
    """
    return -kl_to_prior(mean, log_variance)


sign_of_the_logarithm = difference(
    kl_to_prior,
    {"- log_variance)": "+ log_variance)"},
    """The logarithm of the variance is subtracted, not added. Try mean 0 and a small variance: a narrow cloud must cost
    much, and with your sign the cost is negative.""",
)

mean_over_dimensions = difference(
    kl_to_prior,
    {".sum(dim=1)": ".mean(dim=1)"},
    """You averaged over the dimensions. The nats of independent dimensions add up, so sum over them; with a mean a code
    of 8 numbers would be charged for one.""",
)


@mistake
def averaged_over_the_batch_too(mean, log_variance):
    """You averaged over the batch as well. Return one number per sample, shape (batch,): we shall want to look at
    single digits, too.
    """
    return kl_to_prior(mean, log_variance).mean()


averaged_over_everything = difference(
    kl_to_prior,
    {".sum(dim=1)": ".mean()"},
    """You averaged over dimensions and batch alike. Sum over the dimensions, dim=1, and leave the batch as it is: one
    number per sample.""",
)


@mistake
def summed_over_the_batch_too(mean, log_variance):
    """You summed over the batch as well. Sum over the dimensions alone, dim=1: one number per sample, shape
    (batch,).
    """
    return kl_to_prior(mean, log_variance).sum()


wrong_axis = difference(
    kl_to_prior,
    {"dim=1": "dim=0"},
    "You summed over the samples: axis 0 is the batch. The dimensions are axis 1, dim=1.",
)

nothing_summed = difference(
    kl_to_prior,
    {".sum(dim=1)": ""},
    "You have the KL of every dimension by itself. Sum over the dimensions, dim=1: one number per sample.",
)

half_forgotten = difference(
    kl_to_prior,
    {"0.5 *": ""},
    "Yours is twice the right one: the factor 1/2 is missing. It comes from the exponent of the Gaussian.",
)

one_forgotten = difference(
    kl_to_prior,
    {"- 1": ""},
    """The -1 is missing, once for every dimension: with mean 0 and variance 1 the two distributions are equal, and the
    KL must be 0.""",
)

one_subtracted_once_in_all = difference(
    kl_to_prior,
    {"0.5 * (mean**2 + variance - 1 - log_variance)": "-0.5 + 0.5 * (mean**2 + variance - log_variance)"},
    """The -1 counts once for every dimension, so it belongs inside the sum: at mean 0 and variance 1 every dimension
    must cost 0.""",
)

half_of_the_mean_alone = difference(
    kl_to_prior,
    {"0.5 * (mean**2": "(0.5 * mean**2"},
    "Only the square of the mean is halved in yours. The 1/2 stands before all four terms: set brackets.",
)

logarithm_of_the_standard_deviation = difference(
    kl_to_prior,
    {"- log_variance)": "- 0.5 * log_variance)"},
    """Your last term is halved twice: inside the brackets stands the logarithm of the variance, log_variance as it is,
    not that of the standard deviation.""",
)

mean_forgotten = difference(
    kl_to_prior,
    {"mean**2 +": ""},
    "The square of the mean is missing: a cloud far from the middle would cost nothing.",
)


@mistake
def math_exp_of_a_tensor(mean, log_variance):
    """math.exp takes a single number; of a whole tensor it is log_variance.exp() or torch.exp(log_variance)."""
    return math.exp(log_variance)


@mistake
def log_variance_handed_to_normal(mean, log_variance):
    """Normal wants the standard deviation as its second argument, which is never negative; log_variance is a logarithm.
    The standard deviation is exp(log_variance / 2).
    """
    return kl_divergence(Normal(mean, log_variance), Normal(0.0, 1.0)).sum(dim=1)


mean_not_squared = difference(
    kl_to_prior,
    {"mean**2": "mean"},
    """The mean is not squared in yours, so a shift to the left would be rewarded. What counts is how far the mean is
    from 0, squared.""",
)


@mistake
def the_other_way_round(mean, log_variance):
    """You have KL(prior || q), the two distributions swapped. A KL divergence is not symmetric: here q stands first,
    and its variance is not divided by.
    """
    return 0.5 * ((1 + mean**2) / log_variance.exp() - 1 + log_variance).sum(dim=1)


def judge(function, rng):
    mean, log_variance = arguments(rng)
    if close(function(mean, log_variance), kl_to_prior(mean, log_variance)):
        with_gradient(
            function,
            mean.requires_grad_(),
            log_variance.requires_grad_(),
            otherwise="The numbers are right but carry no gradient, so no encoder could learn from them: stay in "
            "torch, without .item(), .detach(), float(), numpy or torch.no_grad().",
        )
