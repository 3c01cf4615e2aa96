"""The numbers of one moment: a picture in four states, and the PSNR over the noise's strength."""

from dataclasses import dataclass

import numpy as np

from udl_teach.play.denoiser.run import Cleaned
from udl_teach.play.player import Player


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    picture: str  # its name
    noise: str  # the kind of noise
    strength: float  # of the noise, as it is set
    knows: str  # where the strength told comes from
    rival: str  # its name
    trained: str | None  # what noise the denoiser was trained on, or None where that is not known
    reach: float | None  # the strongest noise that it was trained on, or None
    cleaned: Cleaned  # the picture in its four states, and how good they are
    strengths: np.ndarray  # those visited so far, in order, shape (k,)
    curves: np.ndarray  # PSNR of noisy, denoised and rival there, shape (k, 3)
    differences: bool  # whether differences are shown instead of pictures


def snapshot(player: Player, settings: dict) -> Snapshot:
    """Measure the four pictures."""
    bench = player.model
    cleaned, strengths = bench.measure(), sorted(bench.visited)
    return Snapshot(
        **{name: settings[name] for name in ("picture", "noise", "strength", "knows", "rival", "differences")},
        trained=getattr(bench.model, "corruption", None),
        reach=getattr(bench.model, "strength", (None,))[-1],
        cleaned=cleaned,
        strengths=np.array(strengths),
        curves=np.array([bench.visited[strength] for strength in strengths]),
    )
