"""Reconstruction loss."""

import torch

from udl_teach.lesson.exercise import mistake
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def reconstruction_loss(x, x_hat):
    """Squared error, summed over the features and averaged over the batch."""
    ### BEGIN SOLUTION
    return ((x_hat - x) ** 2).sum(dim=1).mean()
    ### END SOLUTION


HINTS = (
    "Three things happen, in this order: a difference, a square, and two reductions, one for each axis.",
    "x and x_hat have shape (batch, features). Sum over the features: that is axis 1, dim=1. One number per sample "
    "is left.",
    "Average what is left over the batch: .mean(). The result is a single number that still has its gradient.",
    "return ((x_hat - x) ** 2).sum(dim=...).mean() and dim is the axis of the features.",
)


def arguments(rng):
    # Batch and features never agree in size, and neither is 1: a sum over the wrong axis always shows.
    n, n_features = int(rng.integers(3, 8)), int(rng.integers(9, 20))
    x, x_hat = rng.normal(size=(2, n, n_features))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(x_hat + 0.5, dtype=torch.float32)


@mistake
def mean_over_features(x, x_hat):
    """You averaged over the features as well. In this course the squared error is summed over the features and averaged
    over the batch only; yours is too small by the number of features (64 for the digits).
    """
    return ((x_hat - x) ** 2).mean()


@mistake
def number_64_written_into_it(x, x_hat):
    """You wrote the number 64 into your function; it is right for the digits alone. These samples have another number
    of features: sum over them with .sum(dim=1), whatever their number.
    """
    return 64 * ((x_hat - x) ** 2).mean()


@mistake
def not_averaged_over_the_batch(x, x_hat):
    """You summed over the batch as well, so a batch twice as large would have twice the loss (and take steps twice as
    long). Sum over the features, then average over the samples.
    """
    return ((x_hat - x) ** 2).sum()


@mistake
def missing_square(x, x_hat):
    """The differences are not squared: a pixel that is too bright cancels one that is too dark. Square each difference
    before you sum.
    """
    return (x_hat - x).sum(dim=1).mean()


@mistake
def absolute_value_in_place_of_the_square(x, x_hat):
    """You took absolute differences. That is a loss too (its answer is the median, not the mean), but this one is the
    squared error: square each difference.
    """
    return (x_hat - x).abs().sum(dim=1).mean()


@mistake
def axes_swapped(x, x_hat):
    """You summed over the batch and averaged over the features: the axes are swapped. Axis 0 runs over the samples,
    axis 1 over the features.
    """
    return ((x_hat - x) ** 2).sum(dim=0).mean()


@mistake
def one_number_per_sample(x, x_hat):
    """You have the error of each sample, one number per row. One step is left: average them over the batch."""
    return ((x_hat - x) ** 2).sum(dim=1)


@mistake
def root_of_the_sum(x, x_hat):
    """You took the square root, which makes it the distance. The loss is the squared distance: leave the root out."""
    return ((x_hat - x) ** 2).sum(dim=1).sqrt().mean()


@mistake
def squared_after_the_sum(x, x_hat):
    """You summed first and squared the sum: errors of opposite sign have cancelled by then. Square each difference
    first, then sum.
    """
    return ((x_hat - x).sum(dim=1) ** 2).mean()


def judge(function, rng):
    x, x_hat = arguments(rng)
    if close(function(x, x_hat), reconstruction_loss(x, x_hat)):
        with_gradient(function, x, x_hat.requires_grad_())
