"""Watch deep embedded clustering: codes are drawn to the centres that a target sharpened from them asks for."""

import torch

from udl_teach.play import controls
from udl_teach.play.cluster_codes.picture import Drawing
from udl_teach.play.cluster_codes.run import DATA, INITS, MOST, start
from udl_teach.play.cluster_codes.snapshot import snapshot
from udl_teach.play.cluster_codes.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground

TRUE = {"groups": 4, "ring": 8, "moons": 2, "noise": 4, "digits": 10}


def act(player: Player, settings: dict) -> None:
    """Move the centre that is dragged; the other settings are read by the run itself."""
    if settings["dragged"]:
        number, x, y = settings["dragged"].split()
        with torch.no_grad():
            player.model.centres[int(number)] = torch.tensor([float(x), float(y)])


def cluster_codes(
    data: str = "groups",
    seed: int = 0,
    *,
    n_clusters: int | None = None,
    init: str = "k-means",
    update_interval: int = 20,
    clustering: float = 1.0,
    reconstruction: float = 1.0,
    learning_rate: float = 0.003,
    speed: int = 2,
) -> Playground:
    """Watch codes move while deep embedded clustering runs; drag a centre to another place.

    Args:
        data: "groups", "ring", "moons", "noise" (600 points in the plane; the noise has no groups) or "digits" (1,797
            images of 8 x 8 pixels). The autoencoder that gives the first codes is trained beforehand.
        seed: of the pretraining, the initial centres and the batches; the data stay the same.
        n_clusters: number of centres, 1 to 10; default the number of the known groups (4 for the noise).
        init: of the centres: "k-means" on the codes, "random" (codes drawn at random) or "one place" (a bad one).
        update_interval: steps between two updates of the target distribution, 1 to 200.
        clustering: weight of the clustering loss, 0 to 5.
        reconstruction: weight of the reconstruction loss, 0 to 5; 0 is the method without a decoder.
        learning_rate: of Adam, 0.0001 to 0.1.
        speed: steps between two pictures, 1 to 50.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    drawing, live = Drawing(), controls.RUNNING
    chosen = (
        controls.Choice("data", "data", data, "What is clustered.", known=DATA),
        controls.Whole(
            "n_clusters", "k", TRUE.get(data, 4) if n_clusters is None else n_clusters, "Centres.", maximum=MOST
        ),
        controls.Choice("init", "initialization", init, "How the centres are initialized.", known=INITS),
        controls.Whole(
            "update_interval",
            "update interval",
            update_interval,
            "Steps between target updates.",
            live,
            maximum=200,
        ),
        controls.Number("clustering", "clustering weight", clustering, "On KL(P || Q).", live, maximum=5.0, step=0.1),
        controls.Number(
            "reconstruction", "reconstruction weight", reconstruction, "On the error.", live, maximum=5.0, step=0.1
        ),
        controls.Power("learning_rate", "learning rate", learning_rate, "Of Adam.", live),
        controls.speed(speed),
        controls.seed(seed, "Other pretraining and batches, same data."),
        controls.Text("dragged", "dragged centre", "", "Drag a centre in the picture.", live, derived=True),
    )
    names = {control.name for control in chosen if not control.derived}
    return Playground(
        "cluster_codes",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=lambda player: {"dragged": ""},
        touch=drawing.touch,
        shows=lambda settings: names,
    )
