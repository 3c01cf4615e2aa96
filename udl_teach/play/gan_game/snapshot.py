"""One moment of a game, measured: the discriminator's map, the sheet, the sample gradients and the notes."""

from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np

from udl_teach.models import GAN
from udl_teach.play.gan_game.measure import Course, Note, course, take_note
from udl_teach.play.gan_game.run import GameRun
from udl_teach.play.player import Player

SIDE, KNOTS, ARROWS = 40, 21, 60
# An arrow as long as this share of the picture's width is as strong as the largest (median) sample gradient so far.
REACH, LONGEST = 0.06, 0.13
# A map of scores goes from 0.05 to 0.95 where its middle is half way between its ends.
STRETCH = 6.0


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    index: int  # steps taken
    made: dict[str, int]  # moves of each player
    phase: str | None  # part of a step that is shown, as `flow.PHASES` names them
    ema: bool  # whether the sheet and the points are those of the EMA of the generator
    note: Note  # what is measured now
    course: Course  # what the last notes say
    chance: float  # the quality that points thrown at random would have
    alone: dict[str, int]  # moves of each player since the other last moved
    # the largest median norm of the sample gradients under this loss so far, the present one included
    largest_norm: float
    most: float  # the largest share found so far, but for what was hit by chance
    heat: np.ndarray  # how real the discriminator takes each place of the box for, 0 to 1, shape (side, side)
    scaled: str  # in words, how the score was turned into `heat`
    real: np.ndarray  # real points that are shown, shape (n, 2)
    points: np.ndarray  # generated points, shape (m, 2)
    starts: np.ndarray  # generated points whose sample gradient is shown, shape (k, 2)
    arrows: np.ndarray  # their sample gradients as they are drawn, shape (k, 2)
    # places of the latent grid's knots, shape (rows, columns, 2); one column for a latent number alone
    sheet: np.ndarray
    centres: np.ndarray  # of the modes, shape (n_modes, 2)
    box: tuple[tuple[float, float], tuple[float, float]]  # limits of the picture
    noted: np.ndarray  # steps of the curves, shape (c,)
    curves: dict[str, np.ndarray]  # by name, shape (c,) each
    latent_size: int  # dimensions of a latent vector
    packing: int  # samples that the discriminator judges at once


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is."""
    run: GameRun = player.model
    model, scene = run.seen, run.scene
    now = take_note(model, run)
    ema = settings["ema"]
    points, gradients = now.points[:ARROWS], now.gradients[:ARROWS]
    width = scene.box[0][1] - scene.box[0][0]
    length = np.hypot(*gradients.T)
    largest_norm = max(run.largest_norm, now.gradient_norm, 1e-12)  # it may have grown since the last note
    drawn = gradients * (REACH * width / largest_norm)
    drawn *= np.minimum(1.0, LONGEST * width / np.maximum(np.hypot(*drawn.T), 1e-12))[:, None]
    shown = length > 0
    heat, scaled = discriminator_map(model, scene.x, scene.box, now.score_real, now.score_generated)
    return Snapshot(
        index=player.index,
        made=dict(run.made),
        phase=run.phase,
        ema=ema,
        note=now,
        course=course(list(run.notes), now, scene.radius),
        chance=run.chance,
        alone=dict(run.alone),
        largest_norm=largest_norm,
        most=run.most,
        heat=heat,
        scaled=scaled,
        real=scene.x[: len(run.z)],
        points=model.generate(run.z, ema=True) if ema else now.points,
        starts=points[shown],
        arrows=drawn[shown],
        sheet=sheet_of(model, ema=ema),
        centres=np.zeros((0, 2)) if scene.centres is None else scene.centres,
        box=scene.box,
        noted=np.array(run.curves["found"].index, dtype=int),
        curves={name: np.array(trail.loss) for name, trail in run.curves.items()},
        latent_size=model.latent_size,
        packing=model.packing,
    )


def discriminator_map(
    model: GAN, x: np.ndarray, box: tuple, score_real: float, score_generated: float
) -> tuple[np.ndarray, str]:
    """How real the discriminator takes each place for, from 0 to 1, shape (SIDE, SIDE), and in words what that is.

    Only two of the losses make of the score a probability that is worth a map: relativistic players are so calmed that
    theirs hardly leaves one half. Scores are scaled: what lies half way between the mean scores of real and generated
    points is 0.5 (for a loss of differences a score has no other zero).
    """
    places = _places(box)
    if model.packing > 1:
        # A place is judged in the company of real points: together with itself it would look like a collapse.
        company = np.broadcast_to(x[: model.packing - 1], (len(places), model.packing - 1, 2))
        places = np.concatenate([places[:, None], company], axis=1).reshape(-1, 2)
    score = model.score(places).astype(float).reshape(SIDE, SIDE)
    if model.objective in ("non-saturating", "minimax"):
        return _logistic(score), "probability of real"
    if model.objective == "least-squares":
        return np.clip(score, 0.0, 1.0), "the score itself, 0 to 1"
    middle, reach = (score_real + score_generated) / 2, max(float(np.ptp(score)), 1e-9)
    return _logistic(STRETCH * (score - middle) / reach), "the score, scaled by its range in the picture"


def sheet_of(model: GAN, *, ema: bool) -> np.ndarray:
    """Where the generator takes a grid of latent vectors whose cells are equally likely, shape (rows, columns, 2).

    Of more than two latent numbers the first two make the grid, the others are 0; one alone makes a single column.
    """
    z = _knots(model.latent_size)
    columns = 1 if model.latent_size == 1 else KNOTS
    return model.generate(z, ema=ema).reshape(-1, columns, 2)


@cache
def _knots(latent_size: int) -> np.ndarray:
    count = KNOTS if latent_size > 1 else KNOTS**2
    shares = np.linspace(0.5 / count, 1 - 0.5 / count, count)
    quantiles = np.array([NormalDist().inv_cdf(share) for share in shares], dtype=np.float32)
    if latent_size == 1:
        return quantiles[:, None]
    z = np.zeros((KNOTS, KNOTS, latent_size), dtype=np.float32)
    z[..., 0], z[..., 1] = quantiles, quantiles[:, None]
    return z.reshape(-1, latent_size)


@lru_cache(maxsize=16)
def _places(box: tuple) -> np.ndarray:
    (left, right), (bottom, top) = box
    inside = (np.arange(SIDE) + 0.5) / SIDE
    x, y = np.meshgrid(left + inside * (right - left), bottom + inside * (top - bottom))
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def _logistic(score: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(score / 2)
