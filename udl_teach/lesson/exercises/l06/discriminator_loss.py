"""The discriminator's loss."""

import math

import torch
from torch.nn import functional

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.exercises.l06.shared import judge_loss


def discriminator_loss(real, generated):
    """The loss that the discriminator minimizes, from its scores of real and of generated points: one number."""
    ### BEGIN SOLUTION
    return functional.softplus(-real).mean() + functional.softplus(generated).mean()
    ### END SOLUTION


HINTS = (
    "Two batches, two losses. The first should be large when a real point gets a low score, the second when a "
    "generated point gets a high one.",
    "Write out -log(sigmoid(s)) = log(1 + exp(-s)). PyTorch computes softplus(a) = log(1 + exp(a)) without overflow, "
    "as functional.softplus. Check: a real point with score 3 should have the loss 0.05, with score -3 about 3. For a "
    "generated point it is the reverse, because 1 - sigmoid(s) = sigmoid(-s).",
    "Each term is one call of functional.softplus on a whole batch, averaged by .mean(). In one of them the scores "
    "have a minus sign.",
    "return functional.softplus(-real).mean() + ... with the second term in place of the dots.",
)


def arguments(rng):
    # Two batches of different sizes and means: swapping or joining them gives another number.
    n, m = int(rng.integers(5, 9)), int(rng.integers(10, 15))
    real, generated = rng.normal(1.0, 1.5, size=n), rng.normal(-0.3, 1.5, size=m)
    return torch.tensor(real, dtype=torch.float32), torch.tensor(generated, dtype=torch.float32)


@mistake
def labels_swapped(real, generated):
    """The labels are swapped: yours is small when real points are called generated and generated ones real. For real
    points it is -log D(x), softplus(-real); for generated ones -log(1 - D(x)), softplus(generated).
    """
    return functional.softplus(real).mean() + functional.softplus(-generated).mean()


@mistake
def squashed_twice(real, generated):
    """The sigmoid is applied twice: softplus and binary_cross_entropy_with_logits contain it already. Give them the
    scores as they are.
    """
    return discriminator_loss(torch.sigmoid(real), torch.sigmoid(generated))


@mistake
def only_the_real_half(real, generated):
    """Only the real points count. A discriminator that calls everything real would be perfect; add the term of the
    generated points.
    """
    return functional.softplus(-real).mean()


@mistake
def only_the_generated_half(real, generated):
    """Only the generated points count. A discriminator that calls everything generated would be perfect; add the term
    of the real points.
    """
    return functional.softplus(generated).mean()


@mistake
def both_halves_called_real(real, generated):
    """Your loss is small when both kinds are called real. The loss of generated points is -log(1 - D(x)), which is
    softplus(generated), without the minus sign.
    """
    return functional.softplus(-real).mean() + functional.softplus(-generated).mean()


@mistake
def both_halves_called_generated(real, generated):
    """Your loss is small when both kinds are called generated. The loss of real points is -log D(x), which is
    softplus(-real), with a minus sign.
    """
    return functional.softplus(real).mean() + functional.softplus(generated).mean()


@mistake
def halved(real, generated):
    """Yours is half of the right value: some code averages the two terms. Here they are added, as in the formula, so
    that a discriminator that only guesses has the loss 2 log 2.
    """
    return 0.5 * discriminator_loss(real, generated)


@mistake
def thrown_into_one_batch(real, generated):
    """You averaged over real and generated points together, so the larger batch counts more, and the sum is halved.
    Take the mean of each batch separately, then add the two.
    """
    return torch.cat([functional.softplus(-real), functional.softplus(generated)]).mean()


@mistake
def thrown_into_one_batch_and_doubled(real, generated):
    """You doubled the mean over real and generated points together, which is right only if both batches have the same
    size. Here the larger one counts more: take the mean of each batch separately, then add the two.
    """
    return 2 * torch.cat([functional.softplus(-real), functional.softplus(generated)]).mean()


@mistake
def summed_over_the_batch(real, generated):
    """You summed over the batches, so a batch twice as large would have twice the loss. Average each batch, then add
    the two means.
    """
    return functional.softplus(-real).sum() + functional.softplus(generated).sum()


@mistake
def the_value_itself(real, generated):
    """You return the value of the game, which the discriminator maximizes. The optimizer minimizes: change the sign."""
    return -discriminator_loss(real, generated)


@mistake
def halves_subtracted(real, generated):
    """You subtracted the two terms. Both are losses and never negative: add them."""
    return functional.softplus(-real).mean() - functional.softplus(generated).mean()


@mistake
def scores_taken_for_probabilities(real, generated):
    """You put the scores where the formula has D(x). A score can be any number, also a negative one, which has no
    logarithm; D(x) is its sigmoid. functional.softplus(-real) is -log D(x) in one step.
    """
    return -(real.log().mean() + (1 - generated).log().mean())


@mistake
def cross_entropy_of_probabilities_handed_scores(real, generated):
    """functional.binary_cross_entropy takes probabilities. For scores, use functional.binary_cross_entropy_with_logits,
    which applies the sigmoid itself.
    """
    ones, zeros = torch.ones_like(real), torch.zeros_like(generated)
    return functional.binary_cross_entropy(real, ones) + functional.binary_cross_entropy(generated, zeros)


@mistake
def logarithm_of_the_mean(real, generated):
    """You averaged the probabilities and took the logarithm afterwards. Each point has its own loss: first the
    logarithm, then the mean.
    """
    return -torch.sigmoid(real).mean().log() - (1 - torch.sigmoid(generated).mean()).log()


@mistake
def probabilities_without_the_logarithm(real, generated):
    """The logarithms are missing: -log D(x) for real points, -log(1 - D(x)) for generated ones. Without them the loss
    of a discriminator that is sure and wrong is hardly larger than that of one that doubts.
    """
    return torch.sigmoid(generated).mean() - torch.sigmoid(real).mean()


@mistake
def probabilities_of_being_wrong(real, generated):
    """Yours is the mean probability of the wrong answer. The loss is minus the logarithm of the probability of the
    right one: -log D(x) for real points, -log(1 - D(x)) for generated ones.
    """
    return torch.sigmoid(-real).mean() + torch.sigmoid(generated).mean()


@mistake
def one_minus_the_logarithm(real, generated):
    """You subtracted the logarithm from 1. The 1 belongs inside: log(1 - D(x)). In scores that is -softplus(generated),
    or logsigmoid(-generated).
    """
    return -functional.logsigmoid(real).mean() - (1 - functional.logsigmoid(generated)).mean()


@mistake
def one_minus_the_score(real, generated):
    """You took 1 - score where the formula has 1 - D(x). 1 minus a sigmoid is the sigmoid of minus the score:
    softplus(generated), or -logsigmoid(-generated).
    """
    return -functional.logsigmoid(real).mean() - functional.logsigmoid(1 - generated).mean()


@mistake
def mean_of_the_scores_first(real, generated):
    """You averaged the scores first. Each point has its own loss: first softplus, then the mean."""
    return functional.softplus(-real.mean()) + functional.softplus(generated.mean())


@mistake
def arguments_of_the_cross_entropy_swapped(real, generated):
    """The arguments of binary_cross_entropy_with_logits are swapped: the scores come first, then the labels."""
    cross_entropy = functional.binary_cross_entropy_with_logits
    return cross_entropy(torch.ones_like(real), real) + cross_entropy(torch.zeros_like(generated), generated)


@mistake
def scores_without_logarithm(real, generated):
    """That is the loss of a Wasserstein critic: larger scores make it as small as you like. Here the loss is -log of a
    sigmoid, functional.softplus.
    """
    return generated.mean() - real.mean()


@mistake
def squared_error(real, generated):
    """You took the squared error to 1 and 0. That is the least-squares loss (Mao et al. 2017); this game uses the
    logarithms of probabilities.
    """
    return ((real - 1) ** 2).mean() + (generated**2).mean()


@mistake
def hinge(real, generated):
    """That is the hinge loss, which is 0 as soon as a score is beyond 1 or -1. This game uses the logarithms of
    probabilities, functional.softplus.
    """
    return functional.relu(1 - real).mean() + functional.relu(1 + generated).mean()


@mistake
def squared_error_of_the_probabilities(real, generated):
    """You took the squared error of the probabilities. Take their logarithms: -log D(x) and -log(1 - D(x))."""
    return ((torch.sigmoid(real) - 1) ** 2).mean() + (torch.sigmoid(generated) ** 2).mean()


@mistake
def compared_pair_by_pair(real, generated):
    """You added the two batches point by point. They can differ in size: take the mean of each, then add the two
    numbers.
    """
    return functional.softplus(-real) + functional.softplus(generated)


@mistake
def math_log_of_a_tensor(real, generated):
    """math.log and math.exp take a single number; for a whole tensor there are torch.log and torch.exp."""
    return -math.log(torch.sigmoid(real)) - math.log(1 - torch.sigmoid(generated))


@mistake
def sigmoid_first_logarithm_afterwards(real, generated):
    """Right, until the discriminator is very sure: with scores of 150 or -150 yours is infinite, NaN or cut off. In 32
    bits the sigmoid is exactly 0 or 1 there, so one of the logarithms is infinite, and so is exp(150).
    functional.softplus and functional.binary_cross_entropy_with_logits compute neither.
    """
    return -torch.sigmoid(real).log().mean() - (1 - torch.sigmoid(generated)).log().mean()


def judge(function, rng):
    unstable = sigmoid_first_logarithm_afterwards.hint
    judge_loss(function, discriminator_loss, arguments(rng), ("real", "generated"), unstable)
