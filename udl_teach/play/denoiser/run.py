"""A picture, noise on it, and two that take the noise away: a trained denoiser and a rival."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
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

    Args:
        model: the denoiser.
        pictures: arrays of shape (1, side, side) by their names.
        settings: of the playground; what a control changes stands in it at once, and what Play moves is written to it.
        strength: of the noise at first.

    Attributes:
        visited: for each strength seen so far, the PSNR of noisy, denoised and rival in decibels.
    """

    def __init__(self, model: Any, pictures: dict[str, np.ndarray], settings: dict, strength: float) -> None:
        """Lay out what the settings say, at the first strength."""
        self.model, self.pictures, self.settings = model, pictures, settings
        settings["strength"] = strength
        self.visited: dict[float, tuple[float, ...]] = {}
        self._of: tuple = ()  # what the visited numbers are of
        self._told: float | None = None
        self._last: dict[str, tuple] = {}

    def moved(self) -> dict:
        """The settings that the run itself moves: the level told follows the noise, or who moves it tells by hand."""
        self.measure()
        return {name: self.settings[name] for name in ("strength", "seed", "knows", "told")}

    def measure(self) -> Cleaned:
        """Add the noise and take it away; what was asked last is remembered."""
        settings = self.settings
        if self._told not in (None, settings["told"]):
            settings["knows"] = BY_HAND
        by_hand = settings["told"] if settings["knows"] == BY_HAND else None
        of = (settings["picture"], settings["noise"], settings["rival"], settings["knows"], by_hand)
        if of != self._of:
            self._of, self.visited = of, {}
        under = (settings["picture"], settings["noise"], settings["strength"], settings["seed"])
        cleaned = self._remembered("cleaned", (under, of), lambda: self._cleaned(under, by_hand))
        self.visited[settings["strength"]] = cleaned.psnr
        if by_hand is None:
            settings["told"] = round(min(cleaned.told, MOST), 2)
        self._told = settings["told"]
        return cleaned

    def sweep(self) -> Iterator[Step]:
        """The noise a little stronger each step; past MOST it begins again at LEAST, as the noise of the next seed.

        A step's loss is the denoiser's squared error per pixel.
        """
        settings, turn = self.settings, 1
        for index in count(1):
            settings["strength"] = round(settings["strength"] + STRIDE, 2)
            if settings["strength"] > MOST:
                settings["strength"], settings["seed"] = LEAST, (settings["seed"] + 1) % SEEDS
                turn += 1
            cleaned = self.measure()
            error = metrics.mean_squared_error(cleaned.original, cleaned.denoised)
            yield Step(index, turn, error, {"strength": settings["strength"]})

    def _cleaned(self, under: tuple, by_hand: float | None) -> Cleaned:
        picture, noise, strength, seed = under
        original = self.pictures[picture]
        wide = strength * (PIXELS if noise == "blur" else 1)
        noisy = self._remembered("noisy", under, lambda: corrupt(original[None], noise, wide, seed=seed)[0])
        there = float(np.sqrt(((noisy - original) ** 2).mean()))
        told = by_hand
        if by_hand is None:
            told = there if self.settings["knows"] == TRUE else float(noise_level(noisy))
        denoised = self._remembered("denoised", (under, told), lambda: self._denoised(noisy, told))
        rivalled = np.clip(clean(self.settings["rival"], noisy, told), 0, 1)
        states = (noisy, denoised, rivalled)
        psnr = tuple(metrics.psnr(original, one) for one in states)
        ssim = tuple(metrics.ssim(original, np.clip(one, 0, 1)) for one in states)
        return Cleaned(original, *states, there, told, psnr, ssim)

    def _denoised(self, noisy: np.ndarray, told: float) -> np.ndarray:
        with torch.no_grad():
            return np.clip(self.model.denoise(noisy[None], strength=told)[0], 0, 1)

    def _remembered(self, what: str, key: tuple, make: Callable) -> Any:
        if what not in self._last or self._last[what][0] != key:
            self._last[what] = (key, make())
        return self._last[what][1]
