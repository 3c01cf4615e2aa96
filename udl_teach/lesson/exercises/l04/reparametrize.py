"""A draw that can be differentiated."""

import math

import torch
from torch.distributions import Normal

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array, close


def reparametrize(mean, log_variance):
    """One draw from N(mean, variance) for every sample, through which a gradient passes: same shape as mean."""
    ### BEGIN SOLUTION
    noise = torch.randn_like(mean)
    return mean + (0.5 * log_variance).exp() * noise
    ### END SOLUTION


ROWS = 1000


def _togetherness(z):
    # 1 where the noise of two dimensions is the same, near 0 where each has its own.
    noise = (z - z.mean(axis=0)) / z.std(axis=0)
    return float(abs(noise.T @ noise / len(z) - _eye(z.shape[1])).max())


def _eye(size):
    return torch.eye(size).numpy()


_SAME_EACH_TIME = (
    "Two calls gave the same draws: the noise is made anew from the same seed each time. Leave the seed alone in here, "
    "or the network will learn that one noise by heart."
)


_NOT_NORMAL = (
    "Mean and spread are right, but the noise is not Gaussian: it has too few large values. torch.randn draws from "
    "N(0, 1), torch.rand evenly between 0 and 1."
)


_WIDER = (
    "Your codes are in 64 bits, as noise from NumPy is, and the decoder takes 32: draw the noise with "
    "torch.randn_like(mean), or turn it into .float()."
)


def _off(array, mean, log_variance):
    """Where the draws of one column lie, beside where they should: a draw has no right value of its own."""
    deviation = (0.5 * log_variance).exp().numpy()
    shifted = abs(array.mean(axis=0) - mean.numpy()) / deviation
    stretched = abs(array.std(axis=0) / deviation - 1)
    place = int((shifted + stretched).argmax())
    return (
        f"For mean {mean[place]:.2f} and log_variance {log_variance[place]:.2f} your draws have a mean of about "
        f"{array[:, place].mean():.2f} and a standard deviation of about {array[:, place].std():.2f}; asked for are "
        f"{mean[place]:.2f} and {deviation[place]:.2f}."
    )


def arguments(rng):
    # Rows alike, so that the draws of a column can be counted; standard deviation, variance and logarithm far apart.
    n_dimensions = int(rng.integers(3, 6))
    mean = rng.normal(0, 3, size=n_dimensions)
    log_variance = rng.uniform(1.0, 2.0, size=n_dimensions) * rng.choice([-1, 1], size=n_dimensions)
    log_variance[:2] = abs(log_variance[0]), -abs(log_variance[1])
    return tuple(torch.tensor(row, dtype=torch.float32).repeat(ROWS, 1) for row in (mean, log_variance))


def agree(got, wanted):
    """Whether two sets of draws look like draws from the same distribution: mean, spread and togetherness."""
    one, other = as_array(got), as_array(wanted)
    if one.shape != other.shape or one.ndim != 2 or not (len(one) == ROWS):
        return one.shape == other.shape and close(got, wanted)
    if not (abs(one).max() < math.inf and abs(other).max() < math.inf):
        return (one.astype(float) != one).any(axis=0).tolist() == (other.astype(float) != other).any(axis=0).tolist()
    still = [part.std(axis=0) < 1e-5 for part in (one, other)]
    if still[0].any() or still[1].any():
        return close(one, other)
    spread = other.std(axis=0)
    shifted = abs(one.mean(axis=0) - other.mean(axis=0)) / spread > 8 / math.sqrt(ROWS)
    stretched = abs(one.std(axis=0) / spread - 1) > 8 / math.sqrt(ROWS)
    return not (shifted.any() or stretched.any() or abs(_togetherness(one) - _togetherness(other)) > 0.2)


HINTS = (
    "Chance may not stand between the encoder and the loss. Draw it first, from a distribution that depends on "
    "nothing; mean and log_variance come in afterwards, by a plain calculation.",
    "torch.randn_like(mean) draws noise from N(0, 1), of the shape of mean. What must be done to it so that it has "
    "this mean and this variance?",
    "Multiply the noise by the standard deviation, add the mean. The standard deviation is the root of the "
    "variance, and a root is half a logarithm: exp(log_variance / 2).",
    "return mean + (0.5 * log_variance).exp() * ... and the noise in place of the dots.",
)


@mistake
def variance_for_standard_deviation(mean, log_variance):
    """You stretched the noise by the variance, exp(log_variance). Noise times a number has that number as its standard
    deviation: stretch by exp(log_variance / 2).
    """
    return mean + log_variance.exp() * torch.randn_like(mean)


@mistake
def log_variance_for_standard_deviation(mean, log_variance):
    """You stretched the noise by log_variance itself. It is a logarithm, often negative; the standard deviation is
    exp(log_variance / 2).
    """
    return mean + log_variance * torch.randn_like(mean)


@mistake
def square_of_the_variance(mean, log_variance):
    """You stretched the noise by exp(2 · log_variance), the square of the variance. The standard deviation is its root:
    exp(log_variance / 2).
    """
    return mean + (2 * log_variance).exp() * torch.randn_like(mean)


@mistake
def root_of_the_log_variance(mean, log_variance):
    """You took the root of log_variance, which is no number where that is negative. First back from the logarithm, then
    the root: exp(log_variance / 2).
    """
    return mean + log_variance.sqrt() * torch.randn_like(mean)


@mistake
def half_the_logarithm_no_exp(mean, log_variance):
    """You stretched the noise by log_variance / 2, which is the logarithm of the standard deviation. .exp() is missing."""
    return mean + 0.5 * log_variance * torch.randn_like(mean)


@mistake
def noise_not_stretched(mean, log_variance):
    """The noise is added as it was drawn, with standard deviation 1. Stretch it by the standard deviation of each
    dimension, exp(log_variance / 2).
    """
    return mean + torch.randn_like(mean)


@mistake
def no_noise(mean, log_variance):
    """You return the mean, the same each time. Asked for is a draw: add noise, stretched by the standard deviation."""
    return mean * 1


@mistake
def standard_deviation_without_noise(mean, log_variance):
    """You added the standard deviation itself, the same each time. Multiply it by fresh noise from N(0, 1)."""
    return mean + (0.5 * log_variance).exp()


@mistake
def mean_not_added(mean, log_variance):
    """Your draws have the right spread but lie around 0: add the mean."""
    return (0.5 * log_variance).exp() * torch.randn_like(mean)


@mistake
def noise_from_torch_rand(mean, log_variance):
    """Your noise is never negative: torch.rand draws evenly between 0 and 1. Gaussian noise is torch.randn, with an n."""
    return mean + (0.5 * log_variance).exp() * torch.rand_like(mean)


@mistake
def noise_from_torch_rand_between_1_and_1(mean, log_variance):
    """Your noise is spread evenly and ends at a fixed value: torch.rand, moved and stretched, is still not Gaussian,
    and its standard deviation is not 1. Draw it with torch.randn_like(mean).
    """
    return mean + (0.5 * log_variance).exp() * (2 * torch.rand_like(mean) - 1)


@mistake
def noise_from_torch_rand_centred(mean, log_variance):
    """Centring torch.rand does not make it Gaussian: it is spread evenly, and its standard deviation is 0.29. Draw the
    noise with torch.randn_like(mean).
    """
    return mean + (0.5 * log_variance).exp() * (torch.rand_like(mean) - 0.5)


@mistake
def half_of_the_variance(mean, log_variance):
    """You stretched the noise by half of the variance. The half belongs inside: exp(log_variance / 2) is the root of
    the variance.
    """
    return mean + 0.5 * log_variance.exp() * torch.randn_like(mean)


@mistake
def mean_stretched_as_well(mean, log_variance):
    """In yours the mean is multiplied by the noise, too. Only the standard deviation is; the mean is added as it is."""
    return (mean + (0.5 * log_variance).exp()) * torch.randn_like(mean)


@mistake
def mean_times_noise(mean, log_variance):
    """In yours the mean is multiplied by the noise. Only the standard deviation is; the mean is added."""
    return mean * (0.5 * log_variance).exp() * torch.randn_like(mean)


@mistake
def drawn_from_the_prior(mean, log_variance):
    """These draws come from the prior N(0, 1) and know nothing of mean and log_variance. Stretch the noise by the
    standard deviation, then add the mean.
    """
    return torch.randn_like(mean)


@mistake
def sign_of_the_log_variance(mean, log_variance):
    """Your stretch is one over the standard deviation: the sign in exp(log_variance / 2) is turned."""
    return mean + (-0.5 * log_variance).exp() * torch.randn_like(mean)


@mistake
def math_exp_of_a_tensor(mean, log_variance):
    """math.exp takes a single number; of a whole tensor it is log_variance.exp() or torch.exp(log_variance)."""
    return mean + math.exp(0.5 * log_variance) * torch.randn_like(mean)


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


@mistake
def noise_shared_over_the_batch(mean, log_variance):
    """All samples of the batch got the same noise: they would all be moved together. Draw noise of the shape of mean,
    torch.randn_like(mean), one number for every sample and dimension.
    """
    return mean + (0.5 * log_variance).exp() * torch.randn(mean.shape[1])


@mistake
def noise_shared_over_the_dimensions(mean, log_variance):
    """Within a sample all dimensions got the same noise, so the cloud is a line. Draw noise of the shape of mean,
    torch.randn_like(mean).
    """
    return mean + (0.5 * log_variance).exp() * torch.randn(len(mean), 1)


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
    return (mean + (0.5 * log_variance).exp() * torch.randn_like(mean)).detach()


@mistake
def gradient_of_one_alone(mean, log_variance):
    """The gradient reaches only one of mean and log_variance; the other was cut off on its way (.detach(), .data,
    torch.no_grad()). Both must learn.
    """
    return mean + (0.5 * log_variance).exp().detach() * torch.randn_like(mean)


def judge(function, rng):
    mean, log_variance = arguments(rng)
    z = function(mean.clone(), log_variance.clone())
    array = as_array(z)
    if array is None or array.shape != tuple(mean.shape):
        return
    noise = (array - mean.numpy()) / (0.5 * log_variance).exp().numpy()
    if (noise.std(axis=0) < 1e-4).all() and abs(noise).max() > 1e-3:
        raise Wrong(noise_shared_over_the_batch.hint)
    if not (abs(array).max() < math.inf):
        return
    if not agree(array, reparametrize(mean, log_variance)):
        raise Wrong(_off(array, mean[0], log_variance[0]))
    if (as_array(function(mean.clone(), log_variance.clone())) == array).all():
        raise Wrong(_SAME_EACH_TIME)
    if not 0.02 < (abs(noise) > 2).mean() < 0.08:
        raise Wrong(_NOT_NORMAL)
    leaves = [each[:50].clone().requires_grad_() for each in (mean, log_variance)]
    try:
        z = function(*leaves)
    except RuntimeError as error:
        if "numpy" not in str(error):
            raise
        raise Wrong(gradient_cut_off.hint) from None
    if not isinstance(z, torch.Tensor) or not z.requires_grad:
        raise Wrong(gradient_cut_off.hint)
    if z.dtype != leaves[0].dtype:
        raise Wrong(_WIDER)
    found = torch.autograd.grad(z.sum(), leaves, allow_unused=True)
    wanted = (torch.ones_like(leaves[0]), 0.5 * (z - leaves[0]))
    silent = [gradient is None or not gradient.any() for gradient in found]
    if all(silent):
        raise Wrong(no_gradient.hint)
    if any(silent):
        raise Wrong(gradient_of_one_alone.hint)
    if not all(torch.allclose(a, b, atol=1e-4, rtol=1e-3) for a, b in zip(found, wanted, strict=True)):
        raise Wrong("The draws are right, but their gradient is not that of mean + standard deviation · noise.")
