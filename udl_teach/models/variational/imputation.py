"""Missing values filled in by a model that knows what whole samples look like.

Source: Rezende, Mohamed and Wierstra 2014, "Stochastic backpropagation and approximate inference", appendix F.
"""

from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.layers import normal
from udl_teach.models.variational.terms import draw
from udl_teach.modules import example_of

# The prior draws a number beyond this once in 16,000 times. An encoder that looks at what it never saw may propose a
# far larger one, the decoder makes of it what is stranger still, and round by round the values would run away.
FARTHEST = 4.0


def completed(model: nn.Module, x: Any, known: Any, *, rounds: int, seed: int) -> Any:
    """Turn by turn a code for the sample as it stands, and unknown values for the code; see `fill_in` of the models."""
    rounds, generator = inputs.whole(rounds, "rounds"), inputs.generator(seed)
    like = example_of(model)
    given = inputs.numbers(x, missing="ignore").detach().to(like)
    mask = _mask(known, tuple(given.shape)).to(like.device)
    with torch.no_grad():
        # Only known values must be good ones.
        checked = model._as_tensor(torch.where(mask, given, 0))
        mask = mask.expand(given.shape).reshape(checked.shape)
        codes = normal((len(checked), model.latent_size), generator, like)
        whole = torch.where(mask, checked, model._expected(codes))
        for _ in range(rounds):
            codes = draw(*model._posterior(whole), 1, generator)[0].clamp(-FARTHEST, FARTHEST)
            whole = torch.where(mask, checked, model._expected(codes))
    return inputs.given(whole.reshape(given.shape), x)


def _mask(known: Any, shape: tuple[int, ...]) -> torch.Tensor:
    mask = known.detach().cpu().numpy() if isinstance(known, torch.Tensor) else np.array(known)
    if mask.dtype.kind != "b":
        raise TypeError(f"known holds {mask.dtype} values; it must hold True (known) and False: write known == 1.")
    if mask.shape not in (shape, shape[1:]):
        raise ValueError(
            f"known has shape {mask.shape} for samples of shape {shape}; it must have that shape, or {shape[1:]} where "
            "all samples miss the same values."
        )
    return torch.from_numpy(mask)
