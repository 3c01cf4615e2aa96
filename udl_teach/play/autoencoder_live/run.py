"""What learns: an autoencoder of points in the plane or of digits."""

from collections.abc import Iterator
from functools import lru_cache

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import Autoencoder
from udl_teach.play import points
from udl_teach.training import Step

PLANE = ("spiral", "moons", "ring", "grid", points.DRAWN)


def dataset_of(settings: dict) -> Dataset:
    """The digits, 600 points of one of the sets in the plane, or those that are drawn."""
    if settings["data"] != points.DRAWN:
        return _dataset(settings["data"])
    return _dataset(points.DRAWN, points.FIRST if points.too_few(settings) else settings["points"])


@lru_cache(maxsize=16)
def _dataset(name: str, text: str | None = None) -> Dataset:
    if text is not None:
        return Dataset(points.parse(text), name=name)
    return datasets.digits() if name == "digits" else getattr(datasets, name)(600, seed=0)


def start(settings: dict) -> tuple[Autoencoder, Iterator[Step]]:
    """A new model and its steps; the learning rate is read from `settings` anew at each step."""
    x = dataset_of(settings).x
    model = Autoencoder(
        x.shape[1],
        settings["bottleneck"],
        (settings["width"],) * settings["depth"],
        activation=settings["activation"],
        output="sigmoid" if settings["data"] == "digits" else "linear",
        noise=settings["noise"],
        seed=settings["seed"],
    )
    if points.too_few(settings):
        return model, points.nothing_learns()
    return model, model.steps(
        x, epochs=None, learning_rate=lambda index: settings["learning_rate"], seed=settings["seed"]
    )
