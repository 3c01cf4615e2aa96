"""The steps of deep clustering."""

import numpy as np
import torch

from udl_teach.play import Player
from udl_teach.play.cluster_codes.run import start

SETTINGS = {
    "data": "groups",
    "seed": 0,
    "n_clusters": 4,
    "init": "k-means",
    "update_interval": 10,
    "clustering": 1.0,
    "reconstruction": 1.0,
    "learning_rate": 0.003,
}


def test_the_target_is_of_all_samples_and_waits_for_its_interval():
    player = Player(lambda: start(SETTINGS))
    first = player.model.target
    q = player.model.soft_assign(player.model.codes()).detach().double().numpy()
    p = q**2 / q.sum(axis=0)
    assert np.allclose(first, p / p.sum(axis=1, keepdims=True), atol=1e-5)
    player.advance(10)
    assert torch.equal(player.model.target, first)
    player.advance(1)
    assert not torch.equal(player.model.target, first) and player.model.updates[-1][0] == 10


def test_looking_does_not_change_the_run():
    from udl_teach.play.cluster_codes.snapshot import snapshot

    looked, blind = (Player(lambda: start(SETTINGS)) for _ in range(2))
    for _ in range(12):
        looked.advance(1)
        snapshot(looked, SETTINGS)
    blind.advance(12)
    assert torch.equal(looked.model.centres, blind.model.centres)
