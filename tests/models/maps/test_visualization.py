"""What is drawn of a map: hits, labels, component planes, U-matrix."""

import numpy as np
import pytest
import torch

from udl_teach import data, fit, metrics
from udl_teach.models import SelfOrganizingMap


def test_best_units_distances_hits_and_labels_agree():
    digits = data.digits()
    model = SelfOrganizingMap(64, 5, 6)
    fit(model, digits.x, epochs=10, progress=False)
    units, places = model.predict(digits.x), model.best_units(digits.x)
    assert places.shape == (1797, 2) and np.array_equal(units, places[:, 0] * 6 + places[:, 1])
    distances = model.transform(digits.x)
    assert distances.shape == (1797, 30) and distances.dtype == np.float32
    assert np.allclose(distances.min(axis=1), distances[np.arange(1797), units], atol=1e-5)
    assert model.quantization_error(digits.x) == pytest.approx(distances.min(axis=1).mean(), rel=1e-5)
    hits = model.hits(digits.x)
    assert hits.shape == (5, 6) and hits.sum() == 1797 and hits[2, 3] == (units == 15).sum()
    assert np.array_equal(model.component_plane(20), model.weights[..., 20].numpy())
    majority, purity = model.label_map(digits.x, digits.labels)
    for row, column in np.ndindex(5, 6):
        here = digits.labels[units == row * 6 + column]
        if len(here):
            counts = np.bincount(here)
            assert majority[row, column] == counts.argmax()
            assert purity[row, column] == pytest.approx(counts.max() / len(here))
        else:
            assert majority[row, column] == -1 and np.isnan(purity[row, column])
    weighted = np.nansum(purity * hits) / hits.sum()
    assert weighted == pytest.approx(metrics.purity(digits.labels, units), rel=1e-5)
    assert isinstance(model.predict(torch.from_numpy(digits.x.copy())), torch.Tensor)


def test_units_without_samples_have_no_label():
    model = SelfOrganizingMap(1, 1, 3)
    model.weights = torch.tensor([[[0.0], [5.0], [1.0]]])
    majority, purity = model.label_map([[0.0], [0.1], [1.0]], [7, 7, 2])
    assert majority.tolist() == [[7, -1, 2]] and np.isnan(purity[0, 1]) and purity[0, 0] == 1


@pytest.mark.parametrize("topology", ["rectangular", "hexagonal"])
@pytest.mark.parametrize("wrap", [False, True])
def test_the_u_matrix_is_the_mean_distance_to_the_neighbours(topology, wrap):
    model = SelfOrganizingMap(3, 4, 5, topology=topology, wrap=wrap)
    model.weights = torch.randn(4, 5, 3, generator=torch.Generator().manual_seed(0))
    limit = 1.001 if topology == "hexagonal" else 2.001
    squared = model.grid.squared_distances()
    for row, column in np.ndindex(4, 5):
        near = [divmod(other, 5) for other in range(20) if 0 < squared[row * 5 + column, other] <= limit]
        assert model.neighbours((row, column)) == near
        right = np.mean([(model.weights[row, column] - model.weights[other]).norm() for other in near])
        assert model.u_matrix()[row, column] == pytest.approx(right, rel=1e-5)


def test_units_without_samples_hang_in_the_gap_where_the_u_matrix_is_high():
    x = data.moons(1000, seed=0).x
    model = SelfOrganizingMap(2, 10, 10)
    fit(model, x, progress=False)
    idle, u_matrix = model.hits(x) == 0, model.u_matrix()
    assert 8 <= idle.sum() <= 25 and u_matrix[idle].mean() > 1.5 * u_matrix[~idle].mean()
