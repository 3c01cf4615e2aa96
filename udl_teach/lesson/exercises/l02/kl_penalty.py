"""The price of being awake."""

import torch

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def kl_penalty(z, target):
    """How far each unit's mean activity is from the target: KL(target || rho), summed over the units."""
    ### BEGIN SOLUTION
    rho = z.mean(dim=0)
    return (target * torch.log(target / rho) + (1 - target) * torch.log((1 - target) / (1 - rho))).sum()
    ### END SOLUTION


HINTS = (
    "First the mean activity of each unit over the batch, then one divergence per unit, then their sum.",
    "z has shape (batch, units). rho = z.mean(dim=0) is one number per unit.",
    "The divergence has two terms, for awake and for asleep: target log(target / rho), and the same with one minus "
    "each.",
    "return (target * torch.log(target / rho) + (1 - target) * torch.log(... / ...)).sum()",
)


def arguments(rng):
    # Each unit has a level of its own, and there are never as many units as samples.
    n, n_units = int(rng.integers(4, 9)), int(rng.integers(10, 16))
    level = rng.uniform(-2.5, 1.5, size=n_units)
    z = torch.tensor(level + rng.normal(size=(n, n_units)), dtype=torch.float32).sigmoid()
    return z, float(rng.uniform(0.05, 0.3))


rho_over_the_units = difference(
    kl_penalty,
    {"dim=0": "dim=1"},
    """Your rho is a mean over the units, one number per sample. Wanted is how active each unit is over the whole batch:
    the mean down the samples, dim=0.""",
)


@mistake
def arguments_swapped(z, target):
    """The two are swapped: that is KL(rho || target). The KL divergence is not symmetric; the target stands before the
    logarithm, and on top of the fraction.
    """
    rho = z.mean(dim=0)
    return (rho * torch.log(rho / target) + (1 - rho) * torch.log((1 - rho) / (1 - target))).sum()


mean_over_the_units = difference(
    kl_penalty,
    {".sum()": ".mean()"},
    "You averaged over the units at the end. The penalty is summed over them: every unit pays for itself.",
)

one_number_per_unit = difference(
    kl_penalty,
    {".sum()": ""},
    "You have the divergence of each unit. One step is left: sum them, .sum().",
)


@mistake
def logarithm_of_a_plain_number(z, target):
    """torch.log wants a tensor, and target is a plain number. Take the logarithm of the fraction, torch.log(target /
    rho): that is a tensor, because rho is one.
    """
    return torch.log(target)


every_activity_by_itself_all_summed = difference(
    kl_penalty,
    {"z.mean(dim=0)": "z"},
    """You took the divergence of every single activity and summed them all. First average each unit over the batch, rho
    = z.mean(dim=0); then one divergence per unit.""",
)


@mistake
def logarithm_to_base_2(z, target):
    """You took the logarithm to base 2, so your penalty is in bits. In formulas log is the natural one, torch.log."""
    return kl_penalty(z, target) / torch.tensor(2.0).log()


second_half_subtracted = difference(
    kl_penalty,
    {"+ (1 - target)": "- (1 - target)"},
    """The second half has the wrong sign: there is a plus between being awake and being asleep, and in both the target
    is on top of the fraction.""",
)

second_half_forgotten = difference(
    kl_penalty,
    {"+ (1 - target) * torch.log((1 - target) / (1 - rho))": ""},
    """Only the first half is there, that of being awake. A unit is awake or asleep, and both have a probability: add (1
    - target) log((1 - target) / (1 - rho)).""",
)

a_sample_at_a_time = difference(
    kl_penalty,
    {"z.mean(dim=0)": "z", ".sum()": ".sum(dim=1).mean()"},
    """You took the divergence of every single activity and averaged afterwards. First average each unit over the batch,
    then compare: a unit may well be wide awake for one sample in twenty.""",
)

one_rho_for_all_units = difference(
    kl_penalty,
    {"z.mean(dim=0)": "z.mean()"},
    """You took one mean over everything: then one unit could be awake for every sample while the others sleep. Each
    unit has a rho of its own, z.mean(dim=0).""",
)


@mistake
def sign_turned(z, target):
    """The sign is turned: yours is never above zero, and learning would drive the units away from the target. The
    target is on top of the fraction, log(target / rho).
    """
    return -kl_penalty(z, target)


def judge(function, rng):
    z, target = arguments(rng)
    if close(function(z, target), kl_penalty(z, target)):
        with_gradient(function, z.requires_grad_(), target)
    value = function(torch.full((6, 11), target), target)
    if abs(float(value)) > 1e-4:
        raise Wrong(
            f"Where every unit's mean activity is just the target the penalty must be 0; yours is {float(value):.3g}."
        )
