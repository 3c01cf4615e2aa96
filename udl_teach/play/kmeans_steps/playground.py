"""Watch k-means: every half of Lloyd's iteration is a step, first the points choose, then the centres move."""

from udl_teach.models.classical.kmeans import INITS
from udl_teach.play import controls
from udl_teach.play.kmeans_steps.picture import Drawing
from udl_teach.play.kmeans_steps.run import MOST, PLANE, start
from udl_teach.play.kmeans_steps.snapshot import snapshot
from udl_teach.play.kmeans_steps.words import words
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments


@old_arguments(start="init")
def kmeans_steps(
    data: str = "moons",
    seed: int = 0,
    *,
    n_clusters: int = 4,
    init: str = "k-means++",
    pause: int = 500,
) -> Playground:
    """Watch Lloyd's algorithm, half a step at a time.

    Args:
        data: "moons", "ring", "grid" or "spiral", 400 points each.
        seed: of the initialization; the data stay the same.
        n_clusters: number of centres, 1 to 10.
        init: "k-means++" (far apart), "random" (any points) or "corner" (all in one corner: a bad initialization).
        pause: milliseconds between two half steps while it plays, 50 to 3000.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    return Playground(
        "kmeans_steps",
        controls=(
            controls.Choice("data", "data", data, "What is clustered.", known=PLANE),
            controls.Whole("n_clusters", "k", n_clusters, "Number of centres.", maximum=MOST),
            controls.Choice("init", "initialization", init, "How the centres are initialized.", known=INITS),
            controls.pause(pause),
            controls.seed(seed, "Another initialization, same data."),
        ),
        start=start,
        snapshot=snapshot,
        drawing=Drawing(),
        words=words,
    )
