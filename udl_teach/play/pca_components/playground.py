"""How many numbers does an image need? Principal components one after the other, and what each adds."""

from collections.abc import Iterator
from typing import Annotated

from udl_teach import data as datasets
from udl_teach.data import Dataset
from udl_teach.models import PCA
from udl_teach.play import controls
from udl_teach.play.checks import image_dataset
from udl_teach.play.controls import AT_ONCE, Seed, Whole
from udl_teach.play.pca_components.picture import Drawing
from udl_teach.play.pca_components.run import SHOWN, Ladder, snapshot
from udl_teach.play.pca_components.words import words
from udl_teach.play.player import Player
from udl_teach.play.view import Playground
from udl_teach.training import Step


@controls.documented
def pca_components(
    dataset: Dataset | None = None,
    seed: Annotated[int, Seed("Other images from the same data.", acts=AT_ONCE)] = 0,
    *,
    n_components: Annotated[
        int, Whole("Principal components that are kept.", 1, 64, label="components", acts=AT_ONCE)
    ] = 1,
    pause: Annotated[int, controls.pause()] = 250,
) -> Playground:
    """See what each further principal component adds to an image.

    Play adds one component per step. Where there are ten labels, one image of each is shown.

    Args:
        dataset: images, at least ten; default `data.digits()`, of 64 components. Others have one component per pixel,
            but fewer components than images.
    """
    dataset = datasets.digits() if dataset is None else image_dataset(dataset, SHOWN)
    most = min(len(dataset) - 1, dataset.x.shape[1])
    chosen = controls.chosen(pca_components, locals(), n_components={"maximum": most})
    pca = PCA(most).fit(dataset.x)

    def start(settings: dict) -> tuple[Ladder, Iterator[Step]]:
        ladder = Ladder(dataset, pca, n_components)
        return ladder, ladder.climb()

    def act(player: Player, settings: dict) -> None:
        player.model.k = settings["n_components"]

    return Playground(
        "pca_components",
        controls=chosen,
        start=start,
        snapshot=snapshot,
        drawing=Drawing(dataset.image_shape, most),
        words=words,
        act=act,
        follow=lambda player: {"n_components": player.model.k},
        keep_restarts=False,
        compare={"seed": 1},
    )
