"""A draw that can be differentiated."""

import math

import numpy as np
import torch
from torch.distributions import Normal

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import as_array, close


def reparameterize(mean, log_variance):
    """One draw from N(mean, variance) for every sample, through which a gradient passes: same shape as mean."""
    ### BEGIN SOLUTION
    noise = torch.randn_like(mean)
    return mean + (0.5 * log_variance).exp() * noise
    ### END SOLUTION


HINTS = (
    "Chance may not stand between the encoder and the loss. Draw it first, from a distribution that depends on "
    "nothing; mean and log_variance come in afterwards, by a plain calculation.",
    "torch.randn_like(mean) draws noise from N(0, 1), of the shape of mean. What must be done to it so that it has "
    "this mean and this variance?",
    "Multiply the noise by the standard deviation, add the mean. The standard deviation is the root of the "
    "variance, and a root is half a logarithm: exp(log_variance / 2).",
    "return mean + (0.5 * log_variance).exp() * ... and the noise in place of the dots.",
)

ROWS = 1000


def arguments(rng):
    # Rows alike, so that the draws of a column can be counted; standard deviation, variance and logarithm far apart.
    n_dimensions = int(rng.integers(3, 6))
    mean = rng.normal(0, 3, size=n_dimensions)
    log_variance = rng.uniform(1.0, 2.0, size=n_dimensions) * rng.choice([-1, 1], size=n_dimensions)
    log_variance[:2] = abs(log_variance[0]), -abs(log_variance[1])
    return tuple(torch.tensor(row, dtype=torch.float32).repeat(ROWS, 1) for row in (mean, log_variance))


def agree(got, wanted):
    """Whether two sets of draws look like draws from the same distribution: mean, spread and correlation."""
    # In 64 bits, where draws that are all the same have no spread at all.
    one, other = (as_array(draws).astype(float) for draws in (got, wanted))
    if one.shape != other.shape or one.ndim != 2 or len(one) != ROWS:
        return close(got, wanted)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return np.array_equal(np.isnan(one).any(axis=0), np.isnan(other).any(axis=0))
    spread = other.std(axis=0)
    if min(one.std(axis=0).min(), spread.min()) < 1e-5:
        return close(one, other)
    shifted = abs(one.mean(axis=0) - other.mean(axis=0)) / spread > 8 / math.sqrt(ROWS)
    stretched = abs(one.std(axis=0) / spread - 1) > 8 / math.sqrt(ROWS)
    return not (shifted.any() or stretched.any() or abs(_correlation(one) - _correlation(other)) > 0.2)


def _correlation(z):
    # 1 where the noise of two dimensions is the same, near 0 where each has its own.
    return abs(np.corrcoef(z, rowvar=False) - np.eye(z.shape[1])).max()


variance_for_standard_deviation = difference(
    reparameterize,
    {"(0.5 * log_variance).exp()": "log_variance.exp()"},
    """You stretched the noise by the variance, exp(log_variance). Noise times a number has that number as its standard
    deviation: stretch by exp(log_variance / 2).""",
)

log_variance_for_standard_deviation = difference(
    reparameterize,
    {"(0.5 * log_variance).exp()": "log_variance"},
    """You stretched the noise by log_variance itself. It is a logarithm, often negative; the standard deviation is
    exp(log_variance / 2).""",
)

square_of_the_variance = difference(
    reparameterize,
    {"0.5 *": "2 *"},
    """You stretched the noise by exp(2 · log_variance), the square of the variance. The standard deviation is its root:
    exp(log_variance / 2).""",
)

root_of_the_log_variance = difference(
    reparameterize,
    {"(0.5 * log_variance).exp()": "log_variance.sqrt()"},
    """You took the root of log_variance, which is no number where that is negative. First back from the logarithm, then
    the root: exp(log_variance / 2).""",
)

half_the_logarithm_no_exp = difference(
    reparameterize,
    {".exp()": ""},
    "You stretched the noise by log_variance / 2, which is the logarithm of the standard deviation. .exp() is missing.",
)

noise_not_stretched = difference(
    reparameterize,
    {"(0.5 * log_variance).exp() * noise": "noise"},
    """The noise is added as it was drawn, with standard deviation 1. Stretch it by the standard deviation of each
    dimension, exp(log_variance / 2).""",
)


@mistake
def no_noise(mean, log_variance):
    """You return the mean, the same each time. Asked for is a draw: add noise, stretched by the standard deviation."""
    return mean * 1


standard_deviation_without_noise = difference(
    reparameterize,
    {"* noise": ""},
    "You added the standard deviation itself, the same each time. Multiply it by fresh noise from N(0, 1).",
)

mean_not_added = difference(
    reparameterize,
    {"mean +": ""},
    "Your draws have the right spread but lie around 0: add the mean.",
)

noise_from_torch_rand = difference(
    reparameterize,
    {"torch.randn_like": "torch.rand_like"},
    "Your noise is never negative: torch.rand is uniform between 0 and 1. Gaussian noise is torch.randn, with an n.",
)

noise_from_torch_rand_between_minus_1_and_1 = difference(
    reparameterize,
    {"torch.randn_like(mean)": "2 * torch.rand_like(mean) - 1"},
    """Your noise is uniform and ends at a fixed value: torch.rand, moved and stretched, is still not Gaussian, and its
    standard deviation is not 1. Draw it with torch.randn_like(mean).""",
)

noise_from_torch_rand_centred = difference(
    reparameterize,
    {"torch.randn_like(mean)": "torch.rand_like(mean) - 0.5"},
    """Centring torch.rand does not make it Gaussian: it is uniform, and its standard deviation is 0.29. Draw the noise
    with torch.randn_like(mean).""",
)

half_of_the_variance = difference(
    reparameterize,
    {"(0.5 * log_variance).exp()": "0.5 * log_variance.exp()"},
    """You stretched the noise by half of the variance. The half belongs inside: exp(log_variance / 2) is the root of
    the variance.""",
)

mean_stretched_as_well = difference(
    reparameterize,
    {"mean + (0.5 * log_variance).exp()": "(mean + (0.5 * log_variance).exp())"},
    "In yours the mean is multiplied by the noise, too. Only the standard deviation is; the mean is added as it is.",
)

mean_times_noise = difference(
    reparameterize,
    {"mean +": "mean *"},
    "In yours the mean is multiplied by the noise. Only the standard deviation is; the mean is added.",
)


@mistake
def drawn_from_the_prior(mean, log_variance):
    """These draws come from the prior N(0, 1) and know nothing of mean and log_variance. Stretch the noise by the
    standard deviation, then add the mean.
    """
    return torch.randn_like(mean)


sign_of_the_log_variance = difference(
    reparameterize,
    {"0.5 *": "-0.5 *"},
    "Your stretch is one over the standard deviation: the sign in exp(log_variance / 2) is turned.",
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
    return Normal(mean, log_variance).rsample()


@mistake
def log_variance_handed_to_torch_normal(mean, log_variance):
    """torch.normal wants a standard deviation, which is never negative; log_variance is a logarithm. And no gradient
    passes through torch.normal: take randn_like(mean), stretch it, add the mean.
    """
    return torch.normal(mean, log_variance)


noise_shared_over_the_batch = difference(
    reparameterize,
    {"torch.randn_like(mean)": "torch.randn(mean.shape[1])"},
    """All samples of the batch got the same noise: they would all be moved together. Draw noise of the shape of mean,
    torch.randn_like(mean), one number for every sample and dimension.""",
)

noise_shared_over_the_dimensions = difference(
    reparameterize,
    {"torch.randn_like(mean)": "torch.randn(len(mean), 1)"},
    """Within a sample all dimensions got the same noise, so the cloud is a line. Draw noise of the shape of mean,
    torch.randn_like(mean).""",
)


@mistake
def no_gradient(mean, log_variance):
    """The draws are right, but no gradient passes from them to mean and log_variance: torch.normal and its like draw
    numbers that do not know where they came from. Draw noise that depends on nothing, then move and stretch it: mean
    plus standard deviation times noise.
    """
    return torch.normal(mean, (0.5 * log_variance).exp())


@mistake
def gradient_cut_off(mean, log_variance):
    """The draws are right, but the gradient is cut off: stay in torch, without .detach(), .item(), numpy or
    torch.no_grad().
    """
    return reparameterize(mean, log_variance).detach()


@mistake
def gradient_of_one_alone(mean, log_variance):
    """The gradient reaches only one of mean and log_variance; the other was cut off on its way (.detach(), .data,
    torch.no_grad()). Both must learn.
    """
    return reparameterize(mean, log_variance.detach())


def judge(function, rng):
    mean, log_variance = arguments(rng)
    array = as_array(function(mean.clone(), log_variance.clone()))
    if array is None or array.shape != tuple(mean.shape):
        return
    noise = (array - mean.numpy()) / (0.5 * log_variance).exp().numpy()
    if (noise.std(axis=0) < 1e-4).all() and abs(noise).max() > 1e-3:
        raise Wrong(noise_shared_over_the_batch.hint)
    if not np.isfinite(array).all():
        return
    if not agree(array, reparameterize(mean, log_variance)):
        raise Wrong(_off(array, mean[0].numpy(), log_variance[0].numpy()))
    if (as_array(function(mean.clone(), log_variance.clone())) == array).all():
        raise Wrong(
            "Two calls gave the same draws: the noise is made anew from the same seed each time. Leave the seed alone "
            "in here, or the network will learn that one noise by heart."
        )
    if not 0.02 < (abs(noise) > 2).mean() < 0.08:
        raise Wrong(
            "Mean and spread are right, but the noise is not Gaussian: it has too few large values. torch.randn draws "
            "from N(0, 1), torch.rand is uniform between 0 and 1."
        )
    leaves = [each[:50].clone().requires_grad_() for each in (mean, log_variance)]
    z = with_gradient(function, *leaves, otherwise=gradient_cut_off.hint)
    if z.dtype != leaves[0].dtype:
        raise Wrong(
            "Your codes are in 64 bits, as noise from NumPy is, and the decoder takes 32: draw the noise with "
            "torch.randn_like(mean), or turn it into .float()."
        )
    found = torch.autograd.grad(z.sum(), leaves, allow_unused=True)
    silent = [gradient is None or not gradient.any() for gradient in found]
    if any(silent):
        raise Wrong(no_gradient.hint if all(silent) else gradient_of_one_alone.hint)
    wanted = torch.ones_like(mean[:50]), 0.5 * (z - leaves[0])
    if not all(torch.allclose(a, b, atol=1e-4, rtol=1e-3) for a, b in zip(found, wanted)):
        raise Wrong("The draws are right, but their gradient is not that of mean + standard deviation · noise.")


def _off(array, mean, log_variance):
    # Where the draws of one column lie, beside where they should: a draw has no right value of its own.
    deviation = np.exp(0.5 * log_variance)
    centre, spread = array.mean(axis=0), array.std(axis=0)
    place = (abs(centre - mean) / deviation + abs(spread / deviation - 1)).argmax()
    return (
        f"For mean {mean[place]:.2f} and log_variance {log_variance[place]:.2f} your draws have a mean of about "
        f"{centre[place]:.2f} and a standard deviation of about {spread[place]:.2f}; asked for are {mean[place]:.2f} "
        f"and {deviation[place]:.2f}."
    )
