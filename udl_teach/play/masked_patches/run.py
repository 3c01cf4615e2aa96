"""What learns: a small masked autoencoder (He et al. 2022), and two rivals that fill in patches without a network."""

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch.nn import functional

from udl_teach import inputs
from udl_teach.models import MaskedAutoencoder, masked_loss, patch_mask
from udl_teach.play.player import Trail
from udl_teach.play.some_digits import some_digits
from udl_teach.training import Step

DATA, KINDS = ("all digits", "0 1 4 7", "0 1"), ("random", "block")
# Pixels of an image's side, patches along it, images in the picture, images on which the errors are measured.
SIDE, GRID, SHOWN, TESTED = 28, 4, 5, 64
METHODS = ("model", "mean", "neighbours")
# Steps between two points of the curves; rounds of averaging in the interpolation.
EVERY, ROUNDS = 10, 60


class Filling:
    """A masked autoencoder in the middle of its run, and what it is measured on.

    Attributes:
        model: the masked autoencoder.
        settings: of the playground; its learning rate is read anew at each step.
        test: images that are not learned from, shape (TESTED, 1, SIDE, SIDE); the first SHOWN are in the picture.
        errors: squared error per masked pixel of METHODS on them.
        trails: these errors along the run.
        moved: settings that the run moves itself.
    """

    def __init__(self, settings: dict) -> None:
        """Draw the initial weights, and measure."""
        self.settings, images = settings, some_digits(settings["data"])[0]
        self.test, self.x = images[:TESTED], images[TESTED:]
        small = {"channels": (8, 16, 32), "latent_size": 64, "seed": settings["seed"]}
        self.model = MaskedAutoencoder((1, SIDE, SIDE), SIDE // GRID, **small)
        self.trails, self.moved, self.mask = [Trail() for _ in METHODS], {}, None
        self.take()

    def take(self) -> None:
        """Take the share and the kind of mask that are set, and measure with such masks."""
        taken = self.settings["share"], self.settings["kind"]
        if self.mask is not None and taken != (self.model.share, self.model.kind):
            self.moved = {"masked": ""}  # the mask that was set by hand is of another share or kind
        self.model.share, self.model.kind = taken
        self.mask, *self.rivals = rivals(self.settings["data"], self.model.share, self.model.kind)
        self.measure()

    def measure(self) -> None:
        """Measure the model on the test images, each with its own mask."""
        with torch.no_grad():
            own = masked_loss(self.test, self.model.predict(self.test, self.mask), self.model.pixel_mask(self.mask))
        self.errors = (own.item(), *self.rivals)

    def shown_mask(self) -> torch.Tensor:
        """Which patches of all images in the picture are masked, bool of shape (GRID, GRID)."""
        if not self.settings["masked"]:
            draws = inputs.generator(self.settings["seed"])
            return patch_mask(1, GRID, GRID, self.settings["share"], self.settings["kind"], draws)[0]
        mask = torch.zeros(GRID * GRID, dtype=torch.bool)
        mask[[int(number) for number in self.settings["masked"].split()]] = True
        return mask.reshape(GRID, GRID)

    def steps(self) -> Iterator[Step]:
        """Steps of Adam without end."""
        rate = {"learning_rate": lambda index: self.settings["learning_rate"], "seed": self.settings["seed"]}
        for step in self.model.steps(self.x, epochs=None, batch_size=32, **rate):
            if step.index % EVERY == 0:
                self.measure()
                for trail, error in zip(self.trails, self.errors, strict=True):
                    trail.add(step.index, error)
            yield step


@lru_cache(maxsize=64)
def rivals(name: str, share: float, kind: str) -> tuple[torch.Tensor, float, float]:
    """Masks of the test images, and on them the errors of the mean image and of the interpolation."""
    images = some_digits(name)[0]
    test, mask = images[:TESTED], patch_mask(TESTED, GRID, GRID, share, kind, inputs.generator(0))
    hidden = pixels_of(mask)
    mean = images[TESTED:].mean(dim=0).expand_as(test)
    return mask, *(masked_loss(test, filled, hidden).item() for filled in (mean, interpolated(test, hidden)))


def pixels_of(mask: torch.Tensor) -> torch.Tensor:
    """A mask of patches (n, GRID, GRID) as one of pixels (n, 1, SIDE, SIDE)."""
    return mask.repeat_interleave(SIDE // GRID, 1).repeat_interleave(SIDE // GRID, 2)[:, None]


def interpolated(images: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
    """Images in which each hidden pixel has become the mean of its four neighbours, again and again.

    It tends to the smoothest picture that agrees with the visible pixels, the solution of Laplace's equation.

    Args:
        images: shape (n, 1, height, width); hidden pixels are not looked at.
        hidden: bool of the same shape.
    """
    kernel = images.new_tensor([[0, 1, 0], [1, 0, 1], [0, 1, 0]])[None, None]
    n_neighbours = functional.conv2d(torch.ones_like(images[:1]), kernel, padding=1)
    seen = torch.where(hidden, 0.0, images)
    n_seen = (~hidden).sum(dim=(2, 3), keepdim=True).clamp(min=1)
    filled = torch.where(hidden, seen.sum(dim=(2, 3), keepdim=True) / n_seen, images)
    for _ in range(ROUNDS):
        filled = torch.where(hidden, functional.conv2d(filled, kernel, padding=1) / n_neighbours, images)
    return filled


def start(settings: dict) -> tuple[Filling, Iterator[Step]]:
    """A new masked autoencoder and its steps."""
    filling = Filling(settings)
    return filling, filling.steps()
