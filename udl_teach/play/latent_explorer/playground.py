"""Walk over the map of codes: at every place the decoder draws an image, also where no real one is."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.play import controls
from udl_teach.play.checks import image_dataset
from udl_teach.play.latent_explorer.picture import Drawing
from udl_teach.play.latent_explorer.run import Atlas, Walker, trained
from udl_teach.play.latent_explorer.snapshot import snapshot
from udl_teach.play.latent_explorer.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground, Touch
from udl_teach.training import Step

# Step of the sliders, in percent: about as much as a pixel and a half of the map.
FINEST = 0.5


def act(player: Player, settings: dict) -> None:
    """The sliders move the point."""
    player.model.percent = np.array([settings["across"], settings["up"]], dtype=float)


def follow(player: Player) -> dict:
    """Where the walk has come to."""
    return _moved(player.model.percent)


def _moved(percent: np.ndarray) -> dict:
    # Only what the sliders can show: they would send anything finer back, rounded.
    across, up = np.clip(np.round(np.asarray(percent) / FINEST) * FINEST, 0, 100)
    return {"across": float(across), "up": float(up)}


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
        model: a trained model with encode and decode and a code of size 2; default a small autoencoder of the
            digits, trained first (a few seconds).
        dataset: the images on the map; default `data.digits()`. It is only used with a `model`.
        seed: of the walk, and of the model where none is given.
        across: first dimension of the code, in percent of the map's width, 0 to 100.
        up: second dimension of the code, in percent of the map's height, 0 to 100.
        speed: steps of the walk between two pictures, 1 to 10.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be, or model and data do not fit.
    """
    if model is None and dataset is not None:
        raise ValueError("dataset was given without a model; train a model on it and pass both, or pass neither.")
    about = "Another walk." if model is not None else "Another walk over the map of another model (trains anew)."
    first = "First dimension of the code, in percent of the map's width. Click or drag on the map to move both."
    second = "Second dimension of the code, in percent of the map's height."
    whole = {"maximum": 100.0, "step": FINEST}
    chosen = (
        controls.Number("across", "across", across, first, controls.AT_ONCE, **whole),
        controls.Number("up", "up", up, second, controls.AT_ONCE, **whole),
        controls.speed(speed, 10, "Steps of the walk between two pictures."),
        controls.seed(seed, about),
    )
    given = None if model is None else _given_atlas(model, dataset)
    origin = (chosen[0].value, chosen[1].value)

    def start(settings: dict) -> tuple[Walker, Iterator[Step]]:
        atlas = trained(settings["seed"]) if given is None else given
        walker = Walker(atlas, origin, settings["seed"])
        return walker, walker.walk()

    player = Player(lambda: start({"seed": chosen[3].value}))
    drawing = Drawing(snapshot(player, {}), player.model.atlas.dataset.label_names)

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The point goes to the place on the map that is pointed at."""
        if touched.axes is not drawing.map:
            return {}
        return _moved(player.model.atlas.percent((touched.x, touched.y)))

    return Playground(
        "latent_explorer",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=drawing,
        words=words,
        act=act,
        follow=follow,
        touch=touch,
        keep_restarts=False,
    )
