"""Watch deep embedded clustering: codes are drawn to the centres that a target sharpened from them asks for."""

from typing import Annotated

import torch

from udl_teach.play import controls
from udl_teach.play.cluster_codes.picture import Drawing
from udl_teach.play.cluster_codes.run import DATA, INITS, MOST, start
from udl_teach.play.cluster_codes.snapshot import snapshot
from udl_teach.play.cluster_codes.words import words
from udl_teach.play.controls import RUNNING, Choice, Number, Power, Seed, Text, Whole
from udl_teach.play.player import Player
from udl_teach.play.view import Playground

TRUE = {"groups": 4, "ring": 8, "moons": 2, "noise": 4, "digits": 10}


def act(player: Player, settings: dict) -> None:
    """Move the centre that is dragged; the other settings are read by the run itself."""
    if settings["dragged"]:
        number, x, y = settings["dragged"].split()
        with torch.no_grad():
            player.model.centres[int(number)] = torch.tensor([float(x), float(y)])


@controls.documented
def cluster_codes(
    data: Annotated[str, Choice("What is clustered.", DATA)] = "groups",
    seed: Annotated[int, Seed("Other pretraining, initial centres and batches, same data.")] = 0,
    *,
    n_clusters: Annotated[int | None, Whole("Centres.", 1, MOST, label="k")] = None,
    init: Annotated[str, Choice("How the centres are initialized.", INITS, label="initialization")] = "k-means",
    update_interval: Annotated[int, Whole("Steps between target updates.", 1, 200, acts=RUNNING)] = 20,
    clustering: Annotated[
        float, Number("On KL(P || Q).", 0.0, 5.0, 0.1, label="clustering weight", acts=RUNNING)
    ] = 1.0,
    reconstruction: Annotated[
        float, Number("On the error.", 0.0, 5.0, 0.1, label="reconstruction weight", acts=RUNNING)
    ] = 1.0,
    learning_rate: Annotated[float, Power("Of Adam.", acts=RUNNING)] = 0.003,
    speed: Annotated[int, controls.speed()] = 2,
) -> Playground:
    """Watch codes move while deep embedded clustering runs; drag a centre to another place.

    The data are 600 points in the plane, of which the noise has no groups, or 1,797 digits of 8 x 8 pixels. The
    autoencoder that gives the first codes is trained beforehand. By default there are as many centres as known groups,
    and 4 for the noise. "one place" is a bad initialization, and a reconstruction weight of 0 drops the decoder.
    """
    n_clusters = TRUE.get(data, 4) if n_clusters is None else n_clusters
    dragged = Text("Drag a centre in the picture.", label="dragged centre", acts=RUNNING, derived=True)
    chosen = (*controls.chosen(cluster_codes, locals()), dragged.holding("dragged", ""))
    drawing = Drawing()
    return Playground(
        "cluster_codes",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        compare={"data": "noise"},
        follow=lambda player: {"dragged": ""},
        touch=drawing.touch,
        hides=lambda settings: {"dragged"},
    )
