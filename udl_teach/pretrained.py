"""Pretrained models, ready to use."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from torch import nn

from udl_teach import inputs
from udl_teach.storage import load, save

WEIGHTS = Path(__file__).parent / "weights"


def pretrained(name: str) -> Any:
    """A pretrained model of this library; `udl_teach/weights` holds the scripts that trained them.

    Args:
        name: "denoiser" (a `ConvDenoiser` for Gaussian noise in grey images) or "codec" (a `LearnedCodec` for grey
            images), both trained on the two photographs of `data.photos` alone; or "glyph_generator" (a `ConvGAN` of
            the 26 capital letters in images (1, 28, 28), label 0 for A), trained on `data.glyphs`.

    Returns:
        The model on the CPU, a new one in every call.

    Raises:
        ValueError: there is no model of that name.
    """
    known = sorted(path.stem for path in WEIGHTS.glob("*.npz"))
    return load(WEIGHTS / f"{inputs.choice(name, 'name', known)}.npz")


def write(model: nn.Module, path: str | Path) -> Path:
    """Save a model with its weights rounded to float16 (three decimal digits), in half the size; `load` reads it."""
    return save(deepcopy(model).half(), path)
