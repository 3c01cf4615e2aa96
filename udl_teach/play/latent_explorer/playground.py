"""Walk over the map of codes: at every place the decoder draws an image, also where no real one is."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach import plots
from udl_teach.data import Dataset
from udl_teach.models import Autoencoder
from udl_teach.play import controls
from udl_teach.play.checks import image_dataset
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.plots.figures import quiet_axes, set_box, set_limits
from udl_teach.plots.style import INK
from udl_teach.training import Step

STRIDE = 30
NEIGHBOURS = 10
EPOCHS = 60


class Atlas:
    """A trained model's map: the codes of all images, and the decoder that fills the space between them.

    Attributes:
        codes: shape (n, 2).
        low, high: corners of the map, shape (2,), a little outside the codes.
        spacing: typical (median) distance from a code to the next one.
    """

    def __init__(self, model: Any, dataset: Dataset) -> None:
        """Encode all images once."""
        self.model, self.dataset = model, dataset
        with torch.no_grad():
            self.codes = np.asarray(model.encode(dataset.x), dtype=float)
        room = 0.05 * np.maximum(np.ptp(self.codes, axis=0), 1e-6)
        self.low, self.high = self.codes.min(axis=0) - room, self.codes.max(axis=0) + room
        some = self.codes[:300]
        gaps = np.sqrt(((some[:, None] - self.codes) ** 2).sum(axis=-1))
        gaps[np.arange(len(some)), np.arange(len(some))] = np.inf
        self.spacing = float(np.median(gaps.min(axis=1)))

    def place(self, percent: np.ndarray) -> np.ndarray:
        """A place given in percent of the map's width and height, as a code."""
        return self.low + np.asarray(percent, dtype=float) / 100 * (self.high - self.low)

    def percent(self, code: np.ndarray) -> np.ndarray:
        """The inverse of `place`."""
        return 100 * (np.asarray(code) - self.low) / (self.high - self.low)

    def decode(self, code: np.ndarray) -> np.ndarray:
        """The image at a code: shape (channels, height, width)."""
        with torch.no_grad():
            return np.asarray(self.model.decode(code[None].astype(np.float32))).reshape(self.dataset.image_shape)


class Walker:
    """A point on the map that goes from one real image to the next.

    Attributes:
        atlas: the map.
        percent: where the point is, in percent of the map's width and height, shape (2,).
    """

    def __init__(self, atlas: Atlas, percent: tuple[float, float], seed: int) -> None:
        """Stand at `percent`; `seed` chooses the images to visit."""
        self.atlas, self.percent = atlas, np.array(percent, dtype=float)
        self._order = np.random.default_rng(seed)

    def walk(self) -> Iterator[Step]:
        """Straight lines of STRIDE steps each; a step's loss is the distance to the nearest code."""
        index, leg = 0, 0
        while True:
            leg += 1
            goal = self.atlas.percent(self.atlas.codes[self._order.integers(len(self.atlas.codes))])
            for left in range(STRIDE, 0, -1):
                # From wherever the point is now: a slider may have moved it.
                self.percent = self.percent + (goal - self.percent) / left
                index += 1
                distance = np.sqrt(((self.atlas.codes - self.atlas.place(self.percent)) ** 2).sum(axis=1)).min()
                yield Step(index, leg, float(distance), {})


@dataclass(frozen=True)
class Look:
    """The numbers of one moment.

    Attributes:
        codes: the map, shape (n, 2); the same array while the model is the same.
        labels: label of each code, or None.
        corners: the map's low and high corner.
        code: the point, shape (2,).
        decoded: the image there, shape (channels, height, width).
        nearest: the real image whose code is nearest.
        nearest_code: its code.
        name: its label's name, or None.
        distance: between the point and that code, on the map.
        spacing: typical distance between neighbouring codes.
        error: mean squared difference a pixel between `decoded` and `nearest`.
        agreeing: how many of the NEIGHBOURS nearest codes have the label of the nearest.
    """

    codes: np.ndarray
    labels: np.ndarray | None
    corners: tuple[np.ndarray, np.ndarray]
    code: np.ndarray
    decoded: np.ndarray
    nearest: np.ndarray
    nearest_code: np.ndarray
    name: str | None
    distance: float
    spacing: float
    error: float
    agreeing: int


def act(player: Player, settings: dict) -> None:
    """The sliders move the point."""
    player.model.percent = np.array([settings["across"], settings["up"]], dtype=float)


def follow(player: Player) -> dict:
    """Where the walk has come to."""
    across, up = np.clip(player.model.percent, 0, 100).round(1)
    return {"across": float(across), "up": float(up)}


def look(player: Player, settings: dict) -> Look:
    """Decode the point and find the nearest real image."""
    atlas, percent = player.model.atlas, player.model.percent
    code, dataset = atlas.place(percent), atlas.dataset
    distances = np.sqrt(((atlas.codes - code) ** 2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:NEIGHBOURS]
    decoded, real = atlas.decode(code), dataset.images[order[0]]
    labels = dataset.labels
    return Look(
        codes=atlas.codes,
        labels=labels,
        corners=(atlas.low, atlas.high),
        code=code,
        decoded=decoded,
        nearest=real,
        nearest_code=atlas.codes[order[0]],
        name=None if labels is None else _name(dataset, labels[order[0]]),
        distance=float(distances[order[0]]),
        spacing=atlas.spacing,
        error=float(((decoded - real) ** 2).mean()),
        agreeing=0 if labels is None else int((labels[order] == labels[order[0]]).sum()),
    )


def _name(dataset: Dataset, label: int) -> str:
    return str(label) if dataset.label_names is None else dataset.label_names[label]


class Drawing:
    """The map (left), and the decoded image beside the nearest real one, above those that were kept (right)."""

    def __init__(self, look: Look, names: tuple[str, ...] | None) -> None:
        """Make all axes and artists once; what kind of images they are is read off a first look."""
        self.frame = plots.Frame()
        figure = self.frame.figure
        self.map = quiet_axes(figure.add_axes((0.02, 0.05, 0.45, 0.87)), "map of the codes")
        few = look.labels is None or len(np.unique(look.labels)) <= 12
        self.groups = plots.draw_points(self.map, look.codes, look.labels, names=names, size=9, legend=few)
        (self.link,) = self.map.plot([], [], color=INK, linewidth=1.2)
        (self.near,) = self.map.plot([], [], "o", color="none", markeredgecolor=INK, markersize=9)
        (self.ghost,) = self.map.plot([], [], "s", color="white", markeredgecolor=INK, markersize=9)
        (self.point,) = self.map.plot([], [], "P", color="white", markeredgecolor=INK, markersize=13)
        self.places = [quiet_axes(figure.add_axes((0, 0, 1, 1)), "", frame=False) for _ in range(4)]
        self.pictures = [plots.draw_images(axes, _one(look.decoded)) for axes in self.places]
        self.codes: np.ndarray | None = None
        # The titles move too: they say the label, and a title that stays would cost a whole drawing when it changes.
        titles = [axes.title for axes in self.places]
        self.frame.moving(self.link, self.near, self.ghost, self.point, *self.pictures, *titles)

    def draw(self, look: Look, kept: Look | None = None) -> None:
        """Bring every artist up to date."""
        if look.codes is not self.codes:
            self._new_map(look)
        rows = [(look, 0.2, 0.58)] if kept is None else [(look, 0.535, 0.385), (kept, 0.04, 0.385)]
        for row in range(2):
            if row >= len(rows):
                for axes in self.places[2:]:
                    set_box(axes, None)
                break
            shown, bottom, height = rows[row]
            said = "nearest real" + ("" if shown.name is None else f": {shown.name}")
            for column, (image, title) in enumerate(
                ((shown.decoded, "kept" if row else "decoded here"), (shown.nearest, said))
            ):
                axes = self.places[2 * row + column]
                set_box(axes, (0.56 + 0.225 * column, bottom, 0.2, height))
                axes.title.set_text(title)
                self.pictures[2 * row + column].set_data(_shown(image))
        self.point.set_data([look.code[0]], [look.code[1]])
        self.near.set_data([look.nearest_code[0]], [look.nearest_code[1]])
        self.link.set_data(*zip(look.code, look.nearest_code, strict=True))
        self.ghost.set_data(*(([], []) if kept is None else ([kept.code[0]], [kept.code[1]])))

    def _new_map(self, look: Look) -> None:
        self.codes = look.codes
        (left, bottom), (right, top) = look.corners
        set_limits(self.map, (left, right), (bottom, top))
        numbers = [None] if look.labels is None else np.unique(look.labels)
        for number, artist in zip(numbers, self.groups, strict=True):
            artist.set_offsets(look.codes if number is None else look.codes[look.labels == number])


def _one(image: np.ndarray) -> np.ndarray:
    return image[None]


def _shown(image: np.ndarray) -> np.ndarray:
    return np.clip(plots.mosaic(_one(image), 1), 0, 1)


def words(look: Look, kept: Look | None = None) -> str:
    """What the picture shows, from what was measured."""
    text = f"Code ({look.code[0]:.2f}, {look.code[1]:.2f}): the nearest real image is "
    text += "" if look.name is None else f"a {look.name}, "
    text += f"{look.distance:.2f} away on the map and {look.error:.3f} a pixel from what is decoded here."
    if look.name is not None:
        text += f" Of the {NEIGHBOURS} nearest images {look.agreeing} have this label."
    if look.distance > 4 * look.spacing:
        text += (
            f" Neighbours are typically {look.spacing:.2f} apart, so no real image is near: "
            "this one is the decoder's own."
        )
    if kept is not None:
        change = ((look.decoded - kept.decoded) ** 2).mean()
        text += f" The kept image at ({kept.code[0]:.2f}, {kept.code[1]:.2f}) differs by {change:.3f} a pixel."
    return text


@cache
def _trained(seed: int) -> Atlas:
    """A small autoencoder of the digits, trained for about two seconds."""
    digits = datasets.digits()
    model = Autoencoder(64, 2, (128, 64), activation="gelu", output="sigmoid", seed=seed)
    for _ in model.steps(digits.x, epochs=EPOCHS, learning_rate=3e-3, seed=seed):
        pass
    return Atlas(model, digits)


def _given_atlas(model: Any, dataset: Any) -> Atlas:
    dataset = datasets.digits() if dataset is None else image_dataset(dataset)
    if not (callable(getattr(model, "encode", None)) and callable(getattr(model, "decode", None))):
        raise TypeError(
            f"model was {type(model).__name__}; it must have encode(x) and decode(z), as an Autoencoder has."
        )
    with torch.no_grad():
        width = np.asarray(model.encode(dataset.x[:1])).shape[1]
    if width != 2:
        raise ValueError(f"model has codes of {width} numbers; a map shows 2: train one with latent_size=2.")
    return Atlas(model, dataset)


def latent_explorer(
    model: Any = None,
    dataset: Dataset | None = None,
    seed: int = 0,
    *,
    across: float = 50.0,
    up: float = 50.0,
    speed: int = 1,
) -> Playground:
    """Move over a map of two-dimensional codes and see what the decoder draws there.

    Args:
        model: a trained model with encode and decode and two numbers a code; default a small autoencoder of the
            digits, trained first (a few seconds).
        dataset: the images on the map; default `data.digits()`. It is only used with a `model`.
        seed: of the walk, and of the model where none is given.
        across: first number of the code, in percent of the map's width, 0 to 100.
        up: second number of the code, in percent of the map's height, 0 to 100.
        speed: steps of the walk between two pictures, 1 to 10.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be, or model and data do not fit.
    """
    if model is None and dataset is not None:
        raise ValueError("dataset was given without a model; train a model on it and pass both, or pass neither.")
    about = "Another walk." if model is not None else "Another walk over the map of another model (trains anew)."
    first = "First number of the code, in percent of the map's width."
    second = "Second number of the code, in percent of the map's height."
    whole = {"maximum": 100.0, "step": 1.0}
    chosen = (
        controls.Number("across", "across", across, first, controls.AT_ONCE, **whole),
        controls.Number("up", "up", up, second, controls.AT_ONCE, **whole),
        controls.speed(speed, 10, "Steps of the walk between two pictures."),
        controls.seed(seed, about),
    )
    given = None if model is None else _given_atlas(model, dataset)
    origin = (chosen[0].value, chosen[1].value)

    def begin(settings: dict) -> tuple[Walker, Iterator[Step]]:
        atlas = _trained(settings["seed"]) if given is None else given
        walker = Walker(atlas, origin, settings["seed"])
        return walker, walker.walk()

    player = Player(lambda: begin({"seed": chosen[3].value}))
    names = player.model.atlas.dataset.label_names
    return Playground(
        "latent_explorer",
        controls=chosen,
        start=begin,
        look=look,
        drawing=Drawing(look(player, {}), names),
        words=words,
        act=act,
        follow=follow,
        keep_restarts=False,
    )
