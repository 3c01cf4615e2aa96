"""k-means against scikit-learn, and in odd cases."""

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans as SklearnKMeans

from udl_teach import data
from udl_teach.models import KMeans


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


def test_kmeans_agrees_with_scikit_learn_from_the_same_initialization(digits):
    x = digits[0].x
    ours = KMeans(10, seed=2)
    ours.initialize(x)
    theirs = SklearnKMeans(10, init=ours.centres.numpy().copy(), n_init=1, tol=0, max_iter=300).fit(x)
    last = list(ours.steps(x))[-1]
    assert last.loss == pytest.approx(theirs.inertia_ / len(x), rel=1e-4)
    assert (ours.predict(x) == theirs.labels_).mean() > 0.999


def test_kmeans_plus_plus_initializes_far_apart():
    far = np.repeat(np.eye(6) * 10_000, 30, axis=0) + np.random.default_rng(0).normal(size=(180, 6))
    for seed in range(10):
        model = KMeans(6, seed=seed)
        model.initialize(far)
        assert sorted(model.centres.argmax(1).tolist()) == list(range(6))


def test_kmeans_keeps_an_empty_centre_where_it_is():
    model = KMeans(2)
    model.centres = torch.tensor([[0.0], [100.0]])
    list(model.steps(np.array([[0.0], [1.0]]), epochs=3))
    assert model.centres.tolist() == [[0.5], [100.0]]


def test_kmeans_of_equal_samples_works():
    model = KMeans(3)
    assert [step.loss for step in model.steps(np.ones((5, 2)))] == [0.0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: KMeans(5).initialize(np.ones((3, 2))), "n_clusters was 5"),
        (lambda: KMeans(2).predict(np.ones((3, 2))), "no centres yet"),
        (lambda: KMeans(2, init="best"), "init was 'best'"),
    ],
)
def test_bad_arguments_get_one_sentence(make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make()
    assert "\n" not in str(caught.value)
