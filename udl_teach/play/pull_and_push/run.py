"""What learns: a small encoder that places images on the unit circle, by NT-Xent (Chen et al. 2020, eq. 1)."""

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import nn
from torch.nn import functional

from udl_teach import inputs, metrics
from udl_teach.models import Augment, nt_xent
from udl_teach.models.layers import mlp
from udl_teach.play.player import Trail
from udl_teach.play.some_digits import some_digits
from udl_teach.training import Step

DATA = ("0 1 4 7", "6 9", "all digits")
# Images that are only looked at; images and views in the picture; pixels of a side.
RING, SHOWN, SIDE = 300, 8, 14
# Steps between two points of the curves.
EVERY = 5


@lru_cache(maxsize=16)
def augment_of(strength: float, rotation: float) -> Augment:
    """What makes the views; a strength of 1 shifts by a fifth of the side."""
    return Augment(
        rotation=rotation, shift=0.2 * strength, scale=0.4 * strength, shear=25 * strength, noise=0.15 * strength
    )


class Circle(nn.Module):
    """An encoder whose codes have length 1; its settings are read anew at each step.

    Attributes:
        settings: of the playground.
        ring: images that it never learns from, shape (RING, 1, SIDE, SIDE), and `ring_labels`.
        x: images that it learns from, and `labels`.
        alignment: of the batches along the run; likewise `uniformity`.
    """

    def __init__(self, settings: dict) -> None:
        """Draw the initial weights."""
        super().__init__()
        images, labels = some_digits(settings["data"], 28 // SIDE)
        self.settings = settings
        self.ring, self.ring_labels = images[:RING], labels[:RING]
        self.x, self.labels = images[RING:], labels[RING:]
        self.mean = self.x.mean(dim=0)
        self.encoder = mlp((SIDE * SIDE, 128, 128, 2), "relu", inputs.generator(settings["seed"]))
        self.alignment, self.uniformity = Trail(), Trail()

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Places on the unit circle, shape (n, 2)."""
        return functional.normalize(self.encoder((images - self.mean).flatten(1)), dim=1)

    def views(self, images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """First all first views, then all second ones, shape (2 n, 1, SIDE, SIDE)."""
        augment = augment_of(self.settings["strength"], self.settings["rotation"])
        return augment(torch.cat([images, images]), generator)

    def loss(self, z1: torch.Tensor, z2: torch.Tensor) -> torch.Tensor:
        """NT-Xent, or without repulsion only the logarithm of its numerator."""
        temperature = self.settings["temperature"]
        if self.settings["repulsion"]:
            return nt_xent(z1, z2, temperature)
        return -(z1 * z2).sum(dim=1).mean() / temperature

    def steps(self) -> Iterator[Step]:
        """Steps of Adam without end, each on a batch drawn anew; the loss is taken before each."""
        draws = inputs.generator(self.settings["seed"])
        adam = torch.optim.Adam(self.parameters())
        index = 0
        while True:
            index += 1
            adam.param_groups[0]["lr"] = self.settings["learning_rate"]
            batch = torch.randint(len(self.x), (self.settings["batch_size"],), generator=draws)
            with torch.enable_grad():
                z1, z2 = self(self.views(self.x[batch], draws)).chunk(2)
                loss = self.loss(z1, z2)
                adam.zero_grad()
                loss.backward()
                adam.step()
            if index % EVERY == 0:
                self.alignment.add(index, metrics.alignment(z1, z2))
                self.uniformity.add(index, metrics.uniformity(torch.cat([z1, z2])))
            yield Step(index, index, loss.item(), {})


def start(settings: dict) -> tuple[Circle, Iterator[Step]]:
    """A new encoder and its steps."""
    model = Circle(settings)
    return model, model.steps()
