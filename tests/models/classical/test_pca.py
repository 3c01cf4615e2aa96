"""PCA against scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA as SklearnPCA

from udl_teach import data
from udl_teach.models import PCA


@pytest.fixture(scope="module")
def digits():
    return data.digits().split(seed=0)


def test_pca_agrees_with_scikit_learn(digits):
    train, test = digits
    ours, theirs = PCA(5).fit(train.x), SklearnPCA(5).fit(train.x.astype(np.float64))
    assert np.allclose(ours.explained_variance_ratio, theirs.explained_variance_ratio_, atol=1e-5)
    assert np.allclose(np.abs(ours.encode(test.x)), np.abs(theirs.transform(test.x)), atol=1e-3)
    assert np.allclose(ours(test.x), theirs.inverse_transform(theirs.transform(test.x)), atol=1e-4)


def test_pca_of_constant_data_and_of_one_sample():
    assert np.allclose(PCA(1).fit(np.ones((4, 3)))(np.ones((2, 3))), 1)
    assert PCA(1).fit([[1.0, 2.0]]).encode([[1.0, 2.0]]).tolist() == [[0.0]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: PCA(3).encode(np.ones((3, 3))), "has not seen data"),
        (lambda: PCA(9).fit(np.ones((3, 4))), "n_components was 9"),
    ],
)
def test_bad_arguments_get_one_sentence(make, words):
    with pytest.raises((TypeError, ValueError), match=words) as caught:
        make()
    assert "\n" not in str(caught.value)
