"""Half steps of k-means."""

import pytest
import torch

from udl_teach import data
from udl_teach.models import KMeans
from udl_teach.play import Player
from udl_teach.play.kmeans_steps.run import start


@pytest.mark.parametrize("init", ["k-means++", "random", "corner"])
def test_half_steps_are_the_models_own_steps(init):
    chosen = {"data": "moons", "n_clusters": 5, "init": init, "seed": 2}
    player = Player(lambda: start(chosen))
    player.advance(1000)
    x = data.moons(400, seed=0).x
    model = KMeans(5, init=init, seed=2)
    steps = list(model.steps(x, epochs=None))
    assert player.finished
    assert torch.equal(player.model.kmeans.centres, model.centres)
    assert player.index == 2 * len(steps)


def test_no_half_step_makes_the_inertia_larger():
    player = Player(lambda: start({"data": "grid", "n_clusters": 6, "init": "random", "seed": 0}))
    player.advance(1000)
    losses = player.history.loss
    assert all(after <= before * (1 + 1e-5) for before, after in zip(losses, losses[1:], strict=False))
