"""The importance-weighted bound."""

import math

import torch

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.values import as_array, close


def importance_weighted_bound(log_weights):
    """Logarithm of the mean of the weights over the draws: shape (batch,)."""
    ### BEGIN SOLUTION
    return torch.logsumexp(log_weights, dim=0) - math.log(len(log_weights))
    ### END SOLUTION


HINTS = (
    "Three things happen to each column: exp, mean, log, in this order. On paper that is all.",
    "exp(-300) is 0 in 32 bits. What happens to log(mean(exp(a))) when you subtract the same number from all a, and "
    "add it at the end?",
    "torch.logsumexp(log_weights, dim=0) takes exp, sum and log of each column, with its largest taken out first. "
    "The mean is that sum divided by the number of draws.",
    "return torch.logsumexp(log_weights, dim=0) - math.log(...) and the dots are the number of draws.",
)


def arguments(rng):
    # Levels far apart and far below what exp can hold: whoever leaves the logarithms gets infinities.
    n_draws, n = int(rng.integers(4, 9)), int(rng.integers(10, 15))
    level = rng.uniform(-900, -200, size=n)
    return (torch.tensor(level + 2 * rng.normal(size=(n_draws, n)), dtype=torch.float32),)


@mistake
def mean_of_the_logarithms(log_weights):
    """You averaged the logarithms: that is the plain bound of section 5 once more, however many draws you take. Here
    the weights themselves are averaged, and the logarithm comes last: log of the mean.
    """
    return log_weights.mean(dim=0)


@mistake
def no_log_sum_exp(log_weights):
    """Right on paper, -inf in the machine: exp(-300) is 0 in 32 bits, and the logarithm of 0 is minus infinity. Take
    the largest out first, or let torch.logsumexp(log_weights, dim=0) do it.
    """
    return log_weights.exp().mean(dim=0).log()


@mistake
def only_64_bits(log_weights):
    """64 bits only reach further: exp(-800) is 0 there, too. Take the largest of each column out before exp and put it
    back at the end, or let torch.logsumexp(log_weights, dim=0) do it.
    """
    return log_weights.double().exp().mean(dim=0).log()


@mistake
def logarithm_of_the_mean_log_weight(log_weights):
    """You took the logarithm of logarithms; those are negative. What is averaged is the weights, exp of log_weights;
    torch.logsumexp(log_weights, dim=0) does exp, sum and log.
    """
    return log_weights.mean(dim=0).log()


@mistake
def number_of_draws_itself_subtracted(log_weights):
    """You subtracted the number of draws. To divide before the logarithm means to subtract its logarithm after it: -
    math.log(len(log_weights)).
    """
    return torch.logsumexp(log_weights, dim=0) - len(log_weights)


@mistake
def torch_log_of_a_plain_number(log_weights):
    """torch.log takes tensors; of a plain number such as len(log_weights) it is math.log."""
    return torch.logsumexp(log_weights, dim=0) - torch.log(len(log_weights))


@mistake
def largest_of_all_columns_taken_out(log_weights):
    """You took out the largest log-weight of all samples; for the other samples exp is still 0. Each column needs its
    own largest: max(dim=0).values, or torch.logsumexp(log_weights, dim=0).
    """
    top = log_weights.max()
    return top + (log_weights - top).exp().mean(dim=0).log()


@mistake
def largest_not_put_back(log_weights):
    """You subtracted the largest log-weight of each column, which is right, and forgot to add it again at the end."""
    return (log_weights - log_weights.max(dim=0).values).exp().mean(dim=0).log()


@mistake
def sum_in_place_of_the_mean(log_weights):
    """Yours is the logarithm of the sum of the weights. Their mean is the sum divided by the number of draws: subtract
    its logarithm, math.log(len(log_weights)). Without that the bound would rise for ever.
    """
    return torch.logsumexp(log_weights, dim=0)


@mistake
def logarithm_of_the_number_added(log_weights):
    """You added the logarithm of the number of draws. A mean is a sum divided by the number, so it is subtracted."""
    return torch.logsumexp(log_weights, dim=0) + math.log(len(log_weights))


@mistake
def divided_after_the_logarithm(log_weights):
    """You divided the logarithm of the sum by the number of draws. Divide before the logarithm, which means subtract
    after it: - math.log(len(log_weights)).
    """
    return torch.logsumexp(log_weights, dim=0) / len(log_weights)


@mistake
def number_of_samples_in_place_of_draws(log_weights):
    """You divided by the size of the batch. The mean is over the draws: axis 0, len(log_weights)."""
    return torch.logsumexp(log_weights, dim=0) - math.log(log_weights.shape[1])


@mistake
def wrong_axis(log_weights):
    """You averaged over the batch: axis 1 are the samples. The draws are axis 0, dim=0; one number per sample is
    left.
    """
    return torch.logsumexp(log_weights, dim=1) - math.log(log_weights.shape[1])


@mistake
def averaged_over_the_batch_as_well(log_weights):
    """You averaged over the batch as well. Return one number per sample, shape (batch,)."""
    return importance_weighted_bound(log_weights).mean()


@mistake
def draws_and_batch_thrown_together(log_weights):
    """You averaged the weights of all samples together. Each sample has a likelihood of its own: dim=0 runs over its
    draws alone.
    """
    return torch.logsumexp(log_weights.flatten(), dim=0) - math.log(log_weights.numel())


@mistake
def largest_alone(log_weights):
    """You kept the best draw alone. The mean of the weights has all of them in it, and is smaller than the best."""
    return log_weights.max(dim=0).values


@mistake
def sign(log_weights):
    """The sign is turned. Asked for is the bound itself, an estimate of log p(x), not a loss."""
    return -importance_weighted_bound(log_weights)


@mistake
def no_logarithm_at_the_end(log_weights):
    """You stopped before the logarithm; and exp of such numbers is 0 in 32 bits. torch.logsumexp(log_weights, dim=0)
    does exp, sum and logarithm at once without ever holding the small numbers.
    """
    return log_weights.exp().mean(dim=0)


def judge(function, rng):
    (log_weights,) = arguments(rng)
    got = function(log_weights)
    if not close(got, importance_weighted_bound(log_weights)):
        array = as_array(got)
        one_per_sample = array is not None and array.shape == (log_weights.shape[1],)
        if one_per_sample and abs(array).max() < 200 and array.max() - array.min() < 1e-3:
            raise Wrong(
                "Every sample got the same number: exp of such log-weights is 0, and what you see is the logarithm of "
                "the small number that guards against it. The guard hides the loss. Take out the largest of each "
                "column before exp, or let torch.logsumexp(log_weights, dim=0) do it."
            )
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
