"""What several exercises of lesson 04 share."""

import torch

from udl_teach.lesson.exercise import Wrong

_NO_GRADIENT = (
    "The numbers are right but carry no gradient, so no encoder could learn from them: stay in torch, without .item(), "
    ".detach(), float(), numpy or torch.no_grad()."
)


def _with_gradient(function, *arguments):
    """What the function makes of arguments that ask for a gradient; Wrong where it loses it."""
    try:
        value = function(*(each.clone().requires_grad_() for each in arguments))
    except RuntimeError as error:
        # PyTorch's own advice here is to detach, which would only hide the loss of the gradient.
        if "numpy" not in str(error):
            raise
        raise Wrong(_NO_GRADIENT) from None
    if not isinstance(value, torch.Tensor) or not value.requires_grad:
        raise Wrong(_NO_GRADIENT)
    return value
