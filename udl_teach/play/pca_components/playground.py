"""How many numbers does an image need? Principal components one after the other, and what each adds."""

from collections.abc import Iterator

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import PCA
from udl_teach.play import controls
from udl_teach.play.checks import image_dataset
from udl_teach.play.pca_components.picture import Drawing
from udl_teach.play.pca_components.run import Ladder
from udl_teach.play.pca_components.snapshot import SHOWN, snapshot
from udl_teach.play.pca_components.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.training import Step


def act(player: Player, settings: dict) -> None:
    """The slider chooses the rung."""
    player.model.k = settings["n_components"]


def follow(player: Player) -> dict:
    """Where Play has climbed to."""
    return {"n_components": player.model.k}


def pca_components(
    dataset: Dataset | None = None, seed: int = 0, *, n_components: int = 1, pause: int = 250
) -> Playground:
    """See what each further principal component adds to an image.

    Args:
        dataset: images, at least ten; default `data.digits()`.
        seed: chooses the images that are shown (of each label one, where there are ten).
        n_components: how many are in use at first; Play adds one per step, Reset comes back to this.
        pause: milliseconds between two steps while it plays, 50 to 3000.

    Returns:
        The playground; make it the last line of a cell.

    Raises:
        TypeError, ValueError: a setting is not what it must be, or `dataset` holds no images.
    """
    dataset = datasets.digits() if dataset is None else image_dataset(dataset, SHOWN)
    most = min(len(dataset) - 1, dataset.x.shape[1])
    says = "Principal components that are kept."
    chosen = (
        controls.Whole("n_components", "components", n_components, says, controls.AT_ONCE, maximum=most),
        controls.pause(pause),
        controls.Seed("seed", "seed", seed, "Other images from the same data.", controls.AT_ONCE),
    )
    pca = PCA(most).fit(dataset.x)
    ladder_from = chosen[0].value

    def start(settings: dict) -> tuple[Ladder, Iterator[Step]]:
        ladder = Ladder(dataset, pca, ladder_from)
        return ladder, ladder.climb()

    return Playground(
        "pca_components",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=Drawing(dataset.image_shape, most),
        words=words,
        act=act,
        follow=follow,
        keep_restarts=False,
    )
