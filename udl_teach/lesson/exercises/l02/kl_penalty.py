"""A penalty for sparsity."""

import torch

from udl_teach.lesson.exercise import Wrong, difference, mistake
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def kl_penalty(z, target):
    """The KL divergence KL(target || rho) of each unit, rho its mean activity over the batch, summed over the units."""
    ### BEGIN SOLUTION
    rho = z.mean(dim=0)
    return (target * torch.log(target / rho) + (1 - target) * torch.log((1 - target) / (1 - rho))).sum()
    ### END SOLUTION


HINTS = (
    "First the mean activity of each unit over the batch, then one divergence per unit, then their sum.",
    "z has shape (batch, units). rho = z.mean(dim=0) is one number per unit.",
    "The divergence has two terms, for active and for inactive: target log(target / rho), and the same with one "
    "minus each.",
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
    """Your rho is a mean over the units, one number per sample. The penalty needs the mean activity of each unit over
    the batch: average over the samples, dim=0.""",
)


@mistake
def arguments_swapped(z, target):
    """Target and rho are swapped: that is KL(rho || target). The KL divergence is not symmetric; the target is the
    factor before the logarithm and the numerator of the fraction.
    """
    rho = z.mean(dim=0)
    return (rho * torch.log(rho / target) + (1 - rho) * torch.log((1 - rho) / (1 - target))).sum()


mean_over_the_units = difference(
    kl_penalty,
    {".sum()": ".mean()"},
    "You averaged over the units at the end. The penalty is the sum over the units.",
)

one_number_per_unit = difference(
    kl_penalty,
    {".sum()": ""},
    "You have the divergence of each unit. One step is left: sum them, .sum().",
)


@mistake
def logarithm_of_a_plain_number(z, target):
    """torch.log takes a tensor, and target is a plain number. Take the logarithm of the fraction, torch.log(target /
    rho): that is a tensor, because rho is one.
    """
    return torch.log(target)


every_activity_by_itself_all_summed = difference(
    kl_penalty,
    {"z.mean(dim=0)": "z"},
    """You computed a divergence for every single activity and summed them all. First average each unit over the batch,
    rho = z.mean(dim=0); then compute one divergence per unit.""",
)


@mistake
def logarithm_to_base_2(z, target):
    """You took the logarithm to base 2, so your penalty is in bits. In the formula log is the natural logarithm,
    torch.log.
    """
    return kl_penalty(z, target) / torch.tensor(2.0).log()


second_half_subtracted = difference(
    kl_penalty,
    {"+ (1 - target)": "- (1 - target)"},
    """The second term has the wrong sign: the terms for active and inactive are added, and in both the target is the
    numerator of the fraction.""",
)

second_half_forgotten = difference(
    kl_penalty,
    {"+ (1 - target) * torch.log((1 - target) / (1 - rho))": ""},
    """Only the first term is there, the one for an active unit. A unit is active or inactive, and each has a
    probability: add (1 - target) log((1 - target) / (1 - rho)).""",
)

a_sample_at_a_time = difference(
    kl_penalty,
    {"z.mean(dim=0)": "z", ".sum()": ".sum(dim=1).mean()"},
    """You computed a divergence for every single activity and averaged afterwards. First average each unit over the
    batch, then compare: a unit may be fully active for one sample in twenty.""",
)

one_rho_for_all_units = difference(
    kl_penalty,
    {"z.mean(dim=0)": "z.mean()"},
    """You took one mean over everything, so one unit could be active for every sample while the others never are. Each
    unit has a rho of its own, z.mean(dim=0).""",
)


@mistake
def sign_turned(z, target):
    """The sign is wrong: your penalty is never positive, so training would drive the units away from the target. The
    target is the numerator, log(target / rho).
    """
    return -kl_penalty(z, target)


def judge(function, rng):
    z, target = arguments(rng)
    if close(function(z, target), kl_penalty(z, target)):
        with_gradient(function, z.requires_grad_(), target)
    value = function(torch.full((6, 11), target), target)
    if abs(float(value)) > 1e-4:
        raise Wrong(
            f"If every unit's mean activity equals the target, the penalty must be 0; yours is {float(value):.3g}."
        )
