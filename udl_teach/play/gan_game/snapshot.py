"""One moment of a game, measured: the discriminator's map, the sheet, the sample gradients, and what is found."""

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from udl_teach.play.gan_game.run import GameRun
from udl_teach.play.gan_game.scene import SHOWN, Scene
from udl_teach.play.player import Player
from udl_teach.plots.points import cells

SIDE, KNOTS, ARROWS = 40, 21, 60
# An arrow as long as this share of the picture's width is as strong as the largest (median) sample gradient so far.
REACH, LONGEST = 0.06, 0.13
# The losses that make of the score a probability worth a map. Relativistic players are so calmed that theirs hardly
# leaves one half; a map of other scores goes from 0.05 to 0.95 where its middle is half way between its ends.
PROBABLE, STRETCH = ("non-saturating", "minimax"), 6.0


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    index: int  # steps taken
    made: dict[str, int]  # moves of each player
    alone: dict[str, int]  # moves of each player since the other last moved
    phase: str | None  # part of a move that is shown, as `flow.PHASES` names them
    settings: dict  # of the playground
    scene: Scene  # the real points
    found: tuple[np.ndarray, float, float]  # modes found, their share, and that of points on them (`Scene.found`)
    auc: float  # P(score of a real point > score of a generated one), 0.5 at chance
    strength: float  # median norm of the sample gradients, as a share of the largest under this loss so far
    spread: float  # of the generated points round their middle, in the data's radii: near 0 where they are all together
    path: float  # how far the points went over the last notes, in the data's radii
    heat: np.ndarray  # how real the discriminator takes each place of the box for, 0 to 1, shape (SIDE, SIDE)
    points: np.ndarray  # generated points, shape (SHOWN, 2)
    starts: np.ndarray  # generated points whose sample gradient is shown, shape (ARROWS, 2)
    arrows: np.ndarray  # their sample gradients as they are drawn, shape (ARROWS, 2)
    sheet: np.ndarray  # places of the latent grid's knots, shape (rows, columns, 2)
    losses: tuple[np.ndarray, np.ndarray]  # steps, shape (n,), and the losses of both players, shape (2, n)
    shares: tuple[np.ndarray, np.ndarray]  # the same of AUC and share found


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the run as it now is."""
    run: GameRun = player.model
    model, scene, width, knots = run.model, run.scene, np.ptp(run.scene.box[0]), _knots(run.model.latent_size)
    model.eval()  # once for all questions; learning sets it back
    z = np.concatenate([run.z, knots.reshape(-1, model.latent_size)])
    made = model.generate(z, ema=False)
    shown = model.generate(z, ema=True) if settings["ema"] else made
    points, gradients, norm = run.gradients()
    largest_norm = max(run.largest_norm, norm, 1e-12)  # it may have grown since the last note
    arrows = gradients[:ARROWS] * (REACH * width / largest_norm)
    arrows *= np.minimum(1.0, LONGEST * width / np.maximum(np.hypot(*arrows.T), 1e-12))[:, None]
    on_real, on_generated = np.split(model.score(np.concatenate([scene.x[:SHOWN], points])), 2)
    noted, curves = run.curves["found"].curve()[0], np.array([trail.loss for trail in run.curves.values()])
    ways = np.diff([*run.notes, points], axis=0)
    return Snapshot(
        index=player.index,
        made=dict(run.made),
        alone=dict(run.alone),
        phase=run.phase,
        settings=dict(settings),
        scene=scene,
        found=scene.found(made[: len(run.z)]),
        auc=float((on_real[:, None] > on_generated).mean() + 0.5 * (on_real[:, None] == on_generated).mean()),
        strength=norm / largest_norm,
        spread=float(np.sqrt(points.var(axis=0).sum())) / scene.radius,
        path=float(np.linalg.norm(ways, axis=2).mean(axis=1).sum()) / scene.radius,
        heat=_heat(run, (on_real.mean() + on_generated.mean()) / 2),
        points=shown[:SHOWN],
        starts=points[:ARROWS],
        arrows=arrows,
        sheet=shown[len(run.z) :].reshape(*knots.shape[:2], 2),
        losses=(noted, curves[:2]),
        shares=(noted, curves[2:]),
    )


def _heat(run: GameRun, middle: float) -> np.ndarray:
    """The map; `middle`, half way between the mean scores of both kinds, is 0.5 where a score has no other zero."""
    place, packing = cells(run.scene.box, SIDE).astype(np.float32).reshape(-1, 1, 2), run.model.packing
    # In a pack a place is judged in the company of real points: beside itself it would look like a collapse.
    company = np.broadcast_to(run.scene.x[: packing - 1], (len(place), packing - 1, 2))
    score = run.model.score(np.concatenate([place, company], axis=1).reshape(-1, 2)).reshape(SIDE, SIDE)
    if run.model.objective not in PROBABLE:
        score = STRETCH * (score - middle) / max(float(np.ptp(score)), 1e-9)
    return 0.5 + 0.5 * np.tanh(score / 2)  # the logistic function


@lru_cache(maxsize=16)
def _knots(latent_size: int) -> np.ndarray:
    """A grid of latent vectors with equally likely cells, all but two dimensions 0, shape (rows, columns, latent_size).

    One dimension alone makes a line, in two columns that are the same.
    """
    n = KNOTS**2 if latent_size == 1 else KNOTS
    quantiles = np.array([NormalDist().inv_cdf((k + 0.5) / n) for k in range(n)], dtype=np.float32)
    if latent_size == 1:
        return np.repeat(quantiles, 2).reshape(n, 2, 1)
    z = np.zeros((n, n, latent_size), dtype=np.float32)
    z[..., 0], z[..., 1] = quantiles, quantiles[:, None]
    return z
