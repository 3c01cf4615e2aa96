"""The numbers of one moment: a picture's curves and the rate that is chosen."""

from dataclasses import dataclass

from udl_teach.play.player import Player
from udl_teach.play.rate_distortion.run import NAMES, Curves, Point


@dataclass(frozen=True)
class Snapshot:
    """The numbers of one moment."""

    picture: str  # its name
    place: int  # number of the rate among RATES
    curves: Curves  # of the picture
    score: str  # "PSNR" or "SSIM"
    differences: bool  # whether differences are shown instead of pictures

    @property
    def points(self) -> tuple[Point, ...]:
        """The three codecs at the chosen rate."""
        return tuple(self.curves.points[name][self.place] for name in NAMES)

    def score_of(self, point: Point) -> float:
        """The score that is looked at."""
        return point.psnr if self.score == "PSNR" else point.ssim


def snapshot(player: Player, settings: dict) -> Snapshot:
    """The three codecs at the chosen rate."""
    climber = player.model
    return Snapshot(settings["picture"], climber.place, climber.curves, settings["score"], settings["differences"])
