"""What learns: an autoencoder of points in the plane or of digits."""

from collections.abc import Iterator
from functools import cache

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import Autoencoder
from udl_teach.training import Step

PLANE = ("spiral", "moons", "ring", "grid")


@cache
def dataset_of(name: str) -> Dataset:
    """The digits, or 600 points of one of the sets in the plane."""
    return datasets.digits() if name == "digits" else getattr(datasets, name)(600, seed=0)


def start(settings: dict) -> tuple[Autoencoder, Iterator[Step]]:
    """A new model and its steps; the learning rate is read from `settings` anew at each step."""
    x = dataset_of(settings["data"]).x
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
