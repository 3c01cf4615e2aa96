"""Watch a neighbour map come about beside the truth: distances, sizes and order that are drawn but not there."""

from udl_teach.play import controls
from udl_teach.play.map_lies.picture import Drawing
from udl_teach.play.map_lies.run import DATA, METHODS, POINTS, STARTS, start
from udl_teach.play.map_lies.snapshot import snapshot
from udl_teach.play.map_lies.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, Touch


def map_lies(
    data: str = "far",
    seed: int = 0,
    *,
    method: str = "t-SNE",
    perplexity: int = 30,
    min_dist: float = 0.1,
    start_from: str = "random",
    first: int = 0,
    second: int = 1,
    speed: int = 2,
) -> Playground:
    """Compare a map of points with the truth, step by step; Keep lays a second map beside it.

    The places themselves are learned here, without a network: t-SNE and UMAP as most people know them.

    Args:
        data: "far" (three clusters, one of them far away), "spread" (two clusters, one eight times as wide), "circle",
            "noise" (one Gaussian in 50 dimensions) or "digits"; 240 points each.
        seed: of the start and of UMAP's draws; the data stay the same.
        method: "t-SNE" or "UMAP".
        perplexity: neighbours that count: t-SNE's perplexity or UMAP's n_neighbors, 2 to 80.
        min_dist: UMAP's minimum distance in the map, 0 to 0.99.
        start_from: "random" or "pca" (the first two principal components).
        first: number of one of the two points that are compared, 0 to 239; press near points in the map to choose.
        second: number of the other.
        speed: steps between two pictures, 1 to 20.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    drawing = Drawing()
    last, at_once = POINTS - 1, controls.AT_ONCE
    return Playground(
        "map_lies",
        controls=(
            controls.Choice("data", "data", data, "A structure whose truth is known.", known=DATA),
            controls.Choice("method", "method", method, "What draws the map.", known=METHODS),
            controls.Whole(
                "perplexity",
                "perplexity",
                perplexity,
                "Neighbours that count; UMAP calls it n_neighbors.",
                controls.RUNNING,
                minimum=2,
                maximum=80,
            ),
            controls.Number(
                "min_dist",
                "minimum distance",
                min_dist,
                "How close neighbours may be drawn (UMAP).",
                controls.RUNNING,
                maximum=0.99,
            ),
            controls.Choice("start_from", "initialization", start_from, "Where the points begin.", known=STARTS),
            controls.Whole("first", "point", first, "One of the pair.", at_once, minimum=0, maximum=last),
            controls.Whole("second", "other point", second, "The other one.", at_once, minimum=0, maximum=last),
            controls.speed(speed, maximum=20),
            controls.seed(seed, "Another random start, same data."),
        ),
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        touch=lambda player, settings, touch: chosen_pair(drawing, player, settings, touch),
        shows=lambda settings: _shown(settings["method"]),
    )


def chosen_pair(drawing: Drawing, player: Player, settings: dict, touch: Touch) -> dict:
    """The two points pressed last: the new one takes the place of the second, and that one becomes the first."""
    if touch.kind != "down" or touch.axes is not drawing.now.axes:
        return {}
    point = drawing.point_at(snapshot(player, settings), touch.x, touch.y)
    return {} if point == settings["second"] else {"first": settings["second"], "second": point}


def _shown(method: str) -> set[str]:
    always = {"data", "method", "perplexity", "start_from", "first", "second", "speed", "seed"}
    return always | ({"min_dist"} if method == "UMAP" else set())
