"""Where the weights of a map begin, and the warning about columns that dominate the others."""

import warnings

import numpy as np
import pytest
import torch

from udl_teach import data
from udl_teach.models import SelfOrganizingMap


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20)])
def test_a_sheet_begins_two_standard_deviations_to_each_side_of_the_middle(shape):
    x = drawn(0, *shape)
    middle = x.mean(axis=0)
    _, sizes, directions = np.linalg.svd(x - middle, full_matrices=False)
    model = SelfOrganizingMap(shape[1], 3, 5)
    model.initialize(x)
    for number, ends in enumerate([(model.weights[:, 0], model.weights[:, -1]), (model.weights[0], model.weights[-1])]):
        side = (ends[1] - ends[0]).numpy() / 2
        assert np.allclose(np.abs(side), np.abs(2 * sizes[number] / np.sqrt(len(x)) * directions[number]), atol=1e-3)
    assert np.allclose(model.weights[1, 2], middle, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 12), (4, 6), (1, 1)])
def test_a_wrapped_map_begins_around_the_middle(shape):
    x = drawn(0, 100, 6) + 5
    model = SelfOrganizingMap(6, *shape, wrap=True)
    model.initialize(x)
    if shape != (1, 1):
        assert np.allclose(model.weights.mean(dim=(0, 1)), x.mean(axis=0), atol=1e-4)
        along = (model.weights - model.weights.roll(1, dims=1)).norm(dim=2)
        assert torch.isfinite(along).all() and along.max() < 3 * along.min()


@pytest.mark.parametrize("init", ["pca", "random", "data"])
def test_a_missing_value_begins_at_the_mean_of_its_column(init):
    x = drawn(0, 80, 4) + 100
    x[np.random.default_rng(1).random(x.shape) < 0.3] = np.nan
    x[:, 0] = 100
    model = SelfOrganizingMap(4, 4, 4, init=init, missing="ignore")
    model.initialize(x)
    assert np.abs(model.weights.numpy() - 100).max() < 5


class Table:
    """What a data frame is to a model: numbers with names over the columns."""

    def __init__(self, values, columns):
        self.values, self.columns = values, columns

    def __array__(self, dtype=None, copy=None):
        return self.values


def test_columns_that_drown_the_others_are_named():
    wine = data.wine()
    with pytest.warns(UserWarning, match=r"columns 4, 12 of x hold 99% of the variance.*Scaling.measure\(x\)"):
        SelfOrganizingMap(13, 3, 3).steps(wine.x)
    with pytest.warns(UserWarning, match="columns magnesium, proline of x"):
        SelfOrganizingMap(13, 3, 3).steps(Table(wine.x, wine.feature_names))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scaled = data.Scaling.measure(wine.x).apply(wine.x)
        for x in (
            scaled,
            data.digits().x,
            data.moons().x,
            np.ones((5, 2)),
            drawn(0, 50, 2) * [1, 5],
            drawn(0, 50, 40) * ([11] + [1] * 39),
        ):
            SelfOrganizingMap(x.shape[1], 3, 3).initialize(x)
