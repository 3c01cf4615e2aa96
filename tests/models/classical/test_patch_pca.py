"""Denoising by PCA of patches."""

import numpy as np
import pytest

from udl_teach import data, metrics
from udl_teach.models import corrupt, denoise_by_pca

SIGMA = 25 / 255


def images(n=4, shape=(1, 12, 10), seed=0):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (n, *shape)).astype(np.float32)


def photo(size=96):
    return data.unseen_photos()["chelsea"][:, 60 : 60 + size, 150 : 150 + size]


def test_pca_of_patches_cleans_a_photograph():
    clean = photo()
    corrupted = corrupt(clean[None], strength=SIGMA)[0]
    assert metrics.psnr(clean, denoise_by_pca(corrupted, SIGMA)) > metrics.psnr(clean, corrupted) + 7


def test_pca_of_patches_keeps_all_where_there_is_no_noise_and_only_means_where_there_is_nothing_else():
    x = images(2, (3, 31, 26))
    np.testing.assert_allclose(denoise_by_pca(x, 0.0), x, atol=1e-5)
    flat = np.full((1, 40, 40), 0.5) + np.random.default_rng(0).normal(0, 0.05, (1, 40, 40))
    assert np.abs(denoise_by_pca(flat, 0.05) - 0.5).mean() < 0.18 * np.abs(flat - 0.5).mean()
    np.testing.assert_allclose(denoise_by_pca(x[0], 0.1), denoise_by_pca(x, 0.1)[0], atol=1e-6)
    assert denoise_by_pca(np.full((1, 2, 3), 0.5), 0.1).shape == (1, 2, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: denoise_by_pca(images(), "0.1"), "strength was '0.1'"),
        (lambda: denoise_by_pca(images(), 0.1, window=3), "window was 3"),
    ],
)
def test_bad_input_gets_one_sentence(call, message):
    with pytest.raises((TypeError, ValueError), match=message) as caught:
        call()
    assert "\n" not in str(caught.value)
