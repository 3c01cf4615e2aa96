"""What is said of k-means."""

import numpy as np
import pytest

from udl_teach import data, play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_the_words_of_kmeans_count_clusters_and_moves():
    playground = play.kmeans_steps(n_clusters=3)
    playground.step_button.click()
    labels = playground.player.model.clusters
    assert ", ".join(map(str, np.bincount(labels))) in playground.said
    assert "400 of 400 points chose" in playground.said
    playground.step_button.click()
    x, centres = data.moons(400, seed=0).x, playground.player.model.centres
    assert np.allclose(centres, [x[labels == cluster].mean(axis=0) for cluster in range(3)], atol=1e-5)
    assert f"{((x - centres[labels]) ** 2).sum(axis=1).mean():.4f}" in playground.said
