"""The generator's loss."""

import math

import torch
from torch.nn import functional

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l06.shared import judge_loss


def generator_loss(generated):
    """The loss that the generator minimizes, from the discriminator's scores of its points: one number."""
    ### BEGIN SOLUTION
    return functional.softplus(-generated).mean()
    ### END SOLUTION


HINTS = (
    "The generator's points should be called real. Which term of the discriminator's loss belongs to real points?",
    "It is -log D, averaged over the batch, now at generated points: D(G(z)) is the sigmoid of the scores that you are "
    "given.",
    "-log sigmoid(s) is softplus(-s).",
    "return functional.softplus(...).mean(), with the right sign inside.",
)


def arguments(rng):
    n = int(rng.integers(6, 12))
    return (torch.tensor(rng.normal(-0.7, 1.5, size=n), dtype=torch.float32),)


@mistake
def minimax(generated):
    """That is log(1 - D(G(z))), the generator's term of the value: the minimax loss. The exercise asks for the other
    one, -log D(G(z)): softplus(-generated).
    """
    return -functional.softplus(generated).mean()


@mistake
def minimax_with_the_sign_turned(generated):
    """That is the discriminator's loss of generated points: it is small when they are called generated. The generator
    wants them called real: -log D(G(z)), softplus(-generated).
    """
    return functional.softplus(generated).mean()


@mistake
def sign(generated):
    """The sign is wrong: yours falls when D(G(z)) falls, so the generator would learn to be recognized. The loss is
    -log D(G(z)), which is never negative.
    """
    return -functional.softplus(-generated).mean()


@mistake
def squashed_twice(generated):
    """The sigmoid is applied twice: softplus and binary_cross_entropy_with_logits contain it already."""
    return functional.softplus(-torch.sigmoid(generated)).mean()


@mistake
def probability_in_place_of_its_logarithm(generated):
    """The logarithm is missing: -log D(G(z)). Without it the gradient vanishes where the discriminator is sure, as with
    minimax.
    """
    return -torch.sigmoid(generated).mean()


@mistake
def one_minus_the_probability(generated):
    """That is 1 - D(G(z)), without a logarithm. The loss is -log D(G(z)): softplus(-generated)."""
    return (1 - torch.sigmoid(generated)).mean()


@mistake
def the_score_itself(generated):
    """That is the generator's loss against a Wasserstein critic or with the hinge loss, which you will meet later. Here
    it is -log D: softplus(-generated).
    """
    return -generated.mean()


@mistake
def hinge(generated):
    """That is a hinge, which has no gradient for scores above 1. The loss is -log D(G(z)): softplus(-generated)."""
    return functional.relu(1 - generated).mean()


@mistake
def squared_error(generated):
    """You took the squared error to 1, which is the least-squares loss. Here it is -log D(G(z))."""
    return ((generated - 1) ** 2).mean()


@mistake
def summed_over_the_batch(generated):
    """You summed over the batch. Take the mean, so that the size of the batch does not change the loss."""
    return functional.softplus(-generated).sum()


@mistake
def nothing_averaged(generated):
    """You have the loss of each point. One step is left: the mean over the batch, a single number."""
    return functional.softplus(-generated)


@mistake
def halved(generated):
    """Yours is half of the right value: there is no factor in -log D(G(z))."""
    return 0.5 * functional.softplus(-generated).mean()


@mistake
def scores_taken_for_probabilities(generated):
    """You took the logarithm of the scores. A score can be negative and then has no logarithm; D is its sigmoid.
    functional.softplus(-generated) is -log D in one step.
    """
    return -generated.log().mean()


@mistake
def cross_entropy_of_probabilities_handed_scores(generated):
    """functional.binary_cross_entropy takes probabilities. For scores, there is
    functional.binary_cross_entropy_with_logits.
    """
    return functional.binary_cross_entropy(generated, torch.ones_like(generated))


@mistake
def logarithm_of_the_mean(generated):
    """You averaged the probabilities and took the logarithm afterwards. Each point has its own loss: first the
    logarithm, then the mean.
    """
    return -torch.sigmoid(generated).mean().log()


@mistake
def mean_of_the_scores_first(generated):
    """You averaged the scores first. Each point has its own loss: first softplus, then the mean."""
    return functional.softplus(-generated.mean())


@mistake
def math_log_of_a_tensor(generated):
    """math.log and math.exp take a single number; for a whole tensor there are torch.log and torch.exp."""
    return -math.log(torch.sigmoid(generated))


@mistake
def sigmoid_first_logarithm_afterwards(generated):
    """Right, until the discriminator is very sure: with scores of -150 yours is infinite, NaN or cut off, and that is
    where the generator needs its gradient. In 32 bits the sigmoid is exactly 0 there, so its logarithm is infinite, and
    so is exp(150). functional.softplus and binary_cross_entropy_with_logits compute neither.
    """
    return -torch.sigmoid(generated).log().mean()


def judge(function, rng):
    judge_loss(function, generator_loss, arguments(rng), ("the scores",), sigmoid_first_logarithm_afterwards.hint)
