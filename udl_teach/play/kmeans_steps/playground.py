"""Watch k-means: every half of Lloyd's iteration is a step, first the points choose, then the centres move."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from udl_teach import data as datasets
from udl_teach import plots
from udl_teach.data import Dataset
from udl_teach.models import KMeans
from udl_teach.models.classical.kmeans import INITS
from udl_teach.play import controls
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.style import INK, QUIET, colour, marker, pale
from udl_teach.renamed import old_arguments
from udl_teach.training import Step

PLANE = ("moons", "ring", "grid", "spiral")
MOST = 10
CELLS = 110


class Lloyd:
    """A k-means in the middle of its work.

    Attributes:
        kmeans: the model.
        x: its data, shape (n, 2).
        clusters: cluster of each point, or None before the first choice.
        chosen_from: the centres that the points chose between.
        trail: where the centres have been, one array of shape (n_clusters, 2) a move.
    """

    def __init__(self, kmeans: KMeans, x: np.ndarray) -> None:
        """Place the centres."""
        self.kmeans, self.x = kmeans, x
        kmeans.initialize(x)
        self.clusters: np.ndarray | None = None
        self.chosen_from = self.centres
        self.trail = [self.centres]

    @property
    def centres(self) -> np.ndarray:
        """Where the centres are, shape (n_clusters, 2)."""
        return self.kmeans.centres.numpy().copy()

    def inertia(self) -> float:
        """Mean squared distance of a point to the centre that it has chosen."""
        return float(((self.x - self.centres[self.clusters]) ** 2).sum(axis=1).mean())

    def halves(self) -> Iterator[Step]:
        """Choose, move, choose, move, until no centre moves; a step's loss is the inertia after it."""
        index, moved = 0, np.inf
        while moved > 0:
            before = self.clusters
            self.clusters, self.chosen_from = self.kmeans.predict(self.x), self.centres
            changed = len(self.x) if before is None else int((before != self.clusters).sum())
            index += 1
            yield Step(index, (index + 1) // 2, self.inertia(), {"changed": float(changed)})
            moved = self.kmeans.update(self.x, self.clusters)
            self.trail.append(self.centres)
            index += 1
            yield Step(index, index // 2, self.inertia(), {"centre_shift": moved})


@dataclass(frozen=True)
class Look:
    """The numbers of one moment.

    Attributes:
        step: the last half step, or None.
        history: (half steps, inertias) so far.
        x: the points, shape (n, 2).
        clusters: cluster of each, or None before the first choice.
        centres: shape (n_clusters, 2).
        regions: cluster of each cell of the ground, shape (CELLS, CELLS), by the centres that were chosen between.
        trail: shape (moves + 1, n_clusters, 2).
        start: name of the start.
        finished: whether the centres rest.
    """

    step: Step | None
    history: tuple[np.ndarray, np.ndarray]
    x: np.ndarray
    clusters: np.ndarray | None
    centres: np.ndarray
    regions: np.ndarray
    trail: np.ndarray
    start: str
    finished: bool


@cache
def _dataset(name: str) -> Dataset:
    return getattr(datasets, name)(400, seed=0)


def _limits(x: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    middle = (x.max(axis=0) + x.min(axis=0)) / 2
    reach = 0.56 * np.ptp(x, axis=0).max()
    return tuple((float(centre - reach), float(centre + reach)) for centre in middle)


def begin(settings: dict) -> tuple[Lloyd, Iterator[Step]]:
    """New centres and their half steps."""
    kmeans = KMeans(settings["n_clusters"], init=settings["init"], seed=settings["seed"])
    lloyd = Lloyd(kmeans, _dataset(settings["data"]).x)
    return lloyd, lloyd.halves()


def look(player: Player, settings: dict) -> Look:
    """Measure the run as it now is."""
    lloyd = player.model
    (left, right), (bottom, top) = _limits(lloyd.x)
    across, up = np.meshgrid(_middles(left, right), _middles(bottom, top))
    ground = np.stack([across, up], axis=-1)[:, :, None]
    return Look(
        step=player.step,
        history=(np.array(player.history.index), np.array(player.history.loss)),
        x=lloyd.x,
        clusters=lloyd.clusters,
        centres=lloyd.centres,
        regions=((ground - lloyd.chosen_from) ** 2).sum(axis=-1).argmin(axis=-1),
        trail=np.stack(lloyd.trail),
        start=settings["init"],
        finished=player.finished,
    )


def _middles(low: float, high: float) -> np.ndarray:
    return low + (np.arange(CELLS) + 0.5) / CELLS * (high - low)


class Panel:
    """Points in the colour and mark of their cluster, the ground that each centre rules, and the way of the centres."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)), frame=False)
        self.axes.set_aspect("equal")
        self.ground = self.axes.imshow(np.ones((CELLS, CELLS, 3)), origin="lower", interpolation="nearest")
        nothing = np.zeros((0, 2))
        self.free = self.axes.scatter([], [], s=13, c=QUIET, linewidths=0)
        self.groups = [
            self.axes.scatter([], [], s=16, c=colour(number), marker=marker(number), linewidths=0.4, edgecolors=INK)
            for number in range(MOST)
        ]
        self.trail = plots.draw_links(self.axes, nothing, nothing, colour=INK)
        self.trail.set_linewidth(1.4)
        self.centres = [
            self.axes.scatter(
                [], [], s=130, c=colour(number), marker=marker(number), edgecolors=INK, linewidths=1.6, zorder=4
            )
            for number in range(MOST)
        ]
        self.says = self.axes.text(
            0.0, -0.015, "", transform=self.axes.transAxes, va="top", fontsize=9, color=INK, zorder=5
        )
        self.palette = np.array([pale(number) for number in range(MOST)])
        frame.moving(self.ground, self.free, *self.groups, self.trail, *self.centres, self.says)

    def draw(self, look: Look, title: str) -> None:
        """Show a look."""
        set_title(self.axes, title)
        limits = _limits(look.x)
        if not np.allclose(self.ground.get_extent(), [*limits[0], *limits[1]]):
            self.ground.set_extent([*limits[0], *limits[1]])
        set_limits(self.axes, *limits)
        shade = self.palette[look.regions]
        # A line between two regions, so that they can be told apart without their colours.
        shade[:, 1:][look.regions[:, 1:] != look.regions[:, :-1]] = 0.55
        shade[1:][look.regions[1:] != look.regions[:-1]] = 0.55
        self.ground.set_data(np.full_like(shade, 0.95) if look.clusters is None else shade)
        self.free.set_offsets(look.x if look.clusters is None else np.zeros((0, 2)))
        for number in range(MOST):
            here = np.zeros((0, 2)) if look.clusters is None else look.x[look.clusters == number]
            self.groups[number].set_offsets(here)
            self.centres[number].set_offsets(look.centres[number : number + 1])
        self.trail.set_segments(list(look.trail.transpose(1, 0, 2)))
        self.says.set_text(_half(look))


class Drawing:
    """The run (left), the kept run (middle, where there is one) and the inertia (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame()
        self.now, self.before = Panel(self.frame), Panel(self.frame)
        self.curves = self.frame.figure.add_axes((0, 0, 1, 1))
        self.kept_curve = plots.draw_curve(self.curves, [], label="kept", log=False, number=1, dashed=True)
        self.curve = plots.draw_curve(self.curves, [], label="this run", log=False)
        for line in (self.kept_curve, self.curve):
            line.set(marker="o", markersize=4)
        self.curves.set_xlabel("half step", fontsize=9)
        self.curves.tick_params(labelsize=8)
        self.curves.xaxis.get_major_locator().set_params(integer=True)
        set_title(self.curves, "mean squared distance")
        self.frame.moving(self.kept_curve, self.curve)

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        wide = kept is None
        set_box(self.now.axes, (0.02, 0.07, 0.46, 0.85) if wide else (0.015, 0.12, 0.315, 0.78))
        set_box(self.before.axes, None if wide else (0.345, 0.12, 0.315, 0.78))
        set_box(self.curves, (0.56, 0.14, 0.42, 0.76) if wide else (0.72, 0.14, 0.25, 0.76))
        self.now.draw(look, "this run")
        if kept is not None:
            self.before.draw(kept, "kept run")
        if self.curves.get_legend().get_visible() == wide:
            self.curves.get_legend().set_visible(not wide)
        self.curve.set_data(*look.history)
        self.kept_curve.set_data(*(([], []) if kept is None else kept.history))
        runs = [run.history for run in (look, kept) if run is not None]
        longest = max((index for index, _ in runs), key=lambda index: max(index, default=0))
        # The first value after a bad start is many times the others: it may stick out.
        inertias = np.concatenate([inertia[1:] if len(inertia) > 1 else inertia for _, inertia in runs])
        set_limits(self.curves, *roomy(longest, inertias, log=False, least=20))


def _half(look: Look) -> str:
    if look.step is None:
        return "start: centres are placed"
    return f"{look.step.index}: {'points choose' if 'changed' in look.step.terms else 'centres move'}"


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    k = len(look.centres)
    if look.step is None:
        text = f"Start: {k} centres placed ({look.start}) among {len(look.x)} points; nothing is chosen yet."
    else:
        terms = look.step.terms
        if "changed" in terms:
            what = f"{terms['changed']:.0f} of {len(look.x)} points chose another centre"
        else:
            what = f"each centre moved to the mean of its points, the farthest by {terms['centre_shift']:.3f}"
        sizes = np.bincount(look.clusters, minlength=k)
        text = (
            f"Half step {look.step.index} (iteration {look.step.epoch}): {what}. The mean squared distance to the "
            f"centre is {look.step.loss:.4f}; the {k} clusters hold {', '.join(map(str, sizes))} points."
        )
        if (sizes == 0).any():
            text += f" Centres without points: {(sizes == 0).sum()}."
    if kept is not None and kept.step is not None:
        text += f" The kept run was at {kept.step.loss:.4f} after {kept.step.index} half steps."
    return text


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
            controls.Choice("data", "data", data, "What is to be grouped.", known=PLANE),
            controls.Whole("n_clusters", "k", n_clusters, "Number of centres.", maximum=MOST),
            controls.Choice("init", "initialization", init, "Where the centres begin.", known=INITS),
            controls.pause(pause),
            controls.seed(seed, "Another draw of the initialization, same data."),
        ),
        start=begin,
        look=look,
        drawing=Drawing(),
        words=words,
    )
