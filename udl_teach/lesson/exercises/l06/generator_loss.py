"""The generator's loss."""

import math

import torch
from torch.nn import functional

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l06.shared import judge_loss


def generator_loss(generated):
    """What the generator makes small, from the discriminator's scores of its points: one number."""
    ### BEGIN SOLUTION
    return functional.softplus(-generated).mean()
    ### END SOLUTION


HINTS = (
    "The generator wants its points to be called real. Which label would they have then, and what does the "
    "cross-entropy cost with that label?",
    "-log D(G(z)), averaged over the batch; D(G(z)) is the sigmoid of the scores that you are given.",
    "-log sigmoid(s) is softplus(-s).",
    "return functional.softplus(...).mean() and mind the sign inside.",
)


def arguments(rng):
    n = int(rng.integers(6, 12))
    return (torch.tensor(rng.normal(-0.7, 1.5, size=n), dtype=torch.float32),)


@mistake
def minimax(generated):
    """That is log(1 - D(G(z))), the generator's half of the value: the minimax loss of the row above. Asked for is the
    other one, -log D(G(z)): softplus(-generated).
    """
    return -functional.softplus(generated).mean()


@mistake
def minimax_with_the_sign_turned(generated):
    """That is the discriminator's own half: whoever makes it small makes generated points look generated. The generator
    wants them called real: -log D(G(z)), softplus(-generated).
    """
    return functional.softplus(generated).mean()


@mistake
def sign(generated):
    """The sign is turned: yours falls when D(G(z)) falls, so the generator would learn to be found out. The loss is
    -log D(G(z)), which is never negative.
    """
    return -functional.softplus(-generated).mean()


@mistake
def squashed_twice(generated):
    """The scores are squashed twice: softplus and binary_cross_entropy_with_logits have the sigmoid in them already."""
    return functional.softplus(-torch.sigmoid(generated)).mean()


@mistake
def probability_in_place_of_its_logarithm(generated):
    """The logarithm is missing: -log D(G(z)). Without it the gradient vanishes where the discriminator is sure, just as
    with minimax.
    """
    return -torch.sigmoid(generated).mean()


@mistake
def one_minus_the_probability(generated):
    """That is 1 - D(G(z)), without a logarithm. Asked for is -log D(G(z)): softplus(-generated)."""
    return (1 - torch.sigmoid(generated)).mean()


@mistake
def the_score_itself(generated):
    """That is the generator's loss against a Wasserstein critic, which you will meet later. Here it is -log D: the
    score passes through functional.softplus.
    """
    return -generated.mean()


@mistake
def hinge(generated):
    """That is a hinge, which has no gradient for scores above 1. Asked for is -log D(G(z)): softplus(-generated)."""
    return functional.relu(1 - generated).mean()


@mistake
def squared_error(generated):
    """You took the squared error to 1, which is the game of least squares. Here it is -log D(G(z))."""
    return ((generated - 1) ** 2).mean()


@mistake
def summed_over_the_batch(generated):
    """You summed over the batch; average it, so that the size of the batch does not change the loss."""
    return functional.softplus(-generated).sum()


@mistake
def nothing_averaged(generated):
    """You have the loss of each point. One step is left: the mean over the batch, a single number."""
    return functional.softplus(-generated)


@mistake
def halved(generated):
    """Yours is half of the right one: there is no factor in -log D(G(z))."""
    return 0.5 * functional.softplus(-generated).mean()


@mistake
def scores_taken_for_probabilities(generated):
    """You took the logarithm of the scores. A score may be negative and has no logarithm then; D is its sigmoid.
    functional.softplus(-generated) is -log D in one go.
    """
    return -generated.log().mean()


@mistake
def cross_entropy_of_probabilities_handed_scores(generated):
    """functional.binary_cross_entropy wants probabilities; for scores it is
    functional.binary_cross_entropy_with_logits.
    """
    return functional.binary_cross_entropy(generated, torch.ones_like(generated))


@mistake
def logarithm_of_the_mean(generated):
    """You averaged the probabilities and took the logarithm afterwards. Each point pays its own logarithm: first the
    logarithm, then the mean.
    """
    return -torch.sigmoid(generated).mean().log()


@mistake
def mean_of_the_scores_first(generated):
    """You averaged the scores first. Each point pays for its own score: first softplus, then the mean."""
    return functional.softplus(-generated.mean())


@mistake
def math_log_of_a_tensor(generated):
    """math.log and math.exp take a single number; for a whole tensor there are torch.log and torch.exp."""
    return -math.log(torch.sigmoid(generated))


@mistake
def sigmoid_first_logarithm_afterwards(generated):
    """Right, until the discriminator is very sure: with scores of -150 yours is infinite, NaN or cut off, and just
    there the generator needs its gradient. In 32 bits the sigmoid is exactly 0 there, so its logarithm is infinite, and
    so is exp(150). functional.softplus and binary_cross_entropy_with_logits compute neither.
    """
    return -torch.sigmoid(generated).log().mean()


def judge(function, rng):
    judge_loss(function, generator_loss, arguments(rng), ("the scores",), sigmoid_first_logarithm_afterwards.hint)
