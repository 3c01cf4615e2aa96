"""The numbers of one moment of a masked autoencoder: pictures, and errors beside those of two rivals."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch

from udl_teach.play.masked_patches.run import GRID, SHOWN, interpolated, pixels_of
from udl_teach.play.player import Player
from udl_teach.play.some_digits import some_digits


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; errors are squared errors per masked pixel.

    Attributes:
        index: steps taken.
        share: of the patches that is masked while learning, and `kind` of mask.
        mask: which patches of the pictures are masked, shape (GRID, GRID); `by_hand` whether that was set by hand.
        pictures: originals, model's and interpolated pictures, shape (3, SHOWN, side, side).
        hidden: which of their pixels are masked, shape (side, side).
        errors: of the model, the mean image and the interpolation on held-out images, each with its own mask.
        shown_errors: of the model and the interpolation in the pictures.
        curves: steps, and the errors there, shape (3, n).
    """

    index: int
    share: float
    kind: str
    mask: np.ndarray
    by_hand: bool
    pictures: np.ndarray
    hidden: np.ndarray
    errors: tuple[float, float, float]
    shown_errors: tuple[float, float]
    curves: tuple[np.ndarray, np.ndarray]


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is; the model is only asked, never changed."""
    filling, mask = player.model, player.model.shown_mask()
    images, masks = filling.test[:SHOWN], mask.expand(SHOWN, -1, -1)
    hidden = pixels_of(masks)
    with torch.no_grad():
        filled = filling.model.fill_in(images, masks)
    found = [images, filled, _interpolated(settings["data"], tuple(mask.flatten().tolist()))]
    errors = [((one - images) ** 2)[hidden].mean().item() for one in found[1:]]
    return Snapshot(
        index=player.index,
        share=settings["share"],
        kind=settings["kind"],
        mask=mask.numpy(),
        by_hand=bool(settings["masked"]),
        pictures=torch.stack(found)[:, :, 0].numpy(),
        hidden=hidden[0, 0].numpy(),
        errors=filling.errors,
        shown_errors=tuple(errors),
        curves=(filling.trails[0].curve()[0], np.array([trail.curve()[1] for trail in filling.trails])),
    )


@lru_cache(maxsize=16)
def _interpolated(name: str, mask: tuple[bool, ...]) -> torch.Tensor:
    hidden = pixels_of(torch.tensor(mask).reshape(1, GRID, GRID)).expand(SHOWN, -1, -1, -1)
    return interpolated(some_digits(name)[0][:SHOWN], hidden)
