"""Missing values filled in by a model that knows what whole samples look like.

Source: Rezende, Mohamed and Wierstra 2014, "Stochastic backpropagation and approximate inference", appendix F.
"""

from typing import Any

import numpy as np
import torch
from torch import nn

from udl_teach import inputs
from udl_teach.models.variational_terms import draw
from udl_teach.training import device_of


def completed(model: nn.Module, x: Any, known: Any, *, rounds: int, seed: int) -> Any:
    """Turn by turn a code for the sample as it stands, and unknown values for the code; see `fill_in` of the models."""
    rounds, generator = inputs.whole(rounds, "rounds"), inputs.generator(seed)
    given = x.detach() if isinstance(x, torch.Tensor) else np.asarray(x)
    if given.ndim < 2:
        model._checked(x)  # which says what is wrong with it
    mask = _mask(known, tuple(given.shape))
    # Only known values must be good ones.
    clean = torch.where(mask, given.cpu(), 0) if isinstance(x, torch.Tensor) else np.where(mask.numpy(), given, 0)
    place = device_of(model)
    with torch.no_grad():
        checked = model._checked(clean).to(place)
        mask = mask.expand(tuple(given.shape)).reshape(checked.shape).to(place)
        codes = torch.randn(len(checked), model.latent_size, generator=generator).to(place)
        whole = torch.where(mask, checked, model._expected(codes))
        for _ in range(rounds):
            codes = draw(*model._posterior(whole), 1, generator)[0]
            whole = torch.where(mask, checked, model._expected(codes))
    return inputs.given(whole.reshape(tuple(given.shape)), x)


def _mask(known: Any, shape: tuple[int, ...]) -> torch.Tensor:
    mask = known.detach().cpu() if isinstance(known, torch.Tensor) else torch.from_numpy(np.array(known))
    if mask.dtype != torch.bool:
        raise TypeError(f"known holds {mask.dtype} values; it must hold True (known) and False: write known == 1.")
    if tuple(mask.shape) not in (shape, shape[1:]):
        raise ValueError(
            f"known has shape {tuple(mask.shape)} for samples of shape {shape}; it must have that shape, or "
            f"{shape[1:]} where all samples miss the same values."
        )
    return mask
