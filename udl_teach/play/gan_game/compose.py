"""Sliders that write the clusters of a learner's own: one cluster is picked, the sliders are its numbers."""

import math
from typing import Any

import numpy as np

from udl_teach.play import controls
from udl_teach.play.gan_game.scene import COMPOSED, MOST, PLACE, SPREAD, WEIGHT, parse, resized, written

# Slider -> place of its number in a cluster.
PARTS = {"cluster_x": 0, "cluster_y": 1, "cluster_spread": 2, "cluster_weight": 3}
# A press so near to a cluster, beyond three of its standard deviations, takes it.
NEAR = 0.1
HANDLES = ("count", "cluster", *PARTS)


def composed_controls(clusters: str) -> tuple[controls.Control, ...]:
    """The text of the clusters and the handles on it."""
    rows, running = parse(clusters), controls.RUNNING
    ends = {"cluster_x": (PLACE, "x"), "cluster_y": (PLACE, "y"), "cluster_spread": (SPREAD, "spread")}
    ends["cluster_weight"] = (WEIGHT, "weight")
    says = {
        "cluster_x": "Centre of the chosen cluster.",
        "cluster_y": "Centre of the chosen cluster.",
        "cluster_spread": "Standard deviation of the chosen cluster.",
        "cluster_weight": "Its mixture weight, relative to the others.",
    }
    parts = [
        controls.Number(
            name, label, rows[0][PARTS[name]], says[name], running, minimum=low, maximum=high,
            step=0.1 if name == "cluster_weight" else 0.01, derived=True,
        )
        for name, ((low, high), label) in ends.items()
    ]  # fmt: skip
    return (
        controls.Text(
            "clusters",
            "clusters",
            clusters,
            "x y spread weight of each; sliders write it, or drag one in the picture.",
            running,
        ),
        controls.Whole(
            "count", "number of clusters", len(rows), "In the mixture.", running, maximum=MOST, derived=True
        ),
        controls.Whole(
            "cluster",
            "chosen cluster",
            1,
            "The one that the sliders change.",
            controls.AT_ONCE,
            maximum=MOST,
            derived=True,
        ),
        *parts,
    )


def composed(settings: dict, before: dict) -> dict:
    """What the clusters' text and its handles must be after a hand has moved one of them.

    Args:
        settings: as they now are.
        before: the same names' values before.

    Returns:
        New values of "clusters" and of all handles.

    Raises:
        ValueError: the text cannot be read.
    """
    rows = parse(written(settings["clusters"]))
    if settings["clusters"] == before["clusters"]:
        rows = resized(rows, settings["count"])
        picked = min(settings["cluster"], len(rows)) - 1
        if settings["cluster"] == before["cluster"] and settings["count"] == before["count"]:
            rows[picked] = tuple(settings[name] for name in PARTS)
    picked = min(settings["cluster"], len(rows)) - 1
    moved: dict[str, Any] = {"clusters": written(rows), "count": len(rows), "cluster": picked + 1}
    return moved | {name: rows[picked][place] for name, place in PARTS.items()}


def touched(settings: dict, touch: Any, held: dict) -> dict:
    """Settings to move where the picture is touched: a press near a cluster chooses it, a drag moves it.

    Args:
        settings: as they now are.
        touch: in the picture of the run.
        held: "grip", how far the chosen cluster's middle is from the pointer while it is dragged; written here.
    """
    rows, place = parse(settings["clusters"]), np.array([touch.x, touch.y])
    if touch.kind == "down":
        apart = [math.dist(row[:2], place) - 3 * row[2] for row in rows]
        nearest = int(np.argmin(apart))
        held["grip"] = rows[nearest][:2] - place if apart[nearest] <= NEAR else None
        return {} if held["grip"] is None else {"cluster": nearest + 1}
    if held["grip"] is None:
        return {}
    picked = settings["cluster"] - 1
    middle = np.clip(place + held["grip"], *PLACE).round(2)
    rows[picked] = (*middle.tolist(), *rows[picked][2:])
    return {"clusters": written(rows)}


def shown(settings: dict, names: set[str]) -> set[str]:
    """The controls that are of use: the clusters' only where they are played with."""
    return names if settings["data"] == COMPOSED else names - {"clusters", *HANDLES}
