"""What several exercises of lesson 06 share."""

import torch
from torch import nn

from udl_teach.lesson.exercise import Wrong
from udl_teach.lesson.values import close

_NO_GRADIENT = (
    "The number is right but carries no gradient, so nobody could learn from it: stay in torch, without .item(), "
    ".detach(), float(), numpy or torch.no_grad()."
)


def _ones(scores):
    return torch.ones_like(scores)


def _learns(function, solution, given, names, unstable):
    """Wrong where a right number has no gradient, a wrong one, or none that is finite for scores that are very sure."""
    if not close(function(*given), solution(*given)):
        return
    leaves = [each.clone().requires_grad_() for each in given]
    try:
        value = function(*leaves)
    except RuntimeError as error:
        # PyTorch's own advice here is to detach, which would only hide the loss of the gradient.
        if "numpy" not in str(error):
            raise
        raise Wrong(_NO_GRADIENT) from None
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(_NO_GRADIENT)
    found = torch.autograd.grad(value, leaves, allow_unused=True)
    wanted = torch.autograd.grad(solution(*leaves), leaves)
    for name, ours, theirs in zip(names, wanted, found, strict=True):
        if theirs is None or not torch.allclose(theirs, ours, atol=1e-5, rtol=1e-3):
            raise Wrong(
                f"The number is right, but the gradient for {name} is not: part of it was cut off on its way "
                "(.detach(), .data, .item(), torch.no_grad(), clamp)."
            )
    for sign in (1.0, -1.0):
        sure = [(150 * sign * _ones(each)).requires_grad_() for each in given]
        value = function(*sure)
        slopes = torch.autograd.grad(value, sure, allow_unused=True)
        right = solution(*sure)
        finite = torch.as_tensor(value).isfinite().all() and all(s is not None and s.isfinite().all() for s in slopes)
        if not finite or not close(value, right):
            raise Wrong(unstable)


def _network(sizes, scale, generator):
    # Its weights are drawn from a generator of their own: a check leaves the notebook's draws alone.
    first, last = (nn.utils.skip_init(nn.Linear, *pair) for pair in zip(sizes[:-1], sizes[1:], strict=True))
    layers = nn.Sequential(first, nn.Tanh(), last)
    with torch.no_grad():
        for parameter in layers.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
    return nn.Sequential(*layers, nn.Flatten(0)) if sizes[-1] == 1 else layers
