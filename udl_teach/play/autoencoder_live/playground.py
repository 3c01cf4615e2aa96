"""Watch an autoencoder learn: a curve that finds its way through a cloud, or digits that come into focus."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach import plots
from udl_teach.data import Dataset
from udl_teach.models import Autoencoder
from udl_teach.play import controls
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.plots.curves import roomy
from udl_teach.plots.figures import quiet_axes, set_box, set_limits, set_title
from udl_teach.plots.points import segments
from udl_teach.training import Step

PLANE = ("spiral", "moons", "ring", "grid")
ACTIVATIONS = ("gelu", "tanh", "elu", "relu", "sigmoid", "linear")
SHOWN_CODES = 600


@dataclass(frozen=True)
class Look:
    """The numbers of one moment of a run.

    Attributes:
        index: steps taken.
        history: (steps, losses) so far.
        explained: share of the data's variance that the reconstructions keep, of all samples and without noise.
        straight: the same share for the best flat map with as many numbers a code (PCA).
        distance: the typical (median) distance between a sample and its reconstruction.
        latent_size: numbers a code.
        x: the samples that are shown, shape (n, n_features).
        x_hat: their reconstructions.
        codes: codes of the samples on the map, shape (n, latent_size).
        labels: their labels, or None.
        path: a line of codes decoded, shape (200, 2); None where a code has more than one number.
    """

    index: int
    history: tuple[np.ndarray, np.ndarray]
    explained: float
    straight: float
    distance: float
    latent_size: int
    x: np.ndarray
    x_hat: np.ndarray
    codes: np.ndarray
    labels: np.ndarray | None
    path: np.ndarray | None

    @property
    def plane(self) -> bool:
        """Whether the samples are points in the plane (else they are digits)."""
        return self.x.shape[1] == 2


@cache
def _dataset(name: str) -> Dataset:
    return datasets.digits() if name == "digits" else getattr(datasets, name)(600, seed=0)


@cache
def _spectrum(name: str) -> np.ndarray:
    """Share of the variance that PCA keeps with 1, 2, 3, ... components."""
    x = _dataset(name).x
    squares = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    return np.cumsum(squares) / squares.sum()


@cache
def _one_of_each(name: str) -> np.ndarray:
    return np.array([np.flatnonzero(_dataset(name).labels == label)[0] for label in range(10)])


def begin(settings: dict) -> tuple[Autoencoder, Iterator[Step]]:
    """A new model and its steps; the learning rate is read from `settings` anew at each step."""
    x = _dataset(settings["data"]).x
    model = Autoencoder(
        x.shape[1],
        settings["bottleneck"],
        (settings["width"],) * settings["depth"],
        activation=settings["activation"],
        output="sigmoid" if settings["data"] == "digits" else "linear",
        noise=settings["noise"],
        seed=settings["seed"],
    )
    return model, model.steps(
        x, epochs=None, learning_rate=lambda index: settings["learning_rate"], seed=settings["seed"]
    )


def act(player: Player, settings: dict) -> None:
    """Hand a slider's new value to the run that is under way (the learning rate is read by itself)."""
    player.model.noise = settings["noise"]


def look(player: Player, settings: dict) -> Look:
    """Measure the run as it now is; the model is only asked, never changed."""
    dataset = _dataset(settings["data"])
    x, model = dataset.x, player.model
    with torch.no_grad():
        codes = model.encode(x)
        x_hat = model.decode(codes)
        path = None
        if model.latent_size == 1:
            path = model.decode(np.linspace(codes.min(), codes.max(), 200, dtype=np.float32)[:, None])
    squares = ((x - x_hat) ** 2).sum(axis=1)
    spectrum = _spectrum(settings["data"])
    shown = slice(None) if x.shape[1] == 2 else _one_of_each(settings["data"])
    mapped = slice(None, SHOWN_CODES)
    return Look(
        index=player.index,
        history=(np.array(player.history.index), np.array(player.history.loss)),
        explained=float(1 - squares.mean() / x.var(axis=0).sum()),
        straight=float(spectrum[min(model.latent_size, len(spectrum)) - 1]),
        distance=float(np.median(np.sqrt(squares))),
        latent_size=model.latent_size,
        x=x[shown],
        x_hat=x_hat[shown],
        codes=codes[mapped],
        labels=None if dataset.labels is None else dataset.labels[mapped],
        path=path,
    )


class Panel:
    """One run's picture: points with their curve or their links, or originals over reconstructions."""

    def __init__(self, frame: plots.Frame) -> None:
        """Make all artists once; which are seen depends on the look."""
        self.axes = quiet_axes(frame.figure.add_axes((0, 0, 1, 1)))
        nothing = np.zeros((1, 2))
        self.links = plots.draw_links(self.axes, nothing, nothing)
        (self.cloud,) = plots.draw_points(self.axes, nothing, values=np.zeros(1), size=14)
        self.edge = plots.draw_path(self.axes, nothing, width=5.5)
        self.edge.set(color="white", array=None)
        self.path = plots.draw_path(self.axes, nothing)
        self.wall = plots.draw_images(self.axes, np.zeros((1, 8, 8)))
        self.axes.set_aspect("equal")
        self.step = self.axes.text(0.03, 0.97, "", transform=self.axes.transAxes, va="top", fontsize=9)
        self.plane: bool | None = None
        frame.moving(self.links, self.cloud, self.edge, self.path, self.wall, self.step)

    def draw(self, look: Look, title: str) -> None:
        """Show a look."""
        set_title(self.axes, title)
        self.step.set_text(f"step {look.index:,}")
        if look.plane != self.plane:
            self._turn(look.plane)
        if look.plane:
            self._draw_plane(look)
        else:
            self._draw_digits(look)

    def _turn(self, plane: bool) -> None:
        self.plane = plane
        for artist in (self.links, self.cloud, self.edge, self.path):
            artist.set_visible(plane)
        self.wall.set_visible(not plane)
        for side in self.axes.spines.values():
            side.set_visible(plane)
        # Five columns and four rows of 8 x 8 pixels, one pixel apart.
        self.wall.set_extent((0, 46, 37, 0))
        places, names = ([], []) if plane else ((5, 14, 23, 32), ("real", "decoded") * 2)
        self.axes.set_yticks(places, names, fontsize=8, rotation=90, va="center")
        self.axes.tick_params(axis="y", length=0)
        self.step.set_position((0.03, 0.97) if plane else (0.0, -0.02))

    def _draw_plane(self, look: Look) -> None:
        middle, reach = look.x.mean(axis=0), 1.25 * np.abs(look.x - look.x.mean(axis=0)).max()
        set_limits(self.axes, *((float(centre - reach), float(centre + reach)) for centre in middle))
        colours = look.codes[:, 0]
        self.cloud.set_offsets(look.x)
        self.cloud.set_array(colours)
        self.cloud.set_clim(colours.min(), colours.max() + 1e-9)
        every = slice(None, None, 2)
        self.links.set_segments(np.stack([look.x[every], look.x_hat[every]], axis=1))
        pieces = segments(np.zeros((0, 2)) if look.path is None else look.path)
        self.edge.set_segments(pieces)
        self.path.set_segments(pieces)
        self.path.set_array(np.linspace(colours.min(), colours.max(), len(pieces)))
        self.path.set_clim(colours.min(), colours.max() + 1e-9)

    def _draw_digits(self, look: Look) -> None:
        real, learned = look.x.reshape(-1, 8, 8), look.x_hat.reshape(-1, 8, 8)
        wall = plots.mosaic(np.concatenate([real[:5], learned[:5], real[5:], learned[5:]]), columns=5)
        self.wall.set_data(wall)
        set_limits(self.axes, (0, wall.shape[1]), (wall.shape[0], 0))


class Drawing:
    """The run (left), the kept run or the map of codes (middle), and the losses (right)."""

    def __init__(self) -> None:
        """Make all axes and artists once."""
        self.frame = plots.Frame()
        self.now, self.before = Panel(self.frame), Panel(self.frame)
        figure = self.frame.figure
        self.map = quiet_axes(figure.add_axes((0, 0, 1, 1)), "map of the codes")
        self.groups = plots.draw_points(self.map, np.zeros((10, 2)), np.arange(10), size=13, legend=True)
        self.losses = figure.add_axes((0, 0, 1, 1))
        self.kept_curve = plots.draw_curve(self.losses, [], label="kept", number=1, dashed=True)
        self.curve = plots.draw_curve(self.losses, [], label="this run")
        set_title(self.losses, "loss of each batch")
        self.losses.tick_params(labelsize=8)
        self.frame.moving(*self.groups, self.kept_curve, self.curve)

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        mapped = kept is None and not look.plane and look.latent_size == 2
        middle = (0.355, 0.12, 0.285, 0.78)
        wide = kept is None and not mapped
        set_box(self.now.axes, (0.035, 0.06, 0.44, 0.86) if wide else (0.035, 0.12, 0.285, 0.78))
        set_box(self.before.axes, None if kept is None else middle)
        set_box(self.map, (0.345, 0.12, 0.27, 0.78) if mapped else None)
        set_box(self.losses, (0.57, 0.14, 0.41, 0.76) if wide else (0.72, 0.14, 0.25, 0.76))
        self.now.draw(look, "this run")
        if kept is not None:
            self.before.draw(kept, "kept run")
        if mapped:
            self._draw_map(look)
        legend = self.losses.get_legend()
        if legend.get_visible() != (kept is not None):
            legend.set_visible(kept is not None)
        self.curve.set_data(*look.history)
        self.kept_curve.set_data(*(([], []) if kept is None else kept.history))
        runs = [run.history for run in (look, kept) if run is not None]
        longest = max((index for index, _ in runs), key=lambda index: max(index, default=0))
        set_limits(self.losses, *roomy(longest, np.concatenate([loss for _, loss in runs])))

    def _draw_map(self, look: Look) -> None:
        # Limits that change rarely: a few sizes, a few places; the units of a code mean nothing anyway.
        low, high = look.codes.min(axis=0), look.codes.max(axis=0)
        reach = 2.0 ** (np.ceil(2 * np.log2(max(float((high - low).max()) / 1.8, 1e-3))) / 2)
        middle = np.round((low + high) / 2 / reach * 4) * reach / 4
        set_limits(self.map, *((float(centre - reach), float(centre + reach)) for centre in middle))
        for number, artist in enumerate(self.groups):
            artist.set_offsets(look.codes[look.labels == number])


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    numbers = "1 number" if look.latent_size == 1 else f"{look.latent_size} numbers"
    thing = "point" if look.plane else "digit"
    text = (
        f"Step {look.index:,}: through {numbers} a {thing} the reconstructions keep {_percent(look.explained)} of the "
        f"data's variance; flat (PCA) it would be at most {_percent(look.straight)}."
    )
    if look.plane:
        text += f" Half of the points are within {look.distance:.3f} of their reconstruction."
    if look.path is not None and look.plane:
        length = np.sqrt((np.diff(look.path, axis=0) ** 2).sum(axis=1)).sum()
        text += f" The curve is {length:.1f} long."
    if kept is not None:
        text += f" The kept run kept {_percent(kept.explained)} at step {kept.index:,}."
    return text


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share > 0 else "none"


def autoencoder_live(
    data: str = "spiral",
    seed: int = 0,
    *,
    bottleneck: int | None = None,
    depth: int = 3,
    width: int = 32,
    activation: str = "gelu",
    learning_rate: float = 0.005,
    noise: float = 0.0,
    speed: int = 10,
) -> Playground:
    """Train an autoencoder while watching it.

    Args:
        data: "spiral", "moons", "ring", "grid" (600 points in the plane) or "digits" (1,797 images of 8 x 8 pixels).
        seed: of the first weights, the order of the batches and the noise; the data stay the same.
        bottleneck: numbers a code, 1 to 16; default 1 for points and 2 for digits.
        depth: hidden layers of the encoder, and of the decoder, 0 to 4.
        width: units a hidden layer: 4, 8, 16, 32, 64 or 128.
        activation: "gelu", "tanh", "elu", "relu", "sigmoid" or "linear".
        learning_rate: of Adam, 0.0001 to 0.1; may be moved while it runs.
        noise: standard deviation of the noise on the input while learning, 0 to 0.5; may be moved while it runs.
        speed: steps between two pictures, 1 to 50.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be.
    """
    if bottleneck is None:
        bottleneck = 2 if data == "digits" else 1
    return Playground(
        "autoencoder_live",
        controls=(
            controls.Choice("data", "data", data, "What is to be squeezed.", known=(*PLANE, "digits")),
            controls.Whole("bottleneck", "bottleneck", bottleneck, "How many numbers a code has.", maximum=16),
            controls.Whole("depth", "depth", depth, "Hidden layers on each side of the code.", minimum=0, maximum=4),
            controls.Pick("width", "width", width, "Units in each hidden layer.", known=(4, 8, 16, 32, 64, 128)),
            controls.Choice(
                "activation", "activation", activation, "What bends the map; linear bends nothing.", known=ACTIVATIONS
            ),
            controls.Power(
                "learning_rate", "learning rate", learning_rate, "How far each step goes (Adam's).", controls.RUNNING
            ),
            controls.Number(
                "noise", "noise", noise, "Standard deviation of the noise on its input.", controls.RUNNING, maximum=0.5
            ),
            controls.speed(speed),
            controls.seed(seed, "Other first weights and batches, same data."),
        ),
        start=begin,
        look=look,
        drawing=Drawing(),
        words=words,
        act=act,
    )
