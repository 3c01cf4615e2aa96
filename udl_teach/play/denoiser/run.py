"""A picture, noise on it, and two that take the noise away: a trained denoiser and a rival."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from udl_teach import metrics
from udl_teach.models import corrupt, noise_level
from udl_teach.play.denoiser.rivals import clean
from udl_teach.training import Step

TRUE, MEASURED, BY_HAND = "the truth", "measured", "by hand"
LEAST, MOST, STRIDE = 0.02, 0.5, 0.01
SEEDS = 10_000
# A blur of strength 0.1 is one pixel wide.
PIXELS = 10


@dataclass(frozen=True)
class Cleaned:
    """One picture in four states: as it was, noisy, and cleaned by two."""

    original: np.ndarray  # shape (1, side, side), values in [0, 1]
    noisy: np.ndarray  # the same with noise, values also outside [0, 1]
    denoised: np.ndarray  # what the denoiser makes of it, in [0, 1]
    rivalled: np.ndarray  # what the rival makes of it, in [0, 1]
    there: float  # root mean square of what the noise changed
    told: float  # standard deviation that both were told of
    psnr: tuple[float, ...]  # of noisy, denoised and the rival's, in decibels
    # the same by structural similarity, at most 1, of the pictures as a screen shows them, within [0, 1]
    ssim: tuple[float, ...]

    @property
    def states(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Noisy, denoised and cleaned by the rival."""
        return self.noisy, self.denoised, self.rivalled


class Bench:
    """What is on the table: a picture, its noise, and what its cleaners know.

    Attributes:
        strength: of the noise, from LEAST to MOST.
        seed: of the noise.
        knows: TRUE, MEASURED or BY_HAND: where the strength that the cleaners are told of comes from.
        visited: for each strength seen so far, the PSNR of noisy, denoised and rival in decibels.
    """

    def __init__(self, model: Any, pictures: dict[str, np.ndarray], settings: dict, strength: float) -> None:
        """Lay out what `settings` say, at another strength."""
        self.model, self.pictures = model, pictures
        self.strength = strength
        self.seed, self.knows, self.by_hand = settings["seed"], settings["knows"], settings["told"]
        self.picture, self.noise, self.rival = settings["picture"], settings["noise"], settings["rival"]
        self.visited: dict[float, tuple[float, ...]] = {}
        self._last: dict[str, tuple] = {}
        self._told_shown = settings["told"]
        self.measure()

    def take(self, settings: dict) -> None:
        """Take over what a hand has set; who moves `told` tells by hand."""
        before = (self.picture, self.noise, self.rival, self.knows, self.by_hand)
        self.strength, self.seed, self.knows = settings["strength"], settings["seed"], settings["knows"]
        self.picture, self.noise, self.rival = settings["picture"], settings["noise"], settings["rival"]
        if settings["told"] != self._told_shown:
            self.knows = BY_HAND
        if self.knows == BY_HAND:
            self.by_hand = settings["told"]
        if before != (self.picture, self.noise, self.rival, self.knows, self.by_hand):
            self.visited = {}

    def shown(self) -> dict:
        """The settings as they now are where the run itself moves them."""
        self._told_shown = round(min(self.measure().told, MOST), 2)
        return {"strength": self.strength, "seed": self.seed, "knows": self.knows, "told": self._told_shown}

    def measure(self) -> Cleaned:
        """Add the noise and take it away; what was asked last is remembered."""
        under = (self.picture, self.noise, self.strength, self.seed)
        told_by = (*under, self.knows, self.by_hand)
        return self._remembered("cleaned", (*told_by, self.rival), lambda: self._cleaned(under, told_by))

    def sweep(self) -> Iterator[Step]:
        """The noise a little stronger each step; past MOST it begins again at LEAST, as the noise of the next seed.

        A step's loss is the denoiser's squared error per pixel.
        """
        index, turn = 0, 1
        while True:
            index += 1
            self.strength = round(self.strength + STRIDE, 2)
            if self.strength > MOST:
                self.strength, self.seed, turn = LEAST, (self.seed + 1) % SEEDS, turn + 1
            cleaned = self.measure()
            error = metrics.mean_squared_error(cleaned.original, cleaned.denoised)
            yield Step(index, turn, error, {"strength": self.strength})

    def _cleaned(self, under: tuple, told_by: tuple) -> Cleaned:
        original = self.pictures[self.picture]
        noisy = self._remembered("noisy", under, lambda: self._corrupted(original))
        there = float(np.sqrt(((noisy - original) ** 2).mean()))
        told = {TRUE: lambda: there, MEASURED: lambda: float(noise_level(noisy)), BY_HAND: lambda: self.by_hand}
        told = self._remembered("told", told_by, told[self.knows])
        denoised = self._remembered("denoised", (*under, told), lambda: self._denoised(noisy, told))
        rivalled = np.clip(clean(self.rival, noisy, told), 0, 1)
        states = (noisy, denoised, rivalled)
        psnr = tuple(metrics.psnr(original, one) for one in states)
        ssim = tuple(metrics.ssim(original, np.clip(one, 0, 1)) for one in states)
        self.visited[self.strength] = psnr
        return Cleaned(original, noisy, denoised, rivalled, there, told, psnr, ssim)

    def _corrupted(self, original: np.ndarray) -> np.ndarray:
        strength = self.strength * (PIXELS if self.noise == "blur" else 1)
        return corrupt(original[None], self.noise, strength, seed=self.seed)[0]

    def _denoised(self, noisy: np.ndarray, told: float) -> np.ndarray:
        with torch.no_grad():
            return np.clip(self.model.denoise(noisy[None], strength=told)[0], 0, 1)

    def _remembered(self, what: str, key: tuple, make: Callable) -> Any:
        if what not in self._last or self._last[what][0] != key:
            self._last[what] = (key, make())
        return self._last[what][1]
