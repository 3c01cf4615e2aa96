"""Watch k-means: every half of Lloyd's iteration is a step, first the points choose, then the centres move."""

from typing import Annotated, Any

from udl_teach.models.classical.kmeans import INITS
from udl_teach.play import controls
from udl_teach.play.controls import Choice, Seed, Whole
from udl_teach.play.kmeans_steps.picture import Drawing
from udl_teach.play.kmeans_steps.run import MOST, PLANE, start
from udl_teach.play.kmeans_steps.snapshot import snapshot
from udl_teach.play.kmeans_steps.words import words
from udl_teach.play.points import POINTS
from udl_teach.play.view import Playground
from udl_teach.renamed import old_arguments


@old_arguments(start="init")
@controls.documented
def kmeans_steps(
    data: Annotated[str, Choice("What is clustered, 400 points each; click Draw to make your own.", PLANE)] = "moons",
    seed: Annotated[int, Seed("Another initialization, same data.")] = 0,
    *,
    points: Annotated[Any, POINTS] = None,
    n_clusters: Annotated[int, Whole("Number of centres.", 1, MOST, label="k")] = 4,
    init: Annotated[str, Choice("How the centres are initialized.", INITS, label="initialization")] = "k-means++",
    pause: Annotated[int, controls.pause()] = 500,
) -> Playground:
    """Watch Lloyd's algorithm, half a step at a time.

    The centres begin far apart ("k-means++"), on points drawn at random, or all in one corner: a bad initialization.
    """
    chosen = controls.chosen(kmeans_steps, locals())
    drawing = Drawing()
    return Playground(
        "kmeans_steps",
        controls=chosen,
        snapshot=snapshot,
        drawing=drawing,
        compare={"init": "k-means++"},
        **drawing.pen.joined(start, words),
    )
