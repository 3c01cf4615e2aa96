"""Watch k-means: every half of Lloyd's iteration is a step, first the points choose, then the centres move."""

from typing import Any

from udl_teach.models.classical.kmeans import INITS
from udl_teach.play import controls
from udl_teach.play.kmeans_steps.picture import Drawing
from udl_teach.play.kmeans_steps.run import MOST, PLANE, start
from udl_teach.play.kmeans_steps.snapshot import snapshot
from udl_teach.play.kmeans_steps.words import words
from udl_teach.play.points import FIRST, draw_button, points_control, with_points
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
    points: Any = FIRST,
) -> Playground:
    """Watch Lloyd's algorithm, half a step at a time.

    Args:
        data: "moons", "ring", "grid" or "spiral", 400 points each, or "drawn" (see `points`).
        seed: of the initialization; the data stay the same.
        n_clusters: number of centres, 1 to 10.
        init: "k-means++" (far apart), "random" (any points) or "corner" (all in one corner: a bad initialization).
        pause: milliseconds between two half steps while it plays, 50 to 3000.
        points: of the data "drawn": rows of (x, y) between -1 and 1, at most 400, or text with the same numbers,
            "x y; x y; ...". Draw empties the picture; press or drag in it to add points.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    drawing = Drawing()
    chosen = (
        controls.Choice("data", "data", data, "What is clustered; click Draw to make your own.", known=PLANE),
        points_control(points),
        controls.Whole("n_clusters", "k", n_clusters, "Number of centres.", maximum=MOST),
        controls.Choice("init", "initialization", init, "How the centres are initialized.", known=INITS),
        controls.pause(pause),
        controls.seed(seed, "Another initialization, same data."),
    )
    names = {control.name for control in chosen}
    return Playground(
        "kmeans_steps",
        controls=chosen,
        start=drawing.pen.begins(start),
        snapshot=snapshot,
        drawing=drawing,
        words=drawing.pen.words(words),
        buttons=(draw_button(),),
        touch=drawing.pen.touch,
        shows=lambda settings: with_points(settings, names),
    )
