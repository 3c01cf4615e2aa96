"""The bound as a loss."""

import torch
from torch.nn import functional

from udl_teach.lesson.exercise import Wrong, difference
from udl_teach.lesson.exercises.l04.kl_to_prior import kl_to_prior
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def negative_bound(x, logits, mean, log_variance):
    """Minus the bound in nats: summed over pixels and dimensions, averaged over the batch; a single number."""
    ### BEGIN SOLUTION
    reconstruction = functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)
    return (reconstruction + kl_to_prior(mean, log_variance)).mean()
    ### END SOLUTION


HINTS = (
    "Two costs per sample: how improbable its pixels are under what the decoder says, and how far its cloud is from "
    "the prior. Both are sums in nats.",
    'functional.binary_cross_entropy_with_logits(logits, x, reduction="none") is -log p(x | z) of every pixel, '
    "shape (batch, pixels).",
    "Sum the first over the pixels, dim=1; kl_to_prior has summed over the dimensions already. Add the two, then "
    "average over the batch.",
    "return (reconstruction.sum(dim=1) + kl_to_prior(mean, log_variance)).mean() and reconstruction is the "
    "cross-entropy of every pixel.",
)


def arguments(rng):
    n, n_features, n_dimensions = int(rng.integers(3, 6)), int(rng.integers(12, 20)), int(rng.integers(7, 10))
    x = rng.integers(0, 2, size=(n, n_features))
    logits = 1.5 * rng.normal(size=(n, n_features)) + x - 0.5
    mean, log_variance = rng.normal(size=(2, n, n_dimensions))
    return tuple(torch.tensor(each, dtype=torch.float32) for each in (x, logits, mean, log_variance))


CROSS_ENTROPY = 'functional.binary_cross_entropy_with_logits(logits, x, reduction="none")'
KL = "kl_to_prior(mean, log_variance)"

reconstruction_averaged_over_the_pixels = difference(
    negative_bound,
    {".sum(dim=1)": ".mean(dim=1)"},
    """You averaged the reconstruction over the pixels while the KL is summed over its dimensions. With 64 pixels the KL
    then weighs 64 times as much as it should, and the code collapses. Sum over the pixels: dim=1. (reduction="mean",
    the default, averages over everything.)""",
)

everything_averaged = difference(
    negative_bound,
    {".sum(dim=1)": ".mean(dim=1)", KL: f"{KL} / mean.shape[1]"},
    """You averaged the reconstruction over the pixels and the KL over the dimensions. That is no common scale: the two
    are divided by different numbers. Sum both within a sample; only the batch is averaged.""",
)

kl_averaged_over_the_dimensions = difference(
    negative_bound,
    {KL: f"{KL} / mean.shape[1]"},
    """The reconstruction is right; the KL is averaged over the dimensions and so too cheap. Sum it over them, as
    kl_to_prior does.""",
)

sign_of_the_kl = difference(
    negative_bound,
    {f"+ {KL}": f"- {KL}"},
    """You subtracted the KL. It is subtracted in the bound; the loss is the bound with its sign turned, so both terms
    are costs: reconstruction plus KL.""",
)

the_bound_itself = difference(
    negative_bound,
    {"return (": "return -("},
    "You return the bound, which is to be made large. The optimizer makes things small: turn the sign.",
)

sign_of_the_reconstruction = difference(
    negative_bound,
    {"(reconstruction": "(-reconstruction"},
    """The reconstruction has the wrong sign: a pixel that the decoder held to be improbable must raise the loss. It is
    minus the log-likelihood, which the cross-entropy is already.""",
)

summed_over_the_batch = difference(
    negative_bound,
    {".mean()": ".sum()"},
    """You summed over the batch as well, so a batch twice as large would have twice the loss. Sum within a sample, then
    average over the batch.""",
)

reconstruction_alone_summed_over_the_batch = difference(
    negative_bound,
    {"(reconstruction": "(reconstruction.sum()"},
    """The reconstruction is summed over the whole batch, the KL averaged over it: the KL hardly counts then. Sum within
    a sample, then average over the batch, both alike.""",
)

kl_alone_summed_over_the_batch = difference(
    negative_bound,
    {KL: f"{KL}.sum()"},
    """The KL is summed over the whole batch, the reconstruction averaged over it: the KL weighs too much, by the size
    of the batch. Average both over the batch.""",
)

reconstruction_averaged_over_everything_kl_summed_over_the_batch = difference(
    negative_bound,
    {".sum(dim=1)": ".mean()", KL: f"{KL}.sum()"},
    """The reconstruction is averaged over pixels and batch, the KL is summed over both: it weighs far too much. Sum
    both within a sample, then average over the batch.""",
)

one_number_per_sample = difference(
    negative_bound,
    {".mean()": ""},
    "You have the loss of each sample. One step is left: average them over the batch.",
)

kl_forgotten = difference(
    negative_bound,
    {f"+ {KL}": ""},
    "The KL is missing: this is the loss of a plain autoencoder, and its codes go wherever they like.",
)

reconstruction_forgotten = difference(
    negative_bound,
    {"reconstruction +": ""},
    "The reconstruction is missing: with the KL alone every code becomes the prior, and the decoder learns nothing.",
)

squashed_twice = difference(
    negative_bound,
    {"(logits, x": "(torch.sigmoid(logits), x"},
    """The logits are squashed twice: binary_cross_entropy_with_logits has the sigmoid in it already. Hand it the logits
    as they are.""",
)

logits_taken_for_probabilities = difference(
    negative_bound,
    {"binary_cross_entropy_with_logits": "binary_cross_entropy"},
    """Logits can be any numbers, probabilities lie between 0 and 1. functional.binary_cross_entropy_with_logits takes
    logits and squashes them itself.""",
)

ink_alone = difference(
    negative_bound,
    {CROSS_ENTROPY: "-(x * functional.logsigmoid(logits))"},
    """Only pixels with ink are scored: the term (1 - x) log(1 - p) for empty paper is missing. The cheapest decoder
    would be one that prints everything black.""",
)

squared_error = difference(
    negative_bound,
    {CROSS_ENTROPY: "((torch.sigmoid(logits) - x) ** 2)"},
    """You took the squared error. These pixels are coins: the likelihood is Bernoulli's, and its negative logarithm is
    the binary cross-entropy.""",
)

squared_error_of_the_logits = difference(
    negative_bound,
    {CROSS_ENTROPY: "((logits - x) ** 2)"},
    """You took the squared error, and of logits at that, which may be any numbers. These pixels are coins:
    functional.binary_cross_entropy_with_logits is minus the logarithm of their probability.""",
)

logits_taken_for_probabilities_in_the_formula = difference(
    negative_bound,
    {CROSS_ENTROPY: "-(x * logits.log() + (1 - x) * (1 - logits).log())"},
    """You put the logits where the formula has the probabilities p; a logit may be negative, and has no logarithm then.
    functional.binary_cross_entropy_with_logits squashes them itself.""",
)

summed_over_the_batch_in_place_of_the_pixels = difference(
    negative_bound,
    {"dim=1": "dim=0", "(reconstruction": "(reconstruction.mean()"},
    """You summed the reconstruction over the batch and averaged over the pixels. It is the other way round: pixels are
    axis 1, dim=1, and are summed.""",
)

kl_summed_once_more = difference(
    negative_bound,
    {KL: f"{KL}.sum(dim=1)"},
    """There is no axis 1 left: kl_to_prior has summed over the dimensions already, and binary_cross_entropy_with_logits
    without reduction="none" is a single number.""",
)

pixels_not_summed = difference(
    negative_bound,
    {".sum(dim=1)": ""},
    """The cross-entropy has a number per pixel, (batch, pixels), the KL a number per sample, (batch,). Sum the first
    over its pixels, dim=1, before you add.""",
)

logits_and_x_swapped = difference(
    negative_bound,
    {"(logits, x": "(x, logits"},
    """The first two arguments are swapped: functional.binary_cross_entropy_with_logits wants the logits first, then
    what was to be said.""",
)

no_number_for_a_decoder_that_is_sure = difference(
    negative_bound,
    {CROSS_ENTROPY: "-(x * torch.sigmoid(logits).log() + (1 - x) * (1 - torch.sigmoid(logits)).log())"},
    """Right, until the decoder is very sure: with logits of 120 your number is NaN or infinite, because a sigmoid that
    rounds to exactly 0 or 1 has no logarithm. functional.binary_cross_entropy_with_logits never takes that
    logarithm.""",
)


def judge(function, rng):
    x, *rest = arguments(rng)
    if not close(function(x, *rest), negative_bound(x, *rest)):
        return
    leaves = [each.clone().requires_grad_() for each in rest]
    found = torch.autograd.grad(with_gradient(function, x, *leaves), leaves, allow_unused=True)
    wanted = torch.autograd.grad(negative_bound(x, *leaves), leaves)
    for name, ours, theirs in zip(("logits", "mean", "log_variance"), wanted, found):
        if theirs is None or not torch.allclose(theirs, ours, atol=1e-4, rtol=1e-3):
            raise Wrong(
                f"The number is right, but the gradient for {name} is not: part of it was cut off on its way "
                "(.detach(), .data, .item(), torch.no_grad()). Both terms must learn."
            )
    sure = (120 * (2 * x - 1)).requires_grad_()
    value = function(x, sure, *rest[1:])
    (gradient,) = torch.autograd.grad(value, sure)
    if not (value.isfinite().all() and gradient.isfinite().all()):
        raise Wrong(no_number_for_a_decoder_that_is_sure.hint)
