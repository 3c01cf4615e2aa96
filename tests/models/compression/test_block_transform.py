"""The transform of the learned codec starts as the discrete cosine transform."""

import numpy as np
from scipy.fft import idctn

from udl_teach.models.compression.block_transform import dct_basis


def test_the_basis_is_that_of_the_dct():
    basis, frequencies = dct_basis(8)
    unit = np.zeros((8, 8))
    unit[2, 1] = 1
    image = idctn(unit, norm="ortho")
    assert np.abs(basis.numpy() - image).max(axis=(1, 2)).min() < 1e-6
    np.testing.assert_allclose(basis.flatten(1) @ basis.flatten(1).T, np.eye(64), atol=1e-5)
    assert (frequencies.diff() >= 0).all()
