"""What is checked before a model moves its first weight: its data, its loss, and batches of one sample."""

import copy
import inspect
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import Any

import torch
from torch import nn

from udl_teach import inputs
from udl_teach.modules import draws_apart, example_of, modes_of, set_modes


def checked_pair(model: nn.Module, x: Any, y: Any) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Samples and labels as the model's loss takes them; TypeError or ValueError says what is wrong with them.

    A model may say more of them in methods of its own: `_checked(x)`, which returns a tensor, and `_labels(y, n)`,
    which returns a tensor of n labels or None.
    """
    taken = inspect.signature(model.loss).parameters
    anything = any(parameter.kind == parameter.VAR_KEYWORD for parameter in taken.values())
    if isinstance(model.loss, nn.Module) or not (anything or "generator" in taken):
        raise TypeError(
            f"model was {type(model).__name__}, whose loss takes no generator; it must be a method "
            "loss(self, x, generator=None), which may leave the generator unused."
        )
    if not (anything or "y" in taken):
        inputs.no_labels(y, model)
    checked = model._checked(x) if hasattr(model, "_checked") else inputs.numbers(x, dtype=example_of(model).dtype)
    if hasattr(model, "_labels"):
        return checked.detach(), model._labels(y, len(checked))
    return checked.detach(), None if y is None else torch.as_tensor(inputs.labels(y, n=len(checked)))


def terms_of(returned: Any, model: nn.Module) -> dict[str, Any]:
    """What a loss returned as named terms, the key "loss" among them; TypeError or ValueError says what it was."""
    terms = {"loss": returned} if isinstance(returned, (torch.Tensor, Real)) else returned
    name = f"the loss of {type(model).__name__}"
    if not isinstance(terms, Mapping) or "loss" not in terms:
        keys = f" with the keys {', '.join(map(repr, terms))}" if isinstance(terms, Mapping) else ""
        raise TypeError(
            f'{name} returned {type(returned).__name__}{keys}; it must return a dict with the key "loss" and named '
            "terms, or one number as a tensor."
        )
    for key, term in terms.items():
        if isinstance(term, torch.Tensor) and term.numel() != 1:
            raise ValueError(
                f"{name} returned {key!r} of shape {tuple(term.shape)}; it must be one number: sum it over the "
                "features and average over the batch, as in .flatten(1).sum(dim=1).mean(), or .mean() where it holds "
                "one value per sample."
            )
        if not isinstance(term, (torch.Tensor, Real)):
            raise TypeError(f"{name} returned {key!r} as {type(term).__name__}; it must be one number.")
    return terms


def numbers_of(terms: dict[str, Any], model: nn.Module) -> dict[str, float]:
    """The terms as plain numbers; TypeError says why no weight could learn from that loss."""
    loss = terms["loss"]
    if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
        kind = "a tensor without a gradient" if isinstance(loss, torch.Tensor) else f"a {type(loss).__name__}"
        raise TypeError(
            f"the loss of {type(model).__name__} was {kind}, from which no weight can learn; it must be computed from "
            "the parameters by torch, without .item(), .detach() or no_grad."
        )
    return {name: _number(term) for name, term in terms.items()}


def _number(term: Any) -> float:
    return term.item() if isinstance(term, torch.Tensor) else float(term)


@contextmanager
def undone_if_refused(model: nn.Module) -> Iterator[None]:
    """A first loss that is refused leaves the model as it was: its modes, and what layers count in a forward pass."""
    modes = modes_of(model)
    before = [(buffer, buffer.clone()) for buffer in model.buffers()]
    try:
        yield
    except BaseException:
        set_modes(modes)
        with torch.no_grad():
            for buffer, was in before:
                buffer.copy_(was)
        raise


def learns_alone(model, x, y, batch_size, state, given) -> bool:
    """Whether the model can learn from a batch of one sample; True where there is none.

    Batch normalization cannot, and a spread over the batch is NaN. That would show at the end of the first pass, so it
    is tried before: on a copy, with draws that do not count.
    """
    n, size = len(x), min(batch_size, len(x))
    if size > 1 and n % size != 1:
        return True
    options = given(state.index)
    reason = _fails_with(model, x, y, 1, state, options)
    if reason is None or _fails_with(model, x, y, 2, state, options) is not None:
        return True  # or not for being alone: then the first step says what is wrong
    if size > 1:
        return False
    what = "x held 1 sample" if n == 1 else f"batch_size was {batch_size}"
    raise ValueError(
        f"{what}, but {type(model).__name__} cannot learn from a batch of one ({reason}); it must be at least 2."
    )


def _fails_with(model, x, y, n, state, options) -> str | None:
    """Why the loss of the first `n` samples (the first again where there are fewer) fails; None where it is fine."""
    try:
        model = copy.deepcopy(model).train()
    except Exception:  # what cannot be copied cannot be tried
        return None
    noise = torch.Generator()
    noise.set_state(state.noise.get_state())
    rows = torch.arange(n, device=x.device) % len(x)
    options = options if y is None else options | {"y": y[rows]}
    with draws_apart(x.device), torch.enable_grad():
        try:
            loss = _number(terms_of(model.loss(x[rows], generator=noise, **options), model)["loss"])
        except Exception as error:
            return str(error).partition("\n")[0]
    return None if math.isfinite(loss) else f"its loss is {loss}"
