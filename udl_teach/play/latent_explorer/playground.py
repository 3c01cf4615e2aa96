"""Walk over the map of codes: at every place the decoder draws an image, also where no real one is."""

from collections.abc import Iterator
from typing import Annotated, Any

import numpy as np
import torch

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.play import controls
from udl_teach.play.checks import image_dataset
from udl_teach.play.controls import AT_ONCE, Number, Seed
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
    return dict(zip(("across", "up"), np.clip(np.round(percent / FINEST) * FINEST, 0, 100).tolist(), strict=True))


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


@controls.documented
def latent_explorer(
    model: Any = None,
    dataset: Dataset | None = None,
    seed: Annotated[int, Seed("Another walk over the map of another model (trains anew).")] = 0,
    *,
    across: Annotated[
        float,
        Number(
            "First dimension of the code, in percent of the map's width. Click or drag on the map to move both.",
            *(0.0, 100.0, FINEST),
            acts=AT_ONCE,
        ),
    ] = 50.0,
    up: Annotated[
        float,
        Number("Second dimension of the code, in percent of the map's height.", 0.0, 100.0, FINEST, acts=AT_ONCE),
    ] = 50.0,
    speed: Annotated[int, controls.speed(10, "Steps of the walk between two pictures.")] = 1,
) -> Playground:
    """Move over a map of two-dimensional codes and see what the decoder draws there.

    Args:
        model: a trained model with encode and decode and a code of size 2; default a small autoencoder of the
            digits, trained first (a few seconds). With a model of yours the seed is of the walk alone.
        dataset: the images on the map; default `data.digits()`. It is only used with a `model`.
    """
    if model is None and dataset is not None:
        raise ValueError("dataset was given without a model; train a model on it and pass both, or pass neither.")
    chosen = controls.chosen(latent_explorer, locals(), seed={} if model is None else {"says": "Another walk."})
    given = None if model is None else _given_atlas(model, dataset)
    drawing = Drawing(datasets.digits() if given is None else given.dataset)

    def start(settings: dict) -> tuple[Walker, Iterator[Step]]:
        walker = Walker(given or trained(settings["seed"]), (across, up), settings["seed"])
        return walker, walker.walk()

    def touch(player: Player, settings: dict, touched: Touch) -> dict:
        """The point goes to the place on the map that is pointed at."""
        at_map = touched.axes is drawing.map
        return _moved(player.model.atlas.percent((touched.x, touched.y))) if at_map else {}

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
