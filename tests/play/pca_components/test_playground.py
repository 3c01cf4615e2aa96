"""The playground of principal components."""

import numpy as np
import pytest
from machinery.playgrounds import tick

from udl_teach import data, play

pytestmark = pytest.mark.usefixtures("nothing_left_open")


def test_components_kept_are_those_of_scikit_learn():
    from sklearn.decomposition import PCA

    playground = play.pca_components()
    playground.inputs["n_components"].value = 7
    x = data.digits().x
    ours = PCA(7, svd_solver="full").fit(x)
    error = ((x - ours.inverse_transform(ours.transform(x))) ** 2).mean()
    assert f"{100 * ours.explained_variance_ratio_.sum():.1f} % of the variance" in playground.said
    assert f"{error:.4f}" in playground.said
    assert np.allclose(playground.player.model.reconstruct(x), ours.inverse_transform(ours.transform(x)), atol=1e-4)


def test_play_climbs_the_components_and_moves_the_slider():
    playground = play.pca_components(n_components=62)
    tick(playground, 2)
    assert playground.inputs["n_components"].value == 64 and playground.settings()["n_components"] == 64
    tick(playground, 3)
    assert playground.player.finished
    playground.reset_button.click()
    assert playground.inputs["n_components"].value == 62
