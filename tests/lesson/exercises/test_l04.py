"""Lesson 04: right answers written in other ways pass, and the same mistake written in another way gets its hint."""

import math

import numpy as np
import pytest
import torch
from scipy.special import logsumexp
from torch.distributions import Bernoulli, Normal, kl_divergence
from torch.nn import functional

from udl_teach.lesson.exercises import exercise
from udl_teach.lesson.verdict import NOT_ATTEMPTED, RAISES, RIGHT, WRONG, verdict_on


def kl_by_torch(mean, log_variance):
    return kl_divergence(Normal(mean, (0.5 * log_variance).exp()), Normal(0.0, 1.0)).sum(dim=1)


def kl_by_hand(mean, log_variance):
    rows = []
    for m, v in zip(mean, log_variance, strict=True):
        rows.append(sum(-0.5 * (1 + v[j] - m[j] ** 2 - torch.exp(v[j])) for j in range(len(m))))
    return torch.stack(rows)


def kl(mean, log_variance):
    return exercise("04.1").solution(mean, log_variance)


def judged_by_rows(runs, in_use=lambda kl: (kl >= 0.01).all(), better=lambda gain: gain > 1):
    names = {True: "accident", False: "optimal"}
    return [
        "in use" if in_use(run["kl"]) else names[bool(better(run["loss"] - run["loss_with_warm_up"]))] for run in runs
    ]


def draw_by_numpy_noise(mean, log_variance):
    noise = torch.tensor(np.random.default_rng().standard_normal(mean.shape), dtype=mean.dtype)
    return torch.sqrt(torch.exp(log_variance)) * noise + mean


def draw_row_by_row(mean, log_variance):
    rows = []
    for m, v in zip(mean, log_variance, strict=True):
        rows.append(m + torch.exp(v / 2) * torch.randn(len(m)))
    return torch.stack(rows)


def draw_number_by_number(mean, log_variance):
    z = torch.zeros_like(mean)
    for i in range(mean.shape[0]):
        for j in range(mean.shape[1]):
            z[i, j] = mean[i, j] + torch.sqrt(torch.exp(log_variance[i, j])) * torch.randn(())
    return z


def bound_by_distributions(x, logits, mean, log_variance):
    log_x = Bernoulli(logits=logits).log_prob(x).sum(1)
    return -(log_x - kl_by_torch(mean, log_variance)).mean()


def bound_by_softplus(x, logits, mean, log_variance):
    return (functional.softplus(logits) - x * logits).sum() / len(x) + kl(mean, log_variance).mean()


def bound_by_reduction(x, logits, mean, log_variance):
    coins = functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return (coins + kl(mean, log_variance).sum()) / x.shape[0]


def bound_by_probabilities(x, logits, mean, log_variance):
    coins = functional.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none").sum(dim=1)
    return torch.mean(coins + kl(mean, log_variance))


def largest_first(log_weights):
    top = log_weights.max(dim=0, keepdim=True).values
    return top[0] + torch.log(torch.exp(log_weights - top).mean(dim=0))


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("04.1", kl_by_torch),
        ("04.1", kl_by_hand),
        ("04.1", lambda mean, log_variance: -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp(), -1)),
        ("04.2", draw_by_numpy_noise),
        ("04.2", draw_row_by_row),
        ("04.2", draw_number_by_number),
        ("04.2", lambda mean, log_variance: Normal(mean, (0.5 * log_variance).exp()).rsample()),
        ("04.2", lambda mean, log_variance: mean + log_variance.exp() ** 0.5 * torch.empty_like(mean).normal_()),
        ("04.3", bound_by_distributions),
        ("04.3", bound_by_softplus),
        ("04.3", bound_by_reduction),
        ("04.3", bound_by_probabilities),
        ("04.4", largest_first),
        ("04.4", lambda log_weights: logsumexp(log_weights.numpy(), axis=0) - np.log(log_weights.shape[0])),
        ("04.5", judged_by_rows),
        ("04.4", lambda log_weights: torch.logsumexp(log_weights - math.log(log_weights.shape[0]), 0)),
        ("04.4", lambda log_weights: log_weights.double().exp().mean(0).log()
         if log_weights.abs().max() < 600 else largest_first(log_weights)),
    ],
)  # fmt: skip
def test_another_way_to_be_right(number, answer):
    verdict = verdict_on(exercise(number), answer, seed=0, seconds=60.0)
    assert verdict.status == RIGHT, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "mistake"),
    [
        ("04.1", lambda mean, log_variance: -0.5 * (1 + 2 * log_variance - mean**2 - (2 * log_variance).exp()).sum(1),
         "log standard deviation"),
        ("04.1", lambda mean, log_variance: 0.5 * torch.sum(1 + log_variance - mean**2 - log_variance.exp(), dim=1),
         "sign"),
        ("04.1", lambda mean, log_variance: kl(mean, log_variance) / mean.shape[1], "mean over dimensions"),
        ("04.1", lambda mean, log_variance: kl_divergence(Normal(mean, log_variance.exp().sqrt()),
                                                          Normal(0.0, 1.0)).mean(), "averaged over everything"),
        ("04.1", lambda mean, log_variance: kl_divergence(
            Normal(torch.zeros_like(mean), torch.ones_like(mean)), Normal(mean, log_variance.exp().sqrt())).sum(1),
         "the other way round"),
        ("04.1", lambda mean, log_variance: 0.5 * (mean.square().sum(1) + log_variance.exp().sum(1) - 1
            - log_variance.sum(1)), "one subtracted once in all"),
        ("04.1", lambda mean, log_variance: mean.sum(1) + math.exp(log_variance), "math exp of a tensor"),
        ("04.1", lambda mean, log_variance: kl_divergence(Normal(mean, log_variance), Normal(0.0, 1.0)),
         "log variance handed to normal"),
        ("04.2", lambda mean, log_variance: Normal(mean, log_variance).sample(), "log variance handed to normal"),
        ("04.2", lambda mean, log_variance: mean + torch.exp(log_variance) / 2 * torch.randn_like(mean),
         "half of the variance"),
        ("04.2", lambda mean, log_variance: (mean + log_variance.exp().sqrt()) * torch.randn(mean.shape),
         "mean stretched as well"),
        ("04.2", lambda mean, log_variance: mean + (log_variance / 2).exp() * torch.empty_like(mean).uniform_(-1, 1),
         "noise from torch rand between minus 1 and 1"),
        ("04.2", lambda mean, log_variance: Normal(mean, log_variance.exp()).rsample(),
         "variance for standard deviation"),
        ("04.2", lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.randn(1, mean.shape[1]),
         "noise shared over the batch"),
        ("04.2", lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.randn(()),
         "noise shared over the batch"),
        ("04.2", lambda mean, log_variance: Normal(mean, (0.5 * log_variance).exp()).sample(), "gradient cut off"),
        ("04.2", lambda mean, log_variance: torch.normal(mean, log_variance.exp().sqrt()), "no gradient"),
        ("04.2", lambda mean, log_variance: mean + (0.5 * log_variance.data).exp() * torch.randn_like(mean),
         "gradient of one alone"),
        ("04.2", lambda mean, log_variance: draw_by_numpy_noise(mean, log_variance).detach().numpy(),
         "gradient cut off"),
        ("04.3", lambda x, logits, mean, log_variance:
            functional.binary_cross_entropy_with_logits(logits, x) + kl(mean, log_variance).mean(),
         "reconstruction averaged over the pixels"),
        ("04.3", lambda x, logits, mean, log_variance: bound_by_reduction(x, logits, mean, log_variance) * len(x),
         "summed over the batch"),
        ("04.3", lambda x, logits, mean, log_variance: -bound_by_softplus(x, logits, mean, log_variance),
         "the bound itself"),
        ("04.3", lambda x, logits, mean, log_variance: Bernoulli(logits=logits).log_prob(x).sum(1).mean()
            + kl(mean, log_variance).mean(), "sign of the reconstruction"),
        ("04.3", lambda x, logits, mean, log_variance: functional.mse_loss(
            torch.sigmoid(logits), x, reduction="sum") / len(x) + kl(mean, log_variance).mean(), "squared error"),
        ("04.3", lambda x, logits, mean, log_variance: functional.mse_loss(logits, x, reduction="sum") / len(x)
            + kl(mean, log_variance).mean(), "squared error of the logits"),
        ("04.3", lambda x, logits, mean, log_variance: -torch.mean(torch.sum(
            x * torch.log(logits) + (1 - x) * torch.log(1 - logits), dim=1)) + kl(mean, log_variance).mean(),
         "logits taken for probabilities in the formula"),
        ("04.3", lambda x, logits, mean, log_variance: functional.binary_cross_entropy_with_logits(logits, x)
            + kl(mean, log_variance).sum(1).mean(), "kl summed once more"),
        ("04.5", lambda runs: judged_by_rows(runs, in_use=lambda kl: (kl > 0.01).any()), "one number is enough"),
        ("04.5", lambda runs: judged_by_rows(runs, in_use=lambda kl: kl.sum() > 0.01), "kl added up"),
        ("04.5", lambda runs: judged_by_rows(runs, in_use=lambda kl: kl.mean() > 0.01), "kl averaged"),
        ("04.5", lambda runs: judged_by_rows(runs, better=lambda gain: gain < -1), "loss taken for the bound"),
        ("04.5", lambda runs: judged_by_rows(runs, better=lambda gain: gain > 0), "any gain"),
        ("04.5", lambda runs: judged_by_rows(runs, better=lambda gain: abs(gain) > 1), "any difference"),
        ("04.4", lambda log_weights: torch.log(torch.exp(log_weights.double()).mean(0)), "only 64 bits"),
        ("04.4", lambda log_weights: sum(log_weights) / len(log_weights), "mean of the logarithms"),
        ("04.4", lambda log_weights: torch.log(torch.exp(log_weights).sum(0) / len(log_weights)), "no log sum exp"),
        ("04.4", lambda log_weights: torch.log(sum(w.exp() for w in log_weights)), "no log sum exp"),
        ("04.4", lambda log_weights: torch.logsumexp(log_weights, 0).mean() - math.log(len(log_weights)),
         "averaged over the batch as well"),
        ("04.4", lambda log_weights: torch.log_softmax(log_weights, 0), None),
    ],
)  # fmt: skip
def test_the_same_mistake_in_other_words(number, answer, mistake):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status in (WRONG, RAISES), verdict.sentence
    assert mistake is None or verdict.mistake == mistake, verdict.sentence


@pytest.mark.parametrize(
    ("number", "answer", "says"),
    [
        ("04.1", lambda mean, log_variance: kl(mean, log_variance).detach(), "no gradient"),
        ("04.1", lambda mean, log_variance: kl(mean, log_variance).numpy(), "no gradient"),
        ("04.2", lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.randn(
            mean.shape, generator=torch.Generator().manual_seed(0)), "same draws"),
        ("04.2", lambda mean, log_variance: mean + (0.5 * log_variance).exp() * math.sqrt(12) * (
            torch.rand_like(mean) - 0.5), "not Gaussian"),
        ("04.2", lambda mean, log_variance: mean + (0.5 * log_variance).exp() * torch.randn_like(mean).double(),
         "64 bits"),
        ("04.2", lambda mean, log_variance: mean + (0.25 * log_variance).exp() * torch.randn_like(mean),
         "a standard deviation of about"),
        ("04.3", lambda x, logits, mean, log_variance: bound_by_softplus(x, logits, mean, log_variance).item(),
         "no gradient"),
        ("04.3", lambda x, logits, mean, log_variance: bound_by_softplus(x, logits, mean.detach(), log_variance),
         "the gradient for mean is not"),
        ("04.3", lambda x, logits, mean, log_variance: bound_by_softplus(x, logits.detach(), mean, log_variance),
         "the gradient for logits is not"),
        ("04.3", lambda x, logits, mean, log_variance: -(x * torch.sigmoid(logits).log()
            + (1 - x) * (1 - torch.sigmoid(logits)).log()).sum(1).mean() + kl(mean, log_variance).mean(), "very sure"),
        ("04.4", lambda log_weights: (log_weights - log_weights.min(0).values).exp().mean(0).log()
            + log_weights.min(0).values, "smaller than the largest"),
        ("04.4", lambda log_weights: torch.log(log_weights.exp().mean(0) + 1e-12), "The guard hides"),
        ("04.4", lambda log_weights: (log_weights + 800).double().exp().mean(0).log() - 800, "overflows"),
    ],
)  # fmt: skip
def test_right_numbers_are_not_enough(number, answer, says):
    verdict = verdict_on(exercise(number), answer, seed=0)
    assert verdict.status == WRONG and says in verdict.sentence, (verdict.status, verdict.sentence)


@pytest.mark.parametrize("seed", range(5))
def test_a_right_draw_is_never_taken_for_a_wrong_one(seed):
    """The check of exercise 04.2 looks at statistics; it must not depend on luck."""
    assert verdict_on(exercise("04.2"), draw_by_numpy_noise, seed=seed, seconds=60.0).status == RIGHT


def test_a_loop_left_open_is_not_attempted():
    assert verdict_on(exercise("04.3"), lambda x, logits, mean, log_variance: ...).status == NOT_ATTEMPTED


def test_the_bound_agrees_with_the_librarys():
    """The exercise and the library charge the same nats."""
    from udl_teach.models import VariationalAutoencoder

    model = VariationalAutoencoder(12, 3, (8,))
    x = (torch.rand(20, 12, generator=torch.Generator().manual_seed(0)) < 0.5).float()
    mean, log_variance = model.posterior(x)
    generator = torch.Generator().manual_seed(1)
    terms = model.loss(x, generator)
    noise = torch.randn((1, *mean.shape), generator=torch.Generator().manual_seed(1))
    logits = model.decoder(mean + (0.5 * log_variance).exp() * noise[0])
    ours = exercise("04.3").solution(x, logits, mean, log_variance)
    assert ours.item() == pytest.approx(terms["loss"].item(), abs=1e-3)
    assert kl(mean, log_variance).mean().item() == pytest.approx(terms["kl"].item(), abs=1e-4)
