"""Watch a neighbour map come about beside the truth: distances, sizes and order that are drawn but not there."""

from typing import Annotated

from udl_teach.play import controls
from udl_teach.play.controls import AT_ONCE, RUNNING, Choice, Number, Seed, Whole
from udl_teach.play.map_lies.picture import Drawing
from udl_teach.play.map_lies.run import DATA, METHODS, POINTS, STARTS, start
from udl_teach.play.map_lies.snapshot import snapshot
from udl_teach.play.map_lies.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, Touch


@controls.documented
def map_lies(
    data: Annotated[str, Choice("A structure whose truth is known, 240 points each.", DATA)] = "far",
    seed: Annotated[int, Seed("Another random start, same data.")] = 0,
    *,
    method: Annotated[str, Choice("What draws the map.", METHODS)] = "t-SNE",
    perplexity: Annotated[int, Whole("Neighbours that count; UMAP calls it n_neighbors.", 2, 80, acts=RUNNING)] = 30,
    min_dist: Annotated[
        float,
        Number("How close neighbours may be drawn (UMAP).", 0.0, 0.99, label="minimum distance", acts=RUNNING),
    ] = 0.1,
    start_from: Annotated[str, Choice("Where the points begin.", STARTS, label="initialization")] = "random",
    first: Annotated[int, Whole("One of the pair.", 0, POINTS - 1, label="point", acts=AT_ONCE)] = 0,
    second: Annotated[int, Whole("The other one.", 0, POINTS - 1, label="other point", acts=AT_ONCE)] = 1,
    speed: Annotated[int, controls.speed(20)] = 2,
) -> Playground:
    """Compare a map of points with the truth, step by step; Keep lays a second map beside it.

    The places themselves are learned here, without a network: t-SNE and UMAP as most people know them. The data are
    three clusters, one of them far away ("far"), two clusters, one eight times as wide ("spread"), a circle, one
    Gaussian in 50 dimensions ("noise") or digits. Press near two points of the map to compare their distances.
    """
    chosen = controls.chosen(map_lies, locals())
    drawing = Drawing()
    return Playground(
        "map_lies",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        compare={"start_from": "pca"},
        touch=lambda player, settings, touch: chosen_pair(drawing, player, settings, touch),
        hides=lambda settings: set() if settings["method"] == "UMAP" else {"min_dist"},
    )


def chosen_pair(drawing: Drawing, player: Player, settings: dict, touch: Touch) -> dict:
    """The two points pressed last: the new one takes the place of the second, and that one becomes the first."""
    if touch.kind != "down" or touch.axes is not drawing.now.axes:
        return {}
    point = drawing.point_at(snapshot(player, settings), touch.x, touch.y)
    return {} if point == settings["second"] else {"first": settings["second"], "second": point}
