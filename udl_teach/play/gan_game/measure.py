"""What is measured of a game of two players: the AUC of the discriminator, the sample gradients, what is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from udl_teach import metrics
from udl_teach.models import GAN
from udl_teach.play.gan_game.scene import Scene

# Steps between two notes; how many notes the words look back on (and on as many before); and the few whose median
# stands for what is there now, for single notes jump.
EVERY, LAST, FEW = 20, 15, 5
# A real point counts as covered where a generated one is as near as its K-th real neighbour (Naeem et al. 2020).
K, REAL = 5, 300
# Points thrown at random, by which chance is measured.
THROWN = 3000
# So much better than they would be within what counting a thousand points scatters by.
AT_RANDOM = 0.03


@dataclass(frozen=True)
class Note:
    """What was measured at one moment."""

    auc: float  # of the scores of real points against those of generated ones, 0.5 at chance
    score_real: float  # the mean score of real points
    score_generated: float  # the mean score of generated points
    # median norm of the sample gradients: the mean would be that of the few points at an edge of the map, where a sure
    # discriminator is steep, and hide that all other gradients have vanished
    gradient_norm: float
    points: np.ndarray  # the followed generated points, shape (n, 2)
    # the sample gradient at each of them: the direction that lowers the generator's loss, shape (n, 2)
    gradients: np.ndarray
    spread: float  # of the generated points round their middle, in the data's radii: near 0 where they are all together
    modes: int | None  # modes with at least one point of high quality, or None where there are no modes
    high_quality: float | None  # share of points within 3 standard deviations of their mode, or None
    filled: np.ndarray  # for each mode whether it is found, shape (n_modes,); empty where there are none
    covered: float  # share of real points with a generated one as near as their K-th real neighbour
    found: float  # share of the modes that are found, or of the real points that are covered where there are no modes

    @property
    def quality(self) -> float:
        """Share of points of high quality, or of real points that are covered where there are no modes."""
        return self.covered if self.high_quality is None else self.high_quality


@dataclass(frozen=True)
class Course:
    """What the last notes say together.

    A generator that has found its place goes nowhere; one that learns goes somewhere; one that runs after the
    discriminator goes far and comes back.
    """

    lasting: int  # how many notes it looks back on, at most LAST
    path: float  # how far the followed points went over them, in the data's radii
    apart: float  # how far they are now from where they were then
    gained: float  # mean quality over these notes
    path_before: float | None  # how far the points went over the LAST notes before; None where there are not so many
    gained_before: float | None  # mean quality over those, or None
    found: float  # median share found of the last FEW
    quality: float  # their median quality
    spread: float  # their median spread


def course(notes: Sequence[Note], now: Note, radius: float) -> Course:
    """What the notes so far say, together with what is measured now."""
    last, before = notes[-LAST:], notes[-2 * LAST : -LAST]
    few = [*notes[1 - FEW :], now]
    path, apart = travelled([*last, now], radius)
    long = len(before) == LAST
    return Course(
        lasting=len(last),
        path=path,
        apart=apart,
        gained=float(np.mean([note.quality for note in last or [now]])),
        path_before=travelled(before, radius)[0] if long else None,
        gained_before=float(np.mean([note.quality for note in before])) if long else None,
        found=float(np.median([note.found for note in few])),
        quality=float(np.median([note.quality for note in few])),
        spread=float(np.median([note.spread for note in few])),
    )


def take_note(model: GAN, run: Any) -> Note:
    """Measure the game; `run` says the real points, and which latent vectors are followed and counted."""
    scene: Scene = run.scene
    points, directions = model.sample_gradient(run.z)
    real = scene.x[:REAL]
    score_real, score_generated = model.score(real), model.score(points)
    covered = coverage(real, points, run.near)
    coverage_of_modes, filled = None, np.zeros(0, dtype=bool)
    if scene.centres is not None:
        made = model.generate(run.many, ema=False)
        coverage_of_modes = metrics.mode_coverage(made, scene.centres, scene.sd, weights=scene.weights)
        filled = coverage_of_modes.high_quality_counts > 0
    return Note(
        auc=auc(score_real, score_generated),
        score_real=float(score_real.mean()),
        score_generated=float(score_generated.mean()),
        gradient_norm=float(np.median(np.hypot(*directions.T))),
        points=points,
        gradients=directions,
        spread=float(np.sqrt(points.var(axis=0).sum())) / scene.radius,
        modes=None if coverage_of_modes is None else coverage_of_modes.modes,
        high_quality=None if coverage_of_modes is None else coverage_of_modes.high_quality,
        filled=filled,
        covered=covered,
        found=covered if coverage_of_modes is None else float(filled.mean()),
    )


def auc(real: np.ndarray, generated: np.ndarray) -> float:
    """AUC: share of pairs in which the real one has the higher score, a tie counting half; 0.5 is chance."""
    ordered = np.sort(generated)
    below = np.searchsorted(ordered, real, side="left") + np.searchsorted(ordered, real, side="right")
    return float(below.mean() / (2 * len(ordered)))


def nearness(real: np.ndarray) -> np.ndarray:
    """Squared distance of each real point to its K-th real neighbour, shape (n,)."""
    return np.partition(_squared(real, real), K, axis=1)[:, K]


def coverage(real: np.ndarray, generated: np.ndarray, near: np.ndarray) -> float:
    """Share of real points that have a generated one within the distance of their K-th real neighbour."""
    return float((_squared(real, generated).min(axis=1) <= near).mean())


def by_chance(scene: Scene, near: np.ndarray, n_points: int) -> float:
    """The quality of points that nobody made: thrown at random over the square that the real points fill.

    Args:
        scene: the real points.
        near: of its first REAL points, as `nearness` gives it.
        n_points: generated points that a coverage is measured with.
    """
    low, high = scene.x.min(axis=0), scene.x.max(axis=0)
    draws = np.random.default_rng(0).uniform(-0.5, 0.5, (THROWN, 2))
    thrown = ((low + high) / 2 + (high - low).max() * draws).astype(np.float32)
    if scene.centres is not None:
        return metrics.mode_coverage(thrown, scene.centres, scene.sd, weights=scene.weights).high_quality
    real = scene.x[:REAL]
    return float(np.mean([coverage(real, part, near) for part in np.split(thrown, THROWN // n_points)]))


def _squared(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    a, b = a.astype(float), b.astype(float)
    return (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T


def hardly_better(quality: float, chance: float) -> bool:
    """Whether a quality is hardly better than that of points thrown at random."""
    return quality <= chance + AT_RANDOM


def travelled(notes: Any, radius: float) -> tuple[float, float]:
    """How far the followed points went over the notes, and how far they are now from where they were, in radii."""
    places = [note.points for note in notes]
    ways = [float(np.hypot(*(b - a).T).mean()) for a, b in zip(places, places[1:], strict=False)]
    apart = float(np.hypot(*(places[-1] - places[0]).T).mean()) if places else 0.0
    return sum(ways) / radius, apart / radius


def percent(share: float) -> str:
    """A share in words: "45 %", and "0.3 %" rather than none where it is only small."""
    return f"{100 * share:.1f} %" if 0 < share < 0.01 else f"{100 * share:.0f} %"
