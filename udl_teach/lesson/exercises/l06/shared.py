"""What several exercises of lesson 06 share: a judge of losses, and small networks."""

import torch
from torch import nn

from udl_teach.lesson.exercise import Wrong
from udl_teach.lesson.judging import with_gradient
from udl_teach.lesson.values import close


def judge_loss(function, solution, given, names, unstable):
    """Wrong where a right number has no gradient, a wrong one, or none that is finite for scores that are very sure."""
    if not close(function(*given), solution(*given)):
        return
    leaves = [each.clone().requires_grad_() for each in given]
    found = torch.autograd.grad(with_gradient(function, *leaves), leaves, allow_unused=True)
    wanted = torch.autograd.grad(solution(*leaves), leaves)
    for name, ours, theirs in zip(names, wanted, found):
        if theirs is None or not torch.allclose(theirs, ours, atol=1e-5, rtol=1e-3):
            raise Wrong(
                f"The number is right, but the gradient for {name} is not: part of it was cut off on its way "
                "(.detach(), .data, .item(), torch.no_grad(), clamp)."
            )
    for score in (150.0, -150.0):
        sure = [torch.full_like(each, score, requires_grad=True) for each in given]
        value = function(*sure)
        slopes = torch.autograd.grad(value, sure, allow_unused=True)
        finite = torch.as_tensor(value).isfinite().all() and all(s is not None and s.isfinite().all() for s in slopes)
        if not finite or not close(value, solution(*sure)):
            raise Wrong(unstable)


def network(sizes, scale, generator):
    # Its weights are drawn from a generator of their own: a check leaves the notebook's draws alone.
    first, last = (nn.utils.skip_init(nn.Linear, *pair) for pair in zip(sizes[:-1], sizes[1:]))
    layers = nn.Sequential(first, nn.Tanh(), last)
    with torch.no_grad():
        for parameter in layers.parameters():
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
    return nn.Sequential(*layers, nn.Flatten(0)) if sizes[-1] == 1 else layers
