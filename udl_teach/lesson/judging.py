"""What the judges of several exercises look at: whether a result carries a gradient, whether two are one number."""

from collections.abc import Callable
from typing import Any

from udl_teach.lesson.exercise import Wrong
from udl_teach.lesson.values import as_array, close, is_tensor

NO_GRADIENT = (
    "The number is right but carries no gradient, so nothing could learn from it: stay in torch, without .item(), "
    ".detach(), float(), numpy or torch.no_grad()."
)


def with_gradient(function: Callable, *arguments: Any, otherwise: str = NO_GRADIENT) -> Any:
    """What a function makes of arguments of which some ask for a gradient.

    Raises:
        Wrong: the result carries none; `otherwise` is the sentence.
    """
    try:
        value = function(*arguments)
    except RuntimeError as error:
        # PyTorch's own advice here is to detach, which would only hide the loss of the gradient.
        if "numpy" not in str(error):
            raise
        raise Wrong(otherwise) from None
    if not is_tensor(value) or not value.requires_grad:
        raise Wrong(otherwise)
    return value


def one_number(got: Any, wanted: Any) -> bool:
    """Whether two results are the same number; an array or tensor that holds a single one counts as it."""
    one, other = as_array(got), as_array(wanted)
    if one is not None and other is not None and one.size == other.size == 1:
        return close(one.reshape(()), other.reshape(()))
    return close(got, wanted)
