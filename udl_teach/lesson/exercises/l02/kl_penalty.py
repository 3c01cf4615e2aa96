"""The price of being awake."""

import torch

from udl_teach.lesson.exercise import Wrong, mistake
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def kl_penalty(z, target):
    """How far each unit's mean activity is from the target: KL(target || rho), summed over the units."""
    ### BEGIN SOLUTION
    rho = z.mean(dim=0)
    return (target * torch.log(target / rho) + (1 - target) * torch.log((1 - target) / (1 - rho))).sum()
    ### END SOLUTION


def _kl(p, q):
    return p * torch.log(p / q) + (1 - p) * torch.log((1 - p) / (1 - q))


def arguments(rng):
    # Each unit has a level of its own, and there are never as many units as samples.
    n, n_units = int(rng.integers(4, 9)), int(rng.integers(10, 16))
    level = rng.uniform(-2.5, 1.5, size=n_units)
    z = 1 / (1 + torch.exp(-torch.tensor(level + rng.normal(size=(n, n_units)), dtype=torch.float32)))
    return z, float(rng.uniform(0.05, 0.3))


HINTS = (
    "First the mean activity of each unit over the batch, then one divergence a unit, then their sum.",
    "z has shape (batch, units). rho = z.mean(dim=0) is one number a unit.",
    "The divergence has two terms, for awake and for asleep: target log(target / rho), and the same with one minus "
    "each.",
    "return (target * torch.log(target / rho) + (1 - target) * torch.log(... / ...)).sum()",
)


@mistake
def rho_over_the_units(z, target):
    """Your rho is a mean over the units, one number a sample. Wanted is how active each unit is over the whole batch:
    the mean down the samples, dim=0.
    """
    return _kl(torch.tensor(target), z.mean(dim=1)).sum()


@mistake
def arguments_swapped(z, target):
    """The two are swapped: that is KL(rho || target). The KL divergence is not symmetric; the target stands before the
    logarithm, and on top of the fraction.
    """
    return _kl(z.mean(dim=0), torch.tensor(target)).sum()


@mistake
def mean_over_the_units(z, target):
    """You averaged over the units at the end. The penalty is summed over them: every unit pays for itself."""
    return _kl(torch.tensor(target), z.mean(dim=0)).mean()


@mistake
def one_number_a_unit(z, target):
    """You have the divergence of each unit. One step is left: sum them, .sum()."""
    return _kl(torch.tensor(target), z.mean(dim=0))


@mistake
def logarithm_of_a_plain_number(z, target):
    """torch.log wants a tensor, and target is a plain number. Take the logarithm of the fraction, torch.log(target /
    rho): that is a tensor, because rho is one.
    """
    return torch.log(target)


@mistake
def every_activity_by_itself_all_summed(z, target):
    """You took the divergence of every single activity and summed them all. First average each unit over the batch, rho
    = z.mean(dim=0); then one divergence a unit.
    """
    return _kl(torch.tensor(target), z).sum()


@mistake
def logarithm_to_base_2(z, target):
    """You took the logarithm to base 2, so your penalty is in bits. In formulas log is the natural one, torch.log."""
    return _kl(torch.tensor(target), z.mean(dim=0)).sum() / torch.log(torch.tensor(2.0))


@mistake
def second_half_subtracted(z, target):
    """The second half has the wrong sign: there is a plus between being awake and being asleep, and in both the target
    is on top of the fraction.
    """
    return (2 * target * torch.log(target / z.mean(dim=0)) - _kl(torch.tensor(target), z.mean(dim=0))).sum()


@mistake
def second_half_forgotten(z, target):
    """Only the first half is there, that of being awake. A unit is awake or asleep, and both have a probability: add (1
    - target) log((1 - target) / (1 - rho)).
    """
    return (target * torch.log(target / z.mean(dim=0))).sum()


@mistake
def a_sample_at_a_time(z, target):
    """You took the divergence of every single activity and averaged afterwards. First average each unit over the batch,
    then compare: a unit may well be wide awake for one sample in twenty.
    """
    return _kl(torch.tensor(target), z).sum(dim=1).mean()


@mistake
def one_rho_for_all_units(z, target):
    """You took one mean over everything: then one unit could be awake for every sample while the others sleep. Each
    unit has a rho of its own, z.mean(dim=0).
    """
    return _kl(torch.tensor(target), z.mean())


@mistake
def sign_turned(z, target):
    """The sign is turned: yours is never above zero, and learning would drive the units away from the target. The
    target is on top of the fraction, log(target / rho).
    """
    return -_kl(torch.tensor(target), z.mean(dim=0)).sum()


def judge(function, rng):
    z, target = arguments(rng)
    if close(function(z, target), kl_penalty(z, target)):
        with_gradient(function, z.requires_grad_(), target)
    value = function(torch.full((6, 11), target), target)
    if abs(float(value)) > 1e-4:
        raise Wrong(
            f"Where every unit's mean activity is just the target the penalty must be 0; yours is {float(value):.3g}."
        )
