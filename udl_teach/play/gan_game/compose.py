"""Handles that write the clusters of a learner's own: one cluster is picked, the sliders are its numbers."""

import math
from typing import Any

import numpy as np

from udl_teach.play.controls import AT_ONCE, RUNNING, Control, Number, Text, Whole
from udl_teach.play.gan_game.scene import COMPOSED, MOST, PLACE, SPREAD, WEIGHT, parse, resized, written

# Slider -> place of its number in a cluster.
PARTS = {"cluster_x": 0, "cluster_y": 1, "cluster_spread": 2, "cluster_weight": 3}
# A press so near to a cluster, beyond three of its standard deviations, takes it.
NEAR = 0.1
HANDLES = ("count", "cluster", *PARTS)


class Clusters(Text):
    """A line of text that holds clusters; rows of four numbers are written so."""

    def checked(self, name: str, value: Any) -> str:
        """The text."""
        return written(value)


CLUSTERS = Clusters(
    'Of the data "composed": x y spread weight of each; sliders write it, or drag one in the picture.', acts=RUNNING
)


def handles(clusters: str) -> list[Control]:
    """The controls that write the text of the clusters."""
    rows, running, centre = parse(clusters), {"acts": RUNNING, "derived": True}, "Centre of the chosen cluster."
    known = {
        "count": (Whole("In the mixture.", 1, MOST, label="number of clusters", **running), len(rows)),
        "cluster": (
            Whole("The one that the sliders change.", 1, MOST, label="chosen cluster", acts=AT_ONCE, derived=True), 1
        ),
        "cluster_x": (Number(centre, *PLACE, label="x", **running), rows[0][0]),
        "cluster_y": (Number(centre, *PLACE, label="y", **running), rows[0][1]),
        "cluster_spread": (
            Number("Standard deviation of the chosen cluster.", *SPREAD, label="spread", **running), rows[0][2]
        ),
        "cluster_weight": (
            Number("Its mixture weight, relative to the others.", *WEIGHT, 0.1, label="weight", **running), rows[0][3]
        ),
    }  # fmt: skip
    return [control.holding(name, value) for name, (control, value) in known.items()]


def composed(settings: dict, before: dict) -> dict:
    """The clusters' text and its handles after a hand has moved one of them; ValueError if the text cannot be read.

    Args:
        settings: as they now are.
        before: the same names' values before.
    """
    rows = parse(settings["clusters"])
    if settings["clusters"] == before["clusters"]:
        rows = resized(rows, settings["count"])
    picked = min(settings["cluster"], len(rows)) - 1
    if all(settings[name] == before[name] for name in ("clusters", "count", "cluster")):
        rows[picked] = tuple(settings[name] for name in PARTS)
    moved: dict[str, Any] = {"clusters": written(rows), "count": len(rows), "cluster": picked + 1}
    return moved | {name: rows[picked][place] for name, place in PARTS.items()}


class Grip:
    """What a hand holds in the picture: a press near a cluster chooses it, a drag moves it."""

    def __init__(self, panel: Any) -> None:
        """Hold nothing."""
        self.panel, self.held = panel, None  # how far the chosen cluster's middle is from the pointer

    def touch(self, _player: Any, settings: dict, touch: Any) -> dict:
        """Settings to move where the picture is touched."""
        if settings["data"] != COMPOSED or touch.axes is not self.panel.axes:
            return {}
        rows, place = parse(settings["clusters"]), np.array([touch.x, touch.y])
        if touch.kind == "down":
            apart = [math.dist(row[:2], place) - 3 * row[2] for row in rows]
            nearest = int(np.argmin(apart))
            self.held = rows[nearest][:2] - place if apart[nearest] <= NEAR else None
            return {} if self.held is None else {"cluster": nearest + 1}
        if self.held is None:
            return {}
        picked = settings["cluster"] - 1
        rows[picked] = (*np.clip(place + self.held, *PLACE).round(2).tolist(), *rows[picked][2:])
        return {"clusters": written(rows)}


def hides(settings: dict) -> set[str]:
    """The controls of no use: the clusters' where other points are played with."""
    return set() if settings["data"] == COMPOSED else {"clusters", *HANDLES}
