"""The numbers of one moment: what each dimension follows, and what is decoded around the point."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from udl_teach.play.latent_walk.run import COLUMNS, FAR, SIDE
from udl_teach.play.player import Player

# A factor is named where at least this share of a dimension's variance goes with it.
LEAST = 0.3


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment; dimensions are in the order of their KL, counted from 0."""

    learned: int  # steps that the model has learned
    beta: float  # weight of the KL term
    names: tuple[str, ...]  # of the factors
    shares: np.ndarray  # of every dimension's variance that goes with every factor, shape (latent_size, len(names))
    active: np.ndarray  # whether a dimension is used, shape (latent_size,)
    kl_each: np.ndarray  # KL of every dimension, in nats, shape (latent_size,)
    reconstruction: float  # the other term, in nats, of the held-out glyphs
    across: int  # dimension that goes across the grid
    up: int  # dimension that goes up the grid
    code: np.ndarray  # the point, shape (latent_size,)
    own: np.ndarray  # the start image's own code, shape (latent_size,)
    real: np.ndarray  # the start image, shape (28, 28)
    decoded: np.ndarray  # what is decoded of its own code, shape (28, 28)
    here: np.ndarray  # what is decoded at the point, shape (28, 28)
    grid: np.ndarray  # decoded over the quantiles of the prior, the top row first, shape (SIDE * SIDE, 28, 28)
    rows: np.ndarray  # decoded along each dimension, shape (latent_size * COLUMNS, 28, 28)

    @property
    def follows(self) -> list[tuple[str | None, float]]:
        """The factor of every dimension with its share, the largest; None where it is not active or below LEAST."""
        found = zip(self.shares, self.shares.argmax(axis=1), self.active, strict=True)
        return [(self.names[k] if used and row[k] >= LEAST else None, float(row[k])) for row, k, used in found]

    @property
    def together(self) -> float:
        """Largest share of an active dimension, averaged over the active ones; 0 without any."""
        return float(self.shares.max(axis=1)[self.active].mean()) if self.active.any() else 0.0


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the model on held-out glyphs and decode around the point; the model is only asked, never changed."""
    run = player.model
    measured = dict(run.measure())
    image = settings["image"] - 1
    own = measured.pop("codes")[image]
    across, up = settings["across"] - 1, settings["up"] - 1
    code = own.copy()
    code[across], code[up] = settings["first"], settings["second"]
    codes = np.concatenate([code[None], own[None], grid_codes(own, across, up), row_codes(code)])
    here, decoded, *others = run.decode(codes)
    return Snapshot(
        learned=run.state.index,
        beta=settings["beta"],
        names=tuple(run.factors),
        **measured,
        across=across,
        up=up,
        code=code,
        own=own,
        real=run.held_out.images[image, 0],
        decoded=decoded,
        here=here,
        grid=np.array(others[: SIDE**2]),
        rows=np.array(others[SIDE**2 :]),
    )


def grid_codes(own: np.ndarray, across: int, up: int) -> np.ndarray:
    """Codes on the plane of two dimensions through `own`, at equally likely values; the top row first."""
    # The middles of as many equal shares of the prior.
    values = np.array([NormalDist().inv_cdf((k + 0.5) / SIDE) for k in range(SIDE)])
    codes = np.repeat(own[None], SIDE**2, axis=0)
    codes[:, across], codes[:, up] = np.tile(values, SIDE), np.repeat(values[::-1], SIDE)
    return codes


def row_codes(code: np.ndarray) -> np.ndarray:
    """Codes along each dimension from -FAR to FAR, the others as in `code`; one row of COLUMNS after the other."""
    codes = np.tile(code, (len(code), COLUMNS, 1))
    for dimension, row in enumerate(codes):
        row[:, dimension] = np.linspace(-FAR, FAR, COLUMNS)
    return codes.reshape(-1, len(code))
