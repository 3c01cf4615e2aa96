"""What a learner hands to the wall of samples: images of their own, and a model that is finished."""

from typing import Any

from udl_teach.data import Dataset
from udl_teach.play.checks import image_dataset
from udl_teach.play.sample_wall.reality import CHARACTERS, Reality


def handed_in(model: Any, dataset: Any, held_out: Any) -> Reality | None:
    """The learner's own images, or None; TypeError or ValueError says what does not fit."""
    if dataset is None:
        for name, value in (("model", model), ("held_out", held_out)):
            if value is not None:
                raise ValueError(f"{name} was given without a dataset; pass dataset= too, the images it learned from.")
        return None
    image_dataset(dataset)
    if held_out is not None and image_dataset(held_out, 1).image_shape != dataset.image_shape:
        raise ValueError(
            f"held_out has images of shape {held_out.image_shape}; they must be of that of dataset, "
            f"{dataset.image_shape}."
        )
    if model is not None:
        _must_paint(model, dataset)
    return Reality(dataset, held_out)


def _must_paint(model: Any, dataset: Dataset) -> None:
    if not all(callable(getattr(model, name, None)) for name in ("latent", "generate")):
        raise TypeError(
            f"model was {type(model).__name__}; it must have latent(n, seed, truncation) and "
            "generate(z, labels=, ema=), as a ConvGAN has."
        )
    made = model.generate(model.latent(1, 0))
    if made[0].size != dataset.x.shape[1]:
        raise ValueError(
            f"model makes samples of shape {made.shape[1:]}; they must be of that of dataset, {dataset.image_shape}."
        )


def classes_of(model: Any, own: Reality | None) -> int:
    """How many classes there are to choose from; 0 without any."""
    if model is not None:
        return model.n_classes or 0
    if own is None:
        return len(CHARACTERS)
    return 0 if own.train.labels is None else int(own.train.labels.max()) + 1
