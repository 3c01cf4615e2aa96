"""Exercises of lesson 04: KL to the prior, reparametrization, the bound, the importance-weighted bound."""

import math

import torch
from torch.distributions import Normal, kl_divergence
from torch.nn import functional

from udl_teach.lesson.exercise import Exercise, Mistake, Wrong
from udl_teach.lesson.values import as_array, close

# -- 04.1 --


def kl_to_prior(mean, log_variance):
    """KL(N(mean, variance) || N(0, 1)) in nats, summed over the dimensions: one number a sample."""
    variance = log_variance.exp()
    return 0.5 * (mean**2 + variance - 1 - log_variance).sum(dim=1)


def _posteriors(rng):
    # Batch and dimensions never agree in size, and log-variances have both signs: every slip shows.
    n, n_dimensions = int(rng.integers(3, 7)), int(rng.integers(8, 13))
    mean, log_variance = rng.normal(size=(2, n, n_dimensions))
    return torch.tensor(mean, dtype=torch.float32), torch.tensor(1.2 * log_variance, dtype=torch.float32)


_NO_GRADIENT = (
    "The numbers are right but carry no gradient, so no encoder could learn from them: stay in torch, without .item(), "
    ".detach(), float(), numpy or torch.no_grad()."
)


_MATH_EXP = "math.exp takes a single number; of a whole tensor it is log_variance.exp() or torch.exp(log_variance)."
_NORMAL_WANTS = (
    "Normal wants the standard deviation as its second argument, which is never negative; log_variance is a logarithm. "
    "The standard deviation is exp(log_variance / 2)."
)


def _with_gradient(function, *arguments):
    """What the function makes of arguments that ask for a gradient; Wrong where it loses it."""
    try:
        value = function(*(each.clone().requires_grad_() for each in arguments))
    except RuntimeError as error:
        # PyTorch's own advice here is to detach, which would only hide the loss of the gradient.
        if "numpy" not in str(error):
            raise
        raise Wrong(_NO_GRADIENT) from None
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(_NO_GRADIENT)
    return value


def _kl_learns(function, rng):
    mean, log_variance = _posteriors(rng)
    if close(function(mean, log_variance), kl_to_prior(mean, log_variance)):
        _with_gradient(function, mean, log_variance)


def _reverse_kl(mean, log_variance):
    return 0.5 * ((1 + mean**2) / log_variance.exp() - 1 + log_variance).sum(dim=1)


_KL = Exercise(
    number="04.1",
    title="KL to the prior",
    solution=kl_to_prior,
    arguments=_posteriors,
    judge=_kl_learns,
    mistakes=(
        Mistake(
            "log-standard-deviation",
            lambda mean, log_variance: 0.5 * (mean**2 + (2 * log_variance).exp() - 1 - 2 * log_variance).sum(dim=1),
            "You took log_variance for the logarithm of the standard deviation: yours has exp(2 · log_variance). It is "
            "the logarithm of the variance itself, so the variance is log_variance.exp().",
        ),
        Mistake(
            "standard deviation in place of the variance",
            lambda mean, log_variance: 0.5 * (mean**2 + (0.5 * log_variance).exp() - 1 - log_variance).sum(dim=1),
            "Where the variance belongs you put the standard deviation, exp(log_variance / 2). In this formula stands "
            "the variance, log_variance.exp().",
        ),
        Mistake(
            "log-variance in place of the variance",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance - 1 - log_variance).sum(dim=1),
            "Where the variance belongs you put its logarithm, so the two terms cancel. The variance is "
            "log_variance.exp().",
        ),
        Mistake(
            "logarithm of the log-variance",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance - 1 - log_variance.log()).sum(dim=1),
            "You took log_variance for the variance and its logarithm once more; where it is negative that is no "
            "number. The variance is log_variance.exp(), its logarithm is log_variance.",
        ),
        Mistake(
            "sign",
            lambda mean, log_variance: -kl_to_prior(mean, log_variance),
            "Yours is the right one with its sign turned: a KL divergence is never negative. Papers often print -KL, "
            "as a part of the bound; here it is the KL itself.",
        ),
        Mistake(
            "sign of the logarithm",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - 1 + log_variance).sum(dim=1),
            "The logarithm of the variance is subtracted, not added. Try mean 0 and a small variance: a narrow cloud "
            "must cost much, and with your sign the cost is negative.",
        ),
        Mistake(
            "mean over dimensions",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean(dim=1),
            "You averaged over the dimensions. The nats of independent dimensions add up, so sum over them; with a "
            "mean a code of 8 numbers would be charged for one.",
        ),
        Mistake(
            "averaged over the batch too",
            lambda mean, log_variance: kl_to_prior(mean, log_variance).mean(),
            "You averaged over the batch as well. Return one number a sample, shape (batch,): we shall want to look at "
            "single digits, too.",
        ),
        Mistake(
            "averaged over everything",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean(),
            "You averaged over dimensions and batch alike. Sum over the dimensions, dim=1, and leave the batch as it "
            "is: one number a sample.",
        ),
        Mistake(
            "summed over the batch too",
            lambda mean, log_variance: kl_to_prior(mean, log_variance).sum(),
            "You summed over the batch as well. Sum over the dimensions alone, dim=1: one number a sample, shape "
            "(batch,).",
        ),
        Mistake(
            "wrong axis",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=0),
            "You summed over the samples: axis 0 is the batch. The dimensions are axis 1, dim=1.",
        ),
        Mistake(
            "nothing summed",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance),
            "You have the KL of every dimension by itself. Sum over the dimensions, dim=1: one number a sample.",
        ),
        Mistake(
            "half forgotten",
            lambda mean, log_variance: (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1),
            "Yours is twice the right one: the factor 1/2 is missing. It comes from the exponent of the Gaussian.",
        ),
        Mistake(
            "one forgotten",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - log_variance).sum(dim=1),
            "The -1 is missing, once for every dimension: with mean 0 and variance 1 the two distributions are equal, "
            "and the KL must be 0.",
        ),
        Mistake(
            "one subtracted once in all",
            lambda mean, log_variance: 0.5 * ((mean**2 + log_variance.exp() - log_variance).sum(dim=1) - 1),
            "The -1 counts once for every dimension, so it belongs inside the sum: at mean 0 and variance 1 every "
            "dimension must cost 0.",
        ),
        Mistake(
            "half of the mean alone",
            lambda mean, log_variance: (0.5 * mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1),
            "Only the square of the mean is halved in yours. The 1/2 stands before all four terms: set brackets.",
        ),
        Mistake(
            "logarithm of the standard deviation",
            lambda mean, log_variance: 0.5 * (mean**2 + log_variance.exp() - 1 - 0.5 * log_variance).sum(dim=1),
            "Your last term is halved twice: inside the brackets stands the logarithm of the variance, log_variance as "
            "it is, not that of the standard deviation.",
        ),
        Mistake(
            "mean forgotten",
            lambda mean, log_variance: 0.5 * (log_variance.exp() - 1 - log_variance).sum(dim=1),
            "The square of the mean is missing: a cloud far from the middle would cost nothing.",
        ),
        Mistake(
            "math.exp of a tensor",
            lambda mean, log_variance: 0.5 * (mean**2 + math.exp(log_variance) - 1 - log_variance).sum(dim=1),
            _MATH_EXP,
        ),
        Mistake(
            "log-variance handed to Normal",
            lambda mean, log_variance: kl_divergence(Normal(mean, log_variance), Normal(0.0, 1.0)).sum(dim=1),
            _NORMAL_WANTS,
        ),
        Mistake(
            "mean not squared",
            lambda mean, log_variance: 0.5 * (mean + log_variance.exp() - 1 - log_variance).sum(dim=1),
            "The mean is not squared in yours, so a shift to the left would be rewarded. What counts is how far the "
            "mean is from 0, squared.",
        ),
        Mistake(
            "the other way round",
            _reverse_kl,
            "You have KL(prior || q), the two distributions swapped. A KL divergence is not symmetric: here q stands "
            "first, and its variance is not divided by.",
        ),
    ),
    hints=(
        "The formula stands above the exercise, for a single dimension. What happens to the nats of several dimensions "
        "that are independent?",
        "log_variance is the logarithm of the variance: variance = log_variance.exp().",
        "mean and log_variance have shape (batch, dimensions). Four terms, a half, and a sum over the dimensions, "
        "dim=1; nothing is averaged.",
        "return 0.5 * (mean**2 + log_variance.exp() - 1 - ...).sum(dim=1)",
    ),
)

# -- 04.2 --


def reparametrize(mean, log_variance):
    """One draw from N(mean, variance) for every sample, through which a gradient passes: same shape as mean."""
    noise = torch.randn_like(mean)
    return mean + (0.5 * log_variance).exp() * noise


ROWS = 1000


def _many_alike(rng):
    # Rows alike, so that the draws of a column can be counted; standard deviation, variance and logarithm far apart.
    n_dimensions = int(rng.integers(3, 6))
    mean = rng.normal(0, 3, size=n_dimensions)
    log_variance = rng.uniform(1.0, 2.0, size=n_dimensions) * rng.choice([-1, 1], size=n_dimensions)
    log_variance[:2] = abs(log_variance[0]), -abs(log_variance[1])
    return tuple(torch.tensor(row, dtype=torch.float32).repeat(ROWS, 1) for row in (mean, log_variance))


def _same_clouds(got, wanted):
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


def _togetherness(z):
    # 1 where the noise of two dimensions is the same, near 0 where each has its own.
    noise = (z - z.mean(axis=0)) / z.std(axis=0)
    return float(abs(noise.T @ noise / len(z) - _eye(z.shape[1])).max())


def _eye(size):
    return torch.eye(size).numpy()


_SHARED = (
    "All samples of the batch got the same noise: they would all be moved together. Draw noise of the shape of mean, "
    "torch.randn_like(mean), one number for every sample and dimension."
)
_NORMAL = (
    "The draws are right, but no gradient passes from them to mean and log_variance: torch.normal and its like draw "
    "numbers that do not know where they came from. Draw noise that depends on nothing, then move and stretch it: mean "
    "plus standard deviation times noise."
)
_DETACHED = (
    "The draws are right, but the gradient is cut off: stay in torch, without .detach(), .item(), numpy or "
    "torch.no_grad()."
)
_HALF_CUT = (
    "The gradient reaches only one of mean and log_variance; the other was cut off on its way (.detach(), .data, "
    "torch.no_grad()). Both must learn."
)
_SAME_EACH_TIME = (
    "Two calls gave the same draws: the noise is made anew from the same seed each time. Leave the seed alone in here, "
    "or the network will learn that one noise by heart."
)
_NOT_NORMAL = (
    "Mean and spread are right, but the noise is not Gaussian: it has too few large values. torch.randn draws from "
    "N(0, 1), torch.rand evenly between 0 and 1."
)
_EVEN = (
    "Your noise is spread evenly and ends at a fixed value: torch.rand, moved and stretched, is still not Gaussian, "
    "and its standard deviation is not 1. Draw it with torch.randn_like(mean)."
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


def _drawn_well(function, rng):
    mean, log_variance = _many_alike(rng)
    z = function(mean.clone(), log_variance.clone())
    array = as_array(z)
    if array is None or array.shape != tuple(mean.shape):
        return
    noise = (array - mean.numpy()) / (0.5 * log_variance).exp().numpy()
    if (noise.std(axis=0) < 1e-4).all() and abs(noise).max() > 1e-3:
        raise Wrong(_SHARED)
    if not (abs(array).max() < math.inf):
        return
    if not _same_clouds(array, reparametrize(mean, log_variance)):
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
        raise Wrong(_DETACHED) from None
    if not isinstance(z, torch.Tensor) or not z.requires_grad:
        raise Wrong(_DETACHED)
    if z.dtype != leaves[0].dtype:
        raise Wrong(_WIDER)
    found = torch.autograd.grad(z.sum(), leaves, allow_unused=True)
    wanted = (torch.ones_like(leaves[0]), 0.5 * (z - leaves[0]))
    silent = [gradient is None or not gradient.any() for gradient in found]
    if all(silent):
        raise Wrong(_NORMAL)
    if any(silent):
        raise Wrong(_HALF_CUT)
    if not all(torch.allclose(a, b, atol=1e-4, rtol=1e-3) for a, b in zip(found, wanted, strict=True)):
        raise Wrong("The draws are right, but their gradient is not that of mean + standard deviation · noise.")


_REPARAMETRIZE = Exercise(
    number="04.2",
    title="A draw that can be differentiated",
    solution=reparametrize,
    arguments=_many_alike,
    compare=_same_clouds,
    judge=_drawn_well,
    mistakes=(
        Mistake(
            "variance for standard deviation",
            lambda mean, log_variance: mean + log_variance.exp() * torch.randn_like(mean),
            "You stretched the noise by the variance, exp(log_variance). Noise times a number has that number as its "
            "standard deviation: stretch by exp(log_variance / 2).",
        ),
        Mistake(
            "log-variance for standard deviation",
            lambda mean, log_variance: mean + log_variance * torch.randn_like(mean),
            "You stretched the noise by log_variance itself. It is a logarithm, often negative; the standard deviation "
            "is exp(log_variance / 2).",
        ),
        Mistake(
            "square of the variance",
            lambda mean, log_variance: mean + (2 * log_variance).exp() * torch.randn_like(mean),
            "You stretched the noise by exp(2 · log_variance), the square of the variance. The standard deviation is "
            "its root: exp(log_variance / 2).",
        ),
        Mistake(
            "root of the log-variance",
            lambda mean, log_variance: mean + log_variance.sqrt() * torch.randn_like(mean),
            "You took the root of log_variance, which is no number where that is negative. First back from the "
            "logarithm, then the root: exp(log_variance / 2).",
        ),
        Mistake(
            "half the logarithm, no exp",
            lambda mean, log_variance: mean + 0.5 * log_variance * torch.randn_like(mean),
            "You stretched the noise by log_variance / 2, which is the logarithm of the standard deviation. .exp() is "
            "missing.",
        ),
        Mistake(
            "noise not stretched",
            lambda mean, log_variance: mean + torch.randn_like(mean),
            "The noise is added as it was drawn, with standard deviation 1. Stretch it by the standard deviation of "
            "each dimension, exp(log_variance / 2).",
        ),
        Mistake(
            "no noise",
            lambda mean, log_variance: mean * 1,
            "You return the mean, the same each time. Asked for is a draw: add noise, stretched by the standard "
            "deviation.",
        ),
        Mistake(
            "standard deviation without noise",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp(),
            "You added the standard deviation itself, the same each time. Multiply it by fresh noise from N(0, 1).",
        ),
        Mistake(
            "mean not added",
            lambda mean, log_variance: (0.5 * log_variance).exp() * torch.randn_like(mean),
            "Your draws have the right spread but lie around 0: add the mean.",
        ),
        Mistake(
            "noise from torch.rand",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.rand_like(mean),
            "Your noise is never negative: torch.rand draws evenly between 0 and 1. Gaussian noise is torch.randn, "
            "with an n.",
        ),
        Mistake(
            "noise from torch.rand between -1 and 1",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp() * (2 * torch.rand_like(mean) - 1),
            _EVEN,
        ),
        Mistake(
            "noise from torch.rand, centred",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp() * (torch.rand_like(mean) - 0.5),
            "Centring torch.rand does not make it Gaussian: it is spread evenly, and its standard deviation is 0.29. "
            "Draw the noise with torch.randn_like(mean).",
        ),
        Mistake(
            "half of the variance",
            lambda mean, log_variance: mean + 0.5 * log_variance.exp() * torch.randn_like(mean),
            "You stretched the noise by half of the variance. The half belongs inside: exp(log_variance / 2) is the "
            "root of the variance.",
        ),
        Mistake(
            "mean stretched as well",
            lambda mean, log_variance: (mean + (0.5 * log_variance).exp()) * torch.randn_like(mean),
            "In yours the mean is multiplied by the noise, too. Only the standard deviation is; the mean is added as "
            "it is.",
        ),
        Mistake(
            "mean times noise",
            lambda mean, log_variance: mean * (0.5 * log_variance).exp() * torch.randn_like(mean),
            "In yours the mean is multiplied by the noise. Only the standard deviation is; the mean is added.",
        ),
        Mistake(
            "drawn from the prior",
            lambda mean, log_variance: torch.randn_like(mean),
            "These draws come from the prior N(0, 1) and know nothing of mean and log_variance. Stretch the noise by "
            "the standard deviation, then add the mean.",
        ),
        Mistake(
            "sign of the log-variance",
            lambda mean, log_variance: mean + (-0.5 * log_variance).exp() * torch.randn_like(mean),
            "Your stretch is one over the standard deviation: the sign in exp(log_variance / 2) is turned.",
        ),
        Mistake(
            "math.exp of a tensor",
            lambda mean, log_variance: mean + math.exp(0.5 * log_variance) * torch.randn_like(mean),
            _MATH_EXP,
        ),
        Mistake(
            "log-variance handed to Normal",
            lambda mean, log_variance: Normal(mean, log_variance).rsample(),
            _NORMAL_WANTS,
        ),
        Mistake(
            "log-variance handed to torch.normal",
            lambda mean, log_variance: torch.normal(mean, log_variance),
            "torch.normal wants a standard deviation, which is never negative; log_variance is a logarithm. And no "
            "gradient passes through torch.normal: take randn_like(mean), stretch it, add the mean.",
        ),
        Mistake(
            "noise shared over the batch",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.randn(mean.shape[1]),
            _SHARED,
        ),
        Mistake(
            "noise shared over the dimensions",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.randn(len(mean), 1),
            "Within a sample all dimensions got the same noise, so the cloud is a line. Draw noise of the shape of "
            "mean, torch.randn_like(mean).",
        ),
        Mistake(
            "no gradient",
            lambda mean, log_variance: torch.normal(mean, (0.5 * log_variance).exp()),
            _NORMAL,
        ),
        Mistake(
            "gradient cut off",
            lambda mean, log_variance: (mean + (0.5 * log_variance).exp() * torch.randn_like(mean)).detach(),
            _DETACHED,
        ),
        Mistake(
            "gradient of one alone",
            lambda mean, log_variance: mean + (0.5 * log_variance).exp().detach() * torch.randn_like(mean),
            _HALF_CUT,
        ),
    ),
    hints=(
        "Chance may not stand between the encoder and the loss. Draw it first, from a distribution that depends on "
        "nothing; mean and log_variance come in afterwards, by a plain calculation.",
        "torch.randn_like(mean) draws noise from N(0, 1), of the shape of mean. What must be done to it so that it has "
        "this mean and this variance?",
        "Multiply the noise by the standard deviation, add the mean. The standard deviation is the root of the "
        "variance, and a root is half a logarithm: exp(log_variance / 2).",
        "return mean + (0.5 * log_variance).exp() * ... and the noise in place of the dots.",
    ),
)

# -- 04.3 --


def negative_bound(x, logits, mean, log_variance):
    """What a variational autoencoder makes small: nats summed over pixels and dimensions, averaged over the batch."""
    reconstruction = functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (reconstruction + kl_to_prior(mean, log_variance)).mean()


def _batch_of_ink(rng):
    n, n_features, n_dimensions = int(rng.integers(3, 6)), int(rng.integers(12, 20)), int(rng.integers(7, 10))
    x = rng.integers(0, 2, size=(n, n_features))
    logits = 1.5 * rng.normal(size=(n, n_features)) + x - 0.5
    mean, log_variance = rng.normal(size=(2, n, n_dimensions))
    return tuple(torch.tensor(each, dtype=torch.float32) for each in (x, logits, mean, log_variance))


def _coins(x, logits):
    return functional.binary_cross_entropy_with_logits(logits, x, reduction="none")


def _ink_alone(x, logits, mean, log_variance):
    reconstruction = -(x * functional.logsigmoid(logits)).sum(dim=1)
    return (reconstruction + kl_to_prior(mean, log_variance)).mean()


def _kl_dimensions(mean, log_variance):
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)


_UNSTABLE = (
    "Right, until the decoder is very sure: with logits of 120 your number is NaN or infinite, because a sigmoid that "
    "rounds to exactly 0 or 1 has no logarithm. functional.binary_cross_entropy_with_logits never takes that logarithm."
)


def _bound_learns(function, rng):
    x, *rest = _batch_of_ink(rng)
    if not close(function(x, *rest), negative_bound(x, *rest)):
        return
    _with_gradient(lambda *given: function(x, *given), *rest)
    logits, mean, log_variance = rest
    sure = (120 * (2 * x - 1)).requires_grad_()
    value = function(x, sure, mean, log_variance)
    if not torch.as_tensor(value).isfinite().all():
        raise Wrong(_UNSTABLE)
    (gradient,) = torch.autograd.grad(value, sure)
    if not gradient.isfinite().all():
        raise Wrong(_UNSTABLE)
    leaves = [each.clone().requires_grad_() for each in rest]
    found = torch.autograd.grad(function(x, *leaves), leaves, allow_unused=True)
    wanted = torch.autograd.grad(negative_bound(x, *leaves), leaves)
    for name, ours, theirs in zip(("logits", "mean", "log_variance"), wanted, found, strict=True):
        if theirs is None or not torch.allclose(theirs, ours, atol=1e-4, rtol=1e-3):
            raise Wrong(
                f"The number is right, but the gradient for {name} is not: part of it was cut off on its way "
                "(.detach(), .data, .item(), torch.no_grad()). Both terms must learn."
            )


_BOUND = Exercise(
    number="04.3",
    title="The bound as a loss",
    solution=negative_bound,
    arguments=_batch_of_ink,
    judge=_bound_learns,
    mistakes=(
        Mistake(
            "reconstruction averaged over the pixels",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).mean(dim=1) + kl_to_prior(mean, log_variance)
            ).mean(),
            "You averaged the reconstruction over the pixels while the KL is summed over its dimensions. With 64 "
            "pixels the KL then weighs 64 times as much as it should, and the code collapses. Sum over the pixels: "
            "dim=1. "
            '(reduction="mean", the default, averages over everything.)',
        ),
        Mistake(
            "everything averaged",
            lambda x, logits, mean, log_variance: _coins(x, logits).mean() + _kl_dimensions(mean, log_variance).mean(),
            "You averaged the reconstruction over the pixels and the KL over the dimensions. That is no common scale: "
            "the two are divided by different numbers. Sum both within a sample; only the batch is averaged.",
        ),
        Mistake(
            "KL averaged over the dimensions",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).sum(dim=1).mean() + _kl_dimensions(mean, log_variance).mean()
            ),
            "The reconstruction is right; the KL is averaged over the dimensions and so too cheap. Sum it over them, "
            "as kl_to_prior does.",
        ),
        Mistake(
            "sign of the KL",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).sum(dim=1) - kl_to_prior(mean, log_variance)
            ).mean(),
            "You subtracted the KL. It is subtracted in the bound; the loss is the bound with its sign turned, so both "
            "terms are costs: reconstruction plus KL.",
        ),
        Mistake(
            "the bound itself",
            lambda x, logits, mean, log_variance: -negative_bound(x, logits, mean, log_variance),
            "You return the bound, which is to be made large. The optimizer makes things small: turn the sign.",
        ),
        Mistake(
            "sign of the reconstruction",
            lambda x, logits, mean, log_variance: (
                kl_to_prior(mean, log_variance) - _coins(x, logits).sum(dim=1)
            ).mean(),
            "The reconstruction has the wrong sign: a pixel that the decoder held to be improbable must raise the "
            "loss. It is minus the log-likelihood, which the cross-entropy is already.",
        ),
        Mistake(
            "summed over the batch",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).sum(dim=1) + kl_to_prior(mean, log_variance)
            ).sum(),
            "You summed over the batch as well, so a batch twice as large would have twice the loss. Sum within a "
            "sample, then average over the batch.",
        ),
        Mistake(
            "reconstruction alone summed over the batch",
            lambda x, logits, mean, log_variance: _coins(x, logits).sum() + kl_to_prior(mean, log_variance).mean(),
            "The reconstruction is summed over the whole batch, the KL averaged over it: the KL hardly counts then. "
            "Sum within a sample, then average over the batch, both alike.",
        ),
        Mistake(
            "KL alone summed over the batch",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).sum(dim=1).mean() + kl_to_prior(mean, log_variance).sum()
            ),
            "The KL is summed over the whole batch, the reconstruction averaged over it: the KL weighs too much, by "
            "the size of the batch. Average both over the batch.",
        ),
        Mistake(
            "reconstruction averaged over everything, KL summed over the batch",
            lambda x, logits, mean, log_variance: _coins(x, logits).mean() + kl_to_prior(mean, log_variance).sum(),
            "The reconstruction is averaged over pixels and batch, the KL is summed over both: it weighs far too much. "
            "Sum both within a sample, then average over the batch.",
        ),
        Mistake(
            "one number a sample",
            lambda x, logits, mean, log_variance: _coins(x, logits).sum(dim=1) + kl_to_prior(mean, log_variance),
            "You have the loss of each sample. One step is left: average them over the batch.",
        ),
        Mistake(
            "KL forgotten",
            lambda x, logits, mean, log_variance: _coins(x, logits).sum(dim=1).mean(),
            "The KL is missing: this is the loss of a plain autoencoder, and its codes go wherever they like.",
        ),
        Mistake(
            "reconstruction forgotten",
            lambda x, logits, mean, log_variance: kl_to_prior(mean, log_variance).mean(),
            "The reconstruction is missing: with the KL alone every code becomes the prior, and the decoder learns "
            "nothing.",
        ),
        Mistake(
            "squashed twice",
            lambda x, logits, mean, log_variance: (
                _coins(x, torch.sigmoid(logits)).sum(dim=1) + kl_to_prior(mean, log_variance)
            ).mean(),
            "The logits are squashed twice: binary_cross_entropy_with_logits has the sigmoid in it already. Hand it "
            "the logits as they are.",
        ),
        Mistake(
            "logits taken for probabilities",
            lambda x, logits, mean, log_variance: (
                (functional.binary_cross_entropy(logits, x, reduction="none").sum(dim=1)).mean()
                + kl_to_prior(mean, log_variance).mean()
            ),
            "Logits can be any numbers, probabilities lie between 0 and 1. functional.binary_cross_entropy_with_logits "
            "takes logits and squashes them itself.",
        ),
        Mistake(
            "ink alone",
            _ink_alone,
            "Only pixels with ink are scored: the term (1 - x) log(1 - p) for empty paper is missing. The cheapest "
            "decoder would be one that prints everything black.",
        ),
        Mistake(
            "squared error",
            lambda x, logits, mean, log_variance: (
                ((torch.sigmoid(logits) - x) ** 2).sum(dim=1) + kl_to_prior(mean, log_variance)
            ).mean(),
            "You took the squared error. These pixels are coins: the likelihood is Bernoulli's, and its negative "
            "logarithm is the binary cross-entropy.",
        ),
        Mistake(
            "squared error of the logits",
            lambda x, logits, mean, log_variance: (
                ((logits - x) ** 2).sum(dim=1) + kl_to_prior(mean, log_variance)
            ).mean(),
            "You took the squared error, and of logits at that, which may be any numbers. These pixels are coins: "
            "functional.binary_cross_entropy_with_logits is minus the logarithm of their probability.",
        ),
        Mistake(
            "logits taken for probabilities in the formula",
            lambda x, logits, mean, log_variance: (
                -(x * logits.log() + (1 - x) * (1 - logits).log()).sum(dim=1) + kl_to_prior(mean, log_variance)
            ).mean(),
            "You put the logits where the formula has the probabilities p; a logit may be negative, and has no "
            "logarithm then. functional.binary_cross_entropy_with_logits squashes them itself.",
        ),
        Mistake(
            "summed over the batch in place of the pixels",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).sum(dim=0).mean() + kl_to_prior(mean, log_variance).mean()
            ),
            "You summed the reconstruction over the batch and averaged over the pixels. It is the other way round: "
            "pixels are axis 1, dim=1, and are summed.",
        ),
        Mistake(
            "KL summed once more",
            lambda x, logits, mean, log_variance: (
                _coins(x, logits).sum(dim=1) + kl_to_prior(mean, log_variance).sum(dim=1)
            ).mean(),
            "There is no axis 1 left: kl_to_prior has summed over the dimensions already, and "
            'binary_cross_entropy_with_logits without reduction="none" is a single number.',
        ),
        Mistake(
            "pixels not summed",
            lambda x, logits, mean, log_variance: (_coins(x, logits) + kl_to_prior(mean, log_variance)).mean(),
            "The cross-entropy has a number a pixel, (batch, pixels), the KL a number a sample, (batch,). Sum the "
            "first over its pixels, dim=1, before you add.",
        ),
        Mistake(
            "logits and x swapped",
            lambda x, logits, mean, log_variance: (
                _coins(logits, x).sum(dim=1) + kl_to_prior(mean, log_variance)
            ).mean(),
            "The first two arguments are swapped: functional.binary_cross_entropy_with_logits wants the logits first, "
            "then what was to be said.",
        ),
        Mistake(
            "no number for a decoder that is sure",
            lambda x, logits, mean, log_variance: (
                -(x * torch.sigmoid(logits).log() + (1 - x) * (1 - torch.sigmoid(logits)).log()).sum(dim=1)
                + kl_to_prior(mean, log_variance)
            ).mean(),
            _UNSTABLE,
        ),
    ),
    hints=(
        "Two costs a sample: how improbable its pixels are under what the decoder says, and how far its cloud is from "
        "the prior. Both are sums in nats.",
        'functional.binary_cross_entropy_with_logits(logits, x, reduction="none") is -log p(x | z) of every pixel, '
        "shape (batch, pixels).",
        "Sum the first over the pixels, dim=1; kl_to_prior has summed over the dimensions already. Add the two, then "
        "average over the batch.",
        "return (reconstruction.sum(dim=1) + kl_to_prior(mean, log_variance)).mean() and reconstruction is the "
        "cross-entropy of every pixel.",
    ),
)

# -- 04.4 --


def importance_weighted_bound(log_weights):
    """log(mean of the weights) of every sample, from log_weights of shape (draws, batch): shape (batch,)."""
    return torch.logsumexp(log_weights, dim=0) - math.log(len(log_weights))


def _log_weights(rng):
    # Levels far apart and far below what exp can hold: whoever leaves the logarithms gets infinities.
    n_draws, n = int(rng.integers(4, 9)), int(rng.integers(10, 15))
    level = rng.uniform(-900, -200, size=n)
    return (torch.tensor(level + 2 * rng.normal(size=(n_draws, n)), dtype=torch.float32),)


def _naive(log_weights):
    return log_weights.exp().mean(dim=0).log()


def _largest_of_all(log_weights):
    top = log_weights.max()
    return top + (log_weights - top).exp().mean(dim=0).log()


_GUARD = (
    "Every sample got the same number: exp of such log-weights is 0, and what you see is the logarithm of the small "
    "number that guards against it. The guard hides the loss. Take out the largest of each column before exp, or let "
    "torch.logsumexp(log_weights, dim=0) do it."
)


def _holds_large_numbers(function, rng):
    (log_weights,) = _log_weights(rng)
    got = function(log_weights)
    if not close(got, importance_weighted_bound(log_weights)):
        array = as_array(got)
        if array is not None and array.shape == (log_weights.shape[1],) and abs(array).max() < 200:
            if array.max() - array.min() < 1e-3:
                raise Wrong(_GUARD)
        return
    dense = -log_weights
    if not close(function(dense), importance_weighted_bound(dense)):
        raise Wrong(
            "Right for log-weights far below zero, but not far above it: a density may be larger than 1, then exp "
            "overflows. Subtract the largest of each column before exp and add it afterwards, or take torch.logsumexp."
        )
    # One sample whose draws lie far apart, as those from the prior do: only the largest may be taken out.
    apart = -400 + torch.linspace(-300, 300, 7)[:, None].expand(7, 5)
    if not close(function(apart), importance_weighted_bound(apart)):
        raise Wrong(
            "Right while a sample's log-weights lie close together. Where they range from -700 to -100 your exp "
            "overflows, because something smaller than the largest was taken out. Take out the largest of each column, "
            "max(dim=0).values, or let torch.logsumexp do it."
        )
    one = log_weights[:1]
    if not close(function(one), one[0]):
        raise Wrong("With a single draw the bound is that draw's log-weight; yours is something else.")


_IMPORTANCE = Exercise(
    number="04.4",
    title="The importance-weighted bound",
    solution=importance_weighted_bound,
    arguments=_log_weights,
    judge=_holds_large_numbers,
    mistakes=(
        Mistake(
            "mean of the logarithms",
            lambda log_weights: log_weights.mean(dim=0),
            "You averaged the logarithms: that is the plain bound of section 5 once more, however many draws you take. "
            "Here the weights themselves are averaged, and the logarithm comes last: log of the mean.",
        ),
        Mistake(
            "no log-sum-exp",
            _naive,
            "Right on paper, -inf in the machine: exp(-300) is 0 in 32 bits, and the logarithm of 0 is minus infinity. "
            "Take the largest out first, or let torch.logsumexp(log_weights, dim=0) do it.",
        ),
        Mistake(
            "64 bits",
            lambda log_weights: log_weights.double().exp().mean(dim=0).log(),
            "64 bits only reach further: exp(-800) is 0 there, too. Take the largest of each column out before exp and "
            "put it back at the end, or let torch.logsumexp(log_weights, dim=0) do it.",
        ),
        Mistake(
            "logarithm of the mean log-weight",
            lambda log_weights: log_weights.mean(dim=0).log(),
            "You took the logarithm of logarithms; those are negative. What is averaged is the weights, exp of "
            "log_weights; torch.logsumexp(log_weights, dim=0) does exp, sum and log.",
        ),
        Mistake(
            "number of draws itself subtracted",
            lambda log_weights: torch.logsumexp(log_weights, dim=0) - len(log_weights),
            "You subtracted the number of draws. To divide before the logarithm means to subtract its logarithm after "
            "it: - math.log(len(log_weights)).",
        ),
        Mistake(
            "torch.log of a plain number",
            lambda log_weights: torch.logsumexp(log_weights, dim=0) - torch.log(len(log_weights)),
            "torch.log takes tensors; of a plain number such as len(log_weights) it is math.log.",
        ),
        Mistake(
            "largest of all columns taken out",
            _largest_of_all,
            "You took out the largest log-weight of all samples; for the other samples exp is still 0. Each column "
            "needs its own largest: max(dim=0).values, or torch.logsumexp(log_weights, dim=0).",
        ),
        Mistake(
            "largest not put back",
            lambda log_weights: (log_weights - log_weights.max(dim=0).values).exp().mean(dim=0).log(),
            "You subtracted the largest log-weight of each column, which is right, and forgot to add it again at the "
            "end.",
        ),
        Mistake(
            "sum in place of the mean",
            lambda log_weights: torch.logsumexp(log_weights, dim=0),
            "Yours is the logarithm of the sum of the weights. Their mean is the sum divided by the number of draws: "
            "subtract its logarithm, math.log(len(log_weights)). Without that the bound would rise for ever.",
        ),
        Mistake(
            "logarithm of the number added",
            lambda log_weights: torch.logsumexp(log_weights, dim=0) + math.log(len(log_weights)),
            "You added the logarithm of the number of draws. A mean is a sum divided by the number, so it is "
            "subtracted.",
        ),
        Mistake(
            "divided after the logarithm",
            lambda log_weights: torch.logsumexp(log_weights, dim=0) / len(log_weights),
            "You divided the logarithm of the sum by the number of draws. Divide before the logarithm, which means "
            "subtract after it: - math.log(len(log_weights)).",
        ),
        Mistake(
            "number of samples in place of draws",
            lambda log_weights: torch.logsumexp(log_weights, dim=0) - math.log(log_weights.shape[1]),
            "You divided by the size of the batch. The mean is over the draws: axis 0, len(log_weights).",
        ),
        Mistake(
            "wrong axis",
            lambda log_weights: torch.logsumexp(log_weights, dim=1) - math.log(log_weights.shape[1]),
            "You averaged over the batch: axis 1 are the samples. The draws are axis 0, dim=0; one number a sample is "
            "left.",
        ),
        Mistake(
            "averaged over the batch as well",
            lambda log_weights: importance_weighted_bound(log_weights).mean(),
            "You averaged over the batch as well. Return one number a sample, shape (batch,).",
        ),
        Mistake(
            "draws and batch thrown together",
            lambda log_weights: torch.logsumexp(log_weights.flatten(), dim=0) - math.log(log_weights.numel()),
            "You averaged the weights of all samples together. Each sample has a likelihood of its own: dim=0 runs "
            "over its draws alone.",
        ),
        Mistake(
            "largest alone",
            lambda log_weights: log_weights.max(dim=0).values,
            "You kept the best draw alone. The mean of the weights has all of them in it, and is smaller than the "
            "best.",
        ),
        Mistake(
            "sign",
            lambda log_weights: -importance_weighted_bound(log_weights),
            "The sign is turned. Asked for is the bound itself, an estimate of log p(x), not a loss.",
        ),
        Mistake(
            "no logarithm at the end",
            lambda log_weights: log_weights.exp().mean(dim=0),
            "You stopped before the logarithm; and exp of such numbers is 0 in 32 bits. torch.logsumexp(log_weights, "
            "dim=0) does exp, sum and logarithm at once without ever holding the small numbers.",
        ),
    ),
    hints=(
        "Three things happen to each column: exp, mean, log, in this order. On paper that is all.",
        "exp(-300) is 0 in 32 bits. What happens to log(mean(exp(a))) when you subtract the same number from all a, "
        "and add it at the end?",
        "torch.logsumexp(log_weights, dim=0) takes exp, sum and log of each column, with its largest taken out first. "
        "The mean is that sum divided by the number of draws.",
        "return torch.logsumexp(log_weights, dim=0) - math.log(...) and the dots are the number of draws.",
    ),
)

EXERCISES = (_KL, _REPARAMETRIZE, _BOUND, _IMPORTANCE)
